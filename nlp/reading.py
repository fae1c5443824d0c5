"""What a reading is: the values that `understand` gives back (读出来的东西).

Labels and their borders are those of docs/labels.md. A reading knows no case and no database; it is a plain
value that the handlers look at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Intent(StrEnum):
    """What a message is for; exactly one is primary."""

    VISIT = "visit"  # 走访记录
    HARDSHIP = "hardship"  # 突发困难
    COMPLAINT = "complaint"  # 投诉举报
    POLICY = "policy"  # 政策咨询
    PROGRESS = "progress"  # 进度查询
    SUPPLEMENT = "supplement"  # 补充更正
    WITHDRAW = "withdraw"  # 撤回
    THANKS = "thanks_feedback"  # 感谢、满意度、回访答复
    MANAGE = "manage"  # 接单、办结、转办、催办、查积压
    CRISIS = "crisis"  # 轻生、正在施暴、孩子有危险
    CHITCHAT = "chitchat"  # 闲聊、广告、诈骗
    HELP = "help"  # 怎么用


class Signal(StrEnum):
    """Meanings beside the intent that the rules ask about (grades and sealing)."""

    DANGER_NOW = "danger_now"  # fire, collapse, gas, flood, an attack: going on now
    DANGER_BY_OFFICER = "danger_by_officer"  # the danger comes from somebody in office
    NEED = "need"  # a household's unmet need is told, whatever the intent
    THING = "thing"  # trouble with a thing or supply that serves several households (路灯 停水 垃圾)
    MISCONDUCT = "misconduct"  # taking, demanding, favouring, threatening, faking
    SLOWNESS = "slowness"  # slowness, attitude, nobody answers
    OFFICE_NAMED = "office_named"  # a title or an enrolled officer is named otherwise than neutrally
    PRIVATE_BLAMED = "private_blamed"  # kin, a neighbour or a firm is blamed
    PUBLIC_MONEY = "public_money"  # the use of public money is blamed
    POOR_HOUSEHOLD = "poor_household"  # 监测户, 低保户 or 特困 in the sender's own words
    PRESSURE = "pressure"  # a withdrawal that hints at pressure
    KEEP_AN_EYE = "keep_an_eye"  # no need yet, only "please look in on us"
    MEDICINE_STOPPED = "medicine_stopped"  # 断药
    DROPPED_OUT = "dropped_out"  # 辍学
    NOT_UNDERSTOOD = "not_understood"  # nothing that a rule or the model could hold on to
    MEDIA_ONLY = "media_only"  # a voice note or photo without words


class BlamedLevel(StrEnum):
    """Where the blamed person or body sits, as far as the words tell."""

    VILLAGE = "village"
    TOWN = "town"
    COUNTY = "county"
    CITY = "city"
    DISCIPLINE = "discipline"
    PRIVATE = "private"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class DateSlot:
    """A day or month named in the text; `value` is YYYY-MM-DD, YYYY-MM, or None where it cannot be settled."""

    span: str
    value: str | None
    other: str | None = None  # the day it is if the lunar calendar was meant (十月十一), where both may be: to be asked

    @property
    def precision(self) -> str:
        """How exactly it is known: day, month, or vague."""
        return {10: "day", 7: "month"}.get(len(self.value or ""), "vague")


@dataclass(frozen=True, slots=True)
class AmountSlot:
    """Money in yuan: whole yuan are int, others Decimal (六毛); a range keeps both ends and `value` is its middle."""

    span: str
    low: int | Decimal
    high: int | Decimal
    exact: bool = True  # False for a range and for a loose sum (三万多)

    @property
    def value(self) -> int | Decimal:
        """The middle of the range, in yuan."""
        return self.low if self.low == self.high else int(self.low + self.high) // 2

    @property
    def yuan(self) -> int:
        """The middle in whole yuan, as cases keep it."""
        return int(self.value)


@dataclass(frozen=True, slots=True)
class PeopleSlot:
    """Household size."""

    span: str
    value: int


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in the gazetteer: the span as typed and every entry that it may mean, best first."""

    span: str
    candidates: tuple[str, ...]  # place codes, or household ids
    exact: bool  # False where only the sound fits


@dataclass(frozen=True, slots=True)
class Accused:
    """Who is blamed, as written, and what the gazetteer knows of it."""

    span: str
    level: BlamedLevel = BlamedLevel.UNCLEAR
    body: str | None = None  # id of a department, where a body of the gazetteer is blamed
    officers: tuple[str, ...] = ()  # ids of enrolled officers that the name or title fits


@dataclass(frozen=True, slots=True)
class Slots:
    """Only what stands in the text; spans exactly as typed."""

    household: str | None = None  # as written: 王桂英, 老张家, 李大爷
    village: str | None = None  # the gazetteer's name, else as written
    town: str | None = None
    date: DateSlot | None = None
    amount: AmountSlot | None = None
    people: PeopleSlot | None = None
    phone: str | None = None
    cause: str | None = None  # 因病 因残 因灾 因学 意外事故 失业 缺劳力 住房 饮水 收入骤减 丧葬 其他
    topic: str | None = None  # one of the 17 of docs/labels.md
    accused: Accused | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One visit of a message that tells several (一条消息里的几次走访)."""

    text: str  # the words about it, as typed
    household: str  # as written
    match: Match | None  # what the roster knows of it
    date: DateSlot | None  # the day told with it, else the one told before it


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, read. `blame` is the probability that somebody in office, a desk or public money is blamed."""

    text: str
    intent: Intent
    confidence: float
    also: tuple[Intent, ...] = ()
    slots: Slots = field(default_factory=Slots)
    urgency: str | None = None  # A, B, C; None where the intent has none
    negated: bool = False
    anonymous: bool = False
    blame: float = 0.0
    why: tuple[str, ...] = ()  # the words that decided it, as they stand in the text
    ask: tuple[Intent, ...] | None = None  # what to offer when unsure
    signals: frozenset[Signal] = frozenset()
    places: tuple[Match, ...] = ()  # villages and towns found, in reading order
    households: tuple[Match, ...] = ()  # roster households found, in reading order
    fields: tuple[tuple[str, str], ...] = ()  # (label, value) pairs where the text is a form
    problems: tuple[str, ...] = ()  # labels of form fields that could not be read (日期, 村 …)
    parts: tuple[Part, ...] = ()  # where several households were visited: one for each; else empty

    def says(self, signal: Signal) -> bool:
        """Whether the message carries this meaning."""
        return signal in self.signals

    def means(self, intent: Intent) -> bool:
        """Whether the intent is there, primary or beside."""
        return intent is self.intent or intent in self.also
