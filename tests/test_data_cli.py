"""`buzz-parser data …` as a person or a script uses it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from buzz_parser.cli.main import app
from buzz_parser.data.generate import GeneratorConfig, load_source
from buzz_parser.data.interchange.arrow import read_arrow
from buzz_parser.data.page import page
from buzz_parser.data.records import Record, Span, read_records
from buzz_parser.data.splits import split_of
from buzz_parser.data.stats import percentile, statistics
from buzz_parser.data.transcripts import TranscriptError
from buzz_parser.data.write import write_generated

RUNNER = CliRunner()
CHAT = [
    {"role": "user", "content": "Hello?"},
    {"role": "assistant", "content": "The zebra answers in its own words."},
]


def run(*arguments: object, code: int = 0) -> str:
    """What a data command says in this process; checks its exit code."""
    done = RUNNER.invoke(
        app, ["data", *map(str, arguments)], env={"COLUMNS": "160", "TERM": "dumb"}
    )
    assert done.exit_code == code, done.output
    return str(done.output)


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some messages."""
    path = tmp_path_factory.mktemp("data") / "messages.jsonl"
    return write_generated(GeneratorConfig(), 120, path)


def test_every_command_teaches_itself() -> None:
    for command in ("generate", "teach", "label", "import", "export", "validate", "stats", "show"):
        assert f"buzz-parser data {command}" in run(command, "--help")


def test_the_shares_are_settings(tmp_path: Path) -> None:
    out = tmp_path / "new" / "plain.jsonl"
    run(
        "generate", "--count", 40, "--processes", 1, "--no-damage", "--plain", 1, "--invented", 0,
        "--split", "test", "--out", out,
    )  # fmt: skip
    found = list(read_records(out))
    assert len(found) == 40
    assert all(record.meta["damage"] == [] for record in found)
    assert {record.meta["dialect"] for record in found} == {"plain"}
    assert all(split_of(str(record.meta["transcript"])) == "test" for record in found)


def test_arrow_holds_the_same_messages_by_any_number_of_processes(
    tmp_path: Path, generated: Path
) -> None:
    one = write_generated(GeneratorConfig(), 260, tmp_path / "one.arrow")
    two = write_generated(GeneratorConfig(), 260, tmp_path / "two.arrow", processes=2)
    assert one.read_bytes() == two.read_bytes()
    found = list(read_arrow(one))
    assert len(found) == 260
    assert found[:120] == list(read_records(generated))
    assert "260 records hold the guideline, 0 do not" in run("validate", one)


def test_a_share_that_is_none_is_refused() -> None:
    assert "Input should be less than or equal to 1" in run("generate", "--damaged", 2, code=2)
    run("generate", "--split", "train-unseen", code=2)


def test_own_logs_become_messages(tmp_path: Path) -> None:
    logs, own, out = tmp_path / "logs.jsonl", tmp_path / "own.txt", tmp_path / "out.jsonl"
    names = [name for name in (f"zebra-{n}" for n in range(90)) if split_of(name) == "validation"]
    lines = [json.dumps({"id": name, "messages": CHAT}) for name in names]
    logs.write_text("\n".join([*lines, "nonsense"]), encoding="utf-8")
    done = run("import", "chat", logs, own, "--language", "de", code=1)
    assert f"{own}: {len(names)} transcripts" in done
    assert json.loads((tmp_path / "own.txt.rejects.jsonl").read_bytes())["found"] == "nonsense"
    source = load_source("validation", [str(own)])
    added = [transcript for transcript in source.transcripts if transcript.id in names]
    assert [transcript.language for transcript in added] == ["de"] * len(names)
    assert not any(t.id in names for t in load_source("train", [str(own)]).transcripts)
    run(
        "generate",
        "--split",
        "validation",
        "--count",
        150,
        "--processes",
        2,
        "--transcripts",
        own,
        "--out",
        out,
    )
    texts = [record.text for record in read_records(out) if record.meta["transcript"] in names]
    assert any("zebra" in text for text in texts)
    assert 45 < len(texts) < 105  # --own is a half


def test_a_file_of_transcripts_that_is_not_there_is_named() -> None:
    done = run("generate", "--transcripts", "no/such.txt", code=2)
    assert "no/such.txt: expected a file of transcripts, found" in done


def test_transcripts_that_break_a_rule_or_come_twice_are_refused(tmp_path: Path) -> None:
    head, path = "=== a\ndomain: d\nlanguage: en\n", tmp_path / "own.txt"
    path.write_text(f"{head}--- call f\n[]", encoding="utf-8")
    with pytest.raises(TranscriptError, match="expected a JSON dict, found list"):
        load_source("train", [str(path)])
    path.write_text(f"{head}--- text\nhi", encoding="utf-8")
    with pytest.raises(TranscriptError, match="expected a new id, found one that is there already"):
        load_source(split_of("a"), [str(path), str(path)])
    done = run(
        "generate", "--split", split_of("a"), "--transcripts", path, "--transcripts", path, code=2
    )
    assert "expected a new id" in done


