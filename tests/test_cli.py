"""The command line as a person or a script uses it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from buzz_parser import Parser, __version__
from tests.broken_bundles import broken_bundle
from tests.conftest import ROOT, TINY

MESSAGE = 'Thought: I need the tide table.\nAction: tides\nAction Input: {"port": "Brest"}\n'


def run(*arguments: object, stdin: bytes = b"", code: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs the command line in a fresh process and checks its exit code."""
    command = [sys.executable, "-m", "buzz_parser.cli", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1"}
    done = subprocess.run(
        command, input=stdin, capture_output=True, cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == code, done.stderr.decode()
    return subprocess.CompletedProcess(command, code, done.stdout.decode(), done.stderr.decode())


def test_parse_json_is_what_the_parser_says(tmp_path: Path) -> None:
    file = tmp_path / "message.txt"
    file.write_bytes(MESSAGE.replace("\n", "\r\n").encode())
    (found,) = json.loads(run("parse", "--bundle", TINY, "--format", "json", file).stdout)
    result = Parser.load(TINY).parse(MESSAGE.replace("\n", "\r\n"))
    assert found["text"] == result.text
    assert [
        (s["label"], s["start"], s["end"], s["start_byte"], s["score"]) for s in found["segments"]
    ] == [(s.label, s.start, s.end, s.start_byte, s.score) for s in result.segments]


@pytest.mark.parametrize("engine", ["rust", "python"])
def test_parse_jsonl_from_standard_input(engine: str) -> None:
    lines = [json.dumps("Final Answer: x\u2028y"), "", json.dumps({"text": MESSAGE, "id": 7})]
    done = run(
        "parse", "--bundle", TINY, "--jsonl", "--format", "jsonl", "--engine", engine, "--workers", 2,
        stdin="\n".join(lines).encode(),
    )  # fmt: skip
    first, second = (json.loads(line) for line in done.stdout.split("\n") if line)
    assert first["origin"] == "standard input:1"
    assert second["origin"] == "standard input:3"
    assert second["text"] == MESSAGE


def test_parse_conll_has_one_token_a_line() -> None:
    done = run("parse", "--bundle", TINY, "--format", "conll", stdin=MESSAGE.encode())
    rows = [line.split("\t") for line in done.stdout.rstrip("\n").split("\n")]
    trace = Parser.load(TINY).trace(MESSAGE)
    assert [(int(row[1]), int(row[2])) for row in rows] == trace.offsets
    assert [json.loads(f'"{row[0]}"') for row in rows] == [MESSAGE[a:b] for a, b in trace.offsets]


def test_parse_text_shows_labels_and_no_raw_control_character() -> None:
    done = run("parse", "--bundle", TINY, stdin=b"Final Answer: \x1b[2J\x07 done \xe2\x80\xae!")
    assert "│" in done.stdout
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout
    assert "\u202e" not in done.stdout


def test_one_bad_message_loses_no_other() -> None:
    done = run(
        "parse", "--bundle", TINY, "--jsonl", "--format", "jsonl",
        stdin=b'"one"\n"\\ud800"\n"three"\n', code=1,
    )  # fmt: skip
    kinds = [
        json.loads(line).get("error", {}).get("kind") for line in done.stdout.split("\n") if line
    ]
    assert kinds == [None, "text_not_unicode", None]
    assert "standard input:2: text: expected Unicode scalar values" in done.stderr


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        (b"ab\xff", "error: standard input: expected UTF-8, found byte 0xff at offset 2"),
        (
            b"[1]\n",
            "error: standard input:1: expected a string or an object with the string 'text'",
        ),
        (b'"a"\n{', "error: standard input:2: expected a JSON value on every line"),
    ],
)
def test_bad_input_is_named(stdin: bytes, message: str) -> None:
    lines = [] if b"\xff" in stdin else ["--jsonl"]
    done = run("parse", "--bundle", TINY, *lines, stdin=stdin, code=2)
    assert done.stderr.startswith(message)
    assert done.stdout == ""


def test_a_bundle_that_is_none_is_named() -> None:
    for command in (["parse", "--bundle"], ["check"], ["diff"], ["demo"], ["parity"]):
        done = run(*command, "nowhere", code=2)
        assert done.stderr == "error: nowhere: expected a bundle directory, found nothing\n"


def test_check_says_tier_stages_and_verdict() -> None:
    done = run("check", TINY)
    assert "hashes verified" in done.stdout
    assert "tier 1: recorded with" in done.stdout or "tier 2: recorded with" in done.stdout
    assert done.stdout.endswith("both engines agree with the golden file\n")
    for stage in ("ids", "offsets", "windows", "inputs", "logits", "labels", "segments", "scores"):
        assert stage in done.stdout


def test_check_finds_an_altered_golden_file(tmp_path: Path) -> None:
    golden = (TINY / "golden.jsonl").read_text(encoding="utf-8")
    altered = golden.replace('"ids":[', '"ids":[1,', 1)
    edits = [
        {"op": "write", "file": "golden.jsonl", "text": altered},
        {"op": "rehash", "file": "golden.jsonl"},
    ]
    done = run("check", broken_bundle({"edits": edits}, tmp_path), code=1)
    assert "stage ids, row 0" in done.stdout
    assert done.stdout.endswith("the engines do not agree\n")


def test_check_names_the_case_on_which_a_model_fails(tmp_path: Path) -> None:
    edits = [
        {"op": "copy", "source": "models/nan-logits.onnx", "file": "model.onnx"},
        {"op": "rehash", "file": "model.onnx"},
    ]
    done = run("check", broken_bundle({"edits": edits}, tmp_path), code=2)
    cause = "window 0, token 0, label O: expected a finite logit, found NaN"
    assert done.stderr == f"error: rust, golden case 1: {cause}\n"


def test_diff_counts_messages() -> None:
    done = run("diff", TINY, "--jsonl", "fixtures/corpus/damage.jsonl")
    count = (ROOT / "fixtures/corpus/damage.jsonl").read_bytes().count(b"\n")
    assert done.stdout == f"{count} messages, 0 differences\n"


def test_parity_counts_every_stage() -> None:
    done = run("parity", TINY, "--count", 300, "--seed", 5, "--processes", 1)
    assert "300" in done.stdout
    assert "differences in scores" in done.stdout


def test_demo_shows_samples_and_the_check(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text(MESSAGE, encoding="utf-8")
    done = run("demo", TINY, "--file", own)
    assert str(own) in done.stdout
    assert "both engines agree in every stage" in done.stdout
    assert done.stdout.endswith("both engines agree with the golden file\n")


def test_help_teaches() -> None:
    assert f"buzz-parser {__version__}\n" == run("--version").stdout
    done = run("--help")
    for command in ("parse", "check", "diff", "demo", "parity", "bench"):
        assert command in done.stdout
        assert "buzz-parser" in run(command, "--help").stdout
    assert "Exit codes" in done.stdout
