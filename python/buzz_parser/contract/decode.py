"""The best label path of a window, the twin of `rust_check/src/decode.rs` (docs/contract.md, section 5)."""

import numpy as np
from numpy.typing import NDArray


def viterbi(
    logits: NDArray[np.float32], transitions: NDArray[np.float64], previous: int
) -> list[int]:
    """The best labels for `logits` [tokens, 9] (one token or more) after the label `previous`.

    `transitions` [9, 9] holds scores from row to column, -inf where BIO forbids. All sums are float64 in
    the stated order; `argmax` returns the first maximum, so ties go to the lowest id.
    """
    emissions = logits.astype(np.float64)
    score = transitions[previous] + emissions[0]
    backpointers = []
    for emission in emissions[1:]:
        paths = score[:, np.newaxis] + transitions
        backpointers.append(paths.argmax(axis=0))
        score = paths.max(axis=0) + emission
    label = int(score.argmax())
    labels = [label]
    for backpointer in reversed(backpointers):
        label = int(backpointer[label])
        labels.append(label)
    labels.reverse()
    return labels
