"""What an update of the Bot API means: words, a press, a file, or somebody who closed the door. Plain data in, values
out; groups are not listened to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from assistance.post import Attachment, Said
from bot.telegram.api import Update

NAME = "telegram"  # the channel's name in addresses; an address is the person's number at Telegram
COMMANDS = {"help": "帮助", "progress": "查进度", "todo": "待办", "human": "人工", "cancel": "取消"}
_COMMAND = re.compile(r"/(?P<name>[a-z]+)(?:@\w+)?(?:\s+(?P<rest>[\w-]+))?\s*")
_CORRECTION = "更正："
_AHEAD = timedelta(minutes=5)  # a message is not believed to be from later than that
_SIDE = 1600  # pixels: the smallest photo that is at least so large is fetched, more is thrown away anyhow
_UNFIT = (
    "video", "video_note", "animation", "document", "poll", "dice", "game", "story", "paid_media", "checklist",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A photo or voice note that lies at Telegram."""

    kind: Literal["photo", "voice"]
    id: str
    type: str  # media type
    size: int  # bytes; 0 where nobody says


@dataclass(frozen=True, slots=True)
class Told:
    """A message or a press in a private chat."""

    key: str
    who: int
    number: int = 0  # of the message in its chat: they count up
    text: str | None = None
    press: str | None = None
    callback: str | None = None  # what has to be acknowledged of a press
    said_at: datetime | None = None
    file: File | None = None
    place: str | None = None  # 纬度,经度
    album: str | None = None
    unfit: bool = False  # came with something that cannot be kept: a video, a poll
    begins: bool = False  # /start without an invitation


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody turned to the bot in a group, where nothing is said but that they should write to it alone."""

    chat: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Somebody blocked the bot."""

    who: int


def read(update: Update, username: str) -> Told | Elsewhere | Closed | None:
    """What an update means to us; None where it means nothing."""
    if press := update.get("callback_query"):
        return _press(update, press)
    if changed := update.get("my_chat_member"):
        return _member(changed)
    edited = update.get("edited_message")
    message = update.get("message") or edited
    if message is None or message.get("from", {}).get("is_bot"):
        return None
    if message["chat"]["type"] != "private":
        return Elsewhere(message["chat"]["id"]) if _to_us(message, username) else None
    if edited and "location" in edited:
        return None  # 实时位置: somebody walks on; where they were when they sent it is kept
    return _message(update, message, edited=edited is not None)


def said_of(told: Told, now: datetime, came: Attachment | None, *, key: str = "") -> Said:
    """What the house is told. The same key gives the same id."""
    key = key or told.key
    at = told.said_at
    return Said(
        id="t" + hashlib.sha256(f"telegram {key}".encode()).hexdigest()[:30],
        channel=NAME,
        address=str(told.who),
        key=key,
        received_at=now,
        text=told.text,
        press=told.press,
        media=came.kind if came else None,
        said_at=at if at and at <= now + _AHEAD else None,
        attachment=came,
    )


def _key(update: Update, chat: int, message: object) -> str:
    """An update's number alone may come again after a quiet week."""
    return f"{update['update_id']}/{chat}/{message}"


def _press(update: Update, press: Mapping[str, Any]) -> Told | Elsewhere:
    """The words on the button stand in its data; too long ones are read off the button itself."""
    message, who = press.get("message") or {}, press["from"]["id"]
    chat = message.get("chat", {})
    if chat.get("type", "private") != "private":
        return Elsewhere(chat["id"])
    data = press.get("data") or ""
    words = _label(message, data) if data.startswith(TOO_LONG) else data
    return Told(_key(update, who, f"{_PRESS}{press['id']}"), who, press=words or "按钮", callback=press["id"])


def numbers_of(key: str | None, chat: int) -> list[int]:
    """The numbers of the messages behind a key (several of an album) in this chat; none of a press, nor of what was
    said elsewhere, on the page or from another account."""
    found = _KEY.fullmatch(key or "")
    return [int(number) for number in found["numbers"].split(".")] if found and int(found["chat"]) == chat else []


_KEY = re.compile(r"[^/]+/(?P<chat>-?\d+)/(?P<numbers>\d+(?:\.\d+)*)")  # of an update, or of an album
_PRESS = "p"  # before the name of a press, where a message has its number
TOO_LONG = "~"  # begins the data of a button whose words have no room in it


def _label(message: Mapping[str, Any], data: str) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return next((button["text"] for row in rows for button in row if button.get("callback_data") == data), "")


def _member(changed: Mapping[str, Any]) -> Elsewhere | Closed | None:
    chat, status = changed["chat"], changed["new_chat_member"]["status"]
    if chat["type"] == "private":
        return Closed(chat["id"]) if status == "kicked" else None
    return Elsewhere(chat["id"]) if chat["type"] != "channel" and status in ("member", "administrator") else None


def _to_us(message: Mapping[str, Any], username: str) -> bool:
    text = message.get("text") or message.get("caption") or ""
    answered = message.get("reply_to_message", {}).get("from", {}).get("username") or "?"
    return text.startswith("/") or f"@{username}".lower() in text.lower() or answered.lower() == username.lower()


def _message(update: Update, message: Mapping[str, Any], *, edited: bool) -> Told:
    words = message.get("text") or message.get("caption") or _spoken(message)
    begins = False
    if words and (command := _COMMAND.fullmatch(words)):
        begins = command["name"] == "start" and not command["rest"]
        words = _command(command, words)
    if edited and words:
        words = f"{_CORRECTION}{words}"
    file = _file(message)
    place = message.get("location")
    return Told(
        key=_key(update, message["chat"]["id"], message["message_id"]),
        who=message["chat"]["id"],
        number=message["message_id"],
        text=words.replace("\x00", "") if words else None,
        said_at=datetime.fromtimestamp(message.get("edit_date") or message["date"], UTC),
        file=file,
        place=f"{place['latitude']:.5f},{place['longitude']:.5f}" if place else None,
        album=None if edited else message.get("media_group_id"),
        unfit=file is None and any(name in message for name in _UNFIT),
        begins=begins,
    )


def _command(command: re.Match[str], words: str) -> str:
    """/start with the token of an invitation is a sign-in; a command we know is its Chinese word."""
    if command["name"] == "start" and command["rest"]:
        return f"登录 {command['rest']}"
    return COMMANDS.get(command["name"], words)


def _spoken(message: Mapping[str, Any]) -> str | None:
    """What stands for words: a contact's name and number, the face on a sticker."""
    if contact := message.get("contact"):
        return f"{contact.get('last_name', '')}{contact['first_name']} 电话{contact['phone_number']}"
    face: str | None = message.get("sticker", {}).get("emoji")
    return face


def _file(message: Mapping[str, Any]) -> File | None:
    if sizes := message.get("photo"):
        large = [one for one in sizes if max(one["width"], one["height"]) >= _SIDE]
        chosen = min(large, key=_area) if large else max(sizes, key=_area)
        return File("photo", chosen["file_id"], "image/jpeg", chosen.get("file_size") or 0)
    if voice := message.get("voice") or message.get("audio"):
        type_ = voice.get("mime_type") or "audio/ogg"
        return File("voice", voice["file_id"], type_, voice.get("file_size") or 0)
    document = message.get("document", {})
    if document.get("mime_type", "").startswith("image/"):
        return File("photo", document["file_id"], document["mime_type"], document.get("file_size") or 0)
    return None


def _area(size: Mapping[str, Any]) -> int:
    return int(size["width"]) * int(size["height"])
