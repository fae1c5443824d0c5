"""What people do with the page, in words of the page."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Locator, Page

DESKTOP = {
    "viewport": {"width": 1024, "height": 768},
    "is_mobile": False,
    "has_touch": False,
    "device_scale_factor": 1,
}
# Everything that the page keeps on the device, as one text.
KEPT = """async () => {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open("jishiyu");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const rows = [];
  for (const name of database.objectStoreNames) {
    rows.push(...await new Promise((resolve, reject) => {
      const request = database.transaction(name).objectStore(name).getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    }));
  }
  database.close();
  const caches_ = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)));
  return JSON.stringify([rows, {...localStorage}, {...sessionStorage}, caches_]);
}"""
# The file of the one message that waits on the device, byte by byte.
WAITING_FILE = """async () => {
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("jishiyu");
    request.onsuccess = () => resolve(request.result);
  });
  const rows = await new Promise((resolve) => {
    const request = database.transaction("pending").objectStore("pending").getAll();
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return [...new Uint8Array(await rows[0].file.arrayBuffer())];
}"""
HIDE = """() => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
SHOW = """() => {
  delete document.visibilityState;
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def say(page: Page, text: str) -> None:
    page.fill("#say", text)
    page.click(".send")


def bot(page: Page, words: str) -> Locator:
    """The newest message of the bot's with these words."""
    found = page.locator(".row.bot[data-id]", has_text=words).last
    found.wait_for()
    return found


def mine(page: Page) -> Locator:
    return page.locator(".row.mine")


def answered(page: Page, text: str, words: str = "回执号") -> str:
    """Say it and wait for what the bot says next; its text."""
    before = page.locator(".row.bot[data-id]").count()
    say(page, text)
    answer = page.locator(".row.bot[data-id]").nth(before)
    answer.filter(has_text=words).wait_for()
    return answer.inner_text()


def press(page: Page, label: str) -> None:
    """The newest button of that name that is alive."""
    page.locator(".choice:enabled", has_text=re.compile(f"^{label}$")).last.click()


def receipt_in(text: str) -> str:
    return re.search(r"回执号：?\s*(\d{6,})", text)[1]


def kept(page: Page) -> str:
    """Everything on the device: databases, storages, names of cached files."""
    return json.dumps(json.loads(page.evaluate(KEPT)), ensure_ascii=False)


def wait_until_line_stands(page: Page) -> None:
    page.wait_for_selector("#line:empty", state="attached")


def wait_until_shell_is_kept(page: Page) -> None:
    """From then on the page opens without a network."""
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
