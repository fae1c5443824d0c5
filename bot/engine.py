"""The engine: thin wake-ups of the loops in handlers. APScheduler is nothing but the alarm clock."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta

from assistance.ports import Stale, StoreDown
from bot.clock import OffsetClock
from handlers.absence import end_absences, next_end
from handlers.daily import digests, next_daily
from handlers.intake import Intake
from handlers.office import Office
from handlers.reprisal import ask_due
from handlers.send import send
from handlers.sweep import audit, sweep
from handlers.unseen import call_duty
from handlers.visiting import begin_plans

_AGAIN = timedelta(minutes=5)  # what could not be done now is tried again then


async def tick(office: Office, intake: Intake) -> None:
    """One round at the present moment; with the store away, or in another worker's way, the next round tries again."""
    try:
        await round_at(office, intake, office.clock())
    except StoreDown:
        office.alarm("store_down")
    except Stale:
        office.log("round_again")


async def round_at(office: Office, intake: Intake, now: datetime) -> None:
    """What a moment brings, in the order in which it is told: words kept and not answered, cases due, daily messages,
    deliveries, and the audit."""
    await intake.catch_up()
    await end_absences(office, now)
    await sweep(office, now)
    await begin_plans(office, now)
    await digests(office, now)
    await ask_due(office, now)
    await send(office, now)
    if await call_duty(office, now):
        await send(office, now)
    await audit(office, now)


async def next_moment(office: Office, now: datetime) -> datetime:
    """When something happens by itself next; always later than now, also when a message waits behind another."""
    async with office.store.work() as work:
        due = await work.cases.for_engine().next_due()
        retry = await work.outbox.next_try()
        back = next_end(await work.people.directory())
        watched = await work.outbox.next_watched()
        question = await work.followups.next_due()
    unopened = watched + office.kit.rulebook.duty_after if watched else None
    coming = (due, retry, back, unopened, question, next_daily(office, now))
    return min(moment if moment > now else now + _AGAIN for moment in coming if moment is not None)


async def wind_on(office: Office, intake: Intake, clock: OffsetClock, hours: float) -> datetime:
    """Put a clock forward through every due moment on the way; gives the time it shows then."""
    target = clock() + timedelta(hours=hours)
    while (moment := await next_moment(office, clock())) < target:
        clock.forward(max(moment - clock(), timedelta()))
        await round_at(office, intake, clock())
    clock.forward(max(target - clock(), timedelta()))
    await round_at(office, intake, clock())
    return clock()


async def serve(office: Office, intake: Intake, seconds: int, stop: asyncio.Event) -> None:
    """Tick until told to stop; a round that comes late is caught up, never skipped, and never runs beside itself. What
    is under way is brought to its end."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a long round swallows a tick is as it should be
    busy = asyncio.Lock()

    async def one_round() -> None:
        async with busy:
            await tick(office, intake)

    scheduler = AsyncIOScheduler(timezone="Asia/Shanghai")
    scheduler.add_job(
        one_round,
        "interval",
        seconds=seconds,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
        next_run_time=datetime.now().astimezone(),
    )
    scheduler.start()
    office.log("engine_started", every_seconds=seconds)
    sending = asyncio.create_task(_send_at_once(office, stop))
    with suppress(asyncio.CancelledError):
        await stop.wait()
    scheduler.shutdown(wait=False)
    stop.set()
    office.wake.set()
    await sending
    async with busy:
        office.log("engine_stopped")


async def _send_at_once(office: Office, stop: asyncio.Event) -> None:
    """Answers leave within a second: whoever has taken words in wakes this, and what came meanwhile goes along."""
    while not stop.is_set():
        try:
            await send(office, office.clock())
        except StoreDown:
            office.alarm("store_down")
        except Stale:
            office.wake.set()
        await office.wake.wait()
        office.wake.clear()
