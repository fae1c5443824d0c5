"""A Bot API server over real HTTP: it keeps what was sent, and fails on order."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import aiohttp
from aiohttp import web
from users import USERNAME, Sent, User, chat

from bot.clock import real_clock

TOKEN = "123456:AAtestTESTtestTESTtestTESTtestTEST1"


@dataclass
class Fault:
    """What goes wrong: a status with parameters, or `accept` (taken, and no answer for seconds)."""

    status: int = 0
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    accept: float = 0.0
    chat: int | None = None  # only messages to this one


@dataclass
class BotApi:
    """The server. `faults` are used up in order, for each method by itself; None lets one call pass."""

    sent: list[Sent] = field(default_factory=list)
    deleted: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # numbers, by chat
    faults: defaultdict[str, deque[Fault | None]] = field(default_factory=lambda: defaultdict(deque))
    acknowledged: list[str] = field(default_factory=list)
    commands: list[dict[str, str]] = field(default_factory=list)
    files: dict[str, tuple[bytes, float]] = field(default_factory=dict)  # with the seconds it takes to come
    webhook: dict[str, str] = field(default_factory=dict)
    reach: str = ""  # where the webhook's requests go, in place of the https address of its setting
    mess: random.Random | None = None  # batches come in any order, with updates twice
    calls: list[str] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)  # every update there ever was
    diary: list[tuple[str, Any]] = field(default_factory=list)  # updates, what was sent and deleted, as it happened
    url: str = ""
    clock: Callable[[], datetime] = real_clock
    strict: bool = True  # what our own messages promise is looked at
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _updates: itertools.count[int] = field(default_factory=lambda: itertools.count(700))
    _messages: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _runner: web.AppRunner | None = None
    _pushing: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", f"/bot{TOKEN}/{{method}}", self._answer)
        app.router.add_get(f"/file/bot{TOKEN}/{{name}}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._pushing:
            task.cancel()
        if self._runner:
            await self._runner.cleanup()

    def push(self, kind: str, body: dict[str, Any]) -> int:
        """Something happened; gives the number of the update."""
        number = next(self._updates)
        update = {"update_id": number, kind: body}
        self.kept.append(update)
        self.diary.append(("update", update))
        if self.webhook:
            task = asyncio.create_task(self._knock(update))
            self._pushing.add(task)
            task.add_done_callback(self._pushing.discard)
        else:
            self.waiting[number] = update
            self._came.set()
        return number

    def again(self, number: int) -> None:
        """The same update once more, as after a crash on either side."""
        update = next(one for one in self.kept if one["update_id"] == number)
        self.waiting[number] = update
        self._came.set()

    async def _knock(self, update: dict[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        async with aiohttp.ClientSession() as session:
            while True:
                async with session.post(self.reach, json=update, headers=headers) as answer:
                    if answer.status == 200:
                        return
                await asyncio.sleep(0.05)

    def next_message(self) -> int:
        return next(self._messages)

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given = {**request.query, **await request.post()}
        self.calls.append(method)
        fault = self._fault(method, given)
        if fault and not fault.accept:
            body = {"ok": False, "error_code": fault.status, "description": fault.description}
            return web.json_response(
                {**body, **({"parameters": fault.parameters} if fault.parameters else {})}, status=fault.status
            )
        handler: Callable[[Any], Any] = getattr(self, f"on_{method}")
        result = handler(given)
        result = await result if asyncio.iscoroutine(result) else result
        if fault:
            await asyncio.sleep(fault.accept)
        return web.json_response({"ok": True, "result": result})

    def _fault(self, method: str, given: Any) -> Fault | None:
        waiting = self.faults[method]
        if waiting and (waiting[0] is None or waiting[0].chat in (None, int(given.get("chat_id", 0)))):
            return waiting.popleft()
        return None

    def on_getMe(self, _: Any) -> dict[str, Any]:  # noqa: N802 - Telegram's name
        return {"id": 123456, "is_bot": True, "first_name": "及时雨", "username": USERNAME}

    async def on_getUpdates(self, given: Any) -> list[dict[str, Any]]:  # noqa: N802 - Telegram's name
        offset, until = int(given.get("offset", 0)), time.monotonic() + float(given.get("timeout", 0))
        for number in [number for number in self.waiting if number < offset]:
            del self.waiting[number]
        while not self.waiting and time.monotonic() < until:
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), until - time.monotonic())
            except TimeoutError:
                break
        found = [self.waiting[number] for number in sorted(self.waiting)][:100]
        if self.mess and found:
            found += self.mess.choices(found, k=len(found) // 5)
            found += self.mess.choices(self.kept[: self.kept.index(found[0]) + 1], k=2)
            self.mess.shuffle(found)
        return found

    def on_sendMessage(self, given: Any) -> dict[str, Any]:  # noqa: N802 - Telegram's name
        assert len(given["text"].encode("utf-16-le")) // 2 <= 4096
        if self.strict:
            assert "parse_mode" not in given
            assert json.loads(given["link_preview_options"])["is_disabled"]
        markup = json.loads(given.get("reply_markup") or "{}")
        for row in markup.get("inline_keyboard", ()):
            for button in row:
                assert 1 <= len(button["callback_data"].encode()) <= 64, button
        protected = str(given.get("protect_content")).lower() in ("true", "1")
        message = Sent(int(given["chat_id"]), given["text"], self.next_message(), markup, protected)
        self.sent.append(message)
        self.diary.append(("sent", message))
        return {
            "message_id": message.number,
            "date": int(self.clock().timestamp()),
            "chat": chat(message.chat),
            "text": message.text,
        }

    def on_deleteMessages(self, given: Any) -> bool:  # noqa: N802 - Telegram's name
        numbers = json.loads(given["message_ids"])
        assert 1 <= len(numbers) <= 100
        self.deleted[int(given["chat_id"])].update(numbers)
        self.diary.append(("deleted", (int(given["chat_id"]), numbers)))
        return True

    def on_answerCallbackQuery(self, given: Any) -> bool:  # noqa: N802 - Telegram's name
        self.acknowledged.append(given["callback_query_id"])
        return True

    def on_getFile(self, given: Any) -> dict[str, Any]:  # noqa: N802 - Telegram's name
        name = given["file_id"]
        size = len(self.files[name][0])
        return {"file_id": name, "file_unique_id": name, "file_size": size, "file_path": name}

    async def _file(self, request: web.Request) -> web.Response:
        data, seconds = self.files[request.match_info["name"]]
        self.calls.append("file")
        await asyncio.sleep(seconds)
        return web.Response(body=data)

    def on_setWebhook(self, given: Any) -> bool:  # noqa: N802 - Telegram's name
        self.webhook = {"url": given["url"], "secret_token": given["secret_token"]}
        return True

    def on_deleteWebhook(self, _: Any) -> bool:  # noqa: N802 - Telegram's name
        self.webhook = {}
        return True

    def on_setMyCommands(self, given: Any) -> bool:  # noqa: N802 - Telegram's name
        self.commands = json.loads(given["commands"])
        return True

    def user(self, number: int, name: str = "某人") -> User:
        return User(self, number, name)
