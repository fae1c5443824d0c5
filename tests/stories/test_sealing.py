"""A complaint and its words reach nobody they are about, and a need told beside them goes on at once (docs/rules.md H)."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import village as stories
from village import Village, village

LOCAL = ("wang", "zhou", "zhao", "qi", "liu", "min", "shui")
NEED = "俺娘住院交不上押金还差八千"

# who says it · the words · words that no one of the third kind may read · from whom it is sealed · who hears of it
ACCUSATIONS = {
    "村支书 by title": ("gu", "石门东村书记把他小舅子弄成低保户了", ("小舅子",), LOCAL, "ji"),
    "村支书 by name": ("gu", "王建国把俺家的分红领走了，俺要举报", ("分红",), LOCAL, "ji"),
    "by surname and title": ("meng", "王书记收了俺八百块跑腿费才给盖章", ("八百", "跑腿"), LOCAL, "ji"),
    "网格员": ("meng", "网格员周敏走访造假，叫俺在空白表上按手印", ("造假", "手印"), LOCAL, "ji"),
    "第一书记": ("chen", "第一书记祁红拿扶贫物资送人情", ("人情",), LOCAL, "ji"),
    "village officer without an account": ("meng", "村会计做假账，把低保钱私分了", ("假账", "私分"), LOCAL, "ji"),
    "town officer by name": ("meng", "赵伟收了俺三千块钱说给办低保", ("三千",), LOCAL, "ji"),
    "town body": ("meng", "镇民政所的人吃拿卡要，不送烟不给盖章", ("吃拿", "盖章"), LOCAL, "ji"),
    "slowness of the village": ("meng", "石门东村村委会办事推三阻四，跑了八趟还是不给开证明", ("八趟",), LOCAL, "sun"),
    "county officer": ("gu", "区里孙丽收了人家两万块才给批项目", ("两万",), ("sun", *LOCAL), "ji"),
    "department officer": ("gu", "民政局的闵强拿了俺五百块好处费", ("好处费",), ("sun", *LOCAL), "ji"),
    "village and county together": ("gu", "王建国和区里的孙丽一块把光伏钱分了", ("光伏",), ("sun", *LOCAL), "ji"),
    "unclear": ("gu", "有人把扶贫款装自己腰包了，账从来不公示", ("腰包",), LOCAL, "ji"),
    "kin": ("li", "俺儿媳妇把俺的低保卡拿走了一分不给，我要投诉她", ("低保卡",), LOCAL, "ji"),
    "irony": ("gu", "书记真是好书记，扶贫羊都好到他自家羊圈里去了", ("羊圈",), LOCAL, "ji"),
    "as a question": ("gu", "村书记的小舅子开着轿车也能吃低保，这合理吗", ("轿车",), LOCAL, "ji"),
    "an officer about the secretary": ("zhou", "我举报村书记王建国虚报危改户套补助", ("虚报",), ("wang", "zhao", "qi", "liu"), "ji"),
    "a town officer about the village": ("zhao", "举报石门东村书记王建国截留扶贫款", ("截留",), ("wang", "zhou", "qi", "liu"), "ji"),
}  # fmt: skip


def leaked(place: Village, who: str, words: tuple[str, ...], receipt: str) -> str | None:
    """The first message but a reply to their own words that tells this person of it."""
    own = [text for text in place.heard(who) if receipt in text or any(word in text for word in words)]
    return own[0] if own else None


@pytest.mark.parametrize("name", ACCUSATIONS)
async def test_an_accusation_is_told_to_nobody_it_is_sealed_from(place: Village, name: str) -> None:
    """Whoever is accused and in whatever way, for thirty days nobody barred is told, lists, counts or finds it."""
    who, text, words, barred, hears = ACCUSATIONS[name]
    await place.says(who, text)
    receipt = place.receipt(who)
    for one in barred:
        for question in (
            "今天有啥待办",
            "有没有人举报我",
            "超时的有哪些",
            "今天新增的",
            f"进度 {receipt}",
            f"进度 {receipt} 123456",
        ):
            assert receipt not in (await place.says(one, question)).replace(question, "")
        assert "过时" in await place.presses_late(one, f"接单 {receipt}")
    await place.later(days=30)

    for one in barred:
        assert leaked(place, one, words, receipt) is None, one
    assert receipt in place.ever_heard(hears)
    (case,) = [case for case in await place.cases() if case.receipt == receipt]
    assert case.sealed


# who says it · the words · who is told of the need at once · words nobody below the county may read · who hears nothing
NEEDS = {
    "secretary": ("li", f"{NEED}，书记把俺的低保给了他小舅子", ("zhou",), ("小舅子", "低保"), ("wang",)),
    "secretary by name": ("li", f"{NEED}，王建国收了俺两千块说给办救助没办", ("zhou",), ("两千", "2000", "王建国"), ("wang",)),
    "grid worker": ("li", f"{NEED}，网格员周敏要了俺五百块跑腿钱", ("wang",), ("五百", "500", "跑腿"), ("zhou",)),
    "town officer": ("li", f"{NEED}，镇上赵伟收了俺三千块钱没给办", ("zhou", "wang"), ("三千", "3000"), ("zhao",)),
    "slowness": ("li", f"{NEED}，镇民政所的人推来推去就是不给办", ("zhou", "wang"), ("推来推去",), ()),
    "favoured one named": ("li", "俺娘病了没钱看，孙长有家开着两辆车还吃低保，是书记给办的", ("zhou",), ("孙长有", "两辆车"), ("wang",)),
    "village body": ("li", f"{NEED}，村委会把俺的救助款私分了", ("zhao",), ("私分", "救助款"), ("wang", "zhou")),
    "roof": ("meng", "俺家房顶塌了半边没处住，王建国把危改钱给了他侄子", ("zhou",), ("侄子", "危改"), ("wang",)),
}  # fmt: skip


@pytest.mark.parametrize("name", NEEDS)
async def test_a_need_beside_an_accusation_goes_on_at_once(place: Village, name: str) -> None:
    """The need is told in the bot's words the same minute; the accused hear nothing; no word of the accusation is
    read below the county in ten days."""
    who, text, told, words, accused = NEEDS[name]
    await place.says(who, text)
    needs = [case for case in await place.cases() if case.kind.value != "complaint"]

    assert [case.sealed for case in needs] == [False]
    for one in told:
        assert any(needs[0].receipt in heard for heard in place.heard(one, "notice")), one
    await place.later(days=10)
    for one in LOCAL:
        assert not any(word in place.ever_heard(one) for word in (*words, "干部作风", "资金分红", "原话由")), one
    for one in accused:
        assert needs[0].receipt not in place.ever_heard(one)
        assert needs[0].receipt not in await place.says(one, "今天有啥待办")


PLAIN = (
    "俺娘住院交不上押金还差八千",
    "没人管俺，家里断粮两天了",
    "俺家房顶漏雨，夜里没法睡，咋又漏了",
    "大夫说不交钱明天就停药",
    "孩子上大学凑不齐学费",
)


@pytest.mark.parametrize("text", PLAIN)
async def test_a_plain_need_keeps_its_words(place: Village, text: str) -> None:
    """没人管 and 咋又坏了 blame nobody: the village reads the sender's own words at once."""
    await place.says("li", text)
    assert any(text[:8] in heard for heard in place.heard("wang", "notice"))


