"""Gorilla's APIBench answers: one field a line, each behind its name in triple angle brackets."""

from collections.abc import Sequence
from random import Random

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects.model import Call, CallForm, Dialect, Item, Wrap
from buzz_parser.data.dialects.payloads import python_call
from buzz_parser.data.dialects.render import CALL, THOUGHT

DOMAINS = ("Files", "Data", "Web", "Audio", "Vision", "Text", "Devices", "Records")
PROVIDERS = ("local", "Hugging Face Transformers", "TorchHub", "TensorFlow Hub", "internal")

REQUEST = python_call()


def fields(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """The first call of a message with the thought before it as its explanation.

    `None` without both; domain and provider belong to no segment.
    """
    found = next((index for index, item in enumerate(items) if item.kind == "calls"), None)
    if found is None:
        return None
    thoughts = [item.body for item in items[:found] if item.kind == "thought"]
    if not thoughts:
        return None
    call = items[found].calls[0]
    return [
        outside(f"<<<domain>>>: {rng.choice(DOMAINS)}\n"),
        Piece(CALL, f"<<<api_call>>>: {REQUEST(call)}"),
        outside(f"\n<<<api_provider>>>: {rng.choice(PROVIDERS)}\n"),
        Piece(THOUGHT, f"<<<explanation>>>: {thoughts[-1]}"),
        outside("\n"),
        Piece(CALL, f"<<<code>>>: {_program(call)}"),
    ]


def _program(call: Call) -> str:
    return call.body if call.kind == "code" else f"print({REQUEST(call)})"


GORILLA = Dialect(
    name="F075-gorilla",
    family="gorilla-apibench",
    call=CallForm(payload=REQUEST, wrap=Wrap("<<<api_call>>>: ")),
    thought=Wrap("<<<explanation>>>: "),
    whole=fields,
)
