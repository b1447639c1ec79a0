"""Transition scores are chosen on what the model said, and decode as the engine does."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from buzz_parser.contract.labels import LABELS
from buzz_parser.data.records import Record, Span
from buzz_parser.judging import metrics
from buzz_parser.parity.corpus import Case
from buzz_parser.reading.reference import ReferenceEngine
from buzz_parser.release.transitions import (
    REPEAT_PENALTIES,
    SWITCH_PENALTIES,
    Penalties,
    choose_penalties,
    decoded_again,
    transition_scores,
)


@given(st.floats(0, 9), st.floats(0, 9))
def test_penalties_stand_where_a_segment_begins_behind_another(
    repeat: float, switch: float
) -> None:
    scores = transition_scores(Penalties(repeat=repeat, switch=switch))
    at = {name: index for index, name in enumerate(LABELS)}
    assert scores[at["I-TEXT"], at["B-TEXT"]] == -repeat
    assert scores[at["B-THOUGHT"], at["B-TOOLCALL"]] == -switch
    assert scores[at["O"], at["B-TEXT"]] == scores[at["B-TEXT"], at["I-TEXT"]] == 0
    assert scores[at["I-TEXT"], at["O"]] == 0
    assert np.isneginf(scores[at["O"], at["I-TEXT"]])


def test_decoding_again_gives_what_the_engine_gave(
    reference: ReferenceEngine, corpus: list[Case]
) -> None:
    scores = reference.bundle.manifest.transitions
    for case in corpus[::9]:
        trace = reference.trace(case.text)
        expected = [Span(s.label, s.start, s.end) for s in trace.segments]
        assert decoded_again(trace, scores) == expected, case.name


def test_the_best_penalties_are_chosen(reference: ReferenceEngine, corpus: list[Case]) -> None:
    records = [
        Record(
            id=case.name, text=case.text, segments=tuple(Span(*s) for s in case.segments), meta={}
        )
        for case in corpus[::23]
        if case.segments
    ]
    best, means = choose_penalties(reference, records)
    assert len(means) == len(REPEAT_PENALTIES) * len(SWITCH_PENALTIES)
    ranked = sorted(means, key=lambda p: (-means[p], p.repeat, p.switch))
    assert best == ranked[0]
    # A message of one window is read with no other context, so there the engine itself is the oracle.
    short = [record for record in records if len(reference.trace(record.text).windows) == 1]
    assert short
    for penalties, mean in choose_penalties(reference, short)[1].items():
        manifest = replace(reference.bundle.manifest, transitions=transition_scores(penalties))
        engine = ReferenceEngine(replace(reference.bundle, manifest=manifest))
        figures = metrics.figures(
            metrics.total(
                metrics.count_message(
                    record.segments,
                    [Span(s.label, s.start, s.end) for s in engine.parse(record.text).segments],
                    record.text,
                )
                for record in short
            )
        )
        assert mean == ((figures["f1"] or 0) + (figures["exact"] or 0)) / 2
