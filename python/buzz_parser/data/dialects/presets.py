"""All named dialects, in the catalogue's order."""

from buzz_parser.data.dialects.frameworks import FRAMEWORKS
from buzz_parser.data.dialects.model import Dialect
from buzz_parser.data.dialects.native import NATIVE

PRESETS: tuple[Dialect, ...] = (*NATIVE, *FRAMEWORKS)
"""One preset or more for each entry of the catalogue of formats."""
