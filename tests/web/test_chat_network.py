"""A bad signal: what is written waits on the device and goes out once, in order, with the time it was written."""

from __future__ import annotations

import itertools
import json
import re
from datetime import datetime
from importlib.resources import files

from playwright.sync_api import expect
from walk import answered, bot, kept, mine, say, wait_until_line_stands, wait_until_shell_is_kept

WRITTEN = ("今天走访石门东村，第一句", "今天走访石门东村，第二句", "今天走访石门东村，第三句")


def spy(page) -> list[dict]:
    """The messages that the server gets from now on, as they arrive there."""
    got: list[dict] = []

    def note(response):
        if response.url.endswith("/api/say") and response.status == 202:
            got.append(json.loads(response.request.post_data))

    page.context.on("response", note)
    return got


def test_offline_messages_wait_and_go_out_once_in_order_with_the_time_they_were_written(phone):
    page = phone()
    page.clock.install()
    got = spy(page)
    page.context.set_offline(True)
    for text in WRITTEN:
        say(page, text)
        page.clock.fast_forward(60_000)
    page.locator(".state", has_text="等网络").nth(2).wait_for()
    assert "没有网" in page.inner_text("#line")
    shown = [mine(page).nth(number).locator("time").get_attribute("datetime") for number in range(3)]

    page.context.set_offline(False)
    page.locator(".state", has_text="已送到").nth(2).wait_for()

    assert [one["text"] for one in got] == list(WRITTEN)
    assert [one["said_at"] for one in got] == shown
    assert len({one["key"] for one in got}) == 3
    written = [datetime.fromisoformat(one["said_at"]) for one in got]
    assert all(50 < (later - earlier).total_seconds() < 80 for earlier, later in itertools.pairwise(written))


def test_what_waits_survives_the_closed_page_and_goes_out_when_it_is_opened_again(phone):
    page = phone()
    context, address = page.context, page.url
    got = spy(page)
    context.set_offline(True)
    for text in WRITTEN:
        say(page, text)
    mine(page).nth(2).wait_for()
    page.close()

    page = context.new_page()
    context.set_offline(False)
    page.goto(address)
    page.locator(".state", has_text="已送到").nth(2).wait_for()

    assert [one["text"] for one in got] == list(WRITTEN)


def test_an_answer_lost_on_the_way_is_not_a_second_message(phone):
    page = phone()
    keys = []

    def lose_the_first_answer(route):
        keys.append(json.loads(route.request.post_data)["key"])
        if len(keys) == 1:
            route.fetch()  # it reaches the server, but its answer does not reach the phone
            route.abort()
        else:
            route.continue_()

    page.route("**/api/say", lose_the_first_answer)
    say(page, "俺家房顶漏雨了，石门东村")
    page.locator(".state", has_text="已送到").wait_for()
    bot(page, "回执号")
    page.wait_for_timeout(500)

    assert len(keys) >= 2
    assert len(set(keys)) == 1
    assert page.locator(".row.bot[data-id]", has_text="记下了").count() == 1
    assert mine(page).count() == 1


def test_a_flooded_server_is_asked_again_after_the_time_it_named(phone):
    page = phone()
    asked = []

    def flooded(route):
        asked.append(route.request)
        if len(asked) == 1:
            route.fulfill(status=429, headers={"Retry-After": "1"}, json={"error": "稍等"})
        else:
            route.continue_()

    page.route("**/api/say", flooded)
    answered(page, "俺家房顶漏雨了，石门东村")

    assert len(asked) == 2


def test_what_the_server_refuses_can_be_changed_and_is_not_lost(phone):
    page = phone()
    page.route("**/api/say", lambda route: route.fulfill(status=413, json={"error": "太长了，请分两次说。"}))
    say(page, "很长的话")
    page.locator(".why", has_text="太长了").wait_for()
    page.click("text=改一改再发")

    expect(page.locator("#say")).to_have_value("很长的话")
    expect(mine(page)).to_have_count(0)


def test_a_broken_line_heals_by_itself(phone):
    page = phone()
    answered(page, "你好", "")
    page.context.set_offline(True)
    page.locator("#line", has_text="没有网").wait_for()
    page.context.set_offline(False)
    wait_until_line_stands(page)

    assert "回执号" in answered(page, "俺家房顶漏雨了，石门东村")


def test_two_tabs_of_one_phone_send_each_message_once_and_show_the_same(phone):
    page = phone()
    got = spy(page)
    second = page.context.new_page()
    second.goto(page.url)
    second.wait_for_selector("#log[aria-busy=false]")
    page.context.set_offline(True)
    say(page, WRITTEN[0])
    say(second, WRITTEN[1])
    mine(page).nth(1).wait_for()
    page.context.set_offline(False)
    page.locator(".state", has_text="已送到").nth(1).wait_for()
    second.locator(".state", has_text="已送到").nth(1).wait_for()

    assert [one["text"] for one in got] == list(WRITTEN[:2])
    page.close()
    say(second, WRITTEN[2])  # the other tab takes over the line
    second.locator(".state", has_text="已送到").nth(2).wait_for()
    second.wait_for_timeout(300)
    assert [one["text"] for one in got] == list(WRITTEN)


def test_the_page_opens_without_a_network(phone):
    page = phone()
    wait_until_shell_is_kept(page)
    answered(page, "俺家房顶漏雨了，石门东村")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("#log[aria-busy=false]")

    assert "回执号" in page.inner_text("#log")
    assert page.locator("#greeting-text").is_visible()
    say(page, "没网也能写")
    page.locator(".state", has_text="等网络").wait_for()
    assert "没网也能写" in kept(page)


def test_what_has_not_gone_out_can_be_taken_back(phone):
    page = phone()
    got = spy(page)
    page.context.set_offline(True)
    say(page, "这句不想说了")
    page.locator(".state", has_text="等网络").wait_for()
    page.click("text=不发了")
    page.context.set_offline(False)
    wait_until_line_stands(page)
    answered(page, "你好", "")

    assert [one["text"] for one in got] == ["你好"]
    assert not re.search("不想说", kept(page))


def test_every_file_of_the_page_is_kept_for_the_time_without_a_network():
    static = files("bot") / "web" / "static"
    kept_files = set(re.findall(r'"([a-z_]+\.[a-z]+)"', (static / "sw.js").read_text("utf-8")))

    assert kept_files == {one.name for one in static.iterdir()} - {"index.html", "sw.js"}
