"""The real program on a free port, and Debian's Chromium to open it with: for the tests and scripts/screenshots.py."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
JISHIYU = [sys.executable, "-c", "from bot.cli import main; main()"]
STARTED = "engine_started"  # the log's word for it
START_SECONDS = 60
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream"]  # fmt: skip
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


class NotStarted(Exception):
    """The program or the browser did not start; the message says why."""


@dataclass
class Server:
    """The running program: its port, and the one-time links that it printed when it started, by title."""

    data: Path
    port: int = 0
    links: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Of the page."""
        return f"http://127.0.0.1:{self.port}/"

    def invite(self, role: str, name: str, area: str, title: str) -> str:
        """A fresh code by `jishiyu invite`, as the operator makes one."""
        done = subprocess.run(
            [*JISHIYU, "invite", "--role", role, "--name", name, "--area", area, "--title", title],
            cwd=ROOT, env=environment(self.data / "demo"), capture_output=True, text=True, check=True,
        )  # fmt: skip
        return re.search(r"登录码：(\w+)", done.stdout)[1]


def environment(data: Path) -> dict[str, str]:
    """Ours alone: no setting of whoever runs this reaches the program."""
    ours = {"JISHIYU_DATA_DIR": str(data), "JISHIYU_WEB_PORT": "0", "PYTHONUNBUFFERED": "1", "NO_PROXY": "*"}
    return {name: value for name, value in os.environ.items() if not name.startswith("JISHIYU_")} | ours


@contextmanager
def running(data: Path) -> Iterator[Server]:
    """`jishiyu run --demo` with data of its own, its clock in the morning. Raises `NotStarted` with what it printed."""
    started = Server(data)
    with subprocess.Popen(
        [*JISHIYU, "run", "--demo"],
        cwd=ROOT, env=environment(data), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        lines: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()], daemon=True)
        reader.start()
        try:
            _read_start(started, lines)
            _wind_to_the_morning(started)
            yield started
        finally:
            process.terminate()
            process.wait(20)
            reader.join(5)


def _read_start(started: Server, lines: queue.Queue[str]) -> None:
    said = [""]
    while STARTED not in said[-1]:
        try:
            said.append(lines.get(timeout=START_SECONDS))
        except queue.Empty:
            raise NotStarted("the program did not start:\n" + "".join(said)) from None
        if found := re.search(r"^\s+(\S+) (\S+?)\u3000*\s*http://\S+?:(\d+)/(#in=\S+)", said[-1]):
            started.links[found[1]], started.port = found[4], int(found[3])


def _wind_to_the_morning(server: Server) -> None:
    """To the next 10:00 in the county, so that the hour of the run (quiet hours at night) makes no difference."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def post(path: str, body: dict) -> dict:
        headers = {"X-Jishiyu": "1", "Content-Type": "application/json"}
        asked = urllib.request.Request(server.address + path, json.dumps(body).encode(), headers)
        with opener.open(asked, timeout=60) as answer:
            return json.load(answer)

    now = datetime.fromisoformat(post("api/hello", {"at": None})["demo"]["now"]).astimezone(ZoneInfo("Asia/Shanghai"))
    morning = now.replace(hour=10, minute=0, second=0) + timedelta(days=now.hour >= 10)
    post("api/demo/wait", {"hours": (morning - now) / timedelta(hours=1)})


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that CHROMIUM names, else Debian's. Raises `NotStarted` where there is none."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        raise NotStarted("no chromium: apt-get install chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield opened
        opened.close()
