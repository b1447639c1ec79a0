"""Frameworks that edit files: Aider, apply_patch, bolt."""

from pathlib import PurePosixPath

from buzz_parser.data.dialects import blocks
from buzz_parser.data.dialects.framework_code import NAMED_USER
from buzz_parser.data.dialects.framework_lines import CHATML_USER
from buzz_parser.data.dialects.framework_payloads import one_command, shell_line
from buzz_parser.data.dialects.framework_steps import named, reshaped
from buzz_parser.data.dialects.model import Block, Call, CallForm, Dialect, Gaps, Turns, Wrap
from buzz_parser.data.dialects.payloads import dump, json_arguments, json_call, nested_call

LANGUAGES = {
    "py": "python",
    "js": "javascript",
    "ts": "typescript",
    "rs": "rust",
    "rb": "ruby",
    "sh": "bash",
    "md": "markdown",
    "yml": "yaml",
}
"""Fence languages of file suffixes; others are written as they are."""

PARTED = Gaps(default="\n\n")

HARMONY = Turns(
    assistant=Wrap("<|start|>assistant", "<|end|>"),
    tool=Wrap("<|start|>functions.%name% to=assistant", "<|end|>"),
)


def aider_edit(*, path_inside: bool) -> Block:
    """SEARCH/REPLACE in a fence of the file's language; the path before the fence or inside it."""

    def block(call: Call) -> str | None:
        if call.kind != "edit":
            return None
        suffix = PurePosixPath(call.argument).suffix.removeprefix(".")
        fence = f"```{LANGUAGES.get(suffix, suffix)}"
        if path_inside:
            return f"{fence}\n{call.argument}\n{call.body}\n```"
        return f"{call.argument}\n{fence}\n{call.body}\n```"

    return block


def here_patch(call: Call) -> str | None:
    """`apply_patch` fed by a here-document, in a fence."""
    patch = blocks.begin_patch(call)
    return None if patch is None else f"```bash\napply_patch <<'PATCH'\n{patch}\nPATCH\n```"


def aider(name: str, edit: Block, turns: Turns = CHATML_USER) -> Dialect:
    """Aider with one edit format; what is no edit is a command of its chat."""
    return Dialect(
        name=name,
        family="aider",
        call=CallForm(payload=one_command, wrap=Wrap("/run "), block=edit),
        turns=turns,
        gaps=PARTED,
    )


def command_list(call: Call) -> str:
    """The arguments of Codex's shell."""
    return dump({"command": ["bash", "-lc", shell_line(call)]})


def patch_or_arguments(call: Call) -> str:
    """A patch as the raw body of its call, arguments as JSON."""
    return blocks.begin_patch(call) or json_arguments()(call)


def bolt_action(call: Call) -> str:
    """A file with its new content, or a command."""
    if call.kind == "edit":
        lines = [line for _, new in blocks.replacements(call.body) for line in new]
        opener = f'<boltAction type="file" filePath="{call.argument}">'
        return "\n".join([opener, *lines, "</boltAction>"])
    return f'<boltAction type="shell">\n{shell_line(call)}\n</boltAction>'


AIDER: tuple[Dialect, ...] = (
    aider("F095-aider-diff", blocks.search_replace()),
    aider("F095b-aider-diff-language", aider_edit(path_inside=False), NAMED_USER),
    aider("F095c-aider-diff-fenced", aider_edit(path_inside=True)),
    aider("F095d-aider-diff-fenced-plain", blocks.search_replace(path_inside=True), NAMED_USER),
    aider("F096-aider-udiff", blocks.unified_diff),
    aider("F096b-aider-whole", blocks.whole_file(Wrap("%arg%\n```\n", "\n```")), NAMED_USER),
)

PATCH: tuple[Dialect, ...] = (
    Dialect(
        name="F097-apply-patch",
        family="apply-patch",
        call=CallForm(payload=command_list, block=blocks.begin_patch),
        turns=CHATML_USER,
        gaps=PARTED,
    ),
    Dialect(
        name="F097b-apply-patch-here-document",
        family="apply-patch",
        call=CallForm(payload=json_call(), block=here_patch),
        turns=CHATML_USER,
        gaps=PARTED,
    ),
    reshaped(
        Dialect(
            name="F097c-apply-patch-harmony",
            family="harmony",
            call=CallForm(
                payload=patch_or_arguments,
                wrap=Wrap("<|channel|>commentary to=functions.%name%<|message|>"),
                joint="<|call|><|start|>assistant",
            ),
            thought=Wrap("<|channel|>analysis<|message|>"),
            text=Wrap("<|channel|>commentary<|message|>"),
            final=Wrap("<|channel|>final<|message|>"),
            response=Wrap("<|channel|>commentary<|message|>"),
            turns=HARMONY,
            gaps=Gaps(default="<|end|><|start|>assistant"),
        ),
        named({"edit": "apply_patch"}),
    ),
    reshaped(
        Dialect(
            name="F097d-apply-patch-api",
            family="apply-patch",
            call=CallForm(
                payload=nested_call(
                    {"id": "%id%", "type": "function"},
                    "function",
                    args_key="arguments",
                    as_string=True,
                ),
                block=blocks.begin_patch,
            ),
            turns=CHATML_USER,
        ),
        named({"shell": "shell"}),
    ),
)

BOLT: tuple[Dialect, ...] = (
    Dialect(
        name="F098-bolt-artifact",
        family="bolt",
        call=CallForm(
            payload=bolt_action,
            group="section",
            section=Wrap('<boltArtifact id="%name%-%k%" title="%name%">\n', "\n</boltArtifact>"),
        ),
        turns=CHATML_USER,
        gaps=PARTED,
    ),
    Dialect(
        name="F098b-bolt-artifact-type",
        family="bolt",
        call=CallForm(
            payload=bolt_action,
            group="section",
            joint="\n\n",
            section=Wrap(
                '<boltArtifact id="%name%" type="bundled" title="%name%">\n', "\n</boltArtifact>"
            ),
        ),
        thought=Wrap("<thinking>", "</thinking>"),
        turns=CHATML_USER,
        gaps=PARTED,
    ),
)

EDITS: tuple[Dialect, ...] = (*AIDER, *PATCH, *BOLT)
