"""Everything that can arrive on Telegram, over both libraries."""

from __future__ import annotations

import asyncio
import io
import time

import pytest
from botapi import Fault
from PIL import Image
from sqlalchemy import select
from telegram_here import HARD, Here, telegram_here
from users import User

from assistance.decision import Notice
from assistance.post import Attachment
from storage.tables import inbox


def picture(colour: str = "red", size: tuple[int, int] = (900, 600)) -> bytes:
    packed = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    Image.new("RGB", size, colour).save(packed, "JPEG", exif=exif)
    return packed.getvalue()


async def attachment(here: Here, number: int = 0) -> Image.Image:
    (case,) = await here.cases()
    async with here.program.store.work() as work:
        reports = (await work.cases.for_engine().words(case)).reports
        came = await work.inbox.attachment(reports[number][0].said)
    assert came
    assert b"PhoneMaker" not in came.data
    return Image.open(io.BytesIO(came.data))


async def test_start_greets_and_shows_the_menu_of_the_one_who_asks(here: Here) -> None:
    """Residents may say what is wrong, officers see what waits; the commands are known to Telegram."""
    stranger, zhou = here.user(5005), here.user("zhou")
    stranger.say("/start")
    zhou.say("/start")
    greeting = await stranger.hears("及时雨")
    assert "家里有难处" in greeting.menu
    assert "待办" in (await zhou.hears("及时雨")).menu
    assert {one["command"] for one in here.api.commands} >= {"help", "cancel"}
    assert await here.cases() == []


async def test_an_invitation_is_redeemed_by_its_link_and_only_once(here: Here) -> None:
    """t.me/…?start=TOKEN: the new phone is the officer's with an officer's menu; the second who has it stays outside."""
    async with here.program.store.work() as work:
        token = (await work.invites.make("zhao", None, here.clock())).token
    new, other = here.user(5006), here.user(5007)
    new.say(f"/start {token}")
    done = await new.hears("已经登录")
    assert "待办" in done.menu
    async with here.program.store.work() as work:
        assert (await work.people.whose("telegram", "5006")).id == "zhao"
        assert await work.people.whose("telegram", str(here.user("zhao").number)) is None
    other.say(f"/start {token}")
    await other.hears("登录码不对")


async def test_a_group_hears_nothing_but_where_to_write(here: Here) -> None:
    """Whatever is said to the bot there, once in ten minutes; what others say there is not listened to."""
    zhou = here.user("zhou")
    zhou.say(f"@jishiyu_bot {HARD}", where=-500)
    zhou.say("今天吃啥", where=-500)
    zhou.say("/todo@jishiyu_bot", where=-500)
    zhou.say("在吗")  # alone: what was said before in the group has been taken by then
    await zhou.hears(lambda one: True)
    group = here.user(-500)
    only = await group.hears("t.me/jishiyu_bot")
    assert group.got == [only]
    assert await here.cases() == []


async def test_a_photo_with_words_is_one_report_without_traces(here: Here) -> None:
    """The caption opens the case; of the photo nothing but the picture is kept."""
    li = here.user("li")
    li.photo(picture(), caption="俺家屋顶塌了半边，人没地方住")
    await li.hears("回执号")
    assert (await attachment(here)).size == (900, 600)


async def test_an_album_is_one_report_with_all_its_photos(here: Here) -> None:
    """Three photos, words on the second only: one case, one answer, one long picture in their order."""
    li = here.user("li")
    for place, colour in enumerate(("red", "lime", "blue")):
        words = {"caption": "俺家屋顶塌了半边，人没地方住"} if place == 1 else {}
        li.photo(picture(colour), media_group_id="g1", **words)
    li.say("村里路灯坏了三天了")
    first = await li.hears("回执号")
    await li.hears("回执号", after=first.number)
    roof = (await here.cases())[0]
    async with here.program.store.work() as work:
        ((report, words),) = (await work.cases.for_engine().words(roof)).reports
        came = await work.inbox.attachment(report.said)
    assert words == "俺家屋顶塌了半边，人没地方住"
    assert came
    whole = Image.open(io.BytesIO(came.data))
    assert whole.size == (900, 1800)
    tops = [whole.getpixel((450, top)) for top in (300, 900, 1500)]
    assert [max(range(3), key=lambda place: pixel[place]) for pixel in tops] == [0, 1, 2]


