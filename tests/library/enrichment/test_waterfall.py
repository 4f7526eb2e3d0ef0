"""Providers are asked in order, each once, until nothing is wanted."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnish.enrichment.inputs import Inputs
from burnish.enrichment.outcome import Failed, Found, Miss, Outcome, Pending, Skipped
from burnish.enrichment.plan import Wish, explain
from burnish.enrichment.provider import LocalProvider, Provider
from burnish.enrichment.setup import Setup
from burnish.enrichment.waterfall import Choice, Waterfall
from burnish.profiles.document import Document


def provider(
    name: str, needs: str = "ip", gives: str = "city", price: str = "0", local: bool = False
) -> Provider:
    base: Any = LocalProvider if local else Provider
    kind = type(
        name.title(),
        (base,),
        {
            "key": name,
            "needs": frozenset(needs.split()),
            "gives": frozenset(gives.split()),
            "price": Decimal(price),
        },
    )
    made: Provider = kind()
    return made


def fall(
    ways: dict[str, list[Any]], *providers: Provider, known: Any = None, **how: Any
) -> Waterfall:
    wanted = {
        attribute: [step if isinstance(step, Choice) else Choice(step, attribute) for step in steps]
        for attribute, steps in ways.items()
    }
    given = {"ip": "203.0.113.1"} if known is None else known
    return Waterfall(wanted, given, {one.name: one for one in providers}, **how)


def names(providers: list[Provider]) -> list[str]:
    return [one.name for one in providers]


def test_the_next_is_asked_only_when_the_one_before_has_nothing() -> None:
    water = fall({"city": ["a", "b"]}, provider("a"), provider("b"))

    assert names(water.due()) == ["a"]
    assert water.due() == []
    water.told("a", Miss())
    assert names(water.due()) == ["b"]
    water.told("b", Found({"city": "Lund"}))

    assert water.due() == []
    assert water.taken["city"].provider == "b"
    assert water.wanting == []


def test_it_ends_with_the_first_that_has_a_value() -> None:
    water = fall({"city": ["a", "b"]}, provider("a"), provider("b"))

    water.due()
    water.told("a", Found({"city": "Lund"}))

    assert water.due() == []
    assert water.taken["city"].value == "Lund"


def test_those_that_do_not_depend_on_each_other_are_asked_at_once() -> None:
    water = fall({"city": ["a"], "asn": ["b"]}, provider("a"), provider("b", gives="asn"))

    assert names(water.due()) == ["a", "b"]


def test_one_call_serves_all_attributes_it_gives() -> None:
    both = provider("a", gives="city asn")
    water = fall({"city": ["a"], "asn": ["a"]}, both)

    assert names(water.due()) == ["a"]
    water.told("a", Found({"city": "Lund", "asn": "AS64500"}))

    assert water.due() == []
    assert water.taken.keys() == {"city", "asn"}


def test_a_value_not_sure_enough_is_left_and_said() -> None:
    water = fall({"city": [Choice("a", "city", 0.9), "b"]}, provider("a"), provider("b"))

    water.due()
    water.told("a", Found({"city": "Lund"}, confidence=0.5))

    assert names(water.due()) == ["b"]
    assert "only 0.5 sure" in water.refused["a"]["city"]


def test_a_dear_lookup_is_not_made_for_what_is_worth_less() -> None:
    dear = provider("a", price="0.10")
    water = fall(
        {"city": [Choice("a", "city", max_price=Decimal("0.05")), "b"]}, dear, provider("b")
    )

    assert names(water.due()) == ["b"]
    assert water.skipped["a"].reason == "too_expensive"


def test_what_one_needs_and_another_gives_is_asked_first() -> None:
    mail = provider("mail", needs="email", gives="company_domain", local=True)
    company = provider("company", needs="company_domain", gives="company_name", price="0.1")
    water = fall(
        {"company_name": ["company"]}, mail, company, known={"email": "ada@nordlake.example"}
    )

    assert names(water.due()) == ["mail"]
    water.told("mail", Found({"company_domain": "nordlake.example"}))
    assert names(water.due()) == ["company"]


def test_a_chain_of_needs_is_followed_and_a_circle_is_not() -> None:
    a = provider("a", needs="x", gives="y")
    b = provider("b", needs="y", gives="x")
    c = provider("c", needs="y", gives="city")
    start = provider("start", needs="ip", gives="x")

    circle = fall({"city": ["c"]}, a, b, c)
    chain = fall({"city": ["c"]}, a, b, c, start)

    assert circle.due() == []
    assert circle.skipped["c"].reason == "missing_input"
    assert names(chain.due()) == ["start"]
    chain.told("start", Found({"x": "1"}))
    assert names(chain.due()) == ["a"]
    chain.told("a", Found({"y": "2"}))
    assert names(chain.due()) == ["c"]


def test_a_helper_that_has_nothing_leaves_its_dependant_unasked() -> None:
    mail = provider("mail", needs="email", gives="company_domain", local=True)
    company = provider("company", needs="company_domain", gives="company_name")
    water = fall({"company_name": ["company"]}, mail, company, known={"email": "ada@mail.example"})

    water.due()
    water.told("mail", Miss())

    assert water.due() == []
    assert water.skipped["company"].detail == "it needs company_domain"


def test_one_that_still_looks_holds_its_attributes_back() -> None:
    water = fall({"city": ["a", "b"]}, provider("a"), provider("b"))

    water.due()
    water.told("a", Pending(60))

    assert water.due() == []
    assert water.wanting == ["city"]


def test_what_does_not_fit_is_left_and_the_next_is_asked() -> None:
    water = fall(
        {"city": ["a", "b"]},
        provider("a"),
        provider("b"),
        fits=lambda attribute, value: None if value == "Lund" else "must be Lund",
    )

    water.due()
    water.told("a", Found({"city": "Malmö"}))

    assert names(water.due()) == ["b"]
    assert water.refused == {"a": {"city": "must be Lund"}}


OUTCOMES = st.sampled_from(
    [Miss(), Failed("timeout"), Skipped("limited"), *(Found({o: "1"}) for o in "uvwxyz")]
)


@given(st.data())
def test_whatever_happens_it_ends_and_asks_each_once(data: st.DataObject) -> None:
    outputs = list("uvwxyz")
    few = st.sets(st.sampled_from([*outputs, "ip"]), max_size=2)
    providers = [
        provider(f"p{n}", " ".join(data.draw(few)), " ".join(data.draw(few) - {"ip"}))
        for n in range(data.draw(st.integers(1, 6)))
    ]
    ways = {
        output: [Choice(one.name, output) for one in providers if output in one.gives]
        for output in data.draw(st.sets(st.sampled_from(outputs)))
    }
    water = fall(ways, *providers)
    asked: list[str] = []
    while due := water.due():
        asked += names(due)
        for one in due:
            assert not one.lacks(water.known)
            outcome: Outcome = data.draw(OUTCOMES)
            water.told(one.name, outcome)

    assert len(asked) == len(set(asked))
    assert water.wanting == []
    for attribute, taken in water.taken.items():
        assert water.outcomes[taken.provider] == Found({attribute: "1"})


@pytest.mark.parametrize("known", [{"email": "ada@nordlake.example"}, {}])
def test_a_plan_says_who_is_asked_when_and_who_not_and_why(known: dict[str, str]) -> None:
    mail = provider("mail", needs="email", gives="company_domain", local=True)
    company = provider("company", needs="company_domain", gives="company_name", price="0.1")
    person = provider("person", needs="email", gives="company_name", price="0.3")
    setup = Setup({one.name: one for one in (mail, company, person)})
    wish = Wish({"company_name": [Choice(n, "company_name") for n in ("company", "person")]}, {})

    plan = explain(setup, Inputs(dict(known)), wish, Document(), ())

    turns = [(step.provider, step.turn, step.detail) for step in plan.steps]
    if known:
        assert turns == [("company", "after", "mail"), ("person", "then", "")]
        assert plan.most == Decimal("0.4")
    else:
        assert turns == [
            ("company", "skipped", "it needs company_domain"),
            ("person", "skipped", "it needs email"),
        ]
        assert plan.most == 0
