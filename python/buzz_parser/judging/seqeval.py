"""Strict IOB2 by seqeval, as a metric of `evaluate` that is defined here and asks no hub."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

import datasets
import evaluate
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.data.records import Span

_DESCRIPTION = "Precision, recall and F1 of segments by seqeval, mode strict, scheme IOB2."


class StrictIOB2(evaluate.Metric):  # type: ignore[misc]
    """Segments with exact bounds and type; takes label sequences, one a message, and returns the scores."""

    def _info(self) -> evaluate.MetricInfo:
        labels = datasets.Sequence(datasets.Value("string"))
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation="https://github.com/chakki-works/seqeval",
            inputs_description="predictions, references: one list of IOB2 labels a message",
            features=datasets.Features({"predictions": labels, "references": labels}),
        )

    def _compute(
        self, *, predictions: list[list[str]], references: list[list[str]]
    ) -> dict[str, Any]:
        """Scores by `f1`, `precision`, `recall`, for all types and, with the type's name before, for each."""
        report = classification_report(
            references,
            predictions,
            mode="strict",
            scheme=IOB2,
            output_dict=True,
            zero_division=0,
        )
        scores = {}
        for group in ("micro avg", *SEGMENT_TYPES):
            row = report.get(group, {})
            name = "" if group == "micro avg" else f"{group}_"
            for score, key in (
                ("f1", "f1-score"),
                ("precision", "precision"),
                ("recall", "recall"),
            ):
                scores[f"{name}{score}"] = float(row.get(key, 0.0))
        return scores


def strict_iob2(messages: Iterable[tuple[Sequence[Span], Sequence[Span]]]) -> dict[str, float]:
    """The scores of messages, each the pair of its gold and its predicted spans; 0.0 where nothing is there."""
    references, predictions = [], []
    for gold, predicted in messages:
        cuts = _cuts(gold, predicted)
        references.append(_labels(gold, cuts))
        predictions.append(_labels(predicted, cuts))
    if not any(label != "O" for row in (*references, *predictions) for label in row):
        return dict.fromkeys(_score_names(), 0.0)
    with tempfile.TemporaryDirectory() as folder:  # never the user's cache
        metric = StrictIOB2(cache_dir=folder, keep_in_memory=True)
        scores: dict[str, float] = metric.compute(predictions=predictions, references=references)
    return scores


def _cuts(gold: Sequence[Span], predicted: Sequence[Span]) -> list[int]:
    """All bounds of both sides: the coarsest tokens on which no two different spans look alike."""
    return sorted({bound for span in (*gold, *predicted) for bound in (span.start, span.end)})


def _labels(spans: Sequence[Span], cuts: Sequence[int]) -> list[str]:
    """One IOB2 label for each stretch between two neighbouring cuts."""
    labels = ["O"] * max(len(cuts) - 1, 0)
    place = {cut: index for index, cut in enumerate(cuts)}
    for span in spans:
        first, last = place[span.start], place[span.end]
        labels[first:last] = [f"I-{span.label}"] * (last - first)
        labels[first] = f"B-{span.label}"
    return labels


def _score_names() -> list[str]:
    names = ("", *(f"{kind}_" for kind in SEGMENT_TYPES))
    return [f"{name}{score}" for name in names for score in ("f1", "precision", "recall")]
