"""Native formats that write calls as invocations with parameters, in a namespace or in tags of their own."""

from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Payload, Turns, Wrap
from buzz_parser.data.dialects.native_markers import (
    CHATML_USER,
    JOINED,
    THINK,
    THINK_LINES,
    TOOL_RESPONSE_LINES,
)
from buzz_parser.data.dialects.native_steps import joined_results, shaped
from buzz_parser.data.dialects.payloads import fields_call, json_arguments, json_call

DSML = "｜DSML｜"
END_OF_SENTENCE = "<｜end▁of▁sentence｜>"
DEEPSEEK = Turns(
    assistant=Wrap("<｜Assistant｜>", END_OF_SENTENCE), tool=Wrap("<｜User｜>"), shared=True
)
DEEPSEEK_GAPS = Gaps(default="\n\n", after_thought="", before_call="\n\n", before_response="")


def typed_fields(mark: str) -> Payload:
    """Parameters that say whether they are strings."""
    return fields_call(
        head="",
        field=f'<{mark}parameter name="%key%" string="%string%">%value%</{mark}parameter>',
        tail="",
    )


def plain_fields(prefix: str = "") -> Payload:
    """Parameters with a name."""
    field = f'<{prefix}parameter name="%key%">%value%</{prefix}parameter>'
    return fields_call(head="", field=field, tail="")


def invocations(block: str, prefix: str, payload: Payload, mark: str | None = None) -> CallForm:
    """A block of invocations, one segment; `mark` is the block's prefix where it differs."""
    outer = f"{prefix if mark is None else mark}{block}"
    return CallForm(
        payload=payload,
        wrap=Wrap(f'<{prefix}invoke name="%name%">\n', f"\n</{prefix}invoke>"),
        group="section",
        section=Wrap(f"<{outer}>\n", f"\n</{outer}>"),
    )


def dsml_v32(name: str, payload: Payload, thought: Wrap) -> Dialect:
    """DeepSeek V3.2: the results of a round in one element, without a turn of their own."""
    return shaped(
        Dialect(
            name=name,
            family="dsml",
            call=invocations("function_calls", DSML, payload),
            thought=thought,
            response=Wrap("<function_results>\n<result>", "</result>\n</function_results>"),
            turns=Turns(assistant=DEEPSEEK.assistant),
            gaps=Gaps(
                default="\n\n",
                after_thought="",
                before_call="\n\n",
                before_response=f"{END_OF_SENTENCE}\n\n",
            ),
        ),
        items=(joined_results("</result>\n<result>"),),
    )


DEEPSEEK_DSML: tuple[Dialect, ...] = (
    dsml_v32("F010-deepseek-v3.2", typed_fields(DSML), THINK),
    dsml_v32("F010b-deepseek-v3.2-json", json_arguments(), Wrap("", "</think>")),
    Dialect(
        name="F011-deepseek-v4",
        family="dsml",
        call=invocations("tool_calls", DSML, typed_fields(DSML)),
        thought=THINK,
        response=Wrap("<tool_result>", "</tool_result>"),
        turns=DEEPSEEK,
        gaps=DEEPSEEK_GAPS,
    ),
    Dialect(
        name="F011b-deepseek-v4.1-spaced",
        family="dsml",
        call=invocations("tool_calls", f"{DSML} ", typed_fields(f"{DSML} ")),
        thought=Wrap("", "</think>"),
        response=Wrap("<tool_result>", "</tool_result>"),
        turns=DEEPSEEK,
        gaps=DEEPSEEK_GAPS,
    ),
)

MINIMAX_TURNS = Turns(
    assistant=Wrap("]~b]ai\n", "[e~[\n"), tool=Wrap("]~b]tool\n", "[e~[\n"), shared=True
)
MINIMAX_RESPONSE = Wrap("<response>", "</response>")
SPACE = "]<]minimax[>["
"""MiniMax M3's token before every tag of a call."""

MINIMAX: tuple[Dialect, ...] = (
    Dialect(
        name="F015-minimax-m2",
        family="minimax-m2",
        call=invocations("tool_call", "", plain_fields(), mark="minimax:"),
        thought=THINK_LINES,
        response=MINIMAX_RESPONSE,
        turns=MINIMAX_TURNS,
        gaps=Gaps(after_thought="\n\n"),
    ),
    Dialect(
        name="F015b-minimax-m2-close-only",
        family="minimax-m2",
        call=invocations("tool_call", "", plain_fields(), mark="minimax:"),
        thought=Wrap("", "\n</think>"),
        response=MINIMAX_RESPONSE,
        turns=MINIMAX_TURNS,
        gaps=Gaps(after_thought="\n\n"),
    ),
    Dialect(
        name="F016-minimax-m3",
        family="minimax-namespace",
        call=CallForm(
            payload=fields_call(
                head=f'{SPACE}<invoke name="%name%">',
                field=f"{SPACE}<%key%>%value%{SPACE}</%key%>",
                tail=f"{SPACE}</invoke>",
                joint="",
            ),
            group="section",
            section=Wrap(f"{SPACE}<tool_call>\n", f"\n{SPACE}</tool_call>"),
        ),
        thought=Wrap("<mm:think>", "</mm:think>"),
        response=MINIMAX_RESPONSE,
        turns=MINIMAX_TURNS,
        gaps=Gaps(default="", before_response="\n"),
    ),
)

OTHERS: tuple[Dialect, ...] = (
    Dialect(
        name="F064-step3",
        family="steptml",
        call=CallForm(
            payload=fields_call(
                head="",
                field='<steptml:parameter name="%key%">%value%</steptml:parameter>',
                tail="",
            ),
            wrap=Wrap(
                '<｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name="%name%">\n',
                "\n</steptml:invoke><｜tool_call_end｜>",
            ),
            group="section",
            section=Wrap("<｜tool_calls_begin｜>\n", "\n<｜tool_calls_end｜>"),
        ),
        thought=THINK_LINES,
        response=Wrap("<｜tool_outputs_begin｜>\n", "\n<｜tool_outputs_end｜>"),
    ),
    Dialect(
        name="F068-dots",
        family="dots",
        call=invocations("dots_function_call", "", plain_fields()),
        thought=THINK,
        response=TOOL_RESPONSE_LINES,
    ),
    Dialect(
        name="F068b-dots-json",
        family="dots",
        call=CallForm(
            payload=json_call(), wrap=Wrap("<dots_function_call>\n", "\n</dots_function_call>")
        ),
        thought=THINK,
        response=TOOL_RESPONSE_LINES,
        turns=CHATML_USER,
    ),
    Dialect(
        name="F038b-gigachat3.5",
        family="gigachat",
        call=invocations("tool_calls", "｜GCML｜", plain_fields("｜GCML｜")),
        turns=Turns(
            assistant=Wrap("assistant<|role_sep|>\n", "<|message_sep|>\n\n"),
            tool=Wrap("function result<|role_sep|>\n", "<|message_sep|>\n\n"),
        ),
        gaps=JOINED,
    ),
)
"""Step3's and Dots' thoughts and results are in no source."""

INVOKES: tuple[Dialect, ...] = (*DEEPSEEK_DSML, *MINIMAX, *OTHERS)
