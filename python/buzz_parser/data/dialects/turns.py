"""The turns that stand around in invented dialects: those of well-known templates, and drawn ones."""

from random import Random

from buzz_parser.data.dialects.model import Turns, Wrap

ROLES = (
    "assistant",
    "assistant",
    "agent",
    "model",
    "bot",
    "ai",
    "gpt",
    "Assistant",
    "AGENT",
    "speaker_b",
    "Agent",
    "Model",
    "Bot",
    "AI",
    "ASSISTANT",
)
TOOL_ROLES = (
    "user", "user", "USER", "human", "ipython", "host", "system", "runtime", "computer", "machine", "env",
    "tool_%name%", "System", "User", "Human", "Host", "Machine", "Computer",
)  # fmt: skip
"""Whose turn carries results: no word that elsewhere opens a call or a result itself."""

ROLE_SHAPES = (
    "<|{}|>",
    "<|{}|>\n",
    "<|role|>{}<|body|>",
    "<|turn|>{}<|says|>\n",
    "<|header|>{}<|/header|>\n\n",
    "{}<|split|>",
    "{} <<content>>\n",
    "[{}]\n",
    "[{}]: ",
    "<{}>\n",
    "<start>{}\n",
    "<s>{}\n",
    "<from:{}>",
    "=== {} ===\n",
    "## {}\n\n",
    "{}: ",
    "{}: ",
    "{}: ",
    "{}:\n",
    "{}:\n",
    "{} > ",
    "⟨{}⟩ ",
    "<｜{}｜>",
    "@{}\n",
    "role={} ",
)
TURN_ENDS = (
    "", "\n", "\n\n", "<|end|>", "<|end|>\n", "<|eot|>", "<|eom|>\n", "<|stop|>\n", "</s>", "</s>\n",
    "<end>\n", "<|finished|>", "<｜end｜>", "[END]\n", "<|part|>\n", "<eos>", "<|/turn|>\n", "\n---\n",
    "\n\n***\n\n", "<|next|>", "\n[EOT]\n", "<<eot>>", "<|msg_done|>",
)  # fmt: skip
"""The parts of invented turn markers; all of it is outside of every segment (rule 2)."""

TURN_TOKENS = (
    "<|{}|>", "<|{}|>", "<|{}|>", "<｜{}｜>", "<{}>", "[{}]", "[|{}|]", "<<{}>>", "⟦{}⟧", "◁{}▷", "<@{}@>",
    "{{{{{}}}}}", "<|{}|>\n", "<{}>\n",
)  # fmt: skip
TURN_OPENS = (
    "start",
    "turn",
    "message",
    "msg",
    "begin",
    "im_open",
    "from",
    "role",
    "header",
    "speaker",
    "bos",
    "new",
)
TURN_BODIES = (
    "sep",
    "body",
    "says",
    "content",
    "message",
    "split",
    "role_sep",
    "in",
    "text",
    "header_end",
    "begins",
)
TURN_CLOSES = (
    "end", "eot", "eom", "stop", "close", "im_shut", "end_turn", "end_message", "turn_end", "msg_end",
    "message_sep", "eos", "done", "fin", "next", "halt", "close_msg", "end_of_turn", "yield",
    "end_of_message", "endofreply", "turn_over", "end_of_speech",
)  # fmt: skip
"""The words of drawn turn tokens: before the role, behind it, at the turn's end."""


def invented_turns(rng: Random) -> Turns:
    """Turns of one shape, with an end that no format has or one that many have."""
    if rng.random() < 0.5:
        return _token_turns(rng)
    shape, end = rng.choice(ROLE_SHAPES), rng.choice(TURN_ENDS)
    if not end.strip() and not shape.startswith(("<", "[", "=", "⟨", "@")):
        end = rng.choice(("\n\n", "\n\n", "\n"))
    assistant = Wrap(shape.format(rng.choice(ROLES)), end)
    tool = Wrap(shape.format(rng.choice(TOOL_ROLES)), end)
    return Turns(assistant=assistant, tool=tool, shared=rng.random() < 0.2)


def _token_turns(rng: Random) -> Turns:
    """Turns in tokens of one style: a role between two tokens, or a token that names it."""
    token = rng.choice(TURN_TOKENS)
    behind = rng.choice(("", "", "\n", "\n\n", " "))
    end = token.format(rng.choice(TURN_CLOSES)) + rng.choice(("", "", "\n", "\n\n"))
    draw = rng.random()
    opens, says = token.format(rng.choice(TURN_OPENS)), token.format(rng.choice(TURN_BODIES))
    if draw < 0.45:
        shape = opens + "{}" + says + behind
    elif draw < 0.65:
        shape = opens + "{}" + "\n"
    elif draw < 0.8:
        shape = "{}" + says + behind
    else:
        shape = token.format(rng.choice(("{}", "{}", "begin_{}", "{}_turn", "role:{}"))) + behind
    assistant = Wrap(shape.format(rng.choice(ROLES)), end)
    tool = Wrap(shape.format(rng.choice((*TOOL_ROLES, "tool", "tool", "%name%"))), end)
    return Turns(assistant=assistant, tool=tool, shared=rng.random() < 0.2)


TURNS: tuple[Turns, ...] = (
    Turns(
        assistant=Wrap("<|im_start|>assistant\n", "<|im_end|>\n"),
        tool=Wrap("<|im_start|>tool\n", "<|im_end|>\n"),
    ),
    Turns(
        assistant=Wrap("<|im_start|>assistant\n", "<|im_end|>\n"),
        tool=Wrap("<|im_start|>user\n", "<|im_end|>\n"),
        shared=True,
    ),
    Turns(
        assistant=Wrap("<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>"),
        tool=Wrap("<|start_header_id|>ipython<|end_header_id|>\n\n", "<|eot_id|>"),
    ),
    Turns(assistant=Wrap("[/INST] ", "</s>"), tool=Wrap("[INST] ", " ")),
    Turns(assistant=Wrap("<|assistant|>\n", "\n"), tool=Wrap("<|observation|>\n", "\n")),
    Turns(
        assistant=Wrap("<start_of_turn>model\n", "<end_of_turn>\n"),
        tool=Wrap("<start_of_turn>user\n", "<end_of_turn>\n"),
    ),
    Turns(assistant=Wrap("<｜Assistant｜>", "<｜end▁of▁sentence｜>"), tool=Wrap("<｜User｜>", "")),
    Turns(assistant=Wrap("Assistant: ", "\n\n"), tool=Wrap("Tool: ", "\n\n")),
    Turns(assistant=Wrap("ASSISTANT: ", "\n"), tool=Wrap("USER: ", "\n")),
    Turns(assistant=Wrap("assistant:\n", "\n\n"), tool=Wrap("tool (%name%):\n", "\n\n")),
    Turns(assistant=Wrap("### Assistant:\n", "\n\n"), tool=Wrap("### Tool:\n", "\n\n")),
    Turns(assistant=Wrap("AI: ", "\n"), tool=Wrap("Human: ", "\n")),
    Turns(assistant=Wrap("<bot>", "</bot>\n"), tool=Wrap("<env>", "</env>\n")),
    Turns(assistant=Wrap("<|bot|>", "<|eos|>\n"), tool=Wrap("<|env|>", "<|eos|>\n"), shared=True),
)
