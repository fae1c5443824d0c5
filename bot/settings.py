"""Settings (设置): from jishiyu.toml in the working folder and JISHIYU_… in the environment, the latter going first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

CONFIG = "jishiyu.toml"


class SettingsError(ValueError):
    """The configuration cannot be used; the message names the setting and the mend."""


class Settings(BaseSettings):
    """Everything an operator may set. config.example.toml shows all of it; a test compares the two."""

    model_config = SettingsConfigDict(env_prefix="JISHIYU_", extra="forbid", toml_file=CONFIG, frozen=True)

    region: str = Field(default="yicheng", description="区域包：自带的名字，或一个装有 pack.toml 的文件夹")
    data_dir: Path = Field(default=Path("jishiyu-data"), description="数据放在哪个文件夹：数据库、密钥、暂存")
    database: str = Field(default="", description="数据库地址；空着就用 data_dir 里的 SQLite 文件")
    keys: str = Field(
        default="", description="密钥的内容；空着就用 keys_file（没有就自动生成，只有本人能读）", repr=False
    )
    keys_file: Path | None = Field(default=None, description="密钥文件；空着就是 data_dir/keys.txt")
    web_host: str = Field(default="127.0.0.1", description="网页听哪个地址；对外要放在 nginx 之类的后面，由它管 https")
    web_port: int = Field(default=8420, ge=0, le=65535, description="网页听哪个端口")
    web_proxy: bool = Field(default=False, description="前面有没有自己的反向代理（有才相信 X-Forwarded-For）")
    session_days: int = Field(default=30, ge=1, le=180, description="工作人员登录一次管多少天，一直用就一直顺延")
    public_url: str = Field(default="", description="大家打开网页对话的地址，如 https://…；登录链接用它")
    alarm_command: str = Field(
        default="", description="急件没人看时运行的命令（短信网关、打电话），后面会加上事件名和编号，不带一个字的内容"
    )
    alarm_url: str = Field(
        default="", pattern=r"^(https?://.+)?$", description="急件没人看时通知的网址，POST 一段 JSON：事件名和编号"
    )
    tick_seconds: int = Field(default=5, ge=1, le=60, description="发动机多少秒看一次有没有到时限的件")
    telegram_token: str = Field(
        default="",
        description="Telegram 机器人的令牌；空着就不开。开了，话要经过境外的服务器，先要单位同意",
        repr=False,
    )
    telegram_light: bool = Field(default=False, description="用占内存少的那个库（python-telegram-bot）")
    telegram_webhook: bool = Field(default=False, description="让 Telegram 来敲门（要 https 的 public_url），不去轮询")
    telegram_proxy: str = Field(
        default="",
        pattern=r"^((https?|socks5)://.+)?$",
        description="去 Telegram 走的代理，http:// 或 socks5://",
        repr=False,
    )
    telegram_server: str = Field(
        default="https://api.telegram.org", pattern=r"^https?://.+$", description="自己架的 Bot API 服务器"
    )
    sample_roster: bool = Field(default=True, description="第一次启动时装入区域包里的样例花名册（全是编的人）")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings passes it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings passes it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Given values first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def database_url(self) -> str:
        """The database, by default a file in the data folder."""
        return self.database or f"sqlite+aiosqlite:///{self.data_dir / 'jishiyu.db'}"

    @property
    def page_url(self) -> str:
        """Where the page is, as far as the settings tell."""
        return self.public_url or f"http://{self.web_host}:{self.web_port}"


def read_settings(**given: Any) -> Settings:
    """The settings in force. Raises `SettingsError` with one line that names the setting and the mend."""
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or CONFIG
        raise SettingsError(f"{CONFIG}: {name}: {first['msg']}; compare it with config.example.toml") from None
    except ValueError as error:  # a broken TOML file
        raise SettingsError(f"{CONFIG} is not valid TOML ({error}); look for a missing quote or bracket") from None
