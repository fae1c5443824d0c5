"""The page's HTTP face, spoken to over real HTTP."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from web_here import Page, page

from bot.web.limits import Limit, Turn

HARD = "俺娘住院交不上押金还差八千大夫说明天就停药"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Page]:
    async with page(tmp_path) as opened:
        yield opened


async def village_code(here: Page) -> str:
    return next(code for code, area in here.program.pack.areas.items() if area.name == "后马寨村")


async def test_a_resident_writes_and_is_answered_with_a_receipt(here: Page) -> None:
    """Without registration, from the poster of the village."""
    phone = here.phone()
    me = await phone.hello(at=await village_code(here))
    assert me["me"]["place"] == "后马寨村"
    assert "程序" in me["greeting"]
    letter = await phone.answer_to(await phone.say(HARD))
    assert re.search(r"回执号：\d{8}", letter["text"])


async def test_the_same_key_is_the_same_message(here: Page) -> None:
    """Sent twice, answered once, opened once."""
    phone = here.phone()
    await phone.hello()
    first, again = await phone.say(HARD, key="k1"), await phone.say(HARD, key="k1")
    assert first == again
    await phone.answer_to(first)
    async with here.program.store.work() as work:
        assert len(await work.cases.for_engine().all()) == 1


async def test_two_windows_walk_a_case_from_hardship_to_solved(here: Page) -> None:
    """村民说 → 接单 → 办结 → 已解决."""
    resident, zhou = here.phone(), await here.officer("zhou")
    await resident.hello(at=await village_code(here))
    await resident.say(HARD)
    new = await zhou.hears(lambda letter: "接单" in letter["buttons"])
    assert "押金" in new["text"]
    await zhou.answer_to(await zhou.say(press="接单"))
    await zhou.answer_to(await zhou.say(press="办结"))
    await resident.hears(lambda letter: "已解决" in letter["buttons"])
    done = await resident.answer_to(await resident.say(press="已解决"))
    assert done["over"]


async def test_a_complaint_is_marked_for_forgetting_and_its_words_do_not_stay_in_the_box(here: Page) -> None:
    """The page learns that message and answer are private; what the device has is erased here."""
    phone = here.phone()
    await phone.hello(at=await village_code(here))
    letter = await phone.answer_to(await phone.say("村支书王建国把俺家的低保钱扣了一半，不给他送礼就不给办"))
    assert letter["private"] == "complaint"
    assert "查询码" in letter["text"]
    await phone.got()
    phone.hang_up()
    later = here.phone()
    assert (await later.post("/api/got", {"upto": 5}))[0] == 401
    async with here.program.store.work() as work:
        address = (await work.outbox.waiting(here.clock(), 10)) or ()
        assert not address


async def test_whoever_is_accused_hears_nothing_on_the_page(here: Page) -> None:
    """王建国 gets no letter, and no number of a letter is left out."""
    wang, sun, phone = await here.officer("wang"), await here.officer("sun"), here.phone()
    await phone.hello(at=await village_code(here))
    await phone.say("村支书王建国把俺家的低保钱扣了一半")
    await sun.hears(lambda letter: letter["kind"] == "notice")
    await phone.say(HARD)
    new = await wang.hears(lambda letter: letter["kind"] == "notice")
    assert "押金" in new["text"]
    assert new["id"] == 1


async def test_what_was_written_offline_is_dated_by_the_device(here: Page) -> None:
    """`said_at` dates what is told; the limits count from when the bot received it."""
    zhou = await here.officer("zhou")
    written = here.clock().replace(microsecond=0).isoformat()
    answer = await zhou.answer_to(await zhou.say("今天去王桂英家看了看，一切都好", said_at=written))
    assert "记下了" in answer["text"]


async def test_a_photo_loses_its_place_and_its_size(here: Page) -> None:
    """Nothing but the picture is kept; the handler can look at it, the neighbour cannot."""
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[2] = (34.0, 40.0, 12.0)
    packed = io.BytesIO()
    Image.new("RGB", (3000, 2000), "red").save(packed, "JPEG", exif=exif)
    phone, zhou = here.phone(), await here.officer("zhou")
    await phone.hello(at=await village_code(here))
    status, _ = await phone.send_file(packed.getvalue(), "image/jpeg", text="俺家屋顶塌了半边，人没地方住")
    assert status == 202
    new = await zhou.hears(lambda letter: bool(letter["media"]))
    status, data = await zhou.get(f"/media/{new['media'][0]['id']}")
    kept = Image.open(io.BytesIO(data))
    assert status == 200
    assert max(kept.size) == 1600
    assert not kept.getexif()
    assert b"PhoneMaker" not in data
    other = here.phone()
    await other.hello()
    assert (await other.get(f"/media/{new['media'][0]['id']}"))[0] == 404


@pytest.mark.parametrize(("data", "kind"), [(b"MZ\x90", "application/x-dosexec"), (b"no picture", "image/jpeg")])
async def test_what_is_no_photo_is_refused_in_one_sentence(here: Page, data: bytes, kind: str) -> None:
    """And the conversation goes on."""
    phone = here.phone()
    await phone.hello()
    status, answer = await phone.send_file(data, kind)
    assert status == 415
    assert answer["error"].endswith("。")


async def test_a_voice_note_alone_goes_to_a_person(here: Page) -> None:
    """Kept as it is; the sender is told that somebody will listen."""
    phone, sun = here.phone(), await here.officer("sun")
    await phone.hello()
    await phone.send_file(b"OggS" + bytes(200), "audio/webm;codecs=opus")
    letter = await sun.hears(lambda one: bool(one["media"]))
    assert letter["media"][0]["kind"] == "voice"


async def test_a_link_opens_once(here: Page) -> None:
    """The second who has it stays outside."""
    token = await here.token("zhou")
    assert await here.phone().sign_in(token) == 200
    assert await here.phone().sign_in(token) == 403


async def test_a_session_ends_and_nothing_is_taken_for_a_resident(here: Page) -> None:
    """After its days an officer's page may not speak; the words stay on the device until the next sign-in."""
    zhou = await here.officer("zhou")
    here.clock.forward(timedelta(days=31))
    status, answer = await zhou.say("今天去王桂英家了，都好")
    assert status == 401
    assert "登录" in answer["error"]
    assert (await zhou.post("/api/hello", {}))[1]["ended"]


