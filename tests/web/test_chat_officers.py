"""Two windows: the resident's phone and the officer's; signing in, and a session that ends."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from running import PHONE
from walk import WAITING_FILE, answered, bot, kept, mine, press, receipt_in, say

HARDSHIP = "俺娘住院交不上押金，还差八千，大夫说明天就停药，石门东村甘霖秀家"
VISIT = "今天去甘霖秀家走访，老人按时吃药"
TOWN = ("town", "霜降平", "峨山镇", "镇帮扶办干部")  # of the sample roster


@pytest.fixture(scope="module")
def helper_page(server, browser):
    """The 网格员's phone, signed in once by the link that the program printed."""
    context = browser.new_context(locale="zh-CN", **PHONE)
    page = context.new_page()
    page.goto(server.address + server.links["网格员"])
    page.locator("#who", has_text="白露珍").wait_for()
    yield page
    context.close()


def test_a_one_time_link_signs_in_and_leaves_the_address_bar(helper_page):
    assert "in=" not in helper_page.url
    assert "in=" not in helper_page.evaluate("JSON.stringify(history.state) + location.href")
    assert "白露珍 网格员" in helper_page.inner_text("#who")
    assert "待办" in helper_page.inner_text("#menu")


def test_a_used_link_is_refused_with_a_sentence_and_a_field_for_a_code(phone, server, helper_page):
    page = phone(server.links["网格员"])
    page.locator("#door-form").wait_for()

    assert page.inner_text("#door-text").strip()
    assert "登录" not in page.inner_text("#who")
    assert page.evaluate("document.activeElement.id") == "code"


def test_hardship_accepted_finished_solved_in_two_windows(phone, helper_page):
    resident = phone()
    receipt = receipt_in(answered(resident, HARDSHIP))
    told = bot(helper_page, receipt)
    assert "八千" in told.inner_text()

    told.locator(".choice", has_text="接单").click()
    bot(resident, "接手")
    assert "白露珍" in bot(resident, "接手").inner_text()
    bot(helper_page, "已接单")
    press(helper_page, "办结")
    asked = bot(resident, "您看解决了没有")
    bot(helper_page, "已办结")
    asked.locator(".choice", has_text="已解决").click()

    bot(resident, "这件事办结了")
    bot(helper_page, "群众说已解决")


def test_of_two_open_cases_the_older_one_is_accepted_by_its_own_button(phone, helper_page):
    older = receipt_in(answered(phone(), "俺爹摔断了腿没钱做手术，石门东村苗青禾家"))
    newer = receipt_in(answered(phone(), "俺家断药三天了，石门东村谷满仓家"))
    bot(helper_page, newer)
    bot(helper_page, older).locator(".choice", has_text="接单").click()

    helper_page.locator(".row.bot[data-id]", has_text="已接单").filter(has_text=older).wait_for()
    assert bot(helper_page, newer).locator(".choice:enabled", has_text="接单").count() == 1


def test_a_crisis_vanishes_from_the_phone_when_it_is_over(phone, helper_page):
    resident = phone()
    say(resident, "俺实在不想活了，药都攒好了，在石门东村麦穗儿家")
    bot(resident, "我在听")
    told = bot(helper_page, "麦穗儿")
    told.locator(".choice", has_text="接单").click()
    receipt = receipt_in(bot(resident, "接手").inner_text())
    helper_page.locator(".row.bot[data-id]", has_text="已接单").filter(has_text=receipt).wait_for()
    press(helper_page, "办结")
    bot(resident, "您看解决了没有")
    press(resident, "已解决")
    bot(resident, "这件事办结了")

    assert not any(word in resident.inner_text("#log") + kept(resident) for word in ("不想活", "我在听", "接手"))


def test_what_the_officer_saw_is_told_to_the_server_and_only_that(phone, helper_page):
    told = []
    helper_page.on(
        "request", lambda one: told.extend(one.post_data_json["ids"]) if one.url.endswith("/api/seen") else None
    )
    resident = phone()
    receipt = receipt_in(answered(resident, "俺家断药三天了，石门东村风满楼家"))
    message = bot(helper_page, receipt)
    helper_page.wait_for_timeout(900)

    assert int(message.get_attribute("data-id")) in told


