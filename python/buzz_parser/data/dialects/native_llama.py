"""Native formats of Llama and its kin: bare JSON, `<function=…>`, and what follows `<|python_tag|>`."""

from dataclasses import replace

from buzz_parser.data.dialects.blocks import tags
from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Wrap
from buzz_parser.data.dialects.native_markers import JOINED, LLAMA3, LLAMA3_TOOL, LLAMA4
from buzz_parser.data.dialects.native_payloads import renamed
from buzz_parser.data.dialects.native_steps import closing, shaped, without
from buzz_parser.data.dialects.payloads import (
    dump,
    json_arguments,
    json_call,
    name_then,
    python_call,
)

PYTHON_TAG = Wrap("<|python_tag|>")
PARAMETERS = json_call(args_key="parameters")
FUNCTION_TAG = CallForm(
    payload=json_arguments(), wrap=Wrap("<function=%name%>", "</function>"), joint=""
)
END_OF_MESSAGE = closing("<|eot_id|>", call="<|eom_id|>")
"""A turn that calls isn't over; `<|eom_id|>` says that a result comes."""

LLAMA_JSON = Dialect(
    name="F023-llama3",
    family="llama-json",
    call=CallForm(payload=PARAMETERS),
    response_body=dump,
    turns=LLAMA3,
)

JSON: tuple[Dialect, ...] = (
    LLAMA_JSON,
    Dialect(
        name="F023b-llama3-plain-result",
        family="llama-json",
        call=CallForm(payload=PARAMETERS, joint="; "),
        turns=LLAMA3,
        gaps=Gaps(default="\n\n"),
    ),
    replace(
        LLAMA_JSON,
        name="F023c-llama3-type-function",
        call=CallForm(payload=json_call(args_key="parameters", extra={"type": "function"})),
    ),
    shaped(
        replace(
            LLAMA_JSON,
            name="F023d-llama3-python-tag",
            call=CallForm(payload=PARAMETERS, wrap=PYTHON_TAG),
        ),
        seams=(END_OF_MESSAGE,),
    ),
    replace(
        LLAMA_JSON,
        name="F023e-llama3-arguments-as-string",
        call=CallForm(payload=json_call(args_key="parameters", as_string=True)),
    ),
)

FUNCTIONS: tuple[Dialect, ...] = (
    shaped(
        Dialect(
            name="F024-functionary-v3.1",
            family="llama-function",
            call=FUNCTION_TAG,
            turns=LLAMA3,
            gaps=JOINED,
        ),
        seams=(END_OF_MESSAGE,),
    ),
    shaped(
        Dialect(
            name="F024b-functionary-v3.1-code",
            family="llama-function",
            call=replace(FUNCTION_TAG, block=tags(None, PYTHON_TAG), delimited=False),
            turns=LLAMA3,
            gaps=JOINED,
        ),
        seams=(END_OF_MESSAGE,),
    ),
    Dialect(
        name="F049-llama-function-tag",
        family="llama-function",
        call=FUNCTION_TAG,
        turns=LLAMA3,
    ),
    Dialect(
        name="F049b-llama4-function-tag",
        family="llama-function",
        call=FUNCTION_TAG,
        turns=LLAMA4,
        gaps=Gaps(default="\n\n"),
    ),
    Dialect(
        name="F061-functionary-v2.5",
        family="functionary-llama",
        call=CallForm(
            payload=name_then(json_arguments()),
            wrap=Wrap("<|reserved_special_token_249|>"),
            joint="",
        ),
        response=Wrap("name=%name%\n"),
        turns=LLAMA3_TOOL,
        gaps=JOINED,
    ),
    shaped(
        Dialect(
            name="F025-functionary-v3.2",
            family="functionary-arrows",
            call=CallForm(payload=json_arguments(), wrap=Wrap(">>>%name%\n"), joint=""),
            text=Wrap(">>>all\n"),
            final=Wrap(">>>all\n"),
            turns=LLAMA3_TOOL,
            gaps=JOINED,
        ),
        items=(without("thought"),),
    ),
)

BUILT_IN = python_call(quote='"')

PYTHON_TAGGED: tuple[Dialect, ...] = (
    shaped(
        Dialect(
            name="F048-llama3-built-in",
            family="llama-python-tag",
            call=CallForm(payload=renamed("%name%.call", BUILT_IN), wrap=PYTHON_TAG),
            turns=LLAMA3,
        ),
        seams=(END_OF_MESSAGE,),
    ),
    shaped(
        Dialect(
            name="F048b-llama3-code",
            family="llama-python-tag",
            call=CallForm(
                payload=renamed("%name%.call", BUILT_IN),
                wrap=PYTHON_TAG,
                block=tags(None, PYTHON_TAG),
                delimited=False,
            ),
            turns=LLAMA3,
        ),
        seams=(END_OF_MESSAGE,),
    ),
)

LIST = CallForm(payload=python_call(), group="list", joint=", ")
PYTHON_LIST = Dialect(
    name="F050-pythonic", family="pythonic", call=LIST, turns=LLAMA3, gaps=Gaps(default="\n\n")
)

PYTHONIC: tuple[Dialect, ...] = (
    PYTHON_LIST,
    replace(
        PYTHON_LIST,
        name="F050b-pythonic-llama4",
        call=CallForm(
            payload=python_call(quote='"'),
            group="list",
            section=Wrap("<|python_start|>", "<|python_end|>"),
            joint=", ",
        ),
        turns=LLAMA4,
    ),
    replace(
        PYTHON_LIST,
        name="F050c-pythonic-python-tag",
        call=replace(LIST, section=PYTHON_TAG),
    ),
    replace(
        PYTHON_LIST,
        name="F050d-toolace",
        call=CallForm(payload=python_call(quote='"'), group="list", joint=", "),
        turns=LLAMA3_TOOL,
        response_body=dump,
        gaps=Gaps(),
    ),
)

LLAMAS: tuple[Dialect, ...] = (*JSON, *FUNCTIONS, *PYTHON_TAGGED, *PYTHONIC)
