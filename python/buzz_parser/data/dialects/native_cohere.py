"""Cohere's formats: JSON lists of calls and of results."""

import json
from collections.abc import Sequence
from dataclasses import replace

from buzz_parser.data.dialects.model import CallForm, Dialect, Item, Turns, Wrap
from buzz_parser.data.dialects.native_markers import JOINED
from buzz_parser.data.dialects.native_payloads import ARGUMENTS, indented, members
from buzz_parser.data.dialects.native_steps import cited, closing, gathered, joined_results, shaped
from buzz_parser.data.dialects.payloads import json_call


def cohere_list(answers: Sequence[Item], *, nested: bool) -> str:
    """The results of a round as the JSON list that Cohere's templates write; `nested` in an object each."""
    entries = []
    for number, answer in enumerate(answers):
        body = json.dumps(answer.body, ensure_ascii=False)
        shown = f'{{"content": {body}}}' if nested else body
        entries.append(
            f'    {{\n        "tool_call_id": "{number}",\n        "results": {{\n'
            f'            "0": {shown}\n        }},\n        "is_error": null\n    }}'
        )
    return "[\n" + ",\n".join(entries) + "\n]"


COHERE = Turns(
    assistant=Wrap("<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>", "<|END_OF_TURN_TOKEN|>"),
    tool=Wrap("<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>", "<|END_OF_TURN_TOKEN|>"),
    shared=True,
)
COMMAND_R7B = Dialect(
    name="F018-command-r7b",
    family="cohere-tokens",
    call=CallForm(
        payload=indented(
            members(
                {
                    "tool_call_id": "%index%",
                    "tool_name": "%name%",
                    "parameters": ARGUMENTS,
                }
            )
        ),
        group="section",
        section=Wrap("<|START_ACTION|>[\n", "\n]<|END_ACTION|>"),
        joint=",\n",
    ),
    thought=Wrap("<|START_THINKING|>", "<|END_THINKING|>"),
    text=Wrap("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
    final=Wrap("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
    response=Wrap("<|START_TOOL_RESULT|>", "<|END_TOOL_RESULT|>"),
    turns=COHERE,
    gaps=JOINED,
)
COMMAND_A = replace(
    COMMAND_R7B,
    name="F019-command-a",
    text=Wrap("<|START_TEXT|>", "<|END_TEXT|>"),
    final=Wrap("<|START_TEXT|>", "<|END_TEXT|>"),
)
PLAIN_LIST = gathered(lambda answers: cohere_list(answers, nested=False))
NESTED_LIST = gathered(lambda answers: cohere_list(answers, nested=True))

COHERES: tuple[Dialect, ...] = (
    shaped(
        Dialect(
            name="F017-command-r-plus",
            family="cohere-action",
            call=CallForm(
                payload=indented(json_call(name_key="tool_name", args_key="parameters", indent=4)),
                group="section",
                section=Wrap("Action:\n```json\n[\n", "\n]```"),
                joint=",\n",
            ),
            response=Wrap("<results>\n", "</results>"),
            turns=COHERE,
        ),
        items=(joined_results("\n\n"),),
        seams=(closing("<|END_OF_TURN_TOKEN|>", call="\n"),),
    ),
    shaped(COMMAND_R7B, items=(PLAIN_LIST,)),
    shaped(replace(COMMAND_R7B, name="F018b-command-r7b-cited"), items=(PLAIN_LIST, cited)),
    shaped(COMMAND_A, items=(NESTED_LIST,)),
    shaped(
        replace(COMMAND_A, name="F019b-command-a-close-only", thought=Wrap("", "<|END_THINKING|>")),
        items=(NESTED_LIST,),
    ),
)
