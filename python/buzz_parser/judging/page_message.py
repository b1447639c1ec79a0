"""One message on the page, read twice: what the parser made of it above the truth, line by line."""

from collections.abc import Sequence
from html import escape

from buzz_parser.data.records import Span

LONGEST = 4_000
"""Characters of a message that the page shows; a longer one is cut around its first mistake, and says so."""

CONTEXT = 500

Rows = Sequence[tuple[str, Sequence[Span]]]


def message_block(text: str, rows: Rows) -> str:
    """The text once for each row, coloured by its spans, with a bar beside what the rows read differently."""
    start, end = _window(text, rows)
    cut = ""
    if (start, end) != (0, len(text)):
        cut = f"<p class='note'>Characters {start:,} to {end:,} of {len(text):,}.</p>"
    blocks = "".join(
        f"<div class='reading'><span class='who'>{escape(name)}</span>"
        f"<pre>{_coloured(text, spans, start, end)}</pre></div>"
        for name, spans in rows
    )
    return f"{cut}{blocks}"


def _window(text: str, rows: Rows) -> tuple[int, int]:
    """What is shown: all of it, or a stretch around the first place where the rows differ."""
    if len(text) <= LONGEST:
        return 0, len(text)
    readings = [set(spans) for _, spans in rows]
    shared = readings[0].intersection(*readings[1:])
    first = min((s.start for spans in readings for s in spans - shared), default=0)
    start = max(0, min(first - CONTEXT, len(text) - LONGEST))
    return start, start + LONGEST


def _coloured(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    parts = []
    position = start
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first >= last:
            continue
        parts.append(_outside(text[position:first]))
        tag = f"<i>{span.label}</i>" if span.start >= start else ""
        parts.append(f"<span class='mark {span.label}'>{tag}{_visible(text[first:last])}</span>")
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
