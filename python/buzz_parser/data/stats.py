"""What a set of messages holds: lengths, labels, formats, damage, languages, teachers, counted in one pass."""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Record

PERCENTILES = (0, 10, 50, 90, 99, 100)
FACETS = (
    "dialect",
    "family",
    "damage",
    "extras",
    "slice",
    "language",
    "domain",
    "teacher",
    "model",
    "source",
    "split",
)
"""What is counted from the metadata, where it is there."""

SAMPLES_PER_SHAPE = 3

UNDAMAGED = "none"
"""The name under `damage` of messages without any."""


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Counts over messages; lengths are in characters, `shapes` are the orders of segment types.

    `segments`, `covered` and `segment_lengths` are by label, `facets` by facet, then value.
    """

    messages: int
    lengths: Counter[int]
    per_message: Counter[int]
    segments: Counter[str]
    covered: Counter[str]
    segment_lengths: Mapping[str, Counter[int]]
    shapes: Counter[str]
    facets: Mapping[str, Counter[str]]
    transcripts: int
    invalid: int
    repeated: int
    samples: tuple[Record, ...]


@dataclass(kw_only=True)
class _Samples:
    """Of each order of segments the messages with the smallest hashes: the same ones in any order, and few."""

    heaps: dict[str, list[tuple[int, int, Record]]] = field(default_factory=dict)

    def offer(self, shape: str, record: Record, digest: bytes, number: int) -> None:
        heap = self.heaps.setdefault(shape, [])
        entry = (-int.from_bytes(digest, "big"), -number, record)
        if len(heap) < SAMPLES_PER_SHAPE:
            heapq.heappush(heap, entry)
        elif entry > heap[0]:
            heapq.heapreplace(heap, entry)

    def chosen(self, shapes: Counter[str], most: int) -> tuple[Record, ...]:
        """One message of each order of segments, the most frequent first, then a second one of each."""
        found = []
        for turn in range(SAMPLES_PER_SHAPE):
            for shape, _ in shapes.most_common():
                heap = sorted(self.heaps.get(shape, ()), reverse=True)
                found += [record for _, _, record in heap[turn : turn + 1]]
        return tuple(found[:most])


def statistics(
    records: Iterable[Record], *, samples: int = 0, longest_sample: int = 3_000
) -> Statistics:
    """Counts records, and keeps `samples` of them, none longer than `longest_sample`.

    They are chosen by order of segments, then by hash.
    """
    lengths, per_message, shapes = Counter[int](), Counter[int](), Counter[str]()
    segments, covered = Counter[str](), Counter[str]()
    segment_lengths = {label: Counter[int]() for label in SEGMENT_TYPES}
    facets = {facet: Counter[str]() for facet in FACETS}
    kept = _Samples()
    texts, transcripts = set[bytes](), set[str]()
    messages = invalid = 0
    for record in records:
        messages += 1
        digest = hashlib.sha256(record.text.encode("utf-8", "surrogatepass")).digest()[:8]
        texts.add(digest)
        invalid += bool(violations(record.text, record.segments))
        lengths[len(record.text)] += 1
        per_message[len(record.segments)] += 1
        shape = " ".join(span.label for span in record.segments)
        shapes[shape] += 1
        for span in record.segments:
            segments[span.label] += 1
            covered[span.label] += span.end - span.start
            segment_lengths.setdefault(span.label, Counter())[span.end - span.start] += 1
        for facet, values in facets.items():
            values.update(facet_values(record.meta, facet))
        transcripts.update(_strings(record.meta.get("transcript")))
        if samples and len(record.text) <= longest_sample:
            kept.offer(shape, record, digest, messages)
    return Statistics(
        messages=messages,
        lengths=lengths,
        per_message=per_message,
        segments=segments,
        covered=covered,
        segment_lengths=segment_lengths,
        shapes=shapes,
        facets=facets,
        transcripts=len(transcripts),
        invalid=invalid,
        repeated=messages - len(texts),
        samples=kept.chosen(shapes, samples),
    )


def facet_values(meta: Mapping[str, Any], facet: str) -> list[str]:
    """A record's values of a facet; several teachers or damages are several."""
    if facet == "damage" and "damage" in meta:
        return _strings(meta["damage"]) or [UNDAMAGED]
    if facet in ("teacher", "model") and isinstance(meta.get("teachers"), list):
        found = (one.get(facet) for one in meta["teachers"] if isinstance(one, dict))
        return [name for name in found if isinstance(name, str)]
    return _strings(meta.get(facet))


def percentile(counts: Counter[int], percent: float) -> int:
    """The smallest value that at least `percent` of the counted ones do not exceed; 0 if none was counted."""
    wanted = percent / 100 * counts.total()
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= wanted:
            return value
    return 0


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []
