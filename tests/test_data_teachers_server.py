"""The real client against a real server that misbehaves in every way that servers do."""

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from buzz_parser.data.records import read_records
from buzz_parser.data.teachers.budget import Limiter
from buzz_parser.data.teachers.config import TeacherError
from buzz_parser.data.teachers.outputs import Tally
from buzz_parser.data.teachers.run import run_create
from buzz_parser.data.transcripts import parse_transcripts
from tests.teacher_server import (
    ENVIRONMENT,
    KEY,
    Asked,
    Behaviour,
    Reply,
    Server,
    completion,
    created,
    error,
    first_user,
    last_user,
    pieces_answer,
    read_lines,
    serving,
    settings,
)

ONLY_MESSAGES = {"transcript_share": 0.0}


def create(server: Server, out: Path, *, count: int = 1, **changes: Any) -> Any:
    """One run of teacher `a` on a server; messages only."""
    changes = {"create": ONLY_MESSAGES} | changes
    return run_create(
        settings(server.url, **changes), out, seed=0, count=count, environment=ENVIRONMENT
    )


def at_first(bad: Reply, times: int = 1) -> Behaviour:
    """A server that sends a bad reply so many times, and then good ones."""
    return lambda asked, number: bad if number < times else created(asked, number)


def failures(out: Path) -> list[str]:
    """The reasons of all failed requests, as the ledger has them."""
    return [
        event["reason"] for event in read_lines(out / "ledger.jsonl") if event["event"] == "failed"
    ]


def test_good_teachers_make_records_and_transcripts(tmp_path: Path) -> None:
    with serving(created) as server:
        chosen = settings(server.url, "a", "b", price_input=10.0, price_output=100.0)
        seen: list[Tally] = []
        report = run_create(
            chosen, tmp_path, seed=3, count=24, environment=ENVIRONMENT, notify=seen.append
        )
    assert (report.tally.accepted, report.tally.rejected, report.tally.open) == (24, 0, 0)
    assert (report.tally.requests, report.tally.tokens) == (24, 3600)
    assert report.tally.cost == pytest.approx(24 * (100 * 10 + 50 * 100) / 1e6)
    assert [tally.accepted for tally in seen] == list(range(25))
    records = list(read_records(tmp_path / "records.jsonl"))
    transcripts = parse_transcripts((tmp_path / "transcripts.txt").read_text(), "x")
    assert (len(records), len(transcripts)) == (report.records, report.transcripts)
    assert len(records) + len(transcripts) == 24
    assert min(len(records), len(transcripts)) > 5
    for record in records:
        assert [span.label for span in record.segments] == ["THOUGHT", "TOOLCALL"]
        assert record.text[slice(*record.segments[1][1:])].endswith("</tool_call>")
    assert {record.meta["teacher"] for record in records} == {"a", "b"}
    provenance = {line["id"]: line["meta"] for line in read_lines(tmp_path / "transcripts.jsonl")}
    assert provenance.keys() == {transcript.id for transcript in transcripts}
    assert all(meta["asked"]["kind"] == "transcript" for meta in provenance.values())
    assert json.loads((tmp_path / "report.json").read_text())["tally"]["accepted"] == 24
    assert set(server.keys) == {f"Bearer {KEY}"}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (error(429), "HTTP 429"),
        (error(429, retry_after="0"), "HTTP 429"),
        (error(429, code="rate_limit_exceeded", retry_after_ms="1"), "HTTP 429 rate_limit_exceeded"),
        (error(500), "HTTP 500"),
        (Reply(status=503, body=b"<html>busy</html>", headers={"content-type": "text/html"}), "HTTP 503"),
        (Reply(status=502), "HTTP 502"),
        (Reply(delivery="hang"), "no answer within 0.7 s"),
        (Reply(body=completion("x").body, delivery="drip", pause=0.05), "no answer within 0.7 s"),
        (Reply(body=completion("x").body, delivery="cut"), "the connection failed: RemoteProtocolError"),
        (Reply(body=b"", delivery="whole"), "the body is no chat completion"),
        (Reply(body=b'{"choices": [{"mess'), "the body is no chat completion"),
        (Reply(body=b"\xff\xfe"), "the body is no chat completion"),
        (Reply(body=b"[1]"), "the body is no chat completion"),
        (Reply(body=b"null"), "the body is no chat completion"),
        (Reply(body=b"{}"), "the body is no chat completion"),
        (Reply(body=b'{"choices": []}'), "the body is no chat completion"),
        (Reply(body=b'{"choices": [{"message": {"content": 7}}]}'), "the body has no text"),
        (Reply(body=b"<html>", headers={"content-type": "text/html"}), "the body is no chat completion"),
        (completion("half \ud83d"), "the text has half a character"),
        (completion(f"My key is {KEY}."), "the answer repeats the key"),
    ],
)  # fmt: skip
def test_what_brings_no_answer_is_tried_again(tmp_path: Path, bad: Reply, reason: str) -> None:
    with serving(at_first(bad)) as server:
        slow = bad.delivery in ("hang", "drip")
        report = create(server, tmp_path, timeout=0.7 if slow else 20.0)
    assert (report.tally.accepted, report.tally.requests, report.stopped) == (1, 2, ())
    assert failures(tmp_path) == [reason]
    assert server.asked[0] == server.asked[1]


