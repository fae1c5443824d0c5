"""The terminal as a channel: everybody's phone in one window, choices as numbers to type."""

from __future__ import annotations

from collections.abc import Callable

import click

from assistance.post import Abilities, Letter


class TerminalChannel:
    """Prints what arrives, under the name of the one it is for."""

    name = "terminal"
    abilities = Abilities()

    def __init__(self, name_of: Callable[[str], str]) -> None:
        self._name_of = name_of

    async def deliver(self, letter: Letter) -> None:
        """One message; its choices stand under it as numbers."""
        kind = "cyan" if letter.parcel.kind == "reply" else "yellow"
        head = click.style(f"→ {self._name_of(letter.parcel.address)}", fg=kind, bold=True)
        click.echo(f"\n{head}\n{letter.text}")
