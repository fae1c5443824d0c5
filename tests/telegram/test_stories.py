"""What people do on Telegram, over both libraries and real HTTP."""

from __future__ import annotations

import re

from telegram_here import BLAME, HARD, Here


async def test_a_hardship_goes_from_the_first_word_to_solved(here: Here) -> None:
    """村民说 → 接单 → 办结 → 已解决; every press is acknowledged."""
    li, zhou = here.user("li"), here.user("zhou")
    li.say(HARD)
    receipt = await li.hears("回执号")
    new = await zhou.hears("接单")
    assert "押金" in new.text
    zhou.press("接单")
    await zhou.hears("办结", after=new.number)
    zhou.press("办结")
    asked = await li.hears("已解决", after=receipt.number)
    li.press("已解决")
    await li.hears(lambda one: one.number > asked.number)
    (case,) = await here.cases()
    assert case.stage.ended
    assert len(here.api.acknowledged) == 3


async def test_a_complaint_is_told_to_nobody_it_is_about(here: Here) -> None:
    """The discipline office hears of it; whoever is accused, and the village, hear nothing. It cannot be forwarded."""
    li = here.user("li")
    li.say(BLAME)
    answer = await li.hears("查询码")
    receipt = re.findall(r"\d{8}", answer.text)[0]
    await here.user("ji").hears(receipt)
    assert answer.protected
    li.say(HARD)
    need = await here.user("wang").hears("押金")
    assert not need.protected
    for who in ("wang", "zhou", "zhao"):
        assert not [one for one in here.user(who).got if receipt in one.text or "低保" in one.text], who
