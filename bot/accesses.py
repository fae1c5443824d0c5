"""`jishiyu accesses`: who was shown the words of sealed cases, for the operator: times and ids, no name and no word."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from assistance.ports import Access
from assistance.worktime import SHANGHAI
from bot.build import build
from bot.settings import Settings

_HOW = {"letter": "消息", "media": "照片或语音"}


async def read_accesses(settings: Settings, case: str | None = None) -> Sequence[Access]:
    """All, or those of one case (its id), the first one first."""
    async with build(settings, lambda _store: ()) as program, program.store.work() as work:
        return await work.accesses.all(case)


def show(accesses: Sequence[Access], *, as_json: bool) -> str:
    """A line each, or JSON."""
    if as_json:
        return json.dumps([asdict(one) | {"at": one.at.isoformat()} for one in accesses], ensure_ascii=False)
    times = (f"{one.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for one in accesses)
    lines = (f"{at} {one.person} {one.case} {_HOW[one.how]}" for at, one in zip(times, accesses, strict=True))
    return "\n".join(lines) or "没有人看过密封件的原话。"
