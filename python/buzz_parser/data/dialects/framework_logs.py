"""Transcripts as consoles and chat windows print them."""

import re
from collections.abc import Sequence
from html import escape
from random import Random

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects.framework_payloads import positional
from buzz_parser.data.dialects.framework_steps import changed_bodies, paired, reshaped, silent
from buzz_parser.data.dialects.model import Call, CallForm, Dialect, Gaps, Item, Turns, Wrap
from buzz_parser.data.dialects.payloads import dump, flat, json_arguments
from buzz_parser.data.dialects.render import CALL, RESPONSE, TEXT, THOUGHT

RULE = "-" * 80

AUTOGEN_TURNS = Turns(
    assistant=Wrap("assistant (to user):\n\n", f"\n\n{RULE}\n"),
    tool=Wrap("user (to assistant):\n\n", f"\n\n{RULE}\n"),
)
AUTOGEN_EXECUTING = Turns(
    assistant=Wrap("assistant (to executor):\n\n", f"\n\n{RULE}\n\n>>>>>>>> USING AUTO REPLY...\n"),
    tool=Wrap("executor (to assistant):\n\n", f"\n\n{RULE}\n"),
)

LONGEST_INLINE = 240
"""Characters of a result that is written inside a sentence, at most."""


def suggested_call(kind: str) -> CallForm:
    """AutoGen's banner; the line of stars below is as long as the line above."""

    def payload(call: Call) -> str:
        head = f"***** Suggested {kind} call ({call.slots.id}): {call.name} *****"
        return f"{head[6:]}\nArguments:\n{dump(call.arguments)}\n{'*' * len(head)}"

    return CallForm(payload=payload, wrap=Wrap("***** "))


def camel(name: str) -> str:
    """`read_file` as `ReadFile`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[_\W]+", name) if part)


def terminal_call(call: Call) -> str:
    """`Bash(ls)`, `Update(path)`, `ReadFile(notes.txt)`: what a terminal shows of a call."""
    if call.kind == "shell":
        return f"Bash({_hanging(call.body, '      ')})"
    if call.kind == "edit":
        return f"Update({call.argument})"
    first = flat(next(iter(call.arguments.values()), ""))
    return f"{camel(call.name)}({_hanging(first, '      ')})"


def terminal_result(body: str) -> str:
    """A result, indented; of a long one, the first lines and how many were left out."""
    lines = body.split("\n")
    if len(lines) > 6:
        lines = [*lines[:4], f"… +{len(lines) - 4} lines (ctrl+o to expand)"]
    return _hanging("\n".join(lines), "     ") or "(No content)"


def _hanging(body: str, pad: str) -> str:
    first, *rest = body.split("\n")
    return "\n".join([first, *(f"{pad}{line}".rstrip() for line in rest)])


def _indented(body: str) -> str:
    return _hanging(body, "  ")


def helper_call(call: Call) -> str:
    """`set "result" (Files-Read path="notes.txt")`."""
    helper = "-".join(part[:1].upper() + part[1:] for part in re.split(r"[_.]+", call.name) if part)
    given = "".join(f" {key}={dump(value)}" for key, value in call.arguments.items())
    return f'set "{call.name.split("_")[-1]}" ({helper}{given})'


def web_ui(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """Open WebUI: thoughts and calls as `details`; a call's result is an attribute of its own element."""
    pieces: list[Piece] = []
    seconds = rng.randint(1, 90)
    ordered = paired(items, rng)
    for index, item in enumerate(ordered):
        if item.kind == "response" and (not index or ordered[index - 1].kind != "calls"):
            return None
        if pieces and item.kind != "response":
            pieces.append(outside("\n"))
        if item.kind == "thought":
            quoted = "\n".join(f"> {line}".rstrip() for line in item.body.split("\n"))
            opener = f'<details type="reasoning" done="true" duration="{seconds}">'
            summary = f"<summary>Thought for {seconds} seconds</summary>"
            pieces.append(Piece(THOUGHT, f"{opener}\n{summary}\n{quoted}\n</details>"))
        elif item.kind == "text":
            pieces.append(Piece(TEXT, item.body))
        elif item.kind == "calls":
            answered = index + 1 < len(ordered) and ordered[index + 1].kind == "response"
            pieces += _details(item.calls[0], answered=answered)
        else:
            result = escape(dump(item.body))
            tail = '">\n<summary>Tool Executed</summary>\n</details>'
            pieces += [outside(" "), Piece(RESPONSE, f'result="{result}{tail}')]
    return pieces


def _details(call: Call, *, answered: bool) -> list[Piece]:
    done = "true" if answered else "false"
    head = f'<details type="tool_calls" done="{done}" id="{call.slots.id}" name="{call.name}"'
    opened = f'{head} arguments="{escape(dump(call.arguments))}"'
    if answered:
        return [Piece(CALL, opened)]
    return [Piece(CALL, f"{opened}>\n<summary>Executing...</summary>\n</details>")]


