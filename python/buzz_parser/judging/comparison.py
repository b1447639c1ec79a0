"""A parser beside the rules on the same messages: two reports, their difference, and how figures are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from buzz_parser.judging.evaluate import Predict, Report, difference, evaluate, report_to_json
from buzz_parser.judging.gold import Gold
from buzz_parser.judging.metrics import Interval
from buzz_parser.judging.rules import rule_segments

FIGURE_NAMES: Mapping[str, str] = {
    "f1": "segment F1",
    "precision": "segment precision",
    "recall": "segment recall",
    "exact": "messages exactly right",
    "exact_but_prose": "exactly right but for THOUGHT/TEXT",
    "false_calls": "messages with a false call",
    "missed_calls": "messages with a missed call",
    "prose_swaps": "segments THOUGHT/TEXT swapped",
    "character_accuracy": "characters right",
    "f1_thought": "F1 THOUGHT",
    "f1_toolcall": "F1 TOOLCALL",
    "f1_text": "F1 TEXT",
    "f1_toolresponse": "F1 TOOLRESPONSE",
}
"""The figures of the main table, in order, as a reader sees them."""

SPLIT_FIGURES = ("f1", "exact", "false_calls", "missed_calls")
"""The figures of the tables by split."""

SMALLER_IS_BETTER = frozenset({"false_calls", "missed_calls", "prose_swaps"})


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The parser's and the rules' report on one set; `difference` is parser minus rules, paired intervals.

    `available` is how many messages with gold the set has; `without_gold` how many were left out for having
    none.
    """

    title: str
    available: int
    without_gold: int
    parser: Report
    rules: Report
    difference: Mapping[str, Interval | None]


def compare(
    predict: Predict,
    gold: Gold,
    *,
    limit: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Judges a parser and the rules on the first `limit` messages of a set, all by default.

    Raises what `evaluate` raises.
    """
    records = gold.records[:limit]
    parser = evaluate(predict, records, system="parser", progress=progress)
    rules = evaluate(lambda texts: [rule_segments(text) for text in texts], records, system="rules")
    return Comparison(
        title=str(gold.path),
        available=len(gold.records),
        without_gold=gold.without_gold,
        parser=parser,
        rules=rules,
        difference=difference(parser, rules),
    )


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """A comparison as JSON values."""
    return {
        "data": comparison.title,
        "messages": comparison.parser.overall.messages,
        "available": comparison.available,
        "without_gold": comparison.without_gold,
        "parser": report_to_json(comparison.parser),
        "rules": report_to_json(comparison.rules),
        "difference": {name: b and list(b) for name, b in comparison.difference.items()},
    }


def percent(value: float | None) -> str:
    """A figure in percent with one decimal; a dash where it does not exist."""
    return "–" if value is None else f"{100 * value:.1f}"


def percents(bounds: Interval | None) -> str:
    """An interval in percent."""
    return "" if bounds is None else f"{100 * bounds[0]:.1f} to {100 * bounds[1]:.1f}"


def signed_percents(bounds: Interval | None) -> str:
    """An interval of a difference in percentage points, with signs."""
    return "" if bounds is None else f"{100 * bounds[0]:+.1f} to {100 * bounds[1]:+.1f}"


def verdict(name: str, bounds: Interval | None) -> str:
    """`ahead`, `behind`, or an empty string where the interval of the difference holds 0."""
    if bounds is None or bounds[0] <= 0 <= bounds[1]:
        return ""
    return "ahead" if (bounds[0] > 0) != (name in SMALLER_IS_BETTER) else "behind"
