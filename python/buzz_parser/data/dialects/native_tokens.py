"""Native formats of special tokens around JSON: DeepSeek, Kimi, Mistral."""

from dataclasses import replace

from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Turns, Wrap
from buzz_parser.data.dialects.native_markers import JOINED, THINK, THINK_CLOSED, THINK_CLOSED_LINE
from buzz_parser.data.dialects.native_payloads import number_fields
from buzz_parser.data.dialects.native_steps import (
    behind,
    between,
    blank_thoughts,
    counted_from_one,
    joined_results,
    once,
    shaped,
)
from buzz_parser.data.dialects.payloads import dump, json_arguments, json_call
from buzz_parser.data.dialects.render import CALL, TEXT

END_OF_SENTENCE = "<｜end▁of▁sentence｜>"
CALLS = Wrap("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>")
OUTPUT = Wrap("<｜tool▁output▁begin｜>", "<｜tool▁output▁end｜>")
OUTPUTS = Wrap(f"<｜tool▁outputs▁begin｜>{OUTPUT.open}", f"{OUTPUT.close}<｜tool▁outputs▁end｜>")

DEEPSEEK_R1 = Dialect(
    name="F008-deepseek-r1",
    family="deepseek-tokens",
    call=CallForm(
        payload=json_arguments(),
        wrap=Wrap(
            "<｜tool▁call▁begin｜>function<｜tool▁sep｜>%name%\n```json\n",
            "\n```<｜tool▁call▁end｜>",
        ),
        group="section",
        section=CALLS,
    ),
    thought=THINK_CLOSED_LINE,
    response=OUTPUTS,
    turns=Turns(assistant=Wrap("<｜Assistant｜>", END_OF_SENTENCE)),
    gaps=Gaps(
        default="", after_thought="\n\n", before_call="\n\n", before_response=END_OF_SENTENCE
    ),
)
"""The results of a round are one segment, without a turn of their own."""

ONE_OUTPUTS = joined_results(f"{OUTPUT.close}\n{OUTPUT.open}")

DEEPSEEK_V31 = Dialect(
    name="F009-deepseek-v3.1",
    family="deepseek-tokens",
    call=CallForm(
        payload=json_arguments(),
        wrap=Wrap("<｜tool▁call▁begin｜>%name%<｜tool▁sep｜>", "<｜tool▁call▁end｜>"),
        group="section",
        section=CALLS,
        joint="",
    ),
    thought=THINK,
    response=OUTPUT,
    turns=Turns(assistant=Wrap("<｜Assistant｜>", END_OF_SENTENCE), tool=Wrap(), shared=True),
    gaps=JOINED,
)
AFTER_OUTPUT = once("<｜Assistant｜>")
"""No begin of turn stands between a result and what follows."""

DEEPSEEK: tuple[Dialect, ...] = (
    shaped(DEEPSEEK_R1, items=(ONE_OUTPUTS,)),
    shaped(
        replace(
            DEEPSEEK_R1,
            name="F008b-deepseek-v3-text-after-calls",
            thought=Wrap("<think>\n", "\n</think>"),
            gaps=Gaps(default="", after_thought="\n\n", before_response=END_OF_SENTENCE),
        ),
        items=(behind("text", "calls"), ONE_OUTPUTS),
        seams=(between(CALL, TEXT, f"{END_OF_SENTENCE}<｜Assistant｜>"),),
    ),
    shaped(
        replace(
            DEEPSEEK_R1,
            name="F008c-deepseek-v3-joined",
            thought=THINK,
            gaps=replace(DEEPSEEK_R1.gaps, default="", before_call="", after_thought=""),
        ),
        items=(ONE_OUTPUTS,),
    ),
    shaped(DEEPSEEK_V31, seams=(AFTER_OUTPUT,)),
    shaped(
        replace(DEEPSEEK_V31, name="F009b-deepseek-v3.1-blank-thoughts"),
        items=(blank_thoughts,),
        seams=(AFTER_OUTPUT,),
    ),
    shaped(
        replace(DEEPSEEK_V31, name="F009c-deepseek-v3.1-close-only", thought=THINK_CLOSED),
        seams=(AFTER_OUTPUT,),
    ),
)

KIMI_K2 = Dialect(
    name="F012-kimi-k2",
    family="kimi-tokens",
    call=CallForm(
        payload=json_arguments(),
        wrap=Wrap(
            "<|tool_call_begin|>functions.%name%:%index%<|tool_call_argument_begin|>",
            "<|tool_call_end|>",
        ),
        group="section",
        section=Wrap("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"),
        joint="",
    ),
    thought=THINK,
    response=Wrap("## Return of functions.%name%:%index%\n"),
    turns=Turns(
        assistant=Wrap("<|im_assistant|>assistant<|im_middle|>", "<|im_end|>"),
        tool=Wrap("<|im_system|>%name%<|im_middle|>", "<|im_end|>"),
    ),
    gaps=JOINED,
)

