"""Call ids in the style of another family."""

import re
from collections.abc import Sequence
from random import Random
from string import ascii_letters, digits

from buzz_parser.data.damage.edits import Damaged, Edit, edited
from buzz_parser.data.records import Span

_ID = re.compile(
    r"functions\.[\w.-]+:\d+|\b(?:call[_-]|toolu_|chatcmpl-tool-|tc_)[A-Za-z0-9]{3,}"
    r"|(?<=id\": \")[A-Za-z0-9_-]{1,30}(?=\")|(?<=id\":\")[A-Za-z0-9_-]{1,30}(?=\")|(?<=\[CALL_ID\])\w{9}\b"
    r"|(?<=id=\")[A-Za-z0-9_-]{1,30}(?=\")"
)
_LETTERS = ascii_letters + digits


def foreign_id(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """An id of a call or result is written as another family writes it, here alone or wherever it stands."""
    found = [
        (index, match)
        for index, span in enumerate(spans)
        if span.label in ("TOOLCALL", "TOOLRESPONSE")
        for match in _ID.finditer(text, span.start, span.end)
    ]
    if not found:
        return None
    chosen, new = rng.choice(found)[1], _make(rng)
    everywhere = rng.random() < 0.5
    edits = [
        Edit(match.start(), match.end(), new, index)
        for index, match in found
        if match is chosen or (everywhere and match[0] == chosen[0])
    ]
    return edited(text, spans, edits)


def _make(rng: Random) -> str:
    return rng.choice(
        (
            f"functions.{rng.choice(('run', 'search', 'get', 'tool'))}:{rng.randrange(6)}",
            str(rng.randrange(20)),
            _letters(rng, 9),
            f"toolu_01{_letters(rng, 22)}",
            f"chatcmpl-tool-{rng.getrandbits(128):032x}",
            f"{rng.getrandbits(32):08x}-{rng.getrandbits(16):04x}-4{rng.getrandbits(12):03x}",
            f"call_{_letters(rng, rng.choice((8, 24)))}",
        )
    )


def _letters(rng: Random, count: int) -> str:
    return "".join(rng.choices(_LETTERS, k=count))