def inline_calls(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """Toolformer: calls with their results inside the sentences of the text; thoughts are left out."""
    ordered = [item for item in paired(items, rng) if item.kind != "thought"]
    marked: list[Piece] = []
    for index, item in enumerate(ordered):
        if item.kind == "text":
            opening, rest = _opened(item.body, rng)
            at = _calls_begin(marked)
            if opening and at < len(marked):
                marked.insert(at, Piece(TEXT, opening))
                marked.append(Piece(TEXT, rest))
            else:
                marked.append(Piece(TEXT, item.body))
        elif item.kind == "response":
            shown = " ".join(item.body.split())
            if not index or ordered[index - 1].kind != "calls" or len(shown) > LONGEST_INLINE:
                return None
            marked.append(Piece(RESPONSE, f"→ {shown}]"))
        else:
            answered = index + 1 < len(ordered) and ordered[index + 1].kind == "response"
            source = f"[{positional()(item.calls[0])}"
            marked.append(Piece(CALL, source if answered else f"{source}]"))
    return _spaced(marked)


def _opened(body: str, rng: Random) -> tuple[str, str]:
    """A text parted at a space between its first words."""
    spaces = [match.start() for match in re.finditer(r"(?<=\w) (?=\w)", body[:80])]
    if not spaces:
        return "", body
    at = rng.choice(spaces)
    return body[:at], body[at + 1 :]


def _calls_begin(pieces: Sequence[Piece]) -> int:
    """Where the calls at the end of the pieces begin."""
    at = len(pieces)
    while at and pieces[at - 1].label in (CALL, RESPONSE):
        at -= 1
    return at


def _spaced(pieces: Sequence[Piece]) -> list[Piece]:
    spaced: list[Piece] = []
    for piece in pieces:
        if spaced:
            spaced.append(outside(" "))
        spaced.append(piece)
    return spaced


AUTOGEN: tuple[Dialect, ...] = tuple(
    Dialect(
        name=name,
        family="autogen-console",
        call=suggested_call(kind),
        response=Wrap(f"***** Response from calling {kind} (%id%) *****\n", f"\n{'*' * 50}"),
        turns=turns,
        gaps=Gaps(default="\n\n"),
    )
    for name, kind, turns in (
        ("F118-autogen", "tool", AUTOGEN_TURNS),
        ("F118b-autogen-function", "function", AUTOGEN_EXECUTING),
    )
)

CALLING = CallForm(
    payload=json_arguments(),
    wrap=Wrap("=== Calling Function ===\nCalling function: %name% with args: "),
)

TERMINAL = CallForm(payload=terminal_call, wrap=Wrap("⏺ "))

LOGS: tuple[Dialect, ...] = (
    Dialect(
        name="F110-toolformer",
        family="inline-calls",
        call=CallForm(payload=positional(), wrap=Wrap("[", "]")),
        response=Wrap("→ ", "]"),
        gaps=Gaps(default=" "),
        whole=inline_calls,
    ),
    Dialect(
        name="F117-open-webui",
        family="html-details",
        call=CallForm(
            payload=lambda call: escape(dump(call.arguments)),
            wrap=Wrap(
                '<details type="tool_calls" done="false" id="%id%" name="%name%" arguments="',
                '">\n<summary>Executing...</summary>\n</details>',
            ),
        ),
        thought=Wrap('<details type="reasoning" done="true">\n', "\n</details>"),
        response=Wrap("<details>\n<summary>Tool Executed</summary>\n", "\n</details>"),
        whole=web_ui,
    ),
    *AUTOGEN,
    reshaped(
        Dialect(
            name="F119-llamaindex",
            family="llamaindex-log",
            call=CALLING,
            response=Wrap("Got output: ", f"\n{'=' * 24}"),
            gaps=Gaps(default="\n\n", before_response="\n"),
        ),
        silent,
        paired,
    ),
    reshaped(
        Dialect(
            name="F119b-llamaindex-output",
            family="llamaindex-log",
            call=CALLING,
            final=Wrap("=== LLM Response ===\n"),
            response=Wrap("=== Function Output ===\n"),
        ),
        silent,
        paired,
    ),
    *(
        reshaped(
            Dialect(
                name=name,
                family="claude-code-terminal",
                call=TERMINAL,
                thought=Wrap(opener),
                text=Wrap("⏺ "),
                final=Wrap("⏺ "),
                response=Wrap("  ⎿  "),
                response_body=terminal_result,
                gaps=Gaps(default="\n\n", before_response="\n"),
            ),
            paired,
            changed_bodies("text", _indented),
            changed_bodies("thought", _indented),
        )
        for name, opener in (
            ("F120-claude-code", "✻ Thinking…\n\n  "),
            ("F120b-claude-code-spinner", "✽ Crystallizing… (thinking)\n  "),
        )
    ),
    Dialect(
        name="F121-handlebars",
        family="handlebars",
        call=CallForm(payload=helper_call, wrap=Wrap("{{", "}}")),
        response=Wrap("{{!-- ", " --}}"),
        gaps=Gaps(default="\n\n"),
    ),
)
