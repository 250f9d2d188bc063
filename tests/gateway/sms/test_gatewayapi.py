"""GatewayAPI's protocol over real HTTP, with a provider that delays, errs, repeats and lies."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
import requests

from bot.gateway.sms import outbox as box
from bot.gateway.sms.ports import NotNow, NotSigned, Refused, TextMessage, Unsure
from bot.gateway.sms.providers.gatewayapi import GatewayApi
from bot.gateway.sms.tables import inbox, outbox
from bot.gateway.tables import conversations
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.house import House, wait_for
from tests.gateway.sms.fake_gatewayapi import SECRET, TOKEN, FakeGatewayApi

ANNA = "+4520300001"
_numbers = itertools.count(20_300_002)


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[FakeGatewayApi]:
    fake = FakeGatewayApi()
    yield fake
    fake.stop()


@pytest.fixture
def provider(shared_provider: FakeGatewayApi) -> FakeGatewayApi:
    """Well-behaved at the beginning of each test."""
    shared_provider.plan.clear()
    shared_provider.always = None
    shared_provider.tries.clear()
    return shared_provider


@pytest.fixture
def anna() -> str:
    """A number that no other test has."""
    return f"+45{next(_numbers)}"


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, shared_provider: FakeGatewayApi
) -> Iterator[House]:
    """A gateway whose text messages go by GatewayAPI."""
    provider, rasa = shared_provider, FakeRasa()
    rasa.start()
    own = House(
        tmp_path_factory.mktemp("gatewayapi"), rasa, sms_provider="gatewayapi",
        sms_url=provider.url, sms_token=TOKEN, sms_webhook_secret=SECRET, sms_sender="451204",
    )  # fmt: skip
    own.start()
    provider.webhook = f"{own.url}/sms/gatewayapi"
    yield own
    own.stop()
    rasa.stop()


def api(provider: FakeGatewayApi, read_seconds: float = 1.0) -> GatewayApi:
    return GatewayApi(provider.url, TOKEN, SECRET, "451204", (1.0, read_seconds))


def status(house: House, phone: str) -> list[str]:
    return [row.status for row in house.rows(outbox, outbox.c.phone == phone)]


def new_id() -> int:
    return next(_numbers)


def test_a_message_and_its_answer(house: House, provider: FakeGatewayApi, anna: str) -> None:
    assert provider.write(new_id(), anna, "skal jeg komme?").status_code == 200
    wait_for(lambda: provider.texts(anna))
    (sent,) = provider.of(anna)
    assert sent["message"] == "Svar på: skal jeg komme?"
    assert sent["sender"] == "451204"
    assert sent["recipients"] == [{"msisdn": int(anna[1:])}]
    wait_for(lambda: status(house, anna) == ["sent"])
    (row,) = house.rows(outbox, outbox.c.phone == anna)
    assert (row.ref, row.provider_id) == (sent["userref"], str(sent["id"]))


def test_a_redelivered_message_is_answered_once(
    house: House, provider: FakeGatewayApi, anna: str
) -> None:
    same = new_id()
    for _ in range(5):
        assert provider.write(same, anna, "hej").status_code == 200
    wait_for(lambda: provider.texts(anna))
    assert provider.write(same, anna, "hej").status_code == 200
    time.sleep(0.6)
    assert provider.texts(anna) == ["Svar på: hej"]


@pytest.mark.parametrize(
    "more",
    [
        {"sender": "4520300001", "mcc": 238, "mnc": 1, "validity_period": 86400, "udh": None,
         "encoding": "UCS2", "payload": None, "country_code": "DK", "country_prefix": 45},
        {"something_new": {"deep": [1, 2]}, "senttime": "later"},
        {"id": "a-string"}, {"msisdn": "{anna}"}, {"msisdn": "+{anna}"},
    ],
)  # fmt: skip
def test_optional_and_unknown_fields_are_accepted(
    house: House, provider: FakeGatewayApi, anna: str, more: dict[str, Any]
) -> None:
    if "msisdn" in more:
        more = {"msisdn": more["msisdn"].format(anna=anna[1:])}
    assert provider.write(new_id(), anna, "hej", **more).status_code == 200
    wait_for(lambda: provider.texts(anna) == ["Svar på: hej"])


def _signed(payload: Any, secret: str = SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(payload, secret, algorithm=algorithm)


GOOD = {"id": 5, "msisdn": 4520300001, "message": "hej"}
BAD = {
    "none": None,
    "empty": "",
    "rubbish": "rubbish",
    "other secret": _signed(GOOD, "another-secret-that-is-long-enough-000"),
    "other algorithm": _signed(GOOD, SECRET + SECRET, "HS512"),
    "alg none": jwt.encode(GOOD, None, algorithm="none"),
    "expired": _signed({**GOOD, "exp": 1}),
    "tampered": _signed(GOOD)[:-4] + "AAAA",
    "not an object": "eyJhbGciOiJIUzI1NiJ9.W10.x",
}


@pytest.mark.parametrize("signature", BAD.values(), ids=BAD.keys())
def test_what_is_not_signed_is_401_and_not_kept(house: House, signature: str | None) -> None:
    before = len(house.rows(inbox)), len(house.rows(conversations))
    headers = {} if signature is None else {"X-Gwapi-Signature": signature}
    answer = requests.post(f"{house.url}/sms/gatewayapi", json=GOOD, headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert (len(house.rows(inbox)), len(house.rows(conversations))) == before


def test_the_signed_payload_counts_not_the_body(house: House, provider: FakeGatewayApi) -> None:
    answer = requests.post(
        f"{house.url}/sms/gatewayapi",
        json={**GOOD, "message": "forfalsket", "msisdn": 4520999999},
        headers={"X-Gwapi-Signature": _signed(GOOD)},
        timeout=5,
    )
    assert answer.status_code == 200
    wait_for(lambda: provider.texts(ANNA) == ["Svar på: hej"])


@pytest.mark.parametrize(
    "payload", [{}, {"id": 1}, {"msisdn": 4520300001}, {"id": None, "msisdn": 1}]
)
def test_a_signed_call_without_what_is_needed(
    house: House, provider: FakeGatewayApi, payload: dict[str, Any]
) -> None:
    before = len(house.rows(inbox))
    assert provider.call(payload).status_code == 422
    assert len(house.rows(inbox)) == before


def test_senders_that_have_no_phone_are_acknowledged_and_left(
    house: House, provider: FakeGatewayApi, anna: str
) -> None:
    before = len(house.rows(inbox))
    for sender in ("PostNord", "1204", 1204):
        assert provider.write(new_id(), anna, "hej", msisdn=sender).status_code == 200
    assert len(house.rows(inbox)) == before


def test_a_message_without_text_is_answered_in_words(
    house: House, provider: FakeGatewayApi, anna: str
) -> None:
    provider.write(new_id(), anna, None)
    wait_for(lambda: provider.texts(anna))
    assert "almindelig tekst" in provider.texts(anna)[0]


@pytest.mark.parametrize(
    ("reports", "ends_as"),
    [
        (["ENROUTE", "DELIVERED"], "delivered"),
        (["DELIVERED", "ENROUTE"], "delivered"),
        (["DELIVERED", "BUFFERED", "DELIVERED", "EXPIRED"], "delivered"),
        (["UNDELIVERABLE", "ENROUTE"], "failed"),
        (["REJECTED"], "failed"),
        (["BUFFERED", "ENROUTE"], "sent"),
        (["SOMETHING_NEW"], "sent"),
        (["EXPIRED", "DELIVERED"], "delivered"),
    ],
)
def test_reports_in_any_order(
    house: House, provider: FakeGatewayApi, anna: str, reports: list[str], ends_as: str
) -> None:
    provider.write(new_id(), anna, "hej")
    wait_for(lambda: status(house, anna) == ["sent"])
    for each in reports:
        assert provider.report(provider.of(anna)[0], each, code="0x1").status_code == 200
    assert status(house, anna) == [ends_as]


def test_a_report_on_nothing_of_ours_is_acknowledged(
    house: House, provider: FakeGatewayApi
) -> None:
    foreign = {"id": 1, "recipients": [{"msisdn": 1}], "userref": "ukendt"}
    assert provider.report(foreign, "DELIVERED").status_code == 200
    assert provider.report({**foreign, "userref": None}, "DELIVERED").status_code == 200


@pytest.mark.parametrize(
    ("plan", "least_seconds"),
    [(["500", "500"], 0.3), (["429"], 1.0), (["500", "429", "500"], 1.0)],
)
def test_what_the_provider_can_not_take_now_is_tried_again(
    house: House, provider: FakeGatewayApi, anna: str, monkeypatch: pytest.MonkeyPatch,
    plan: list[str], least_seconds: float,
) -> None:  # fmt: skip
    monkeypatch.setattr(box, "FIRST_DELAY", 0.2)
    provider.plan.extend(plan)
    provider.write(new_id(), anna, "hej")
    wait_for(lambda: provider.texts(anna), 20)
    assert len(provider.tries) == len(plan) + 1
    assert provider.tries[-1] - provider.tries[0] >= least_seconds
    time.sleep(0.4)
    assert provider.texts(anna) == ["Svar på: hej"]


def test_an_hour_without_the_provider_loses_nothing_and_keeps_the_order(
    house: House, provider: FakeGatewayApi, anna: str
) -> None:
    provider.always = "500"
    for number in range(3):
        provider.write(new_id(), anna, f"nr. {number}")
    wait_for(lambda: status(house, anna).count("queued") == 3 and provider.tries)
    from sqlalchemy import update

    from bot.database import writing

    for _ in range(3):  # each time as if the hour of waiting were over
        provider.always = None
        with writing(house.engine) as session:
            session.execute(
                update(outbox)
                .where(outbox.c.phone == anna, outbox.c.status == "queued")
                .values(due_at=None)
            )
        time.sleep(0.4)
    wait_for(lambda: len(provider.texts(anna)) == 3)
    assert provider.texts(anna) == [f"Svar på: nr. {number}" for number in range(3)]


@pytest.mark.parametrize("how", ["cut", "502"])
def test_a_lost_answer_waits_for_the_report_and_is_not_sent_twice(
    house: House, provider: FakeGatewayApi, anna: str, how: str
) -> None:
    provider.plan.append(how)
    provider.write(new_id(), anna, "hej")
    wait_for(lambda: status(house, anna) == ["unsure"])
    if how == "502":  # nothing passed: after the wait it is sent again
        from sqlalchemy import update

        from bot.database import writing

        with writing(house.engine) as session:
            row = house.rows(outbox, outbox.c.phone == anna)[0]
            earlier = row.due_at - box.WAIT_FOR_REPORT
            session.execute(update(outbox).where(outbox.c.phone == anna).values(due_at=earlier))
        wait_for(lambda: provider.texts(anna))
    else:
        provider.report(provider.of(anna)[0], "ENROUTE")
        assert status(house, anna) == ["sent"]
    time.sleep(0.5)
    assert provider.texts(anna) == ["Svar på: hej"]


def test_what_is_refused_is_a_dead_letter_that_staff_see(
    house: House, provider: FakeGatewayApi, anna: str, rasa: FakeRasa
) -> None:
    member = house.member("m-anna")
    house.records.numbers[anna] = "m-anna"
    from tests.gateway.sms.phone import personal

    house.rasa.answer = personal
    provider.write(new_id(), anna, "mit møde?")
    wait_for(lambda: provider.texts(anna))
    code = "".join(char for char in provider.texts(anna)[0].split("koden ")[1][:6])
    provider.plan.append("400")
    provider.write(new_id(), anna, code)
    wait_for(lambda: "failed" in status(house, anna))
    wait_for(lambda: member.history()["state"] == "waiting")
    (row,) = house.rows(conversations, conversations.c.member == "m-anna")
    assert (row.handover_reason, row.handover_urgency) == ("notice_failed", 2)
    dead = next(each for each in box.undelivered(house.engine) if each.phone == anna)
    assert (dead.status, dead.detail, dead.phone) == ("failed", "status 400 0x0213", anna)


@pytest.mark.parametrize(
    ("how", "failure"),
    [
        ("400", Refused), ("401", NotNow), ("403", NotNow), ("429", NotNow), ("500", NotNow),
        ("503", NotNow), ("502", Unsure), ("504", Unsure), ("cut", Unsure), ("slow", Unsure),
    ],
)  # fmt: skip
def test_what_each_answer_means(
    provider: FakeGatewayApi, how: str, failure: type[Refused | NotNow | Unsure]
) -> None:
    provider.plan.append(how)
    with pytest.raises(failure) as raised:
        api(provider).send(TextMessage("ref", ANNA, "en hemmelighed"))
    assert "hemmelighed" not in raised.value.why
    assert ANNA[3:] not in raised.value.why


def test_an_odd_answer_is_an_answer(provider: FakeGatewayApi) -> None:
    provider.plan.append("nonsense")
    assert api(provider).send(TextMessage("ref", ANNA, "hej")) == ""


def test_a_provider_that_is_not_there(provider: FakeGatewayApi) -> None:
    nobody = GatewayApi("http://127.0.0.1:9", TOKEN, SECRET, "1", (0.5, 0.5))
    with pytest.raises(NotNow):
        nobody.send(TextMessage("ref", ANNA, "hej"))


def test_the_providers_wish_to_wait_is_granted_within_reason(provider: FakeGatewayApi) -> None:
    provider.plan.append("429")
    with pytest.raises(NotNow) as raised:
        api(provider).send(TextMessage("ref", ANNA, "hej"))
    assert raised.value.after_seconds == 1.0


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(NotSigned):
        GatewayApi("https://x.example", "", "", "1").read({"x-gwapi-signature": _signed(GOOD)}, b"")


@pytest.mark.parametrize("attempts", [0, 1, 5, 100])
def test_the_wait_between_tries_is_bounded_and_jittered(attempts: int) -> None:
    shortest, longest = box.delay(attempts, 0.0), box.delay(attempts, 1.0)
    assert timedelta(seconds=box.FIRST_DELAY / 2) <= shortest < longest
    assert longest <= timedelta(seconds=box.LONGEST_DELAY)
