"""What a set of messages holds, as one HTML page without any outside file: numbers, plots, coloured samples."""

from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.data.palette import PALETTE
from buzz_parser.data.plots import bars, histogram
from buzz_parser.data.records import Record
from buzz_parser.data.stats import PERCENTILES, Statistics, percentile

SHOWN = 12
"""Rows of a table before the rest is folded away."""

TITLES: Mapping[str, str] = {
    "family": "Families of dialects",
    "dialect": "Dialects",
    "damage": "Damage",
    "extras": "Enrichment",
    "slice": "Slices of transcripts",
    "language": "Languages",
    "domain": "Domains",
    "teacher": "Teachers",
    "model": "Teachers' models",
    "source": "Sources",
    "split": "Splits",
}

STYLE = (
    PALETTE
    + """
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 28px 24px 60px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 26px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 44px 0 12px; padding-top: 12px; border-top: 2px solid var(--line); }
h3 { font-size: 15px; margin: 0 0 8px; }
.note { color: var(--dim); margin: 0 0 14px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(125px, 1fr)); gap: 12px; margin-top: 20px; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.tiles b { display: block; font-size: 19px; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--dim); font-size: 13px; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 28px 32px; }
.grid section { min-width: 0; }
table { border-collapse: collapse; font-size: 13px; max-width: 100%; }
td, th { padding: 3px 10px 3px 0; text-align: left; vertical-align: middle; }
th { color: var(--dim); font-weight: 600; }
.name { max-width: 210px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { max-width: 100%; height: auto; display: block; }
svg .value { fill: var(--value); }
svg.THOUGHT .value { fill: #8b5cf6; } svg.TOOLCALL .value { fill: #16a34a; }
svg.TEXT .value { fill: #3b82f6; } svg.TOOLRESPONSE .value { fill: #d97706; }
svg line { stroke: var(--ink); stroke-dasharray: 3 3; }
svg text { fill: var(--ink); font-size: 11px; } svg .axis { fill: var(--dim); }
summary { cursor: pointer; color: var(--dim); font-size: 13px; margin: 6px 0; }
article { margin: 16px 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
article p { margin: 0; padding: 8px 14px; font-size: 13px; color: var(--dim);
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
article b { color: var(--ink); }
pre { margin: 0; padding: 12px 14px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 420px;
  overflow-y: auto; color: var(--dim);
  font: 12.5px/1.6 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
mark { border-radius: 3px; padding: 1px 2px; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
mark i { font: 700 9px/1 system-ui, sans-serif; letter-spacing: .04em; margin-right: 5px; opacity: .8;
  user-select: none; }
"""
    + "\n".join(
        f"mark.{label} {{ background: var(--{label}); color: var(--{label}-ink); }}"
        for label in SEGMENT_TYPES
    )
)


def page(title: str, found: Statistics) -> str:
    """The page of a set of messages, as HTML."""
    facets = "".join(
        _facet(heading, found.facets[facet], found.messages)
        for facet, heading in TITLES.items()
        if found.facets[facet]
    )
    samples = "".join(_sample(record) for record in found.samples)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n{_tiles(found)}\n"
        f"<h2>Lengths</h2>\n{_lengths(found)}\n<h2>Segments</h2>\n{_segments(found)}\n"
        f'<h2>What the messages are made of</h2>\n<div class="grid">{_shapes(found)}{facets}</div>\n'
        f"<h2>Samples</h2>\n<p class='note'>{len(found.samples)} messages, the common orders of segments first; "
        f"what is not coloured is outside of all segments.</p>\n{samples}\n</body>\n</html>\n"
    )


