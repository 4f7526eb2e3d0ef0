"""A request is sent again where that does no harm, and only there."""

from collections.abc import Iterator

import httpx
import pytest

from burnish.client import AsyncBurnish, Burnish, NoAnswer, Patience, TooManyRequests, Unavailable

URL = "http://id.nordlake.example"
ROLE = {
    "id": "1",
    "key": "editor",
    "name": "",
    "description": "",
    "created_at": "2026-03-02T09:14:07Z",
    "updated_at": "2026-03-02T09:14:07Z",
}
AGAIN = {"Retry-After": "0"}


class Door(httpx.MockTransport):
    """Answers each request with the next of its answers, and keeps the requests."""

    def __init__(self, *answers: httpx.Response | httpx.HTTPError) -> None:
        self.seen: list[httpx.Request] = []
        self._answers: Iterator[httpx.Response | httpx.HTTPError] = iter(answers)
        super().__init__(self._next)

    def _next(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        answer = next(self._answers)
        if isinstance(answer, httpx.HTTPError):
            raise answer
        return answer


def client(door: Door, **more: float) -> Burnish:
    return Burnish(URL, "bk_key", transport=door, patience=Patience(**more))  # type: ignore[arg-type]


def test_one_too_many_is_sent_again_under_the_same_name() -> None:
    door = Door(httpx.Response(429, headers=AGAIN), httpx.Response(201, json=ROLE))

    made = client(door).roles.create("editor")

    first, second = door.seen
    assert made.key == "editor"
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


async def test_the_other_face_sends_it_again_too() -> None:
    door = Door(httpx.Response(503, headers=AGAIN), httpx.Response(201, json=ROLE))

    async with AsyncBurnish(URL, "bk_key", transport=door) as other:
        made = await other.roles.create("editor")

    assert made.key == "editor"
    assert len(door.seen) == 2


def test_what_got_no_answer_is_sent_again() -> None:
    door = Door(httpx.ReadTimeout("late"), httpx.Response(200, json=ROLE))

    assert client(door).roles.get("editor").key == "editor"


def test_trouble_that_names_no_time_is_not_sent_again() -> None:
    door = Door(httpx.Response(503, json={"code": "hook_failed", "detail": "The hook failed."}))

    with pytest.raises(Unavailable, match="The hook failed") as refused:
        client(door).roles.create("editor")

    assert refused.value.code == "hook_failed"


def test_a_person_s_answer_that_may_have_arrived_is_sent_once() -> None:
    door = Door(httpx.ReadTimeout("late"))

    with pytest.raises(NoAnswer, match="ReadTimeout"):
        client(door).person("token").answer("team_size", {"team_size": 12})

    assert "Idempotency-Key" not in door.seen[0].headers


def test_a_wait_that_is_too_long_is_the_caller_s_to_make() -> None:
    door = Door(httpx.Response(429, headers={"Retry-After": "61"}))

    with pytest.raises(TooManyRequests) as refused:
        client(door).roles.get("editor")

    assert refused.value.retry_after == 61


def test_it_gives_up_after_so_many_tries() -> None:
    door = Door(*(httpx.Response(429, headers=AGAIN) for _ in range(9)))

    with pytest.raises(TooManyRequests):
        client(door, tries=3).roles.get("editor")

    assert len(door.seen) == 3


def test_a_body_that_streams_is_sent_once() -> None:
    door = Door(httpx.Response(429, headers=AGAIN))

    with pytest.raises(TooManyRequests):
        client(door).imports.begin(b"{}\n")
