"""How a word becomes the label before a line or a block: fixed shapes, and shapes drawn from parts."""

from random import Random

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

LABEL_MARKS: tuple[tuple[str, str], ...] = (
    ("", ""), ("", ""), ("", ""), ("**", "**"), ("[", "]"), ("<", ">"), ("(", ")"), ("*", "*"), ("`", "`"),
    ("__", "__"), ("# ", ""), ("## ", ""), ("### ", ""), ("> ", ""), ("- ", ""), ("• ", ""), ("== ", " =="),
    ("-- ", " --"), ("~ ", " ~"), ("🔹 ", ""), ("▸ ", ""), ("/", ""), ("@", ""), ("$", ""), ("{{", "}}"),
    ("【", "】"), ("<<", ">>"), ("|", "|"), ("%k%. ", ""), ("Step %k% - ", ""), ("[%k%] ", ""),
    ("[step %k%] ", ""), ("(%k%) ", ""), ("", " %k%"), ("", " #%k%"), ("", " (%k%)"), ("", "_%k%"),
    ("Round %k%, ", ""), ("T%k% ", ""), ("[[ ", " ]]"), ("## ", " ##"), ("*** ", " ***"), ("--- ", " ---"),
    ("{{ ", " }}"), ("::", "::"), (">>> ", ""), ("!", ""), ("// ", ""), ("<!-- ", " -->"), ("「", "」"), ("《", "》"),
)  # fmt: skip
LABEL_JOINTS = (
    ": ", ": ", ": ", ":\n", ":\n", "\n", " ", " - ", " -> ", " => ", " | ", ":: ", "： ", " = ", " > ", ". ",
    "; ", " — ", ":\n\n", "\n\n", " := ", "~ ", ":\t",
)  # fmt: skip
"""What stands around a drawn label's word, and behind it."""

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
"""What opens a thought without naming it."""

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


NESTED_MARKS = 0.2
"""The share of drawn shapes with marks around marks."""


def label_shape(rng: Random) -> str:
    """A shape that turns a word into a label: one of those that agents write, or one drawn from parts."""
    if rng.random() < 0.6:
        return rng.choice(LABEL_SHAPES)
    left, right = rng.choice(LABEL_MARKS)
    if rng.random() < NESTED_MARKS:
        outer_left, outer_right = rng.choice(LABEL_MARKS)
        left, right = outer_left + left, right + outer_right
    joint = rng.choice(LABEL_JOINTS)
    if not (left or right) and joint == " ":
        joint = ": "
    return f"{left}{{}}{right}{joint}"
