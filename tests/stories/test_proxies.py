"""代报: somebody reports for somebody else, who may take it over (issue 3, item 5)."""

from __future__ import annotations

import re

import pytest
from village import Village

NEED = "住院交不上押金还差八千大夫说明天就停药"
TAKEN = "石门东村会计私自扣了俺们的土地流转款"


def code_in(text: str) -> str | None:
    found = re.search(r"查询码：(\d{6})", text)
    return found and found.group(1)


@pytest.mark.parametrize(
    ("who", "words", "proxy"),
    [
        ("zhou", f"孙长友{NEED}", True),  # an officer
        ("meng", f"俺邻居孙长友{NEED}", True),  # another household
        ("li", f"俺娘{NEED}", False),  # one's own
        ("zhou", "村南头的路灯坏了半个月了", False),  # a thing is nobody's
    ],
)
async def test_who_reports_for_another_gets_a_code_for_them(place: Village, who: str, words: str, proxy: bool) -> None:
    """Beside the receipt stands a 查询码 for the person concerned, and only then."""
    answer = await place.says(who, words)

    assert "回执号" in answer
    assert (code_in(answer) is not None) is proxy
    assert ("本人" in answer) is proxy


@pytest.mark.parametrize("words", ["认领 {receipt} {code}", "{receipt} {code} 是俺家的"])
async def test_the_person_concerned_takes_it_over(place: Village, words: str) -> None:
    """By receipt and code they get a receipt of their own, ask and judge for themselves."""
    code = code_in(await place.says("zhou", f"孙长友{NEED}"))
    first = place.receipt("zhou")
    answer = await place.says("gu", words.format(receipt=first, code=code))

    own = place.receipt("gu")
    assert own in answer and own != first
    assert own in await place.says("gu", "进度")
    (case,) = await place.cases()
    assert case.reports == 2


async def test_who_has_claimed_it_says_whether_it_is_solved(place: Village) -> None:
    """An officer had reported and finished it himself: the person concerned is asked, and 没解决 counts."""
    code = code_in(await place.says("zhou", f"孙长友{NEED}"))
    await place.says("gu", f"认领 {place.receipt('zhou')} {code}")
    await place.presses("zhou", "接单")
    await place.presses("zhou", "办结")

    assert any("解决了没有" in text for text in place.heard("gu"))
    await place.presses("gu", "没解决")
    assert (await place.cases())[0].reopened == 1


async def test_a_claim_while_the_answer_is_awaited_is_asked_at_once(place: Village) -> None:
    """Whoever claims after 办结 gets the question too."""
    code = code_in(await place.says("zhou", f"孙长友{NEED}"))
    receipt = place.receipt("zhou")
    await place.presses("zhou", "接单")
    await place.presses("zhou", "办结")
    await place.says("gu", f"认领 {receipt} {code}")

    await place.presses("gu", "已解决")
    assert (await place.cases())[0].closed_at is not None


async def test_a_report_is_claimed_once(place: Village) -> None:
    """A second phone with the same numbers is told that it is claimed, the first one that it is theirs."""
    code = code_in(await place.says("zhou", f"孙长友{NEED}"))
    words = f"认领 {place.receipt('zhou')} {code}"
    await place.says("gu", words)

    assert "已经认领" in await place.says("meng", words)
    assert "已经在您名下" in await place.says("gu", words)


async def test_an_officer_claims_nothing(place: Village) -> None:
    """Who handles it cannot become its second person."""
    code = code_in(await place.says("zhou", f"孙长友{NEED}"))

    assert "本人" in await place.says("zhou", f"认领 {place.receipt('zhou')} {code}")
    assert "本人" in await place.says("wang", f"认领 {place.receipt('zhou')} {code}")


async def test_a_complaint_is_never_claimed(place: Village) -> None:
    """Receipt and code of a complaint show how it stands and make nobody else its reporter."""
    await place.says("li", TAKEN)
    await place.says("gu", f"认领 {place.receipt('li')} {place.code('li')}")

    (case,) = await place.cases()
    assert case.reports == 1


async def test_the_words_of_a_claim_are_shown_to_nobody(place: Village) -> None:
    """No officer reads the code in what the case shows."""
    code = code_in(await place.says("zhou", f"孙长友{NEED}"))
    await place.says("gu", f"认领 {place.receipt('zhou')} {code}")
    await place.later(hours=3)

    assert code and code not in place.ever_heard("zhao") + place.ever_heard("wang")
    assert place.ever_heard("zhao").count(NEED) <= place.ever_heard("zhao").count("回执号")


# --- no guessing ---


async def test_after_five_wrong_codes_everything_waits(place: Village) -> None:
    """The right code too, whatever it is asked for, until an hour has passed; others are not held up."""
    await place.says("li", TAKEN)
    receipt, code = place.receipt("li"), place.code("li")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        assert "没查到" in await place.says("gu", f"进度 {receipt} {wrong}")

    for words in (f"进度 {receipt} {code}", f"认领 {receipt} {code}", f"撤回 {receipt} {code}", "进度 30000000 123456"):
        assert "过一小时" in await place.says("gu", words)
    assert receipt in await place.says("meng", f"进度 {receipt} {code}")
    await place.later(hours=1, minutes=1)
    assert receipt in await place.says("gu", f"进度 {receipt} {code}")


async def test_a_receipt_guessed_at_from_many_phones_is_shut_for_all(place: Village) -> None:
    """Thirty wrong codes for one receipt in a day, from whomever, and it answers nobody; an unknown one does the same."""
    await place.says("li", TAKEN)
    receipt, code = place.receipt("li"), place.code("li")
    for known in (receipt, "30000000"):
        for phone in range(6):
            for number in range(5):
                await place.says(f"{known}-{phone}", f"进度 {known} {(int(code) + 1 + number) % 10**6:06d}")

        assert "过一小时" in await place.says("meng", f"进度 {known} {code}")


async def test_a_withdrawal_on_a_shared_phone_names_no_receipt_of_a_complaint(place: Village) -> None:
    """撤回 right after a complaint is taken without showing its receipt to whoever holds the phone."""
    await place.says("li", TAKEN)
    receipt = place.receipt("li")

    for words in ("撤回", "那事不办了，撤回"):
        assert receipt not in await place.says("li", words)
