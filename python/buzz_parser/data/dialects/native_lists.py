"""Native formats that hold the calls of a round in one list or section: JSON, Python or markup."""

from dataclasses import replace

from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Turns, Wrap
from buzz_parser.data.dialects.native_markers import (
    CHATML_TOOL,
    GRANITE,
    GRANITE_TOOL,
    JOINED,
    LLAMA3,
    LLAMA3_TOOL,
    THINK_CLOSED_LINE,
    THINK_LINES,
    TOOL_RESPONSE_LINES,
)
from buzz_parser.data.dialects.native_payloads import (
    as_json_string,
    indented,
)
from buzz_parser.data.dialects.native_steps import joined_results, shaped
from buzz_parser.data.dialects.payloads import json_call, keyed_call

OBJECT = json_call()
BARE_LIST = CallForm(payload=OBJECT, group="list", joint=", ")


def listed(opener: str, closer: str = "") -> CallForm:
    """A JSON list between two markers."""
    return replace(BARE_LIST, section=Wrap(opener, closer))


def lines_list(opener: str, closer: str) -> CallForm:
    """A JSON list between two markers, each call on a line of its own."""
    return CallForm(
        payload=indented(OBJECT),
        group="section",
        section=Wrap(f"{opener}[\n", f"\n]{closer}"),
        joint=",\n",
    )


PHI = Turns(assistant=Wrap("<|assistant|>", "<|end|>"), tool=Wrap("<|tool_response|>", "<|end|>"))
JAMBA = Turns(
    assistant=Wrap("<|bom|><|assistant|> ", "<|eom|>"), tool=Wrap("<|bom|><|tool|> ", "<|eom|>")
)
"""In no source; written from memory of the family's tokens."""

FUNCTOOLS: tuple[Dialect, ...] = (
    Dialect(
        name="F026-firefunction",
        family="functools",
        call=listed("functools"),
        turns=LLAMA3_TOOL,
        gaps=Gaps(before_call=" "),
    ),
    Dialect(name="F056-phi4-functools", family="functools", call=listed("functools"), turns=PHI),
    Dialect(
        name="F056b-phi4-tool-call",
        family="phi-tokens",
        call=listed("<|tool_call|>", "<|/tool_call|>"),
        turns=PHI,
    ),
    Dialect(
        name="F056c-phi4-no-closer",
        family="phi-tokens",
        call=listed("<|tool_call|>"),
        turns=PHI,
    ),
)

TAGGED_LISTS: tuple[Dialect, ...] = (
    Dialect(
        name="F055-jamba",
        family="tool-calls-list",
        call=listed("<tool_calls>", "</tool_calls>"),
        turns=JAMBA,
    ),
    Dialect(
        name="F055b-jamba-lines",
        family="tool-calls-list",
        call=lines_list("<tool_calls>", "</tool_calls>"),
        turns=JAMBA,
    ),
    Dialect(
        name="F014-minimax-m1",
        family="tool-calls-list",
        call=CallForm(
            payload=OBJECT,
            group="section",
            section=Wrap("<tool_calls>\n", "\n</tool_calls>"),
        ),
        thought=THINK_LINES,
        response=Wrap("tool result: "),
        turns=Turns(
            assistant=Wrap("<beginning_of_sentence>ai name=assistant\n", "<end_of_sentence>\n"),
            tool=Wrap("<beginning_of_sentence>tool name=tools\n", "\n\n<end_of_sentence>\n"),
            shared=True,
        ),
        gaps=Gaps(before_response="\n\n"),
    ),
    shaped(
        Dialect(
            name="F032-nemotron-nano",
            family="nemotron-list",
            call=listed("<TOOLCALL>", "</TOOLCALL>"),
            thought=THINK_LINES,
            response=Wrap("<TOOL_RESPONSE>[", "]</TOOL_RESPONSE>"),
            turns=Turns(
                assistant=Wrap("<SPECIAL_11>Assistant\n", "\n<SPECIAL_12>\n"),
                tool=Wrap("<SPECIAL_11>User\n"),
            ),
            gaps=Gaps(after_thought="\n\n"),
        ),
        items=(joined_results(", "),),
    ),
    shaped(
        Dialect(
            name="F031-apertus",
            family="apertus",
            call=CallForm(
                payload=keyed_call(),
                group="list",
                section=Wrap("<|tools_prefix|>", "<|tools_suffix|>"),
                joint=", ",
            ),
            thought=Wrap("<|inner_prefix|>", "<|inner_suffix|>"),
            response=Wrap("[", "]"),
            turns=Turns(assistant=Wrap("<|assistant_start|>", "<|assistant_end|>")),
            gaps=JOINED,
        ),
        items=(joined_results(", "),),
    ),
    Dialect(
        name="F067-hunyuan-a13b",
        family="tool-calls-list",
        call=listed("<tool_calls>", "</tool_calls>"),
        thought=THINK_LINES,
        text=Wrap("<answer>\n", "\n</answer>"),
        final=Wrap("<answer>\n", "\n</answer>"),
        response=TOOL_RESPONSE_LINES,
    ),
    Dialect(
        name="F067b-hunyuan-a13b-turns",
        family="tool-calls-list",
        call=listed("<tool_calls>", "</tool_calls>"),
        thought=THINK_LINES,
        final=Wrap("<answer>\n", "\n</answer>"),
        turns=Turns(assistant=Wrap("助手：", "\n"), tool=Wrap("工具：", "\n")),
    ),
)

