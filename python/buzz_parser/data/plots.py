"""Small plots as inline SVG: a histogram over lengths on a logarithmic axis, and bars with names."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape

BINS_PER_OCTAVE = 2
HEIGHT = 150
HEAD = 38
"""Room for the names of marks, one below the other."""

WIDTH = 560


def histogram(counts: Counter[int], marks: Mapping[str, int], *, width: int = WIDTH) -> str:
    """How often each length occurs, in bins of half an octave; `marks` are named lengths on the axis."""
    bins = Counter[int]()
    for value, count in counts.items():
        bins[_bin(value)] += count
    if not bins:
        return "<p class='note'>none</p>"
    first, last = min(bins), max(bins)
    step = width / (last - first + 1)
    tallest = max(bins.values())
    parts = []
    for index in range(first, last + 1):
        height = (HEIGHT - HEAD) * bins[index] / tallest
        low, high = math.ceil(_edge(index)), math.ceil(_edge(index + 1)) - 1
        parts.append(
            f'<rect class="value" x="{(index - first) * step:.1f}" y="{HEIGHT - height:.1f}" '
            f'width="{max(step - 1.5, 1):.1f}" height="{height:.1f}">'
            f"<title>{low:,} to {max(low, high):,} characters: {bins[index]:,}</title></rect>"
        )
    for row, (name, value) in enumerate(marks.items()):
        x = (math.log2(max(value, 1)) * BINS_PER_OCTAVE - first) * step
        anchor = "end" if x > width - 90 else "start"
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{12 * row + 2}" y2="{HEIGHT}"/>'
            f'<text x="{x + (-4 if anchor == "end" else 4):.1f}" y="{12 * row + 11}" text-anchor="{anchor}">'
            f"{escape(name)} {value:,}</text>"
        )
    parts += _decades(first, last, step)
    return (
        f'<svg class="histogram" viewBox="0 0 {width} {HEIGHT + 18}" width="{width}" role="img" '
        f'aria-label="histogram of lengths">{"".join(parts)}</svg>'
    )


def bars(rows: Iterable[tuple[str, int]], total: int, *, kind: str = "") -> str:
    """A table of names with counts, shares of `total`, and bars as long as the counts."""
    found = list(rows)
    longest = max((count for _, count in found), default=1) or 1
    lines = []
    for name, count in found:
        share = f"{count / total:.1%}" if total else ""
        lines.append(
            f'<tr><td class="name" title="{escape(name)}">{escape(name)}</td><td class="n">{count:,}</td>'
            f'<td class="n">{share}</td><td><svg class="bar {kind}" width="150" height="10" '
            f'aria-hidden="true"><rect class="value" width="{150 * count / longest:.1f}" height="10"/>'
            "</svg></td></tr>"
        )
    return f"<table>{''.join(lines)}</table>"


def _bin(value: int) -> int:
    return math.floor(math.log2(max(value, 1)) * BINS_PER_OCTAVE)


def _edge(index: int) -> float:
    return float(2 ** (index / BINS_PER_OCTAVE))


def _decades(first: int, last: int, step: float) -> list[str]:
    parts = []
    for power in range(9):
        x = (math.log2(10**power) * BINS_PER_OCTAVE - first) * step
        if 0 <= x <= (last + 1 - first) * step:
            anchor = "end" if x > (last - first) * step else "start"
            parts.append(
                f'<text class="axis" x="{x:.1f}" y="{HEIGHT + 14}" text-anchor="{anchor}">{10**power:,}</text>'
            )
    return parts
