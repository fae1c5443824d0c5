"""Scenarios of docs/interfaces.md 2, played by the real replay: lines in, what the phones show out."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.replay import replay

HERE = "峨山镇/石门东村"
CAST: dict[str, dict[str, str]] = {
    "li": {"role": "resident", "name": "李秀兰", "village": HERE},
    "he": {"role": "resident", "name": "何大力", "village": HERE},
    "xu": {"role": "resident", "name": "许文", "village": HERE},
    "an": {"role": "resident"},
    "zhou": {"role": "village", "area": HERE, "name": "周敏", "title": "网格员"},
    "wang": {"role": "village", "area": HERE, "name": "王建国", "title": "村支书"},
    "zhao": {"role": "town", "area": "峨山镇", "name": "赵伟"},
    "sun": {"role": "county", "area": "峄城区", "name": "孙丽"},
    "min": {"role": "department", "area": "峄城区", "department": "民政局", "name": "闵强"},
    "shui": {"role": "department", "area": "峄城区", "department": "水利局", "name": "水清"},
    "ji": {"role": "discipline", "area": "峄城区", "name": "纪明"},
    "shi": {"role": "city", "area": "枣庄市", "name": "石岩"},
}
HOUSEHOLDS: tuple[dict[str, Any], ...] = (
    {"head": "李秀兰", "village": HERE, "kind": "脱贫户", "members": 2, "helper": "wang"},
    {"head": "何大力", "village": HERE, "kind": "监测户", "members": 2, "helper": "zhou"},
)

DANGER = "俺不想活了，药都准备好了"  # E0
URGENT = "俺娘住院交不上押金还差八千大夫说明天就停药"  # E1
WATER = "俺村自来水管子爆了，半个庄停水"  # E2, a thing
ILLNESS = "俺对象得了大病，看病花了不少钱，家里现在紧巴"  # E3
WATCH = "俺家暂时还行，就是怕以后返贫，麻烦多留意着点"  # E4
LAMP = "峨山镇石门东村南头的路灯坏了半个月了，天黑看不见路"  # E5
QUESTION = "请问外地户口的孩子在峄城上幼儿园能办啥补助"  # E6
SLOW = "镇里办事大厅的人态度太差了，让俺跑了四趟还没给办"  # C1
TAKEN = "石门东村会计私自扣了俺们的土地流转款"  # C2


@dataclass(frozen=True)
class Played:
    """What a scenario gave: deliveries, error lines and the final state."""

    fine: bool
    rows: tuple[dict[str, Any], ...]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The error lines."""
        return [row for row in self.rows if "error" in row]

    @property
    def final(self) -> dict[str, Any]:
        """The last line."""
        assert self.rows[-1]["final"] is True
        return self.rows[-1]

    @property
    def cases(self) -> list[dict[str, Any]]:
        """The cases at the end, oldest first."""
        found: list[dict[str, Any]] = self.final["cases"]
        return found

    def deliveries(self, *to: str, kind: str | None = None, since: str = "") -> list[dict[str, Any]]:
        """What arrived on these phones (all, where none is named), from a moment on; to-dos are left out."""
        return [
            row
            for row in self.rows
            if "to" in row
            and (not to or row["to"] in to)
            and kind in (None, row["kind"])
            and row["at"] >= (moment(since) if since else "")
            and not row["text"].startswith("【今日待办")
        ]

    def told(self, *to: str, since: str = "") -> list[tuple[str, str]]:
        """When whom a notice reached: ("11-19 09:00", "zhou")."""
        return [(short(row["at"]), row["to"]) for row in self.deliveries(*to, kind="notice", since=since)]

    def texts(self, who: str, kind: str | None = None) -> list[str]:
        """The texts on one phone."""
        return [row["text"] for row in self.deliveries(who, kind=kind)]


def moment(words: str) -> str:
    """`09:00` or `11-21 09:00` as an ISO time of 2026; the day is 19 November where none is named."""
    day, _, clock = words.rpartition(" ")
    return f"{'' if day.count('-') == 2 else '2026-'}{day or '11-19'}T{clock}:00+08:00"


def short(at: str) -> str:
    """An ISO time as `11-19 09:00`."""
    return f"{at[5:10]} {at[11:16]}"


def line(at: str, who: str = "", what: str = "") -> dict[str, Any]:
    """`!接单` presses, `@photo` sends, `engine` and `channel` go out until `what`; anything else is said."""
    if not who:
        return {"at": moment(at)}
    if who in ("engine", "channel"):
        return {"at": moment(at), "outage": who, "until": moment(what)}
    verb = {"!": "press", "@": "send"}.get(what[:1], "say")
    return {"at": moment(at), "from": who, verb: what if verb == "say" else what[1:]}


async def play(
    *lines: tuple[str, ...] | str,
    start: str = "07:30",
    cast: Mapping[str, Any] = CAST,
    households: tuple[dict[str, Any], ...] = HOUSEHOLDS,
    storage: str | None = None,
) -> Played:
    """Play lines, each `(at, who, what)` or raw text, on a fresh village."""
    known = [{**one, "helper": one.get("helper") if one.get("helper") in cast else None} for one in households]
    first = {"at": moment(start), "cast": cast, "households": known}
    texts = [one if isinstance(one, str) else json.dumps(line(*one), ensure_ascii=False) for one in lines]
    out = io.StringIO()
    fine = await replay([json.dumps(first, ensure_ascii=False), *texts], out, "yicheng", storage)
    return Played(fine, tuple(json.loads(row) for row in out.getvalue().splitlines()))
