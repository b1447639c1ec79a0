"""Native formats that write a function's name, then its keys and values in turn, as GLM does."""

from dataclasses import replace

from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Turns, Wrap
from buzz_parser.data.dialects.native_markers import (
    CHATML_USER,
    JOINED,
    THINK,
    TOOL_RESPONSE,
    TOOL_RESPONSE_LINES,
)
from buzz_parser.data.dialects.native_steps import blank_thoughts, joined_results, shaped
from buzz_parser.data.dialects.payloads import fields_call, json_arguments, json_call, name_then


def pairs_form(
    tag: str = "tool_call", *, prefix: str = "", close: str | None = None, lines: bool = False
) -> CallForm:
    """The function's name, then keys and values in turn, on lines of their own or not at all parted."""
    line = "\n" if lines else ""
    key, value = f"{prefix}arg_key", f"{prefix}arg_value"
    return CallForm(
        payload=fields_call(
            head="%name%",
            field=f"<{key}>%key%</{key}>{line}<{value}>%value%</{value}>",
            tail="",
            joint=line,
        ),
        wrap=Wrap(f"<{tag}>", f"{line}</{close or tag}>"),
        joint=line,
    )


GLM_LINES = Turns(assistant=Wrap("<|assistant|>\n"), tool=Wrap("<|observation|>\n"), shared=True)
GLM = Turns(assistant=Wrap("<|assistant|>"), tool=Wrap("<|observation|>"), shared=True)

GLM47 = Dialect(
    name="F007-glm4.7",
    family="glm-pairs",
    call=pairs_form(),
    thought=THINK,
    response=TOOL_RESPONSE,
    turns=GLM,
    gaps=JOINED,
)

GLM_TAGS: tuple[Dialect, ...] = (
    Dialect(
        name="F006-glm4.6",
        family="glm-pairs",
        call=pairs_form(lines=True),
        thought=THINK,
        response=TOOL_RESPONSE_LINES,
        turns=GLM_LINES,
    ),
    Dialect(
        name="F006b-glm4.5-close-only",
        family="glm-pairs",
        call=pairs_form(lines=True),
        thought=Wrap("", "</think>"),
        response=TOOL_RESPONSE_LINES,
        turns=GLM_LINES,
    ),
    GLM47,
    shaped(replace(GLM47, name="F007b-glm-blank-thoughts"), items=(blank_thoughts,)),
    Dialect(
        name="F042-ling3",
        family="glm-pairs",
        call=CallForm(
            payload=fields_call(
                head="%name%\n",
                field="<arg_key>%key%</arg_key>\n<arg_value>%value%</arg_value>",
                tail="",
                joint="",
            ),
            wrap=Wrap("<tool_call>", "\n</tool_call>"),
        ),
        thought=THINK,
        response=TOOL_RESPONSE_LINES,
        turns=Turns(
            assistant=Wrap("<role>ASSISTANT</role>\n", "<|role_end|>"),
            tool=Wrap("<role>OBSERVATION</role>\n", "<|role_end|>"),
            shared=True,
        ),
        gaps=Gaps(after_thought="", before_call="\n"),
    ),
    Dialect(
        name="F043-laguna",
        family="glm-pairs",
        call=pairs_form(),
        thought=THINK,
        response=TOOL_RESPONSE,
        turns=Turns(assistant=Wrap("<assistant>", "</assistant>\n"), tool=Wrap("", "\n")),
        gaps=JOINED,
    ),
    Dialect(
        name="F044-spark2.5",
        family="glm-pairs",
        call=pairs_form(),
        thought=THINK,
        response=TOOL_RESPONSE,
        turns=Turns(
            assistant=Wrap("<｜start▁of▁sentence｜><|Bot|>", "<｜end▁of▁sentence｜>"),
            tool=Wrap("<｜start▁of▁sentence｜><|Tool|>", "<｜end▁of▁sentence｜>"),
            shared=True,
        ),
        gaps=JOINED,
    ),
)


def hunyuan_form(suffix: str) -> CallForm:
    """A section of calls whose tags all end in a suffix."""
    key, value = f"arg_key{suffix}", f"arg_value{suffix}"
    return CallForm(
        payload=fields_call(
            head=f"%name%<tool_sep{suffix}>",
            field=f"<{key}>%key%</{key}>\n<{value}>%value%</{value}>",
            tail="",
        ),
        wrap=Wrap(f"<tool_call{suffix}>", f"\n</tool_call{suffix}>"),
        group="section",
        section=Wrap(f"<tool_calls{suffix}>\n", f"\n</tool_calls{suffix}>"),
    )


