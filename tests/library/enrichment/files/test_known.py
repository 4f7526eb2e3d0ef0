"""A file's answers are remembered in a room of a given size."""

from burnish.enrichment.files.known import Room


def test_the_oldest_go_when_the_room_is_full() -> None:
    room = Room(100)
    known, other = room.known(), room.known()

    for number in range(100):
        (known if number % 2 else other).keep(number, (f"value {number}", ()))
    for number in range(1000, 1500):
        known.keep(number, (f"value {number}", ()))

    assert known.get(1) is None
    assert known.get(1499) == ("value 1499", ())
    kept = sum(one is not None for one in map(known.get, range(2000)))
    kept += sum(one is not None for one in map(other.get, range(2000)))
    assert 80 <= kept <= 100


def test_a_question_is_asked_once_while_it_is_being_asked() -> None:
    known = Room().known()

    first = known.unasked(["a", "b", "a"], [0, 1, 2])
    second = known.unasked(["b", "c"], [0, 1])
    for question in "abc":
        known.keep(question, (question.upper(), ()))

    assert (first, second) == (["a", "b"], ["c"])
    assert known.recall(["a", "d"]) == [("A", ()), None]
    assert known.complete(["a", "c"], [("A", ()), None], [1]) == [("A", ()), ("C", ())]


def test_answers_that_are_equal_but_not_alike_stay_what_they_are() -> None:
    known = Room().known()

    for question, value in enumerate((1, True, 1.0)):
        known.keep(question, (value, ()))

    assert [type(said[0]) for said in map(known.get, range(3)) if said] == [int, bool, float]
