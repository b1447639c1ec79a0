"""What a teacher who creates is asked: a brief drawn from a seed, and the words that ask for it."""

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

from buzz_parser.data.teachers.client import Message
from buzz_parser.data.teachers.guide import RULES
from buzz_parser.data.teachers.sketches import SKETCHES

DOMAINS = (
    "software engineering", "data analysis", "databases", "web research", "customer service", "bookkeeping",
    "law", "medicine", "chemistry", "physics", "mathematics", "geography", "history", "linguistics", "travel",
    "cooking", "gardening", "sports", "music", "film", "games", "robotics", "home automation", "networks",
    "operations of servers", "security", "logistics", "manufacturing", "farming", "weather", "astronomy",
    "education", "real estate", "insurance", "banking", "journalism", "libraries", "public transport", "energy",
    "construction", "personal calendar and mail", "shopping", "biology", "sailing", "job search", "translation",
)  # fmt: skip

PERSONAS = (
    "terse, telegraphic, no greetings", "warm and talkative", "formal", "pedantic and careful",
    "full of doubts, corrects itself often", "sure of itself and sometimes wrong", "speaks of itself as we",
    "speaks of the user in the third person", "a very small model with clumsy grammar",
    "a reasoning model that thinks at great length before it acts", "plans in numbered steps",
    "fond of Markdown, tables and emoji", "plain text only", "a model that answers in a hurry",
    "cautious, checks policies before it acts", "switches between two languages", "reflects after a failure",
    "an agent that delegates to other agents", "a coding agent at work in a repository",
    "a customer's assistant with strict rules",
)  # fmt: skip

SITUATIONS = (
    "a single call and nothing after it", "thinking, then a single call", "a preamble for the user, then a call",
    "several calls in parallel", "a call, its result, and an answer", "several rounds of call and result",
    "a call that fails and a second try with other arguments", "an answer without any tool",
    "long thinking and a short answer", "a short thought and a long answer",
    "a question back to the user instead of a call", "a refusal", "prose about a call before and after it",
    "an explanation which of the available functions fits, without calling it",
    "an explanation that no available function fits", "a call with long strings, code or markup in its arguments",
    "a call with nested arguments and lists", "a call without arguments",
    "a result that itself contains what looks like a call or a thought",
    "a result as a table, a log or a traceback", "an empty result or an error, and what the model makes of it",
    "a quoted call in an explanation, and a real one", "JSON that is data and no call", "a plan, then its first step",
    "a correction of a mistake in an earlier step", "an answer with code that is not executed",
    "text after a call that goes on as if the result were known",
)  # fmt: skip

LANGUAGES = (
    ("English", 50), ("Chinese", 5), ("German", 4), ("Spanish", 4), ("French", 4), ("Japanese", 4),
    ("Portuguese", 3), ("Russian", 3), ("Italian", 2), ("Korean", 2), ("Arabic", 2), ("Hindi", 2), ("Turkish", 2),
    ("Polish", 2), ("Dutch", 1), ("Swedish", 1), ("Czech", 1), ("Ukrainian", 1), ("Vietnamese", 1), ("Thai", 1),
    ("Indonesian", 1), ("Greek", 1), ("Hebrew", 1), ("Finnish", 1), ("Romanian", 1),
)  # fmt: skip

LENGTHS = ((15, 2), (40, 3), (80, 4), (150, 4), (300, 3), (600, 2), (1200, 1))
"""Words of a message or transcript, and weights."""

MESSES = (
    ("none", 20, "no damage: well formed"),
    ("closer-missing", 2, "a closing marker is missing"),
    ("opener-missing", 2, "an opening marker is missing, its closer is there"),
    ("cut-call", 2, "the message breaks off in the middle of a call's arguments"),
    ("cut-thought", 1, "the message breaks off in the middle of a thought"),
    ("call-in-thought", 1, "a call stands inside a thought that is closed after it"),
    ("thought-not-closed", 1, "the thought is never closed, a call envelope opens at the start of a line"),
    ("stray-closer", 1, "a stray closing marker of a thought stands at the start of the answer"),
    ("bad-json", 2, "the call's JSON is broken: trailing commas, raw newlines, single quotes or misnested brackets"),
    ("mixed-formats", 1, "markers of two formats are mixed up"),
    ("escaped", 1, "the markup is escaped, as in &lt;tool_call&gt; or with literal \\n"),
    ("duplicate", 1, "the same call stands twice"),
    ("label-drift", 1, "labels change in case, number or spelling from one to the next"),
    ("fence-not-closed", 1, "a fence around a call is opened and never closed"),
    ("foreign-text", 1, "log prefixes, time stamps or escape sequences stand between the parts (they are O)"),
    ("header-broken", 1, "special tokens or headers are doubled, misspelt or half missing"),
)  # fmt: skip
"""Name, weight, and what the teacher is told."""

