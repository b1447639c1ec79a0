"""What a parse returns, and every intermediate value of one, the twin of `rust_check/src/trace.rs`."""

from dataclasses import dataclass

from buzz_parser.contract.segments import Segment
from buzz_parser.contract.windows import Window
from buzz_parser.reading.runtime import FloatArray


@dataclass(frozen=True, kw_only=True)
class ParseResult:
    """A parsed text: its segments in order; what no segment covers is outside of all types."""

    text: str
    segments: list[Segment]


@dataclass(frozen=True, kw_only=True)
class TracedWindow:
    """One window: its plan, the model's inputs [input length], and the body's outputs [tokens, 9]."""

    plan: Window
    input_ids: list[int]
    token_type_ids: list[int]
    logits: FloatArray
    probabilities: FloatArray


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Every stage of one parse, in the order of the contract; labels are one id a token."""

    text: str
    ids: list[int]
    offsets: list[tuple[int, int]]
    byte_offsets: list[tuple[int, int]]
    windows: list[TracedWindow]
    labels: list[int]
    segments: list[Segment]
