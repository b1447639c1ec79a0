"""Frameworks that label lines: `Thought:`, `Action:`, `Observation:` and their kin."""

from buzz_parser.data.dialects.framework_payloads import action_blob, outlined, plain_input
from buzz_parser.data.dialects.framework_steps import (
    answer_as_call,
    paired,
    plan_alone,
    renumbered,
    reshaped,
    silent,
    thought_alone,
)
from buzz_parser.data.dialects.model import Call, CallForm, Dialect, Gaps, Turns, Wrap
from buzz_parser.data.dialects.payloads import (
    bracket_call,
    dump,
    flat,
    json_arguments,
    json_call,
    main_argument,
    name_then,
    python_call,
)

CHATML_USER = Turns(
    assistant=Wrap("<|im_start|>assistant\n", "<|im_end|>\n"),
    tool=Wrap("<|im_start|>user\n", "<|im_end|>\n"),
)
"""Results as messages of the user."""

HUMAN_AI = Turns(assistant=Wrap("AI: ", "\n"), tool=Wrap("Human: ", "\n"))

THOUGHT = Wrap("Thought: ")
OBSERVATION = Wrap("Observation: ")
FINAL_ANSWER = Wrap("Final Answer: ")

ACTION_INPUT = CallForm(
    payload=name_then(json_arguments(), joint="\nAction Input: "), wrap=Wrap("Action: ")
)

MRKL = Dialect(
    name="F078-mrkl",
    family="react-lines",
    call=ACTION_INPUT,
    thought=THOUGHT,
    final=FINAL_ANSWER,
    response=OBSERVATION,
)


def _arguments_of(call: Call) -> dict[str, object]:
    answers = call.name == "final_answer" and "answer" in call.arguments
    return {
        "name": call.name,
        "arguments": call.arguments["answer"] if answers else call.arguments,
    }


def _box_call(call: Call) -> str:
    """A step of a GUI agent: coordinates become a box between tokens."""
    arguments = dict(call.arguments)
    if {"x", "y"} <= set(arguments):
        place = f"({flat(arguments.pop('x'))},{flat(arguments.pop('y'))})"
        box = f"<|box_start|>{place}<|box_end|>"
        rest = "".join(f", {key}={dump(value, python=True)}" for key, value in arguments.items())
        return f"{call.name}(start_box='{box}'{rest})"
    return python_call()(call)


REACT: tuple[Dialect, ...] = (
    reshaped(
        Dialect(
            name="F077-react",
            family="react-numbered",
            call=CallForm(payload=bracket_call(), wrap=Wrap("Action %k%: ")),
            thought=Wrap("Thought %k%: "),
            final=Wrap("Answer: "),
            response=Wrap("Observation %k%: "),
        ),
        thought_alone,
        answer_as_call("Finish", "answer"),
        paired,
        renumbered,
    ),
    reshaped(
        Dialect(
            name="F077b-react-unnumbered",
            family="react-lines",
            call=CallForm(payload=bracket_call(), wrap=Wrap("Action: ")),
            thought=THOUGHT,
            final=Wrap("Answer: "),
            response=OBSERVATION,
        ),
        thought_alone,
        answer_as_call("Finish", "answer", share=0.5),
        paired,
    ),
    reshaped(MRKL, thought_alone),
    reshaped(
        Dialect(
            name="F078b-mrkl-plain-input",
            family="react-lines",
            call=CallForm(
                payload=name_then(plain_input, joint="\nAction Input: "),
                wrap=Wrap("Action: "),
                delimited=False,
            ),
            thought=THOUGHT,
            final=FINAL_ANSWER,
            response=OBSERVATION,
        ),
        thought_alone,
        paired,
    ),
    reshaped(
        Dialect(
            name="F078c-tool-llama",
            family="react-lines",
            call=CallForm(
                payload=name_then(json_arguments(indent=2), joint="\nAction Input: "),
                wrap=Wrap("Action: "),
            ),
            thought=Wrap("Thought: \n"),
            final=FINAL_ANSWER,
            response=OBSERVATION,
            turns=CHATML_USER,
        ),
        thought_alone,
        answer_as_call("Finish", "final_answer", share=0.6, return_type="give_answer"),
    ),
    Dialect(
        name="F078d-crew",
        family="react-lines",
        call=ACTION_INPUT,
        thought=THOUGHT,
        final=FINAL_ANSWER,
        response=OBSERVATION,
        gaps=Gaps(default="\n", after_thought="\n\n"),
    ),
    reshaped(
        Dialect(
            name="F078e-do-i-need-a-tool",
            family="react-lines",
            call=CallForm(
                payload=name_then(plain_input, joint="\nAction Input: "),
                wrap=Wrap("Action: "),
                delimited=False,
            ),
            thought=Wrap("Thought: Do I need to use a tool? Yes. "),
            final=Wrap("AI: "),
            response=OBSERVATION,
        ),
        thought_alone,
        paired,
    ),
)
"""ReAct as in the paper and as LangChain, CrewAI, Qwen-Agent and ToolLLaMA prompt it."""

