"""JSON in which single members or entries are segments (rule 9), written piece by piece."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects.render import CALL


@dataclass(frozen=True)
class Part:
    """Neighbouring members of one object: one segment, or, without a label, none.

    A value of an unlabelled part may be an `Object` or a `Listing` with segments of its own.
    """

    label: str | None
    members: Mapping[str, Any]


@dataclass(frozen=True)
class Object:
    """An object made of parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Listing:
    """A list whose entries are segments where they have a label."""

    entries: tuple[tuple[str | None, Any], ...]


@dataclass(frozen=True, kw_only=True)
class Style:
    """How JSON is laid out; `flat_values` writes labelled values on one line in an indented object."""

    indent: int | None = None
    compact: bool = False
    ascii_only: bool = False
    flat_values: bool = False

    @property
    def colon(self) -> str:
        """Between a key and its value."""
        return ":" if self.compact else ": "

    def comma(self, depth: int) -> str:
        """Between two members or entries at a depth."""
        if self.indent is not None:
            return "," + self.line(depth)
        return "," if self.compact else ", "

    def line(self, depth: int) -> str:
        """A new line at a depth; nothing where all is one line."""
        return "" if self.indent is None else "\n" + " " * (self.indent * depth)

    def dump(self, value: Any, depth: int) -> str:
        """A plain value, its lines indented for its depth."""
        indent = None if self.flat_values else self.indent
        separators = (",", ":") if self.compact else (", ", ": ")
        if indent is not None:
            separators = (",", self.colon)
        text = json.dumps(value, ensure_ascii=self.ascii_only, indent=indent, separators=separators)
        return text if indent is None else text.replace("\n", self.line(depth))


def draw_style(rng: Random) -> Style:
    """A layout: mostly one line, sometimes indented, compact or escaped to ASCII."""
    indent = rng.choice((None, None, None, 2, 4))
    return Style(
        indent=indent,
        compact=rng.random() < 0.2,
        ascii_only=rng.random() < 0.12,
        flat_values=rng.random() < 0.3,
    )


def write(node: Any, style: Style, depth: int = 0) -> list[Piece]:
    """The pieces of a node; plain values are outside of all segments."""
    if isinstance(node, Object):
        shown = [part for part in node.parts if part.members]
        return _enclosed(
            "{}", [_part_pieces(part, style, depth + 1) for part in shown], style, depth
        )
    if isinstance(node, Listing):
        entries = [_entry_pieces(label, value, style, depth + 1) for label, value in node.entries]
        return _enclosed("[]", entries, style, depth)
    return [outside(style.dump(node, depth))]


def write_whole(node: Object, style: Style, before: str = "", after: str = "") -> list[Piece]:
    """An object between two strings; where all its members are one call, so is all of that."""
    pieces = [outside(before), *write(node, style), outside(after)]
    of_parts = {part.label for part in node.parts if part.members}
    if of_parts == {piece.label for piece in pieces} - {None} == {CALL}:
        return [Piece(CALL, joined(pieces))]
    return pieces


def joined(pieces: Sequence[Piece]) -> str:
    """The text of pieces."""
    return "".join(piece.text for piece in pieces)


def _part_pieces(part: Part, style: Style, depth: int) -> list[Piece]:
    pieces: list[Piece] = []
    for index, (key, value) in enumerate(part.members.items()):
        if index:
            pieces.append(outside(style.comma(depth)))
        key_text = json.dumps(key, ensure_ascii=style.ascii_only) + style.colon
        pieces += [outside(key_text), *write(value, style, depth)]
    return pieces if part.label is None else _under(part.label, pieces)


def _entry_pieces(label: str | None, value: Any, style: Style, depth: int) -> list[Piece]:
    pieces = write(value, style, depth)
    return pieces if label is None else _under(label, pieces)


def _under(label: str, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces as one segment, up to the comma before the first segment inside, if there is one."""
    inner = next((i for i, piece in enumerate(pieces) if piece.label is not None), None)
    if inner is None:
        return [Piece(label, joined(pieces))]
    return [Piece(label, joined(pieces[: inner - 1])), *pieces[inner - 1 :]]


def _enclosed(
    brackets: str, members: Sequence[Sequence[Piece]], style: Style, depth: int
) -> list[Piece]:
    if not members:
        return [outside(brackets)]
    pieces = [outside(brackets[0] + style.line(depth + 1))]
    for index, member in enumerate(members):
        if index:
            pieces.append(outside(style.comma(depth + 1)))
        pieces += member
    return [*pieces, outside(style.line(depth) + brackets[1])]
