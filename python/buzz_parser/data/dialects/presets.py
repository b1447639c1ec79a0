"""All named dialects: the catalogue's in its order, then those that are held out from training."""

from buzz_parser.data.dialects.frameworks import FRAMEWORKS
from buzz_parser.data.dialects.held_agents import HELD_AGENTS
from buzz_parser.data.dialects.held_models import HELD_MODELS
from buzz_parser.data.dialects.model import Dialect
from buzz_parser.data.dialects.native import NATIVE

PRESETS: tuple[Dialect, ...] = (*NATIVE, *FRAMEWORKS, *HELD_MODELS, *HELD_AGENTS)
"""One preset or more for each entry of the catalogue of formats, and those of formats outside of it."""