ACTION_JSON: tuple[Dialect, ...] = (
    reshaped(
        Dialect(
            name="F079-structured-chat",
            family="action-blob",
            call=CallForm(payload=action_blob(indent=2), wrap=Wrap("Action:\n```\n", "\n```")),
            thought=THOUGHT,
            response=OBSERVATION,
        ),
        thought_alone,
        answer_as_call("Final Answer", "answer"),
    ),
    reshaped(
        Dialect(
            name="F079b-structured-chat-json-fence",
            family="action-blob",
            call=CallForm(
                payload=action_blob(indent=None, flatten=True),
                wrap=Wrap("Action:\n```json\n", "\n```"),
            ),
            thought=THOUGHT,
            final=FINAL_ANSWER,
            response=OBSERVATION,
        ),
        thought_alone,
        answer_as_call("Final Answer", "answer", share=0.4),
        paired,
    ),
    reshaped(
        Dialect(
            name="F080-conversational-chat",
            family="action-blob",
            call=CallForm(
                payload=action_blob(indent=4, flatten=True), wrap=Wrap("```json\n", "\n```")
            ),
            response=Wrap("TOOL RESPONSE:\n---------------------\n"),
            gaps=Gaps(default="\n\n", before_response="\n"),
        ),
        silent,
        answer_as_call("Final Answer", "answer"),
    ),
    reshaped(
        Dialect(
            name="F080b-conversational-chat-turns",
            family="action-blob",
            call=CallForm(payload=action_blob(indent=4), wrap=Wrap("```json\n", "\n```")),
            response=Wrap("TOOL RESPONSE: \n---------------------\n"),
            turns=HUMAN_AI,
            gaps=Gaps(default="\n\n"),
        ),
        answer_as_call("Final Answer", "answer", share=0.7),
    ),
    reshaped(
        Dialect(
            name="F083-tau-bench",
            family="tau-react",
            call=CallForm(payload=json_call(), wrap=Wrap("Action:\n")),
            thought=Wrap("Thought:\n"),
            response=Wrap("API output: "),
            turns=CHATML_USER,
        ),
        thought_alone,
        answer_as_call("respond", "content"),
    ),
    reshaped(
        Dialect(
            name="F084-smolagents-tool-calling",
            family="action-json",
            call=CallForm(payload=outlined(_arguments_of), wrap=Wrap("Action:\n")),
            response=OBSERVATION,
            response_body=dump,
            gaps=Gaps(default="\n\n", before_response="\n"),
        ),
        silent,
        answer_as_call("final_answer", "answer"),
    ),
    reshaped(
        Dialect(
            name="F084b-smolagents-call-id",
            family="action-json",
            call=CallForm(payload=json_call(indent=2), wrap=Wrap("Action:\n")),
            thought=THOUGHT,
            final=FINAL_ANSWER,
            response=Wrap("Call id: %id%\nObservation:\n"),
        ),
        thought_alone,
        answer_as_call("final_answer", "answer", share=0.5),
    ),
)
"""A JSON object behind `Action:` or in a fence."""

LABELLED: tuple[Dialect, ...] = (
    reshaped(
        Dialect(
            name="F082-self-ask",
            family="self-ask",
            call=CallForm(payload=main_argument, wrap=Wrap("Follow up: "), delimited=False),
            thought=Wrap("Are follow up questions needed here: Yes. "),
            final=Wrap("So the final answer is: "),
            response=Wrap("Intermediate answer: "),
        ),
        thought_alone,
    ),
    reshaped(
        Dialect(
            name="F103-ui-tars",
            family="react-lines",
            call=CallForm(payload=_box_call, wrap=Wrap("Action: ")),
            thought=THOUGHT,
            turns=CHATML_USER,
        ),
        thought_alone,
        answer_as_call("finished", "content", share=0.7),
    ),
    reshaped(
        Dialect(
            name="F106-qwen-agent-flowers",
            family="qwen-agent-flowers",
            call=CallForm(
                payload=name_then(json_arguments(), joint="\n✿ARGS✿: "), wrap=Wrap("✿FUNCTION✿: ")
            ),
            final=Wrap("✿RETURN✿: "),
            response=Wrap("✿RESULT✿: "),
        ),
        silent,
    ),
    reshaped(
        Dialect(
            name="F106b-qwen-agent-flowers-full-width",
            family="qwen-agent-flowers",
            call=CallForm(
                payload=name_then(json_arguments(), joint="\n✿ARGS✿："), wrap=Wrap("✿FUNCTION✿：")
            ),
            final=Wrap("✿RETURN✿："),
            response=Wrap("✿RESULT✿："),
        ),
        silent,
    ),
    reshaped(
        Dialect(
            name="F109-rewoo",
            family="rewoo",
            call=CallForm(payload=bracket_call(), wrap=Wrap("#E%k% = ")),
            thought=Wrap("Plan: "),
            final=Wrap("Answer: "),
            response=Wrap("Evidence:\n"),
        ),
        plan_alone,
        renumbered,
    ),
    reshaped(
        Dialect(
            name="F109b-rewoo-evidence",
            family="rewoo",
            call=CallForm(payload=bracket_call(), wrap=Wrap("#E%k% = ")),
            thought=Wrap("Plan: "),
            final=Wrap("Answer: "),
            response=Wrap("#E%k% Evidence: "),
        ),
        thought_alone,
        paired,
        renumbered,
    ),
)
"""Other labels before lines."""

LINES: tuple[Dialect, ...] = (*REACT, *ACTION_JSON, *LABELLED)
