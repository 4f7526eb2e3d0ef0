"""A person's own profile, as they read it: what is known, from where, and what they may do."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from burnish.attributes.schema import Schema
from burnish.attributes.standard import IDENTITY_COUPLED
from burnish.profiles import effective
from burnish.profiles.fact import NOTHING, Attribute, Fact
from burnish_server.identity import owned, provenance
from burnish_server.identity.models import User
from burnish_server.profiles import view
from burnish_server.profiles.models import Profile
from burnish_server.profiles.view import Row
from burnish_server.profiles.wording import lines

SECTIONS = (
    (
        _("About you"),
        (
            "name",
            "given_name",
            "middle_name",
            "family_name",
            "nickname",
            "preferred_username",
            "gender",
            "birthdate",
            "picture",
            "profile",
            "website",
        ),
    ),
    (_("How to reach you"), ("email", "phone_number", "address")),
    (_("Language and time"), ("locale", "zoneinfo")),
)
"""The standard attributes by what they are about; the project's own stand in a section after."""

OWN_SECTION = _("More about you")

LABELS = {
    "address": _("Address"),
    "birthdate": _("Birthday"),
    "email": _("Email"),
    "family_name": _("Family name"),
    "gender": _("Gender"),
    "given_name": _("Given name"),
    "locale": _("Language"),
    "middle_name": _("Middle name"),
    "name": _("Name"),
    "nickname": _("Nickname"),
    "phone_number": _("Phone number"),
    "picture": _("Picture"),
    "preferred_username": _("Username"),
    "profile": _("Profile page"),
    "website": _("Website"),
    "zoneinfo": _("Time zone"),
}

LOCKED = _("An administrator locked this. If it is wrong, ask them to change it.")
READ_ONLY = _("Only an administrator can change this. If it is wrong, ask them to.")
IDENTITY = _("This belongs to the way you sign in.")


