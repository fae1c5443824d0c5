"""`jishiyu train`: the reader learns from local examples (nlp/teach.py); the local weights lie in the data folder.

Examples are what officers corrected in conversation, or the lines of a file: `text`, `intent` (docs/labels.md), and if
known `role` and `blame`. Words of sealed cases never belong into such a file. A broken weights file is told and passed
over: the shipped reader goes on.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.settings import Settings, SettingsError
from nlp.model import Model, shipped
from nlp.reading import Intent

LOCAL = "model.npz"
_ROLES = ("resident", "cadre", "supervisor")
_log = logging.getLogger(__name__)


def local_model(data_dir: Path) -> Model | None:
    """The model that learned here, or None where there is none or its file cannot be read (that is logged)."""
    file = data_dir / LOCAL
    if not file.exists():
        return None
    try:
        return Model.from_bytes(file.read_bytes())
    except (KeyError, OSError, ValueError) as error:
        _log.error("local_model_unreadable", extra={"file": LOCAL, "why": type(error).__name__})
        return None


def read_examples(source: Iterable[str]) -> list[dict[str, Any]]:
    """The examples of a file. Raises `SettingsError` with the number of the first line that is none."""
    found: list[dict[str, Any]] = []
    for number, row in enumerate(source, 1):
        if not row.strip():
            continue
        try:
            line = json.loads(row)
            text, intent, role = str(line["text"]).strip(), Intent(line["intent"]), line.get("role", "resident")
        except (KeyError, TypeError, ValueError):
            raise SettingsError(
                f"line {number} is no example: it needs `text` and an `intent` of docs/labels.md"
            ) from None
        if not text or role not in _ROLES:
            raise SettingsError(f"line {number}: `text` is empty or `role` is none of {', '.join(_ROLES)}")
        example: dict[str, Any] = {"text": text, "role": role, "intent": intent.value}
        if isinstance(line.get("blame"), bool):
            example["blame"] = line["blame"]
        found.append(example)
    return found


async def corrections(settings: Settings) -> list[dict[str, Any]]:
    """What officers corrected in conversation (handlers/corrections.py), as examples."""
    from bot.build import build

    async with build(settings, lambda _store: ()) as program, program.store.work() as work:
        return [{"text": one.text, "role": one.role, "intent": one.intent} for one in await work.examples.all()]


def train(examples: Sequence[dict[str, Any]], data_dir: Path, say: Callable[[str], None]) -> bool:
    """Teach the model in force, tell before and after, and keep it where it harms nothing; whether it was kept.

    Raises `SettingsError` where scipy (extra `train`) is not there or there is nothing to learn from.
    """
    try:
        from nlp.teach import taught
    except ModuleNotFoundError as error:
        raise SettingsError(f"{error.name} is not installed: pip install 'jishiyu[train]'") from None
    from nlp.voices import parts

    if not examples:
        raise SettingsError("there are no examples to learn from")
    sides = parts()
    before, after, model = taught(local_model(data_dir) or shipped(), examples, sides["train"], sides["dev"])
    say(f"学了 {len(examples)} 条纠正。学之前 → 学之后：")
    for name, old, new in (
        ("纠正过的话读对", before.examples, after.examples),
        ("没见过的人读对", before.right, after.right),
        ("人命关天的听出来", before.crises, after.crises),
        ("误当人命关天的", before.false_calls, after.false_calls),
        ("告人的话封存住", before.sealed, after.sealed),
    ):
        say(f"  {name}：{old:.1%} → {new:.1%}")
    if model is None:
        say("学完以后，人命关天的或告人的话读得更差，或者什么也没学会：不用它，还用原来的。")
        return False
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = data_dir / f"{LOCAL}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(model.to_bytes())
    part.replace(data_dir / LOCAL)
    say("已换上；重新启动后生效。想退回去，删掉数据文件夹里的 model.npz。")
    return True
