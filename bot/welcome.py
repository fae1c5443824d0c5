"""The first thing that somebody sees who started it: where the page is, who can be tried, and what to type."""

from __future__ import annotations

import ipaddress

import click

from assistance.directory import Person
from bot.build import Program, enroll_sample
from bot.chat import ROLES
from bot.settings import Settings


async def welcome(program: Program, settings: Settings, port: int, *, demo: bool) -> None:
    """Print it. Of the invented roster one of each kind gets a fresh one-time link."""
    click.echo(f"及时雨已经开动：{settings.page_url}（按 Ctrl+C 停）")
    if not settings.sample_roster:
        click.echo("第一个工作人员这样请进来：jishiyu invite --help")
        return
    click.echo("样例的人，都是编的；每个链接用一次，72 小时内有效，重新启动会有新的：")
    for person, token in await _links(program):
        click.echo(f"  {_label(person):　<12}{_address(settings, person, port)}/#in={token}")
    click.echo("先用村民的链接写一句：俺娘住院交不上押金还差八千大夫说明天就停药")
    click.echo("再用网格员的链接看新件，按“接单”；没人接就过两小时到镇上。")
    if demo:
        click.echo("页面上方的钟可以快进：1 小时、3 小时、1 天。")
    else:
        click.echo("想快进看件怎么往上走：jishiyu run --demo（或 make demo）")


async def _links(program: Program) -> list[tuple[Person, str]]:
    people = {person.id: person for person in await enroll_sample(program, None)}
    shown = [people[one] for one in _first_of_each(people)]
    now = program.office.clock()
    async with program.store.work() as work:
        return [(person, (await work.invites.make(person.id, None, now)).token) for person in shown]


def _first_of_each(people: dict[str, Person]) -> list[str]:
    """One of each role, in the order of the roster; of the village the 网格员 before others."""
    first: dict[str, str] = {}
    for person in sorted(people.values(), key=lambda one: one.title != "网格员"):
        first.setdefault(person.role.value, person.id)
    order = ("resident", "village", "town", "county", "department", "discipline", "city")
    return [first[role] for role in order if role in first]


def _label(person: Person) -> str:
    return f"{person.title or ROLES[person.role]} {person.name or ''}"


def _address(settings: Settings, person: Person, port: int) -> str:
    """On this machine everybody has a host name of their own, so that one browser can be several phones."""
    try:
        here = ipaddress.ip_address(settings.web_host).is_loopback
    except ValueError:
        here = settings.web_host == "localhost"
    return f"http://{person.id.replace('_', '-')}.localhost:{port}" if here else settings.page_url.rstrip("/")
