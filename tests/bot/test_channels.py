"""The channel contract: what each channel can do, and what becomes of what it cannot."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistance.post import Abilities, Letter, Medium, Parcel, Said
from bot.build import build
from bot.cast import enroll_cast, read_cast
from bot.channels.terminal import TerminalChannel
from bot.channels.web import WebChannel
from bot.settings import read_settings
from handlers.degrade import fit
from handlers.kit import new_id
from handlers.phrases import Phrases
from handlers.send import send

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
SAYS = Phrases(
    {"degrade.buttons": "回复数字：{choices}", "degrade.words": "或：{words}", "degrade.media": "有{count}个附件"}
)
ABLE = {WebChannel: Abilities(buttons=True, media=True, seen=True), TerminalChannel: Abilities()}


def letter(text: str, buttons: tuple[str, ...] = (), media: tuple[Medium, ...] = ()) -> Letter:
    parcel = Parcel(
        id="p", notice="n", person="zhou", channel="web", address="a", kind="notice", text=None, buttons=(), case=None,
        phrase=None, fields={}, step="opened", version=1, urgent=False, missed=False, attempts=0, sealed=False, wanted_at=NOW,
    )  # fmt: skip
    return Letter(parcel, text, buttons, media=media)


@pytest.mark.parametrize(("channel", "abilities"), ABLE.items())
def test_each_channel_says_what_it_can_do(channel: type, abilities: Abilities) -> None:
    """As docs/channels.md tells."""
    assert channel.abilities == abilities


@pytest.mark.parametrize(
    ("buttons", "abilities", "text", "left"),
    [
        (("接单", "退单"), Abilities(buttons=True), "新件", ("接单", "退单")),
        (("接单", "退单"), Abilities(), "新件\n回复数字：1. 接单  2. 退单", ()),
        (("跳过", "取消"), Abilities(), "新件\n或：跳过、取消", ()),
        (("1组", "跳过"), Abilities(), "新件\n回复数字：1. 1组\n或：跳过", ()),
        ((), Abilities(), "新件", ()),
    ],
)
def test_buttons_become_numbers_where_there_are_none(
    buttons: tuple[str, ...], abilities: Abilities, text: str, left: tuple[str, ...]
) -> None:
    """跳过 and 取消 stay words."""
    (only,) = fit(letter("新件", buttons), abilities, SAYS)
    assert (only.text, only.buttons) == (text, left)


def test_photos_are_told_where_they_cannot_be_shown() -> None:
    """And nothing is handed to a channel that cannot take it."""
    (only,) = fit(letter("新件", media=(Medium("31234567", 0, "photo"),)), Abilities(buttons=True), SAYS)
    assert only.text == "新件\n有1个附件"
    assert only.media == ()


SIZES = {
    "characters": len,
    "utf16": lambda text: len(text.encode("utf-16-le")) // 2,
    "bytes": lambda text: len(text.encode()),
}


@given(st.text("一二三。\n😀ab", max_size=300), st.integers(8, 60), st.sampled_from(sorted(SIZES)))
def test_long_texts_go_as_parts_that_fit_and_lose_nothing(text: str, longest: int, unit: str) -> None:
    """Counted in the channel's own unit."""
    parts = fit(letter(text, ("接单",)), Abilities(buttons=True, longest=longest, unit=unit), SAYS)
    assert all(SIZES[unit](part.text) <= longest for part in parts)
    assert "".join(part.text for part in parts).replace("\n", "") == text.replace("\n", "")
    assert [part.buttons for part in parts] == [()] * (len(parts) - 1) + [("接单",)]


CAST = {
    "cast": {
        "zhou": {"role": "village", "area": "后马寨村", "name": "周敏", "channel": "terminal"},
        "li": {"role": "resident", "name": "李秀兰", "village": "后马寨村", "channel": "terminal"},
    }
}


async def test_a_number_presses_the_button_on_a_channel_without_buttons(tmp_path: Path) -> None:
    """The terminal: 1 is 接单, as it stood under the new case."""
    settings = read_settings(data_dir=tmp_path)
    async with build(settings, lambda _store: [TerminalChannel(str)], clock=lambda: NOW) as program:
        async with program.store.work() as work:
            await enroll_cast(work, *read_cast(CAST, program.pack))
        for who, text in (("li", "俺娘住院交不上押金还差八千大夫说明天就停药"), ("zhou", "1")):
            await program.intake.take(Said(new_id(), "terminal", who, new_id(), NOW, text))
            await send(program.office, NOW)
        async with program.store.work() as work:
            (case,) = await work.cases.for_engine().all()
        assert case.handler == "zhou"
