"""Teachers who label over the wire: agreement, disagreement, altered text, bad lines."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from buzz_parser.data.records import read_records
from buzz_parser.data.teachers.run import run_label
from tests.teacher_server import (
    ENVIRONMENT,
    Asked,
    Reply,
    Server,
    completion,
    last_user,
    marked,
    read_lines,
    serving,
    settings,
)

TEXTS = {
    "Thought: look.\nls -l\nDone.": [("THOUGHT", 0, 14), ("TOOLCALL", 15, 20), ("TEXT", 21, 26)],
    "</think>\nHello ‘you’, said the program, and nothing more.": [("THOUGHT", 0, 8), ("TEXT", 9, 57)],
    "[f(1)]": [("TOOLCALL", 0, 6)],
}  # fmt: skip


def write_messages(path: Path, *values: object) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def label(server: Server, path: Path, out: Path, *names: str, **changes: Any) -> Any:
    """One run of teachers who label."""
    chosen = settings(server.url, *names, **changes)
    return run_label(chosen, path, out, seed=0, environment=ENVIRONMENT)


def test_teachers_label_and_the_record_says_who_said_what(tmp_path: Path) -> None:
    def behaviour(asked: Asked, _: int) -> Reply:
        answer = marked(asked, TEXTS)
        if asked["model"] == "any" and "‘you’" in answer:
            answer = answer.replace("‘", "'").replace("’", "'")
        return completion(answer)

    path = write_messages(
        tmp_path / "raw.jsonl", {"text": next(iter(TEXTS)), "id": 7}, *list(TEXTS)[1:]
    )
    with serving(behaviour) as server:
        report = label(server, path, tmp_path, "a", "b", label={"tolerance": 0.08})
    assert (report.agreed, report.disputed, report.refused, report.open) == (3, 0, 0, 0)
    assert {row.span_f1 for row in report.agreement} == {1.0, None}
    records = list(read_records(tmp_path / "records.jsonl"))
    assert [(record.text, list(record.segments)) for record in records] == list(TEXTS.items())
    assert records[0].id == "7"
    said = records[1].meta["teachers"]
    assert {teacher["teacher"] for teacher in said} == {"a", "b"}
    assert [(teacher["exact"], teacher["edits"]) for teacher in said] == [(False, 4)] * 2
    assert said[0]["segments"][1] == {"label": "TEXT", "start": 9, "end": 57}


def test_disagreement_is_kept_apart_and_counted(tmp_path: Path) -> None:
    text = next(iter(TEXTS))
    other = {text: [("THOUGHT", 0, 14), ("TEXT", 15, 26)]}
    path = write_messages(tmp_path / "raw.jsonl", text, list(TEXTS)[2])
    with (
        serving(lambda asked, _: completion(marked(asked, TEXTS))) as first,
        serving(lambda asked, _: completion(marked(asked, TEXTS | other))) as second,
    ):
        chosen = settings(first.url, "a", "b")
        mixed = replace(
            chosen, teachers=(chosen.teachers[0], settings(second.url, "b").teachers[0])
        )
        report = run_label(mixed, path, tmp_path, seed=0, environment=ENVIRONMENT)
    assert (report.agreed, report.disputed) == (1, 1)
    (disputed,) = read_records(tmp_path / "disputed.jsonl")
    assert list(disputed.segments) == [("THOUGHT", 0, 14)]
    assert disputed.meta["disputed"] == [[15, 26]]
    rows = {row.label: row for row in report.agreement}
    assert rows["THOUGHT"].span_f1 == 1.0
    assert rows["TEXT"].span_f1 == 0.0
    assert rows["TEXT"].character_f1 == 2 * 5 / (5 + 11)
    assert rows["TOOLCALL"].span_f1 == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("alter", "reason"),
    [
        (
            lambda text: text.replace("said the program", "shouted one"),
            "expected a copy with at most 1.0% of the characters altered, found more; first at character 23: "
            "expected 'aid the program, and', found 'houted one, and noth'",
        ),
        (lambda text: text.replace(":TEXT⟧", ":PROSE⟧"), "expected a tag of THOUGHT, TOOLCALL, TEXT, TOOLRESPONSE"),
        (lambda _: "I see a thought and a text.", "expected a copy with at most 1.0% of the characters altered"),
    ],
)  # fmt: skip
def test_altered_text_is_rejected_with_the_reason(
    tmp_path: Path, alter: Callable[[str], str], reason: str
) -> None:
    path = write_messages(tmp_path / "raw.jsonl", list(TEXTS)[1])
    with serving(lambda asked, _: completion(alter(marked(asked, TEXTS)))) as server:
        report = label(server, path, tmp_path, retry={"attempts": 2})
    assert (report.agreed, report.refused, len(server.asked)) == (0, 1, 2)
    assert f"This was not accepted: {reason}" in last_user(server.asked[1])
    (line,) = read_lines(tmp_path / "rejected.jsonl")
    assert line["reason"] == "expected accepted answers of at least 1 teachers, found 0 of 1"
    assert line["answers"][0]["reason"].startswith(reason)


def test_bad_lines_are_set_aside_and_the_good_ones_kept(tmp_path: Path) -> None:
    good = list(TEXTS)[2]
    lines = [json.dumps(good), "{", "7", '{"text": 1}', '" "', '"\\ud800"', json.dumps(good)]
    lines += ['{"text": "x", "id": 1.5}', ""]
    path = tmp_path / "raw.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with serving(lambda asked, _: completion(marked(asked, TEXTS))) as server:
        report = label(server, path, tmp_path)
    assert (report.agreed, report.refused, len(server.asked)) == (1, 6 + 1, 1)
    found = {line["line"]: line["reason"] for line in read_lines(tmp_path / "rejected.jsonl")}
    assert found == {
        2: "expected JSON, found '{'",
        3: 'expected a string or an object with the string "text", found neither',
        4: 'expected a string or an object with the string "text", found neither',
        5: "expected a message, found nothing but whitespace",
        6: "expected Unicode, found half a character at 0",
        7: "expected a new text, found that of line 1",
        8: 'expected a string or an integer as "id", found something else',
    }
