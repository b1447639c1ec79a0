"""Hypothesis strategies for messy messages: they shrink to something that a person can read."""

from hypothesis import strategies as st

from buzz_parser.contract.labels import LABELS
from buzz_parser.parity.messy import MARKERS, NASTY, WHITESPACE
from tests.conftest import CORPUS

scalars = st.characters(exclude_categories=["Cs"])
"""Every code point but surrogates."""

unicode_texts = st.text(scalars, max_size=60)

words = st.sampled_from(("look", "first", "42", "tool", "é", "the result", '"path"', "x" * 120))


@st.composite
def corpus_slices(draw: st.DrawFn) -> str:
    """A slice of a corpus message, at most 200 characters."""
    text: str = draw(st.sampled_from(CORPUS)).text
    start = draw(st.integers(0, len(text)))
    return text[start : start + draw(st.integers(0, 200))]


pieces = st.one_of(
    words,
    st.sampled_from(MARKERS),
    st.sampled_from(NASTY),
    st.sampled_from(WHITESPACE),
    corpus_slices(),
    unicode_texts,
)

mixtures = st.lists(pieces, max_size=12).map("".join)
"""Fragments of many formats, nested and interleaved."""


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A mixture cut, repeated, or with a piece put in."""
    text: str = draw(mixtures)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    kind = draw(st.sampled_from(("cut", "repeat", "insert", "reverse")))
    if kind == "cut":
        return text[:start] + text[end:]
    if kind == "repeat":
        return text[:end] + text[start:end] * draw(st.integers(1, 30)) + text[end:]
    if kind == "insert":
        piece: str = draw(pieces)
        return text[:start] + piece + text[start:]
    return text[:start] + text[start:end][::-1] + text[end:]


pathological = st.builds(
    lambda piece, count: piece * count,
    st.sampled_from(("{", "a", "\n", " ", "각", "e\u0301", "</think>", "B ", "\x00")),
    st.integers(0, 2000),
)
"""One piece many times."""

messages = st.one_of(mixtures, mutated(), unicode_texts, pathological)

label_ids = st.integers(0, len(LABELS) - 1)


@st.composite
def tokenised(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """A text with token offsets that leave gaps, share characters and are sometimes empty."""
    text = draw(st.text(st.sampled_from("ab \n\u3000\u0301\x00\x1c{é"), max_size=24))
    offsets: list[tuple[int, int]] = []
    position = 0
    while position <= len(text) and len(offsets) < 12:
        start = draw(st.integers(max(0, position - 1), min(len(text), position + 3)))
        end = draw(st.integers(start, min(len(text), start + 3)))
        offsets.append((start, end))
        position = max(position, end) + draw(st.integers(0, 1))
        if draw(st.booleans()) and position >= len(text):
            break
    return text, offsets
