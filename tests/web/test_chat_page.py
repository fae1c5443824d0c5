"""The page in the hand: size, type, keyboard, what is said in a second."""

from __future__ import annotations

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from walk import DESKTOP, answered, bot, kept, mine, say

HARDSHIP = "俺娘住院交不上押金，还差八千，大夫说明天就停药，石门东村甘霖秀家"
ASKED = "俺家房顶漏雨了，石门东村"  # the bot asks whose house, with 跳过 and 取消 as buttons
SIZES = "() => [document.documentElement, document.getElementById('log'), document.querySelector('footer')].map((one) => one.scrollWidth - one.clientWidth)"
SMALL = """() => [...document.querySelectorAll("button, a[href^='tel:'], textarea, input:not([type=file])")]
  .filter((one) => one.offsetParent && (one.offsetHeight < 44 || one.offsetWidth < 44)).map((one) => one.outerHTML)"""


@pytest.mark.parametrize("big", [False, True])
def test_a_phone_of_360_pixels_needs_no_sideways_scrolling_and_no_sharp_finger(phone, big):
    page = phone()
    if big:
        page.click("#bigger")
    answered(page, HARDSHIP)
    page.click("#door-opener")

    assert page.evaluate(SIZES) == [0, 0, 0]
    assert page.evaluate(SMALL) == []


def test_the_type_is_18_pixels_and_the_larger_one_is_remembered(phone):
    page = phone()
    size = "() => parseFloat(getComputedStyle(document.querySelector('#greeting-text')).fontSize)"
    first = page.evaluate(size)
    page.click("#bigger")
    page.reload()
    page.wait_for_selector("#log[aria-busy=false]")

    assert first == 18
    assert page.evaluate(size) == 24
    assert page.get_attribute("#bigger", "aria-pressed") == "true"


def test_a_hardship_gets_its_receipt_within_a_second(phone):
    page = phone()
    answered(page, "你好", "")  # the first words of a fresh program wake its reader
    say(page, HARDSHIP)
    began = time.monotonic()
    bot(page, "回执号")

    assert time.monotonic() - began < 1


def test_the_numbers_that_save_a_life_are_always_on_the_screen(phone):
    page = phone()
    answered(page, HARDSHIP)

    for number in ("120", "110", "119"):
        link = page.locator(f"header a[href='tel:{number}']")
        assert link.is_visible()
        assert link.bounding_box()["y"] < 200
    assert "我是机器人程序" in page.inner_text("header")


def test_before_the_first_message_it_says_that_a_lost_receipt_cannot_be_found_again(phone):
    page = phone()

    assert page.locator(".row.mine").count() == 0
    assert "找不回来" in page.inner_text("#log .note")


def test_the_poster_of_a_village_tells_the_page_where_it_hangs(phone):
    page = phone("?at=370404104247")

    assert page.inner_text("#who") == "石门东村"
    assert "哪个镇" not in answered(page, "俺家房顶漏雨了")


def test_all_of_it_goes_by_keyboard(phone):
    page = phone(**DESKTOP)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.type(ASKED)
    page.keyboard.press("Enter")
    page.wait_for_selector(".choice:enabled")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.className") == "choice":
            break
    label = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    mine(page).filter(has_text=label).wait_for()

    assert page.evaluate("document.activeElement.id") == "say"


def test_enter_while_pinyin_is_being_chosen_sends_nothing(phone):
    page = phone(**DESKTOP)
    page.fill("#say", "俺家")
    page.evaluate("""() => document.getElementById("say").dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))""")
    page.wait_for_timeout(200)

    assert mine(page).count() == 0
    assert page.input_value("#say") == "俺家"


def test_buttons_go_dead_when_the_bot_has_answered_something_newer(phone):
    page = phone()
    say(page, ASKED)
    page.wait_for_selector(".choice:enabled")
    answered(page, "你好", "")

    first = page.locator(".row.bot[data-id]").first
    assert first.locator(".choice").count() > 0
    assert first.locator(".choice:enabled").count() == 0


def test_what_stands_in_the_field_survives_a_reload_but_not_half_an_hour(phone):
    page = phone()
    page.locator("#say").press_sequentially("俺家的房子漏")
    page.reload()
    page.wait_for_selector("#log[aria-busy=false]")
    assert page.input_value("#say") == "俺家的房子漏"

    page.evaluate("""() => sessionStorage.setItem("jishiyu.draft",
      JSON.stringify({ text: "俺家的房子漏", at: Date.now() - 31 * 60000 }))""")
    page.reload()
    page.wait_for_selector("#log[aria-busy=false]")
    assert page.input_value("#say") == ""
    assert "漏" not in kept(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_chat(phone, scheme):
    page = phone(color_scheme=scheme)
    answered(page, ASKED)
    answered(page, "你好", "")
    page.click("#door-opener")
    found = Axe().run(page).response["violations"]

    assert [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ] == []


def test_no_script_style_or_request_comes_from_anywhere_else(phone, server):
    page = phone()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_selector("#log[aria-busy=false]")
    answered(page, HARDSHIP)

    assert asked
    assert [url for url in asked if not url.startswith((server.address, "blob:"))] == []
    policy = page.request.get(server.address).headers["content-security-policy"]
    assert "unsafe" not in policy
