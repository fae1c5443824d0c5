"""Makes the pictures of docs/screenshots/: a hardship from the first word to 已解决 in two windows, at phone size.

    python scripts/screenshots.py [--out docs/screenshots]

It runs the real program with data of its own and opens it in Chromium (dev dependencies; CHROMIUM names the browser).
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "web"))  # the program and the hands that the browser tests use

from running import PHONE, Server, chromium, running  # noqa: E402
from walk import answered, bot, press, say  # noqa: E402

COLOURS = 64  # enough for a page without photos, a third of the bytes
HARDSHIP = "俺娘住院交不上押金，还差八千，大夫说明天就停药，石门东村甘霖秀家"
ACCUSED = "石门东村会计扣了俺家三百块低保钱，还说不给就停"


class Album:
    """The pictures, numbered in the order in which they are taken."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0

    def take(self, page: Page, name: str) -> None:
        """What is on the screen now."""
        self._count += 1
        page.wait_for_timeout(300)  # until the last words have come into view
        with Image.open(io.BytesIO(page.screenshot())) as taken:
            small = taken.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            small.save(self._folder / f"{self._count:02}-{name}.png", optimize=True)


def main() -> None:
    """Run, walk, take pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    album = Album(folder)
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as server, chromium() as browser:
        _walk(server, browser, album)
        _alone(server, browser, album)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def _phone(server: Server, browser: Browser, path: str = "", **options: str) -> Page:
    page = browser.new_context(locale="zh-CN", **(PHONE | options)).new_page()
    page.goto(server.address + path)
    page.wait_for_selector("#greeting-text:not(:empty)")
    return page


def _walk(server: Server, browser: Browser, album: Album) -> None:
    """困难 → 接单 → 办结 → 已解决."""
    helper = _phone(server, browser, server.links["网格员"])
    helper.locator("#who", has_text="网格员").wait_for()
    resident = _phone(server, browser)
    album.take(resident, "resident-opens")
    answered(resident, HARDSHIP)
    album.take(resident, "resident-has-a-receipt")
    bot(helper, "请最晚")
    album.take(helper, "helper-is-told")
    press(helper, "接单")
    bot(helper, "已接单")
    album.take(helper, "helper-has-taken-it")
    bot(resident, "接手")
    album.take(resident, "resident-knows-who")
    press(helper, "办结")
    bot(helper, "已办结")
    album.take(helper, "helper-has-finished")
    bot(resident, "解决了没有")
    album.take(resident, "resident-is-asked")
    press(resident, "已解决")
    bot(resident, "办结了")
    album.take(resident, "resident-says-solved")
    bot(helper, "群众说已解决")
    album.take(helper, "helper-reads-solved")


def _alone(server: Server, browser: Browser, album: Album) -> None:
    """Without a network, the larger type, a complaint, in the dark."""
    page = _phone(server, browser)
    page.context.set_offline(True)
    say(page, "俺家房顶漏雨了，石门东村")
    page.locator(".state", has_text="等网络").wait_for()
    album.take(page, "waits-for-the-network")
    page.context.set_offline(False)
    bot(page, "回执号")
    page.click("#bigger")
    album.take(page, "larger-type")
    page = _phone(server, browser, color_scheme="dark")
    answered(page, ACCUSED, "查询码")
    album.take(page, "complaint-on-the-screen-only")
    page.click(".noted")
    page.locator(".noted").wait_for(state="detached")
    album.take(page, "complaint-gone")


if __name__ == "__main__":
    main()
