"""A report as one HTML page without any outside file: tables, bars, and the worst messages in colour."""

from collections.abc import Iterable, Sequence
from html import escape

from buzz_parser.data.records import Span
from buzz_parser.judging.comparison import (
    FIGURE_NAMES,
    SMALLER_IS_BETTER,
    SPLIT_FIGURES,
    Comparison,
    percent,
    percents,
    signed_percents,
    verdict,
)
from buzz_parser.judging.evaluate import Group, Judged, worst
from buzz_parser.judging.metrics import DISTANCES, EDGES, KINDS, figures
from buzz_parser.judging.page_message import message_block
from buzz_parser.judging.page_style import STYLE

BAR = 88
"""The width of a bar in pixels."""

FOLDED_FROM = 12
"""An axis with more groups is folded, and opens on a click."""


def page(title: str, comparisons: Sequence[Comparison]) -> str:
    """The page of one parser on some sets of messages, as HTML."""
    links = "".join(
        f'<a href="#set{number}">{escape(comparison.title)}</a>'
        for number, comparison in enumerate(comparisons)
    )
    sections = "".join(_section(number, found) for number, found in enumerate(comparisons))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}: evaluation</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(title)}</h1><nav>{links}</nav>{_legend()}</header>\n"
        f"<main>{sections}</main>\n</body>\n</html>\n"
    )


def _legend() -> str:
    marks = " ".join(f'<span class="mark {kind}">{kind}</span>' for kind in KINDS[:-1])
    return (
        f'<p class="legend">{marks} <span class="mark O">outside</span> A segment counts where both bounds '
        "and the type are exact. Intervals are 95 %, by bootstrap over messages, over transcripts where they are "
        "known; the difference is paired. "
        "↓ smaller is better. In messages, what the other reading does not have is "
        '<span class="off">underlined</span>.</p>'
    )


def _section(number: int, comparison: Comparison) -> str:
    messages = comparison.parser.overall.messages
    notes = [f"{messages:,} messages"]
    if messages < comparison.available:
        notes.append(f"the first of {comparison.available:,}")
    if comparison.without_gold:
        notes.append(f"{comparison.without_gold} more have no certain gold and are left out")
    axes = dict.fromkeys(group.axis for group in comparison.parser.groups)
    chosen = worst(comparison.parser)
    return (
        f'<section id="set{number}"><h2>{escape(comparison.title)}</h2>'
        f'<p class="note">{", ".join(notes)}.{_seqeval(comparison)}</p>'
        f"{_main_table(comparison)}"
        f'<div class="pair">{_confusion(comparison)}{_distances(comparison)}</div>'
        f"{''.join(_axis(comparison, axis) for axis in axes)}"
        f"<h3>The worst messages</h3>{_worst(chosen, comparison)}</section>"
    )


def _seqeval(comparison: Comparison) -> str:
    ours, theirs = comparison.parser.seqeval, comparison.rules.seqeval
    if ours is None or theirs is None:
        return ""
    return (
        f" seqeval, strict IOB2: F1 {percent(ours['f1'])} %, "
        f"the rules {percent(theirs['f1'])} %, counted by other code."
    )


def _main_table(comparison: Comparison) -> str:
    ours, theirs = comparison.parser.overall, comparison.rules.overall
    rows = []
    for name, shown in FIGURE_NAMES.items():
        bounds = comparison.difference[name]
        word = verdict(name, bounds)
        rows.append(
            f"<tr><th>{escape(shown)}{_direction(name)}</th>"
            f"<td>{_bar(ours, name, 'ours')}</td><td class='n'><b>{percent(ours.figures[name])}</b></td>"
            f"<td class='n dim'>{percents(ours.intervals[name])}</td>"
            f"<td>{_bar(theirs, name, 'theirs')}</td><td class='n'>{percent(theirs.figures[name])}</td>"
            f"<td class='n dim'>{percents(theirs.intervals[name])}</td>"
            f"<td class='n'>{signed_percents(bounds)}</td><td class='{word}'>{word}</td></tr>"
        )
    head = (
        "<tr><th>percent</th><th colspan='3'>parser</th><th colspan='3'>rules</th>"
        "<th colspan='2'>parser minus rules</th></tr>"
    )
    return f"<div class='wide'><table class='main'>{head}{''.join(rows)}</table></div>"


def _direction(name: str) -> str:
    return " <small>↓</small>" if name in SMALLER_IS_BETTER else ""


def _bar(group: Group, name: str, kind: str) -> str:
    """A bar of the figure with a line for its interval, as inline SVG."""
    value, bounds = group.figures[name], group.intervals[name]
    if value is None:
        return ""
    low, high = bounds if bounds is not None else (value, value)
    return (
        f"<svg class='bar {kind}' width='{BAR}' height='12' viewBox='0 0 {BAR} 12' role='img' "
        f"aria-label='{percent(value)} percent'><rect class='back' width='{BAR}' height='12'/>"
        f"<rect class='value' width='{BAR * value:.1f}' height='12'/>"
        f"<line x1='{BAR * low:.1f}' x2='{BAR * high:.1f}' y1='6' y2='6'/></svg>"
    )


