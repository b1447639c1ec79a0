"""Labelled windows for training: cut, fed and carried exactly as the readers do it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import tokenizers

from buzz_parser.contract import windows
from buzz_parser.contract.labels import LABELS, OUTSIDE
from buzz_parser.contract.segments import reaches
from buzz_parser.contract.windows import Carry, ControlTokens, Window, WindowParameters

IGNORED = -100
"""The label id that a loss passes over: control tokens and carried context."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """One window [input length]: model inputs, and a label id or `IGNORED` for each token."""

    input_ids: list[int]
    token_type_ids: list[int]
    labels: list[int]


@dataclass(frozen=True, kw_only=True)
class LabelledTokens:
    """The tokens of one message: vocabulary ids and label ids."""

    ids: list[int]
    labels: list[int]

    @classmethod
    def of(
        cls,
        tokenizer: tokenizers.Tokenizer,
        text: str,
        gold: Sequence[tuple[str, int, int]],
    ) -> "LabelledTokens":
        """A text tokenised as the readers do, its gold segments (type, start, end) as labels."""
        encoding = tokenizer.encode(text, add_special_tokens=False)
        return cls(ids=encoding.ids, labels=token_labels(text, encoding.offsets, gold))


def token_labels(
    text: str, offsets: Sequence[tuple[int, int]], gold: Sequence[tuple[str, int, int]]
) -> list[int]:
    """The label id of each token for gold segments (type, start, end), ordered, in characters.

    A token belongs to the segment in which its middle lies, a dropped neighbour of it included; the
    segment's first token is its `B-`.
    """
    labels = [OUTSIDE] * len(offsets)
    reached = reaches(text, offsets)
    token = 0
    for label, begin, end in gold:
        while token < len(reached) and sum(reached[token]) - 1 < 2 * begin:
            token += 1
        inside = LABELS.index("I-" + label)
        first = token
        while token < len(reached) and sum(reached[token]) - 1 < 2 * end:
            labels[token] = inside
            token += 1
        if token > first:
            labels[first] = LABELS.index("B-" + label)
    return labels


def examples(
    message: LabelledTokens, parameters: WindowParameters, tokens: ControlTokens
) -> Iterator[Example]:
    """The windows in which a reader that makes no mistake would read a message, with their labels."""
    carry = windows.START
    while carry.position < len(message.labels):
        plan = windows.plan_window(carry, len(message.labels), parameters)
        yield _example(message, plan, tokens)
        carry = windows.advance(carry, message.labels[plan.position : plan.commit])


def window_at(
    message: LabelledTokens,
    position: int,
    parameters: WindowParameters,
    tokens: ControlTokens,
    *,
    noise: Random | None = None,
) -> Example:
    """The window that begins at a token of any position above 0; with `noise` its carry is a wrong one.

    A wrong carry says that another type, or none, is open, since some earlier token.
    """
    carry = windows.advance(windows.START, message.labels[:position])
    if noise is not None:
        label = noise.randrange(len(LABELS))
        carry = Carry(position=position, label=label, opened=noise.randrange(position))
    return _example(message, windows.plan_window(carry, len(message.labels), parameters), tokens)


def _example(message: LabelledTokens, plan: Window, tokens: ControlTokens) -> Example:
    input_ids, token_type_ids = windows.window_inputs(plan, message.ids, tokens)
    context = [IGNORED] * windows.body_offset(plan)
    return Example(
        input_ids=input_ids,
        token_type_ids=token_type_ids,
        labels=[*context, *message.labels[plan.position : plan.end], IGNORED],
    )
