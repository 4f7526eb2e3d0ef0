"""Text messages leave through the worker, by the sender the settings name."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from burnish.errors import InvalidSettings
from burnish.hooks import signature
from burnish_server import engine
from burnish_server.hooks import signing
from burnish_server.hooks.models import Event
from burnish_server.identity.models import Sms
from burnish_server.identity.sms import delivery, outbox, senders
from burnish_server.identity.sms.message import Message, Undeliverable
from burnish_server.identity.sms.webhook import NotSent
from burnish_server.project.options import Options
from burnish_server.project.options import Sms as SmsOptions

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "+46701740605"


class Gateway(BaseHTTPRequestHandler):
    """A stand-in that keeps what it is sent, and answers as it is told."""

    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    answer: ClassVar[dict[str, str]] = {}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((dict(self.headers), body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.answer).encode())

    def log_message(self, *_: Any) -> None:
        pass


class Remembers:
    """A sender of somebody's own."""

    sent: ClassVar[list[Message]] = []

    def send(self, message: Message) -> None:
        if message.to == "+4670000000":
            raise Undeliverable("there is no such number")
        self.sent.append(message)


def configure(settings: Any, **sms: Any) -> None:
    settings.BURNISH = settings.BURNISH.model_copy(update={"sms": SmsOptions(**sms)})


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[Gateway]]:
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    options = settings.BURNISH.outbound.model_copy(
        update={"rewrites": f"https://sms.example=http://127.0.0.1:{port}"}
    )
    settings.BURNISH = settings.BURNISH.model_copy(update={"outbound": options})
    configure(settings, url="https://sms.example/send")
    signing.ensure()
    engine.close()
    Gateway.got, Gateway.answer = [], {"code": "ok"}
    yield Gateway
    server.shutdown()
    server.server_close()
    engine.close()


@pytest.fixture
def own(settings: Any) -> list[Message]:
    Remembers.sent.clear()
    configure(settings, sender=f"{__name__}:Remembers", quota=2)
    return Remembers.sent


def write(number: str = NUMBER) -> int:
    outbox.write(number, "verification_code", code="123456")
    return Sms.objects.latest("pk").pk


def test_a_gateway_gets_the_message_signed_as_hooks_events_are(gateway: type[Gateway]) -> None:
    number = write()

    delivery.deliver(number)

    ((headers, body),) = gateway.got
    signature.verify(headers, body, signing.reveal())
    sent = json.loads(body)
    assert (sent["to"], sent["template_name"]) == (NUMBER, "verification_code")
    assert sent["template_variables"] == {"code": "123456"}
    assert "123456 is your code" in sent["body"]
    assert not Sms.objects.exists()


def test_a_gateway_that_does_not_take_a_message_gets_it_again(gateway: type[Gateway]) -> None:
    gateway.answer = {"code": "rate_limited"}
    number = write()

    with pytest.raises(NotSent):
        delivery.deliver(number)

    assert Sms.objects.exists()


def test_a_gateway_that_knows_no_such_number_gets_it_once(gateway: type[Gateway]) -> None:
    gateway.answer = {"code": "invalid_phone_number"}

    delivery.deliver(write())

    assert not Sms.objects.exists()


def test_somebodys_own_sender_gets_messages_and_may_refuse_one(own: list[Message]) -> None:
    delivery.deliver(write())
    delivery.deliver(write("+4670000000"))

    assert [message.to for message in own] == [NUMBER]
    assert not Sms.objects.exists()


def test_hooks_hear_that_the_months_quota_is_reached_once(own: list[Message]) -> None:
    for _ in range(3):
        delivery.deliver(write())

    (event,) = Event.objects.filter(type="usage.alert.triggered")
    assert event.payload["usage"] == {
        "name": "sms",
        "action": "alert",
        "period": "month",
        "quota": 2,
        "current_value": 2,
        "plan_name": "",
    }
    assert len(own) == 3


def test_a_quota_may_be_the_end(settings: Any, own: list[Message]) -> None:
    configure(settings, sender=f"{__name__}:Remembers", quota=2, stops_at_quota=True)

    for _ in range(3):
        delivery.deliver(write())

    assert len(own) == 2
    assert not Sms.objects.exists()


def test_a_message_that_is_too_late_or_for_nobody_is_not_sent(own: list[Message]) -> None:
    late = write()
    Sms.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    delivery.deliver(late)
    outbox.pretend(NUMBER)
    delivery.deliver(Sms.objects.get().pk)
    delivery.deliver(late)

    assert own == []
    assert not Sms.objects.exists()


def test_a_transaction_that_fails_sends_nothing() -> None:
    def change_of_mind() -> None:
        with transaction.atomic():
            write()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_of_mind()

    assert not Sms.objects.exists()


def test_without_a_sender_the_sandbox_shows_messages(client: Client, settings: Any) -> None:
    configure(settings)
    delivery.deliver(write())
    assert client.get("/sandbox/sms/").status_code == 404

    settings.BURNISH = settings.BURNISH.model_copy(update={"sandbox": True})

    page = client.get("/sandbox/sms/").content.decode()
    assert NUMBER in page
    assert "123456 is your code" in page


def test_a_sender_nobody_brings_is_refused_with_what_to_do(settings: Any) -> None:
    configure(settings, sender="acme")

    with pytest.raises(InvalidSettings, match="no package brings an SMS sender of that name"):
        senders.sender()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("BURNISH_LOGIN_METHODS", "email,fax", "methods are any of email, phone, username"),
        ("BURNISH_LOGIN_SIGN_UP", "email+phone", "what is among the methods"),
        ("BURNISH_LOGIN_PASSWORDS", "maybe", "cannot be used"),
        ("BURNISH_SMS_URL", "sms.example", "https://sms.example/send"),
    ],
)
def test_a_setting_that_will_not_do_says_so(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(InvalidSettings, match=sentence.replace("+", r"\+")):
        Options.load()
