"""`jishiyu verify`: is every history as it was written? Names what was altered, taken out or put in by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from assistance.worktime import SHANGHAI
from bot.build import make_vault
from bot.settings import Settings
from handlers.anchor import shown
from storage.session import SqlStore
from storage.verify import Checked, Finding, Progress, Wrong

_SENTENCES: dict[Wrong, str] = {
    Wrong.ALTERED: "回执号{receipt}：第{seq}条过程被改过（{at}）",
    Wrong.MISSING_EVENT: "回执号{receipt}：第{seq}条过程不见了",
    Wrong.MISSING_CASE: "回执号{receipt}：整件不见了，最后一次存证是{at}，当时有{seq}条过程",
    Wrong.REWRITTEN: "回执号{receipt}：过程被整个重写过，和第{anchor}次存证对不上（第{seq}条）",
    Wrong.ROW: "回执号{receipt}：现状和过程对不上，被绕过程序改过：{fields}",
    Wrong.ANCHOR: "第{anchor}次存证被改过（{at}）",
    Wrong.MISSING_ANCHOR: "存证少了：{anchor}",
}


async def verify(settings: Settings, progress: Progress | None = None) -> Checked:
    """Go through everything; the program may run meanwhile."""
    store = await SqlStore.open(settings.database_url, make_vault(settings))
    try:
        return await store.verify(progress)
    finally:
        await store.close()


def unlike(checked: Checked, printed: str) -> str | None:
    """What is wrong with an anchor as it stands on a phone, 2026-11-19=3f2a9c1b77d0 or the code alone; None where it
    is right.

    This is what finds out somebody who has database and keys and has written everything anew.
    """
    day, _, digits = printed.replace(" ", "").partition("=")
    if not digits:
        known = any(digest.startswith(day.lower()) for _, _, digest in checked.anchors)
        return None if day and known else f"存证码{printed}和哪一天的都对不上"
    found = [digest for _, at, digest in checked.anchors if _day(at) == day]
    if not found:
        return f"{day}没有存证"
    return None if digits and found[0].startswith(digits.lower()) else f"{day}的存证码和{shown(found[0])}对不上"


def told(checked: Checked, unlike_printed: list[str], *, as_json: bool, say: Callable[[str], Any]) -> bool:
    """Say what was found, a sentence each or one JSON line; True when all is as it was written."""
    fine = not checked.findings and not unlike_printed
    if as_json:
        anchors = [{"number": number, "at": at.isoformat(), "digest": digest} for number, at, digest in checked.anchors]
        findings = [_plain(one) for one in checked.findings]
        counts = {"cases": checked.cases, "events": checked.events}
        report = {"fine": fine, **counts, "findings": findings, "unlike": unlike_printed, "anchors": anchors}
        say(json.dumps(report, ensure_ascii=False))
        return fine
    for finding in checked.findings:
        say(_sentence(finding))
    for sentence in unlike_printed:
        say(sentence)
    if checked.anchors:
        number, at, digest = checked.anchors[-1]
        say(f"最近一次存证：第{number}次，{_day(at)}，{shown(digest)}（和区里日报上的对一对）")
    wrong = len(checked.findings) + len(unlike_printed)
    verdict = "都对得上" if fine else f"有{wrong}处不对，请封存数据库和备份，报区里"
    say(f"查了{checked.cases}件、{checked.events}条过程：{verdict}。")
    return fine


def _sentence(finding: Finding) -> str:
    return _SENTENCES[finding.wrong].format(
        receipt=finding.receipt,
        seq=finding.seq,
        at=_day(finding.at),
        anchor=f"第{finding.anchor}次" if finding.wrong is Wrong.MISSING_ANCHOR and finding.anchor
        else finding.anchor or f"回执号{finding.receipt}记着有、存证里没有",
        fields="、".join(finding.fields),
    )  # fmt: skip


def _plain(finding: Finding) -> dict[str, Any]:
    kept = {name: value for name, value in asdict(finding).items() if value not in (None, ())}
    return kept | ({"at": finding.at.isoformat()} if finding.at else {})


def _day(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).date().isoformat() if moment else "时间不明"
