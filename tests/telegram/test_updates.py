"""From an update of the Bot API to what the house is told, without any library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from aiogram.types import Update as AiogramUpdate
from botapi import BotApi
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update as LightUpdate

from bot.telegram.keyboards import menu
from bot.telegram.updates import Closed, Elsewhere, File, Told, read, said_of

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
ME = {"id": 7, "is_bot": False, "first_name": "某人"}
SIZES = [
    {"file_id": f"s{side}", "width": side, "height": side // 2, "file_size": side} for side in (90, 800, 1700, 2560)
]


def message(**content: object) -> dict:
    return {"message_id": 3, "date": int(NOW.timestamp()), "chat": {"id": 7, "type": "private"}, "from": ME, **content}


def told(**content: object) -> Told:
    found = read({"update_id": 1, "message": message(**content)}, "jishiyu_bot")
    assert isinstance(found, Told)
    return found


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"text": "在吗"}, "在吗"),
        ({"text": "/help"}, "帮助"),
        ({"text": "/todo@jishiyu_bot"}, "待办"),
        ({"text": "/start abcDEF_-12345678"}, "登录 abcDEF_-12345678"),
        ({"text": "/nothing of ours"}, "/nothing of ours"),
        ({"caption": "俺家屋顶", "photo": SIZES}, "俺家屋顶"),
        ({"sticker": {"emoji": "👍", "file_id": "x"}}, "👍"),
        (
            {"contact": {"first_name": "秀兰", "last_name": "李", "phone_number": "13800001111"}},
            "李秀兰 电话13800001111",
        ),
    ],
)
def test_words_are_kept_as_they_stand(content: dict, text: str) -> None:
    """Commands are their Chinese words, an invitation is a sign-in."""
    assert told(**content).text == text


def test_the_smallest_photo_that_is_large_enough_is_fetched() -> None:
    """1,600 pixels are kept at most: the original of 2,560 would be thrown away."""
    assert told(photo=SIZES).file == File("photo", "s1700", "image/jpeg", 1700)
    assert told(photo=SIZES[:2]).file == File("photo", "s800", "image/jpeg", 800)


@pytest.mark.parametrize("kind", ["video", "video_note", "animation", "poll"])
def test_what_cannot_be_kept_is_told_apart(kind: str) -> None:
    """A video brings no file, but its words."""
    found = told(**{kind: {"file_id": "x"}, "caption": "看"})
    assert (found.unfit, found.file, found.text) == (True, None, "看")


def test_a_message_is_dated_by_telegram_and_never_by_the_future() -> None:
    """What was written while the bot was away keeps its day."""
    late, ahead = (message(text="好", date=int((NOW + by).timestamp())) for by in (timedelta(-1), timedelta(hours=1)))
    for one, at in ((late, NOW - timedelta(days=1)), (ahead, None)):
        found = read({"update_id": 1, "message": one}, "b")
        assert isinstance(found, Told)
        assert said_of(found, NOW, None).said_at == at


def test_the_same_update_is_the_same_message_and_an_edit_is_another() -> None:
    """By the update's number, the chat and the message."""
    first, edit = (
        {"update_id": 1, "message": message(text="八千")},
        {"update_id": 2, "edited_message": message(text="一万")},
    )
    said = [said_of(found, NOW, None) for one in (first, first, edit) if isinstance(found := read(one, "b"), Told)]
    assert said[0] == said[1]
    assert said[0].key != said[2].key
    assert said[2].text == "更正：一万"


@pytest.mark.parametrize(
    ("update", "meaning"),
    [
        ({"message": {**message(text="@Jishiyu_Bot 在吗"), "chat": {"id": -5, "type": "group"}}}, Elsewhere(-5)),
        ({"message": {**message(text="吃了没"), "chat": {"id": -5, "type": "supergroup"}}}, None),
        ({"message": {**message(text="在吗"), "from": {**ME, "is_bot": True}}}, None),
        (
            {"my_chat_member": {"chat": {"id": 7, "type": "private"}, "new_chat_member": {"status": "kicked"}}},
            Closed(7),
        ),
        ({"my_chat_member": {"chat": {"id": 7, "type": "private"}, "new_chat_member": {"status": "member"}}}, None),
        (
            {"my_chat_member": {"chat": {"id": -5, "type": "group"}, "new_chat_member": {"status": "member"}}},
            Elsewhere(-5),
        ),
        ({"poll": {"id": "1"}}, None),
    ],
)
def test_groups_bots_and_closed_doors(update: dict, meaning: object) -> None:
    """Nobody's words in a group are taken."""
    assert read({"update_id": 1, **update}, "jishiyu_bot") == meaning


@given(st.lists(st.text("一二三四五六七八", min_size=1, max_size=30), min_size=1, max_size=9))
def test_the_menu_shows_every_word_once_and_in_order(words: list[str]) -> None:
    """In rows that a small phone shows whole, unless one word alone is longer."""
    rows = [[button["text"] for button in row] for row in menu(words)["keyboard"]]
    assert [word for row in rows for word in row] == words
    assert all(len(row) == 1 or len("".join(row)) <= 14 for row in rows)


async def test_both_libraries_can_read_what_the_local_server_tells() -> None:
    """The server of these tests speaks as Telegram does."""
    api = BotApi()
    li = api.user(7)
    li.say("在吗")
    li.photo(b"x", caption="看", media_group_id="g")
    li.edits("改")
    li.closes()
    for update in api.kept:
        assert AiogramUpdate.model_validate(update).update_id == update["update_id"]
        light = LightUpdate.de_json(update, None)
        assert light.to_dict().keys() == update.keys()
        assert read(light.to_dict(), "b") == read(update, "b")
