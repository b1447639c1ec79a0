"""The decoder against all paths, and its ties."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from buzz_parser.contract.decode import viterbi
from buzz_parser.contract.labels import LABELS, is_allowed
from buzz_parser.parity.golden import decision_margins
from buzz_parser.release.transitions import DEFAULT_PENALTIES, Penalties, transition_scores
from tests.oracles import best_path

# Few values and halves only: many ties, and every sum is exact in any order.
halves = st.integers(-4, 4).map(lambda number: number / 2)
rows = st.lists(st.lists(halves, min_size=9, max_size=9), min_size=1, max_size=3)


@given(rows, st.integers(0, 8), st.sampled_from((0.0, 0.5, 2.0)))
def test_the_best_of_all_paths(logits: list[list[float]], previous: int, penalty: float) -> None:
    transitions = transition_scores(Penalties(repeat=penalty, switch=penalty / 2))
    found = viterbi(np.array(logits, dtype=np.float32), transitions, previous)
    assert tuple(found) == best_path(logits, transitions.tolist(), previous)


@given(rows, st.integers(0, 8))
def test_no_path_breaks_bio(logits: list[list[float]], previous: int) -> None:
    found = viterbi(
        np.array(logits, dtype=np.float32),
        transition_scores(DEFAULT_PENALTIES),
        previous,
    )
    for before, label in zip([previous, *found], found, strict=False):
        assert is_allowed(before, label)


def test_ties_go_to_the_lowest_id() -> None:
    logits = np.zeros((4, 9), dtype=np.float32)
    assert viterbi(logits, transition_scores(Penalties(repeat=0.0, switch=0.0)), 0) == [0, 0, 0, 0]
    inside = LABELS.index("I-TEXT")
    logits[3, inside] = 1.0
    assert viterbi(logits, transition_scores(Penalties(repeat=0.0, switch=0.0)), 0) == [
        0,
        0,
        inside - 1,
        inside,
    ]


def test_sums_are_float64() -> None:
    # In float32, 16777216 + 1 is 16777216 and the tie would go to O.
    logits = np.zeros((2, 9), dtype=np.float32)
    logits[0, :] = 2.0**24
    logits[1, LABELS.index("B-TEXT")] = 1.0
    assert viterbi(logits, transition_scores(Penalties(repeat=0.0, switch=0.0)), 0)[
        1
    ] == LABELS.index("B-TEXT")


@given(rows, st.integers(0, 8))
def test_a_margin_is_what_the_second_best_choice_costs(
    logits: list[list[float]], previous: int
) -> None:
    transitions = transition_scores(DEFAULT_PENALTIES)
    array = np.array(logits, dtype=np.float32)
    margins = decision_margins(array, transitions, previous)
    best = viterbi(array, transitions, previous)
    for token, label in enumerate(best):
        forbidden = array.copy()
        forbidden[token, label] = -1000.0
        other = viterbi(forbidden, transitions, previous)
        assert other[token] != label
        difference = _score(array, transitions, previous, best) - _score(
            array, transitions, previous, other
        )
        assert margins[token] == difference


def _score(
    logits: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
    transitions: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
    previous: int,
    path: list[int],
) -> float:
    steps = zip([previous, *path], path, logits, strict=False)
    return float(sum(transitions[before, label] + row[label] for before, label, row in steps))
