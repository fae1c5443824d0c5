"""The command line `jishiyu`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jishiyu")
def cli() -> None:
    """及时雨：走访、困难、投诉，说一句就有人办。"""


@cli.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--region", default="yicheng", show_default=True, help="区域包的名字或文件夹")
def understand(file: Path | None, region: str) -> None:
    """读懂每一行：JSON Lines 进，JSON Lines 出。"""
    from bot.understanding import understand_lines

    with click.open_file(str(file or "-"), encoding="utf-8") as source, click.open_file("-", "w", "utf-8") as target:
        fine = understand_lines(source, target, region)
    sys.exit(0 if fine else 1)


@cli.command()
@click.argument("scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写到这个文件，不写到屏幕")
@click.option("--region", default="yicheng", show_default=True, help="区域包的名字或文件夹")
@click.option("--storage", default=None, help="数据库地址；默认在内存里")
def replay(scenario: Path, out: Path | None, region: str, storage: str | None) -> None:
    """把一段剧本放一遍：每条送达一行，最后一行是结果。"""
    from bot.build import configure_log
    from bot.replay import replay as play

    configure_log()
    with (
        click.open_file(str(scenario), encoding="utf-8") as source,
        click.open_file(str(out or "-"), "w", "utf-8") as target,
    ):
        fine = asyncio.run(play(source, target, region, storage))
    sys.exit(0 if fine else 1)


@cli.command()
@click.option("--demo", is_flag=True, help="页面上多一个可以快进的钟；只给样例里编的人用，数据放在单独的文件夹")
def run(*, demo: bool) -> None:
    """开动：网页和发动机。"""
    from bot.build import configure_log
    from bot.serve import run as serve
    from bot.settings import read_settings

    configure_log()
    settings = read_settings()
    if demo:
        settings = read_settings(data_dir=settings.data_dir / "demo", database="", sample_roster=True)
    asyncio.run(serve(settings, demo=demo))


@cli.command()
@click.option("--role", required=True, help="身份：village、town、county、department、discipline、city")
@click.option("--name", required=True, help="姓名")
@click.option("--area", default=None, help="在哪里，如 峨山镇/石门东村；不写就是本区")
@click.option("--department", default=None, help="部门名，如 民政局；身份是 department 时要写")
@click.option("--title", default=None, help="职务")
def invite(role: str, name: str, area: str | None, department: str | None, title: str | None) -> None:
    """请第一位工作人员进来：打印登录链接和登录码，只显示这一次。"""
    from bot.build import configure_log
    from bot.invite import invite as bring_in
    from bot.settings import read_settings

    configure_log()
    click.echo(asyncio.run(bring_in(read_settings(), role, name, area, department, title)))


@cli.command()
@click.argument("village")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写到哪个文件；默认是 村名.svg")
def poster(village: str, out: Path | None) -> None:
    """一个村的海报：二维码扫开就是对话，村名写成 镇/村。"""
    from bot.poster import write_poster
    from bot.settings import read_settings

    click.echo(f"写好了：{write_poster(read_settings(), village, out)}")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="给机器读的")
def doctor(as_json: bool) -> None:
    """查一遍：区域包、密钥、数据库、钟、放假安排、渠道、谁联系不上、值班和报警。有红的退出码是 1。"""
    from bot.doctor import examine, show
    from bot.settings import read_settings

    findings = asyncio.run(examine(read_settings()))
    click.echo(show(findings, as_json=as_json))
    sys.exit(1 if any(one.state == "red" for one in findings) else 0)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="给机器读的")
@click.option("--anchor", "printed", multiple=True, help="日报上的存证码，如 2026-11-19=3f2a9c1b77d0；可以写几个")
def verify(printed: tuple[str, ...], *, as_json: bool) -> None:
    """查一遍过程记录：哪一条被改过、哪一件不见了。有不对的退出码是 1。"""
    from bot.settings import read_settings
    from bot.verify import told, unlike
    from bot.verify import verify as check

    def progress(done: int, of: int) -> None:
        click.echo(f"\r{done}/{of}", nl=done == of, err=True)

    checked = asyncio.run(check(read_settings(), progress))
    wrong = [sentence for one in printed if (sentence := unlike(checked, one))]
    sys.exit(0 if told(checked, wrong, as_json=as_json, say=click.echo) else 1)


@cli.command()
@click.argument("receipt", required=False)
@click.option("--why", default="", help="为什么删，一句话；会（加密）记下来")
@click.option("--own-request", is_flag=True, help="反映人自己要求的；投诉举报还要 --code")
@click.option("--code", default=None, help="反映人的查询码")
@click.option("--photos", is_flag=True, help="只删照片和语音")
@click.option("--due", is_flag=True, help="只列出满保存年限、可以删的，不删")
def erase(receipt: str | None, why: str, code: str | None, *, own_request: bool, photos: bool, due: bool) -> None:
    """删除一件办结的件里的个人信息：原话、照片、姓名电话都删，办理过程留着。删了就回不来。"""
    from bot.erase import erase as remove
    from bot.erase import list_due
    from bot.settings import read_settings

    if due:
        for line in asyncio.run(list_due(read_settings())):
            click.echo(line)
        return
    if not receipt or not why:
        raise click.UsageError("请写回执号和 --why")
    done, told = asyncio.run(remove(read_settings(), receipt, why, own=own_request, code=code, photos=photos))
    click.echo(told)
    sys.exit(0 if done else 1)


@cli.command()
@click.argument("examples", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
def train(examples: Path | None) -> None:
    """从工作人员的纠正（改为投诉、这是走访）里学；给了文件就从文件里学，每行一条 JSON。学坏了就不用。"""
    from bot.settings import read_settings
    from bot.training import corrections, read_examples
    from bot.training import train as learn

    settings = read_settings()
    if examples is None:
        found = asyncio.run(corrections(settings))
    else:
        with click.open_file(str(examples), encoding="utf-8") as source:
            found = read_examples(source)
    sys.exit(0 if learn(found, settings.data_dir, click.echo) else 1)


@cli.command()
@click.option("--case", default=None, help="只看这一件（件的编号，不是回执号）")
@click.option("--json", "as_json", is_flag=True, help="给机器读的")
def accesses(case: str | None, *, as_json: bool) -> None:
    """谁在什么时候看过哪一件密封件的原话：只有编号，没有姓名和内容。"""
    from bot.accesses import read_accesses, show
    from bot.settings import read_settings

    click.echo(show(asyncio.run(read_accesses(read_settings(), case)), as_json=as_json))


@cli.command()
def chat() -> None:
    """几个人在一个终端里试一试，钟可以拨快；用单独的数据，不碰正式的。"""
    from bot.build import configure_log
    from bot.chat import chat as talk
    from bot.settings import read_settings

    configure_log()
    settings = read_settings()
    asyncio.run(talk(read_settings(data_dir=settings.data_dir / "try", database="")))


def main() -> None:
    """Entry point: what an operator can mend is told in one line, exit status 2."""
    from bot.settings import SettingsError
    from regions.source import PackError
    from storage.errors import StorageError

    try:
        cli()
    except (PackError, SettingsError, StorageError) as error:
        click.echo(f"jishiyu: {error}", err=True)
        sys.exit(2)
