"""Phones with the page open, on the real program in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from running import PHONE, Server, chromium, running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.web)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


Phone = Callable[..., Page]


@pytest.fixture
def phone(server: Server, browser: Browser) -> Iterator[Phone]:
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
