"""Kill it anywhere, run it again: nothing is lost, and what was answered is never asked again."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from buzz_parser.cli.teach import label, teach
from buzz_parser.data.records import read_records
from buzz_parser.data.teachers import asking
from buzz_parser.data.teachers.client import Answer, Request, RequestFailed
from buzz_parser.data.teachers.config import Settings, Teacher
from buzz_parser.data.teachers.run import run_create
from tests.conftest import ROOT
from tests.teacher_server import (
    ENVIRONMENT,
    KEY,
    Asked,
    Reply,
    Server,
    as_toml,
    completion,
    configuration,
    created,
    error,
    first_user,
    marked,
    pieces_answer,
    read_lines,
    serving,
    settings,
)

PROGRAM = (
    # A test run in the background of a shell ignores SIGINT, and what it starts inherits that.
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from tests.test_data_teachers_resume import app; app()"
)

app = typer.Typer()
app.command()(teach)
app.command()(label)


def command(*arguments: object) -> subprocess.Popen[bytes]:
    """The command line in a fresh process, with keys in its environment."""
    environment = {**os.environ, **ENVIRONMENT, "COLUMNS": "160", "NO_COLOR": "1"}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, *map(str, arguments)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finished(process: subprocess.Popen[bytes], code: int) -> tuple[str, str]:
    """What a process printed to both streams, when it has ended with an exit code."""
    output, errors = (stream.decode() for stream in process.communicate(timeout=60))
    assert process.returncode == code, errors
    assert KEY not in output + errors
    return output, errors


def invoked(code: int, *arguments: object) -> tuple[str, str]:
    """The same in this process."""
    environment = {**ENVIRONMENT, "COLUMNS": "160", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env=environment)
    assert result.exit_code == code, result.output
    assert KEY not in result.output
    return result.stdout, result.stderr


def ledger_counts(out: Path) -> Counter[str]:
    """How often each event stands in a ledger, whole lines only."""
    path = out / "ledger.jsonl"
    content = path.read_bytes() if path.exists() else b""
    return Counter(json.loads(line)["event"] for line in content.split(b"\n")[:-1])


def wait_for(
    out: Path, process: subprocess.Popen[bytes], server: Server, answered: int, in_flight: int
) -> None:
    """Waits until so many answers are in the ledger and so many requests have reached the server."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        counts = ledger_counts(out)
        asked = answered + in_flight
        # The ledger knows of a request before the server does.
        if (counts["answered"], counts["asked"], len(server.asked)) == (answered, asked, asked):
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    raise AssertionError(f"the run never got there: {ledger_counts(out)}")


def test_killed_in_the_middle_and_run_again(tmp_path: Path) -> None:
    out, config = tmp_path / "out", tmp_path / "teachers.toml"
    killed = False

    def behaviour(asked: Asked, number: int) -> Reply:
        return created(asked, number) if number < 9 or killed else Reply(delivery="hang")

    with serving(behaviour) as server:
        config.write_text(as_toml(configuration(server.url, concurrency=3)), encoding="utf-8")
        arguments = ("teach", config, out, "--count", 25, "--seed", 5)
        process = command(*arguments)
        wait_for(out, process, server, answered=9, in_flight=3)
        process.kill()
        assert finished(process, -signal.SIGKILL) == ("", "")
        assert len(server.asked) == 12
        assert not (out / "records.jsonl").exists()

        killed = True
        output, _ = finished(command(*arguments), 0)
        asked = Counter(first_user(request) for request in server.asked)
        in_flight = {first_user(request) for request in server.asked[9:12]}
        assert len(asked) == 25
        assert asked == Counter({prompt: 2 if prompt in in_flight else 1 for prompt in asked})
        report = json.loads((out / "report.json").read_text())
        assert report["tally"]["accepted"] == report["records"] + report["transcripts"] == 25
        assert report["tally"]["requests"] == 28
        assert report["spending"]["a"]["interrupted"] == 3
        assert f"{report['records']} messages in {out / 'records.jsonl'}" in output

        files = {path.name: path.read_bytes() for path in out.iterdir()}
        invoked(0, *arguments)
        assert len(server.asked) == 28
        assert {path.name: path.read_bytes() for path in out.iterdir()} == files


def test_interrupted_from_the_keyboard_it_says_how_to_go_on(tmp_path: Path) -> None:
    out, config = tmp_path / "out", tmp_path / "teachers.toml"
    with serving(lambda *_: Reply(delivery="hang")) as server:
        config.write_text(as_toml(configuration(server.url, concurrency=2)), encoding="utf-8")
        process = command("teach", config, out)
        wait_for(out, process, server, answered=0, in_flight=2)
        process.send_signal(signal.SIGINT)
        _, errors = finished(process, 2)
    assert errors.strip().split("\n")[-1] == (
        "error: interrupted; what was answered is on the ledger, run the same command again to go on"
    )
    assert ledger_counts(out) == {"asked": 2}