@dataclass(frozen=True, slots=True)
class Item:
    """One attribute for its person; `refused` are the sources they turned away."""

    row: Row
    writable: bool
    now: datetime
    verified: bool | None = None
    refused: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The attribute's name."""
        return self.row.name

    @property
    def label(self) -> str:
        """What the attribute is called in plain words."""
        if self.row.definition:
            return self.row.label
        return str(LABELS.get(self.name) or self.row.label.capitalize())

    @property
    def purpose(self) -> str:
        """What the attribute is asked for; empty where nobody said."""
        return self.row.definition.purpose if self.row.definition else ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The value, line by line; none where there is no value."""
        return self._lines(self.row.value) if self.row.winner else ()

    def _lines(self, value: Any) -> tuple[str, ...]:
        kind = self.row.definition.type if self.row.definition else ""
        try:
            if kind == "date":
                return (provenance.day(date.fromisoformat(value)),)
            if kind == "datetime":
                return (provenance.moment(datetime.fromisoformat(value)),)
        except (OverflowError, ValueError):
            # The first and the last hours of the calendar do not exist in every time zone.
            return lines(value)
        return lines(value)

    @property
    def told(self) -> str:
        """Where the value came from; empty without one."""
        return provenance.told(self.row.winner, self.now) if self.row.winner else ""

    @property
    def holds(self) -> str:
        """Until when the value holds; empty where it does not expire."""
        return provenance.holds(self.row.winner, self.now) if self.row.winner else ""

    @property
    def others(self) -> tuple[str, ...]:
        """What else was said of it, each with where that came from."""
        losers = self.row.explanation.losers if self.row.explanation else ()
        return tuple(
            f"{', '.join(self._lines(loser.fact.value))}. {provenance.told(loser.fact, self.now)}."
            for loser in losers
            if loser.fact.value is not NOTHING
        )

    @property
    def is_guess(self) -> bool:
        """Whether somebody else than the person said so."""
        return bool(self.row.winner) and not provenance.is_own(self.row.source)

    @property
    def is_identity(self) -> bool:
        """Whether the value belongs to the way the person signs in."""
        return self.name in IDENTITY_COUPLED

    def elsewhere(self, methods: Collection[str]) -> str:
        """Return the page on which what somebody signs in with is changed; empty for none."""
        pages = {
            "email": ("email", "account_email"),
            "phone_number": ("phone", "account_change_phone"),
            "preferred_username": ("username", "change_username"),
        }
        method, page = pages.get(self.name, ("", ""))
        return page if method in (*methods, "email") else ""

    @property
    def closed(self) -> str:
        """Why the person cannot edit this here, as a sentence; empty where they can."""
        if self.is_identity:
            return str(IDENTITY)
        if not self.writable:
            return str(READ_ONLY)
        return str(LOCKED) if any(fact.locked for fact in _facts(self.row)) else ""

    @property
    def turned_away(self) -> str:
        """The sources the person turned away, in words; empty for none."""
        return get_text_list([provenance.speaker(one) for one in self.refused], gettext("and"))

    @property
    def would_be_refused(self) -> str:
        """The sources that deleting the value turns away, in words; empty for none."""
        sources = sorted({fact.source for fact in _facts(self.row) if fact.origin in _GUESSES})
        return get_text_list([provenance.speaker(one) for one in sources], gettext("and"))


_GUESSES = ("social", "guess")


@dataclass(frozen=True, slots=True)
class Section:
    """Attributes that belong together, those with a value."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many attributes have a value, of how many."""

    filled: int
    of: int

    @property
    def percent(self) -> int:
        """The share that is filled in; short of all is never 100, and something is never 0."""
        if self.filled in (0, self.of):
            return 100 if self.of and self.filled else 0
        return min(99, max(1, round(100 * self.filled / self.of)))


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """What a person sees of their profile; `version` is what they saw it at."""

    items: tuple[Item, ...]
    version: int

    @property
    def sections(self) -> tuple[Section, ...]:
        """The attributes that have a value, by what they are about."""
        known = {item.name: item for item in self.items if item.row.winner}
        found = [Section(str(title), _in_order(known, names)) for title, names in SECTIONS]
        own = tuple(item for item in known.values() if item.row.group == "custom")
        return tuple(
            section for section in [*found, Section(str(OWN_SECTION), own)] if section.items
        )

    @property
    def guesses(self) -> tuple[Item, ...]:
        """The values somebody else gave, which the person may put right."""
        return tuple(item for item in self.items if item.is_guess and not item.closed)

    @property
    def missing(self) -> tuple[Item, ...]:
        """The attributes without a value that the person may give one."""
        return tuple(item for item in self.items if not item.row.winner and not item.closed)

    @property
    def completeness(self) -> Completeness:
        """How much is filled in of what the person may fill in themselves."""
        theirs = [item for item in self.items if item.writable and not item.is_identity]
        return Completeness(sum(bool(item.row.winner) for item in theirs), len(theirs))

    def item(self, name: str) -> Item | None:
        """Return an attribute by name; None for one the person may not see."""
        return next((item for item in self.items if item.name == name), None)


def of(user: User, profile: Profile, schema: Schema, now: datetime) -> OwnProfile:
    """Return a user's profile as they may see it."""
    derived = owned.derived(user, profile)
    refused = _refused(effective.load(profile.facts))

    def item(row: Row) -> Item:
        writable = schema.may("end_user", "write", row.name)
        verified = derived.get(f"{row.name}_verified")
        return Item(row, writable, now, verified, tuple(refused.get(_place(row), ())))

    rows = view.all_rows(profile, schema, party="end_user")
    return OwnProfile(tuple(map(item, rows)), profile.version)


def _place(row: Row) -> Attribute:
    return row.group, row.definition.id if row.definition else row.name


def _refused(facts: Iterable[Fact]) -> dict[Attribute, list[str]]:
    found: dict[Attribute, list[str]] = {}
    for fact in facts:
        if fact.refused:
            found.setdefault(fact.attribute, []).append(fact.source)
    return found


def _facts(row: Row) -> list[Fact]:
    if row.explanation is None:
        return []
    return [row.explanation.winner, *(loser.fact for loser in row.explanation.losers)]


def _in_order(known: dict[str, Item], names: tuple[str, ...]) -> tuple[Item, ...]:
    return tuple(known[name] for name in names if name in known)
