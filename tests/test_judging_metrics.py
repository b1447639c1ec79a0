"""The metrics against oracles that count character by character and segment by segment."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.data.records import Span
from buzz_parser.judging.metrics import (
    COLUMN,
    FIGURES,
    KINDS,
    confusion,
    count_message,
    distance_bin,
    distances,
    figures,
    interval,
    paint,
    samples,
    total,
    touching,
)
from buzz_parser.judging.seqeval import StrictIOB2, strict_iob2

LENGTH = 24


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Ordered, disjoint spans in a text of `LENGTH` characters."""
    bounds = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=10)))
    kinds = st.sampled_from((*SEGMENT_TYPES, None))
    pairs = itertools.pairwise(bounds)
    labelled = ((draw(kinds), start, end) for start, end in pairs)
    return tuple(Span(kind, start, end) for kind, start, end in labelled if kind is not None)


def kinds_of(found: Sequence[Span]) -> list[str]:
    """The kind of each character, looked up one by one."""
    return [
        next((s.label for s in found if s.start <= place < s.end), "O") for place in range(LENGTH)
    ]


def shared(one: Span, other: Span) -> int:
    return len(set(range(one.start, one.end)) & set(range(other.start, other.end)))


@given(spans(), spans())
def test_counts_agree_with_a_naive_count(
    gold: tuple[Span, ...], predicted: tuple[Span, ...]
) -> None:
    counts = count_message(gold, predicted, "x" * LENGTH)
    right = [g == p for g, p in zip(kinds_of(gold), kinds_of(predicted), strict=True)]
    assert counts[COLUMN["characters_right"]] == sum(right)
    for kind in SEGMENT_TYPES:
        assert counts[COLUMN[f"gold:{kind}"]] == sum(s.label == kind for s in gold)
        assert counts[COLUMN[f"predicted:{kind}"]] == sum(s.label == kind for s in predicted)
        assert counts[COLUMN[f"right:{kind}"]] == sum(
            s.label == kind and s in gold for s in predicted
        )
    assert counts[COLUMN["exact"]] == (gold == predicted)
    calls = [[s for s in side if s.label == "TOOLCALL"] for side in (gold, predicted)]
    missed = any(not any(shared(s, o) for o in calls[1]) for s in calls[0])
    false = any(not any(shared(s, o) for o in calls[0]) for s in calls[1])
    assert counts[COLUMN["missed_call"]] == missed
    assert counts[COLUMN["false_call"]] == false


@given(spans(), spans())
def test_touching_finds_every_pair_that_shares_characters(
    gold: tuple[Span, ...], predicted: tuple[Span, ...]
) -> None:
    naive = {
        (index, number, shared(one, other))
        for index, one in enumerate(gold)
        for number, other in enumerate(predicted)
        if shared(one, other)
    }
    assert set(touching(gold, predicted)) == naive


@given(spans(), spans())
def test_confusion_has_every_gold_segment_once(
    gold: tuple[Span, ...], predicted: tuple[Span, ...]
) -> None:
    table = confusion(count_message(gold, predicted, "x" * LENGTH))
    for kind in SEGMENT_TYPES:
        assert sum(table[kind].values()) == sum(s.label == kind for s in gold)
    untouched = [s for s in predicted if not any(shared(s, other) for other in gold)]
    assert sum(table["O"].values()) == len(untouched)


@settings(max_examples=50)
@given(spans(), spans())
def test_seqeval_counts_the_same_segments(
    gold: tuple[Span, ...], predicted: tuple[Span, ...]
) -> None:
    other = (Span("TEXT", 0, 3), Span("TOOLCALL", 3, 9))
    pairs = [(gold, predicted), (other, other)]
    scores = strict_iob2(pairs)
    ours = figures(total(count_message(*pair, "x" * LENGTH) for pair in pairs))
    for name in ("f1", "precision", "recall"):
        assert scores[name] == pytest.approx(ours[name])
        for kind in SEGMENT_TYPES:
            assert scores[f"{kind}_{name}"] == pytest.approx(ours[f"{name}_{kind.lower()}"] or 0.0)


