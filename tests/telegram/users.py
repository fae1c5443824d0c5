"""People with Telegram on the phone: what they do there, and what they see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botapi import BotApi

USERNAME = "jishiyu_bot"


@dataclass
class Sent:
    """A message that the bot sent."""

    chat: int
    text: str
    number: int
    markup: dict[str, Any]
    protected: bool

    @property
    def buttons(self) -> list[str]:
        return [button["text"] for row in self.markup.get("inline_keyboard", ()) for button in row]

    @property
    def menu(self) -> list[str]:
        return [button["text"] for row in self.markup.get("keyboard", ()) for button in row]


def chat(number: int, kind: str = "") -> dict[str, Any]:
    kind = kind or ("private" if number > 0 else "group")
    return {"id": number, "type": kind, **({"first_name": "某人"} if kind == "private" else {"title": "工作群"})}


@dataclass
class User:
    """Somebody with Telegram on the phone."""

    api: BotApi
    number: int
    name: str

    @property
    def me(self) -> dict[str, Any]:
        return {"id": self.number, "is_bot": False, "first_name": self.name}

    @property
    def got(self) -> list[Sent]:
        return [one for one in self.api.sent if one.chat == self.number]

    @property
    def on_screen(self) -> list[str]:
        """The words that still stand in the chat, of both sides."""
        wrote = [one["message"] for one in self.api.kept if one.get("message", {}).get("from") == self.me]
        own = [(one["message_id"], one.get("text") or one.get("caption") or "") for one in wrote]
        gone = self.api.deleted[self.number]
        return [
            text for number, text in sorted([*own, *((one.number, one.text) for one in self.got)]) if number not in gone
        ]

    def message(self, where: int = 0, **content: Any) -> dict[str, Any]:
        head = {"message_id": self.api.next_message(), "from": self.me, "chat": chat(where or self.number)}
        return {**head, "date": int(self.api.clock().timestamp()), **content}

    def say(self, text: str, where: int = 0, **more: Any) -> int:
        return self.api.push("message", self.message(where, text=text, **more))

    def sends(self, **content: Any) -> int:
        return self.api.push("message", self.message(**content))

    def edits(self, text: str, of: int = 0) -> int:
        """A message changed after it was sent: that of an update, else one from before."""
        before = next((one["message"] for one in self.api.kept if one["update_id"] == of), None) or self.message()
        return self.api.push("edited_message", {**before, "text": text, "edit_date": int(self.api.clock().timestamp())})

    def photo(self, data: bytes, *, seconds: float = 0.0, **more: Any) -> int:
        name = f"photo{self.api.next_message()}"
        self.api.files[name] = (data, seconds)
        size = {"file_id": name, "file_unique_id": name, "width": 900, "height": 600, "file_size": len(data)}
        small = {"file_id": "thumb", "file_unique_id": "thumb", "width": 90, "height": 60, "file_size": 900}
        return self.sends(photo=[small, size], **more)

    def press(self, label: str, message: Sent | None = None) -> int:
        """Touch a button, of the newest message that has it or of a given one."""
        shown = message or next(one for one in reversed(self.got) if label in one.buttons)
        data = next(
            button["callback_data"]
            for row in shown.markup["inline_keyboard"]
            for button in row
            if button["text"] == label
        )
        under = {
            "message_id": shown.number,
            "date": int(self.api.clock().timestamp()),
            "chat": chat(self.number),
            "text": shown.text,
            "reply_markup": shown.markup,
        }
        press = {"id": f"press{self.api.next_message()}", "from": self.me, "message": under, "data": data}
        return self.api.push("callback_query", {**press, "chat_instance": "1"})

    def closes(self, status: str = "kicked") -> int:
        head = {"from": self.me, "chat": chat(self.number), "date": int(self.api.clock().timestamp())}
        bot = {"id": 123456, "is_bot": True, "first_name": "及时雨", "username": USERNAME}
        member = {"status": status, "user": bot, **({"until_date": 0} if status == "kicked" else {})}
        old = {"status": "member", "user": bot}
        return self.api.push("my_chat_member", {**head, "old_chat_member": old, "new_chat_member": member})

    async def hears(self, fits: str | Callable[[Sent], bool], after: int = 0, seconds: float = 15.0) -> Sent:
        """The first message that fits, waiting for it: one with a piece of text or with a button, or as a rule says."""
        wanted = fits if callable(fits) else lambda one: fits in one.text or fits in one.buttons
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for one in self.got:
                if one.number > after and wanted(one):
                    return one
            await asyncio.sleep(0.02)
        raise AssertionError(f"{self.number} never heard {fits!r}; got {[one.text for one in self.got]}")
