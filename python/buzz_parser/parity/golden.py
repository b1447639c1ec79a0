"""Golden cases: recorded by the reference engine, compared by any (docs/contract.md, section 9)."""

import base64
import json
import struct
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from buzz_parser.contract.windows import Window
from buzz_parser.reading.reference import ReferenceEngine
from buzz_parser.reading.runtime import FloatArray
from buzz_parser.reading.trace import Trace


def record(engine: ReferenceEngine, cases: Iterable[tuple[str, str]]) -> bytes:
    """The content of `golden.jsonl` for cases (name, text)."""
    lines = []
    for name, text in cases:
        trace = engine.trace(text)
        case = {"name": name, **encode(trace), "margin": case_margin(engine, trace)}
        lines.append(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")
    return "".join(lines).encode()


def encode(trace: Trace) -> dict[str, Any]:
    """A trace as the golden file writes it: rows of numbers, floats as bits."""
    offsets = zip(trace.offsets, trace.byte_offsets, strict=True)
    return {
        "text": trace.text,
        "ids": trace.ids,
        "offsets": [[*characters, *in_bytes] for characters, in_bytes in offsets],
        "windows": [encode_plan(window.plan) for window in trace.windows],
        "inputs": [[window.input_ids, window.token_type_ids] for window in trace.windows],
        "logits": encode_rows(committed_rows(trace, "logits")),
        "probabilities": encode_rows(committed_rows(trace, "probabilities")),
        "labels": trace.labels,
        "segments": [
            [s.label, s.start, s.end, s.start_byte, s.end_byte, struct.pack(">d", s.score).hex()]
            for s in trace.segments
        ],
    }


def encode_plan(plan: Window) -> list[Any]:
    """A window's row: position, end, commit, state, head start and end, tail start and end."""
    return [plan.position, plan.end, plan.commit, plan.state, *plan.head, *plan.tail]


def committed_rows(trace: Trace, output: str) -> FloatArray:
    """The rows [tokens, 9] of `logits` or `probabilities` that the trace's windows committed."""
    parts: list[FloatArray] = [
        getattr(window, output)[: window.plan.commit - window.plan.position]
        for window in trace.windows
    ]
    return np.concatenate([np.zeros((0, 9), dtype=np.float32), *parts])


def encode_rows(rows: FloatArray) -> str:
    """Float32 rows as base64 of their little-endian bytes."""
    return base64.b64encode(rows.astype("<f4").tobytes()).decode()


def decode_rows(encoded: str) -> FloatArray:
    """The rows [tokens, 9] that `encode_rows` wrote."""
    return np.frombuffer(base64.b64decode(encoded, validate=True), dtype="<f4").reshape(-1, 9)


def case_margin(engine: ReferenceEngine, trace: Trace) -> float:
    """The smallest decision margin over the committed tokens of a trace; 1e308 where there are none."""
    transitions = engine.bundle.manifest.transitions
    previous, least = 0, 1e308
    for window in trace.windows:
        committed = window.plan.commit - window.plan.position
        margins = decision_margins(window.logits, transitions, previous)
        least = min(least, float(margins[:committed].min()))
        previous = trace.labels[window.plan.commit - 1]
    return least


def decision_margins(
    logits: FloatArray, transitions: NDArray[np.float64], previous: int
) -> NDArray[np.float64]:
    """For each token: the best path's score less the best score of a path with another label there."""
    emissions = logits.astype(np.float64)
    count = len(emissions)
    forward = np.empty_like(emissions)
    backward = np.zeros_like(emissions)
    forward[0] = transitions[previous] + emissions[0]
    for token in range(1, count):
        paths = forward[token - 1][:, np.newaxis] + transitions
        forward[token] = paths.max(axis=0) + emissions[token]
    for token in range(count - 2, -1, -1):
        paths = transitions + (emissions[token + 1] + backward[token + 1])
        backward[token] = paths.max(axis=1)
    ordered = np.sort(forward + backward, axis=1)
    margins: NDArray[np.float64] = ordered[:, -1] - ordered[:, -2]
    return margins


def read_golden(content: bytes) -> Iterator[dict[str, Any]]:
    """The cases of a golden file."""
    for line in content.split(b"\n"):  # not splitlines(), which knows newlines that JSON does not
        if line:
            yield json.loads(line)
