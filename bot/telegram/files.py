"""Photos and voice notes are fetched and cleaned; the photos of an album become one long picture (长图)."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

from assistance.post import Attachment
from bot.telegram.api import Api, ApiError, TooLarge
from bot.telegram.updates import File
from bot.web.media import LARGEST_FILE, clean

_TRIES = 3
_WIDTH = 1080  # pixels of a long picture: a bill can still be read
_LONGEST = 16_000  # pixels of its height


class NotFetched(Exception):
    """The file did not come, or is nothing we keep; the sentence says what to do."""


async def fetch(api: Api, file: File, pause: float) -> Attachment:
    """The file as it is kept. Raises `NotFetched`; what the network loses is tried again after a pause of seconds.
    Raises `bot.web.security.Refused` for what is neither photo nor voice note."""
    if file.size > LARGEST_FILE:
        raise NotFetched("太大了收不下，请发照片，或者分几段语音说。")
    for attempt in range(_TRIES):
        try:
            data = await api.file(file.id, LARGEST_FILE)
        except TooLarge:
            raise NotFetched("太大了收不下，请发照片，或者分几段语音说。") from None
        except ApiError:
            if attempt + 1 < _TRIES:
                await asyncio.sleep(pause)
        else:
            return await clean(file.type, data)
    what = "照片" if file.kind == "photo" else "语音"
    raise NotFetched(f"这{what}没收下来，请再发一次；急的话先写一句。")


async def long_picture(photos: Sequence[Attachment]) -> Attachment:
    """Several photos below one another."""
    return photos[0] if len(photos) == 1 else await asyncio.to_thread(_stack, photos)


def _stack(photos: Sequence[Attachment]) -> Attachment:
    from PIL import Image

    pictures = [Image.open(io.BytesIO(photo.data)).convert("RGB") for photo in photos]
    width = min(_WIDTH, max(picture.width for picture in pictures))
    width = min(width, int(_LONGEST / sum(picture.height / picture.width for picture in pictures)))
    scaled = [picture.resize((width, max(1, picture.height * width // picture.width))) for picture in pictures]
    whole = Image.new("RGB", (width, sum(picture.height for picture in scaled)))
    top = 0
    for picture in scaled:
        whole.paste(picture, (0, top))
        top += picture.height
    packed = io.BytesIO()
    whole.save(packed, "JPEG", quality=80, optimize=True)
    return Attachment("photo", "image/jpeg", packed.getvalue())
