"""The rounds of a message: what the assistant thought, said and called at once, and what came back."""

from collections.abc import Sequence
from dataclasses import dataclass

from buzz_parser.data.dialects.model import Call, Item


@dataclass(frozen=True, kw_only=True)
class Round:
    """One turn of the assistant, its thoughts joined, its texts joined, and the results it got."""

    thought: str = ""
    text: str = ""
    calls: tuple[Call, ...] = ()
    responses: tuple[Item, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether the assistant says, thinks or calls anything."""
        return bool(self.thought or self.text or self.calls)


def rounds(items: Sequence[Item]) -> list[Round]:
    """The rounds of a message; a result ends what the assistant does in one."""
    turns: list[list[Item]] = [[]]
    for item in items:
        if item.kind != "response" and turns[-1] and turns[-1][-1].kind == "response":
            turns.append([])
        turns[-1].append(item)
    return [_round(turn) for turn in turns if turn]


def _round(turn: Sequence[Item]) -> Round:
    def bodies(kind: str) -> str:
        return "\n\n".join(item.body for item in turn if item.kind == kind)

    return Round(
        thought=bodies("thought"),
        text=bodies("text"),
        calls=tuple(call for item in turn for call in item.calls),
        responses=tuple(item for item in turn if item.kind == "response"),
    )
