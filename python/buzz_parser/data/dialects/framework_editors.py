"""Coding assistants with an element a tool, and call syntax where none is executed: Cline, Roo, GOAP, leaks."""

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects import blocks
from buzz_parser.data.dialects.framework_lines import CHATML_USER
from buzz_parser.data.dialects.framework_payloads import tagged
from buzz_parser.data.dialects.framework_steps import Step, answer_as_call, reshaped
from buzz_parser.data.dialects.framework_xml import invoke_form
from buzz_parser.data.dialects.model import Block, Call, CallForm, Dialect, Gaps, Item, Wrap
from buzz_parser.data.dialects.payloads import flat, json_arguments, json_call, python_call
from buzz_parser.data.dialects.render import CALL, render

RESULT = Wrap("[%call%] Result:\n\n")

PATH_KEYS = ("path", "file", "file_path", "filename", "filepath")

REFLECTIONS = (
    "the arguments are known",
    "nothing is known yet, this has to come first",
    "one call is enough for now",
    "no result so far; the next step depends on it",
)

STRAY_WORDS = ("count", "call", "court", "invoke")

_FIRST_VALUE = re.compile(r"[\w.-]+\([\w-]+=('(?:[^'\\]|\\.)*'|[^,()]+)")


def described_results(items: Sequence[Item], _rng: Random) -> list[Item]:
    """Results that name their call as `read_file for 'notes.txt'`."""
    changed = []
    for item in items:
        if item.kind == "response":
            found = _FIRST_VALUE.match(item.slots.call)
            value = f" for {found[1]}" if found and len(found[1]) < 80 else ""
            slots = replace(item.slots, call=f"{item.slots.name}{value}")
            item = replace(item, slots=slots)  # noqa: PLW2901
        changed.append(item)
    return changed


def goals(items: Sequence[Item], rng: Random) -> list[Item]:
    """Thoughts as a scratch pad with goal, planned calls and reflection; the planned calls are not executed."""
    planned = python_call(prefix="functions.", quote='"')
    changed: list[Item] = []
    for index, item in enumerate(items):
        if item.kind != "thought":
            changed.append(item)
            continue
        following = next((after for after in items[index:] if after.kind == "calls"), None)
        calls = following.calls if following else ()
        lines = [f"Goal: {item.body}", "Actions:"]
        lines += [f"- {call.name.split('.')[-1]}_result = {planned(call)}" for call in calls]
        seen = "None" if not any(before.kind == "response" for before in items[:index]) else "given"
        lines += [f"Observation: {seen}", f"Reflection: {rng.choice(REFLECTIONS)}"]
        if not calls:
            lines = [f"Observation: {item.body}", "Reflection: the goal is reached"]
        changed.append(replace(item, body="\n".join(lines)))
    return changed


def leaked(dialect: Dialect) -> Dialect:
    """A dialect in whose messages a stray word stands on a line before the first call of a round."""

    def whole(items: Sequence[Item], rng: Random) -> list[Piece] | None:
        pieces: list[Piece] = []
        calling = False
        for piece in render(items, dialect, rng):
            if piece.label == CALL and not calling and rng.random() < 0.8:
                pieces.append(outside(f"{rng.choice(STRAY_WORDS)}\n"))
            calling = piece.label == CALL or (calling and piece.label is None)
            pieces.append(piece)
        return pieces or None

    return replace(dialect, whole=whole)


def cline_block(call: Call) -> str | None:
    """Commands and edits in Cline's own elements."""
    if call.kind == "shell":
        return (
            f"<execute_command>\n<command>{call.body}</command>\n"
            "<requires_approval>false</requires_approval>\n</execute_command>"
        )
    if call.kind != "edit":
        return None
    hunks = []
    for old, new in blocks.replacements(call.body):
        hunks.append("\n".join(["------- SEARCH", *old, "=======", *new, "+++++++ REPLACE"]))
    body = "\n\n".join(hunks)
    return (
        f"<replace_in_file>\n<path>{call.argument}</path>\n<diff>\n{body}\n</diff>\n"
        "</replace_in_file>"
    )


