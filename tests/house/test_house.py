"""The house keeps its order: arrows, sentences, settings."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from bot.settings import Settings
from regions.read import read_pack

ROOT = Path(__file__).parents[2]
ROOMS = ("assistance", "bot", "handlers", "nlp", "regions", "storage")
SOURCES = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
PHRASES = read_pack("yicheng", date(2026, 11, 20)).phrases


def test_imports_go_down_only() -> None:
    """No arrow runs back up between the rooms."""
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def spoken() -> set[str]:
    """The keys of sentences that stand as plain strings in calls of the program."""
    found = set()
    for path in (ROOT / "handlers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in ("phrases", "reply") and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


@pytest.mark.parametrize("key", sorted(spoken()))
def test_every_sentence_that_is_asked_for_stands_in_the_pack(key: str) -> None:
    """The program never asks the pack for a sentence that is not there."""
    assert key in PHRASES


def test_every_notice_of_the_rules_has_its_sentence() -> None:
    """Whatever the rules tell somebody, the pack says it."""
    told = set()
    for room in ("assistance", "handlers"):
        for path in (ROOT / room).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("tell", "tell_person"):
                    told |= {
                        word.value
                        for word in ast.walk(node.args[1])
                        if isinstance(word, ast.Constant) and isinstance(word.value, str)
                    }

    assert told
    assert {key for key in told if f"notice.{key}" not in PHRASES and f"reporter.{key}" not in PHRASES} == set()


def test_no_sentence_promises_scolds_or_asks_for_secrets() -> None:
    """The bot never promises money, never scolds, never asks for a bank card, a password or a code sent by phone."""
    banned = re.compile(r"一定给|保证|肯定能|银行卡|密码|验证码|不稳定|违法上访|再不|罚")

    assert {key: text for key, text in PHRASES.items() if banned.search(text)} == {}


def test_the_example_configuration_names_every_setting() -> None:
    """config.example.toml shows every setting with its default, and nothing else."""
    text = (ROOT / "config.example.toml").read_text("utf-8")
    shown = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE))
    defaults = {name: field.default for name, field in Settings.model_fields.items()}

    assert shown.keys() == defaults.keys()
    for name, value in shown.items():
        if defaults[name] is not None:
            assert str(defaults[name]) == str(value), name


def test_nothing_swallows_errors() -> None:
    """No `except: pass` stands anywhere in the program."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                assert not all(isinstance(line, ast.Pass) for line in node.body), f"{path}:{node.lineno}"


def test_files_stay_short() -> None:
    """A file that grows past 300 lines tells two stories; lists of declarations may be longer."""
    long = {path.name: count for path in SOURCES if (count := len(path.read_text("utf-8").splitlines())) > 300}

    assert {name for name in long if name not in ("ports.py", "tables.py")} == set()


def test_documents_point_at_files_that_exist() -> None:
    """Every docs/… file that the code or the docs name is there."""
    named = set()
    for path in [*SOURCES, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        named |= set(re.findall(r"docs/[\w/.-]+\.md", path.read_text("utf-8")))

    assert {name for name in named if not (ROOT / name).is_file()} == set()
