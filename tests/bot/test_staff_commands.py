"""`jishiyu invite`, `jishiyu doctor` and the alarm hook, as an operator meets them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from test_cli import Run, run  # noqa: F401 - the fixture that calls the command line

from bot.bell import Bells


def found(out: str) -> dict[str, dict[str, str]]:
    """The findings of `doctor --json` by check."""
    return {one["check"]: one for one in json.loads(out)}


def test_the_first_officer_is_invited_from_the_command_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """`invite` prints link and code; nobody is there before, and the doctor tells who has not signed in."""
    monkeypatch.setenv("JISHIYU_PUBLIC_URL", "https://jishiyu.example.cn")
    status, out, _ = run("invite", "--role", "county", "--name", "高远山", "--title", "科长")

    assert status == 0
    assert "https://jishiyu.example.cn/#in=" in out
    assert "登录码：" in out
    assert "峄城区科长" in out
    status, out, _ = run("doctor", "--json")
    assert status == 1
    assert "高远山" in json.dumps(json.loads(out), ensure_ascii=False)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--role", "king", "--name", "高远山"), "--role"),
        (("--role", "village", "--name", "高远山"), "--area"),
        (("--role", "village", "--name", "高远山", "--area", "峄城区"), "--area"),
        (("--role", "department", "--name", "高远山"), "--department"),
    ],
)
def test_a_seat_that_does_not_exist_is_refused_with_the_mend(
    run: Run,  # noqa: F811
    options: tuple[str, ...],
    named: str,
) -> None:
    """One line names the option; nobody is enrolled."""
    status, _, err = run("invite", *options)

    assert status == 2
    assert named in err
    assert err.count("\n") == 1


def test_the_doctor_before_the_first_run_changes_nothing(run: Run, tmp_path: Path) -> None:  # noqa: F811
    """It makes neither keys nor a database, and says what to do first."""
    status, out, _ = run("doctor")

    assert status == 1
    assert "jishiyu run" in out
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_says_of_each_thing_how_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Pack, keys, database, clock, calendar, channels, people, roster and hook each have their sentence."""
    run("invite", "--role", "county", "--name", "高远山")
    status, out, _ = run("doctor", "--json")
    checks = found(out)

    assert checks.keys() >= {"pack", "keys", "database", "clock", "calendar", "channels", "people", "duty", "alarm"}
    assert all(one["text"].endswith("。") for one in checks.values())
    assert [checks[name]["state"] for name in ("pack", "keys", "database", "clock")] == ["green"] * 4
    assert [checks[name]["state"] for name in ("duty", "alarm")] == ["red"] * 2
    assert status == 1
    monkeypatch.setenv("JISHIYU_ALARM_COMMAND", "echo")
    assert found(run("doctor", "--json")[1])["alarm"]["state"] == "green"


def test_the_doctor_sees_keys_that_others_can_read(run: Run, tmp_path: Path) -> None:  # noqa: F811
    """A key file with the wrong mode is red, with the command that mends it."""
    run("invite", "--role", "county", "--name", "高远山")
    (tmp_path / "jishiyu-data" / "keys.txt").chmod(0o644)
    checks = found(run("doctor", "--json")[1])

    assert checks["keys"]["state"] == "red"
    assert "chmod 600" in checks["keys"]["text"]


def test_the_doctor_sees_a_page_without_https(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Words that travel in the clear are red."""
    monkeypatch.setenv("JISHIYU_PUBLIC_URL", "http://jishiyu.example.cn")

    assert found(run("doctor", "--json")[1])["channels"]["state"] == "red"


def test_the_doctor_sees_a_broken_pack(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """The pack's own error is told and the rest is looked at all the same."""
    monkeypatch.setenv("JISHIYU_REGION", str(tmp_path / "nowhere"))
    checks = found(run("doctor", "--json")[1])

    assert checks["pack"]["state"] == "red"
    assert "alarm" in checks


# --- the hook ---


class Failures:
    """What the operator is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, event: str, **ids: Any) -> None:
        self.told.append((event, ids))


async def ring(bells: Bells, **ids: str) -> None:
    """Ring and wait for the end."""
    await bells.ring("unseen", case="c1", **ids)
    await bells.rung()


async def test_the_command_gets_the_event_and_ids(tmp_path: Path) -> None:
    """Each id is one argument, name=value; no shell reads them."""
    script = tmp_path / "hook.sh"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/out\n', "utf-8")
    script.chmod(0o700)
    failures = Failures()
    await ring(Bells(f"{script} sms", "", failures), level="village; rm -rf x")

    assert (tmp_path / "out").read_text("utf-8").splitlines() == ["sms", "unseen", "case=c1", "level=village; rm -rf x"]
    assert failures.told == []


@pytest.mark.parametrize(("command", "url"), [("/nowhere/hook", ""), ("false", ""), ("", "http://127.0.0.1:9/")])
async def test_a_broken_hook_is_told_to_the_operator(command: str, url: str) -> None:
    """The queue goes on; the log names the hook."""
    failures = Failures()
    await ring(Bells(command, url, failures))

    ((event, ids),) = failures.told
    assert event == "alarm_hook_failed"
    assert ids["hook"] == ("alarm_url" if url else "alarm_command")


async def test_a_hook_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time it is ended, and the operator is told."""
    monkeypatch.setattr("bot.bell._SECONDS", 0.2)
    failures = Failures()
    await asyncio.wait_for(ring(Bells("sleep 60", "", failures)), 5)

    assert len(failures.told) == 1


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """An SMS gateway on this machine, and what it was sent."""
    sent: list[dict[str, str]] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", sent
    server.shutdown()
    server.server_close()
    thread.join()


async def test_the_address_gets_the_same_as_json(gateway: tuple[str, list[dict[str, str]]]) -> None:
    """One POST with event name and ids."""
    url, sent = gateway
    failures = Failures()
    await ring(Bells("", url, failures), level="village")

    assert sent == [{"event": "unseen", "case": "c1", "level": "village"}]
    assert failures.told == []
