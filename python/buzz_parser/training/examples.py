"""Labelled windows for training: cut, fed and carried exactly as the readers do it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import tokenizers

from buzz_parser.contract import windows
from buzz_parser.contract.labels import LABELS, OUTSIDE
from buzz_parser.contract.segments import reaches
from buzz_parser.contract.windows import ControlTokens, WindowParameters

IGNORED = -100
"""The label id that a loss passes over: control tokens and carried context."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """One window [input length]: model inputs, and a label id or `IGNORED` for each token."""

    input_ids: list[int]
    token_type_ids: list[int]
    labels: list[int]


def token_labels(
    text: str, offsets: Sequence[tuple[int, int]], gold: Sequence[tuple[str, int, int]]
) -> list[int]:
    """The label id of each token for gold segments (type, start, end), ordered, in characters.

    A token belongs to the segment in which its middle lies, a dropped neighbour of it included; the
    segment's first token is its `B-`.
    """
    labels = []
    segment, opened = 0, -1
    for start, end in reaches(text, offsets):
        while segment < len(gold) and 2 * gold[segment][2] <= start + end - 1:
            segment += 1
        if segment == len(gold) or start + end - 1 < 2 * gold[segment][1]:
            labels.append(OUTSIDE)
            continue
        prefix = "I-" if opened == segment else "B-"
        labels.append(LABELS.index(prefix + gold[segment][0]))
        opened = segment
    return labels


def examples(
    tokenizer: tokenizers.Tokenizer,
    text: str,
    gold: Sequence[tuple[str, int, int]],
    parameters: WindowParameters,
    tokens: ControlTokens,
) -> Iterator[Example]:
    """The windows in which a reader that makes no mistake would read a text, with their labels."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    labels = token_labels(text, encoding.offsets, gold)
    carry = windows.START
    while carry.position < len(labels):
        plan = windows.plan_window(carry, len(labels), parameters)
        input_ids, token_type_ids = windows.window_inputs(plan, encoding.ids, tokens)
        context = [IGNORED] * windows.body_offset(plan)
        yield Example(
            input_ids=input_ids,
            token_type_ids=token_type_ids,
            labels=[*context, *labels[plan.position : plan.end], IGNORED],
        )
        carry = windows.advance(carry, labels[plan.position : plan.commit])
