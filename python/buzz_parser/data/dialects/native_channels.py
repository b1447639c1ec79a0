"""Native formats that say in a message's header what it is: channels, recipients, roles of calls."""

from dataclasses import replace

from buzz_parser.data.dialects.blocks import tags
from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Turns, Wrap, same
from buzz_parser.data.dialects.native_markers import JOINED
from buzz_parser.data.dialects.native_payloads import ARGUMENTS, members
from buzz_parser.data.dialects.native_steps import (
    answering,
    between,
    closing,
    heading,
    shaped,
    without,
)
from buzz_parser.data.dialects.payloads import dump, fields_call, json_arguments, json_call
from buzz_parser.data.dialects.render import CALL

NEXT = "<|end|><|start|>assistant"
CALLED = "<|call|><|start|>assistant"
ANALYSIS = Wrap("<|channel|>analysis<|message|>")
COMMENTARY = Wrap("<|channel|>commentary<|message|>")
HARMONY_ENDS = closing("<|end|>", call="<|call|>", end="<|return|>")

HARMONY = Dialect(
    name="F047-harmony",
    family="harmony",
    call=CallForm(
        payload=json_arguments(compact=True),
        wrap=Wrap("<|channel|>commentary to=functions.%name% <|constrain|>json<|message|>"),
        joint=CALLED,
    ),
    thought=ANALYSIS,
    text=COMMENTARY,
    final=Wrap("<|channel|>final<|message|>"),
    response=COMMENTARY,
    response_body=dump,
    turns=Turns(
        assistant=Wrap("<|start|>assistant", "<|end|>"),
        tool=Wrap("<|start|>functions.%name% to=assistant", "<|end|>"),
    ),
    gaps=Gaps(default=NEXT),
)
PYTHON_CALL = "<|channel|>analysis to=python code<|message|>"

HARMONIES: tuple[Dialect, ...] = (
    shaped(HARMONY, seams=(HARMONY_ENDS,)),
    shaped(
        replace(
            HARMONY,
            name="F047b-harmony-recipient-in-role",
            response_body=same,
            call=CallForm(
                payload=json_arguments(),
                wrap=Wrap("to=functions.%name%<|channel|>commentary json<|message|>"),
                joint=f"{CALLED} ",
            ),
        ),
        seams=(HARMONY_ENDS, heading(CALL, "<|start|>assistant", "<|start|>assistant ")),
    ),
    replace(
        HARMONY,
        name="F047c-harmony-stripped",
        response_body=same,
        call=CallForm(
            payload=json_arguments(compact=True),
            wrap=Wrap("commentary to=functions.%name% json"),
            joint="assistant",
        ),
        thought=Wrap("analysis"),
        text=Wrap("commentary"),
        final=Wrap("final"),
        response=Wrap("commentary"),
        turns=Turns(assistant=Wrap("assistant"), tool=Wrap("functions.%name% to=assistant")),
        gaps=Gaps(default="assistant"),
    ),
    shaped(
        replace(
            HARMONY,
            name="F047d-harmony-python",
            response_body=same,
            call=replace(HARMONY.call, block=tags(None, Wrap(PYTHON_CALL))),
        ),
        seams=(
            HARMONY_ENDS,
            between(CALL, CALL, CALLED),
            answering(PYTHON_CALL, r"functions\.\S+", "python"),
        ),
    ),
    shaped(
        replace(
            HARMONY,
            name="F047e-harmony-no-constraint",
            call=CallForm(
                payload=json_arguments(),
                wrap=Wrap("<|channel|>commentary to=functions.%name%<|message|>"),
                joint=CALLED,
            ),
        ),
        seams=(HARMONY_ENDS,),
    ),
)

ATEM = Dialect(
    name="F046-muse",
    family="atem",
    call=CallForm(
        payload=fields_call(
            head="",
            field='<atem:parameter name="%key%">%value%</atem:parameter>',
            tail="",
        ),
        wrap=Wrap('<atem:invoke name="%name%">\n', "\n</atem:invoke>"),
        group="section",
        section=Wrap("to=%name%<|message|><atem:function_calls>\n", "\n</atem:function_calls>"),
    ),
    thought=Wrap("to=self<|message|>"),
    text=Wrap("to=user<|message|>"),
    final=Wrap("to=user<|message|>"),
    response=Wrap('<tool_output name="%name%">\n', "\n</tool_output>"),
    turns=Turns(
        assistant=Wrap("<|start|>assistant ", "<|eot|>"),
        tool=Wrap("<|start|>tool %name%<|message|>", "<|eot|>"),
    ),
    gaps=Gaps(default="<|eom|><|start|>assistant "),
)

