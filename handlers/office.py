"""What the engine works with: the store, the pack, the channels, and where words wait when the store is down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistance.ports import Channel, Spool, Store
from handlers.kit import Kit

Log = Callable[..., Any]  # a stable event name, then ids and codes; never a name, a phone or a word


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
