"""Native formats whose calls stand in `<tool_call>`: JSON as in Hermes, or `<function=…>` as in Qwen3-Coder."""

from dataclasses import replace

from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Turns, Wrap
from buzz_parser.data.dialects.native_markers import (
    CHATML_TOOL,
    CHATML_USER,
    GRANITE,
    HERMES,
    PARTED_THOUGHT,
    QWEN_CODER,
    THINK,
    THINK_CLOSED_LINE,
    THINK_LINES,
    TOOL_RESPONSE,
    TOOL_RESPONSE_LINES,
)
from buzz_parser.data.dialects.native_payloads import character_data_params
from buzz_parser.data.dialects.native_steps import closing, shaped
from buzz_parser.data.dialects.payloads import json_call

CALL_PARTED = Gaps(after_thought="\n\n", before_call="\n\n")

QWEN_CODER_USER = Turns(
    assistant=CHATML_USER.assistant,
    tool=Wrap("<|im_start|>user\n", "\n<|im_end|>\n"),
    shared=True,
)

HERMES_TOOL = Turns(
    assistant=CHATML_USER.assistant, tool=Wrap("<|im_start|>tool\n", "\n<|im_end|>")
)

QWEN3 = Dialect(
    name="F002-qwen3",
    family="hermes-json",
    call=HERMES,
    thought=THINK_LINES,
    response=TOOL_RESPONSE_LINES,
    turns=CHATML_USER,
    gaps=PARTED_THOUGHT,
)

QWEN: tuple[Dialect, ...] = (
    Dialect(
        name="F001-qwen2.5",
        family="hermes-json",
        call=HERMES,
        response=TOOL_RESPONSE_LINES,
        turns=CHATML_USER,
    ),
    replace(QWEN3, name="F001b-qwq", thought=THINK_LINES, gaps=Gaps(default="\n\n")),
    QWEN3,
    replace(QWEN3, name="F002b-qwen3-close-only", thought=THINK_CLOSED_LINE),
    replace(QWEN3, name="F002c-qwen3-inline", thought=THINK, gaps=Gaps()),
    Dialect(
        name="F003-qwen3-coder",
        family="qwen-coder",
        call=QWEN_CODER,
        response=TOOL_RESPONSE_LINES,
        turns=QWEN_CODER_USER,
        gaps=Gaps(before_call="\n\n"),
    ),
    Dialect(
        name="F003b-qwen3-coder-no-opener",
        family="qwen-coder",
        call=CallForm(payload=QWEN_CODER.payload, wrap=Wrap("", "\n</tool_call>")),
        response=TOOL_RESPONSE_LINES,
        turns=QWEN_CODER_USER,
        gaps=Gaps(before_call="\n\n"),
    ),
    Dialect(
        name="F004-qwen3.5",
        family="qwen-coder",
        call=QWEN_CODER,
        thought=THINK_LINES,
        response=TOOL_RESPONSE_LINES,
        turns=CHATML_USER,
        gaps=CALL_PARTED,
    ),
    Dialect(
        name="F004b-qwen3.5-close-only",
        family="qwen-coder",
        call=QWEN_CODER,
        thought=THINK_CLOSED_LINE,
        response=TOOL_RESPONSE_LINES,
        turns=CHATML_USER,
        gaps=CALL_PARTED,
    ),
)

NOUS: tuple[Dialect, ...] = (
    Dialect(
        name="F005-hermes",
        family="hermes-json",
        call=HERMES,
        thought=Wrap("<scratch_pad>\n", "\n</scratch_pad>"),
        response=TOOL_RESPONSE_LINES,
        turns=HERMES_TOOL,
    ),
    Dialect(
        name="F005b-hermes-single-quotes",
        family="hermes-json",
        call=CallForm(payload=json_call(python=True), wrap=HERMES.wrap),
        response=TOOL_RESPONSE_LINES,
        turns=HERMES_TOOL,
    ),
    Dialect(
        name="F005c-hermes-arguments-first",
        family="hermes-json",
        call=CallForm(payload=json_call(args_first=True), wrap=HERMES.wrap),
        thought=Wrap("<scratch_pad>\n", "\n</scratch_pad>"),
        response=TOOL_RESPONSE_LINES,
        turns=CHATML_TOOL,
    ),
    Dialect(
        name="F005d-hermes-unclosed",
        family="hermes-json",
        call=CallForm(payload=json_call(), wrap=Wrap("<tool_call>\n")),
        response=TOOL_RESPONSE_LINES,
        turns=CHATML_TOOL,
    ),
)

COUSINS: tuple[Dialect, ...] = (
    Dialect(
        name="F027-granite4",
        family="hermes-json",
        call=HERMES,
        response=TOOL_RESPONSE_LINES,
        turns=GRANITE,
    ),
    Dialect(
        name="F027b-granite4-thinking",
        family="hermes-json",
        call=HERMES,
        thought=THINK,
        response=TOOL_RESPONSE_LINES,
        turns=GRANITE,
    ),
    shaped(
        Dialect(
            name="F033-nemotron3",
            family="qwen-coder",
            call=QWEN_CODER,
            thought=THINK_LINES,
            response=TOOL_RESPONSE_LINES,
            turns=QWEN_CODER_USER,
        ),
        seams=(closing("<|im_end|>\n", call="\n<|im_end|>\n"),),
    ),
    Dialect(
        name="F034-step3.5",
        family="qwen-coder",
        call=QWEN_CODER,
        thought=THINK_LINES,
        response=TOOL_RESPONSE,
        turns=Turns(
            assistant=CHATML_USER.assistant,
            tool=Wrap("<|im_start|>tool_response\n", "<|im_end|>\n"),
            shared=True,
        ),
        gaps=Gaps(before_call="", before_response=""),
    ),
    Dialect(
        name="F036-minicpm5",
        family="minicpm5",
        call=CallForm(
            payload=character_data_params, wrap=Wrap('<function name="%name%">', "</function>")
        ),
        thought=THINK_LINES,
        response=TOOL_RESPONSE_LINES,
        turns=CHATML_USER,
        gaps=PARTED_THOUGHT,
    ),
    Dialect(
        name="F041-bielik3",
        family="hermes-json",
        call=HERMES,
        thought=THINK_LINES,
        response=Wrap("<|function_output|>"),
        turns=CHATML_USER,
    ),
    shaped(
        Dialect(
            name="F045-reka-edge",
            family="hermes-json",
            call=HERMES,
            thought=THINK_LINES,
            response=TOOL_RESPONSE_LINES,
            turns=Turns(
                assistant=Wrap("<sep>assistant: ", "\n\n"),
                tool=Wrap("<sep>human: "),
                shared=True,
            ),
            gaps=PARTED_THOUGHT,
        ),
        seams=(closing("\n\n", end="\n\n<sep>"),),
    ),
    Dialect(
        name="F066-ernie4.5",
        family="hermes-json",
        call=HERMES,
        thought=THINK_CLOSED_LINE,
        response=TOOL_RESPONSE_LINES,
        gaps=Gaps(after_thought="\n\n\n", before_call="\n\n\n"),
    ),
    Dialect(
        name="F066b-ernie4.5-response",
        family="hermes-json",
        call=HERMES,
        thought=THINK_CLOSED_LINE,
        final=Wrap("<response>\n", "\n</response>"),
        response=TOOL_RESPONSE_LINES,
        gaps=Gaps(default="\n\n"),
    ),
)
"""ERNIE's result is in no source; Qwen's stands in for it."""

TAGS: tuple[Dialect, ...] = (*QWEN, *NOUS, *COUSINS)
