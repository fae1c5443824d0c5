"""Whose phone is it: what vanishes from the device, and when."""

from __future__ import annotations

import re

from walk import HIDE, SHOW, answered, bot, kept, mine, press, receipt_in, say, wait_until_shell_is_kept

ACCUSED = "石门东村会计扣了俺家三百块低保钱，还说不给就停"
DESPAIR = "俺实在不想活了，药都攒好了"
HALF_AN_HOUR = 31 * 60_000  # ms
TEN_MINUTES = 10 * 60_000 + 1000


def code_in(text: str) -> str:
    return re.search(r"查询码：?\s*(\w+)", text)[1]


def complain(page) -> tuple[str, str]:
    text = answered(page, ACCUSED, "查询码")
    return receipt_in(text), code_in(text)


def test_a_complaint_leaves_nothing_on_the_phone_once_it_is_noted_down(phone):
    page = phone()
    receipt, code = complain(page)
    assert mine(page).count() == 0
    assert not any(word in kept(page) for word in ("低保钱", receipt, code))

    page.click(".noted")
    page.locator(".row.bot", has_text=code).wait_for(state="detached")
    assert "低保钱" not in page.content()
    page.reload()
    page.wait_for_selector("#log[aria-busy=false]")
    page.wait_for_timeout(800)  # the server would have sent it by now

    assert not any(word in page.content() + kept(page) for word in ("低保钱", receipt, code))


def test_the_receipt_of_a_complaint_goes_when_the_page_is_left(phone):
    page = phone()
    receipt, code = complain(page)
    page.wait_for_timeout(600)
    page.reload()
    page.wait_for_selector("#log[aria-busy=false]")
    page.wait_for_timeout(800)

    assert not any(word in page.content() + kept(page) for word in (receipt, code))


def test_the_receipt_of_a_complaint_goes_after_ten_minutes(phone):
    page = phone()
    page.clock.install()
    _, code = complain(page)
    page.wait_for_timeout(500)
    page.clock.fast_forward(TEN_MINUTES - 60_000)
    assert code in page.content()
    page.clock.fast_forward(60_000)

    page.locator(".row.bot", has_text=code).wait_for(state="detached")


def test_the_answer_to_a_button_of_a_complaint_leaves_nothing_either(phone):
    page = phone()
    receipt, _ = complain(page)
    press(page, "匿名")
    bot(page, "按匿名办")
    assert mine(page).count() == 0
    while page.locator(".noted").count():
        page.locator(".noted").first.click()

    assert not any(word in page.inner_text("#log") + kept(page) for word in (receipt, "匿名办"))


def test_receipt_and_code_bring_a_complaint_back_and_it_vanishes_again(phone):
    page = phone()
    receipt, code = complain(page)
    page.reload()
    page.wait_for_selector("#greeting-text:not(:empty)")
    answered(page, f"进度 {receipt} {code}", receipt)
    assert code not in kept(page)
    page.click(".noted")
    page.locator(".row.bot", has_text=receipt).wait_for(state="detached")

    assert not any(word in page.content() + kept(page) for word in (receipt, code))


def test_a_complaint_written_offline_vanishes_as_soon_as_it_is_answered(phone):
    page = phone()
    wait_until_shell_is_kept(page)
    page.context.set_offline(True)
    say(page, ACCUSED)
    page.locator(".state", has_text="等网络").wait_for()
    page.reload()
    page.wait_for_selector("#log[aria-busy=false]")
    page.locator(".row.mine", has_text="低保钱").wait_for()
    page.context.set_offline(False)
    bot(page, "查询码")
    mine(page).wait_for(state="detached")

    assert "低保钱" not in kept(page)


def test_a_complaint_whose_answer_overtakes_the_receipt_for_it_vanishes_too(phone):
    page = phone()
    first = []

    def lose_the_first_answer(route):
        first.append(1)
        if len(first) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/say", lose_the_first_answer)
    say(page, ACCUSED)
    bot(page, "查询码")
    mine(page).wait_for(state="detached")

    assert "低保钱" not in kept(page) + page.content()


def test_a_crisis_stays_while_the_person_is_there_and_goes_after_half_an_hour_away(phone):
    page = phone()
    page.clock.install()
    answered(page, DESPAIR, "我在听")
    answered(page, "俺在石门东村家里，一个人", "")
    page.clock.fast_forward(HALF_AN_HOUR)
    assert DESPAIR in page.inner_text("#log")

    page.evaluate(HIDE)
    page.clock.fast_forward(HALF_AN_HOUR)
    page.evaluate(SHOW)
    page.locator(".row", has_text=DESPAIR).wait_for(state="detached")

    assert not any(word in page.content() + kept(page) for word in ("不想活", "我在听", "一个人"))


def test_a_crisis_is_still_there_after_a_short_while_and_gone_when_the_page_is_opened_late(phone):
    page = phone()
    answered(page, DESPAIR, "我在听")
    page.reload()
    page.wait_for_selector("#log[aria-busy=false]")
    assert DESPAIR in page.inner_text("#log")

    context, address = page.context, page.url
    page.close()
    page = context.new_page()
    page.clock.install()
    page.clock.fast_forward(HALF_AN_HOUR)
    page.goto(address)
    page.wait_for_selector("#log[aria-busy=false]")

    assert not any(word in page.content() + kept(page) for word in ("不想活", "我在听"))


def test_numbers_in_a_crisis_are_called_with_a_tap(phone):
    page = phone()
    say(page, DESPAIR)

    assert bot(page, "我在听").locator("a[href='tel:12356']").is_visible()


def test_an_own_hardship_stays_on_the_phone(phone):
    page = phone()
    receipt = receipt_in(answered(page, "俺家房顶漏雨了，石门东村"))
    page.reload()
    page.wait_for_selector("#log[aria-busy=false]")

    assert "房顶漏雨" in page.inner_text("#log")
    assert receipt in page.inner_text("#log")