async def test_a_video_among_photos_brings_its_words_and_one_sentence(here: Here) -> None:
    """The words stand on the video: still one report, with the photos; photos are asked for once."""
    li = here.user("li")
    video = {"file_id": "m1", "file_unique_id": "m1", "width": 9, "height": 9, "duration": 60, "file_size": 99_000_000}
    li.sends(video=video, caption="俺家屋顶塌了半边，人没地方住", media_group_id="g2")
    li.sends(video=video, media_group_id="g2")
    li.photo(picture("lime"), media_group_id="g2")
    await li.hears("回执号")
    await li.hears("视频")
    assert (await attachment(here)).size == (900, 600)
    assert sum("视频" in one.text for one in li.got) == 1


async def test_a_voice_note_goes_to_a_person(here: Here) -> None:
    """Kept as it is, sound for sound; somebody is told that there is one to listen to."""
    li = here.user("li")
    here.api.files["v1"] = (b"OggS" + bytes(500), 0.0)
    li.sends(voice={"file_id": "v1", "file_unique_id": "v1", "duration": 4, "mime_type": "audio/ogg", "file_size": 504})
    await li.hears(lambda one: True)
    await here.user("sun").hears("附件")
    ((_, came),) = await said_by(here, li)
    assert came == Attachment("voice", "audio/ogg", b"OggS" + bytes(500))


async def test_a_video_is_refused_in_one_sentence_and_its_words_are_kept(here: Here) -> None:
    """Too large for bots or not: photos are asked for; the caption opens the case."""
    li = here.user("li")
    video = {"file_id": "m1", "file_unique_id": "m1", "width": 9, "height": 9, "duration": 60, "file_size": 99_000_000}
    li.sends(video=video, caption=HARD)
    await li.hears("回执号")
    await li.hears("视频")
    assert "getFile" not in here.api.calls


async def test_a_photo_that_is_too_large_is_not_fetched(here: Here) -> None:
    """A scan of 30 MB: told at once."""
    li = here.user("li")
    scan = {"file_id": "d1", "file_unique_id": "d1", "mime_type": "image/png", "file_size": 30_000_000}
    li.sends(document=scan)
    await li.hears("太大了")
    assert "getFile" not in here.api.calls


@pytest.mark.parametrize("told", ["file is too big", ""])
async def test_a_file_whose_size_nobody_told_is_still_not_swallowed(here: Here, told: str) -> None:
    """Telegram refuses it, or it turns out to be larger than what is kept."""
    li = here.user("li")
    if told:
        here.api.faults["getFile"].append(Fault(400, f"Bad Request: {told}"))
    here.api.files["d2"] = (bytes(12_000_001), 0.0)
    li.sends(document={"file_id": "d2", "file_unique_id": "d2", "mime_type": "image/png"})
    await li.hears("太大了")
    assert "file" not in here.api.calls


async def test_an_edited_message_is_a_correction_of_the_case(here: Here) -> None:
    """Both words are kept, in one case."""
    li = here.user("li")
    li.say(HARD)
    first = await li.hears("回执号")
    li.edits(HARD.replace("八千", "一万二"))
    await li.hears(lambda one: one.number > first.number)
    (case,) = await here.cases()
    assert await here.words(case) == [HARD, f"更正：{HARD.replace('八千', '一万二')}"]


async def test_a_place_and_a_contact_are_taken(here: Here) -> None:
    """纬度,经度, once: who walks on with 实时位置 is not answered at every step. A name with its number."""
    li = here.user("li")
    li.say(HARD)
    first = await li.hears("回执号")
    place = {"latitude": 34.77, "longitude": 117.59, "live_period": 900}
    walk = li.message(location=place)
    here.api.push("message", walk)
    second = await li.hears(lambda one: one.number > first.number)
    moved = {**walk, "edit_date": walk["date"] + 9, "location": {**place, "latitude": 34.78}}
    here.api.push("edited_message", moved)
    li.sends(contact={"phone_number": "13800001234", "first_name": "王某"})
    await li.hears(lambda one: one.number > second.number)
    kept = [said for said, _ in await said_by(here, li)]
    assert kept == [HARD, None, "王某 电话13800001234"]
    assert [came.data for _, came in await said_by(here, li) if came] == [b"34.77000,117.59000"]
    assert len(li.got) == 3