KIMI_K3_ARGUMENT = (
    '<|open|>argument key="%key%" type="%type%"<|sep|>%value%<|close|>argument<|sep|>'
)
KIMI_K3 = Dialect(
    name="F013-kimi-k3",
    family="kimi-xtml",
    call=CallForm(
        payload=number_fields(KIMI_K3_ARGUMENT),
        wrap=Wrap('<|open|>call tool="%name%" index="%index%"<|sep|>', "<|close|>call<|sep|>"),
        group="section",
        section=Wrap("<|open|>tools<|sep|>", "<|close|>tools<|sep|>"),
        joint="",
    ),
    thought=Wrap("<|open|>think<|sep|>", "<|close|>think<|sep|>"),
    text=Wrap("<|open|>response<|sep|>", "<|close|>response<|sep|>"),
    final=Wrap("<|open|>response<|sep|>", "<|close|>response<|sep|>"),
    turns=Turns(
        assistant=Wrap(
            '<|open|>message role="assistant"<|sep|>', "<|close|>message<|sep|><|end_of_msg|>"
        ),
        tool=Wrap(
            '<|open|>message role="tool" tool="%name%" index="%index%"<|sep|>',
            "<|close|>message<|sep|><|end_of_msg|>",
        ),
    ),
    gaps=JOINED,
)

KIMI: tuple[Dialect, ...] = (
    KIMI_K2,
    shaped(replace(KIMI_K2, name="F012b-kimi-k2-blank-thoughts"), items=(blank_thoughts,)),
    replace(
        KIMI_K2,
        name="F012c-kimi-k2-foreign-id",
        call=replace(
            KIMI_K2.call,
            payload=json_call(),
            wrap=Wrap("<|tool_call_begin|>%id%<|tool_call_argument_begin|>", "<|tool_call_end|>"),
        ),
        response=Wrap("## Return of %id%\n"),
    ),
    shaped(KIMI_K3, items=(counted_from_one,)),
)

MISTRAL = Turns(assistant=Wrap("[/INST]", "</s>"), tool=Wrap(), shared=True)
"""Only the user's turn has a begin, so `[/INST]` stands before the first turn alone."""

INSTRUCTED = once("[/INST]")
LISTED = CallForm(
    payload=json_call(id_key="id"), group="list", section=Wrap("[TOOL_CALLS]"), joint=", "
)
MISTRAL_SMALL = Dialect(
    name="F022-magistral",
    family="mistral-tokens",
    call=CallForm(payload=json_arguments(), wrap=Wrap("[TOOL_CALLS]%name%[ARGS]"), joint=""),
    thought=Wrap("[THINK]", "[/THINK]"),
    response=Wrap("[TOOL_RESULTS]", "[/TOOL_RESULTS]"),
    turns=MISTRAL,
    gaps=JOINED,
)
MISTRAL_NEMO = Dialect(
    name="F020-mistral-nemo",
    family="mistral-tokens",
    call=LISTED,
    response=Wrap('[TOOL_RESULTS]{"content": ', ', "call_id": "%id%"}[/TOOL_RESULTS]'),
    turns=MISTRAL,
    gaps=JOINED,
)

MISTRALS: tuple[Dialect, ...] = (
    shaped(MISTRAL_NEMO, seams=(INSTRUCTED,)),
    shaped(
        replace(
            MISTRAL_NEMO,
            name="F020b-mistral-quoted-result",
            call=replace(LISTED, section=Wrap("[TOOL_CALLS] ")),
            response_body=dump,
            response=Wrap('[TOOL_RESULTS] {"content": ', ', "call_id": "%id%"}[/TOOL_RESULTS]'),
            gaps=Gaps(default="\n", before_response=""),
        ),
        seams=(INSTRUCTED,),
    ),
    shaped(
        replace(
            MISTRAL_SMALL,
            name="F021-mistral-small",
            call=replace(MISTRAL_SMALL.call, wrap=Wrap("[TOOL_CALLS]%name%[CALL_ID]%id%[ARGS]")),
            thought=Wrap(),
            response=Wrap("[TOOL_RESULTS]%id%[TOOL_CONTENT]", "[/TOOL_RESULTS]"),
        ),
        seams=(INSTRUCTED,),
    ),
    shaped(MISTRAL_SMALL, seams=(INSTRUCTED,)),
    shaped(
        replace(
            MISTRAL_SMALL,
            name="F022b-devstral-unclosed",
            thought=Wrap("[THINK]"),
            gaps=Gaps(default="\n", before_response=""),
        ),
        seams=(INSTRUCTED,),
    ),
)

TOKENS: tuple[Dialect, ...] = (*DEEPSEEK, *KIMI, *MISTRALS)