def test_a_slow_stream_within_the_timeout_is_an_answer(tmp_path: Path) -> None:
    body = completion(pieces_answer(1)).body
    with serving(lambda _, __: Reply(body=body, delivery="drip", pause=0.0001)) as server:
        assert create(server, tmp_path).records == 1
    assert failures(tmp_path) == []


def test_a_server_that_does_not_listen_is_given_up(tmp_path: Path) -> None:
    with serving(created) as server:
        pass
    report = create(server, tmp_path, retry={"attempts": 2})
    assert report.tally.open == 1
    assert failures(tmp_path) == ["the connection failed: ConnectError"] * 2
    (left,) = read_lines(tmp_path / "open.jsonl")
    assert left["reason"] == "the connection failed: ConnectError"
    with serving(created) as server:
        assert create(server, tmp_path, retry={"attempts": 2}).tally.accepted == 1


def test_retry_after_holds_the_whole_teacher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[float] = []
    hold = Limiter.hold

    def recording(self: Limiter, seconds: float) -> None:
        held.append(seconds)
        hold(self, seconds / 100)

    monkeypatch.setattr(Limiter, "hold", recording)
    with serving(at_first(error(429, retry_after="0.4"), times=2)) as server:
        assert create(server, tmp_path, count=4).tally.accepted == 4
    assert held == [0.4, 0.4]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (error(401, f"Incorrect API key provided: {KEY}"), "HTTP 401"),
        (error(403), "HTTP 403"),
        (error(404, "no such model"), "HTTP 404"),
        (error(429, code="insufficient_quota"), "HTTP 429 insufficient_quota"),
        (
            error(429, retry_after="3600"),
            "HTTP 429, asks to wait 3600 s, which is more than longest_wait",
        ),
    ],
)
def test_what_no_retry_mends_halts_the_teacher(tmp_path: Path, bad: Reply, reason: str) -> None:
    with serving(lambda _, __: bad) as server:
        report = create(server, tmp_path, count=6, concurrency=1)
        assert (report.tally.requests, report.tally.open) == (1, 6)
        assert report.stopped == (f"teacher a: {reason}",)
        server.behaviour = created
        assert create(server, tmp_path, count=6).tally.accepted == 6


def test_one_teacher_that_is_halted_does_not_halt_the_other(tmp_path: Path) -> None:
    with serving(lambda _, __: error(401)) as bad, serving(created) as good:
        chosen = settings(good.url, "a", "b", create=ONLY_MESSAGES)
        broken = settings(bad.url, "b").teachers[0]
        mixed = replace(chosen, teachers=(chosen.teachers[0], broken))
        report = run_create(mixed, tmp_path, seed=0, count=6, environment=ENVIRONMENT)
    assert report.spending["a"]["open"] == 0
    assert report.spending["b"]["accepted"] == 0
    assert report.tally.accepted == report.spending["a"]["accepted"] > 0
    assert report.stopped == ("teacher b: HTTP 401",)


