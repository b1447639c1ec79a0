"""Messages that are one JSON object a round: AutoGPT, structured code, thought and action under keys."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects.framework_payloads import statement
from buzz_parser.data.dialects.model import Call, CallForm, Dialect, Item, Whole, Wrap
from buzz_parser.data.dialects.payloads import dump, json_call
from buzz_parser.data.dialects.render import CALL, RESPONSE, TEXT, THOUGHT
from buzz_parser.data.dialects.whole_json import (
    Listing,
    Object,
    Part,
    draw_style,
    write,
    write_whole,
)
from buzz_parser.data.dialects.whole_rounds import Round, rounds

THOUGHT_KEYS = ("thought", "thought", "thoughts", "reasoning", "rationale", "analysis", "thinking")
ANSWER_KEYS = ("answer", "answer", "final_answer", "response", "message", "reply")
NAME_KEYS = ("action", "action", "tool", "tool_name", "function", "command")
INPUT_KEYS = ("action_input", "args", "arguments", "input", "parameters", "tool_input")
RESULT_KEYS = ("observation", "result", "tool_result", "output")

Shape = Callable[[Round, Random], Object | None]
"""The object of a round; `None` where the round does not fit."""


@dataclass(frozen=True, kw_only=True)
class Framing:
    """What stands around each object; a label and a layout for results."""

    before: str = ""
    after: str = ""
    results: tuple[str, ...] = ("Observation:\n", "Observation: ", "Result: ")


PLAIN = Framing()
JSON_RESULTS = Framing(results=("",))
FENCED = Framing(before="```json\n", after="\n```")


def objects(shape: Shape, framing: Framing = PLAIN) -> Whole:
    """A message of one object a round, its results between the objects."""

    def whole(items: Sequence[Item], rng: Random) -> list[Piece] | None:
        style = draw_style(rng)
        label, key = rng.choice(framing.results), rng.choice(RESULT_KEYS)
        seed = rng.random()
        shown: list[list[Piece]] = []
        for part in rounds(items):
            if part.speaks:
                if (node := shape(part, Random(seed))) is None:
                    return None
                shown.append(write_whole(node, style, framing.before, framing.after))
            shown += [[Piece(RESPONSE, _result(r, label, key))] for r in part.responses]
        return separated(shown, "\n")

    return whole


def _result(response: Item, label: str, key: str) -> str:
    """A result behind its label or, without one, as an object of its own."""
    return response.slots.fill(label) + response.body if label else dump({key: response.body})


def separated(groups: Sequence[Sequence[Piece]], gap: str) -> list[Piece]:
    """Groups of pieces with a gap between them."""
    pieces: list[Piece] = []
    for index, group in enumerate(groups):
        if index:
            pieces.append(outside(gap))
        pieces += group
    return pieces


def sentences(body: str) -> list[str]:
    """The sentences or lines of a text."""
    return [part.strip() for part in re.split(r"(?<=[.!?。])\s+|\n+", body) if part.strip()]


def thought_and_action(round_: Round, rng: Random) -> Object | None:
    """`{"thought": …, "action": …, "action_input": …}`; an answer under a key of its own."""
    if len(round_.calls) > 1:
        return None
    call = round_.calls[0] if round_.calls else None
    thought_key, answer_key, name_key, input_key = _keys(rng)
    actions_first, step = rng.random() < 0.12, rng.randint(1, 60)
    thought = Part(THOUGHT, {thought_key: round_.thought} if round_.thought else {})
    spoken = Part(TEXT, {answer_key: round_.text} if round_.text else {})
    given = {name_key: call.name, input_key: call.arguments} if call else {}
    parts = [thought, spoken, Part(CALL, given)]
    if actions_first:
        parts = [parts.pop(), *parts]
    if step < 10:
        parts.insert(0, Part(None, {"step": step}))
    return Object(tuple(parts))


def action_with_answer(round_: Round, rng: Random) -> Object | None:
    """As `thought_and_action`, with answers as the action that ends the run (rule 5)."""
    if round_.calls:
        return thought_and_action(round_, rng)
    if not round_.text:
        return None
    thought_key, _, name_key, input_key = _keys(rng)
    name = rng.choice(("finish", "final_answer", "Final Answer"))
    value: Any = round_.text if rng.random() < 0.5 else {"answer": round_.text}
    thought = Part(THOUGHT, {thought_key: round_.thought} if round_.thought else {})
    return Object((thought, Part(CALL, {name_key: name, input_key: value})))


def _keys(rng: Random) -> list[str]:
    """The keys of the thought, the answer, the function and its arguments."""
    return [rng.choice(pool) for pool in (THOUGHT_KEYS, ANSWER_KEYS, NAME_KEYS, INPUT_KEYS)]


def reasoning_and_calls(round_: Round, rng: Random) -> Object | None:
    """`{"reasoning": …, "tool_calls": […], "response": null}`."""
    name_key, args_key = rng.choice((("name", "arguments"), ("tool", "args"), ("name", "input")))
    calls = [{name_key: call.name, args_key: call.arguments} for call in round_.calls]
    key = rng.choice(("response", "response", "message", "content", "final_answer"))
    thought_key = rng.choice(THOUGHT_KEYS)
    list_key = rng.choice(("tool_calls", "tool_calls", "actions", "calls", "tools"))
    return Object((
        _named(THOUGHT, thought_key, round_.thought or None),
        _named(CALL, list_key, calls) if calls else Part(None, {list_key: []}),
        _named(TEXT, key, round_.text or None),
    ))  # fmt: skip


def plan_and_next(round_: Round, rng: Random) -> Object | None:
    """`{"plan": […], "next": {…}}`."""
    if not round_.thought or len(round_.calls) > 1:
        return None
    call = round_.calls[0] if round_.calls else None
    plan_key = rng.choice(("plan", "plan", "steps", "thoughts"))
    said_key = rng.choice(("message", "say", "answer"))
    name_key = rng.choice(("tool", "name", "action"))
    next_key = rng.choice(("next", "next_step", "next_action"))
    plan = Part(THOUGHT, {plan_key: sentences(round_.thought)})
    said = Part(TEXT, {said_key: round_.text} if round_.text else {})
    given = {name_key: call.name, "args": call.arguments} if call else {}
    return Object((plan, said, Part(CALL, {next_key: given} if given else {})))


def thought_and_answer(round_: Round, rng: Random) -> Object | None:
    """`{"thought": …, "answer": …}`, without calls; the thought may be alone."""
    if round_.calls or not round_.thought:
        return None
    parts = [
        Part(THOUGHT, {rng.choice(THOUGHT_KEYS): round_.thought}),
        Part(TEXT, {rng.choice(ANSWER_KEYS): round_.text} if round_.text else {}),
        Part(None, {"confidence": rng.randint(50, 99) / 100} if rng.random() < 0.3 else {}),
    ]
    if rng.random() < 0.15:
        parts[:2] = reversed(parts[:2])
    return Object(tuple(parts))


def structured_code(round_: Round, _rng: Random) -> Object | None:
    """`{"thought": …, "code": …}` of smolagents; an answer is code that gives it."""
    if round_.calls:
        source = "\n".join(statement(style="print")(call) for call in round_.calls) + "\n"
    elif round_.text:
        source = f"final_answer({dump(round_.text)})"
    else:
        return None
    thought = Part(THOUGHT, {"thought": round_.thought} if round_.thought else {})
    return Object((thought, Part(CALL, {"code": source})))


def auto_gpt(round_: Round, rng: Random) -> Object | None:
    """`{"thoughts": {…}, "command": {…}}`; what `speak` says to the user is text."""
    if len(round_.calls) > 1:
        return None
    criticised, commands_first = rng.random() < 0.3, rng.random() < 0.15
    said = Part(TEXT, {"speak": round_.text} if round_.text else {})
    parts: list[Part] = []
    if round_.thought:
        thoughts = _thoughts(round_.thought) | ({"criticism": "none"} if criticised else {})
        parts.append(Part(THOUGHT, {"thoughts": Object((Part(None, thoughts), said))}))
    elif round_.text:
        parts.append(Part(None, {"thoughts": Object((said,))}))
    call = round_.calls[0] if round_.calls else None
    given = {"command": {"name": call.name, "args": call.arguments}} if call else {}
    command = Part(CALL, given)
    return Object((command, *parts) if commands_first else (*parts, command))


def _thoughts(thought: str) -> dict[str, Any]:
    """A thought over AutoGPT's keys, sentence by sentence."""
    first, *further = sentences(thought)
    middle = (len(further) + 1) // 2
    thoughts = {"text": first}
    if further:
        thoughts["reasoning"] = " ".join(further[:middle])
    if further[middle:]:
        thoughts["plan"] = "\n".join(f"- {step}" for step in further[middle:])
    return thoughts


