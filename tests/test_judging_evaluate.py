"""The stage from messages to report: reading gold, splits, the comparison, the files and the command."""

import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from buzz_parser.cli.evaluate import evaluate as evaluate_command
from buzz_parser.data.records import Record, RecordError, Span, record_to_json
from buzz_parser.judging.comparison import Comparison, compare, comparison_to_json, verdict
from buzz_parser.judging.evaluate import difference, evaluate, worst
from buzz_parser.judging.gold import Gold, read_gold
from buzz_parser.judging.page import page
from buzz_parser.judging.rules import rule_segments
from tests.conftest import FIXTURES, TINY

VOID = {"meta"}


def by_rules(texts: Sequence[str]) -> list[tuple[Span, ...]]:
    return [rule_segments(text) for text in texts]


def all_text(texts: Sequence[str]) -> list[tuple[Span, ...]]:
    """A parser that takes everything for an answer."""
    return [(Span("TEXT", 0, len(text)),) if text.strip() == text != "" else () for text in texts]


@pytest.fixture(scope="module")
def gold() -> Gold:
    return read_gold(FIXTURES / "corpus" / "rules.jsonl")


@pytest.fixture(scope="module")
def comparison(gold: Gold) -> Comparison:
    return compare(all_text, gold, limit=40)


def test_a_corpus_is_read_with_its_tags_and_without_the_uncertain(gold: Gold) -> None:
    formats = read_gold(FIXTURES / "corpus" / "formats.jsonl")
    assert formats.without_gold == 3
    assert formats.records[0].meta["source"] == "formats"
    assert formats.records[0].meta["format"] == "F001"
    assert gold.without_gold == 0
    damage = read_gold(FIXTURES / "corpus" / "damage.jsonl")
    assert damage.records[0].meta["damage"] == ["M1"]