def test_label_on_the_command_line(tmp_path: Path) -> None:
    texts = {
        "Thought: a.\nf(x)": [("THOUGHT", 0, 11), ("TOOLCALL", 12, 16)],
        "Hi.": [("TEXT", 0, 3)],
    }
    messages, config = tmp_path / "raw.jsonl", tmp_path / "teachers.toml"
    messages.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
    with serving(lambda asked, _: completion(marked(asked, texts))) as server:
        content = configuration(server.url, "a", "b")
        config.write_text(as_toml(content | {"budget": {"requests": 3}}), encoding="utf-8")
        output, errors = invoked(1, "label", config, messages, tmp_path / "out")
        assert "0 refused, 1 open" in output
        assert errors.strip().split("\n")[-1] == "stopped early: budget of 3 requests is spent"
        config.write_text(as_toml(content), encoding="utf-8")
        output, _ = invoked(0, "label", config, messages, tmp_path / "out")
    assert len(server.asked) == 4
    assert "2 messages agreed in" in output
    row = next(line for line in output.split("\n") if "a, b" in line and "TOOLCALL" in line)
    assert row.replace("│", "").split() == ["a,", "b", "TOOLCALL", "1", "1", "1", "1.000", "1.000"]


def test_bad_input_ends_with_a_message(tmp_path: Path) -> None:
    _, errors = invoked(2, "teach", tmp_path / "none.toml", tmp_path / "out")
    assert (
        errors
        == f"error: {tmp_path / 'none.toml'}: expected a readable file, found No such file or directory\n"
    )


class Fake:
    """Teachers without a network, who fail and err by the question, so that every event is in the ledger."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()

    async def ask(self, _client: object, _teacher: Teacher, request: Request) -> Answer:
        """A failure first for some questions, a wrong answer first for others, then a good one."""
        question = request.messages[1]["content"]
        self.asked[question] += 1
        await asyncio.sleep(0)
        number = sum(question.encode()) % 100_000
        if number % 3 == 0 and self.asked[question] == 1:
            raise RequestFailed("HTTP 500", "retry")
        self.answered[question] += 1
        wrong = number % 4 == 0 and len(request.messages) == 2
        text = "no" if wrong else pieces_answer(number)
        return Answer(text=text, finish="stop", input=10, output=5, estimated=False)


def taught(chosen: Settings, out: Path) -> list[Any]:
    """The records of a run."""
    run_create(chosen, out, seed=1, count=12, environment=ENVIRONMENT)
    return list(read_records(out / "records.jsonl"))


def test_cut_at_any_event_the_run_goes_on_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings("http://127.0.0.1:9/v1", create={"transcript_share": 0.0})
    fake = Fake()
    monkeypatch.setattr(asking, "ask", fake.ask)
    whole = taught(chosen, tmp_path / "whole")
    assert len(whole) == 12
    content = (tmp_path / "whole" / "ledger.jsonl").read_bytes()
    assert {event["event"] for event in read_lines(tmp_path / "whole" / "ledger.jsonl")} == {
        "asked", "answered", "failed",
    }  # fmt: skip
    lines = content.splitlines(keepends=True)
    for count in range(len(lines)):
        out = tmp_path / str(count)
        out.mkdir()
        torn = lines[count][: len(lines[count]) * (count % 3) // 3]
        (out / "ledger.jsonl").write_bytes(b"".join(lines[:count]) + torn)
        before = Counter(json.loads(line)["event"] for line in lines[:count])
        again = Fake()
        monkeypatch.setattr(asking, "ask", again.ask)
        assert taught(chosen, out) == whole
        # What was answered before and what is answered now are together all answers, none of them twice.
        assert before["answered"] + again.answered.total() == fake.answered.total()
        assert ledger_counts(out)["answered"] == fake.answered.total()


def test_a_raised_count_asks_only_what_is_new(tmp_path: Path) -> None:
    with serving(created) as server:
        for count in (5, 9):
            report = run_create(
                settings(server.url), tmp_path, seed=1, count=count, environment=ENVIRONMENT
            )
            assert (report.tally.accepted, len(server.asked)) == (count, count)
        report = run_create(
            settings(server.url), tmp_path, seed=1, count=3, environment=ENVIRONMENT
        )
        assert (report.tally.accepted, report.tally.requests, len(server.asked)) == (3, 9, 9)


def test_failures_are_tried_again_by_the_next_run_and_answers_are_not(tmp_path: Path) -> None:
    down = True

    def behaviour(asked: Asked, number: int) -> Reply:
        return error(500) if down and number % 2 else created(asked, number)

    with serving(behaviour) as server:
        chosen = settings(server.url, retry={"attempts": 1, "patience": 100}, concurrency=1)
        report = run_create(chosen, tmp_path, seed=0, count=10, environment=ENVIRONMENT)
        assert (report.tally.accepted, report.tally.open, report.tally.failed) == (5, 5, 5)
        down = False
        report = run_create(chosen, tmp_path, seed=0, count=10, environment=ENVIRONMENT)
        assert (report.tally.accepted, report.tally.open, len(server.asked)) == (10, 0, 15)
