"""The page tells nobody of a complaint: neither who reads the database without its keys, nor who asks its addresses."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from web_here import Page, page

from storage.session import make_engine
from storage.tables import cases, mailbox, notices, parcels

HARD = "俺娘住院交不上押金还差八千大夫说明天就停药"
BLAME = "后马寨村王建国贪了扶贫款两万块，俺要举报"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Page]:
    async with page(tmp_path) as opened:
        yield opened


def photo() -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(packed, "JPEG")
    return packed.getvalue()


async def told_to_devices(here: Page) -> set[tuple[str, str]]:
    """Device and kind of case, as whoever has the database and no key can join them."""
    engine = make_engine(str(here.program.store._engine.url))
    query = select(mailbox.c.device, cases.c.kind).select_from(
        mailbox.join(parcels, parcels.c.id == mailbox.c.parcel)
        .join(notices, notices.c.id == parcels.c.notice)
        .join(cases, cases.c.id == notices.c.case)
    )
    async with engine.connect() as connection:
        found = {(row.device, row.kind) for row in await connection.execute(query)}
    await engine.dispose()
    return found


async def test_no_row_ties_a_phone_to_its_complaint(here: Page) -> None:
    """The letters about a complaint lead from the device to no case; those about a need do."""
    resident, ji = here.phone(), await here.officer("ji")
    await resident.hello()
    await resident.answer_to(await resident.say(HARD))
    await resident.answer_to(await resident.say("取消"))
    answer = await resident.answer_to(await resident.say(BLAME))
    assert answer["private"] == "complaint"
    await ji.hears(lambda letter: "接单" in letter["buttons"])
    await ji.say(press="接单")
    await resident.hears(lambda letter: "已有人接手" in letter["text"])
    tied = await told_to_devices(here)
    of_needs = {device for device, kind in tied if kind == "hardship"}
    of_complaints = {device for device, kind in tied if kind == "complaint"}
    assert of_needs and of_complaints  # somebody's need; the complaint in the hands of 纪委
    assert not of_needs & of_complaints


async def test_a_photo_of_a_complaint_is_404_to_everybody_it_is_kept_from(here: Page) -> None:
    """As if there were none: the same answer as for a number that nobody has."""
    resident, ji = here.phone(), await here.officer("ji")
    await resident.hello()
    answer = await resident.answer_to(await resident.say(BLAME))
    receipt = re.search(r"回执号：(\d{8})", answer["text"])
    assert receipt
    await resident.answer_to(await resident.send_file(photo(), "image/jpeg"))
    letter = await ji.hears(lambda one: bool(one["media"]))
    assert (await ji.get(f"/media/{letter['media'][0]['id']}"))[0] == 200
    async with here.program.store.work() as work:
        assert [one.how for one in await work.accesses.all()].count("media") == 1
    nothing = await (await here.officer("wang")).get("/media/98765432/0")
    for who in ("wang", "zhou", "zhao"):
        officer = await here.officer(who)
        for number in range(3):
            assert await officer.get(f"/media/{receipt[1]}/{number}") == nothing, who
    assert await resident.get(f"/media/{receipt[1]}/0") == nothing


async def test_the_page_logs_no_receipt_and_no_word(
    here: Page, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is asked of it, also what it refuses."""
    caplog.set_level(logging.INFO)
    resident, wang = here.phone(), await here.officer("wang")
    await resident.hello()
    answer = await resident.answer_to(await resident.say(BLAME))
    receipt = re.search(r"回执号：(\d{8})", answer["text"])
    assert receipt
    await wang.get(f"/media/{receipt[1]}/0")
    await wang.post("/api/seen", {"ids": [1, 2, 99999]})
    await wang.post("/api/say", {"key": "k", "text": None})
    told = "".join(capfd.readouterr()) + caplog.text
    assert not re.search(f"{receipt[1]}|王建国|扶贫款", told)