GRANITES: tuple[Dialect, ...] = (
    Dialect(
        name="F052-granite3",
        family="granite-list",
        call=listed("<|tool_call|>"),
        turns=GRANITE_TOOL,
    ),
    Dialect(
        name="F052b-granite3-thinking",
        family="granite-list",
        call=listed("<|tool_call|>"),
        thought=Wrap("Here is my thought process: "),
        text=Wrap("Here is my response: "),
        final=Wrap("Here is my response: "),
        turns=GRANITE_TOOL,
        gaps=Gaps(after_thought="\n\n"),
    ),
    Dialect(
        name="F052c-granite3-thinking-contracted",
        family="granite-list",
        call=listed("<tool_call>"),
        thought=Wrap("Here's my thought process:\n"),
        text=Wrap("Here's my response:\n"),
        final=Wrap("Here's my response:\n"),
        turns=GRANITE,
        gaps=Gaps(default="\n\n"),
    ),
    Dialect(
        name="F052d-granite3-items-as-strings",
        family="granite-list",
        call=replace(listed("<|tool_call|>"), payload=as_json_string(OBJECT)),
        turns=GRANITE_TOOL,
    ),
    Dialect(
        name="F053-granite-20b",
        family="granite-function-call",
        call=CallForm(payload=OBJECT, wrap=Wrap("<function_call> "), joint=" "),
        response=Wrap("<function_response> "),
    ),
)
"""The result of Granite 20B is in no source; it is written after the call's own tag."""

LIST_MODELS: tuple[Dialect, ...] = (
    Dialect(name="F057-xlam", family="json-list", call=BARE_LIST, turns=LLAMA3_TOOL),
    Dialect(
        name="F057b-xlam-fenced",
        family="json-list",
        call=listed("```\n", "\n```"),
        turns=LLAMA3,
        gaps=Gaps(default="\n\n"),
    ),
    Dialect(
        name="F057c-xlam-after-thought",
        family="json-list",
        call=BARE_LIST,
        thought=THINK_CLOSED_LINE,
        turns=CHATML_TOOL,
        gaps=Gaps(default="\n\n"),
    ),
    Dialect(
        name="F057d-xlam-semicolons",
        family="json-list",
        call=CallForm(payload=OBJECT, joint="; "),
        turns=LLAMA3_TOOL,
    ),
    Dialect(
        name="F057e-xlam-tool-call",
        family="json-list",
        call=listed("<tool_call>", "</tool_call>"),
        turns=CHATML_TOOL,
    ),
    Dialect(
        name="F057f-xlam-tool-calls-token",
        family="json-list",
        call=listed("[TOOL_CALLS] "),
        turns=LLAMA3_TOOL,
    ),
)

LISTS: tuple[Dialect, ...] = (*FUNCTOOLS, *TAGGED_LISTS, *GRANITES, *LIST_MODELS)
