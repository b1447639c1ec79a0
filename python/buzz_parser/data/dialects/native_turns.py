"""Native formats known by their turns or private tokens: Gemma, InternLM, ChatGLM, Seed, Apriel and others."""

from dataclasses import replace

from buzz_parser.data.dialects.blocks import tags
from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Turns, Wrap
from buzz_parser.data.dialects.native_markers import CHATML_TOOL, JOINED
from buzz_parser.data.dialects.native_payloads import (
    by_key,
    renamed,
    single_quoted_arguments,
    text_member,
)
from buzz_parser.data.dialects.native_steps import answering, behind, between, shaped, until
from buzz_parser.data.dialects.payloads import (
    braces_call,
    fields_call,
    json_call,
    name_then,
    python_call,
)
from buzz_parser.data.dialects.render import CALL, TEXT, THOUGHT

QUOTE = '<|"|>'
GEMMA = Dialect(
    name="F028-gemma4",
    family="gemma-braces",
    call=CallForm(
        payload=by_key(braces_call(QUOTE)), wrap=Wrap("<|tool_call>", "<tool_call|>"), joint=""
    ),
    thought=Wrap("<|channel>thought\n", "\n<channel|>"),
    response=Wrap(f"<|tool_response>response:%name%{{value:{QUOTE}", f"{QUOTE}}}<tool_response|>"),
    turns=Turns(assistant=Wrap("<|turn>model\n", "<turn|>\n")),
    gaps=JOINED,
)
TURN_BREAK = "<turn|>\n"

GEMMAS: tuple[Dialect, ...] = (
    shaped(
        GEMMA,
        items=(behind("text", "response"),),
        seams=(
            between(TEXT, TEXT, TURN_BREAK),
            between(TEXT, THOUGHT, f"{TURN_BREAK}<|turn>model\n"),
            between(TEXT, CALL, f"{TURN_BREAK}<|turn>model\n"),
        ),
    ),
    replace(GEMMA, name="F028b-gemma4-text-first"),
    Dialect(
        name="F062-function-gemma",
        family="gemma-braces",
        call=CallForm(
            payload=braces_call("<escape>"),
            wrap=Wrap("<start_function_call>", "<end_function_call>"),
            joint="",
        ),
        response=Wrap(
            "<start_function_response>response:%name%{value:<escape>",
            "<escape>}<end_function_response>",
        ),
        turns=Turns(
            assistant=Wrap("<start_of_turn>model\n", "<end_of_turn>\n"), tool=Wrap(), shared=True
        ),
        gaps=JOINED,
    ),
)


