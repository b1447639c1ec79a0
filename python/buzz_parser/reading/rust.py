"""The Rust engine behind the same face as the reference: `buzz_parser._rust` only converts."""

from __future__ import annotations  # the aliases of the stub do not exist at run time

from collections.abc import Sequence

import numpy as np

from buzz_parser import _rust
from buzz_parser.contract.segments import Segment
from buzz_parser.contract.windows import Window
from buzz_parser.errors import BuzzError
from buzz_parser.reading.runtime import FloatArray, library_path
from buzz_parser.reading.trace import ParseResult, Trace, TracedWindow


class RustEngine:
    """Reads texts with the bundle at a path. Thread-safe; releases the GIL while it works."""

    def __init__(self, bundle: str, *, intra_threads: int = 1) -> None:
        self._engine = _rust.Engine(
            bundle, runtime=str(library_path()), intra_threads=intra_threads
        )

    def parse(self, text: str) -> ParseResult:
        """The segments of a text; raises `TextError`, `ModelError`."""
        return ParseResult(text=text, segments=_segments(text, self._engine.parse(text)))

    def parse_many(self, texts: Sequence[str], workers: int) -> list[ParseResult | BuzzError]:
        """The result or the error of each text, in order, read by `workers` threads."""
        return [
            found
            if isinstance(found, BuzzError)
            else ParseResult(text=text, segments=_segments(text, found))
            for text, found in zip(texts, self._engine.parse_many(texts, workers), strict=True)
        ]

    def trace(self, text: str) -> Trace:
        """Every intermediate value of parsing a text; raises `TextError`, `ModelError`."""
        raw = self._engine.trace(text)
        return Trace(
            text=text,
            ids=raw.ids,
            offsets=raw.offsets,
            byte_offsets=raw.byte_offsets,
            windows=[_window(window) for window in raw.windows],
            labels=raw.labels,
            segments=_segments(text, raw.segments),
        )


def _segments(text: str, rows: Sequence[_rust.SegmentRow]) -> list[Segment]:
    return [
        Segment(
            label=label,
            text=text[start:end],
            start=start,
            end=end,
            start_byte=start_byte,
            end_byte=end_byte,
            score=score,
        )
        for label, start, end, start_byte, end_byte, score in rows
    ]


def _window(raw: _rust.TracedWindow) -> TracedWindow:
    position, end, commit, state, head, tail = raw.plan
    return TracedWindow(
        plan=Window(position=position, end=end, commit=commit, state=state, head=head, tail=tail),
        input_ids=raw.input_ids,
        token_type_ids=raw.token_type_ids,
        logits=_rows(raw.logits),
        probabilities=_rows(raw.probabilities),
    )


def _rows(little_endian: bytes) -> FloatArray:
    """Rows [tokens, 9] from the bytes of little-endian float32."""
    return np.frombuffer(little_endian, dtype="<f4").reshape(-1, 9)
