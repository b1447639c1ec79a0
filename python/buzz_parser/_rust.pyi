"""The Rust crate `buzz`, compiled with its feature `python`; everything raises `buzz_parser.errors`."""

from collections.abc import Sequence

from buzz_parser.errors import BuzzError

SegmentRow = tuple[str, int, int, int, int, float]
"""Label, start and end in characters, start and end in bytes, score."""

WindowPlan = tuple[int, int, int, str, tuple[int, int], tuple[int, int]]
"""Position, end, commit, state, head, tail."""

class TracedWindow:
    """One window of a trace; `logits` and `probabilities` are little-endian float32 [tokens, 9]."""

    plan: WindowPlan
    input_ids: list[int]
    token_type_ids: list[int]
    logits: bytes
    probabilities: bytes

class Trace:
    """Every stage of one parse."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    byte_offsets: list[tuple[int, int]]
    windows: list[TracedWindow]
    labels: list[int]
    segments: list[SegmentRow]

class Engine:
    """A loaded bundle. `runtime` is the path of the ONNX Runtime library."""

    def __init__(self, bundle: str, *, runtime: str, intra_threads: int) -> None: ...
    def parse(self, text: str) -> list[SegmentRow]: ...
    def parse_many(
        self, texts: Sequence[str], workers: int
    ) -> list[list[SegmentRow] | BuzzError]: ...
    def trace(self, text: str) -> Trace: ...

def instruction_set() -> str:
    """The processor architecture and its widest vector extension that the golden tier depends on."""

def version() -> str:
    """The version of the crate, which is that of the package."""
