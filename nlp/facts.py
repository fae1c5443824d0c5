"""All facts of a message at once: who, where, when, how much, on which number.

`Facts` is built once for a gazetteer and read for each message; it holds no other state. It leaves cause, topic and
accused to the reading of meaning, and it does not know the intent: in policy, chitchat and help day words are no
date slot (docs/labels.md, Conventions), which the caller decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nlp.amounts import find_amounts
from nlp.dates import find_dates
from nlp.forms import field as form_field
from nlp.forms import read_forms
from nlp.gazetteer import Context, Gazetteer
from nlp.households import HouseholdAt, Households
from nlp.people import find_people
from nlp.phones import find_private, normal_phone
from nlp.places import PlaceAt, Places
from nlp.reading import DateSlot, Match, Part, PeopleSlot, Slots
from nlp.spans import Span, cover, rank
from nlp.unknown_places import find_groups
from nlp.visits import Named, split_visits

_NAME_FIELD = re.compile(r"\s*([一-鿿·]{2,5}?)(?:家|户|同志|大[爷娘]|[（(].*|[\s,，。;；].*|$)", re.DOTALL)
# A bare answer to the question where it is: 幸福里, but not 就在我家门口 or 不知道.
_BARE = re.compile(
    r"\s*(?!家[里门]|跳过|取消|重来|老家|门口|村里|本村|同村)"
    r"((?:(?![我俺咱您你恁他她这那哪的了不没是在有去来就到道])[一-鿿]){2,6})\s*[。.!！]?\s*"
)


@dataclass(frozen=True, slots=True)
class FactsFound:
    """What stands in one message. `taken` tells where, in reading order, so that nothing is read twice."""

    slots: Slots = field(default_factory=Slots)  # cause, topic and accused are always None here
    places: tuple[Match, ...] = ()
    households: tuple[Match, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()  # (label, value) where the text is a form
    problems: tuple[str, ...] = ()  # labels of fields that could not be read
    parts: tuple[Part, ...] = ()  # where several households were visited: one for each
    taken: tuple[Span, ...] = ()  # kinds: date amount people village town household officer, or of phones


class Facts:
    """Reads the facts of messages against one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.places = Places(gazetteer.places)
        self._households = Households(gazetteer.households, gazetteer.officers, self.places.town_of)

    def read(self, text: str, context: Context) -> FactsFound:
        """The facts of one message, read as sent at `context.now`; never fails, whatever the text."""
        forms = read_forms(text)
        fields = tuple(pair for form in forms for pair in form.fields)
        numbers = find_private(text)
        taken = cover(numbers)
        places = self.places.find(text, context, taken)
        taken |= cover(place.span for place in places)
        known = [place.match for place in places if place.match is not None and place.kind == "village"]
        villages = tuple(code for match in known for code in match.candidates)
        after = frozenset(place.end for place in places)
        households = self._households.find(text, context, villages, taken, after)
        officers = self._households.officers_in(text)
        taken |= cover(household.span for household in households) | cover(officers)
        groups = [Span(start, end, "group") for start, end in find_groups(text)]
        dates = find_dates(text, context.now, taken | cover(groups))
        taken |= cover(Span(date.start, date.end) for date in dates)
        people = find_people(text, taken, context.asked == "people")
        taken |= cover(Span(size.start, size.end) for size in people)
        amounts = find_amounts(text, taken | cover(groups))
        phones = [text[number.start : number.end] for number in numbers if number.kind in ("phone", "landline")]
        date, people_slot, problems = _of_form(fields, context)
        slots = Slots(
            household=self._household(text, fields, households),
            village=self._place("village", text, places) or (None if places else _asked(text, context)),
            town=self._place("town", text, places),
            date=date or (dates[0].slot if dates else None),
            amount=amounts[0].slot if amounts else None,
            people=people_slot or (people[0].slot if people else None),
            phone=normal_phone(phones[0]) if phones else None,
        )
        spans = [*numbers, *officers, *(place.span for place in places), *(one.span for one in households)]
        spans += [Span(one.start, one.end, "date") for one in dates]
        spans += [Span(one.start, one.end, "people") for one in people]
        spans += [Span(one.start, one.end, "amount") for one in amounts]
        return FactsFound(
            slots=slots,
            places=tuple(place.match for place in places if place.match is not None),
            households=self._matches(fields, households, villages, context),
            fields=fields,
            problems=problems,
            parts=split_visits(
                text,
                forms,
                [Named(one.start, one.end, one.match) for one in households if not one.weak],
                sorted(((one.start, one.slot) for one in dates if not one.planned), key=lambda one: one[0]),
                after,
            ),
            taken=tuple(sorted(spans)),
        )

    def _household(
        self, text: str, fields: tuple[tuple[str, str], ...], households: tuple[HouseholdAt, ...]
    ) -> str | None:
        """The primary household as written: a form's own field, else the first one named."""
        written = form_field(fields, "户主")
        name = _NAME_FIELD.match(written) if written else None
        if name is not None:
            return name[1]
        return text[households[0].start : households[0].end] if households else None

    def _place(self, kind: str, text: str, places: tuple[PlaceAt, ...]) -> str | None:
        """The first place of a kind; the new one of a correction goes first, then one that the gazetteer knows."""
        fitting = [place for place in places if place.kind == kind]
        corrected = [place for place in fitting if rank(text, place.start) == 0]
        fitting = corrected or fitting
        return next((place.name for place in fitting if place.match), fitting[0].name if fitting else None)

    def _matches(
        self,
        fields: tuple[tuple[str, str], ...],
        households: tuple[HouseholdAt, ...],
        villages: tuple[str, ...],
        context: Context,
    ) -> tuple[Match, ...]:
        """The roster's households, the one of the form's own field first."""
        found = [household.match for household in households if household.match is not None]
        written = form_field(fields, "户主")
        name = _NAME_FIELD.match(written) if written else None
        if name is not None:
            first = self._households.exact(name[1], context, villages)
            found = [*([first] if first else []), *(match for match in found if match.span != name[1])]
        return tuple(found)


def _asked(text: str, context: Context) -> str | None:
    """A bare answer to the question for the place, as written."""
    bare = _BARE.fullmatch(text) if context.asked == "place" else None
    return bare[1] if bare is not None else None


def _of_form(
    fields: tuple[tuple[str, str], ...], context: Context
) -> tuple[DateSlot | None, PeopleSlot | None, tuple[str, ...]]:
    """A form's own day and size, which go before what other fields tell, and the labels that cannot be read."""
    unread = []
    day, size = form_field(fields, "日期"), form_field(fields, "人口")
    dates = find_dates(f"日期:{day}", context.now) if day else ()
    if day and not dates:
        unread.append("日期")
    people = find_people(f"人口:{size}") if size else ()
    if size and not people:
        unread.append("人口")
    return dates[0].slot if dates else None, people[0].slot if people else None, tuple(unread)
