"""Frameworks whose agents act by code or by shell commands."""

from buzz_parser.data.dialects import blocks
from buzz_parser.data.dialects.framework_lines import CHATML_USER, OBSERVATION, THOUGHT
from buzz_parser.data.dialects.framework_payloads import shell_line, statement, window_line
from buzz_parser.data.dialects.framework_steps import (
    answer_as_call,
    answer_as_command,
    evident,
    reshaped,
    thought_alone,
)
from buzz_parser.data.dialects.model import CallForm, Dialect, Gaps, Payload, Turns, Wrap

OBSERVATION_BLOCK = Wrap("Observation:\n")
UPPER_OBSERVATION = Wrap("OBSERVATION:\n")

NAMED_USER = Turns(assistant=Wrap("ASSISTANT: ", "\n\n"), tool=Wrap("USER: ", "\n\n"), shared=True)
GEMMA_TURNS = Turns(
    assistant=Wrap("<start_of_turn>model\n", "<end_of_turn>\n"),
    tool=Wrap("<start_of_turn>user\n", "<end_of_turn>\n"),
)
CODE_TAGS = Wrap("<code>\n", "\n</code>")
COMMAND_TAGS = Wrap("<command>\n", "\n</command>")
MSWEA = Wrap("```mswea_bash_command\n", "\n```")
SUBMISSION = "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"

RETURN_CODE = Wrap("<returncode>0</returncode>\n<output>\n", "\n</output>")

SOLUTION = Wrap("The answer is <solution> ", " </solution>")


def code_form(wrap: Wrap, payload: Payload, *, delimited: bool = True) -> CallForm:
    """Code in a block of its own, functions as the statements of one program in such a block."""
    return CallForm(
        payload=payload,
        group="section",
        section=wrap,
        block=blocks.tags(None, wrap),
        delimited=delimited,
    )


def command_form(wrap: Wrap, payload: Payload = shell_line) -> CallForm:
    """Whatever the call, a command in a block of its own."""
    return CallForm(payload=payload, wrap=wrap)


def code_agent(name: str, wrap: Wrap, *, answer: float = 1.0, closed: bool = True) -> Dialect:
    """A code agent of smolagents; answers are calls of `final_answer` in a share of the messages."""
    plain = Dialect(
        name=name,
        family="smolagents-code",
        call=code_form(wrap, statement(), delimited=closed),
        thought=THOUGHT,
        final=Wrap("Final answer: "),
        response=OBSERVATION_BLOCK,
    )
    return reshaped(plain, thought_alone, answer_as_call("final_answer", "answer", share=answer))


SMOLAGENTS: tuple[Dialect, ...] = (
    code_agent("F085-smolagents-code", CODE_TAGS),
    code_agent("F085b-smolagents-unclosed", Wrap("<code>\n"), answer=0.5, closed=False),
    evident(
        code_agent("F085c-smolagents-fence", Wrap("```python\n", "\n```"), answer=0.7),
        code_form(CODE_TAGS, statement()),
    ),
    code_agent("F085d-smolagents-end-code", Wrap("Code:\n```py\n", "\n```<end_code>")),
    code_agent("F085e-smolagents-code-label", Wrap("Code:\n```python\n", "\n```"), answer=0.5),
)

CODE_ACT: tuple[Dialect, ...] = (
    Dialect(
        name="F087-codeact",
        family="codeact",
        call=code_form(Wrap("<execute> ", " </execute>"), statement(style="print")),
        thought=Wrap("<thought> ", " </thought>"),
        final=SOLUTION,
        response=OBSERVATION_BLOCK,
    ),
    Dialect(
        name="F087b-codeact-lines",
        family="codeact",
        call=code_form(Wrap("<execute>\n", "\n</execute>"), statement()),
        thought=Wrap("<thought>\n", "\n</thought>"),
        final=Wrap("<solution>\n", "\n</solution>"),
        response=OBSERVATION,
        turns=CHATML_USER,
    ),
)