def test_a_refused_request_gives_up_its_task_and_many_halt_the_teacher(tmp_path: Path) -> None:
    words = f"the prompt with {KEY} is\n too long"
    with serving(lambda _, __: error(400, words, code="bad")) as server:
        report = create(server, tmp_path, count=6, concurrency=1, retry={"patience": 3})
    assert report.tally.requests == 3
    (reason,) = set(failures(tmp_path))
    assert reason == "HTTP 400 bad: Error code: 400 - the prompt with [key] is too long"
    assert report.stopped == (f"teacher a: 3 tasks in a row given up, the last one for: {reason}",)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (completion("I would rather not."), "expected a JSON object, found 'I would rather not.'"),
        (completion('{"segments": ['), "expected valid JSON, found an error at line 1, column 15: Expecting value"),
        (
            completion('{"segments": [{"label": "CALL", "text": "f()"}]}'),
            "segments[0].label: expected THOUGHT, TOOLCALL, TEXT, TOOLRESPONSE, O, found 'CALL'",
        ),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_asked_again_with_the_reason(
    tmp_path: Path, bad: Reply, reason: str
) -> None:
    with serving(at_first(bad, times=2)) as server:
        report = create(server, tmp_path)
    assert (report.tally.accepted, report.tally.requests) == (1, 3)
    first, second, third = server.asked
    text = json.loads(bad.body)["choices"][0]["message"]["content"]
    assert second["messages"][:2] == first["messages"]
    assert second["messages"][2] == {"role": "assistant", "content": text}
    assert last_user(second).startswith(f"This was not accepted: {reason}. Answer again")
    assert third == second


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (completion(""), "expected an answer, found an empty one"),
        (Reply(body=b'{"choices": [{"message": {"content": null}}]}'), "expected an answer, found an empty one"),
        (completion("{", finish="content_filter"), "expected an answer, found the server's content filter"),
        (completion("Never."), "expected a JSON object, found 'Never.'"),
    ],
)  # fmt: skip
def test_a_task_is_rejected_for_good_after_its_attempts(
    tmp_path: Path, bad: Reply, reason: str
) -> None:
    with serving(lambda _, __: bad) as server:
        assert create(server, tmp_path, retry={"attempts": 3}).tally.rejected == 1
        report = create(server, tmp_path, retry={"attempts": 3})
    assert len(server.asked) == report.tally.requests == 3
    (line,) = read_lines(tmp_path / "rejected.jsonl")
    assert (line["reason"], line["answers"], line["teacher"]) == (reason, 3, "a")
    assert read_lines(tmp_path / "open.jsonl") == []


def test_an_answer_that_is_cut_off_gets_twice_the_room(tmp_path: Path) -> None:
    def short(asked: Asked, number: int) -> Reply:
        return (
            created(asked, number) if asked["max_tokens"] > 100_000 else completion("{", "length")
        )

    with serving(short) as server:
        limits = {"min_tokens": 30_000, "max_tokens": 110_000}
        assert create(server, tmp_path, **limits).tally.accepted == 1
        assert [asked["max_tokens"] for asked in server.asked] == [30_000, 60_000, 110_000]
        assert all(asked["messages"] == server.asked[0]["messages"] for asked in server.asked)
    with serving(short) as server:
        limits["max_tokens"] = 60_000
        assert create(server, tmp_path / "less", **limits).tally.rejected == 1
        assert len(server.asked) == 2
        (line,) = read_lines(tmp_path / "less" / "rejected.jsonl")
        assert line["reason"] == "expected a whole answer, found it cut off at 60000 tokens"
        limits["max_tokens"] = 120_000
        assert create(server, tmp_path / "less", **limits).tally.accepted == 1
        assert len(server.asked) == 3


