"""A village's poster (海报): a page to print and hang up, whose QR code opens the chat with that village known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import click
import segno

from bot.settings import Settings
from regions.read import find_area, read_pack

_PAGE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" width="210mm" height="297mm">
<rect width="210" height="297" fill="#fff"/>
<g font-family="'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif" text-anchor="middle" fill="#111">
<text x="105" y="36" font-size="22" font-weight="bold">及时雨</text>
<text x="105" y="52" font-size="10">{village}</text>
<text x="105" y="70" font-size="9">家里有难处、有事要反映，扫一扫，写一句</text>
{code}
<text x="105" y="218" font-size="6">{url}</text>
<text x="105" y="236" font-size="8">不用注册，不用下载；说一声就有人办，过时自动往上报</text>
<text x="105" y="250" font-size="8">投诉只有区里看得到，请抄下回执号和查询码</text>
<text x="105" y="268" font-size="9" font-weight="bold">急事先打 {numbers}</text>
<text x="105" y="281" font-size="6">及时雨是程序，不问银行卡和验证码，谁问都别给</text>
</g></svg>
"""


def write_poster(settings: Settings, village: str, out: Path | None = None) -> Path:
    """Write the poster and tell where it is. Raises `click.ClickException` for an unknown village or a missing URL."""
    if not settings.public_url:
        raise click.ClickException("先在 jishiyu.toml 里写 public_url：大家打开网页用的地址。")
    pack = read_pack(settings.region, date.today())  # noqa: DTZ011 - only names are read
    code = find_area(pack.areas, village)
    if code is None:
        raise click.ClickException(f"没有找到“{village}”，或者不止一个：请写成 镇/村。")
    area = pack.areas[code]
    town = pack.areas[area.parent].name if area.parent else ""
    url = f"{settings.public_url.rstrip('/')}/?at={code}"
    qr = segno.make(url, error="q", micro=False)
    drawn = qr.svg_inline(border=0, omitsize=True).replace("<svg ", '<svg x="45" y="82" width="120" height="120" ', 1)
    numbers = "　".join(str(pack.numbers[name]) for name in ("police", "ambulance", "fire"))
    page = _PAGE.format(
        village=escape(f"{town}{area.name}"),
        code=drawn,
        url=escape(settings.public_url),
        numbers=numbers,
    )
    path = out or Path(f"{area.name}.svg")
    path.write_text(page, "utf-8")
    return path
