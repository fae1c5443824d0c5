"""`jishiyu doctor`: looks at everything that must be right before it is needed, and changes nothing.

Each finding is one plain sentence that says what to do next; red ones must be mended.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from assistance.reachable import find_gaps
from bot.clock import real_clock
from bot.settings import Settings
from handlers.gaps import gap_lines
from handlers.phrases import Phrases
from regions.pack import Pack
from regions.read import read_pack
from regions.source import PackError
from storage.crypto import Keys, Vault
from storage.errors import StorageError
from storage.opening import how_new, server_clock
from storage.session import SqlStore, make_engine

State = Literal["green", "yellow", "red"]
_SKEW = timedelta(seconds=30)  # more than this between machine and database moves limits visibly
_MARKS: dict[State, str] = {"green": "好", "yellow": "留意", "red": "要修"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and the sentence."""

    check: str
    state: State
    text: str


async def examine(settings: Settings, clock: Callable[[], datetime] = real_clock) -> list[Finding]:
    """Look at everything; what cannot be looked at because something before it is broken is left out."""
    now = clock()
    findings: list[Finding] = []
    pack = _pack(settings, now, findings)
    vault = _keys(settings, findings)
    if pack:
        findings += _calendar(pack, now)
    findings += _channels(settings)
    if settings.telegram_token:
        words = "Telegram 开着：那里说的话要经过境外的服务器，请确认单位同意了，再让人用。"
        findings.append(Finding("telegram", "yellow", words))
    if vault:
        await _database(settings, vault, pack, now, findings)
    findings.append(_hook(settings))
    return findings


def show(findings: list[Finding], *, as_json: bool) -> str:
    """One line each, the red ones last so that they stand at the prompt; or JSON."""
    if as_json:
        return json.dumps([asdict(one) for one in findings], ensure_ascii=False)
    order = list(_MARKS)
    return "\n".join(
        f"[{_MARKS[one.state]}] {one.text}" for one in sorted(findings, key=lambda one: order.index(one.state))
    )


def _pack(settings: Settings, now: datetime, findings: list[Finding]) -> Pack | None:
    try:
        pack = read_pack(settings.region, now.date())
    except PackError as error:
        findings.append(Finding("pack", "red", f"区域包读不了：{error}。照提示改好再查一遍。"))
        return None
    findings.append(Finding("pack", "green", f"区域包“{pack.title}”没有问题，规则是 {pack.rulebook.version} 版。"))
    if settings.sample_roster:
        words = "样例花名册还开着（人都是编的）。正式用之前在设置里写 sample_roster = false。"
        findings.append(Finding("roster", "yellow", words))
    return pack


def _keys(settings: Settings, findings: list[Finding]) -> Vault | None:
    copy = "请确认另存了一份在别处：丢了密钥，数据就再也读不出来。"
    try:
        if settings.keys:
            vault = Vault(Keys.parse(settings.keys))
            findings.append(Finding("keys", "green", f"密钥在设置里，能用。{copy}"))
            return vault
        file = settings.keys_file or settings.data_dir / "keys.txt"
        if not file.exists():
            findings.append(Finding("keys", "red", f"没有密钥文件 {file}：第一次用请先运行 jishiyu run。"))
            return None
        vault = Vault(Keys.from_file(file))
    except StorageError as error:
        findings.append(Finding("keys", "red", f"密钥有问题：{error}。"))
        return None
    findings.append(Finding("keys", "green", f"密钥文件 {file} 只有本人能读，能用。{copy}"))
    return vault


def _calendar(pack: Pack, now: datetime) -> list[Finding]:
    """Holidays of this year and the coming one; they are published in November."""
    year, known = now.astimezone(pack.rulebook.calendar.zone).year, pack.calendar_known.year
    if known < year:
        state: State = "red"
    elif known == year and now.month >= 12:
        state = "yellow"
    else:
        words = f"放假安排知道到 {known} 年。" + ("明年的一般 11 月公布，公布后请升级一次。" if known == year else "")
        return [Finding("calendar", "green", words)]
    words = f"放假安排只知道到 {known} 年：请升级程序，或把放假和调休写进区域包的 calendar.toml。"
    return [Finding("calendar", state, words)]


