"""Officers' commands in free words (办件): lists, figures, orders on the queue. What is hidden is not counted."""

from __future__ import annotations

import re
from datetime import datetime, time

from assistance.case import Case
from assistance.decision import Decision
from assistance.ladder import overdue
from assistance.ports import CaseFilter
from handlers import desk, talk, tell
from handlers.held import blames, hold_blame
from handlers.meant import matching_cases
from handlers.notices import ACCEPT, FINISH, TRANSFER
from handlers.turn import Turn

_TRANSFER = re.compile(r"转(给|到|办|交|至|往)|(转|派)[^。，]{0,8}(局|办|委|中心|联|公司|镇|街道|区里)|改派")
_URGE = re.compile(r"催")
_FINISH = re.compile(r"办结|结案")
_ACCEPT = re.compile(r"接单|我接了?|俺接了?")
_LATE = re.compile(r"超时|超期|逾期|红牌|黄牌|到期")
_MINE = re.compile(r"我手里|俺手里|我的|俺的|手头")
_NEW = re.compile(r"新增|新来|今天(有|来)")
_SURE = 0.8  # below this a resident's words are not taken for a command
_ORDER = re.compile(r"必须|请|要求|抓紧|尽快|安排")
_ASKS = re.compile(r"待办|几件|多少|哪些|汇总|日报|统计|查|看看|清单|台账")


def is_command(text: str) -> bool:
    """Whether words order or ask something of the queue, rather than tell what was done."""
    orders = (_TRANSFER, _URGE, _FINISH, _ACCEPT, _LATE, _MINE, _NEW, _ORDER, _ASKS)
    return any(pattern.search(text) for pattern in orders)


async def do_command(turn: Turn) -> Decision:
    """A command that fits exactly one case acts at once like the press; a question gives a list without buttons."""
    if not turn.person.is_officer:
        if turn.reading.confidence < _SURE and not blames(turn):
            return await talk.to_a_person(turn)  # whatever it was, it was no command
        return turn.reply("desk.not_for_you") + await hold_blame(turn)
    text = turn.text
    if _URGE.search(text):
        found = await matching_cases(turn)
        late = [case for case in found if overdue(case)] if _LATE.search(text) else found
        return await desk.urge(turn, [case for case in late if case.stage.climbing])
    for pattern, word in ((_TRANSFER, TRANSFER), (_FINISH, FINISH), (_ACCEPT, ACCEPT)):
        if pattern.search(text) and not _ORDER.search(text) and not _LATE.search(text):
            return await _command(turn, word)
    return await _list(turn)


async def _command(turn: Turn, word: str) -> Decision:
    cases = [case for case in await matching_cases(turn, offered=True) if case.stage.climbing]
    if len(cases) != 1 and turn.conversation.case and not turn.reading.places and not turn.reading.households:
        last = await turn.mine.one(turn.conversation.case)
        cases = [last] if last and last.stage.climbing else cases
    if len(cases) != 1:
        return await desk.typed(turn, word) if not cases else desk.choose(turn, word, cases)
    if word == TRANSFER:
        return await desk.hand_over(turn, cases[0], turn.text.rpartition("转")[2])
    return await desk.act(turn, word, cases[0])


async def _list(turn: Turn) -> Decision:
    """待办, 超时, 新增: numbers, grades, places and due times, no names."""
    cases = await matching_cases(turn)
    title = "list.all"
    if _MINE.search(turn.text):
        cases, title = [case for case in cases if case.handler == turn.person.id], "list.mine"
    if _LATE.search(turn.text):
        cases, title = [case for case in cases if overdue(case)], "list.late"
    if _NEW.search(turn.text):
        since = _today(turn)
        seen = await turn.mine.list(CaseFilter(open=None, opened_since=since))
        cases, title = [case for case in seen if case.opened_at >= since], "list.new"
    if not cases:
        return turn.reply("list.none")
    lines = "\n".join(tell.line(case, turn) for case in _first(cases))
    return turn.reply(title, count=len(cases), lines=lines)


def _today(turn: Turn) -> datetime:
    zone = turn.kit.rulebook.calendar.zone
    return datetime.combine(turn.now.astimezone(zone).date(), time(), zone)


def _first(cases: list[Case]) -> list[Case]:
    return sorted(cases, key=lambda case: (case.grade.value, case.opened_at))[:20]