def test_messages_of_one_transcript_are_drawn_together() -> None:
    hi = (Span("TEXT", 0, 2),)
    calls = (Span("TOOLCALL", 0, 2),)
    widths = []
    metas: list[list[dict[str, str]]] = [
        [{}] * 40,
        [{"transcript": str(n // 10)} for n in range(40)],
    ]
    for meta in metas:
        records = [
            Record(id=str(n), text="Hi", segments=hi if n < 30 else calls, meta=m)
            for n, m in enumerate(meta)
        ]
        report = evaluate(all_text, records)
        assert report.overall.figures["exact"] == 0.75
        low, high = report.overall.intervals["exact"] or (0, 0)
        widths.append(high - low)
    assert widths[1] > 2 * widths[0] > 0


def test_a_folder_is_read_whole() -> None:
    whole = read_gold(FIXTURES / "corpus")
    assert len({record.id for record in whole.records}) == len(whole.records) > 400


def test_the_three_kinds_of_lines_become_records(tmp_path: Path) -> None:
    segments = [{"label": "TEXT", "start": 0, "end": 2}]
    lines = [
        {
            "source": "lab",
            "style": "plain",
            "model": "m",
            "confidence": "high",
            "text": "Hi",
            "segments": segments,
        },
        {
            "name": "case",
            "tags": ["F007", "M3"],
            "source": "by hand",
            "text": "Hi",
            "segments": segments,
        },
        {"name": "unsure", "tags": [], "source": "by hand", "text": "Hi", "segments": None},
    ]
    record = Record(id="r", text="Hi", segments=(Span("TEXT", 0, 2),), meta={"family": "dspy"})
    path = tmp_path / "mixed.jsonl"
    path.write_text(
        "\n".join([*map(json.dumps, lines), record_to_json(record)]) + "\n", encoding="utf-8"
    )
    found = read_gold(path)
    assert [r.id for r in found.records] == ["mixed-1", "case", "r"]
    assert found.without_gold == 1
    assert found.records[0].meta == {
        "source": "lab",
        "model": "m",
        "confidence": "high",
        "format": "plain",
    }
    report = evaluate(all_text, found.records, rounds=20)
    groups = {(g.axis, g.name): g.messages for g in report.groups}
    assert groups["confidence", "high"] == groups["seen", "unseen"] == groups["damage", "M3"] == 1
    assert groups["seen", "read"] == 1
    assert groups["length", "under 200"] == 3
    assert ("damage", "intact") not in groups
    assert report.overall.figures["f1"] == 1.0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "a"', "bad.jsonl:1: expected JSON, found "),
        ('{"text": "a", "segments": 3}', "bad.jsonl:1: segments: expected a list, found int"),
        (
            '{"text": "a b", "segments": [{"label": "TEXT", "start": 0, "end": 2}]}',
            "bad.jsonl:1: segments[0]: expected a trimmed segment, found whitespace at its edge",
        ),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        read_gold(path)
    assert message in str(caught.value)


def test_a_folder_without_messages_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"expected a file \*\.jsonl, found none"):
        read_gold(tmp_path)


def test_judging_nothing_or_too_few_answers_is_an_error(gold: Gold) -> None:
    with pytest.raises(ValueError, match="at least one message"):
        evaluate(by_rules, [])
    with pytest.raises(ValueError, match="expected 2 answers, found 0"):
        evaluate(lambda _: [], gold.records[:2])


def test_the_rules_are_ahead_of_a_parser_that_reads_nothing(comparison: Comparison) -> None:
    ours, theirs = comparison.parser.overall.figures, comparison.rules.overall.figures
    assert (ours["f1"] or 0) < 0.3
    assert (theirs["f1"] or 0) > 0.9
    bounds = comparison.difference["f1"]
    assert bounds is not None
    assert bounds[1] < 0
    assert verdict("f1", bounds) == "behind"
    assert verdict("false_calls", (-0.2, -0.1)) == "ahead"
    assert verdict("f1", (-0.1, 0.1)) == ""


def test_seqeval_and_the_report_agree(comparison: Comparison) -> None:
    for report in (comparison.parser, comparison.rules):
        assert report.seqeval is not None
        assert report.seqeval["f1"] == pytest.approx(report.overall.figures["f1"])


def test_a_difference_of_different_messages_is_refused(gold: Gold) -> None:
    one = evaluate(by_rules, gold.records[:3], rounds=10)
    other = evaluate(by_rules, gold.records[1:4], rounds=10)
    with pytest.raises(ValueError, match="expected the same messages"):
        difference(one, other)
    same = difference(one, one, rounds=50)
    assert same["f1"] == (0.0, 0.0)


def test_the_worst_come_first_and_only_wrong_ones(comparison: Comparison) -> None:
    chosen = worst(comparison.parser, limit=5)
    assert len(chosen) <= 5
    assert all(m.predicted != m.record.segments for m in chosen)
    assert worst(evaluate(by_rules, comparison_records(comparison), rounds=10), limit=3) == []


def comparison_records(comparison: Comparison) -> list[Record]:
    """The records that the rules read exactly."""
    return [m.record for m in comparison.rules.judged if m.record.segments == m.predicted]


class WellFormed(HTMLParser):
    """Fails on a closing tag that closes nothing, and keeps what the page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a tag."""
        self.tags.add(tag)
        self.outside += [
            v or "" for k, v in attrs if k in ("src", "href") and not (v or "").startswith("#")
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself, as SVG has them."""
        assert (tag, bool(attrs)) in (("rect", True), ("line", True))

    def handle_endtag(self, tag: str) -> None:
        """Closes the tag that was opened last."""
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_needs_nothing_from_outside(comparison: Comparison) -> None:
    html = page("<b>parser</b> & 1.0", [comparison])
    reader = WellFormed()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    assert reader.outside == []
    assert {"table", "svg", "article", "details"} <= reader.tags
    assert "script" not in reader.tags
    assert "&lt;b&gt;parser&lt;/b&gt;" in html
    assert "<think>" not in html


def test_a_long_message_is_cut_around_its_mistake_and_says_so() -> None:
    text = "word " * 4_000 + "<tool_call>{}</tool_call>"
    record = Record(
        id="long",
        text=text,
        segments=(Span("TEXT", 0, 19_999), Span("TOOLCALL", 20_000, len(text))),
    )
    gold = Gold(path=Path("one.jsonl"), records=(record,), without_gold=2)
    html = page("p", [compare(lambda _: [(Span("TEXT", 0, len(text)),)], gold)])
    assert "of 20,025." in html
    assert "2 more have no certain gold and are left out" in html
    assert len(html) < 60_000


def test_the_json_has_every_figure(comparison: Comparison) -> None:
    value = json.loads(json.dumps(comparison_to_json(comparison), allow_nan=False))
    assert value["messages"] == 40
    assert value["available"] > 40
    assert value["parser"]["overall"]["figures"]["f1"] == comparison.parser.overall.figures["f1"]
    assert set(value["difference"]) == set(value["rules"]["overall"]["figures"])


def run(*arguments: str) -> tuple[int, str, str]:
    app = typer.Typer()
    app.command()(evaluate_command)
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.stdout, done.stderr


def test_the_command_prints_both_columns_and_writes_both_files(tmp_path: Path) -> None:
    data = str(FIXTURES / "corpus" / "negatives.jsonl")
    files = (tmp_path / "out" / "figures.json", tmp_path / "page.html")
    code, output, _ = run(
        str(TINY), data, "--limit", "12", "--json", str(files[0]), "--html", str(files[1])
    )
    assert code == 0
    assert "12 messages, the first of 32" in output
    assert "segment F1" in output
    assert "rules" in output
    assert "seqeval, strict IOB2: F1 " in output
    assert json.loads(files[0].read_text(encoding="utf-8"))["sets"][0]["messages"] == 12
    assert files[1].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.rglob("*.tmp")] == []


def test_the_command_refuses_what_it_cannot_judge(tmp_path: Path) -> None:
    code, _, errors = run(str(TINY))
    assert code == 2
    assert errors.startswith("error: DATA: expected at least one file or folder")
    missing = tmp_path / "missing.jsonl"
    code, _, errors = run(str(TINY), "--data", str(missing))
    assert code == 2
    assert (
        errors == f"error: {missing}: expected a readable file, found No such file or directory\n"
    )