BLAME = "书记王建国收了俺两千块钱"
WORDS = ("两千", "2000", "王建国收")


async def opened_need(place: Village) -> None:
    await place.says("li", NEED)
    for _ in range(4):
        await place.presses_late("li", "跳过")
    await place.presses("zhou", "接单")
    place.hush()


LATER_WORDS = {
    "addition": ("li", (f"补充一下，{BLAME}才给报上去",)),
    "correction": ("li", (f"刚才说错了，不是八千是一万，{BLAME}",)),
    "withdrawal": ("li", (f"撤了吧，{BLAME}还叫俺别再说了",)),
    "thanks": ("li", ("谢谢啊，就是书记王建国把俺的补贴扣了，收了两千块",)),
    "question of state": ("li", (f"俺那事到哪一步了，{BLAME}咋还没信",)),
    "policy question": ("li", (f"临时救助一次给多少钱，{BLAME}够不够",)),
    "small talk": ("li", (f"唉，{BLAME}，没法说",)),
    "help": ("li", (f"怎么用这个，打哪个电话告状，{BLAME}",)),
    "progress of the handler": ("zhou", ("补充：李秀兰家的事办不动，" + BLAME,)),
    "记进展": ("zhou", ("press:记进展", f"去医院看了，{BLAME}才耽误了")),
    "退单": ("zhou", ("press:退单", f"{BLAME}，俺不敢办")),
    "measure": ("zhou", ("press:记进展", "去看了", "press:办结", f"先垫的钱，{BLAME}")),
    "visit": ("zhou", (f"今天走访李秀兰家，老人说{BLAME}",)),
    "visit elsewhere": ("zhou", (f"今天走访孙长友家，老人说{BLAME}",)),
    "correction of a visit": ("zhou", ("今天走访孙长友家，都正常", f"更正，孙长友还说{BLAME}")),
    "crisis": ("li", (f"俺不想活了，{BLAME}，药都准备好了",)),
    "more in a crisis": ("li", ("俺不想活了，药都准备好了", f"就是{BLAME}，逼得俺")),
    "没解决": ("li", ("zhou:记进展", "zhou:去看了", "zhou:办结", f"没解决，{BLAME}")),
}  # fmt: skip