def _tiles(found: Statistics) -> str:
    characters = sum(length * count for length, count in found.lengths.items())
    tiles: list[tuple[str, int]] = [
        ("messages", found.messages),
        ("characters", characters),
        ("segments", found.segments.total()),
        ("transcripts", found.transcripts),
        ("dialects", len(found.facets["dialect"])),
        ("languages", len(found.facets["language"])),
        ("repeated texts", found.repeated),
        ("invalid", found.invalid),
    ]
    shown = "".join(f"<div><b>{value:,}</b><span>{name}</span></div>" for name, value in tiles)
    return f'<div class="tiles">{shown}</div>'


def _lengths(found: Statistics) -> str:
    marks = {
        "median": percentile(found.lengths, 50),
        "90 %": percentile(found.lengths, 90),
        "99 %": percentile(found.lengths, 99),
    }
    count = bars(
        (
            (f"{n} segment{'s' * (n != 1)}", found.per_message[n])
            for n in sorted(found.per_message)[:SHOWN]
        ),
        found.messages,
    )
    return (
        f'<div class="grid"><section><h3>Characters a message</h3>{histogram(found.lengths, marks)}'
        f"</section><section><h3>Segments a message</h3>{count}</section></div>"
    )


def _segments(found: Statistics) -> str:
    heads = "".join(f'<th class="n">{percent} %</th>' for percent in PERCENTILES)
    rows, plots = [], []
    total = found.covered.total() or 1
    for label in SEGMENT_TYPES:
        lengths = found.segment_lengths[label]
        cells = "".join(f'<td class="n">{percentile(lengths, p):,}</td>' for p in PERCENTILES)
        rows.append(
            f'<tr><td><mark class="{label}">{label}</mark></td><td class="n">{found.segments[label]:,}</td>'
            f'<td class="n">{found.covered[label] / total:.1%}</td>{cells}</tr>'
        )
        plot = histogram(lengths, {"median": percentile(lengths, 50)}, width=460)
        plot = plot.replace('class="histogram"', f'class="histogram {label}"')
        plots.append(f"<section><h3>{label}, characters</h3>{plot}</section>")
    return (
        '<p class="note">Lengths in characters, by percentile; 0 % is the shortest.</p><table><tr><th>type</th>'
        f'<th class="n">segments</th><th class="n">of all text</th>{heads}</tr>{"".join(rows)}</table>'
        f'<div class="grid" style="margin-top:24px">{"".join(plots)}</div>'
    )


def _shapes(found: Statistics) -> str:
    named = Counter({shape or "no segment": count for shape, count in found.shapes.items()})
    return _facet("Orders of segments", named, found.messages)


def _facet(heading: str, counts: Counter[str], messages: int) -> str:
    rows = counts.most_common()
    shown = bars(rows[:SHOWN], messages)
    if rest := rows[SHOWN : 40 * SHOWN]:
        folded = f"{len(counts) - SHOWN:,} more, {sum(n for _, n in rows[SHOWN:]):,} messages"
        shown += f"<details><summary>{folded}</summary>{bars(rest, messages)}</details>"
    return f"<section><h3>{heading} ({len(counts):,})</h3>{shown}</section>"


def _sample(record: Record) -> str:
    meta = record.meta
    about = [f"<b>{escape(record.id or 'without id')}</b>"]
    for key in ("dialect", "language", "slice", "damage", "extras", "teacher"):
        value = meta.get(key)
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        if shown:
            about.append(f"{key} {escape(str(shown))}")
    return f"<article><p>{' · '.join(about)}</p><pre>{''.join(_marked(record))}</pre></article>"


def _marked(record: Record) -> Iterable[str]:
    position = 0
    for span in record.segments:
        yield _visible(record.text[position : span.start])
        body = _visible(record.text[span.start : span.end])
        yield f'<mark class="{escape(span.label)}"><i>{escape(span.label)}</i>{body}</mark>'
        position = span.end
    yield _visible(record.text[position:])


def _visible(text: str) -> str:
    """Text for HTML; controls as their symbols, since a browser would drop them."""
    return escape(
        "".join(chr(0x2400 + ord(c)) if ord(c) < 32 and c not in "\n\t" else c for c in text)
    )
