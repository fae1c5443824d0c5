"""One turn of a conversation: somebody said something, and everything needed to answer is at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistance.case import Case
from assistance.decision import Conversation, Decision, Draft, Notice
from assistance.directory import Directory, Level, Person, Role, person_token
from assistance.ports import SeenCases, Work
from assistance.post import Said
from handlers.kit import Kit
from nlp.gazetteer import Context
from nlp.gazetteer import Role as ReaderRole
from nlp.reading import Reading

_READER_ROLE: dict[Role, ReaderRole] = {Role.RESIDENT: "resident", Role.VILLAGE: "cadre", Role.DEPARTMENT: "cadre"}


@dataclass(frozen=True)
class Turn:
    """A message, who said it, what was remembered of them, and the unit of work that will hold the answer."""

    said: Said
    person: Person
    now: datetime
    work: Work
    kit: Kit
    directory: Directory
    conversation: Conversation
    reading: Reading
    numbered: bool = False  # the channel has no buttons: they were shown as numbers (`handlers.degrade`)

    @property
    def text(self) -> str:
        """The words as they were typed, without blanks around them."""
        return (self.said.text or "").strip()

    @property
    def draft(self) -> Draft | None:
        """What the bot is waiting for."""
        return self.conversation.draft

    @property
    def skipped(self) -> bool:
        """跳过, typed or pressed."""
        return "跳过" in (self.text, self.said.press)

    @property
    def mine(self) -> SeenCases:
        """The cases that exist for this person."""
        return self.work.cases.seen_by(self.person)

    @property
    def home(self) -> str | None:
        """The village of a resident or village officer."""
        area = self.directory.areas.get(self.person.area or "")
        return area.code if area and area.level is Level.VILLAGE else None

    @property
    def context(self) -> Context:
        """What the reader may know beside the words."""
        return context_of(self.person, self.directory, self.conversation, self.now)

    def pick(self, text: str) -> str | None:
        """The value of the numbered choice that a text names by number or label; None where it names none."""
        choices, word = self.conversation.choices, text.rstrip("。.、")
        if word.isdecimal() and len(word) < 3 and 1 <= int(word) <= len(choices):
            return choices[int(word) - 1][1]
        return next((value for label, value in choices if label == word), None)

    def reply(
        self,
        phrase: str,
        *,
        case: Case | None = None,
        buttons: tuple[str, ...] = (),
        sealed: bool = False,
        **fields: Any,
    ) -> Decision:
        """Answer with a sentence of the pack."""
        return self.reply_text(self.kit.phrases(phrase, **fields), case=case, buttons=buttons, sealed=sealed)

    def reply_text(
        self, text: str, *, case: Case | None = None, buttons: tuple[str, ...] = (), sealed: bool = False
    ) -> Decision:
        """Answer with a text made already."""
        notice = Notice(
            to=person_token(self.person.id),
            step=f"reply#{self.said.id}",
            kind="reply",
            case=case.id if case else None,
            version=case.version if case else 0,
            text=text,
            buttons=buttons,
            urgent=True,
            sealed=sealed or (case.sealed if case else False),
        )
        return Decision(notices=(notice,))

    def remember(self, **changes: Any) -> Decision:
        """Change what is remembered of this person: `draft`, `case`, `visit`, `choices`."""
        return Decision(memory=tuple(changes.items()))


def context_of(person: Person, directory: Directory, conversation: Conversation, now: datetime) -> Context:
    """What the reader may know beside the words."""
    draft = conversation.draft
    return Context(
        now=now,
        role=_READER_ROLE.get(person.role, "supervisor"),
        areas=tuple(area.code for area in directory.chain(person.area)),
        asked=draft.asked if draft else None,
        open_cases=1 if conversation.case else 0,
    )
