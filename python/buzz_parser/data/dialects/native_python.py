"""Native formats that write calls as Python between markers."""

from dataclasses import replace

from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Turns, Wrap
from buzz_parser.data.dialects.native_markers import CHATML_TOOL, JOINED, THINK, THINK_LINES
from buzz_parser.data.dialects.native_payloads import (
    concise_function,
    tight_python_call,
    verbose_function,
)
from buzz_parser.data.dialects.native_steps import behind, between, shaped, until
from buzz_parser.data.dialects.payloads import json_call, python_call
from buzz_parser.data.dialects.render import CALL, THOUGHT

LFM2 = Dialect(
    name="F035-lfm2",
    family="lfm-tokens",
    call=CallForm(
        payload=python_call(),
        group="list",
        section=Wrap("<|tool_call_start|>", "<|tool_call_end|>"),
        joint=", ",
    ),
    thought=THINK,
    turns=CHATML_TOOL,
    gaps=JOINED,
)

SECTIONS: tuple[Dialect, ...] = (
    LFM2,
    shaped(
        replace(LFM2, name="F035b-lfm2-json", call=replace(LFM2.call, payload=json_call())),
        items=(behind("text", "calls"),),
    ),
    Dialect(
        name="F051-olmo3",
        family="olmo-calls",
        call=CallForm(
            payload=python_call(literals="json"),
            group="section",
            section=Wrap("<function_calls>\n", "\n</function_calls>"),
        ),
        thought=THINK_LINES,
        turns=Turns(
            assistant=Wrap("<|im_start|>assistant\n", "<|im_end|>\n"),
            tool=Wrap("<|im_start|>environment\n", "<|im_end|>\n"),
            shared=True,
        ),
        gaps=Gaps(default="\n\n", before_response="\n"),
    ),
    shaped(
        Dialect(
            name="F058-nexus-raven",
            family="nexus-raven",
            call=CallForm(
                payload=python_call(), group="section", section=Wrap("Call: "), joint="; "
            ),
            thought=Wrap("Thought: "),
        ),
        items=(until("response"), behind("thought", "calls")),
        seams=(between(CALL, THOUGHT, "<bot_end>\n"),),
    ),
    shaped(
        Dialect(
            name="F063-minicpm4",
            family="minicpm-tokens",
            call=CallForm(
                payload=tight_python_call,
                group="section",
                section=Wrap("<|tool_call_start|>\n```python\n", "\n```\n<|tool_call_end|>"),
            ),
            thought=Wrap("<|thought_start|>\n", "\n<|thought_end|>"),
            turns=CHATML_TOOL,
        ),
        items=(behind("text", "calls"),),
    ),
)
"""NexusRaven's calls have no result; the role of MiniCPM's is in no source."""

TOOLCALL = Wrap("<TOOLCALL>", "</TOOLCALL>")
BODIES: tuple[tuple[str, CallForm], ...] = (
    ("python", CallForm(payload=python_call(), group="list", joint=", ")),
    (
        "json",
        CallForm(
            payload=json_call(name_key="function", args_key="parameters"),
            group="section",
            section=Wrap("```json\n[", "]\n```"),
            joint=", ",
        ),
    ),
    (
        "verbose-xml",
        CallForm(
            payload=verbose_function,
            group="section",
            section=Wrap("<functions>", "</functions>"),
            joint="",
        ),
    ),
    (
        "concise-xml",
        CallForm(
            payload=concise_function,
            group="section",
            section=Wrap("<functions>", "</functions>"),
            joint="",
        ),
    ),
)
"""The bodies that the Berkeley leaderboard asks for in its prompts."""


def bfcl(name: str, form: CallForm, *, tagged: bool) -> Dialect:
    """A body of the leaderboard, with or without a tag around it."""
    section = form.section
    if tagged:
        section = Wrap(TOOLCALL.open + section.open, section.close + TOOLCALL.close)
    return Dialect(
        name=name,
        family="bfcl-prompt",
        call=replace(form, section=section),
        turns=CHATML_TOOL,
    )


BFCL: tuple[Dialect, ...] = tuple(
    bfcl(f"F076{letter}-bfcl-{kind}{'-tagged' if tagged else ''}", form, tagged=tagged)
    for letter, ((kind, form), tagged) in zip(
        ("", "b", "c", "d", "e", "f", "g", "h"),
        ((body, tagged) for body in BODIES for tagged in (False, True)),
        strict=True,
    )
)

PYTHON: tuple[Dialect, ...] = (*SECTIONS, *BFCL)