def test_settings_of_a_teacher_reach_its_server(tmp_path: Path) -> None:
    with serving(created) as server:
        create(
            server, tmp_path, token_parameter="max_completion_tokens", json_mode=True,
            create_temperature="unset", model="m-1",
        )  # fmt: skip
    (asked,) = server.asked
    assert asked.keys() == {"model", "messages", "max_completion_tokens", "response_format"}
    assert (asked["model"], asked["response_format"]) == ("m-1", {"type": "json_object"})


def test_tokens_are_estimated_where_the_server_does_not_count(tmp_path: Path) -> None:
    with serving(lambda _, n: completion(pieces_answer(n), usage=None)) as server:
        report = create(server, tmp_path)
    assert report.tally.tokens > 500
    assert [e["estimated"] for e in read_lines(tmp_path / "ledger.jsonl") if "text" in e] == [True]


def test_the_same_message_twice_is_a_duplicate(tmp_path: Path) -> None:
    with serving(lambda _, __: completion(pieces_answer(1))) as server:
        report = create(server, tmp_path, count=5)
    assert (report.records, report.duplicates, report.tally.accepted) == (1, 4, 5)
    reasons = [line["reason"] for line in read_lines(tmp_path / "rejected.jsonl")]
    (record,) = read_records(tmp_path / "records.jsonl")
    assert reasons == [f"the same as the answer to {record.id.removeprefix('teacher-')}"] * 4


def test_a_budget_of_requests_stops_cleanly_and_goes_on_when_raised(tmp_path: Path) -> None:
    with serving(created) as server:
        for budget, accepted in ((5, 5), (5, 5), (8, 8)):
            report = create(server, tmp_path, count=12, budget={"requests": budget})
            assert (report.tally.accepted, len(server.asked)) == (accepted, budget)
            assert report.stopped == (f"budget of {budget} requests is spent",)
            assert len(list(read_records(tmp_path / "records.jsonl"))) == accepted
        report = create(server, tmp_path, count=12)
        assert (report.tally.accepted, len(server.asked), report.stopped) == (12, 12, ())
    assert len({first_user(asked) for asked in server.asked}) == 12


def test_a_budget_of_tokens_is_never_broken(tmp_path: Path) -> None:
    usage = (100, 1024)

    def hungry(_: Asked, number: int) -> Reply:
        return completion(pieces_answer(number), usage=usage) if number != 2 else error(500)

    with serving(hungry) as server:
        report = create(server, tmp_path, count=40, budget={"tokens": 40_000}, max_tokens=1024)
    assert report.stopped == ("budget of 40000 tokens is spent",)
    assert 30_000 < report.tally.tokens <= 40_000
    assert report.tally.tokens == report.tally.accepted * sum(usage)


def test_a_missing_key_stops_before_anything_is_asked(tmp_path: Path) -> None:
    with serving(created) as server, pytest.raises(TeacherError, match="BUZZ_TEACHER_A_API_KEY"):
        run_create(settings(server.url), tmp_path, seed=0, count=1, environment={})
    assert server.asked == []


def test_no_key_is_logged_or_stored(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_LOG", "debug")
    caplog.set_level(logging.DEBUG)
    bad = [
        error(400, KEY),
        error(401, KEY),
        error(500, KEY, code=KEY),
        completion(KEY),
        completion("x " + KEY),
    ]
    with serving(lambda asked, n: bad[n] if n < len(bad) else created(asked, n)) as server:
        for _ in range(5):
            report = create(server, tmp_path, count=6, concurrency=1, retry={"attempts": 2})
    assert report.tally.accepted == 6
    assert len(failures(tmp_path)) == 5
    assert set(server.keys) == {f"Bearer {KEY}"}
    logged = "".join(record.getMessage() + str(record.args) for record in caplog.records)
    assert "HTTP Request: POST" in logged
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 7
    for content in [logged, repr(report), *(path.read_text() for path in files)]:
        assert KEY not in content
        assert KEY[3:] not in content