def roo_block(call: Call) -> str | None:
    """Commands and edits in Roo's own elements."""
    if call.kind == "shell":
        return f"<execute_command>\n<command>{call.body}</command>\n</execute_command>"
    if call.kind != "edit":
        return None
    head = f"<apply_diff>\n<args>\n<file>\n  <path>{call.argument}</path>\n  <diff>\n"
    tail = "\n]]></content>\n  </diff>\n</file>\n</args>\n</apply_diff>"
    return f"{head}    <content><![CDATA[\n{call.body}{tail}"


def roo_arguments(call: Call) -> str:
    """Arguments as elements; a file's inside `args` and `file`."""
    fields = [f"<{key}>{flat(value)}</{key}>" for key, value in call.arguments.items()]
    if not any(key in PATH_KEYS for key in call.arguments):
        return "".join(f"{field}\n" for field in fields)
    lines = ["<args>", "  <file>", *(f"    {field}" for field in fields), "  </file>", "</args>"]
    return "\n".join(lines) + "\n"


def with_progress(call: Call) -> str:
    """Arguments as elements, then the task's progress."""
    done = "- [x] look at the request\n" if call.slots.k > 1 else ""
    steps = f"{done}- [ ] {call.name.replace('_', ' ')}"
    return f"{tagged()(call)}<task_progress>\n{steps}\n</task_progress>\n"


def assistant(
    name: str, call: CallForm, *, answer: float, thought: Wrap | None = None, apart: bool = False
) -> Dialect:
    """An assistant in an editor: results come as messages of the user and name their call."""
    steps: tuple[Step, ...] = (
        answer_as_call("attempt_completion", "result", share=answer),
        described_results,
    )
    plain = Dialect(
        name=name,
        family="tool-named-tags",
        call=call,
        thought=thought or Wrap("<thinking>", "</thinking>"),
        response=RESULT,
        turns=CHATML_USER,
        gaps=Gaps(default="\n\n" if apart else "\n"),
    )
    return reshaped(plain, *steps)


def element(block: Block | None = cline_block) -> CallForm:
    """An element named after the tool, a child an argument."""
    return CallForm(payload=_completion, wrap=Wrap("<%name%>\n", "</%name%>"), block=block)


def _completion(call: Call) -> str:
    field = "<%key%>\n%value%\n</%key%>\n" if call.name == "attempt_completion" else None
    return tagged(field)(call) if field else tagged()(call)


MCP = CallForm(
    payload=lambda call: f"{json_arguments(indent=2)(call)}\n",
    wrap=Wrap(
        "<use_mcp_tool>\n<server_name>main</server_name>\n<tool_name>%name%</tool_name>\n<arguments>\n",
        "</arguments>\n</use_mcp_tool>",
    ),
    block=cline_block,
)

EDITORS: tuple[Dialect, ...] = (
    assistant("F093-cline", element(), answer=0.7),
    assistant(
        "F093b-cline-progress",
        CallForm(payload=with_progress, wrap=Wrap("<%name%>\n", "</%name%>"), block=cline_block),
        answer=0.0,
        apart=True,
    ),
    assistant("F093c-cline-mcp", MCP, answer=0.0),
    assistant(
        "F093d-cline-apart",
        element(),
        answer=0.5,
        thought=Wrap("<thinking>\n", "\n</thinking>"),
        apart=True,
    ),
    assistant(
        "F094-roo",
        CallForm(payload=roo_arguments, wrap=Wrap("<%name%>\n", "</%name%>"), block=roo_block),
        answer=0.3,
        apart=True,
    ),
    reshaped(
        Dialect(
            name="F105-hermes-goap",
            family="hermes-json",
            call=CallForm(
                payload=json_call(python=True), wrap=Wrap("<tool_call>\n", "\n</tool_call>")
            ),
            thought=Wrap("<scratch_pad>\n", "\n</scratch_pad>"),
            response=Wrap("<tool_response>\n", "\n</tool_response>"),
        ),
        goals,
    ),
    leaked(
        Dialect(
            name="F122-leaked-invoke",
            family="xml-invoke",
            call=invoke_form("", bare=True),
            response=Wrap("<function_results>\n", "\n</function_results>"),
            gaps=Gaps(default="\n\n"),
        )
    ),
)