async def test_another_site_cannot_write_in_somebodys_name(here: Page) -> None:
    """Without our header, with another origin, or sent across sites: refused."""
    phone = here.phone()
    await phone.hello()
    body = {"key": "k", "text": "撤回"}
    assert (await phone.post("/api/say", body, Origin="https://evil.example"))[0] == 403
    assert (await phone.post("/api/say", body, **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
    async with phone._session.post("/api/say", json=body) as bare:
        assert bare.status == 403


async def test_every_answer_carries_the_strict_policy(here: Page) -> None:
    """No script, style or request but our own; nobody may frame it."""
    phone = here.phone()
    async with phone._session.get("/api/nothing") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


async def test_a_flood_is_slowed_and_loses_nothing(here: Page) -> None:
    """Whoever is told to wait is taken when he comes again."""
    phone = here.phone()
    await phone.hello()
    told = await asyncio.gather(*(phone.say("在吗", key=f"k{number}") for number in range(16)))
    assert {status for status, _ in told} == {202, 429}
    async with here.program.store.work() as work:
        assert not await work.inbox.unanswered(100)


def test_who_writes_too_fast_waits_longer_and_is_never_locked_out() -> None:
    """Tokens come back with time, and a kept turn is one's own."""
    now = 0.0
    limit = Limit(0.5, 2, 3.0, lambda: now)
    assert [limit.turn("phone") for _ in range(4)] == [
        Turn(0, kept=True),
        Turn(0, kept=True),
        Turn(2, kept=True),
        Turn(4, kept=False),
    ]
    assert limit.turn("other") == Turn(0, kept=True)
    now = 4.0
    assert limit.turn("phone") == Turn(0, kept=True)


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/..%2f..%2fbuild.py", "/static/x.py", "/media/12345678/0"]
)
async def test_nothing_but_the_page_is_served(here: Page, path: str) -> None:
    """No file of the program, no attachment without a session."""
    assert (await here.phone().get(path))[0] in (401, 403, 404)


@pytest.mark.parametrize("body", [{}, {"key": "k"}, {"key": "k", "text": "  "}, {"key": "k" * 101, "text": "好"}, [1]])
async def test_a_broken_message_gets_a_sentence(here: Page, body: object) -> None:
    """400, and what to do."""
    phone = here.phone()
    await phone.hello()
    status, answer = await phone.post("/api/say", body)
    assert status == 400
    assert answer["error"].endswith("。")
