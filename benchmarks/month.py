"""A month of 500 messages through `jishiyu replay`, the program as a user starts it."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from assistance.worktime import SHANGHAI

_BEGIN = datetime(2026, 11, 1, 7, 0, tzinfo=SHANGHAI)
_VILLAGES = ("峨山镇/石门东村", "榴园镇/贾泉村")
_RESIDENTS = 40
_SAID = (
    "俺娘住院交不上押金还差八千",
    "俺家屋顶漏雨了，一下雨就没法住人",
    "村里路灯坏了三天了",
    "低保一个月多少钱",
    "家里停水两天了，没人管",
    "查进度",
    "谢谢",
    "孩子上学的钱凑不齐，能不能帮帮",
    "好了，已经解决了",
    "村干部收了人家的烟才给办低保",
)
_OFFICERS_SAY = ("接单", "已经去看过了，下午送了米面", "查进度", "今天去李雨3家，没变化", "办结，钱已经送到了")


def scenario(messages: int, seed: int) -> list[str]:
    """The lines: a cast, and people of two villages who write at any hour of November 2026."""
    chance = random.Random(seed)
    cast: dict[str, dict[str, str]] = {
        f"r{n}": {"role": "resident", "name": f"李雨{n}", "village": _VILLAGES[n % 2]} for n in range(_RESIDENTS)
    }
    cast |= {
        "zhou": {"role": "village", "area": _VILLAGES[0], "name": "周敏"},
        "qi": {"role": "village", "area": _VILLAGES[1], "name": "祁红"},
        "zhao": {"role": "town", "area": "峨山镇", "name": "赵伟"},
        "liu": {"role": "town", "area": "榴园镇", "name": "刘芳"},
        "sun": {"role": "county", "area": "峄城区", "name": "孙丽"},
        "ji": {"role": "discipline", "area": "峄城区", "name": "纪明"},
        "shi": {"role": "city", "area": "枣庄市", "name": "石岩"},
    }
    lines = [{"at": _BEGIN.isoformat(), "cast": cast}]
    minutes = sorted(chance.randrange(1, 30 * 24 * 60) for _ in range(messages))
    for minute in minutes:
        officer = chance.random() < 0.4
        who = chance.choice(("zhou", "qi", "zhao", "liu", "sun") if officer else tuple(cast)[:_RESIDENTS])
        said = chance.choice(_OFFICERS_SAY if officer else _SAID)
        lines.append({"at": (_BEGIN + timedelta(minutes=minute)).isoformat(), "from": who, "say": said})
    return [json.dumps(line, ensure_ascii=False) for line in lines]


def replayed(folder: Path, messages: int, seed: int) -> tuple[float, float, int]:
    """Seconds from start to end of the process, its own processor time, and how many lines it wrote. Raises where it
    tells an error."""
    script, out = folder / "month.jsonl", folder / "month.out"
    script.write_text("\n".join(scenario(messages, seed)), "utf-8")
    began, before = time.perf_counter(), _processor()
    program = [sys.executable, "-c", "from bot.cli import main; main()", "replay", str(script), "--out", str(out)]
    subprocess.run(program, check=True, capture_output=True)  # noqa: S603 - our own program
    return time.perf_counter() - began, _processor() - before, len(out.read_text("utf-8").splitlines())


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
