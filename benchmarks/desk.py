"""An office over a store, as the program has it, with nobody to deliver to: for benches of the engine alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistance.directory import Person, Role
from benchmarks.filling import DUE
from bot.bell import make_bell
from bot.build import make_kit
from bot.settings import read_settings
from handlers.office import Log, Office
from regions.read import read_pack
from storage.crypto import Vault
from storage.session import SqlStore
from storage.spool import Spool

OFFICERS = (
    Person("zhou", Role.VILLAGE, "周敏", "370404104247"),
    Person("zhao", Role.TOWN, "赵伟", "370404104"),
    Person("sun", Role.COUNTY, "孙丽", "370404"),
)


class Stumbled(AssertionError):
    """The engine raised an alarm: what was measured is not what was meant."""


def stumbled(event: str, **ids: Any) -> None:
    """An alarm of a bench."""
    raise Stumbled(f"{event} {ids}")


async def office_on(store: SqlStore, vault: Vault, folder: Path, alarm: Log = stumbled) -> Office:
    """An office with three officers; an alarm ends the bench unless something else is done with it."""
    pack = read_pack("yicheng", DUE.date())
    async with store.work() as work:
        await work.people.set_places(pack.areas.values(), pack.departments.values())
        for person in OFFICERS:
            await work.people.enroll(person, "web", person.id)
    bell = make_bell(read_settings(data_dir=folder), alarm)
    kit = make_kit(pack, "")
    return Office(store, kit, {}, Spool(folder / "spool", vault), lambda: DUE, lambda *_, **__: None, alarm, bell)