def test_the_metric_of_evaluate_is_strict(tmp_path: object) -> None:
    metric = StrictIOB2(cache_dir=str(tmp_path), keep_in_memory=True)
    labels = [["B-TEXT", "I-TEXT", "O", "B-TOOLCALL"]]
    loose = [["I-TEXT", "I-TEXT", "O", "B-TOOLCALL"]]
    assert metric.compute(predictions=labels, references=labels)["f1"] == 1.0
    assert metric.compute(predictions=loose, references=labels)["f1"] == pytest.approx(2 / 3)


def test_nothing_to_find_and_nothing_found_is_no_figure_for_seqeval() -> None:
    assert strict_iob2([((), ())])["f1"] == 0.0


def test_prose_errors_are_told_apart_from_wrong_bounds() -> None:
    gold = (Span("THOUGHT", 0, 4), Span("TOOLCALL", 5, 9), Span("TEXT", 10, 20))
    swapped = (Span("TEXT", 0, 4), Span("TOOLCALL", 5, 9), Span("TEXT", 10, 20))
    found = figures(count_message(gold, swapped, "x" * 20))
    assert found["prose_swaps"] == pytest.approx(1 / 3)
    assert (found["exact"], found["exact_but_prose"]) == (0.0, 1.0)
    shifted = (Span("THOUGHT", 0, 3), *gold[1:])
    found = figures(count_message(gold, shifted, "x" * 20))
    assert (found["prose_swaps"], found["exact_but_prose"]) == (0.0, 0.0)


def test_bounds_are_counted_by_distance_where_the_type_is_right() -> None:
    gold = (Span("TEXT", 0, 10), Span("TOOLCALL", 20, 80), Span("THOUGHT", 90, 100))
    predicted = (Span("TEXT", 1, 10), Span("TOOLCALL", 20, 90), Span("TEXT", 90, 100))
    found = distances(count_message(gold, predicted, "x" * 100))
    assert found["start"] == {"0": 1, "1": 1, "2-3": 0, "4-10": 0, "11-50": 0, "51+": 0}
    assert found["end"] == {"0": 1, "1": 0, "2-3": 0, "4-10": 1, "11-50": 0, "51+": 0}


@pytest.mark.parametrize(
    ("distance", "name"), [(0, "0"), (1, "1"), (3, "2-3"), (4, "4-10"), (51, "51+"), (10**6, "51+")]
)
def test_every_distance_has_a_bin(distance: int, name: str) -> None:
    assert distance_bin(distance) == name


def test_a_figure_without_a_denominator_is_none() -> None:
    found = figures(count_message((), (), ""))
    assert found["f1"] is None
    assert found["character_accuracy"] is None
    assert found["exact"] == 1.0


def test_intervals_hold_the_figure_and_are_the_same_for_the_same_seed() -> None:
    text = "x" * LENGTH
    good, bad = (Span("TEXT", 0, 5),), (Span("TEXT", 0, 6),)
    rows = np.stack([count_message(good, good if i % 4 else bad, text) for i in range(80)])
    drawn = samples(rows, rounds=300, seed=5)
    bounds = interval(drawn["exact"])
    assert bounds is not None
    assert bounds[0] < 0.75 < bounds[1]
    assert 0.6 < bounds[0] < bounds[1] < 0.9
    again = samples(rows, rounds=300, seed=5)
    assert all(np.array_equal(drawn[name], again[name], equal_nan=True) for name in FIGURES)
    assert interval(drawn["f1_toolcall"]) is None


def test_paint_gives_each_character_its_kind() -> None:
    assert [KINDS[k] for k in paint((Span("TEXT", 1, 3),), "abcd")] == ["O", "TEXT", "TEXT", "O"]
