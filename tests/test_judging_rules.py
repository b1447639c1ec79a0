"""The baseline of rules: strong on the fixture corpus, well formed on anything, and never slow."""

import pytest
from hypothesis import given

from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Span
from buzz_parser.judging.metrics import count_message, figures, total
from buzz_parser.judging.rules import rule_segments
from buzz_parser.judging.rules_scan import balanced_end, elements, members
from tests.conftest import CORPUS
from tests.strategies import mutated, pathological, unicode_texts

CERTAIN = [case for case in CORPUS if case.segments is not None]


def gold_of(segments: list[tuple[str, int, int]] | None) -> tuple[Span, ...]:
    return tuple(Span(*segment) for segment in segments or ())


def test_the_rules_read_most_of_the_corpus() -> None:
    found = figures(
        total(
            count_message(gold_of(case.segments), rule_segments(case.text), case.text)
            for case in CERTAIN
        )
    )
    assert (found["f1"] or 0) > 0.97
    assert (found["exact"] or 0) > 0.95
    assert (found["false_calls"] or 0) < 0.01
    assert (found["missed_calls"] or 0) < 0.02


@pytest.mark.parametrize(
    "case", [case for case in CERTAIN if "rule-7" in case.tags], ids=lambda c: c.name
)
def test_a_quoted_call_is_no_call(case: object) -> None:
    text, segments = case.text, gold_of(case.segments)  # type: ignore[attr-defined]
    counts = figures(count_message(segments, rule_segments(text), text))
    assert counts["false_calls"] == 0.0


@given(mutated())
def test_what_the_rules_find_is_well_formed(text: str) -> None:
    assert violations(text, rule_segments(text)) == []


@given(unicode_texts)
def test_any_text_is_read(text: str) -> None:
    assert violations(text, rule_segments(text)) == []


@given(pathological)
def test_repeated_markers_are_read(text: str) -> None:
    assert violations(text, rule_segments(text)) == []


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("<think>a</think>b", ["THOUGHT", "TEXT"]),
        ("a</think>b", ["THOUGHT", "TEXT"]),
        ("<think>\na\n<tool_call>\n{}\n</tool_call>", ["THOUGHT", "TOOLCALL"]),
        ("<|im_start|>assistant\nHi.<|im_end|>", ["TEXT"]),
        ("Thought: a\nAction: f\nAction Input: {}\nObservation: b", ["THOUGHT", "TOOLCALL", "TOOLRESPONSE"]),
        ('{"name": "f", "arguments": {}}', ["TOOLCALL"]),
        ('{"name": "f", "altitude": 3}', ["TEXT"]),
        ('{"thought": "a", "code": "b()"}', ["THOUGHT", "TOOLCALL"]),
        ("f(x=1)\ng(y=2)", ["TOOLCALL"]),
        ("It holds [Count(1) → 2] two.", ["TEXT", "TOOLCALL", "TOOLRESPONSE", "TEXT"]),
        ("<|channel|>analysis<|message|>a<|end|>", ["THOUGHT"]),
        ("Write `<tool_call>` first.", ["TEXT"]),
        ("", []),
    ],
)  # fmt: skip
def test_each_kind_of_marker(text: str, labels: list[str]) -> None:
    assert [span.label for span in rule_segments(text)] == labels


def test_brackets_close_where_they_close() -> None:
    text = """{"a": "}", 'b': '{', "c": [1, (2)]} rest"""
    assert balanced_end(text, 0) == text.index(" rest")
    assert balanced_end('{"a": "b', 0) is None
    assert balanced_end("[{1}, {2}}", 0) == len("[{1}, {2}}")
    assert balanced_end("{it's}", 0) == 6


def test_members_and_elements_have_their_spans() -> None:
    text = '{"a": [1, {"x": 2}], "b": null}'
    found = members(text, 0, len(text))
    assert [(m.key, text[m.value : m.end]) for m in found] == [
        ("a", '[1, {"x": 2}]'),
        ("b", "null"),
    ]
    assert [text[m.start : m.end] for m in found][1] == '"b": null'
    assert [text[a:b] for a, b in elements(text, 6, 19)] == ["1", '{"x": 2}']
