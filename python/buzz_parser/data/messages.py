"""What a message is: the slice of a transcript that becomes one, as items for a dialect."""

from collections.abc import Iterable, Sequence
from random import Random

from buzz_parser.data.dialects.model import Call, Item, Slots
from buzz_parser.data.dialects.payloads import python_literal
from buzz_parser.data.transcripts import ACTIONS, Step, Transcript

LONGEST_MESSAGE = 14_000
"""Characters of step bodies in one message, at most; longer slices are drawn again, then cut by round."""

SLICES: tuple[tuple[str, float], ...] = (
    ("turn", 0.46),
    ("rounds", 0.22),
    ("round", 0.1),
    ("text", 0.08),
    ("call", 0.05),
    ("response", 0.04),
    ("after", 0.05),
)
"""Kinds of slices and their shares: one turn of the assistant, some rounds, one round with its results, a
lone text, call or result, a result with what the assistant does next."""

SHELL_NAMES = ("bash", "execute_bash", "run_shell", "terminal", "run_command", "shell", "exec")
CODE_NAMES = ("python", "execute_python", "run_code", "code_interpreter", "execute_ipython_cell")
EDIT_NAMES = ("edit_file", "str_replace_editor", "apply_diff", "replace_in_file", "write_to_file")


def choose_items(transcript: Transcript, rng: Random) -> tuple[str, list[Item]]:
    """The kind of a drawn slice and its items; never empty."""
    runs = [run for run in _runs(transcript.steps) if run]
    run = rng.choices(runs, weights=[len(run) for run in runs])[0]
    kinds, weights = zip(*SLICES, strict=True)
    for _ in range(6):
        kind = rng.choices(kinds, weights)[0]
        steps = _slice(run, kind, rng)
        if steps and sum(len(step.body) for step in steps) <= LONGEST_MESSAGE:
            return kind, items_of(steps, rng)
    shortest = min(run, key=lambda step: len(step.body))
    return "step", items_of([shortest], rng)


def items_of(steps: Sequence[Step], rng: Random) -> list[Item]:
    """Steps as items: neighbouring actions form one round, calls and results get names, ids and numbers."""
    names = (rng.choice(SHELL_NAMES), rng.choice(CODE_NAMES), rng.choice(EDIT_NAMES))
    make_id = rng.choice((_call_id, _nine_letters, _function_id, _counter_id))
    items: list[Item] = []
    calls: list[Call] = []
    answered = number = 0
    round_number = 1
    for step in steps:
        if step.kind in ACTIONS:
            calls_open = bool(items) and items[-1].kind == "calls"
            index = len(items[-1].calls) if calls_open else 0
            if not calls_open:
                answered = len(calls)
            call = _call(step, names, make_id(rng, step.argument, number), index, round_number)
            number += 1
            calls.append(call)
            before = items.pop().calls if calls_open else ()
            items.append(Item(kind="calls", calls=(*before, call), slots=call.slots))
        elif step.kind == "response":
            call_of = calls[answered] if answered < len(calls) else None
            answered += 1
            items.append(Item(kind="response", body=step.body, slots=_answer(step, call_of, rng)))
            continue
        else:
            if items and items[-1].kind == "response":
                round_number += 1
            slots = Slots(k=round_number)
            items.append(Item(kind=step.kind, body=step.body, slots=slots))
    return items


def one_line(call: Call) -> str:
    """A call as a log names it: `name(key='value')`."""
    if call.kind == "shell":
        return call.body.split("\n")[0]
    given = ", ".join(f"{k}={python_literal(v, chr(39))}" for k, v in call.arguments.items())
    return f"{call.name}({given})"


def _runs(steps: Iterable[Step]) -> list[list[Step]]:
    """What stands between two messages of the user."""
    runs: list[list[Step]] = [[]]
    for step in steps:
        if step.kind == "user":
            runs.append([])
        elif step.kind != "tools":
            runs[-1].append(step)
    return runs


def rounds_of(run: Sequence[Step]) -> list[list[Step]]:
    """A run parted behind its results: each round is a turn of the assistant and what it got back."""
    rounds: list[list[Step]] = [[]]
    for before, step in zip([None, *run], run, strict=False):
        if before is not None and before.kind == "response" and step.kind != "response":
            rounds.append([])
        rounds[-1].append(step)
    return rounds


def _slice(run: Sequence[Step], kind: str, rng: Random) -> list[Step]:
    rounds = rounds_of(run)
    first = rng.randrange(len(rounds))
    chosen = rounds[first]
    turn, results = _parted(chosen)
    if kind == "rounds":
        return _some_rounds(rounds[first : first + rng.randint(2, 6)], rng)
    following = rounds[first + 1] if first + 1 < len(rounds) else []
    slices: dict[str, list[Step]] = {
        "turn": turn,
        "round": list(chosen),
        "after": results + _parted(following)[0],
        "response": results[: rng.randint(1, 3)],
        "call": [step for step in turn if step.kind in ACTIONS],
        "text": [step for step in turn if step.kind == "text"][:1],
    }
    return slices[kind]


def _some_rounds(rounds: Sequence[Sequence[Step]], rng: Random) -> list[Step]:
    """Rounds in a row; some as a log of the assistant's turns alone, some up to the last call."""
    steps = [step for part in rounds for step in part]
    draw = rng.random()
    if draw < 0.15:
        return _parted(steps)[0]
    while draw < 0.5 and steps and steps[-1].kind == "response":
        steps.pop()
    return steps


def _parted(steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """What the assistant did, and what it got back."""
    results = [step for step in steps if step.kind == "response"]
    return [step for step in steps if step.kind != "response"], results


def _call(
    step: Step, names: tuple[str, str, str], identity: str, index: int, round_number: int
) -> Call:
    shell, code, edit = names
    if step.kind == "call":
        name, arguments = step.argument, step.arguments
    elif step.kind == "shell":
        name, arguments = shell, {"command": step.body}
    elif step.kind == "code":
        name, arguments = code, {"code": step.body}
    else:
        name, arguments = edit, {"path": step.argument, "diff": step.body}
    argument = "" if step.kind in ("call", "shell") else step.argument
    kind = "function" if step.kind == "call" else step.kind
    slots = Slots(name=name, id=identity, index=index, k=round_number, arg=argument)
    return Call(
        kind=kind, name=name, arguments=arguments, argument=argument, body=step.body, slots=slots
    )


def _answer(step: Step, call: Call | None, rng: Random) -> Slots:
    if call is None:
        name = step.argument.split(" ")[0] or rng.choice(SHELL_NAMES)
        return Slots(name=name, id=_call_id(rng, name, 0), call=f"{name}()")
    slots = call.slots
    return Slots(
        name=slots.name,
        id=slots.id,
        index=slots.index,
        k=slots.k,
        arg=slots.arg,
        call=one_line(call),
    )


def _call_id(rng: Random, _name: str, _number: int) -> str:
    prefix = rng.choice(("call_", "call-", "toolu_01", "tc_", "chatcmpl-tool-"))
    return prefix + "".join(rng.choices("0123456789abcdef", k=rng.randint(6, 24)))


def _nine_letters(rng: Random, _name: str, _number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return "".join(rng.choices(letters, k=9))


def _function_id(_rng: Random, name: str, number: int) -> str:
    return f"functions.{name or 'run'}:{number}"


def _counter_id(_rng: Random, _name: str, number: int) -> str:
    return str(number)