@pytest.mark.parametrize("name", ["jsonl", "tokens", "conll"])
def test_export_and_import_give_back_the_messages(
    tmp_path: Path, generated: Path, name: str
) -> None:
    out, again = tmp_path / "out", tmp_path / "again.jsonl"
    assert "120 records" in run("export", name, generated, out)
    run("import", name, out, again)
    assert again.read_bytes() == generated.read_bytes()


def test_label_studio_gets_its_interface_too(tmp_path: Path, generated: Path) -> None:
    run("export", "label-studio", generated, tmp_path / "tasks.json", "--model", "parser_v1")
    tasks: list[dict[str, Any]] = json.loads((tmp_path / "tasks.json").read_bytes())
    assert len(tasks) == 120
    assert {task["predictions"][0]["model_version"] for task in tasks} == {"parser_v1"}
    assert '<Label value="TOOLCALL"' in (tmp_path / "tasks.xml").read_text(encoding="utf-8")
    done = run("import", "label-studio", tmp_path / "tasks.json", tmp_path / "back.jsonl", code=1)
    assert "expected one that is finished, found none" in done


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    for command in (["validate"], ["stats"], ["show"]):
        done = run(*command, tmp_path / "none.jsonl", code=2)
        assert "expected a readable file, found No such file or directory" in done
    done = run("import", "jsonl", tmp_path / "none.jsonl", tmp_path / "out.jsonl", code=2)
    assert "expected a file to read or write, found No such file" in done
    assert list(tmp_path.iterdir()) == []


def test_validate_names_line_and_rule(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(
        '{"text": "a b", "segments": [{"label": "TEXT", "start": 0, "end": 9}]}\n\n{"text": 3}\n',
        encoding="utf-8",
    )
    done = run("validate", path, code=1)
    assert f"{path}:1: segments[0]: expected bounds inside [0, 3), found [0, 9)" in done
    assert f"{path}:3: text: expected a string, found int" in done
    assert "0 records hold the guideline, 2 do not" in done


def test_show_filters(generated: Path) -> None:
    found = list(read_records(generated))
    damage = next(name for record in found for name in record.meta["damage"])
    family = str(found[0].meta["family"])
    damaged = [record.id for record in found if damage in record.meta["damage"]]
    shown = run("show", generated, "--damage", damage, "--count", 500)
    assert [record.id for record in found if f"─ {record.id} " in shown] == damaged
    shown = run("show", generated, "--format", family, "--count", 500)
    assert all((f"─ {r.id} " in shown) == (r.meta["family"] == family) for r in found)
    shown = run("show", generated, "--label", "TOOLRESPONSE", "--count", 1)
    assert "TOOLRESPONSE │" in shown
    assert "no record fits" in run("show", generated, "--id", "nobody", code=1)
    assert "expected one of THOUGHT" in run("show", generated, "--label", "X", code=2)


def test_stats_count() -> None:
    spans = (Span("THOUGHT", 0, 4), Span("TEXT", 5, 9))
    records = [
        Record(id="1", text="hmm. done", segments=spans, meta={"damage": [], "language": "de"}),
        Record(id="2", text="hmm. done", segments=spans, meta={"damage": ["M01", "M02"]}),
        Record(
            id="3", text="x", segments=(), meta={"teachers": [{"teacher": "a"}, {"teacher": "b"}]}
        ),
        Record(id="4", text="x ", segments=(Span("TEXT", 0, 2),), meta={"teacher": "a"}),
    ]
    found = statistics(records, samples=2)
    assert (found.messages, found.repeated, found.invalid) == (4, 1, 1)
    assert found.segments == {"THOUGHT": 2, "TEXT": 3}
    assert found.covered == {"THOUGHT": 8, "TEXT": 10}
    assert found.shapes == {"THOUGHT TEXT": 2, "": 1, "TEXT": 1}
    assert found.facets["damage"] == {"none": 1, "M01": 1, "M02": 1}
    assert found.facets["teacher"] == {"a": 2, "b": 1}
    assert [percentile(found.lengths, p) for p in (0, 50, 100)] == [1, 2, 9]
    assert len(found.samples) == 2
    assert statistics(reversed(records), samples=4).samples[0].text == "hmm. done"


def test_the_page_stands_alone_and_escapes(tmp_path: Path, generated: Path) -> None:
    out = tmp_path / "page.html"
    output = run("stats", generated, "--html", out, "--samples", 9)
    assert "120 messages" in output
    html = out.read_text(encoding="utf-8")
    assert html.count("<article>") == 9
    assert html.count("<svg") > 20
    assert "src=" not in html.split("<h2>Samples")[0]
    assert "<link" not in html
    evil = Record(id="<b>", text="<script>\x1b</script>", segments=(Span("TEXT", 0, 18),))
    shown = page("<i>", statistics([evil], samples=1))
    assert "<script>" not in shown
    assert "&lt;script&gt;␛&lt;/script&gt;" in shown