OPEN_HANDS: tuple[Dialect, ...] = tuple(
    Dialect(
        name=name,
        family="openhands-execute",
        call=CallForm(
            payload=statement(style=style),
            group="section",
            section=Wrap("<execute_ipython>\n", f"\n</execute_ipython{cut}"),
            block=blocks.tags(
                Wrap("<execute_bash>\n", f"\n</execute_bash{cut}"),
                Wrap("<execute_ipython>\n", f"\n</execute_ipython{cut}"),
            ),
        ),
        response=UPPER_OBSERVATION,
        turns=turns,
    )
    for name, style, cut, turns in (
        ("F088-openhands-execute", "print", ">", CHATML_USER),
        ("F088b-openhands-cut-closer", "bare", "", NAMED_USER),
    )
)

SWE_AGENT: tuple[Dialect, ...] = (
    evident(
        reshaped(
            Dialect(
                name="F090-swe-agent",
                family="swe-agent-fence",
                call=command_form(Wrap("```\n", "\n```"), window_line),
                thought=Wrap("DISCUSSION\n"),
                response=UPPER_OBSERVATION,
            ),
            thought_alone,
            answer_as_command("submit", share=0.6),
        ),
        command_form(COMMAND_TAGS),
    ),
    evident(
        Dialect(
            name="F090b-swe-agent-unlabelled",
            family="swe-agent-fence",
            call=command_form(Wrap("```\n", "\n```"), window_line),
            response=UPPER_OBSERVATION,
            turns=CHATML_USER,
        ),
        command_form(COMMAND_TAGS),
    ),
    Dialect(
        name="F091-swe-agent-command",
        family="swe-agent-command",
        call=command_form(COMMAND_TAGS),
        response=UPPER_OBSERVATION,
    ),
    reshaped(
        Dialect(
            name="F091b-swe-agent-command-turns",
            family="swe-agent-command",
            call=command_form(Wrap("<command>", "</command>"), window_line),
            response=UPPER_OBSERVATION,
            turns=CHATML_USER,
        ),
        thought_alone,
    ),
    reshaped(
        Dialect(
            name="F092-mini-swe-agent",
            family="mini-swe-agent",
            call=command_form(MSWEA),
            thought=Wrap("THOUGHT: "),
            response=RETURN_CODE,
            gaps=Gaps(default="\n", after_thought="\n\n"),
        ),
        thought_alone,
        answer_as_command(SUBMISSION, share=0.6),
    ),
    evident(
        reshaped(
            Dialect(
                name="F092b-mini-swe-agent-bash",
                family="mini-swe-agent",
                call=command_form(Wrap("```bash\n", "\n```")),
                thought=Wrap("THOUGHT: "),
                response=RETURN_CODE,
                turns=CHATML_USER,
                gaps=Gaps(default="\n", after_thought="\n\n"),
            ),
            thought_alone,
            answer_as_command(SUBMISSION, share=0.4),
        ),
        command_form(MSWEA),
    ),
)

TOOL_CODE: tuple[Dialect, ...] = (
    Dialect(
        name="F104-tool-code",
        family="tool-code",
        call=code_form(
            Wrap("```tool_code\n", "\n```"), statement(style="print", prefix="default_api.")
        ),
        response=Wrap("```tool_output\n", "\n```"),
    ),
    Dialect(
        name="F104b-tool-code-outputs",
        family="tool-code",
        call=code_form(Wrap("```tool_code\n", "\n```"), statement(style="bare")),
        response=Wrap("```tool_outputs\n", "\n```"),
        turns=GEMMA_TURNS,
    ),
    Dialect(
        name="F104c-tool-code-unfenced",
        family="tool-code",
        call=CallForm(
            payload=statement(style="bare", prefix="default_api."),
            wrap=Wrap("tool_code = "),
            block=blocks.tags(None, Wrap("```tool_code\n", "\n```")),
        ),
        response=Wrap("tool_output = "),
        turns=GEMMA_TURNS,
    ),
    Dialect(
        name="F104d-tool-code-thought",
        family="tool-code",
        call=code_form(
            Wrap("```tool_code\n", "\n```"), statement(style="print", prefix="default_api.")
        ),
        thought=Wrap("```thought\n", "\n```"),
        response=Wrap("```tool_outputs\n", "\n```"),
    ),
)

CODE: tuple[Dialect, ...] = (*SMOLAGENTS, *CODE_ACT, *OPEN_HANDS, *SWE_AGENT, *TOOL_CODE)