EXAMPLE = (
    ("O", "<|im_start|>assistant\n"),
    ("THOUGHT", "<think>\nHigh water matters, so the tide table first.\n</think>"),
    ("O", "\n\n"),
    ("TEXT", "I will check the tides for Brest."),
    ("O", "\n"),
    ("TOOLCALL", '<tool_call>\n{"name": "tides", "arguments": {"port": "Brest"}}\n</tool_call>'),
    ("O", "<|im_end|>"),
)
"""Label and text of each piece of a message, as teachers are shown and asked to answer."""

TRANSCRIPT_FORMAT = """\
=== short-kebab-id
domain: one or two words
language: en
--- user
The user's message.
--- thought
Reasoning that the model does for itself, without any marker.
--- text
Prose for the user, without any marker.
--- call search_flights
{"origin": "FCO", "destination": "LIS"}
--- response search_flights
{"flights": []}
--- shell
grep -rn "TODO" src/
--- code python
print(sum(range(10)))
--- text
Final answer."""
"""The text format of transcripts, as teachers are shown it."""

Choice = TypeVar("Choice")


@dataclass(frozen=True, kw_only=True)
class Brief:
    """What one message or transcript shall be; `format` and `mess` say nothing to a transcript."""

    kind: str
    domain: str
    persona: str
    situation: str
    language: str
    words: int
    format: str
    mess: str


def draw_brief(seed: int, index: int, transcript_share: float) -> Brief:
    """The brief of an index: the same for the same arguments, whatever was drawn before."""
    source = random.Random(f"teacher brief:{seed}:{index}")
    kind = "transcript" if source.random() < transcript_share else "message"
    return Brief(
        kind=kind,
        domain=source.choice(DOMAINS),
        persona=source.choice(PERSONAS),
        situation=source.choice(SITUATIONS),
        language=_weighted(source, LANGUAGES),
        words=round(_weighted(source, LENGTHS) * source.uniform(0.7, 1.4)),
        format="none" if kind == "transcript" else source.choice(SKETCHES)[0],
        mess="none" if kind == "transcript" else _weighted(source, [mess[:2] for mess in MESSES]),
    )


def create_messages(brief: Brief) -> tuple[Message, ...]:
    """The chat messages that ask for what the brief says."""
    system = _transcript_system() if brief.kind == "transcript" else _message_system()
    wishes = {
        "Language": brief.language,
        "Domain": brief.domain,
        "The model's manner": brief.persona,
        "Situation": brief.situation,
        "Length": f"about {brief.words} words in all",
    }
    if brief.kind == "message":
        wishes["Format"] = f"{brief.format}: {dict(SKETCHES)[brief.format]}"
        wishes["Damage"] = next(told for name, _, told in MESSES if name == brief.mess)
    listed = "\n".join(f"{name}: {wish}" for name, wish in wishes.items())
    user = f"Write one {brief.kind}.\n\n{listed}\n\nWhere two of these conflict, the earlier one gives way."
    return ({"role": "system", "content": system}, {"role": "user", "content": user})


def answer_tokens(brief: Brief) -> int:
    """About how many tokens the answer to a brief needs, rather too many."""
    return 512 + 6 * brief.words


def asked(brief: Brief) -> dict[str, object]:
    """The brief as a record's metadata keeps it."""
    return asdict(brief)


def _message_system() -> str:
    pieces = [{"label": label, "text": text} for label, text in EXAMPLE]
    example = json.dumps({"segments": pieces}, ensure_ascii=False)
    return (
        "You write raw outputs of language models for the training of a parser: natural, concrete, as real "
        "models write them, with invented but plausible names, numbers, tools and results.\n\n"
        f"{RULES}\n"
        'Answer with one JSON object and nothing else: {"segments": [{"label": …, "text": …}, …]}. The texts, put '
        "one after the other, are the whole message, character by character: line breaks, indentation and markers "
        "included. Whitespace between two parts may stand at the end of a text or in an O of its own. Labels are "
        f"THOUGHT, TOOLCALL, TEXT, TOOLRESPONSE and O. Example:\n\n{example}\n\n"
        "Take nothing over from the example. If you cannot decide a label by the rules, write the message otherwise."
    )


def _transcript_system() -> str:
    return (
        "You write transcripts of language-model agents at work for the training of a parser: natural, concrete, "
        "with invented but plausible names, numbers, tools and results.\n\n"
        "Answer with one transcript in this text format and nothing else. A line that starts with `=== ` begins "
        "the transcript, one that starts with `--- ` begins a step, and no other line starts so:\n\n"
        f"{TRANSCRIPT_FORMAT}\n\n"
        "Steps: `user` first; `thought`; `text`; `call NAME` with a valid JSON object of arguments; `shell`, "
        "`code LANGUAGE`, `edit PATH` for what the agent executes; `response NAME` for a tool's result as tools "
        "print it. `language` is a two-letter code. Thoughts and texts have no marker such as `Thought:` or tags: "
        "the voice alone tells them apart. A thought is never addressed to the user, a text always is; two thoughts "
        "or two texts never follow each other. The order is what the situation asks for."
    )


def _weighted(source: random.Random, choices: Sequence[tuple[Choice, int]]) -> Choice:
    return source.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]
