"""Both engines give the same bits in every stage: on the corpus, on whatever hypothesis finds, in any order."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from buzz_parser.contract.bundle import Bundle
from buzz_parser.parity.corpus import Case
from buzz_parser.parity.diff import first_difference, outcome
from buzz_parser.parity.mass import compare_messages, golden_texts, mass_run
from buzz_parser.parity.messy import message
from buzz_parser.reading.parser import Parser
from buzz_parser.reading.reference import ReferenceEngine
from buzz_parser.reading.rust import RustEngine
from tests.conftest import CORPUS, TINY
from tests.strategies import messages
from tests.test_segments import check_invariants


@pytest.mark.parametrize("case", CORPUS, ids=[case.name for case in CORPUS])
def test_the_corpus(case: Case, reference: ReferenceEngine, rust: RustEngine) -> None:
    left = outcome(reference, case.text)
    assert first_difference(left, outcome(rust, case.text)) is None
    result = rust.parse(case.text)
    check_invariants(case.text, result.segments)
    assert result.segments == reference.parse(case.text).segments


@given(messages)
@example("")
@example("\x00")
@example("각" * 30)
@example("\u2028Thought:\x85x\u3000")
def test_messy_messages(reference: ReferenceEngine, rust: RustEngine, text: str) -> None:
    assert first_difference(outcome(reference, text), outcome(rust, text)) is None
    check_invariants(text, rust.parse(text).segments)


def test_seeded_messages(reference: ReferenceEngine, rust: RustEngine) -> None:
    seeds = golden_texts(TINY)
    report = compare_messages(reference, rust, seeds=seeds, seed=1, indices=range(500))
    assert report.differences == []
    assert report.windows > 1.5 * report.messages


def test_the_mass_run_does_not_depend_on_processes(
    reference: ReferenceEngine, rust: RustEngine
) -> None:
    *_, found = mass_run(TINY, seed=3, count=700, processes=2)
    expected = compare_messages(
        reference, rust, seeds=golden_texts(TINY), seed=3, indices=range(700)
    )
    assert found == expected
    assert found.messages == 700


def test_messages_are_the_same_for_ever() -> None:
    seeds = ["Thought: one.\nAction: two"]
    assert message(seeds, 0, 7) == message(seeds, 0, 7)
    assert len({message(seeds, 0, index) for index in range(200)}) > 150


@given(st.lists(messages, max_size=6), st.integers(1, 4))
def test_workers_change_no_result(
    reference: ReferenceEngine, rust: RustEngine, texts: list[str], workers: int
) -> None:
    expected = [reference.parse(text) for text in texts]
    for engine in (reference, rust):
        assert Parser(engine).parse_many(texts, workers=workers) == expected


def test_every_window_is_what_the_bare_model_says(
    tiny: Bundle, rust: RustEngine, reference: ReferenceEngine
) -> None:
    trace = rust.trace(max((case.text for case in CORPUS if len(case.text) < 2_000), key=len))
    assert len(trace.windows) > 10
    for window in trace.windows:
        feeds = {
            "input_ids": np.array([window.input_ids]),
            "attention_mask": np.ones((1, len(window.input_ids)), dtype=np.int64),
            "token_type_ids": np.array([window.token_type_ids]),
        }
        (logits,) = reference.session.run(["logits"], feeds)
        count = window.plan.end - window.plan.position
        assert logits[0, -count - 1 : -1].tobytes() == window.logits.tobytes()
    assert all(len(window.input_ids) <= tiny.manifest.window.max_tokens for window in trace.windows)


@pytest.mark.parametrize("text", ["{" * 1_048_576, "x" * 1_000_000, "\n" * 300_000])
def test_huge_messages(rust: RustEngine, text: str) -> None:
    check_invariants(text, rust.parse(text).segments)