def hunyuan(name: str, suffix: str) -> Dialect:
    """Hunyuan Hy3 with a suffix in every marker; the results of a round are one segment."""
    open_one, close_one = f"<tool_response{suffix}>\n", f"\n</tool_response{suffix}>"
    return shaped(
        Dialect(
            name=name,
            family="hunyuan-opensource",
            call=hunyuan_form(suffix),
            thought=Wrap(f"<think{suffix}>", f"</think{suffix}>"),
            response=Wrap(
                f"<tool_responses{suffix}>\n{open_one}",
                f"{close_one}\n</tool_responses{suffix}>",
            ),
            turns=Turns(
                assistant=Wrap(f"<｜hy_Assistant{suffix}｜>", f"<｜hy_eos{suffix}｜>"), tool=Wrap()
            ),
            gaps=JOINED,
        ),
        items=(joined_results(f"{close_one}\n{open_one}"),),
    )


OWN_TAGS: tuple[Dialect, ...] = (
    hunyuan("F039-hy3", ":opensource"),
    hunyuan("F039b-hy3-no-suffix", ""),
    Dialect(
        name="F065-longcat",
        family="longcat",
        call=pairs_form("longcat_tool_call", prefix="longcat_", lines=True),
        thought=Wrap("<longcat_think>\n", "\n</longcat_think>"),
        response=Wrap("<longcat_tool_response>\n", "\n</longcat_tool_response>"),
    ),
    Dialect(
        name="F065b-longcat-json",
        family="longcat",
        call=CallForm(
            payload=json_call(), wrap=Wrap("<longcat_tool_call>\n", "\n</longcat_tool_call>")
        ),
        thought=Wrap("<longcat_think>\n", "\n</longcat_think>"),
        response=Wrap("<longcat_tool_response>\n", "\n</longcat_tool_response>"),
    ),
    Dialect(
        name="F069-iquest-q1",
        family="iquest",
        call=pairs_form("iquest_tool_call"),
        thought=THINK,
        response=TOOL_RESPONSE,
        turns=CHATML_USER,
        gaps=JOINED,
    ),
    Dialect(
        name="F070-k2-horizon",
        family="ifm",
        call=CallForm(
            payload=fields_call(
                head="%name%",
                field="<ifm|arg_key>%key%</ifm|arg_key><ifm|arg_type>%type%</ifm|arg_type>"
                "<ifm|arg_value>%value%</ifm|arg_value>",
                tail="",
                joint="",
            ),
            wrap=Wrap("<ifm|tool_call>", "</ifm|tool_call>"),
            group="section",
            section=Wrap("<ifm|tool_calls>", "</ifm|tool_calls>"),
            joint="",
        ),
        thought=Wrap("<ifm|think>", "</ifm|think>"),
        response=Wrap("<ifm|tool_response>", "</ifm|tool_response>"),
    ),
    Dialect(
        name="F070b-k2-horizon-fast",
        family="ifm",
        call=CallForm(
            payload=fields_call(
                head="%name%",
                field="<ifm|arg_key>%key%</ifm|arg_key><ifm|arg_value>%value%</ifm|arg_value>",
                tail="",
                joint="",
            ),
            wrap=Wrap("<ifm|tool_call>", "</ifm|tool_call>"),
            group="section",
            section=Wrap("<ifm|tool_calls>", "</ifm|tool_calls>"),
            joint="",
        ),
        thought=Wrap("<ifm|think_fast>", "</ifm|think_fast>"),
        response=Wrap("<ifm|tool_response>", "</ifm|tool_response>"),
    ),
    Dialect(
        name="F070c-k2-horizon-json",
        family="ifm",
        call=CallForm(
            payload=name_then(json_arguments(), joint=""),
            wrap=Wrap("<ifm|tool_call>", "</ifm|tool_call>"),
            group="section",
            section=Wrap("<ifm|tool_calls>", "</ifm|tool_calls>"),
            joint="",
        ),
        thought=Wrap("<ifm|think_faster>", "</ifm|think_faster>"),
        response=Wrap("<ifm|tool_response>", "</ifm|tool_response>"),
    ),
)
"""LongCat's, IQuest's and IFM's results are in no source: they are written after each family's own tags."""

PAIRS: tuple[Dialect, ...] = (*GLM_TAGS, *OWN_TAGS)
