"""What is said about the people of the queue, in fixed words: 登录, 邀请, 换手机, 离任, 请假, 帮扶人, 值班 …

Whoever is no officer can only sign in. A sentence about somebody who is no officer is no command.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from assistance.decision import Decision
from handlers import absence, duty, enrol, helpers, leaving
from handlers.turn import Turn

Command = Callable[[Turn, re.Match[str]], Awaitable[Decision | None]]

_WHO = r"[\u4e00-\u9fa5·]{2,12}"
_END = r"[。!！]?"
_DAY = r"(?:[今明后][天晚日]|下?(?:周|星期)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号])(?:晚上?|夜里?)?\s*"


async def _sign_in(turn: Turn, said: re.Match[str]) -> Decision:
    return await enrol.sign_in_here(turn, said["word"])


async def _invite(turn: Turn, said: re.Match[str]) -> Decision:
    return await enrol.invite(turn, said["rest"])


async def _change_phone(turn: Turn, said: re.Match[str]) -> Decision | None:
    return await leaving.change_phone(turn, said["who"] or said["after"] or "")


async def _leave(turn: Turn, said: re.Match[str]) -> Decision | None:
    return await leaving.leave(turn, said["who"] or said["after"] or "")


async def _take_leave(turn: Turn, said: re.Match[str]) -> Decision | None:
    return await absence.take_leave(turn, said["who"] or "", said["days"] or "", said["deputy"] or "")


async def _come_back(turn: Turn, said: re.Match[str]) -> Decision | None:
    return await absence.come_back(turn, said["who"] or "")


async def _helper(turn: Turn, said: re.Match[str]) -> Decision | None:
    return await helpers.set_helper(turn, said["head"], said["name"])


async def _duty(turn: Turn, said: re.Match[str]) -> Decision | None:
    who = said["who"] or said["who2"] or said["who3"]
    day = (said["day"] or said["day2"] or said["day3"] or "").strip()
    return await duty.set_duty(turn, day, said["where"] or "", who)


async def _roster(turn: Turn, said: re.Match[str]) -> Decision:  # noqa: ARG001 - one signature for all commands
    return await duty.show_roster(turn)


_FOR_ALL: tuple[tuple[re.Pattern[str], Command], ...] = ((enrol.SIGN_IN, _sign_in),)
_FOR_OFFICERS: tuple[tuple[re.Pattern[str], Command], ...] = (
    (enrol.INVITE, _invite),
    (re.compile(rf"(?P<who>{_WHO}?)?(?:要)?换了?手机了?\s*(?P<after>{_WHO})?{_END}"), _change_phone),
    (
        re.compile(
            rf"(?P<who>{_WHO}?)(?:已经|已)?(?:离任|离岗|离职|调走|退休|辞职)了?{_END}"
            rf"|(?:离任|离岗|离职)[\s:：]*(?P<after>{_WHO}){_END}"
        ),
        _leave,
    ),
    (
        re.compile(
            rf"(?:(?P<who>{_WHO}?)\s*)?请假(?P<days>[^由代]{{0,20}}?)[\s,，]*"
            rf"(?:由?\s*(?P<deputy>{_WHO}?)\s*(?:代班|替班|代|替))?{_END}"
        ),
        _take_leave,
    ),
    (re.compile(rf"(?P<who>{_WHO}?)?\s*销假了?{_END}"), _come_back),
    (
        re.compile(
            rf"(?P<head>{_WHO}?)家?的?\s*(?:换|改)?帮扶(?:责任)?人\s*(?:是|换成|改成|为|:|：)?\s*(?P<name>{_WHO}){_END}"
        ),
        _helper,
    ),
    (re.compile(rf"(?:看看|查)?值班表{_END}"), _roster),
    (
        re.compile(
            rf"(?P<day>(?:{_DAY})?)(?P<where>(?:{_WHO}?)?)值班[\s:：是]*(?P<who>{_WHO}){_END}"
            rf"|(?P<day2>{_DAY})(?P<who2>{_WHO}?)(?:来)?值班{_END}"
            rf"|(?P<who3>{_WHO}?)(?P<day3>{_DAY})值班{_END}"
        ),
        _duty,
    ),
)


async def command(turn: Turn) -> Decision | None:
    """The answer to such words; None where they are something else."""
    table = (*_FOR_ALL, *_FOR_OFFICERS) if turn.person.is_officer else _FOR_ALL
    for pattern, act in table:
        if (said := pattern.fullmatch(turn.text)) and (answer := await act(turn, said)):
            return answer
    return None
