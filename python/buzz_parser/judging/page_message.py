"""One message on the page, read twice: what the parser made of it above the truth, line by line."""

from collections.abc import Sequence
from html import escape

from buzz_parser.data.records import Span

LONGEST = 4_000
"""Characters of a message that the page shows; a longer one is cut around its first mistake, and says so."""

CONTEXT = 500

Rows = Sequence[tuple[str, Sequence[Span]]]


def message_block(text: str, rows: Rows) -> str:
    """The text once for each row, coloured by its spans, what only one row has underlined."""
    start, end = _window(text, rows)
    cut = ""
    if (start, end) != (0, len(text)):
        cut = f"<p class='note'>Characters {start:,} to {end:,} of {len(text):,}.</p>"
    shared = _shared(rows)
    blocks = "".join(
        f"<div class='reading'><span class='who'>{escape(name)}</span>"
        f"<pre>{_coloured(text, spans, shared, (start, end))}</pre></div>"
        for name, spans in rows
    )
    return f"{cut}{blocks}"


def _window(text: str, rows: Rows) -> tuple[int, int]:
    """What is shown: all of it, or a stretch around the first place where the rows differ."""
    if len(text) <= LONGEST:
        return 0, len(text)
    shared = _shared(rows)
    first = min((s.start for _, spans in rows for s in spans if s not in shared), default=0)
    start = max(0, min(first - CONTEXT, len(text) - LONGEST))
    return start, start + LONGEST


def _shared(rows: Rows) -> set[Span]:
    """The spans that all rows have."""
    readings = [set(spans) for _, spans in rows]
    return readings[0].intersection(*readings[1:])


def _coloured(text: str, spans: Sequence[Span], shared: set[Span], window: tuple[int, int]) -> str:
    """The text of a window, each span in its colour, those that are not shared underlined."""
    parts = []
    start, end = window
    position = start
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first >= last:
            continue
        parts.append(_outside(text[position:first]))
        tag = f"<i>{span.label}</i>" if span.start >= start else ""
        kind = span.label if span in shared else f"{span.label} off"
        parts.append(f"<span class='mark {kind}'>{tag}{_visible(text[first:last])}</span>")
        position = last
    parts.append(_outside(text[position:end]))
    return "".join(parts)


def _outside(text: str) -> str:
    if not text:
        return ""
    return f"<span class='O'>{_visible(text)}</span>" if text.strip() else _visible(text)


def _visible(text: str) -> str:
    """Escaped text with control characters as symbols, and no direction marks that would reorder the page."""
    return escape("".join(_symbol(character) for character in text))


def _symbol(character: str) -> str:
    code = ord(character)
    if character in "\n\t":
        return character
    if code < 0x20:
        return chr(0x2400 + code)
    if 0x7F <= code < 0xA0 or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return f"\\u{code:04x}"
    if 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE:
        return "\ufffd"
    return character
