"""The terminal as a channel: everybody's phone in one window, buttons as words to type."""

from __future__ import annotations

from collections.abc import Callable

import click

from assistance.ports import Parcel


class TerminalChannel:
    """Prints what arrives, under the name of the one it is for."""

    name = "terminal"

    def __init__(self, name_of: Callable[[str], str]) -> None:
        self._name_of = name_of

    async def deliver(self, address: str, text: str, buttons: tuple[str, ...], parcel: Parcel) -> None:
        """One message; the buttons can be typed."""
        head = click.style(f"→ {self._name_of(address)}", fg="cyan" if parcel.kind == "reply" else "yellow", bold=True)
        click.echo(f"\n{head}\n{text}")
        if buttons:
            click.echo(click.style("  ".join(f"[{label}]" for label in buttons), fg="green"))
