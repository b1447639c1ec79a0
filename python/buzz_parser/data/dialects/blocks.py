"""Shell commands, code and edits as blocks of their own, in dialects that execute them."""

from buzz_parser.data.dialects.model import Block, Call, Wrap

FENCE_LANGUAGES = {"shell": "bash", "code": "python"}


def fence(language: str | None = None, *, ticks: str = "```") -> Block:
    """A Markdown fence; `language` `None` writes the step's own, `""` none at all."""

    def block(call: Call) -> str | None:
        if call.kind == "edit":
            return None
        own = call.argument or FENCE_LANGUAGES[call.kind]
        return f"{ticks}{own if language is None else language}\n{call.body}\n{ticks}"

    return block


def tags(shell: Wrap | None, code: Wrap | None) -> Block:
    """A pair of markers for shell commands and one for code."""

    def block(call: Call) -> str | None:
        wrap = {"shell": shell, "code": code}.get(call.kind)
        return None if wrap is None else wrap.around(call.body, call.slots)

    return block


def search_replace(*, fenced: bool = True, path_inside: bool = False, ticks: str = "```") -> Block:
    """A path and SEARCH/REPLACE blocks, as Aider writes edits."""

    def block(call: Call) -> str | None:
        if call.kind != "edit":
            return None
        if not fenced:
            return f"{call.argument}\n{call.body}"
        if path_inside:
            return f"{ticks}\n{call.argument}\n{call.body}\n{ticks}"
        return f"{call.argument}\n{ticks}\n{call.body}\n{ticks}"

    return block


def begin_patch(call: Call) -> str | None:
    """`*** Begin Patch` with one hunk a replacement."""
    if call.kind != "edit":
        return None
    lines = ["*** Begin Patch", f"*** Update File: {call.argument}"]
    for old, new in replacements(call.body):
        lines.append("@@")
        lines += [f"-{line}" for line in old] + [f"+{line}" for line in new]
    return "\n".join([*lines, "*** End Patch"])


def unified_diff(call: Call) -> str | None:
    """A simplified unified diff in a fence."""
    if call.kind != "edit":
        return None
    lines = ["```diff", f"--- {call.argument}", f"+++ {call.argument}"]
    for old, new in replacements(call.body):
        lines.append("@@ ... @@")
        lines += [f"-{line}" for line in old] + [f"+{line}" for line in new]
    return "\n".join([*lines, "```"])


def whole_file(wrap: Wrap) -> Block:
    """The new content of a file between markers, as bolt writes it; for edits alone."""

    def block(call: Call) -> str | None:
        if call.kind != "edit":
            return None
        lines = [line for _, new in replacements(call.body) for line in new]
        return wrap.around("\n".join(lines), call.slots)

    return block


def first_of(*candidates: Block) -> Block:
    """The first block that takes a call."""

    def block(call: Call) -> str | None:
        for candidate in candidates:
            if (found := candidate(call)) is not None:
                return found
        return None

    return block


def replacements(body: str) -> list[tuple[list[str], list[str]]]:
    """The old and new lines of each SEARCH/REPLACE block of an edit."""
    found: list[tuple[list[str], list[str]]] = []
    side = -1
    for line in body.split("\n"):
        if line.startswith("<<<<<<< "):
            found.append(([], []))
            side = 0
        elif line.startswith("=======") and side == 0:
            side = 1
        elif line.startswith(">>>>>>> "):
            side = -1
        elif side >= 0:
            found[-1][side].append(line)
    return found
