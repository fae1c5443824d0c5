"""What the engine works with: the store, the pack, the channels, and where words wait when the store is down."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

from assistance.ports import Alarm, Spool, Store
from assistance.post import Channel
from handlers.kit import Kit

Log = Callable[..., Any]  # a stable event name, then ids and codes; never a name, a phone or a word


def where_from(error: BaseException) -> str:
    """The place in the program where an error arose, for operators: file and line, none of its words."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


@dataclass(frozen=True)
class Office:
    """Put together once, by the composition root."""

    store: Store
    kit: Kit
    channels: Mapping[str, Channel]
    spool: Spool
    clock: Callable[[], datetime]
    log: Log
    alarm: Log  # the same for what an operator must see
    bell: Alarm  # rings a telephone
    anchors: bool = True  # whether a daily anchor is made and told (每日存证); a replay's database is thrown away
    wake: asyncio.Event = field(default_factory=asyncio.Event)  # something waits to be sent now