def _channels(settings: Settings) -> list[Finding]:
    if not settings.public_url:
        words = f"没写 public_url：登录链接只能在本机打开（{settings.page_url}）。正式用请写大家打开网页的地址。"
        return [Finding("channels", "yellow", words)]
    if not settings.public_url.startswith("https://"):
        words = "public_url 不是 https：话在路上会被人看到。请在前面放一个管 https 的反向代理。"
        return [Finding("channels", "red", words)]
    return [Finding("channels", "green", f"网页对话在 {settings.public_url}。")]


async def _database(
    settings: Settings, vault: Vault, pack: Pack | None, now: datetime, findings: list[Finding]
) -> None:
    file = Path(make_engine(settings.database_url).url.database or "")
    is_file = settings.database_url.startswith("sqlite")
    if is_file and not file.exists():
        findings.append(Finding("database", "red", f"还没有数据库 {file}：请先运行 jishiyu run。"))
        return
    try:
        engine = make_engine(settings.database_url)
        try:
            version = await how_new(engine, vault)
            theirs = await server_clock(engine)
        finally:
            await engine.dispose()
        if version != "current":
            findings.append(Finding("database", *_VERSIONS[version]))
            return
        store = await SqlStore.open(settings.database_url, vault)
    except StorageError as error:
        findings.append(Finding("database", "red", f"数据库有问题：{error}。"))
        return
    try:
        findings.append(
            Finding("database", "green", "数据库能读能写，版本和密钥都对。" + _others(file, is_file=is_file))
        )
        findings.append(_clock(now, theirs, pack))
        if pack:
            await _people(store, pack, now, findings)
    finally:
        await store.close()


_VERSIONS: dict[str, tuple[State, str]] = {
    "new": ("red", "数据库是空的：请先运行 jishiyu run。"),
    "older": ("yellow", "数据库是旧版的：先备份，下次启动会自动升级。"),
    "newer": ("red", "数据库比程序新：请装新版程序，或恢复备份。"),
}


def _others(file: Path, *, is_file: bool) -> str:
    """A word on who else can read a SQLite file."""
    if not is_file or os.name != "posix" or not stat.S_IMODE(file.stat().st_mode) & 0o077:
        return ""
    return f"但别人也能读它，请运行 chmod 600 {file}。"


def _clock(now: datetime, theirs: datetime | None, pack: Pack | None) -> Finding:
    """The clock here beside that of the database server; SQLite has none of its own."""
    zone = pack.rulebook.calendar.zone if pack else now.tzinfo
    skew = abs(theirs - real_clock()) if theirs else timedelta()
    shown = f"{now.astimezone(zone):%Y-%m-%d %H:%M}（{zone}）"
    if skew > _SKEW:
        words = f"本机的钟和数据库差 {int(skew.total_seconds())} 秒：请给两台机器都开自动对时。"
        return Finding("clock", "red", words)
    return Finding("clock", "green", f"钟没有问题，现在是 {shown}。")


async def _people(store: SqlStore, pack: Pack, now: datetime, findings: list[Finding]) -> None:
    async with store.work() as work:
        directory = await work.people.directory()
        on_duty = await work.duties.at(now)
    officers = list(directory.officers())
    if not officers:
        words = "还没有一位工作人员：请运行 jishiyu invite --role county --name 姓名，把登录码当面交给他。"
        findings.append(Finding("people", "red", words))
        return
    gaps, phrases = find_gaps(directory, on_duty), Phrases(pack.phrases)
    state: State = "red" if gaps.empty else "yellow"
    findings += [Finding("people", state, line) for line in gap_lines(gaps, directory, phrases, roster=False)]
    if gaps.is_empty:
        findings.append(Finding("people", "green", f"{len(officers)} 位工作人员都联系得上。"))
    if gaps.off_roster:
        words = f"现在有 {len(gaps.off_roster)} 处没人值班：请让他们在对话里发“今晚值班 某某”。"
        findings.append(Finding("duty", "red", words))
    else:
        findings.append(Finding("duty", "green", "每一处都排了值班。"))


def _hook(settings: Settings) -> Finding:
    if settings.alarm_command or settings.alarm_url:
        return Finding("alarm", "green", "设了报警：急件没人看会打出去。请每月试打一次。")
    words = "没设报警：急件没人看时打不出电话。请在设置里写 alarm_command 或 alarm_url。"
    return Finding("alarm", "red", words)