def trace(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """`{"steps": [{"thought": …, "tool": …, "args": …, "observation": …}]}`, then the answer."""
    steps: list[tuple[str | None, Any]] = []
    answer = ""
    keys = [rng.choice(keys) for keys in (THOUGHT_KEYS, NAME_KEYS, INPUT_KEYS, RESULT_KEYS)]
    for part in rounds(items):
        if len(part.calls) > 1 or len(part.responses) > 1 or answer:
            return None
        members = [Part(THOUGHT, {keys[0]: part.thought} if part.thought else {})]
        if part.calls:
            call = part.calls[0]
            members.append(Part(CALL, {keys[1]: call.name, keys[2]: call.arguments}))
            members.append(Part(TEXT, {"say": part.text} if part.text else {}))
        else:
            answer = part.text
        members += [Part(RESPONSE, {keys[3]: response.body}) for response in part.responses]
        if any(member.members for member in members):
            steps.append((None, Object(tuple(members))))
    if not steps:
        return None
    spoken = Part(TEXT, {rng.choice(ANSWER_KEYS): answer} if answer else {})
    return write(Object((Part(None, {"steps": Listing(tuple(steps))}), spoken)), draw_style(rng))


def _named(label: str, key: str, value: Any) -> Part:
    return Part(label if value is not None else None, {key: value})


ACTION = CallForm(payload=json_call(name_key="action", args_key="action_input"))
COMMAND = CallForm(
    payload=json_call(name_key="name", args_key="args"), wrap=Wrap('{"command": ', "}")
)


def object_dialect(
    name: str, whole: Whole, *, family: str = "json-object", call: CallForm = ACTION
) -> Dialect:
    """A dialect of whole objects; what does not fit is bare objects for calls and results, and prose."""
    return Dialect(
        name=name,
        family=family,
        call=call,
        response=Wrap('{"observation": ', "}"),
        response_body=dump,
        whole=whole,
    )


def tool_list(call: Call) -> str:
    """A task of HuggingGPT; each depends on the one before."""
    index = call.slots.index
    value = {"task": call.name, "id": index, "dep": [index - 1], "args": call.arguments}
    return dump(value)


OBJECTS: tuple[Dialect, ...] = (
    object_dialect("F086-structured-code", objects(structured_code), family="structured-code"),
    object_dialect(
        "F107-autogpt",
        objects(auto_gpt, Framing(results=("Command %name% returned: ", "Command returned: "))),
        family="autogpt-json",
        call=COMMAND,
    ),
    Dialect(
        name="F108-hugginggpt",
        family="task-list",
        call=CallForm(payload=tool_list, group="list", joint=", "),
        response=Wrap('{"result": ', "}"),
        response_body=dump,
    ),
    object_dialect("W01-thought-action", objects(thought_and_action)),
    object_dialect("W02-action-with-answer", objects(action_with_answer)),
    object_dialect("W03-reasoning-tool-calls", objects(reasoning_and_calls)),
    object_dialect("W04-plan-next", objects(plan_and_next, JSON_RESULTS)),
    object_dialect("W05-thought-answer", objects(thought_and_answer)),
    object_dialect("W06-fenced-thought-action", objects(thought_and_action, FENCED)),
    object_dialect("W07-fenced-tool-calls", objects(reasoning_and_calls, FENCED)),
    object_dialect("W08-trace", trace),
)
