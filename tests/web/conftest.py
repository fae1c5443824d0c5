"""The real program on a free port, and phones to open it with: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
STARTED = "engine_started"  # the log's word for it
START_SECONDS = 60
CHROMIUM = os.environ.get("JISHIYU_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream"]  # fmt: skip
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.web)


@dataclass
class Server:
    """The running program: its port, and the one-time links that it printed when it started, by title."""

    data: Path
    port: int = 0
    links: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def invite(self, role: str, name: str, area: str, title: str) -> str:
        """A fresh code by `jishiyu invite`, as the operator makes one."""
        done = subprocess.run(
            [*JISHIYU, "invite", "--role", role, "--name", name, "--area", area, "--title", title],
            cwd=ROOT, env=environment(self.data / "demo"), capture_output=True, text=True, check=True,
        )  # fmt: skip
        return re.search(r"登录码：(\w+)", done.stdout)[1]


JISHIYU = [sys.executable, "-c", "from bot.cli import main; main()"]


def environment(data: Path) -> dict[str, str]:
    ours = {"JISHIYU_DATA_DIR": str(data), "JISHIYU_WEB_PORT": "0", "PYTHONUNBUFFERED": "1", "NO_PROXY": "*"}
    return {name: value for name, value in os.environ.items() if not name.startswith("JISHIYU_")} | ours


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`jishiyu run --demo` with data of its own."""
    started = Server(tmp_path_factory.mktemp("data"))
    command = [*JISHIYU, "run", "--demo"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(started.data), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        lines: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True)
        reader.start()
        said = []
        try:
            while not said or STARTED not in said[-1]:
                said.append(lines.get(timeout=START_SECONDS))
                if found := re.search(r"^\s+(\S+) (\S+?)\u3000*\s*http://\S+?:(\d+)/(#in=\S+)", said[-1]):
                    started.links[found[1]], started.port = found[4], int(found[3])
            yield started
        except queue.Empty:
            pytest.fail("the program did not start:\n" + "".join(said))
        finally:
            process.terminate()
            process.wait(20)
            reader.join(5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.fail("no chromium: apt-get install chromium, or name one in JISHIYU_CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        opened.close()


Phone = Callable[..., Page]


@pytest.fixture
def phone(server: Server, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Phone]:
    """`phone("#in=…")`: a new phone with the page open; errors of the page's scripts fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def take_up(path: str = "", **options) -> Page:
        context = browser.new_context(locale="zh-CN", **(PHONE | options))
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        page = context.new_page()
        page.goto(server.address + path)
        page.wait_for_selector("#log[aria-busy=false]")
        page.wait_for_selector("#greeting-text:not(:empty)")
        return page

    yield take_up
    for context in contexts:
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()
    assert errors == []
