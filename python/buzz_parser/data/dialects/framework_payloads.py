"""The bodies of calls as agent frameworks write them, where no general payload does."""

import json
import shlex
from collections.abc import Callable
from typing import Any

from buzz_parser.data.dialects import blocks
from buzz_parser.data.dialects.model import Call, Payload
from buzz_parser.data.dialects.payloads import dump, flat, python_literal

ANSWER_NAMES = ("Final Answer", "final_answer", "Finish", "finish", "respond")
"""Functions whose one argument is the answer; several formats write it without its key."""

INTERPRETERS = {"python": "python3", "javascript": "node", "js": "node", "r": "Rscript"}


def outlined(pairs: Callable[[Call], dict[str, Any]], *, indent: int = 2) -> Payload:
    """An object with a line for each key, its values on one line each."""

    def payload(call: Call) -> str:
        return outline(pairs(call), indent)

    return payload


def outline(value: dict[str, Any], indent: int) -> str:
    """An object with a line for each key, its values on one line each."""
    pad = " " * indent
    lines = [f"{pad}{json.dumps(key)}: {dump(item)}" for key, item in value.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def input_of(call: Call, *, flatten: bool) -> Any:
    """The arguments; an answer, and with `flatten` every single string, without its key."""
    values = list(call.arguments.values())
    alone = len(values) == 1 and isinstance(values[0], str)
    return values[0] if alone and (flatten or call.name in ANSWER_NAMES) else call.arguments


def action_blob(*, indent: int | None, flatten: bool = False) -> Payload:
    """`{"action": …, "action_input": …}`, as LangChain writes it."""

    def payload(call: Call) -> str:
        value = {"action": call.name, "action_input": input_of(call, flatten=flatten)}
        return dump(value) if indent is None else outline(value, indent)

    return payload


def plain_input(call: Call) -> str:
    """The arguments as JSON, a single string as it is."""
    return flat(input_of(call, flatten=True))


def statement(*, style: str = "assign", prefix: str = "") -> Payload:
    """Python source that makes the call: `assign` to a name and print, `print` at once, or `bare`.

    Code is its own source; an answer is given by position.
    """

    def payload(call: Call) -> str:
        if call.kind == "code":
            return call.body
        name = prefix + call.name.replace("-", "_").replace(" ", "_")
        if call.name in ANSWER_NAMES:
            return f"{name}({python_literal(input_of(call, flatten=True), chr(34))})"
        given = ", ".join(f"{k}={python_literal(v, chr(34))}" for k, v in call.arguments.items())
        source = f"{name}({given})"
        if style == "bare":
            return source
        if style == "print":
            return f"print({source})"
        result = "result" if call.slots.index == 0 else f"result_{call.slots.index + 1}"
        return f"{result} = {source}\nprint({result})"

    return payload


def positional(*, quote: str = '"') -> Payload:
    """`name("value", 3)`, the keys dropped."""

    def payload(call: Call) -> str:
        values = ", ".join(python_literal(value, quote) for value in call.arguments.values())
        return f"{call.name}({values})"

    return payload


def shell_line(call: Call) -> str:
    """What a shell runs: commands as they are, code and patches as here-documents, functions as words."""
    if call.kind == "shell":
        return call.body
    if call.kind == "code":
        language = call.argument or "python"
        return f"{INTERPRETERS.get(language, language)} - <<'EOF'\n{call.body}\nEOF"
    if (patch := blocks.begin_patch(call)) is not None:
        return f"apply_patch <<'EOF'\n{patch}\nEOF"
    return " ".join([call.name, *(shlex.quote(flat(value)) for value in call.arguments.values())])


def one_command(call: Call) -> str:
    """As `shell_line`; what has several lines is the quoted argument of one shell."""
    line = shell_line(call)
    return f"bash -c {shlex.quote(line)}" if "\n" in line else line


def window_line(call: Call) -> str:
    """As `shell_line`, with edits in the line editor of SWE-agent."""
    found = blocks.replacements(call.body) if call.kind == "edit" else []
    if not found:
        return shell_line(call)
    parts = []
    for old, new in found:
        text = "\n".join(new)
        parts.append(f"edit 1:{max(len(old), 1)}\n{text}\nend_of_edit")
    return "\n".join(parts)


def tagged(field: str = "<%key%>%value%</%key%>\n", *, lines: bool = False) -> Payload:
    """One field an argument, each with its own line end; `lines` gives values of several lines their own."""

    def payload(call: Call) -> str:
        parts = []
        for key, value in call.arguments.items():
            shown = flat(value)
            if lines and "\n" in shown:
                shown = f"\n{shown}\n"
            parts.append(field.replace("%key%", key).replace("%value%", shown))
        return "".join(parts)

    return payload