def _axis(comparison: Comparison, axis: str) -> str:
    groups = [group for group in comparison.parser.groups if group.axis == axis]
    rules = {group.name: group for group in comparison.rules.groups if group.axis == axis}
    names = "".join(f"<th colspan='2'>{escape(FIGURE_NAMES[name])}</th>" for name in SPLIT_FIGURES)
    under = "<th class='n'>parser</th><th class='n'>rules</th>" * len(SPLIT_FIGURES)
    rows = "".join(_group_row(group, rules[group.name]) for group in groups)
    table = (
        f"<div class='wide'><table><tr><th rowspan='2'>{escape(axis)}</th>"
        f"<th rowspan='2'>messages</th><th rowspan='2'></th>{names}</tr><tr>{under}</tr>{rows}"
        "</table></div>"
    )
    opened = "" if len(groups) >= FOLDED_FROM else " open"
    return (
        f"<details{opened}><summary>By {escape(axis)} <small>{len(groups)} "
        f"group{'s' * (len(groups) != 1)}</small></summary>{table}</details>"
    )


def _group_row(ours: Group, theirs: Group) -> str:
    cells = []
    for name in SPLIT_FIGURES:
        one, other = ours.figures[name], theirs.figures[name]
        word = ""
        if one is not None and other is not None and one != other:
            word = "ahead" if (one > other) != (name in SMALLER_IS_BETTER) else "behind"
        cells.append(
            f"<td class='n {word}' title='{percents(ours.intervals[name])}'>{percent(one)}</td>"
            f"<td class='n dim'>{percent(other)}</td>"
        )
    return (
        f"<tr><th>{escape(ours.name)}</th><td class='n'>{ours.messages:,}</td>"
        f"<td>{_bar(ours, 'f1', 'ours')}</td>{''.join(cells)}</tr>"
    )


def _confusion(comparison: Comparison) -> str:
    """Segments by true type (rows) and by the type that covers most of them (columns)."""
    table = comparison.parser.confusion
    head = "".join(f"<th class='n'>{_kind(kind)}</th>" for kind in KINDS)
    rows = []
    for gold in KINDS:
        among = sum(table[gold].values()) or 1
        cells = "".join(_shade(table[gold][found], among, gold == found) for found in KINDS)
        rows.append(f"<tr><th>{_kind(gold)}</th>{cells}</tr>")
    return (
        "<figure><figcaption>Which type covers most of a true segment; last row: predicted where nothing is"
        f"</figcaption><div class='wide'><table><tr><th>true \\ read as</th>{head}</tr>{''.join(rows)}"
        "</table></div></figure>"
    )


def _kind(kind: str) -> str:
    return "nothing" if kind == "O" else kind


def _shade(count: int, among: int, right: bool) -> str:
    colour = "21, 128, 61" if right else "190, 18, 60"
    strength = 0.75 * count / among
    return f"<td class='n' style='background: rgba({colour}, {strength:.2f})'>{count:,}</td>"


def _distances(comparison: Comparison) -> str:
    head = "".join(f"<th class='n'>{name}</th>" for _, name in DISTANCES)
    rows = []
    for system, report in (("parser", comparison.parser), ("rules", comparison.rules)):
        for edge in EDGES:
            counts = report.distances[edge]
            among = sum(counts.values()) or 1
            cells = "".join(_shade(counts[name], among, name == "0") for _, name in DISTANCES)
            rows.append(f"<tr><th>{system}, {edge}</th>{cells}</tr>")
    return (
        "<figure><figcaption>How far a bound is off, in characters, where the type is right</figcaption>"
        f"<div class='wide'><table><tr><th></th>{head}</tr>{''.join(rows)}</table></div></figure>"
    )


def _worst(chosen: Iterable[Judged], comparison: Comparison) -> str:
    rules = {id(m.record): m for m in comparison.rules.judged}
    blocks = [_worst_message(message, rules[id(message.record)]) for message in chosen]
    return "".join(blocks) or "<p>None: every message was read exactly.</p>"


def _worst_message(message: Judged, by_rules: Judged) -> str:
    record = message.record
    kind = record.meta.get("format") or record.meta.get("dialect") or record.meta.get("source", "")
    f1 = percent(figures(message.counts)["f1"])
    theirs = percent(figures(by_rules.counts)["f1"])
    rows: list[tuple[str, Sequence[Span]]] = [
        ("parser", message.predicted),
        ("truth", record.segments),
    ]
    return (
        f"<article><h4>{escape(record.id)} <small>{escape(str(kind))} · F1 {f1}, rules {theirs} · "
        f"{len(record.text):,} characters</small></h4>{message_block(record.text, rows)}</article>"
    )
