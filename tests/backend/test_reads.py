"""Reading over real HTTP: members, course, free times; and what every answer has in common."""

from __future__ import annotations

from typing import Any, Optional

import pytest
import requests

from bot.backend.failures import BackendRefusal
from bot.backend.seed import seed

from .conftest import SEED, TOKEN, Backend, local


def get(backend: Backend, path: str, **headers: str) -> requests.Response:
    known = {"Authorization": f"Bearer {TOKEN}"}
    return requests.get(backend.url + path, headers=known | headers, timeout=5)


def starts(backend: Backend, query: str) -> list[str]:
    found = get(backend, f"/times?member=m1&kind=raadighed{query}")
    assert found.status_code == 200, found.text
    return [time["start"] for time in found.json()]


def test_member_and_lookup(backend: Backend) -> None:
    client = backend.client()
    anna = client.member("m1")
    assert (anna.name, anna.phone, anna.office.name) == (
        "Anna Lind", "+4520000001", "Lokalafdeling Odense",
    )  # fmt: skip
    assert client.lookup("+4520000001") == anna
    assert client.lookup("+4599999999") is None
    assert client.member("m3").phone is None
    with pytest.raises(BackendRefusal, match="not_found"):
        client.member("nobody")


@pytest.mark.parametrize("part", ["", "/meetings", "/course", "/inbox", "/log"])
def test_an_unknown_member_is_404(backend: Backend, part: str) -> None:
    answer = get(backend, f"/members/nobody{part}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_course(backend: Backend) -> None:
    client = backend.client()
    assert client.course("m1").phase == "first_six_months"
    course = client.course("m2")
    assert course.phase == "after_six_months"
    assert course.next is not None
    assert (course.next.kind, str(course.next.book_by)) == ("raadighed", "2026-12-01")
    assert [one.id for one in course.meetings] == ["x9", "j2", "x2"]


def test_meetings_are_shown_as_the_contract_says(backend: Backend) -> None:
    first = get(backend, "/members/m1/meetings").json()[0]
    assert first == {
        "id": "x1", "kind": "raadighed", "owner": "akasse",
        "start": "2026-11-30T09:00:00+00:00", "end": "2026-11-30T09:45:00+00:00",
        "format": "in_person", "place": "Lokalafdeling Odense, Havnegade 112, 5000 Odense C",
        "adviser": "Mette Holm", "status": "booked", "afbud": None, "contact": None,
        "participation": None,
    }  # fmt: skip


def test_free_times_are_the_offices_future_and_free(backend: Backend) -> None:
    times = backend.client().times("m1", limit=100)
    assert [time.start for time in times] == sorted(time.start for time in times)
    assert {time.office.id for time in times} == {"odense"}
    at = {time.start for time in times}
    assert local("2026-11-30T10:00") not in at  # x1 holds it
    assert local("2026-12-02T09:00") not in at  # the Jobcenter meeting is then
    assert local("2026-12-02T10:00") in at
    shown = get(backend, "/times?member=m1&kind=raadighed&limit=1").json()
    assert len(shown) == 1
    assert set(shown[0]) == {"id", "start", "end", "kinds", "formats", "office", "adviser"}
    backend.clock.instant = local("2026-11-26T09:00")
    assert local("2026-11-26T09:00") not in {time.start for time in backend.client().times("m1")}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        # ten days of three, less x1's and the one at the Jobcenter meeting, and two single ones
        ("", 30),
        ("&format=digital", 29),
        ("&format=in_person", 29),
        ("&from=2026-12-01T00:00:00%2B01:00&to=2026-12-02T00:00:00%2B01:00", 4),
        ("&from=2026-12-01T00:00:00+01:00&to=2026-12-02T00:00:00+01:00", 4),
        ("&from=2026-11-30T23:00:00Z&to=2026-12-01T23:00:00Z", 4),
        ("&from=2026-12-01&to=2026-12-01", 4),
        ("&from=2026-12-01T09:00&to=2026-12-01T10:00", 1),
        ("&limit=2", 2),
    ],
)
def test_free_times_by_query(backend: Backend, query: str, count: int) -> None:
    assert len(starts(backend, query)) == count


def test_formats_are_those_that_the_kind_allows(backend: Backend) -> None:
    client = backend.client()
    assert {tuple(time.formats) for time in client.times("m1", kind="cv")} == {("in_person",)}
    assert client.times("m1", kind="cv", format="digital") == []
    assert client.times("m1", kind="jobcenter") == []


def test_closing_days_are_never_offered(backend: Backend) -> None:
    backend.clock.instant = local("2026-12-22T12:00")
    seed(backend.engine, SEED, backend.clock, backend.profile, reset=True)
    days = {str(time.start.date()) for time in backend.client().times("m1", limit=100)}
    assert "2026-12-23" in days
    assert days.isdisjoint({"2026-12-24", "2026-12-31"})


