"""Where the characters of an altered copy stand in the original, and whether a boundary is beyond doubt."""

from collections.abc import Sequence
from dataclasses import dataclass

from buzz_parser.contract.segments import WHITESPACE

MARGIN = 3
"""Characters on both sides of a boundary that must be unaltered, whitespace not counted."""


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """The characters of a copy that are no whitespace, and their places in the original, two ways.

    `copy` and `original` are the offsets of those characters in both texts. `forward[i]` and `backward[i]`
    are the indices into `original` of the copy's i-th, `None` where it was added; they differ where an edit
    could as well stand elsewhere. `edits` counts characters added and left out.
    """

    copy: tuple[int, ...]
    original: tuple[int, ...]
    forward: tuple[int | None, ...]
    backward: tuple[int | None, ...]
    edits: int

    def place(self, index: int) -> int | None:
        """The original's index for the boundary before the copy's `index`-th character.

        `None` if the text within `MARGIN` of it was altered, or might have been.
        """
        found = self.forward[index] if index < len(self.copy) else len(self.original)
        if found is None:
            return None
        for step in range(-MARGIN, MARGIN):
            here, there = index + step, found + step
            inside = 0 <= here < len(self.copy)
            if inside != (0 <= there < len(self.original)):
                return None
            if inside and not self.forward[here] == self.backward[here] == there:
                return None
        return found


def align(copy: str, original: str, most_edits: int) -> Alignment | None:
    """The alignment with the fewest edits, whitespace apart; `None` if there are more than `most_edits`."""
    solid_copy, solid_original = _solid(copy), _solid(original)
    left = [copy[offset] for offset in solid_copy]
    right = [original[offset] for offset in solid_original]
    forward = shortest_edit(left, right, most_edits)
    if forward is None:
        return None
    mirrored = shortest_edit(left[::-1], right[::-1], most_edits)
    assert mirrored is not None  # the fewest edits are as few read from the other end
    backward = [None if place is None else len(right) - 1 - place for place in reversed(mirrored)]
    kept = sum(place is not None for place in forward)
    return Alignment(
        copy=tuple(solid_copy),
        original=tuple(solid_original),
        forward=tuple(forward),
        backward=tuple(backward),
        edits=len(left) + len(right) - 2 * kept,
    )


def shortest_edit(
    left: Sequence[str], right: Sequence[str], most_edits: int
) -> list[int | None] | None:
    """For each of `left` its place in `right`, or `None`, by a shortest edit script (Myers 1986).

    `None` for all if more than `most_edits` insertions and deletions are needed. Time is about the length
    times the edits.
    """
    furthest = {1: 0}
    steps: list[dict[int, int]] = []
    for edits in range(most_edits + 1):
        steps.append(dict(furthest))
        for diagonal in range(-edits, edits + 1, 2):
            down = _came_down(furthest, diagonal, edits)
            x = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            y = x - diagonal
            while x < len(left) and y < len(right) and left[x] == right[y]:
                x, y = x + 1, y + 1
            furthest[diagonal] = x
            if x >= len(left) and y >= len(right):
                return _trace_back(steps, len(left), len(right))
    return None


def _came_down(furthest: dict[int, int], diagonal: int, edits: int) -> bool:
    """Whether a path of one more edit enters a diagonal by an insertion rather than a deletion."""
    return diagonal == -edits or (
        diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1]
    )


def _trace_back(steps: Sequence[dict[int, int]], x: int, y: int) -> list[int | None]:
    """The places along the path that ends at `(x, y)`; `steps` are the furthest points before each edit."""
    places: list[int | None] = [None] * x
    for edits in range(len(steps) - 1, -1, -1):
        diagonal, furthest = x - y, steps[edits]
        before = diagonal + 1 if _came_down(furthest, diagonal, edits) else diagonal - 1
        before_x, before_y = furthest[before], furthest[before] - before
        while x > before_x and y > before_y:
            x, y = x - 1, y - 1
            places[x] = y
        x, y = before_x, before_y
    return places


def first_difference(copy: str, original: str) -> tuple[int, str, str]:
    """The offset in the original of the first difference, whitespace apart, and what stands on both sides."""
    solid_copy, solid_original = _solid(copy), _solid(original)
    for here, there in zip(solid_copy, solid_original, strict=False):
        if copy[here] != original[there]:
            return there, copy[here : here + 20], original[there : there + 20]
    common = min(len(solid_copy), len(solid_original))
    here = solid_copy[common] if common < len(solid_copy) else len(copy)
    there = solid_original[common] if common < len(solid_original) else len(original)
    return there, copy[here : here + 20], original[there : there + 20]


def _solid(text: str) -> list[int]:
    """The offsets of all characters that are no whitespace."""
    return [offset for offset, character in enumerate(text) if character not in WHITESPACE]
