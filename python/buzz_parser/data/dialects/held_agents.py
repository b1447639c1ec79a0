"""Agent frameworks' formats that stand in no catalogue and in no training message: the test of what is new."""

import json
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from urllib.parse import urlencode

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects.blocks import tags
from buzz_parser.data.dialects.framework_steps import (
    paired,
    renumbered,
    reshaped,
    silent,
    thought_alone,
)
from buzz_parser.data.dialects.model import Call, CallForm, Dialect, Gaps, Item, Turns, Wrap
from buzz_parser.data.dialects.payloads import (
    dump,
    fields_call,
    json_arguments,
    json_call,
    name_then,
    python_call,
)
from buzz_parser.data.dialects.render import TEXT

PARAGRAPHS = Gaps(default="\n\n")


def _rule(title: str) -> str:
    """LangGraph's line around the name of a message's kind."""
    return f" {title} Message ".center(80, "=")


def _request(call: Call) -> str:
    values = {
        k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)
        for k, v in call.arguments.items()
    }
    return f"GET /{call.name}?{urlencode(values)}" if values else f"GET /{call.name}"


def _marked_call(call: Call) -> str:
    return f"{call.name}({call.slots.id}): {dump(call.arguments)}"


def _spoken(dialect: Dialect, role: str) -> Dialect:
    """A dialect that opens its prose with the role that speaks, which is outside of the prose (rule 2)."""
    whole = reshaped(dialect, silent, paired).whole

    def parted(items: Sequence[Item], rng: Random) -> list[Piece] | None:
        pieces: list[Piece] = []
        for piece in (whole(items, rng) if whole else None) or ():
            spoken = piece.label == TEXT and piece.text.startswith(role)
            pieces += [outside(role)] if spoken else []
            pieces.append(Piece(TEXT, piece.text.removeprefix(role)) if spoken else piece)
        return pieces or None

    return replace(dialect, whole=parted)


HELD_AGENTS: tuple[Dialect, ...] = (
    # DSPy's ReAct module: the fields that the model writes, then those of the trajectory.
    reshaped(
        Dialect(
            name="H11-dspy",
            family="dspy",
            call=CallForm(
                payload=name_then(json_arguments(), joint="\n\n[[ ## next_tool_args ## ]]\n"),
                wrap=Wrap("[[ ## next_tool_name ## ]]\n"),
            ),
            thought=Wrap("[[ ## next_thought ## ]]\n"),
            final=Wrap("[[ ## answer ## ]]\n"),
            response=Wrap("[[ ## observation ## ]]\n"),
            gaps=PARAGRAPHS,
        ),
        thought_alone,
        paired,
    ),
    reshaped(
        Dialect(
            name="H11b-dspy-trajectory",
            family="dspy",
            call=CallForm(
                payload=name_then(json_arguments(), joint="\n\n[[ ## tool_args_%k% ## ]]\n"),
                wrap=Wrap("[[ ## tool_name_%k% ## ]]\n"),
            ),
            thought=Wrap("[[ ## thought_%k% ## ]]\n"),
            final=Wrap("[[ ## answer ## ]]\n"),
            response=Wrap("[[ ## observation_%k% ## ]]\n"),
            gaps=PARAGRAPHS,
        ),
        thought_alone,
        paired,
        renumbered,
    ),
    # LangGraph's pretty_print.
    reshaped(
        Dialect(
            name="H12-langgraph",
            family="langgraph",
            call=CallForm(
                payload=fields_call(
                    head="%name% (%id%)\n Call ID: %id%\n  Args:",
                    field="    %key%: %value%",
                    tail="",
                ),
                wrap=Wrap("  "),
                group="section",
                section=Wrap("Tool Calls:\n"),
            ),
            response=Wrap("Name: %name%\n\n"),
            turns=Turns(
                assistant=Wrap(f"{_rule('Ai')}\n\n", "\n"), tool=Wrap(f"{_rule('Tool')}\n", "\n")
            ),
        ),
        silent,
    ),
    # Semantic Kernel's stepwise planner.
    reshaped(
        Dialect(
            name="H13-semantic-kernel",
            family="semantic-kernel",
            call=CallForm(
                payload=json_call(name_key="action", args_key="action_variables"),
                wrap=Wrap("[ACTION]\n"),
            ),
            thought=Wrap("[THOUGHT]\n"),
            final=Wrap("[FINAL ANSWER]\n"),
            response=Wrap("[OBSERVATION]\n"),
        ),
        thought_alone,
        paired,
    ),
    # ToolAlpaca's simulated conversations.
    reshaped(
        Dialect(
            name="H14-toolalpaca",
            family="toolalpaca",
            call=CallForm(
                payload=name_then(json_arguments(), joint="\nASSISTANT Action Input: "),
                wrap=Wrap("ASSISTANT Action: "),
            ),
            thought=Wrap("ASSISTANT Thought: "),
            final=Wrap("ASSISTANT Response: "),
            response=Wrap("ASSISTANT Observation: "),
        ),
        thought_alone,
        paired,
    ),
    # CrewAI's console.
    reshaped(
        Dialect(
            name="H15-crewai-console",
            family="crewai-console",
            call=CallForm(
                payload=name_then(
                    lambda call: json.dumps(dump(call.arguments), ensure_ascii=False),
                    joint="\n## Tool Input: \n",
                ),
                wrap=Wrap("## Using tool: "),
            ),
            thought=Wrap("## Thought: "),
            final=Wrap("## Final Answer: \n"),
            response=Wrap("## Tool Output: \n"),
            turns=Turns(assistant=Wrap("# Agent: Researcher\n", "\n\n")),
        ),
        thought_alone,
        paired,
    ),
    # gptme's tool format, in its log.
    reshaped(
        Dialect(
            name="H16-gptme",
            family="gptme",
            call=CallForm(payload=_marked_call, wrap=Wrap("@")),
            thought=Wrap("<thinking>\n", "\n</thinking>"),
            turns=Turns(assistant=Wrap("Assistant: ", "\n"), tool=Wrap("System: ", "\n")),
        ),
    ),
    # Voyager: an explanation, then the code that plays the game, then the chat's log.
    reshaped(
        Dialect(
            name="H17-voyager",
            family="voyager",
            call=CallForm(
                payload=python_call(prefix="await bot."),
                wrap=Wrap("Code:\n```javascript\n", "\n```"),
                block=tags(
                    Wrap("Code:\n```bash\n", "\n```"), Wrap("Code:\n```javascript\n", "\n```")
                ),
            ),
            thought=Wrap("Explain: "),
            final=Wrap("Answer: "),
            response=Wrap("Chat log: "),
            gaps=PARAGRAPHS,
        ),
        thought_alone,
        paired,
    ),
    # RestGPT: plans, requests and responses of web services.
    reshaped(
        Dialect(
            name="H18-restgpt",
            family="restgpt",
            call=CallForm(payload=_request, wrap=Wrap("API calling %k%: ")),
            thought=Wrap("Plan step %k%: "),
            final=Wrap("Final Result: "),
            response=Wrap("API response: "),
        ),
        thought_alone,
        paired,
        renumbered,
    ),
    # API-Bank: the request and what it gave in one line; the role before prose says who speaks.
    _spoken(
        Dialect(
            name="H19-api-bank",
            family="api-bank",
            call=CallForm(payload=python_call(quote="'"), wrap=Wrap("API-Request: [", "]")),
            text=Wrap("AI: "),
            final=Wrap("AI: "),
            response=Wrap("->"),
            gaps=Gaps(before_response=""),
        ),
        "AI: ",
    ),
)
