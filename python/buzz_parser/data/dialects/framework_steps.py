"""What a framework does to a conversation before it is written: answers become calls, calls meet results."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from buzz_parser.data.assembly import Piece
from buzz_parser.data.dialects.model import Call, CallForm, Dialect, Item, Slots
from buzz_parser.data.dialects.render import CALL, RESPONSE, THOUGHT, render

Step = Callable[[Sequence[Item], Random], list[Item]]
"""The items of a message, changed as a format's convention asks."""


def reshaped(dialect: Dialect, *steps: Step) -> Dialect:
    """A dialect that passes its items through the steps, in order, before they are rendered."""

    def whole(items: Sequence[Item], rng: Random) -> list[Piece] | None:
        for step in steps:
            items = step(items, rng)
        lead = ended = False
        if dialect.turns.marked:
            lead, ended = rng.random() < 0.25, rng.random() < 0.35
        return render(items, dialect, rng, lead=lead, ended=ended) or None

    return replace(dialect, whole=whole)


def evident(dialect: Dialect, otherwise: CallForm) -> Dialect:
    """A dialect whose calls look like code that is only shown, unless a thought or a result stands with them.

    Messages without either get the call form `otherwise`.
    """
    reshaping = reshaped(dialect).whole if dialect.whole is None else dialect.whole

    def whole(items: Sequence[Item], rng: Random) -> list[Piece] | None:
        pieces = reshaping(items, rng) if reshaping is not None else None
        labels = {piece.label for piece in pieces or ()}
        return pieces if CALL not in labels or labels & {THOUGHT, RESPONSE} else None

    return replace(dialect, call=otherwise, whole=whole)


def answer_as_call(name: str, key: str, *, share: float = 1.0, **further: Any) -> Step:
    """The last text as a call of `name` (rule 5), in a share of the messages."""

    def step(items: Sequence[Item], rng: Random) -> list[Item]:
        if not items or items[-1].kind != "text" or (share < 1.0 and rng.random() >= share):
            return list(items)
        last = items[-1]
        slots = Slots(name=name, id=f"call_{rng.getrandbits(32):08x}", k=last.slots.k)
        given = {**further, key: last.body}
        call = Call(kind="function", name=name, arguments=given, body=last.body, slots=slots)
        return [*items[:-1], Item(kind="calls", calls=(call,), slots=slots)]

    return step


def answer_as_command(command: str, *, share: float = 1.0) -> Step:
    """The shell command that ends the run in place of a last text, where anything stands before it."""

    def step(items: Sequence[Item], rng: Random) -> list[Item]:
        if len(items) < 2 or items[-1].kind != "text" or rng.random() >= share:
            return list(items)
        slots = Slots(name="bash", id=f"call_{rng.getrandbits(32):08x}", k=items[-1].slots.k)
        given = {"command": command}
        call = Call(kind="shell", name="bash", arguments=given, body=command, slots=slots)
        return [*items[:-1], Item(kind="calls", calls=(call,), slots=slots)]

    return step


def silent(items: Sequence[Item], _rng: Random) -> list[Item]:
    """Without thoughts, in formats that have no place for them."""
    return [item for item in items if item.kind != "thought"] or list(items)


def thought_alone(items: Sequence[Item], _rng: Random) -> list[Item]:
    """Without the prose between a thought and its call, where only the thought has a label."""
    kept: list[Item] = []
    for index, item in enumerate(items):
        after = items[index + 1].kind if index + 1 < len(items) else ""
        if item.kind == "text" and after == "calls" and kept and kept[-1].kind == "thought":
            continue
        kept.append(item)
    return kept


def paired(items: Sequence[Item], _rng: Random) -> list[Item]:
    """Each call followed by its own result, where a round has both."""
    changed: list[Item] = []
    index = 0
    while index < len(items):
        item = items[index]
        index += 1
        if item.kind != "calls":
            changed.append(item)
            continue
        answers: list[Item] = []
        while index < len(items) and items[index].kind == "response":
            answers.append(items[index])
            index += 1
        for number, call in enumerate(item.calls):
            changed.append(Item(kind="calls", calls=(call,), slots=call.slots))
            changed += answers[number : number + 1]
        changed += answers[len(item.calls) :]
    return changed


def renumbered(items: Sequence[Item], _rng: Random) -> list[Item]:
    """Round numbers that count calls: a call's own number, the number of the next call for what precedes it."""
    changed: list[Item] = []
    made = answered = 0
    for item in items:
        if item.kind == "calls":
            calls = []
            for call in item.calls:
                made += 1
                calls.append(replace(call, slots=replace(call.slots, k=made, index=made - 1)))
            changed.append(replace(item, calls=tuple(calls), slots=calls[-1].slots))
        elif item.kind == "response":
            answered = min(answered + 1, max(made, 1))
            slots = replace(item.slots, k=answered, index=answered - 1)
            changed.append(replace(item, slots=slots))
        else:
            changed.append(replace(item, slots=replace(item.slots, k=made + 1)))
    return changed


def plan_alone(items: Sequence[Item], _rng: Random) -> list[Item]:
    """Thoughts and calls alone, up to the last call; a message without calls stays as it is."""
    last = max((i for i, item in enumerate(items) if item.kind == "calls"), default=-1)
    kept = [item for item in items[: last + 1] if item.kind in ("thought", "calls")]
    return kept or list(items)


def named(names: Mapping[str, str]) -> Step:
    """Calls of a kind (`shell`, `code`, `edit`) under the name that the framework gives them."""

    def step(items: Sequence[Item], _rng: Random) -> list[Item]:
        def rename(call: Call) -> Call:
            name = names.get(call.kind, call.name)
            return replace(call, name=name, slots=replace(call.slots, name=name))

        return [replace(item, calls=tuple(map(rename, item.calls))) for item in items]

    return step


def changed_bodies(kind: str, change: Callable[[str], str]) -> Step:
    """The bodies of one kind of items, rewritten."""

    def step(items: Sequence[Item], _rng: Random) -> list[Item]:
        return [
            replace(item, body=change(item.body)) if item.kind == kind else item for item in items
        ]

    return step
