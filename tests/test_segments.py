"""Segments: trimmed, merged, ordered, and nothing of the text lost."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from buzz_parser.contract import segments
from buzz_parser.contract.labels import LABELS, SEGMENT_TYPES
from buzz_parser.contract.segments import Segment
from tests import oracles
from tests.strategies import label_ids, tokenised


@st.composite
def labelled(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]], list[int], list[float]]:
    """A text, token offsets, any labels, and probabilities."""
    text, offsets = draw(tokenised())
    size = len(offsets)
    labels = draw(st.lists(label_ids, min_size=size, max_size=size))
    probabilities = draw(st.lists(st.floats(0, 1, width=32), min_size=size, max_size=size))
    return text, offsets, labels, probabilities


Labelled = tuple[str, list[tuple[int, int]], list[int], list[float]]


def test_whitespace_is_unicode_white_space() -> None:
    assert segments.WHITESPACE == oracles.WHITE_SPACE
    assert len(segments.WHITESPACE) == 25
    assert {"\x1c", "\u200b", "\ufeff"}.isdisjoint(segments.WHITESPACE)


@given(tokenised())
def test_reach_against_the_oracle(case: tuple[str, list[tuple[int, int]]]) -> None:
    assert segments.reaches(*case) == oracles.naive_reaches(*case)


@given(labelled())
def test_spans_against_the_oracle(case: Labelled) -> None:
    text, offsets, labels, _ = case
    found = [
        (
            SEGMENT_TYPES[span.type],
            span.start,
            span.end,
            [token for first, last in span.tokens for token in range(first, last)],
        )
        for span in segments.spans(text, offsets, labels)
    ]
    assert found == oracles.naive_spans(text, offsets, labels)


@given(labelled())
def test_segments_and_gaps_give_back_the_text(case: Labelled) -> None:
    text, offsets, labels, probabilities = case
    check_invariants(text, segments.segments(text, offsets, labels, probabilities))


def check_invariants(text: str, found: list[Segment]) -> None:
    """What holds for every list of segments."""
    data = text.encode()
    pieces, position = [], 0
    for segment in found:
        assert position <= segment.start < segment.end <= len(text)
        assert segment.text == text[segment.start : segment.end]
        assert segment.text.encode() == data[segment.start_byte : segment.end_byte]
        assert segment.text[0] not in oracles.WHITE_SPACE
        assert segment.text[-1] not in oracles.WHITE_SPACE
        assert segment.label in SEGMENT_TYPES
        assert 0.0 <= segment.score <= 1.0
        pieces += [text[position : segment.start], segment.text]
        position = segment.end
    pieces.append(text[position:])
    assert "".join(pieces) == text
    for before, after in itertools.pairwise(found):
        between = text[before.end : after.start]
        if before.label == after.label and before.label in ("THOUGHT", "TEXT"):
            assert not set(between) <= oracles.WHITE_SPACE


@given(labelled())
def test_a_score_is_the_mean_in_token_order(case: Labelled) -> None:
    text, offsets, labels, probabilities = case
    expected = []
    for _, _, _, tokens in oracles.naive_spans(text, offsets, labels):
        total = 0.0
        for token in tokens:
            total = total + probabilities[token]
        expected.append(total / len(tokens))
    found = segments.segments(text, offsets, labels, probabilities)
    assert [segment.score.hex() for segment in found] == [score.hex() for score in expected]


def ids(names: str) -> list[int]:
    """Label ids of space-separated names."""
    return [LABELS.index(name) for name in names.split()]


def spans_of(text: str, offsets: list[tuple[int, int]], names: str) -> list[tuple[str, str]]:
    """Type and text of each segment."""
    found = segments.segments(text, offsets, ids(names), [1.0] * len(offsets))
    return [(segment.label, segment.text) for segment in found]


def test_an_accent_that_the_tokenizer_dropped_stays_with_its_letter() -> None:
    assert spans_of("cafe\u0301 ok", [(0, 4), (6, 8)], "B-TEXT O") == [("TEXT", "cafe\u0301")]


def test_a_dropped_mark_before_the_first_token_belongs_to_it() -> None:
    assert spans_of("\ufeffhi", [(1, 3)], "B-TEXT") == [("TEXT", "\ufeffhi")]


def test_tokens_of_one_character_in_two_segments_do_not_overlap() -> None:
    shared = [(0, 1), (0, 1), (1, 2)]
    found = spans_of("각a", shared, "B-TEXT B-TOOLCALL I-TOOLCALL")
    assert found == [("TEXT", "각"), ("TOOLCALL", "a")]
    assert spans_of("각", shared[:2], "B-TEXT B-TOOLCALL") == [("TEXT", "각")]


def test_calls_are_never_merged_and_texts_always() -> None:
    offsets = [(0, 1), (2, 3)]
    assert spans_of("a b", offsets, "B-TEXT B-TEXT") == [("TEXT", "a b")]
    assert spans_of("a b", offsets, "B-TOOLCALL B-TOOLCALL") == [
        ("TOOLCALL", "a"),
        ("TOOLCALL", "b"),
    ]


def test_a_segment_of_whitespace_alone_does_not_part_its_neighbours() -> None:
    offsets = [(0, 1), (1, 2), (2, 3)]
    assert spans_of("a\nb", offsets, "B-THOUGHT B-TOOLCALL B-THOUGHT") == [("THOUGHT", "a\nb")]