@pytest.mark.parametrize("name", LATER_WORDS)
async def test_blame_in_later_words_is_held(place: Village, name: str) -> None:
    """Blame in an addition, withdrawal, thanks, visit, progress or reason is read by nobody in village or town, and
    somebody in the county reads it."""
    who, steps = LATER_WORDS[name]
    await opened_need(place)
    for step in steps:
        person, _, words = step.rpartition(":")
        if person == "press":
            await place.presses_late(who, words)
        elif person and words in ("记进展", "办结"):
            await place.presses_late(person, words)
        else:
            await place.says(person or who, words)
    await place.until("2026-11-30 20:00")

    for one in LOCAL:
        heard = [text for text in place.heard(one) if any(word in text for word in WORDS)]
        assert heard == [], one
    assert any("两千" in text for reader in ("sun", "ji") for text in place.heard(reader))


ANSWERS = {"household": f"俺是李秀兰，{BLAME}", "people": f"三口人，{BLAME}", "phone": f"13800001234，{BLAME}"}


@pytest.mark.parametrize("sure", [0.8, 1.1])
@pytest.mark.parametrize("asked", ANSWERS)
async def test_an_answer_that_blames_fills_no_field_with_it(
    place: Village, monkeypatch: pytest.MonkeyPatch, asked: str, sure: float
) -> None:
    """An accusation inside the answer to a question is held like any other, also when it is taken for the answer."""
    monkeypatch.setattr("handlers.waiting.SURE", sure)
    await place.says("gu", "石门东村俺娘住院交不上押金还差八千")
    for _ in range(("household", "people", "phone").index(asked)):
        await place.presses_late("gu", "跳过")
    await place.says("gu", ANSWERS[asked])
    await place.later(days=8)

    for one in LOCAL:
        assert not any(word in place.ever_heard(one) for word in WORDS), one
    assert any("两千" in place.ever_heard(reader) for reader in ("sun", "ji"))


async def test_danger_from_an_officer_passes_the_village(place: Village) -> None:
    """An attack by an officer alerts town and county at once and the village never; the complaint stands beside it."""
    await place.says("li", "救命，王建国正拿棍子打俺，他是书记")
    danger, complaint = sorted(await place.cases(), key=lambda case: case.grade.value, reverse=True)
    assert (danger.grade.value, complaint.grade.value) == ("E0", "C2")
    for who in ("zhao", "sun"):
        assert any(danger.receipt in text for text in place.heard(who, "notice")), who
    await place.later(days=5)
    for who in ("wang", "zhou"):
        assert danger.receipt not in place.ever_heard(who)
        assert complaint.receipt not in place.ever_heard(who)
    assert complaint.receipt not in place.ever_heard("zhao")
    assert "棍子" not in place.ever_heard("zhao")


async def test_need_and_accusation_share_no_handler(place: Village) -> None:
    """A county officer who handles the complaint cannot take the need beside it, and the other way round."""
    await place.says("li", f"{NEED}，书记把俺的低保给了他小舅子")
    need, complaint = sorted(await place.cases(), key=lambda case: case.sealed)
    await place.later(days=20)  # nobody has done anything: both are with the county
    for one in (need, complaint):
        assert any(one.receipt in text for text in place.heard("sun", "notice"))
    for _ in range(3):
        await place.presses("sun", "接单")
        await place.says("sun", "接单")
        await place.later(hours=1)
    handlers = [case.handler for case in await place.cases() if case.handler]
    assert len(handlers) == len(set(handlers)) == 1