def budget_notes(body: str) -> str:
    """A thought that tells now and then how much of its budget is spent."""
    lines = body.split("\n")
    spent = max(len(body) // 4, 1)
    note = f"I have used {spent} tokens, and there are {4096 - spent % 4096} tokens left."
    reflect = f"<seed:cot_budget_reflect>{note}</seed:cot_budget_reflect>"
    middle = (len(lines) + 1) // 2
    return "\n".join([*lines[:middle], reflect, *lines[middle:]])


SEED = Dialect(
    name="F029-seed-oss",
    family="seed-tags",
    call=CallForm(
        payload=fields_call(
            head="<function=%name%>",
            field="<parameter=%key%>%value%</parameter>",
            tail="</function>",
        ),
        wrap=Wrap("<seed:tool_call>\n", "\n</seed:tool_call>"),
    ),
    thought=Wrap("<seed:think>", "</seed:think>"),
    turns=Turns(
        assistant=Wrap("<seed:bos>assistant\n", "<seed:eos>"),
        tool=Wrap("<seed:bos>tool\n", "<seed:eos>"),
    ),
    gaps=Gaps(before_call="\n\n"),
)
APRIEL = Dialect(
    name="F030-apriel1.6",
    family="apriel",
    call=CallForm(
        payload=json_call(id_key="id"),
        group="list",
        section=Wrap("<tool_calls>", "</tool_calls>"),
        joint=", ",
    ),
    thought=Wrap("Here are my reasoning steps:\n"),
    final=Wrap("[BEGIN FINAL RESPONSE]\n"),
    turns=Turns(
        assistant=Wrap("<|begin_assistant|>\n", "\n<|end|>\n"),
        tool=Wrap("<|begin_tool_result|>\n", "\n\n\n\n"),
        shared=True,
    ),
)

REASONERS: tuple[Dialect, ...] = (
    SEED,
    replace(SEED, name="F029b-seed-oss-budget", thought_body=budget_notes),
    APRIEL,
    replace(APRIEL, name="F030b-apriel1.6-unlabelled", thought=Wrap()),
    replace(
        APRIEL,
        name="F030c-apriel1.5",
        thought=Wrap("<thinking>", "</thinking>"),
        final=Wrap("[BEGIN FINAL RESPONSE]\n", "\n[END FINAL RESPONSE]"),
    ),
    shaped(
        Dialect(
            name="F072-kimi-vl",
            family="kimi-vl",
            call=CallForm(payload=json_call()),
            thought=Wrap("◁think▷", "◁/think▷"),
            turns=CHATML_TOOL,
            gaps=JOINED,
        ),
        items=(until("calls"),),
    ),
)
"""Kimi-VL has no calls of its own: its messages end before the first; where nothing is before, it is bare JSON."""

INTERN = Turns(
    assistant=Wrap("<|im_start|>assistant\n", "<|im_end|>\n"),
    tool=Wrap("<|im_start|>environment name=<|plugin|>\n", "<|im_end|>\n"),
)
INTERPRETER = "<|action_start|><|interpreter|>"
PLUGIN = CallForm(
    payload=json_call(args_key="parameters"),
    wrap=Wrap("<|action_start|><|plugin|>\n", "<|action_end|>"),
    joint="",
)
FENCED_CALL = CallForm(
    payload=name_then(renamed("tool_call", python_call()), joint="\n```python\n"),
    wrap=Wrap("", "\n```"),
    joint="\n<|assistant|>",
    block=tags(None, Wrap("interpreter\n```python\n", "\n```")),
)

ROLES: tuple[Dialect, ...] = (
    Dialect(
        name="F054-internlm2", family="internlm-action", call=PLUGIN, turns=INTERN, gaps=JOINED
    ),
    shaped(
        Dialect(
            name="F054b-internlm2-interpreter",
            family="internlm-action",
            call=replace(
                PLUGIN,
                block=tags(None, Wrap(f"{INTERPRETER}\n```python\n", "\n```\n<|action_end|>")),
            ),
            turns=INTERN,
            gaps=Gaps(before_call="<|im_end|>\n<|im_start|>assistant\n"),
        ),
        seams=(answering(INTERPRETER, r"<\|plugin\|>", "<|interpreter|>"),),
    ),
    Dialect(
        name="F054c-intern-s1-spaced",
        family="internlm-action",
        call=replace(
            PLUGIN, wrap=Wrap("<|action_start|> <|plugin|>\n", "\n<|action_end|>"), joint="\n"
        ),
        thought=Wrap("<think>", "</think>"),
        turns=INTERN,
    ),
    shaped(
        Dialect(
            name="F073-chatglm3",
            family="chatglm3",
            call=FENCED_CALL,
            thought=Wrap("\n"),
            text=Wrap("\n"),
            final=Wrap("\n"),
            turns=Turns(
                assistant=Wrap("<|assistant|>", "\n"), tool=Wrap("<|observation|>\n", "\n")
            ),
            gaps=Gaps(before_call="\n<|assistant|>"),
        ),
        seams=(between(CALL, CALL, "\n<|assistant|>"),),
    ),
    Dialect(
        name="F074-glaive",
        family="glaive",
        call=CallForm(payload=single_quoted_arguments, wrap=Wrap("<functioncall> "), joint=" "),
        response=Wrap("FUNCTION RESPONSE: "),
        response_body=text_member,
        turns=Turns(assistant=Wrap("ASSISTANT: ", " <|endoftext|>\n\n\n"), tool=Wrap("", "\n\n\n")),
    ),
    Dialect(
        name="F074b-glaive-json",
        family="glaive",
        call=CallForm(payload=json_call(), wrap=Wrap("<functioncall> ")),
        response=Wrap("FUNCTION RESPONSE: "),
        turns=Turns(assistant=Wrap("A: ", " <|endoftext|>\n"), tool=Wrap("", "\n")),
    ),
)

TURNED: tuple[Dialect, ...] = (*GEMMAS, *REASONERS, *ROLES)
