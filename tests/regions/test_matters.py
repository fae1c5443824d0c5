"""The fifty topics of domain.md B1 as the pack routes them, and names of departments by date (B2)."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from assistance.case import Kind
from regions.read import read_pack

ROOT = Path(__file__).resolve().parents[2]
PACK = read_pack("yicheng", date(2026, 11, 20))
RULES = PACK.rulebook
B1 = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \| ([^|]+) \| ([^|]+) \|", re.MULTILINE)

# what a message of each row might say, in the topic the reader gives it, and who has to lead
SAID = {
    1: ("低保救助", "俺想申请低保", "civil_affairs"),
    2: ("低保救助", "特困供养的钱没到", "civil_affairs"),
    3: ("低保救助", "想要临时救助", "civil_affairs"),
    4: ("医疗", "住院花的钱报销不了", "medical_insurance"),
    5: ("医疗", "医院非要押金才给看", "health"),
    6: ("医疗", "药没送来，村医不来", "health"),
    7: ("医疗", "他家有精神病人没人管", "health"),
    8: ("养老赡养", "老人失能了没人伺候", "civil_affairs"),
    9: ("残疾", "两项补贴没发", "civil_affairs"),
    10: ("残疾", "残疾证怎么办", "disabled_federation"),
    11: ("残疾", "重残想找个托养的地方", "disabled_federation"),
    12: ("住房", "危房鉴定没来人", "housing"),
    13: ("饮水", "停水三天了", "water"),
    14: ("饮水", "水质发浑有味", "water"),
    15: ("基础设施", "村里的道路坑太大", "transport"),
    16: ("基础设施", "停电一天了", "power"),
    17: ("基础设施", "暖气不热", "urban_management"),
    18: ("环境卫生", "垃圾没人拉", "urban_management"),
    19: ("环境卫生", "改厕改了一半", "urban_management"),
    20: ("基础设施", "路灯不亮", "urban_management"),
    21: ("教育", "助学金还没到", "education"),
    22: ("教育", "孩子辍学了", "education"),
    23: ("教育", "雨露计划没发", "education"),
    24: ("教育", "重残孩子想送教上门", "education"),
    25: ("就业", "想要个公益岗", "human_resources"),
    26: ("就业", "扶贫专岗的工资没发", "rural_revitalization"),
    27: ("就业", "扶贫车间停工了", "human_resources"),
    28: ("资金分红", "今年的分红没发", "rural_revitalization"),
    29: ("资金分红", "项目钱叫人挪用了", "discipline"),
    30: ("干部作风", "优亲厚友", "discipline"),
    31: ("资金分红", "村务公开栏半年没换", "agriculture"),
    32: ("养老赡养", "儿女不管俺，不给赡养费", "justice"),
    33: ("养老赡养", "留守老人没人看", "civil_affairs"),
    34: ("低保救助", "孤儿的补助", "civil_affairs"),
    35: ("产业项目", "想请个农技员来看看大棚", "agriculture"),
    36: ("产业项目", "苹果卖不出去", "commerce"),
    37: ("贷款", "富民贷批不下来", "finance"),
    38: ("保险", "农业保险没理赔", "agriculture"),
    39: ("住房", "易地搬迁的房子没分", "development_reform"),
    40: ("土地", "宅基地批不下来", "agriculture"),
    41: ("产业项目", "光伏板坏了", "rural_revitalization"),
    42: ("其他", "一场冰雹全砸了", "emergency"),
    43: ("其他", "想找律师打官司", "justice"),
    44: ("养老赡养", "养老保险代缴没缴上", "human_resources"),
    45: ("其他", "网上出了舆情要处置", "publicity"),
    46: ("其他", "这是信访积案", "petition"),
    47: ("其他", "有人捐款捐物怎么收", "civil_affairs"),
    48: ("其他", "邻居家暴", "public_security"),
    49: ("其他", "俺家没评上监测户，认定不公", "rural_revitalization"),
    50: ("干部作风", "帮扶人一年没来", "rural_revitalization"),
}


def test_all_fifty_rows_of_the_table_stand_in_the_pack() -> None:
    """Row by row as docs/domain.md B1 counts them, each with a lead."""
    table = (ROOT / "docs/domain.md").read_text("utf-8").partition("### B1.")[2].partition("### B2.")[0]
    rows = {int(found[1]): found[2].strip() for found in B1.finditer(table)}
    assert set(rows) == set(range(1, 51))
    assert {matter.row for matter in RULES.routing.matters} == set(rows)
    assert all(matter.lead in {*PACK.departments, "discipline"} for matter in RULES.routing.matters)
    assert set(SAID) == set(rows)


@pytest.mark.parametrize("row", sorted(SAID))
def test_a_message_of_each_row_finds_its_lead_and_who_helps(row: int) -> None:
    topic, words, lead = SAID[row]
    desks = RULES.routing.desks(Kind.PROBLEM, topic, None, words)
    assert (desks.lead, desks.matter) == (lead, row)
    assert desks.co
    assert lead not in desks.co


@pytest.mark.parametrize("row", [row for row, (topic, _, _) in SAID.items() if topic != "其他"])
def test_a_topic_that_the_reader_cannot_name_is_found_from_words(row: int) -> None:
    """其他 is searched among all rows by the words that are not too common."""
    words = [word for matter in RULES.routing.matters if matter.row == row for word in matter.words]
    for word in words:
        found = RULES.routing.desks(Kind.PROBLEM, "其他", None, f"问问{word}的事").matter
        assert found in {
            matter.row for matter in RULES.routing.matters if any(one in f"问问{word}的事" for one in matter.words)
        }
        assert found is not None


def test_a_known_cause_weighs_more_than_a_word_of_another_topic() -> None:
    """A fire that began at a wire is the emergency bureau's, not the power company's."""
    assert RULES.routing.desks(Kind.HARDSHIP, "其他", "因灾", "电线着火把屋烧了").lead == "emergency"
    assert RULES.routing.desks(Kind.PROBLEM, "其他", None, "电线掉下来了").lead == "power"


def test_common_words_route_nothing_beyond_their_topic() -> None:
    """补贴 means the disabled's two allowances where the topic says so, and nothing elsewhere."""
    assert RULES.routing.desks(Kind.PROBLEM, "残疾", None, "补贴没发").lead == "civil_affairs"
    assert RULES.routing.desks(Kind.PROBLEM, "其他", None, "补贴没发").matter is None