@pytest.mark.parametrize(
    "query",
    ["", "?member=m1&format=phone", "?member=m1&limit=0", "?member=m1&limit=x",
     "?member=m1&from=tomorrow", "?member=m1&to=9999-12-31", "?member=m1&from=0001-01-01"],
)  # fmt: skip
def test_a_bad_query_is_422_in_the_envelope(backend: Backend, query: str) -> None:
    answer = get(backend, f"/times{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}"])
def test_only_the_service_token_comes_in(backend: Backend, token: Optional[str]) -> None:
    headers = {} if token is None else {"Authorization": token}
    for method, path in (("GET", "/members/m1"), ("GET", "/times?member=m1"),
                         ("POST", "/members/lookup"), ("POST", "/members/m1/meetings")):  # fmt: skip
        answer = requests.request(method, backend.url + path, headers=headers, json={}, timeout=5)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    "wrong",
    [
        {"X-Actor": None}, {"X-Actor": "m1"}, {"X-Actor": "member:"}, {"X-Actor": "staff:sofie"},
        {"X-Actor": "root"}, {"X-Channel": None}, {"X-Channel": "phone"},
        {"Idempotency-Key": None}, {"Idempotency-Key": "k" * 201},
    ],
)  # fmt: skip
def test_a_change_says_who_where_and_which(backend: Backend, wrong: dict[str, Any]) -> None:
    headers = {**backend.headers("p1"), **wrong}
    answer = requests.post(
        f"{backend.url}/members/m1/meetings/x1/afbud",
        headers={name: value for name, value in headers.items() if value is not None},
        json={"reason": "illness"}, timeout=5,
    )  # fmt: skip
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")
    assert backend.client().log("m1") == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("meetings", {}),
        ("meetings", {"time": "t", "format": "phone"}),
        ("meetings", {"time": "t", "format": "digital", "extra": 1}),
        ("meetings", {"time": "a\x00b", "format": "digital"}),
        ("meetings/x1/afbud", {"reason": "illness", "new_format": "digital"}),
        ("meetings/x1/afbud", {"reason": "illness", "note": "x" * 2001}),
        ("meetings/x1/contact", {"at": "yesterday"}),
        ("meetings/x1/contact", {"at": "2026-11-25T09:00:00"}),
        ("meetings/x1/contact", {"at": 1}),
        ("meetings/j1/participation", {"x": 1}),
        ("meetings/x1/attendance", {"status": "booked"}),
        ("invitations", {"kind": "cv", "reason": "x"}),
        ("invitations", {"kind": "cv", "reason": "x", "book_by": "2026-12-01", "time": "t"}),
    ],
)  # fmt: skip
def test_a_bad_body_is_422_in_the_envelope(backend: Backend, path: str, body: Any) -> None:
    answer = requests.post(
        f"{backend.url}/members/m1/{path}", headers=backend.headers("p", "system"), json=body,
        timeout=5,
    )  # fmt: skip
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


def test_what_is_no_json_or_no_text_is_422(backend: Backend) -> None:
    for data in (b"{", b"\xff\xfe", b'{"time": "\\ud800", "format": "digital"}'):
        answer = requests.post(
            f"{backend.url}/members/m1/meetings", headers=backend.headers("p"), data=data, timeout=5
        )
        assert answer.status_code == 422, data
        assert answer.json()["error"]["code"] == "invalid"


def test_health_metrics_and_document_are_open(backend: Backend) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json"):
        assert requests.get(backend.url + path, timeout=5).status_code == 200
    assert "moedeklar_http_seconds" in requests.get(backend.url + "/metrics", timeout=5).text
    assert requests.get(backend.url + "/docs", timeout=5).status_code == 404


def test_the_document_names_every_error(backend: Backend) -> None:
    paths = requests.get(backend.url + "/openapi.json", timeout=5).json()["paths"]
    assert len(paths) == 21
    for path, methods in paths.items():
        for method, operation in methods.items():
            answers = operation["responses"]
            assert {"200", "401", "422", "503"} <= set(answers), (method, path)
            for status, answer in answers.items():
                if status != "200":
                    shape = answer["content"]["application/json"]["schema"]["$ref"]
                    assert shape.endswith("ErrorEnvelope")
                    assert answer["content"]["application/json"]["examples"]
    book = paths["/members/{member}/meetings"]["post"]["responses"]
    assert set(book["409"]["content"]["application/json"]["examples"]) == {
        "time_taken", "overlap", "after_deadline", "begun", "key_reused",
    }  # fmt: skip