async def test_a_folded_report_does_not_reach_the_accused(place: Village) -> None:
    """A need with an accusation does not join the case that the accused handles, and the accused's own report of the
    need does not join the one that is kept from them."""
    await place.says("meng", "李秀兰家老娘住院交不上押金")
    await place.presses("wang", "接单")
    place.hush()
    await place.says("li", f"{NEED}，王建国收了俺两千块说给办救助没办")
    assert place.heard("wang") == []
    answer = await place.says("wang", "李秀兰家老娘住院交不上押金，帮着问问")
    assert "并在" not in answer
    known = {case.receipt for case in await place.cases() if "person:wang" in case.barred}
    assert known
    assert not any(receipt in place.ever_heard("wang") for receipt in known)


async def test_the_reporter_alone_finds_it(place: Village) -> None:
    """Receipt and code open it from any phone; a wrong code, another's receipt, or a question without them opens
    nothing, also on the phone that told it."""
    await place.says("meng", "村会计做假账，把低保钱私分了")
    receipt, code = place.receipt("meng"), place.code("meng")
    assert receipt in await place.says("gu", f"到哪一步了 {receipt} {code}")
    for who in ("gu", "wang", "zhao", "meng"):
        assert "没查到" in await place.says(who, f"到哪一步了 {receipt} 000001")
    for question in ("俺那事到哪一步了", "俺报的事咋样了", "查进度"):
        answer = await place.says("meng", question)
        assert receipt not in answer and "举报" not in answer and "假账" not in answer
    assert receipt not in await place.says("meng", "补充一下，就是去年冬天的事")


async def test_what_the_reporter_is_told_names_nothing(place: Village) -> None:
    """Every notice to the reporter of a complaint is its receipt and no word of the matter or of who has it."""
    await place.says("li", "王书记收了俺八百块跑腿费才给盖章")
    place.hush()
    await place.presses("ji", "接单")
    await place.says("ji", "已核实账目")
    await place.presses("ji", "办结")
    await place.later(days=9)
    heard = place.heard("li", "notice")
    assert len(heard) >= 2
    for text in heard:
        assert not re.search(r"举报|投诉|干部|资金|书记|王|纪明|八百|作风", text), text


async def test_no_name_before_it_is_signed(place: Village) -> None:
    """Until 实名 nobody reads who it was; then the county and discipline do."""
    await place.says("li", "王书记收了俺八百块跑腿费才给盖章")
    assert "李秀兰" not in place.ever_heard("ji")
    await place.presses("li", "实名")
    await place.later(days=6)
    assert "李秀兰" in place.ever_heard("ji") + place.ever_heard("sun") + place.ever_heard("shi")


@pytest.mark.parametrize("word", ["匿名", "实名"])
async def test_names_are_offered_after_every_complaint(place: Village, word: str) -> None:
    """匿名 and 实名 lie on the phone after a complaint alone, beside a need, and typed they act like the press."""
    for text in ("王书记收了俺八百块跑腿费才给盖章", f"{NEED}，书记把俺的低保给了他小舅子"):
        await place.says("li", text)
        assert place.receipt("li") in await place.presses("li", word)
        assert place.receipt("li") in await place.says("li", word)
        await place.says("li", "取消")


async def test_a_signed_complaint_sent_to_the_town_keeps_the_name(place: Village) -> None:
    """定范围 shows a complaint about kin to the town, never to the village, and never with the name."""
    await place.says("li", "俺儿媳妇把俺的低保卡拿走了一分不给，我要投诉她")
    await place.presses("li", "实名")
    receipt = place.receipt("li")
    await place.presses("sun" if receipt in place.ever_heard("sun") else "ji", "定范围")
    await place.says("sun" if receipt in place.ever_heard("sun") else "ji", "镇街")
    await place.later(days=1)
    assert receipt in place.ever_heard("zhao")
    assert "李秀兰" not in place.ever_heard("zhao")
    assert receipt not in place.ever_heard("wang")


@pytest.mark.parametrize("target", ["镇里", "退回村里", "峨山镇"])
async def test_a_sealed_case_is_not_passed_on_to_village_or_town(place: Village, target: str) -> None:
    """转办 of a sealed case to a village or town is refused before 定范围, whoever presses it."""
    await place.says("meng", "石门东村村委会办事推三阻四，跑了八趟还是不给开证明")
    receipt = place.receipt("meng")
    await place.presses("sun", "接单")
    await place.presses("sun", "转办")
    await place.says("sun", target)
    await place.later(days=1)
    for who in LOCAL:
        assert receipt not in place.ever_heard(who)


