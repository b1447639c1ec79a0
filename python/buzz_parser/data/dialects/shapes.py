"""How a word becomes a marker, and the turns that stand around: the shapes of invented dialects."""

from random import Random

from buzz_parser.data.dialects.model import Turns, Wrap

BRACKETS: tuple[tuple[str, str], ...] = (
    ("<{}>", "</{}>"),
    ("<{}>", "</{}>"),
    ("<{}>", "</{}>"),
    ("<{}>", "</{}>"),
    ("[{}]", "[/{}]"),
    ("<|{}|>", "<|/{}|>"),
    ("<|{}_start|>", "<|{}_end|>"),
    ("<|begin_{}|>", "<|end_{}|>"),
    ("<|{}:begin|>", "<|{}:end|>"),
    ("<start_{}>", "<end_{}>"),
    ("<<{}>>", "<</{}>>"),
    ("[[{}]]", "[[/{}]]"),
    ("{{{{{}}}}}", "{{{{/{}}}}}"),
    ("«{}»", "«/{}»"),
    ("【{}】", "【/{}】"),
    ("◁{}▷", "◁/{}▷"),
    ("<｜{}｜>", "<｜/{}｜>"),
    ("<!-- {} -->", "<!-- /{} -->"),
    ("### {} ###", "### end {} ###"),
    ("<|{}>", "<{}|>"),
    ("=== {} ===", "=== end ==="),
    ("--- {} ---", "--- end {} ---"),
    ("%%{}%%", "%%/{}%%"),
    ("\\{}{{", "\\end{}}}"),
    ("@@{}", "@@end"),
    ("BEGIN {}", "END {}"),
    ("{}_START", "{}_END"),
    ("<|start|>{}<|sep|>", "<|stop|>{}<|sep|>"),
    ("<|BEGIN_{}|>", "<|FINISH_{}|>"),
    ("<|{}_OPENS_HERE|>", "<|{}_ENDS_HERE|>"),
    ("<{}:pub>", "</{}:pub>"),
    ("<{}:in>", "<{}:out>"),
    ("[[begin:{}]]", "[[end:{}]]"),
    ("⟦{}⟧", "⟦/{}⟧"),
    ("‹{}›", "‹/{}›"),
    ("<~{}~>", "<~/{}~>"),
    ("(({}))", "((/{}))"),
    ("::{}::", "::/{}::"),
    ("<?{}?>", "<?/{}?>"),
    ("^^{}^^", "^^/{}^^"),
    ("<+{}+>", "<-{}->"),
    ("[{}>", "<{}]"),
    ("★{}★", "★end★"),
    ("<{} type=block>", "</{}>"),
    ('<seg kind="{}">', "</seg>"),
    ("<|kind|>{}<|body|>", "<|fin|>"),
)
"""How a word becomes an opening and a closing marker."""

LABEL_SHAPES = (
    "{}: ",
    "{}: ",
    "{}: ",
    "{}:\n",
    "{}:\n",
    "{}： ",
    "**{}:** ",
    "**{}**: ",
    "## {}\n",
    "### {}\n",
    "[{}] ",
    "[{}]\n",
    "({}) ",
    "> {}: ",
    "{} %k%: ",
    "{} %k%: ",
    "# {}\n",
    "{} -> ",
    "{} >> ",
    "- {}: ",
    "{} = ",
    "~{}~ ",
    "*{}* ",
    "*{}:* ",
    "{} | ",
    "<{}>: ",
    "@{} ",
    "#{} ",
    "{}>\n",
    "{}\n",
    "__{}__\n",
    "🔹 {}: ",
    "• {}: ",
    "{} #%k%: ",
    "%k%. {}: ",
)
"""How a word becomes the label before a line or a block."""

THOUGHT_LINES = (
    "Here is my thought process:\n",
    "Here's my thought process:\n",
    "Here are my reasoning steps:\n",
    "Let me think this through.\n",
    "🤔 ",
    "💭 ",
    "(thinking) ",
    "[internal] ",
    "// ",
    "/* ",
    "Let's think step by step.\n",
)

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
)
TOOL_ROLES = (
    "user", "user", "USER", "human", "ipython", "host", "system", "runtime", "computer", "machine", "env",
    "tool_%name%",
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
    "{}:\n",
    "{} > ",
    "⟨{}⟩ ",
    "<｜{}｜>",
    "@{}\n",
    "role={} ",
)
TURN_ENDS = (
    "", "\n", "\n\n", "<|end|>", "<|end|>\n", "<|eot|>", "<|eom|>\n", "<|stop|>\n", "</s>", "</s>\n", "<end>\n",
    "<|finished|>", "<｜end｜>", "[END]\n", "<|part|>\n", "<eos>", "<|/turn|>\n", "\n---\n", "\n\n***\n\n", "<|next|>",
    "\n[EOT]\n", "<<eot>>", "<|msg_done|>",
)  # fmt: skip
"""The parts of invented turn markers; all of it is outside of every segment (rule 2)."""


def invented_turns(rng: Random) -> Turns:
    """Turns of one shape, with an end that no format has or one that many have."""
    shape, end = rng.choice(ROLE_SHAPES), rng.choice(TURN_ENDS)
    if not end.strip() and not shape.startswith(("<", "[", "=", "⟨", "@")):
        end = "\n\n"
    assistant = Wrap(shape.format(rng.choice(ROLES)), end)
    tool = Wrap(shape.format(rng.choice(TOOL_ROLES)), end)
    return Turns(assistant=assistant, tool=tool, shared=rng.random() < 0.2)


NUMBERED_SHAPES = (
    "{} %k%: ",
    "{} %k%: ",
    "{} %k%:\n",
    "{} #%k%: ",
    "[{} %k%] ",
    "**{} %k%:** ",
    "{}[%k%]: ",
)
"""Label shapes that count the rounds."""

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
