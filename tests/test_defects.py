"""The suite is able to fail: each defect, put into the reference, is reported, and at its own stage."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from buzz_parser.contract import decode, segments, tokens, windows
from buzz_parser.contract.bundle import Bundle
from buzz_parser.contract.windows import Window
from buzz_parser.parity.diff import first_difference, outcome
from buzz_parser.reading.reference import ReferenceEngine
from buzz_parser.reading.rust import RustEngine
from tests.conftest import CORPUS

Array = Any

# The corpus, and what it takes for a defect to show: exact ties do not occur in a trained model's logits.
TEXTS = [case.text for case in CORPUS if len(case.text) < 3_000]


def first_stages(engine: ReferenceEngine, rust: RustEngine) -> set[str]:
    """The first stage that differs, for each text on which the engines differ at all."""
    found = (first_difference(outcome(engine, text), outcome(rust, text)) for text in TEXTS)
    return {difference.stage for difference in found if difference is not None}


def last_maximum(logits: Array, transitions: Array, previous: int) -> list[int]:
    """The decoder with ties to the highest id."""
    flip = slice(None, None, -1)
    flipped = original_viterbi(logits[:, flip], transitions[flip, flip], 8 - previous)
    return [8 - label for label in flipped]


def float32_sums(logits: Array, transitions: Array, previous: int) -> list[int]:
    """The decoder with sums in float32."""
    score = (transitions[previous] + logits[0]).astype(np.float32)
    pointers = []
    for row in logits[1:]:
        paths = score[:, np.newaxis] + transitions.astype(np.float32)
        pointers.append(paths.argmax(axis=0))
        score = paths.max(axis=0) + row
    labels = [int(score.argmax())]
    for pointer in reversed(pointers):
        labels.append(int(pointer[labels[-1]]))
    return labels[::-1]


original_viterbi = decode.viterbi
original_plan = windows.plan_window


def longer_lookahead(*arguments: Any) -> Window:
    """Windows that commit one token too few."""
    plan = original_plan(*arguments)
    return plan if plan.commit == plan.end else replace(plan, commit=plan.commit - 1)


def dropped_tail(*arguments: Any) -> Window:
    """Windows without their tail."""
    plan = original_plan(*arguments)
    return replace(plan, tail=(plan.position, plan.position))


def whole_head(*arguments: Any) -> Window:
    """Windows whose head is the end of the open segment instead of its beginning."""
    plan = original_plan(*arguments)
    size = plan.head[1] - plan.head[0]
    return replace(plan, head=(plan.position - size, plan.position))


def byte_offsets_for_characters(text: str, offsets: Sequence[tuple[int, int]]) -> Any:
    """Character offsets handed out as byte offsets."""
    del text
    return list(offsets)


def no_reach(text: str, offsets: Sequence[tuple[int, int]]) -> Any:
    """Bare token offsets."""
    del text
    return list(offsets)


DEFECTS: list[tuple[str, Any, str, Callable[..., Any], str]] = [
    ("lookahead-off-by-one", windows, "plan_window", longer_lookahead, "windows"),
    ("dropped-tail", windows, "plan_window", dropped_tail, "windows"),
    ("head-from-the-wrong-end", windows, "plan_window", whole_head, "windows"),
    ("byte-for-character", tokens, "byte_offsets", byte_offsets_for_characters, "byte_offsets"),
    ("no-reach", segments, "reaches", no_reach, "segments"),
    (
        "score-without-first-token",
        segments,
        "score",
        lambda t, p: float(sum(p[t[0][0] + 1 : t[-1][1]])),
        "scores",
    ),
]


def test_the_engines_agree_before_any_defect(reference: ReferenceEngine, rust: RustEngine) -> None:
    assert first_stages(reference, rust) == set()


@pytest.mark.parametrize(
    ("module", "name", "defect", "stage"),
    [defect[1:] for defect in DEFECTS],
    ids=[defect[0] for defect in DEFECTS],
)
def test_a_defect_in_a_reader_is_reported_at_its_stage(
    module: Any,
    name: str,
    defect: Callable[..., Any],
    stage: str,
    reference: ReferenceEngine,
    rust: RustEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, name, defect)
    assert first_stages(reference, rust) == {stage}


def test_another_whitespace_table_is_reported(
    reference: ReferenceEngine, rust: RustEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "WHITESPACE", frozenset(" \t\n\r\x0b\x0c"))
    assert first_stages(reference, rust) == {"segments"}
    monkeypatch.setattr(segments, "WHITESPACE", frozenset(map(chr, range(0x21))))
    assert "segments" in first_stages(reference, rust)


def constant_engine(tiny: Bundle, rows: Array, monkeypatch: pytest.MonkeyPatch) -> ReferenceEngine:
    """A reference engine whose model says `rows` [9] for every token, so that ties and sums can be chosen."""
    engine = ReferenceEngine(tiny)

    def run(_: object, __: int, input_ids: Sequence[int], ___: object) -> tuple[Array, Array]:
        logits = np.tile(np.asarray(rows, dtype=np.float32), (len(input_ids), 1))
        return logits, np.full_like(logits, 0.5)

    monkeypatch.setattr("buzz_parser.reading.runtime.run_window", run)
    return engine


@pytest.mark.parametrize(
    ("defect", "rows"),
    [
        pytest.param(last_maximum, [0.0] * 9, id="last-maximum"),
        pytest.param(float32_sums, [2.0**24, 2.0**24 + 2, *[2.0**24] * 7], id="float32-sums"),
    ],
)
def test_a_decoder_defect_is_reported_in_the_labels(
    defect: Callable[..., list[int]],
    rows: list[float],
    tiny: Bundle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = constant_engine(tiny, rows, monkeypatch)
    text = "a b c d e f g h " * 20
    sound = outcome(engine, text)
    assert first_difference(sound, outcome(engine, text)) is None
    monkeypatch.setattr(decode, "viterbi", defect)
    difference = first_difference(sound, outcome(engine, text))
    assert difference is not None
    assert difference.stage == "labels"


def test_an_altered_manifest_is_reported_at_its_stage(tiny: Bundle, rust: RustEngine) -> None:
    manifest = tiny.manifest
    window = replace(manifest.window, tail=manifest.window.tail - 1)
    tokens_swapped = replace(
        manifest.tokens, text=manifest.tokens.thought, thought=manifest.tokens.text
    )
    raised = np.where(np.isfinite(manifest.transitions), 5.0 * np.eye(9), manifest.transitions)
    for altered, stages in (
        (replace(manifest, window=window), {"windows"}),
        (replace(manifest, tokens=tokens_swapped), {"inputs"}),
        (replace(manifest, transitions=raised), {"labels"}),
    ):
        engine = ReferenceEngine(replace(tiny, manifest=altered))
        assert first_stages(engine, rust) == stages
