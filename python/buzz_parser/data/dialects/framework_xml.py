"""Frameworks that write calls as elements or fenced fields."""

from buzz_parser.data.dialects.framework_code import NAMED_USER, UPPER_OBSERVATION
from buzz_parser.data.dialects.framework_lines import CHATML_USER
from buzz_parser.data.dialects.framework_payloads import plain_input, tagged
from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Turns, Wrap
from buzz_parser.data.dialects.payloads import main_argument, name_then

PREFIX = "antml:"
"""The name space of Claude's newer elements."""

HUMAN_ASSISTANT = Turns(assistant=Wrap("\n\nAssistant: "), tool=Wrap("\n\nHuman: "))

EXECUTION_RESULT = Wrap("EXECUTION RESULT of [%name%]:\n")


def invoke_form(prefix: str, *, bare: bool = False) -> CallForm:
    """Invocations with named parameters, in a section or, `bare`, each on its own."""
    return CallForm(
        payload=tagged(f'<{prefix}parameter name="%key%">%value%</{prefix}parameter>\n'),
        wrap=Wrap(f'<{prefix}invoke name="%name%">\n', f"</{prefix}invoke>"),
        group="each" if bare else "section",
        section=Wrap(f"<{prefix}function_calls>\n", f"\n</{prefix}function_calls>"),
    )


def function_form(tail: str = "</function>", *, lines: bool = True) -> CallForm:
    """`<function=…>` with its parameters; long values, or none, on lines of their own."""
    return CallForm(
        payload=tagged("<parameter=%key%>%value%</parameter>\n", lines=lines),
        wrap=Wrap("<function=%name%>\n", tail),
    )


LANGCHAIN_XML: tuple[Dialect, ...] = (
    Dialect(
        name="F081-xml-agent",
        family="xml-agent",
        call=CallForm(
            payload=name_then(plain_input, joint="</tool><tool_input>"),
            wrap=Wrap("<tool>", "</tool_input>"),
        ),
        final=Wrap("<final_answer>", "</final_answer>"),
        response=Wrap("<observation>", "</observation>"),
    ),
    Dialect(
        name="F081b-xml-agent-unclosed",
        family="xml-agent",
        call=CallForm(
            payload=name_then(plain_input, joint="</tool><tool_input>"),
            wrap=Wrap("<tool>"),
            delimited=False,
        ),
        final=Wrap("<final_answer>", "</final_answer>"),
        response=Wrap("<observation>", "</observation>"),
    ),
)

CLAUDE: tuple[Dialect, ...] = (
    Dialect(
        name="F100-claude-legacy",
        family="xml-invoke",
        call=CallForm(
            payload=tagged(),
            wrap=Wrap(
                "<invoke>\n<tool_name>%name%</tool_name>\n<parameters>\n",
                "</parameters>\n</invoke>",
            ),
            group="section",
            section=Wrap("<function_calls>\n", "\n</function_calls>"),
        ),
        thought=Wrap("<scratchpad>\n", "\n</scratchpad>"),
        response=Wrap(
            "<function_results>\n<result>\n<tool_name>%name%</tool_name>\n<stdout>\n",
            "\n</stdout>\n</result>\n</function_results>",
        ),
    ),
    Dialect(
        name="F100b-claude-legacy-error",
        family="xml-invoke",
        call=CallForm(
            payload=tagged(),
            wrap=Wrap(
                "<function_calls>\n<invoke>\n<tool_name>%name%</tool_name>\n<parameters>\n",
                "</parameters>\n</invoke>\n</function_calls>",
            ),
        ),
        thought=Wrap("<thinking>\n", "\n</thinking>"),
        final=Wrap("<answer>\n", "\n</answer>"),
        response=Wrap("<function_results>\n<system>\n", "\n</system>\n</function_results>"),
        turns=HUMAN_ASSISTANT,
        gaps=Gaps(default="\n\n"),
    ),
    Dialect(
        name="F101-claude-newer",
        family="xml-invoke",
        call=invoke_form(""),
        thought=Wrap("<thinking>\n", "\n</thinking>"),
        response=Wrap(
            "<function_results>\n<result>\n<name>%name%</name>\n<output>",
            "</output>\n</result>\n</function_results>",
        ),
        gaps=Gaps(default="\n\n"),
    ),
    Dialect(
        name="F101b-claude-newer-prefixed",
        family="xml-invoke",
        call=invoke_form(PREFIX),
        thought=Wrap(f"<{PREFIX}thinking>", f"</{PREFIX}thinking>"),
        response=Wrap("<function_results>\n", "\n</function_results>"),
        gaps=Gaps(default="\n\n"),
    ),
    Dialect(
        name="F101c-claude-newer-bare",
        family="xml-invoke",
        call=invoke_form("", bare=True),
        response=Wrap("<function_results>\n", "\n</function_results>"),
        gaps=Gaps(default="\n\n"),
    ),
)

FUNCTION_TAGS: tuple[Dialect, ...] = (
    Dialect(
        name="F089-openhands-function",
        family="function-parameter-tags",
        call=function_form(),
        response=EXECUTION_RESULT,
        turns=NAMED_USER,
    ),
    Dialect(
        name="F089b-openhands-function-cut",
        family="function-parameter-tags",
        call=function_form("</function", lines=False),
        response=EXECUTION_RESULT,
        turns=CHATML_USER,
        gaps=Gaps(default="\n\n"),
    ),
    Dialect(
        name="F091c-swe-agent-function",
        family="function-parameter-tags",
        call=function_form(lines=False),
        response=UPPER_OBSERVATION,
        turns=CHATML_USER,
    ),
)

SEARCH: tuple[Dialect, ...] = (
    Dialect(
        name="F099-search-r1",
        family="search-r1",
        call=CallForm(payload=main_argument, wrap=Wrap("<search> ", " </search>")),
        thought=Wrap("<think>", "</think>"),
        final=Wrap("<answer> ", " </answer>"),
        response=Wrap("<information>", "</information>"),
        gaps=Gaps(default="\n\n", after_thought="\n"),
    ),
    Dialect(
        name="F099b-search-r1-lines",
        family="search-r1",
        call=CallForm(payload=plain_input, wrap=Wrap("<search>", "</search>")),
        thought=Wrap("<think>\n", "\n</think>"),
        final=Wrap("<answer>", "</answer>"),
        response=Wrap("<information>\n", "\n</information>"),
    ),
)

CONTINUE: tuple[Dialect, ...] = tuple(
    Dialect(
        name=name,
        family="continue-tool",
        call=CallForm(
            payload=tagged(f"BEGIN_ARG: %key%\n%value%\n{end}"),
            wrap=Wrap("```tool\nTOOL_NAME: %name%\n", close),
            delimited=bool(close),
        ),
        turns=CHATML_USER,
    )
    for name, end, close in (
        ("F102-continue", "END_ARG\n", "```"),
        ("F102b-continue-no-end", "", "```"),
        ("F102c-continue-open-fence", "END_ARG\n", ""),
    )
)

XML: tuple[Dialect, ...] = (*LANGCHAIN_XML, *CLAUDE, *FUNCTION_TAGS, *SEARCH, *CONTINUE)
