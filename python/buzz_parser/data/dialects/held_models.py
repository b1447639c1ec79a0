"""Models' own formats that stand in no catalogue and in no training message: the test of what is new."""

from buzz_parser.data.dialects.blocks import tags
from buzz_parser.data.dialects.framework_steps import paired, silent, thought_alone
from buzz_parser.data.dialects.model import Call, CallForm, Dialect, Gaps, Turns, Wrap
from buzz_parser.data.dialects.native_markers import JOINED, LLAMA3, PARTED_THOUGHT, THINK_LINES
from buzz_parser.data.dialects.native_steps import shaped, until
from buzz_parser.data.dialects.payloads import (
    fields_call,
    json_call,
    main_argument,
    python_call,
    python_literal,
)


def _function_token(call: Call) -> str:
    """Octopus's functions are tokens with numbers; the arguments have places and no names."""
    values = ", ".join(python_literal(value, "'") for value in call.arguments.values())
    return f"{sum(call.name.encode()) % 20}>({values})"


HELD_MODELS: tuple[Dialect, ...] = (
    # EXAONE 4.0 (LG): its chat template.
    Dialect(
        name="H01-exaone",
        family="exaone",
        call=CallForm(payload=json_call(), wrap=Wrap("<tool_call>", "</tool_call>")),
        thought=THINK_LINES,
        response=Wrap("<tool_result>", "</tool_result>"),
        turns=Turns(
            assistant=Wrap("[|assistant|]\n", "[|endofturn|]\n"),
            tool=Wrap("[|tool|]\n", "[|endofturn|]\n"),
            shared=True,
        ),
        gaps=PARTED_THOUGHT,
    ),
    # Grok (xAI): the call syntax of its published prompts, the turns of Grok 1 and 2.
    shaped(
        Dialect(
            name="H02-xai",
            family="xai",
            call=CallForm(
                payload=fields_call(
                    head="", field='<parameter name="%key%">%value%</parameter>', tail=""
                ),
                wrap=Wrap('<xai:function_call name="%name%">\n', "\n</xai:function_call>"),
            ),
            turns=Turns(
                assistant=Wrap("Assistant: ", "<|separator|>\n\n"),
                tool=Wrap("Function: ", "<|separator|>\n\n"),
            ),
        ),
        items=(silent,),
    ),
    # MathCoder: blocks of text, code and execution that share one end.
    shaped(
        Dialect(
            name="H03-mathcoder",
            family="mathcoder",
            call=CallForm(
                payload=python_call(),
                wrap=Wrap("<|code|>", "<|endofblock|>"),
                joint="",
                block=tags(None, Wrap("<|code|>", "<|endofblock|>")),
            ),
            text=Wrap("<|text|>", "<|endofblock|>"),
            final=Wrap("<|text|>", "<|endofblock|>"),
            response=Wrap("<|execution|>", "<|endofblock|>"),
            turns=Turns(assistant=Wrap("<|assistant|>", "<|endofmessage|>")),
            gaps=JOINED,
        ),
        items=(silent, paired),
    ),
    # Rubra's enhanced models: words without brackets around the call.
    shaped(
        Dialect(
            name="H04-rubra",
            family="rubra",
            call=CallForm(payload=json_call(), wrap=Wrap("starttoolcall", "endtoolcall")),
            turns=Turns(
                assistant=LLAMA3.assistant,
                tool=Wrap("<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>"),
            ),
            response=Wrap("observation: "),
        ),
        items=(silent,),
    ),
    # Octopus v2 (Nexa): a token a function.
    shaped(
        Dialect(
            name="H05-octopus",
            family="octopus",
            call=CallForm(payload=_function_token, wrap=Wrap("<nexa_", "<nexa_end>")),
        ),
        items=(silent, until("response")),
    ),
    # Search-o1: searches in the middle of the reasoning.
    shaped(
        Dialect(
            name="H06-search-o1",
            family="search-o1",
            call=CallForm(
                payload=main_argument,
                wrap=Wrap("<|begin_search_query|>", "<|end_search_query|>"),
            ),
            thought=THINK_LINES,
            response=Wrap("<|begin_search_result|>", "<|end_search_result|>"),
            gaps=Gaps(default="\n\n"),
        ),
        items=(thought_alone, paired),
    ),
    # R1-Searcher: the same idea under other tokens.
    shaped(
        Dialect(
            name="H07-r1-searcher",
            family="r1-searcher",
            call=CallForm(
                payload=main_argument, wrap=Wrap("<|begin_of_query|> ", " <|end_of_query|>")
            ),
            thought=Wrap("<think>", "</think>"),
            final=Wrap("<answer>", "</answer>"),
            response=Wrap("<|begin_of_documents|>\n", "<|end_of_documents|>"),
        ),
        items=(thought_alone, paired),
    ),
)
