"""Officers come: invited one level up, signed in once (issue 3, item 4)."""

from __future__ import annotations

import re

import pytest
from village import Village

from assistance.post import Said
from handlers.kit import new_id

CODE = re.compile(r"登录码：(\d{8})")
NEW = "新手机"  # an address nobody knows yet


async def from_phone(place: Village, address: str, text: str) -> str:
    """Somebody writes from a phone that is in no cast."""
    said = Said(new_id(), "web", address, new_id(), place.clock.now, text=text)
    return await place._said(address, said)


async def invited(place: Village, who: str, words: str) -> str:
    """The sign-in code that an invitation gives."""
    found = CODE.search(await place.says(who, words))
    assert found
    return found.group(1)


async def person_called(place: Village, name: str):
    async with place.program.store.work() as work:
        persons = (await work.people.directory()).persons.values()
        return next((one for one in persons if one.name == name and one.is_officer), None)


@pytest.mark.parametrize(
    ("who", "words", "role", "where"),
    [
        ("zhao", "邀请 高远山 网格员 石门东村", "village", "石门东村"),
        ("zhao", "邀请 石门东村 网格员 高远山", "village", "石门东村"),
        ("zhao", "邀请高远山当石门东村的网格员", "village", "石门东村"),
        ("zhao", "邀请：任小林，村会计，石门东村", "village", "石门东村"),
        ("sun", "邀请 高远山 副镇长 峨山镇", "town", "峨山镇"),
        ("sun", "邀请 高远山 科员 民政局", "department", "民政局"),
        ("sun", "邀请 高远山 干事 峄城区", "county", "峄城区"),
        ("ji", "邀请 高远山 纪委 科员", "discipline", "峄城区"),
        ("shi", "邀请 高远山 峄城区 科长", "county", "峄城区"),
    ],
)
async def test_an_officer_one_level_up_invites_in_any_order_of_words(
    place: Village, who: str, words: str, role: str, where: str
) -> None:
    """Name, title and place are understood in whatever order they come; whoever signs in sits at that desk."""
    code = await invited(place, who, words)
    answer = await from_phone(place, NEW, f"登录 {code}")

    assert where in answer
    name = "任小林" if "任小林" in words else "高远山"
    person = await person_called(place, name)
    assert (person.role.value, person.reachable) == (role, True)
    assert person.title in words


async def test_what_is_missing_is_asked_one_thing_at_a_time(place: Village) -> None:
    """邀请 alone asks for name, place and title; the title may be skipped."""
    assert "姓名" in await place.says("zhao", "邀请")
    assert "哪个村" in await place.says("zhao", "高远山")
    assert "职务" in await place.says("zhao", "石门东村")

    assert CODE.search(await place.says("zhao", "跳过"))
    assert (await person_called(place, "高远山")).title is None


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("zhou", "邀请 高远山 网格员 石门东村"),  # a village officer
        ("zhao", "邀请 高远山 网格员 贾泉村"),  # another town's village
        ("zhao", "邀请 高远山 副镇长 峨山镇"),  # one's own level
        ("sun", "邀请 高远山 网格员 石门东村"),  # two levels down
        ("min", "邀请 高远山 科员 民政局"),
        ("sun", "邀请 高远山 纪委 科员"),  # who may be accused does not choose who investigates
    ],
)
async def test_nobody_invites_outside_their_own_chain(place: Village, who: str, words: str) -> None:
    """A seat is filled by the level above it and by nobody else."""
    answer = await place.says(who, words)
    if "职务" in answer or "哪个村" in answer:
        answer += await place.says(who, "跳过")

    assert "登录码" not in answer
    assert await person_called(place, "高远山") is None


async def test_a_code_opens_once(place: Village) -> None:
    """The second who types the same code is not let in."""
    code = await invited(place, "zhao", "邀请 高远山 网格员 石门东村")
    assert "已经登录" in await from_phone(place, NEW, f"登录 {code}")

    assert "不对" in await from_phone(place, "另一部", f"登录 {code}")


async def test_a_code_is_good_for_three_days(place: Village) -> None:
    """After 72 hours it opens nothing."""
    code = await invited(place, "zhao", "邀请 高远山 网格员 石门东村")
    await place.later(hours=72)

    assert "不对" in await from_phone(place, NEW, f"登录 {code}")


async def test_a_new_invitation_ends_the_earlier_one(place: Village) -> None:
    """Whoever is invited again signs in with the newest code only, and stays one person."""
    first = await invited(place, "zhao", "邀请 高远山 网格员 石门东村")
    second = await invited(place, "zhao", "邀请 高远山 网格员 石门东村")

    assert "不对" in await from_phone(place, NEW, f"登录 {first}")
    assert "已经登录" in await from_phone(place, NEW, f"登录 {second}")


async def test_after_five_wrong_codes_the_right_one_waits_too(place: Village) -> None:
    """Codes cannot be guessed: the sixth try within an hour is told to wait, whatever it is."""
    code = await invited(place, "zhao", "邀请 高远山 网格员 石门东村")
    for number in range(5):
        assert "不对" in await from_phone(place, NEW, f"登录 1234567{number}")

    assert "过一小时" in await from_phone(place, NEW, f"登录 {code}")
    await place.later(hours=1, minutes=1)
    assert "已经登录" in await from_phone(place, NEW, f"登录 {code}")


async def test_whoever_was_invited_and_never_came_is_not_told(place: Village) -> None:
    """An officer without a phone cannot be reached: nothing waits for them, the others are told."""
    await invited(place, "liu", "邀请 高远山 网格员 贾泉村")
    await place.says("chen", "俺娘住院交不上押金还差八千大夫说明天就停药")

    assert place.heard("qi", "notice")
    assert not (await person_called(place, "高远山")).reachable


async def test_what_an_invited_officer_reads_is_the_work_of_their_desk(place: Village) -> None:
    """After signing in, what opens at the desk reaches the new phone, with its buttons."""
    code = await invited(place, "zhao", "邀请 高远山 网格员 石门东村")
    await from_phone(place, NEW, f"登录 {code}")
    await place.says("li", "俺娘住院交不上押金还差八千大夫说明天就停药")

    (case,) = await place.cases()
    assert any(case.receipt in letter.text for _, letter in place.phones.arrived if letter.parcel.address == NEW)


async def test_on_the_page_one_signs_in_at_its_door(place: Village) -> None:
    """A code typed into the page's chat opens nothing there and stays good: a page's session must have an end."""
    code = await invited(place, "zhao", "邀请 高远山 网格员 石门东村")
    async with place.program.store.work() as work:
        await work.devices.open("d" * 64, place.clock.now, None)

    assert "登录" in await from_phone(place, "d" * 64, f"登录 {code}")
    assert not (await person_called(place, "高远山")).reachable
    assert "已经登录" in await from_phone(place, NEW, f"登录 {code}")