def test_a_photo_goes_without_place_and_device(phone, helper_page):
    resident = phone()
    resident.context.set_offline(True)
    resident.set_input_files("#photo-file", {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    resident.locator("#attached img").wait_for()
    say(resident, "俺家房子塌了一角，石门东村甘霖秀家")
    resident.locator(".state", has_text="等网络").wait_for()
    waiting = bytes(resident.evaluate(WAITING_FILE))
    resident.context.set_offline(False)
    receipt = receipt_in(bot(resident, "回执号").inner_text())
    picture = bot(helper_page, receipt).locator("img")
    picture.wait_for()
    source = helper_page.evaluate("(path) => new URL(path, location.href).href", picture.get_attribute("src"))
    stored = helper_page.request.get(source).body()

    for data in (waiting, stored):
        assert not any(mark in data for mark in (b"Exif", b"GPS", b"Bangfu 9"))
        with Image.open(io.BytesIO(data)) as opened:
            assert max(opened.size) == 1600
            assert not opened.getexif()


def photo() -> bytes:
    """A large photo as a phone takes it: with the maker, and the place in it."""
    picture = Image.linear_gradient("L").resize((2400, 1800)).convert("RGB")
    exif = picture.getexif()
    exif[0x010F] = "Bangfu 9"
    exif[0x8825] = {1: "N", 2: (34.0, 46.0, 12.0), 3: "E", 4: (117.0, 35.0, 1.0)}
    packed = io.BytesIO()
    picture.save(packed, "JPEG", exif=exif)
    assert b"Exif" in packed.getvalue()
    assert b"Bangfu 9" in packed.getvalue()
    return packed.getvalue()


def test_a_voice_note_is_recorded_and_sent(phone):
    page = phone()
    page.context.grant_permissions(["microphone"])
    page.click("#voice")
    page.locator("#voice[aria-pressed=true]").wait_for()
    page.wait_for_timeout(1200)
    page.click("#voice")
    page.locator("#attached audio").wait_for()
    page.click(".send")
    bot(page, "回执号")

    assert "[语音]" in mine(page).inner_text()


def test_the_place_is_told_only_on_a_tap(phone):
    page = phone(geolocation={"latitude": 34.77, "longitude": 117.58}, permissions=["geolocation"])
    sent = []
    page.on("request", lambda one: sent.append(one.post_data_json) if one.url.endswith("/api/say") else None)
    answered(page, "俺家房顶漏雨了，石门东村")
    page.click("#place")
    page.locator("#attached li").wait_for()
    answered(page, "就在这里", "")

    assert [one["place"] for one in sent] == [None, {"lat": 34.77, "lon": 117.58}]


def test_an_ended_session_keeps_what_was_written_until_the_officer_is_back(phone, server):
    page = phone(server.links["镇帮扶办干部"])
    page.locator("#who", has_text="霜降平").wait_for()
    answered(page, "待办", "")
    page.context.clear_cookies()
    say(page, VISIT)
    page.locator("#door-text", has_text="到期").wait_for()
    assert page.locator(".row.bot[data-id]").count() == 0
    assert VISIT in mine(page).last.inner_text()

    page.locator("#say").press_sequentially("还有一句")
    page.reload()
    page.locator("#door-text", has_text="到期").wait_for()
    page.fill("#code", server.invite(*TOWN))
    page.click("#door-form [type=submit]")

    bot(page, "走访记下了")
    assert page.input_value("#say") == "还有一句"


def test_nothing_of_an_officer_goes_out_under_a_residents_name(phone, server):
    page = phone(server.links["即时帮扶专班"])
    page.locator("#who", has_text="春晓晖").wait_for()
    page.context.clear_cookies()
    say(page, VISIT)
    page.locator("#leave").click()
    page.locator("#who:empty").wait_for(state="attached")
    sent = []
    page.on("request", lambda one: sent.append(one.post_data_json["text"]) if one.url.endswith("/api/say") else None)
    answered(page, "你好", "")

    assert sent == ["你好"]
    assert VISIT not in page.content()


def test_the_demo_clock_is_wound_on_the_page(phone):
    resident = phone()
    before = resident.inner_text("#demo-clock")
    resident.click("#demo [data-hours='1']")
    resident.locator("#demo-clock", has_not_text=before).wait_for()
    hours = [int(re.search(r"(\d+):", text)[1]) for text in (before, resident.inner_text("#demo-clock"))]

    assert hours[1] == hours[0] + 1
