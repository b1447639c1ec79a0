"""The dialects of models, in the catalogue's sections A and B."""

from buzz_parser.data.dialects.model import Dialect
from buzz_parser.data.dialects.native_channels import CHANNELS
from buzz_parser.data.dialects.native_cohere import COHERES
from buzz_parser.data.dialects.native_gorilla import GORILLA
from buzz_parser.data.dialects.native_invokes import INVOKES
from buzz_parser.data.dialects.native_lists import LISTS
from buzz_parser.data.dialects.native_llama import LLAMAS
from buzz_parser.data.dialects.native_pairs import PAIRS
from buzz_parser.data.dialects.native_python import PYTHON
from buzz_parser.data.dialects.native_tags import TAGS
from buzz_parser.data.dialects.native_tokens import TOKENS
from buzz_parser.data.dialects.native_turns import TURNED

NATIVE: tuple[Dialect, ...] = tuple(
    sorted(
        (
            *TAGS,
            *PAIRS,
            *INVOKES,
            *TOKENS,
            *COHERES,
            *LLAMAS,
            *LISTS,
            *PYTHON,
            *CHANNELS,
            *TURNED,
            GORILLA,
        ),
        key=lambda dialect: dialect.name,
    )
)
"""One preset or more for each entry of the catalogue up to F076, in its order."""
