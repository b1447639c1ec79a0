"""Edits of a labelled text: every removed and every added character is accounted for."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from buzz_parser.contract.segments import trim
from buzz_parser.data.assembly import merged
from buzz_parser.data.records import Span


@dataclass(frozen=True)
class Edit:
    """Replaces `[start, end)` by `text`, which belongs to `owner`.

    The owner is the index of a segment, `None` (outside of all), or the label of a segment of its own.
    """

    start: int
    end: int
    text: str
    owner: int | str | None


@dataclass(frozen=True, kw_only=True)
class Damaged:
    """A damaged message and how it came about.

    `base` labels the text before the edits. It is what was given, but where the guideline gives surviving
    characters another label: a call that came to stand inside a thought, a group that lost its envelope.
    """

    text: str
    spans: tuple[Span, ...]
    base: tuple[Span, ...]
    edits: tuple[Edit, ...]


Damage = Callable[[str, Sequence[Span], Random], Damaged | None]
"""One way in which a message gets damaged; `None` where it does not apply to this message."""


def edited(text: str, base: Sequence[Span], edits: Iterable[Edit]) -> Damaged | None:
    """The text after edits that do not overlap; `None` if nothing changed or no segment is left.

    Of edits at one place, insertions come first, in the order given. Segments are moved, trimmed, dropped
    when empty, and neighbouring prose is merged (rule 4).
    """
    ordered = tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))
    builder = _Builder(text, base)
    for edit in ordered:
        builder.keep(edit.start)
        builder.put(edit)
    builder.keep(len(text))
    result = "".join(builder.parts)
    spans = builder.spans(result)
    if not spans or result == text:
        return None
    return Damaged(text=result, spans=spans, base=tuple(base), edits=ordered)


def replaced(
    text: str,
    spans: Sequence[Span],
    pattern: re.Pattern[str],
    new: str | Callable[[re.Match[str]], str],
    *,
    inside: Iterable[int] | None = None,
    outside: bool = True,
) -> list[Edit]:
    """An edit for each match of a pattern; it is sought in each segment and in each gap apart.

    `inside` are the segments to look into (all if `None`); `outside` says whether the gaps are looked at.
    """
    chosen = range(len(spans)) if inside is None else frozenset(inside)
    edits: list[Edit] = []

    def find(start: int, end: int, owner: int | None) -> None:
        for match in pattern.finditer(text, start, end):
            put = new if isinstance(new, str) else new(match)
            edits.append(Edit(match.start(), match.end(), put, owner))

    position = 0
    for index, span in enumerate(spans):
        if outside:
            find(position, span.start, None)
        if index in chosen:
            find(span.start, span.end, index)
        position = span.end
    if outside:
        find(position, len(text), None)
    return edits


class _Builder:
    """The text as it grows, with the bounds of each segment in it."""

    def __init__(self, text: str, base: Sequence[Span]) -> None:
        self.text, self.base = text, base
        self.parts: list[str] = []
        self.length = self.position = self.index = 0
        self.bounds: dict[int, tuple[int, int]] = {}
        self.added: list[Span] = []

    def keep(self, until: int) -> None:
        """Copies the text up to a position."""
        start = self.position
        if until < start:
            raise ValueError(f"edits: expected a start from {start}, found {until}")
        while self.index < len(self.base) and self.base[self.index].start < until:
            span = self.base[self.index]
            first, last = max(start, span.start), min(until, span.end)
            if first < last:
                offset = self.length - start
                self._reach(self.index, first + offset, last + offset)
            if span.end > until:
                break
            self.index += 1
        self.parts.append(self.text[start:until])
        self.length += until - start
        self.position = until

    def put(self, edit: Edit) -> None:
        """Adds what replaces a stretch."""
        end = self.length + len(edit.text)
        if isinstance(edit.owner, str):
            self.added.append(Span(edit.owner, self.length, end))
        elif edit.owner is not None and edit.text:
            self._reach(edit.owner, self.length, end)
        self.parts.append(edit.text)
        self.length, self.position = end, edit.end

    def spans(self, result: str) -> tuple[Span, ...]:
        """The segments: trimmed, none empty, ordered, neighbouring prose merged."""
        found = [Span(self.base[i].label, *bounds) for i, bounds in self.bounds.items()]
        trimmed = [Span(s.label, *trim(result, s.start, s.end)) for s in (*found, *self.added)]
        return merged(result, sorted((s for s in trimmed if s.start < s.end), key=_start))

    def _reach(self, owner: int, start: int, end: int) -> None:
        first = self.bounds.get(owner, (start, end))[0]
        self.bounds[owner] = (first, end)


def _start(span: Span) -> int:
    return span.start
