"""Typed segments (thought, tool call, text, tool response) from raw language-model output."""

from buzz_parser._rust import version as _version
from buzz_parser.contract.labels import LABELS, SEGMENT_TYPES
from buzz_parser.contract.segments import Segment
from buzz_parser.errors import BundleError, BuzzError, ModelError, RuntimeLibraryError, TextError
from buzz_parser.reading.parser import Parser
from buzz_parser.reading.trace import ParseResult, Trace, TracedWindow

__version__ = _version()

__all__ = (
    "LABELS",
    "SEGMENT_TYPES",
    "BundleError",
    "BuzzError",
    "ModelError",
    "ParseResult",
    "Parser",
    "RuntimeLibraryError",
    "Segment",
    "TextError",
    "Trace",
    "TracedWindow",
)
