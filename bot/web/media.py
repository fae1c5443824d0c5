"""Photos and voice notes: what a phone wrote into them (place, time, model) is taken out, and photos are made small."""

from __future__ import annotations

import asyncio
import io

from assistance.post import Attachment
from bot.web.security import Refused

LARGEST_FILE = 12_000_000  # bytes
_LARGEST_SIDE = 1600  # pixels: enough to read a hospital bill by
_MOST_PIXELS = 60_000_000  # a picture that unpacks to more is no phone's photo
_LONGEST_VOICE = 4_000_000  # bytes; some eight minutes
_VOICES = {"audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav", "audio/aac"}


async def clean(type_: str, data: bytes) -> Attachment:
    """The attachment as it is kept. Raises `Refused` with a sentence for what is neither photo nor voice note."""
    kind = type_.partition(";")[0].strip().lower()
    if kind.startswith("image/"):
        return await asyncio.to_thread(_photo, data)
    if kind in _VOICES:
        if len(data) > _LONGEST_VOICE:
            raise Refused(413, "语音太长了，请分几段说，每段不超过三分钟。")
        return Attachment("voice", kind, data)
    raise Refused(415, "只能发照片或语音；视频太大，请拍几张照片。")


def _photo(data: bytes) -> Attachment:
    """Unpacked, turned the right way up, made small and packed anew: nothing but the picture is left."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(415, "这张照片打不开，请重新拍一张。") from None
    picture.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE))
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=80, optimize=True)
    return Attachment("photo", "image/jpeg", packed.getvalue())
