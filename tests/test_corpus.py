"""The fixture corpus keeps its own promises: named, complete, gold by the guideline's mechanics."""

import itertools
from collections import Counter

import pytest

from buzz_parser.contract.bundle import Bundle
from buzz_parser.contract.labels import OUTSIDE, SEGMENT_TYPES, is_begin
from buzz_parser.contract.segments import WHITESPACE
from buzz_parser.contract.windows import WindowParameters
from buzz_parser.parity.corpus import Case
from buzz_parser.reading.rust import RustEngine
from buzz_parser.reading.trace import Trace
from tests.conftest import CORPUS


@pytest.mark.parametrize("case", CORPUS, ids=[case.name for case in CORPUS])
def test_gold_segments_are_trimmed_ordered_and_merged(case: Case) -> None:
    position = 0
    for label, start, end in case.segments or []:
        assert label in SEGMENT_TYPES
        assert position <= start < end <= len(case.text)
        assert case.text[start] not in WHITESPACE
        assert case.text[end - 1] not in WHITESPACE
        position = end
    for (label, _, end), (after, start, _) in itertools.pairwise(case.segments or []):
        if label == after and label in ("THOUGHT", "TEXT"):
            assert not set(case.text[end:start]) <= WHITESPACE, "rule 4: neighbours are one segment"


def test_names_are_unique_and_every_case_says_where_it_is_from() -> None:
    counts = Counter(case.name for case in CORPUS)
    assert [name for name, count in counts.items() if count > 1] == []
    assert all(case.source and case.tags for case in CORPUS)


def test_the_corpus_covers_what_it_must() -> None:
    tags = Counter(tag for case in CORPUS for tag in case.tags)
    formats = [tag for tag in tags if tag.startswith("F") and tag[1:].isdigit()]
    assert len(CORPUS) >= 250
    assert len(formats) >= 60
    assert [f"M{number}" for number in range(1, 25) if tags[f"M{number}"] == 0] == []
    assert [f"rule-{number}" for number in range(1, 15) if tags[f"rule-{number}"] == 0] == []
    assert [kind for kind in SEGMENT_TYPES if tags[f"type-{kind.lower()}"] == 0] == []
    assert min(len(case.text) for case in CORPUS) == 0
    assert max(len(case.text) for case in CORPUS) >= 100_000


def window_edges(trace: Trace, sizes: WindowParameters) -> set[str]:
    """What happens at the cuts of a trace's windows, by name."""
    labels, edges = trace.labels, set()
    for window in trace.windows:
        plan = window.plan
        edges.add(f"state {plan.state}")
        if plan.state not in ("start", "outside"):
            full = plan.head[1] - plan.head[0] == sizes.head
            edges.add("head full" if full else "head longer than the segment so far")
        if plan.commit == len(labels):
            edges.add("text ends in the window")
            if len(window.input_ids) == sizes.max_tokens:
                edges.add("text ends with the window")
            continue
        last, following = labels[plan.commit - 1], labels[plan.commit]
        if last != OUTSIDE and following == OUTSIDE:
            edges.add("segment ends on the last committed token")
        if last != OUTSIDE and is_begin(following):
            edges.add("segments meet at the cut")
        if last == OUTSIDE and is_begin(following):
            edges.add("segment opens at the cut")
        if is_begin(last):
            edges.add("opener is the last committed token")
        if any(map(is_begin, labels[plan.commit : plan.end])):
            edges.add("opener in the lookahead")
    return edges


def test_the_corpus_has_a_boundary_at_every_window_edge(rust: RustEngine, tiny: Bundle) -> None:
    traces = (rust.trace(case.text) for case in CORPUS if len(case.text) <= 20_000)
    edges = set().union(*(window_edges(trace, tiny.manifest.window) for trace in traces))
    assert edges == {
        *(f"state {state}" for state in ("start", "outside", *map(str.lower, SEGMENT_TYPES))),
        "head full",
        "head longer than the segment so far",
        "opener in the lookahead",
        "opener is the last committed token",
        "segment ends on the last committed token",
        "segment opens at the cut",
        "segments meet at the cut",
        "text ends in the window",
        "text ends with the window",
    }