def test_complaints_are_routed_to_nobody_by_this_table() -> None:
    """Rules A, H: a complaint has no lead department, whatever its words."""
    assert RULES.routing.desks(Kind.COMPLAINT, "资金分红", None, "会计挪用了分红").lead is None


def test_a_sudden_hardship_goes_where_help_is_quickest() -> None:
    """A hardship about treatment goes to civil affairs first, whatever words stand in it (row 3)."""
    assert RULES.routing.desks(Kind.HARDSHIP, "医疗", "因病", "交不上押金").lead == "civil_affairs"


@pytest.mark.parametrize(
    ("department", "day", "name"),
    [
        ("health", date(2018, 6, 1), "卫计局"),
        ("health", date(2026, 6, 1), "卫健局"),
        ("rural_revitalization", date(2019, 6, 1), "扶贫办"),
        ("rural_revitalization", date(2022, 6, 1), "乡村振兴局"),
        ("industry", date(2018, 6, 1), "经信局"),
        ("water", date(2026, 6, 1), "水利局"),
        ("civil_affairs", date(1999, 1, 1), "民政局"),
    ],
)
def test_a_department_is_called_as_it_was_called_on_the_day(department: str, day: date, name: str) -> None:
    assert PACK.departments[department].called(day) == name


def test_every_co_department_of_the_table_is_known() -> None:
    data = tomllib.loads((ROOT / "regions/yicheng/matters.toml").read_text("utf-8"))
    assert {one for row in data["matter"] for one in row["co"]} <= {*PACK.departments, "town"}
    assert all(row["from"] for row in data["matter"])