SOLAR = shaped(
    Dialect(
        name="F040-solar-open",
        family="solar",
        call=CallForm(
            payload=json_arguments(),
            wrap=Wrap(
                "<|tool_call:begin|>%id%<|tool_call:name|>%name%<|tool_call:args|>",
                "<|tool_call:end|>",
            ),
            group="section",
            section=Wrap("<|tool_calls|>"),
            joint="",
        ),
        thought=Wrap("<|think|>"),
        text=Wrap("<|content|>"),
        final=Wrap("<|content|>"),
        response=Wrap(
            "<|tool_response|><|tool_response:begin|>%id%<|tool_response:name|>%name%"
            "<|tool_response:result|>",
            "<|tool_response:end|>",
        ),
        turns=Turns(
            assistant=Wrap("<|begin|>assistant", "<|end|>"), tool=Wrap("<|begin|>tool", "<|end|>")
        ),
        gaps=Gaps(default="<|end|><|begin|>assistant"),
    ),
    seams=(closing("<|end|>", call="<|calls|>"),),
)

INKLING = Dialect(
    name="F071-inkling",
    family="inkling",
    call=CallForm(
        payload=members({"name": "%name%", "args": ARGUMENTS}, compact=True),
        wrap=Wrap("%name%<|content_invoke_tool_json|>"),
        joint="<|end_message|><|message_model|>",
    ),
    thought=Wrap("<|content_thinking|>"),
    text=Wrap("<|content_text|>"),
    final=Wrap("<|content_text|>"),
    turns=Turns(
        assistant=Wrap("<|message_model|>", "<|end_message|>"),
        tool=Wrap("<|message_tool|>", "<|end_message|>"),
    ),
    gaps=Gaps(default="<|end_message|><|message_model|>"),
)
"""The markers of thoughts, texts and results are in no source."""

GIGACHAT = Turns(
    assistant=Wrap("assistant<|role_sep|>\n", "<|message_sep|>\n\n"),
    tool=Wrap("function result<|role_sep|>\n", "<|message_sep|>\n\n"),
)
GIGACHATS: tuple[Dialect, ...] = (
    shaped(
        Dialect(
            name="F037-gigachat3",
            family="gigachat",
            call=CallForm(payload=json_call()),
            turns=GIGACHAT,
            gaps=Gaps(before_call="<|message_sep|>\n\nassistant<|role_sep|>\n"),
        ),
        seams=(heading(CALL, "assistant<|role_sep|>\n", "function call<|role_sep|>\n"),),
    ),
    Dialect(
        name="F038-gigachat3.1",
        family="gigachat",
        call=CallForm(payload=json_call(), wrap=Wrap("<|function_call|>"), joint=""),
        turns=GIGACHAT,
        gaps=JOINED,
    ),
)

FUNCTIONARY: tuple[Dialect, ...] = (
    shaped(
        Dialect(
            name="F059-functionary-v1",
            family="functionary-v1",
            call=CallForm(
                payload=json_arguments(indent=2),
                wrap=Wrap("<|START_OF_FUNCTION_CALL|>%name%:\n", "<|END_OF_FUNCTION_CALL|>"),
            ),
            turns=Turns(
                assistant=Wrap("assistant:\n", "<|END_OF_ASSISTANT|>\n"),
                tool=Wrap("function name=%name%:\n", "<|END_OF_FUNCTION_RESULT|>\n"),
            ),
        ),
        seams=(closing("<|END_OF_ASSISTANT|>\n", call="\n"),),
    ),
    shaped(
        Dialect(
            name="F060-functionary-v2",
            family="functionary-recipient",
            call=CallForm(
                payload=json_arguments(),
                wrap=Wrap("<|recipient|>%name%\n<|content|>"),
                joint="\n<|from|>assistant\n",
            ),
            text=Wrap("<|recipient|>all\n<|content|>"),
            final=Wrap("<|recipient|>all\n<|content|>"),
            response=Wrap("<|recipient|>all\n<|content|>"),
            turns=Turns(
                assistant=Wrap("<|from|>assistant\n", "<|stop|>\n"),
                tool=Wrap("<|from|>%name%\n", "\n"),
            ),
            gaps=Gaps(default="\n<|from|>assistant\n"),
        ),
        items=(without("thought"),),
    ),
)

CHANNELS: tuple[Dialect, ...] = (*HARMONIES, ATEM, SOLAR, INKLING, *GIGACHATS, *FUNCTIONARY)