async def said_by(here: Here, user: User) -> list[tuple[str | None, Attachment | None]]:
    """What the inbox holds of somebody, in order."""
    async with here.program.store.work() as work:
        rows = (await work.inbox._connection.execute(select(inbox).order_by(inbox.c.place))).all()
        found = [work.inbox._said(row) for row in rows]
        return [(one.text, await work.inbox.attachment(one.id)) for one in found if one.address == str(user.number)]


async def test_a_press_is_acknowledged_before_it_is_answered_and_a_stale_one_still_counts(here: Here) -> None:
    """'query is too old' is no error of the press."""
    here.user("li").say(HARD)
    zhou = here.user("zhou")
    new = await zhou.hears("接单")
    here.api.faults["answerCallbackQuery"].append(Fault(400, "Bad Request: query is too old"))
    began = len(here.api.calls)
    zhou.press("接单")
    await zhou.hears("办结", after=new.number)
    calls = [one for one in here.api.calls[began:] if one in ("answerCallbackQuery", "sendMessage")]
    assert calls[0] == "answerCallbackQuery"


def test_a_button_whose_words_have_no_room_in_its_data_is_read_off_the_button() -> None:
    """Data is at most 64 bytes; 64 bytes are 21 Chinese characters."""
    from assistance.post import Letter
    from bot.telegram.keyboards import under
    from bot.telegram.updates import Told, read
    from tests.bot.test_channels import letter

    long = "后马寨村三组老支书家隔壁的那一户人家就是门口有棵大槐树的"
    keyboard = under(Letter(letter("哪一家？").parcel, "哪一家？", (long, "接单"), receipt="31234567"))
    assert keyboard
    data = [button["callback_data"] for row in keyboard["inline_keyboard"] for button in row]
    assert all(len(one.encode()) <= 64 for one in data)
    press = {"id": "1", "from": {"id": 7}, "data": data[0], "message": {"chat": {"id": 7, "type": "private"}, "reply_markup": keyboard}}  # fmt: skip
    told = read({"update_id": 1, "callback_query": press}, "bot")
    assert isinstance(told, Told)
    assert told.press == long
    assert data[1] == "接单 31234567"


async def test_long_answers_come_as_parts_counted_as_telegram_counts(here: Here) -> None:
    """4,096 UTF-16 units, of which a face is two; the buttons stand under the last. The server refuses anything longer."""
    li = here.user("li")
    async with here.program.store.work() as work:
        text = "😀" * 2000 + "\n" + "事" * 4000
        notice = Notice("person:li", "reply#none", "reply", text=text, buttons=("跳过",))
        await work.outbox.queue([notice], here.clock(), accuses=False)
    here.program.office.wake.set()
    last = await li.hears("跳过")
    assert [one.text for one in li.got] == ["😀" * 2000, "事" * 4000]
    assert [one.buttons for one in li.got] == [[], ["跳过"]]
    assert li.got[-1] == last


async def test_signs_of_formatting_are_letters_like_others(here: Here) -> None:
    """Plain text both ways: nothing that somebody writes makes an answer fail."""
    for number, text in enumerate(("*_[`](", "<b>俺家</b> &lt;", "a_b *c", "😀" * 5), 5020):
        here.user(number).say(text)
        await here.user(number).hears(lambda one: True)


async def test_a_slow_file_is_asked_for_again_and_nobody_else_waits_for_it(tmp_path, library: str) -> None:
    """The photo does not come: its words open the case, the sender is asked for it again; a neighbour is answered
    meanwhile."""
    async with telegram_here(tmp_path, library, patience=0.4) as here:
        li, other = here.user("li"), here.user(5010)
        li.photo(picture(), seconds=1.0, caption=HARD)
        await asyncio.sleep(0.1)
        began = time.monotonic()
        other.say("在吗")
        await other.hears(lambda one: True)
        quick = time.monotonic() - began
        await li.hears("没收下来", seconds=20)
        await li.hears("回执号")
        assert here.api.calls.count("file") == 3
        assert quick < time.monotonic() - began
        assert quick < 2.0
