"""The engine: thin wake-ups of the loops in handlers. APScheduler is nothing but the alarm clock."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from assistance.ports import StoreDown
from handlers.daily import digests, next_daily
from handlers.intake import Intake
from handlers.office import Office
from handlers.send import send
from handlers.sweep import audit, sweep

_AGAIN = timedelta(minutes=5)  # what could not be done now is tried again then


async def tick(office: Office, intake: Intake) -> None:
    """One round at the present moment; with the store away the next round tries again."""
    try:
        await round_at(office, intake, office.clock())
    except StoreDown:
        office.alarm("store_down")


async def round_at(office: Office, intake: Intake, now: datetime) -> None:
    """What a moment brings, in the order in which it is told: words kept and not answered, cases due, daily messages,
    deliveries, and the audit."""
    await intake.catch_up()
    await sweep(office, now)
    await digests(office, now)
    await send(office, now)
    await audit(office, now)


async def next_moment(office: Office, now: datetime) -> datetime:
    """When something happens by itself next; always later than now, also when a message waits behind another."""
    async with office.store.work() as work:
        due = await work.cases.for_engine().next_due()
        retry = await work.outbox.next_try()
    coming = [moment for moment in (due, retry, next_daily(office, now)) if moment is not None]
    return min(moment if moment > now else now + _AGAIN for moment in coming)


async def serve(office: Office, intake: Intake, seconds: int, stop: asyncio.Event) -> None:
    """Tick until told to stop; a round that comes late is caught up, never skipped, and never runs beside itself."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    scheduler = AsyncIOScheduler(timezone="Asia/Shanghai")
    scheduler.add_job(
        tick,
        "interval",
        (office, intake),
        seconds=seconds,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
        next_run_time=datetime.now().astimezone(),
    )
    scheduler.start()
    office.log("engine_started", every_seconds=seconds)
    with suppress(asyncio.CancelledError):
        await stop.wait()
    scheduler.shutdown(wait=False)
    office.log("engine_stopped")