async def test_scope_never_frees_words_for_those_they_accuse(place: Village) -> None:
    """定范围 of a need with held words shows them to no officer whom they accuse, whichever level is chosen."""
    await opened_need(place)
    await place.says("li", f"补充一下，{BLAME}才给报上去")
    for level in ("区级", "镇街", "村级"):
        await place.presses("sun", "定范围")
        await place.says("sun", level)
    await place.later(days=8)
    assert "两千" not in place.ever_heard("wang")


async def test_with_discipline_empty_the_county_takes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nobody at the discipline desk a complaint opens at the county, and about the county at the city."""
    cast = copy.deepcopy(stories.CAST)
    del cast["cast"]["ji"]
    monkeypatch.setattr(stories, "CAST", cast)
    async with village(tmp_path) as place:
        await place.says("gu", "石门东村书记把他小舅子弄成低保户了")
        first = place.receipt("gu")
        await place.says("gu", "区里孙丽收了人家两万块才给批项目")
        second = place.receipt("gu")
        await place.later(days=20)
        assert first in place.ever_heard("sun")
        assert second in place.ever_heard("shi")
        assert second not in place.ever_heard("sun")
        for who in ("wang", "zhou", "zhao", "qi", "liu", "min", "shui"):
            assert first not in place.ever_heard(who) and second not in place.ever_heard(who)


async def test_about_discipline_nobody_here_hears(place: Village) -> None:
    """A complaint about 纪委 is answered with 12388 and reaches no phone of the county."""
    answer = await place.says("gu", "纪明收了俺三千块钱才给立案")
    assert "12388" in answer
    receipt = place.receipt("gu")
    await place.later(days=20)
    for who in stories.CAST["cast"]:
        if who != "gu":
            assert receipt not in place.ever_heard(who) and "才给立案" not in place.ever_heard(who), who


async def test_a_complaint_at_night_waits_and_wakes_nobody(place: Village) -> None:
    """Told at eleven at night it reaches discipline at half past seven and nobody else ever."""
    await place.until("2026-11-19 23:00")
    place.hush()
    await place.says("gu", "石门东村书记把他小舅子弄成低保户了")
    receipt = place.receipt("gu")
    assert place.heard("ji") == []
    await place.until("2026-11-20 07:31")
    assert receipt in place.ever_heard("ji")
    for who in LOCAL:
        assert place.heard(who) == [], who


async def test_what_was_missed_is_collapsed_for_each_by_itself(place: Village) -> None:
    """After an outage the one message of each officer holds no complaint that is sealed from them."""
    await place.says("gu", "石门东村书记把他小舅子弄成低保户了")
    receipt = place.receipt("gu")
    await place.says("li", NEED)
    await place.says("meng", "俺家房顶也漏了，接了四个盆")
    place.hush()
    for what in ("engine", "channel"):
        from datetime import timedelta

        place.phones.take_away(what, place.clock.now, place.clock.now + timedelta(days=2))
        await place.later(days=9)
    for who in LOCAL:
        assert not any(receipt in text or "小舅子" in text for text in place.heard(who))


@pytest.mark.parametrize("broken", ["handlers.conversation.ROUTES", "handlers.complaint.open_cases"])
async def test_an_error_tells_no_words(
    place: Village,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    """Where the program stumbles over a complaint neither the answer, the log nor the village tells its words."""
    text = "石门东村书记王建国把他小舅子弄成低保户了"

    async def stumble(*_: object, **__: object) -> None:
        raise ValueError(text)

    module, _, name = broken.rpartition(".")
    target = __import__(module, fromlist=[name])
    if name == "ROUTES":
        monkeypatch.setattr(target, name, dict.fromkeys(getattr(target, name), stumble))
    else:
        monkeypatch.setattr(target, name, stumble)
    answer = await place.says("gu", text)
    await place.later(days=8)
    told = "".join(capfd.readouterr()) + caplog.text + answer
    assert answer
    assert not re.search("小舅子|王建国|低保", told)
    for who in LOCAL:
        assert "小舅子" not in place.ever_heard(who)
    assert any("小舅子" in place.ever_heard(who) for who in ("sun", "ji", "shi"))


async def test_logs_of_an_ordinary_week_hold_no_words(
    place: Village, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing that is written to standard error names a person, a receipt or a word of a complaint."""
    await place.says("gu", "石门东村书记王建国把他小舅子弄成低保户了")
    receipt, code = place.receipt("gu"), place.code("gu")
    await place.presses("ji", "接单")
    await place.says("ji", "已核实")
    await place.later(days=7)
    told = "".join(capfd.readouterr()) + caplog.text
    assert not re.search(f"小舅子|王建国|{receipt}|{code}", told)
