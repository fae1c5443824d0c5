"""The alarm hook (docs/rules.md J): a command or an address for an SMS gateway or a call. Ids only, never a word."""

from __future__ import annotations

import asyncio
import json
import shlex
import urllib.error
import urllib.request
from collections.abc import Mapping

from bot.settings import Settings, SettingsError
from handlers.office import Log

_SECONDS = 10  # a hook that takes longer has failed
_AT_ONCE = 8  # calls beside each other


class Bells:
    """Rings every hook that is set; what fails is told to the operator, the queue goes on."""

    def __init__(self, command: str, url: str, failed: Log) -> None:
        self._command, self._url, self._failed = _words(command), url, failed
        self._line = asyncio.Semaphore(_AT_ONCE)
        self._ringing: set[asyncio.Task[None]] = set()

    async def ring(self, event: str, **ids: str) -> None:
        """Call the hooks beside the engine, which never waits for a gateway."""
        call = asyncio.create_task(self._call(event, ids))
        self._ringing.add(call)
        call.add_done_callback(self._ringing.discard)

    async def rung(self) -> None:
        """Wait until every call has ended."""
        await asyncio.gather(*self._ringing)

    async def _call(self, event: str, ids: Mapping[str, str]) -> None:
        async with self._line:
            await self._hooks(event, ids)

    async def _hooks(self, event: str, ids: Mapping[str, str]) -> None:
        for name, hook in (("alarm_command", self._run), ("alarm_url", self._post)):
            try:
                await asyncio.wait_for(hook(event, ids), _SECONDS)
            except (OSError, TimeoutError, _HookFailed) as error:
                self._failed("alarm_hook_failed", hook=name, event_name=event, error=type(error).__name__)

    async def _run(self, event: str, ids: Mapping[str, str]) -> None:
        if not self._command:
            return
        words = [event, *(f"{name}={value}" for name, value in ids.items())]
        running = await asyncio.create_subprocess_exec(*self._command, *words, stdin=asyncio.subprocess.DEVNULL)
        try:
            status = await running.wait()
        except asyncio.CancelledError:  # took too long
            running.kill()
            await running.wait()
            raise
        if status:
            raise _HookFailed

    async def _post(self, event: str, ids: Mapping[str, str]) -> None:
        if self._url:
            body = json.dumps({"event": event, **ids}).encode()
            await asyncio.to_thread(_post, self._url, body)


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        raise SettingsError("alarm_command: a quote is not closed; write it as in a shell") from None


class _HookFailed(Exception):
    """The command ended with a status other than 0."""


def _post(url: str, body: bytes) -> None:
    request = urllib.request.Request(  # noqa: S310 - the operator's own address, http(s) by the check of the settings
        url, body, {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310 - as above; 4xx and 5xx raise an OSError
        return


def make_bell(settings: Settings, failed: Log) -> Bells:
    """The hooks of the settings; none rings nothing."""
    return Bells(settings.alarm_command, settings.alarm_url, failed)
