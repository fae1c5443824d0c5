"""`make bench`: every bench one after the other, and docs/benchmarks.md written anew; with names, those benches alone,
on the screen."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks import crowd, due, escalations, month, replies, telegram, year
from benchmarks.table import Line, document, machine
from benchmarks.workers import compare
from evaluation.speed import speed_section
from nlp.voices import parts, texts
from tests.storage.postgres_server import Server, postgres

_REPORT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
_TURNS = 2  # speeds are the best of so many, taken in turn
_NOTES = (
    "- An escalation is a case read, the rules asked, its event chained, its state, due time and notices written and",
    "  committed; a bare claim changes one flag; a job of procrastinate does nothing. PostgreSQL runs without fsync",
    "  for all of them. A worker takes a hundred due cases in one transaction: what is left is the work itself.",
    "- A message is read and costs some twenty-five statements; its two commits are a small part of it. Grouping the",
    "  commits of several messages could give no more than the bound in the table, so units of work are not grouped.",
    "- Speeds are the best of two runs taken in turn, sweeps the best of nine: other work on the machine disturbs",
    "  single figures more than ratios.",
    "- On Telegram an update is read, kept, answered and sent by one process that is the engine too; the echo keeps",
    "  nothing and reads nothing, and its server does the same work for it in the same process as for ours.",
)

Bench = Callable[[Path, Server], list[Line]]


def sweeps(folder: Path, server: Server) -> list[Line]:
    """A hundred due cases among many and few."""
    found = []
    for name in ("SQLite", "PostgreSQL"):
        sizes = (10_000, 1_000_000)
        files = {size: f"sqlite+aiosqlite:///{folder}/{size}.db" for size in sizes}
        urls = files if name == "SQLite" else {size: server.new_database() for size in sizes}
        took = asyncio.run(due.measure(urls, folder))
        few, many = (took[size] * 1000 for size in sizes)
        what = f"{name}: a sweep with 100 due among 1,000,000 open"
        ratio = many / few
        found.append(Line(what, f"{many:.0f} ms", f"{few:.0f} ms among 10,000", ratio, "≤ 1.5", ratio <= 1.5))
    return found


def climbs(_folder: Path, server: Server) -> list[Line]:
    """Escalations a second."""
    rate: dict[tuple[str, int], float] = {}
    for _ in range(_TURNS):
        for name, (fill, work, count) in escalations.CONTENDERS.items():
            for workers in (1, 4):
                found_now = escalations.per_second(server.new_database(), fill, work, workers, count)
                rate[name, workers] = max(found_now, rate.get((name, workers), 0))
    found = []
    for workers in (1, 4):
        ours, plural = rate["ours", workers], "s" if workers > 1 else ""
        for name, told, aim in (
            ("bare", "bare SKIP LOCKED claims, asyncpg", None),
            ("procrastinate", "procrastinate, no-op jobs", 10),
        ):
            theirs = rate[name, workers]
            reached = ours >= aim * theirs if aim else None
            what = f"escalations, {workers} worker{plural}"
            wish = f"≥ {aim}" if aim else ""
            found.append(Line(what, f"{ours:,.0f} / s", f"{theirs:,.0f} / s ({told})", ours / theirs, wish, reached))
    return found


def answers(folder: Path, _server: Server) -> list[Line]:
    """Messages answered a second, beside one-row commits."""
    commits = ours = 0.0
    for turn in range(_TURNS):
        place = folder / str(turn)
        place.mkdir()
        commits = max(commits, asyncio.run(replies.rows(place, 1500)))
        ours = max(ours, asyncio.run(replies.answered(place, 40, 10)))
    at_most = 1 / (1 / ours - min(2 / commits, 0.9 / ours))
    rows, bound = f"{commits:.0f} / s (one-row commits through SQLAlchemy)", f"{at_most:.0f} / s (its two commits free)"
    return [
        Line("message → committed reply, 40 senders", f"{ours:.0f} / s", rows, ours / commits, "≥ 1", ours >= commits),
        Line("the same beside the most that grouping commits could give", f"{ours:.0f} / s", bound, ours / at_most),
    ]


def people(folder: Path, _server: Server) -> list[Line]:
    """300 who write for a minute."""
    found = asyncio.run(crowd.measure(300, 60, 10, folder))
    whole = found["in_order"] and found["answered"] == found["messages"]
    said = f"{found['answered']} of {found['messages']} answered in {found['seconds']} s"
    return [
        Line("300 people write for a minute on SQLite, each every 10 s", said, "", None, "all, in order", whole),
        Line(
            "wait for the answer, median (95 %)",
            f"{found['wait_median']} s ({found['wait_95']} s)",
            f"{found['alone_median']} s (one person alone)",
            found["wait_median"] / found["alone_median"],
        ),
    ]


def reading(_folder: Path, _server: Server) -> list[Line]:
    """The reader beside jieba; the same figures as in docs/evaluation.md."""
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in speed_section(texts(parts()["train"]))[2:]]
    figure = dict(rows)
    read = next(value for name, value in rows if name.startswith("a reading of 35"))
    ratio = float(figure["a reading against jieba alone"].removesuffix(" times"))
    start, memory = (
        figure["start to the first reading, fresh process, its own time"],
        figure["memory of that process at most"],
    )
    return [
        Line("a reading of about 40 characters, median", read, "", None, "< 1 ms", float(read.split()[0]) < 1),
        Line(
            "the same beside jieba.lcut",
            read,
            figure["`jieba.lcut` alone in the same run, median"],
            ratio,
            "≤ 3",
            ratio <= 3,
        ),
        Line("start to the first reading", start, "", None, "< 2 s", float(start.split()[0]) < 2),
        Line("memory of the reader's process", memory, "", None, "< 150 MB", float(memory.split()[0]) < 150),
    ]


def months(folder: Path, _server: Server) -> list[Line]:
    """A month replayed."""
    seconds, own, lines = month.replayed(folder, 500, seed=7)
    what, took = (
        "a month of 500 messages by jishiyu replay",
        f"{seconds:.0f} s ({own:.0f} s of a processor), {lines} lines",
    )
    return [Line(what, took, "", None, "< 60 s", seconds < 60)]


def years(_folder: Path, _server: Server) -> list[Line]:
    """A year counted anew."""
    found = year.through(20_000, 300, seed=7)
    what = f"2026 for {found.officers} officers and {found.cases:,} cases: due times that differ from the recount"
    return [
        Line(what, f"{found.wrong} of {found.due_times:,}", "", None, "0", found.wrong == 0),
        Line(
            f"the rules alone, {found.events:,} events",
            f"{found.events / found.rules:,.0f} events / s",
            f"{found.due_times / found.recount:,.0f} due times / s (recount)",
        ),
    ]


def kills(folder: Path, server: Server) -> list[Line]:
    """Four workers that are killed."""
    urls = [server.new_database() for _ in range(2)]
    calm, killed = asyncio.run(compare(folder, urls, people=40, workers=4, moments=4, kills=8, seed=7))
    missing = sum((calm.delivered - killed.delivered).values()) + killed.undelivered
    twice = sum((killed.delivered - calm.delivered).values()) + killed.repeated_marked
    other = sum(killed.histories.get(one) != history for one, history in calm.histories.items())
    whole = not (missing or twice or other or killed.alarms) and killed.repeated <= killed.kills
    return [
        Line(
            f"4 workers, {killed.kills} kills, {len(calm.histories)} cases, {calm.delivered.total()} deliveries",
            f"{missing} missing, {twice} twice, {other} other histories",
            "one worker, no kills",
            None,
            "0, 0, 0",
            whole,
        ),
        Line(
            "sent again because a kill came between sending and marking",
            str(killed.repeated),
            "",
            None,
            f"≤ {killed.kills}",
            killed.repeated <= killed.kills,
        ),
    ]


def messenger(folder: Path, _server: Server) -> list[Line]:
    """A flood on Telegram over both libraries."""
    return telegram.table(folder)


_BENCHES: dict[str, tuple[str, Bench]] = {
    "sweeps": ("Sweeps", sweeps),
    "climbs": ("Escalations a second (PostgreSQL)", climbs),
    "kills": ("Workers that are killed (PostgreSQL)", kills),
    "answers": ("Messages a second (SQLite)", answers),
    "people": ("Many at once", people),
    "telegram": ("Telegram (SQLite, a local Bot API server)", messenger),
    "reading": ("Reading", reading),
    "months": ("A month", months),
    "years": ("A year", years),
}


def main() -> int:
    """Run them; status 1 where a count that must be nought is not (a missed speed is told in the table)."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", choices=[[], *_BENCHES], help="only these")
    names = options.parse_args().names or list(_BENCHES)
    where, sections, wrong = machine(), list[tuple[str, list[Line]]](), False
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        for name in names:
            title, bench = _BENCHES[name]
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jsy-bench-")))
            began = time.perf_counter()
            found = bench(folder, server)
            sections.append((title, found))
            wrong |= name in {"kills", "people", "telegram", "years"} and any(line.reached is False for line in found)
            sys.stdout.write("\n".join([f"{title} ({time.perf_counter() - began:.0f} s)", *map(str, found), ""]) + "\n")
            sys.stdout.flush()
    if len(names) == len(_BENCHES):
        _REPORT.write_text(document(where, sections, _NOTES), "utf-8")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
