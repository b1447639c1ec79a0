"""Presets of models' own formats: the catalogue's conversation, and what holds for every slice of one."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest

from buzz_parser.data import guideline
from buzz_parser.data.assembly import assemble
from buzz_parser.data.dialects.model import Call, Dialect, Item, Slots
from buzz_parser.data.dialects.native import NATIVE
from buzz_parser.data.dialects.native_cohere import cohere_list
from buzz_parser.data.dialects.native_steps import behind, blank_thoughts, cited
from buzz_parser.data.dialects.render import render
from buzz_parser.data.records import Span

EXAMPLES = Path(__file__).parent / "native_presets.txt"
"""Blocks `=== NAME`, then the message; a segment stands in `⟦T|…⟧`, its type's letter first."""

LETTERS = {"T": "THOUGHT", "X": "TEXT", "C": "TOOLCALL", "R": "TOOLRESPONSE"}
PRESETS = {dialect.name: dialect for dialect in NATIVE}

SLOTS = Slots(name="read_file", id="x7Kq2Lm9a", call="read_file(path='notes.txt', n=3)")
OTHER = replace(SLOTS, id="y8Lr3Mn0b", index=1, call="read_file(path='bread.txt', n=4)")
CODE_SLOTS = Slots(name="run_code", id="z9Ms4No1c", arg="python")


def a_call(slots: Slots, path: str, n: int) -> Call:
    return Call(kind="function", name=slots.name, arguments={"path": path, "n": n}, slots=slots)


CALL = a_call(SLOTS, "notes.txt", 3)
CODE = Call(
    kind="code",
    name="run_code",
    arguments={"code": "print(6 * 7)"},
    argument="python",
    body="print(6 * 7)",
    slots=CODE_SLOTS,
)
SHELL = Call(
    kind="shell",
    name="bash",
    arguments={"command": "ls notes.txt"},
    body="ls notes.txt",
    slots=Slots(name="bash", id="call_1"),
)

THINK, SAY = Item(kind="thought", body="Need the notes."), Item(kind="text", body="Let me look.")
DO = Item(kind="calls", calls=(CALL,), slots=SLOTS)
DO_TWO = Item(kind="calls", calls=(CALL, a_call(OTHER, "bread.txt", 4)), slots=OTHER)
RUN = Item(kind="calls", calls=(CODE,), slots=CODE_SLOTS)
BASH = Item(kind="calls", calls=(SHELL,), slots=SHELL.slots)
GET = Item(kind="response", body="milk, eggs", slots=SLOTS)
GET_OTHER = Item(kind="response", body="rye bread", slots=OTHER)
GET_CODE = Item(kind="response", body="42", slots=CODE_SLOTS)
THINK_ON, END = Item(kind="thought", body="Got it."), Item(kind="text", body="Two items.")

ROUND = (THINK, SAY, DO, GET, THINK_ON, END)
"""The catalogue's conversation."""

SLICES: tuple[tuple[Item, ...], ...] = (
    ROUND,
    (THINK, SAY, DO_TWO, GET, GET_OTHER, THINK_ON, END),
    (THINK, DO, GET, SAY, DO_TWO, GET, GET_OTHER, END),
    (THINK, RUN, GET_CODE, THINK_ON, BASH, GET, END),
    (SAY, DO, END),
    (THINK, SAY, DO),
    (THINK, SAY),
    (SAY,),
    (THINK,),
    (DO_TWO,),
    (GET,),
    (GET, GET_OTHER, THINK_ON, END),
    (SAY, THINK, DO, GET),
)

BODIES = (
    (re.compile(r"Need the notes\.|Got it\."), "THOUGHT"),
    (re.compile(r"Let me look\.|Two items\."), "TEXT"),
    (re.compile(r"notes\.txt|bread\.txt|print\("), "TOOLCALL"),
    (re.compile(r"milk, eggs|rye bread|42"), "TOOLRESPONSE"),
)


def rendered(dialect: Dialect, items: Sequence[Item], seed: int) -> tuple[str, tuple[Span, ...]]:
    return assemble(render(items, dialect, Random(seed), lead=seed % 2 == 0, ended=seed % 3 == 0))


def longest(dialect: Dialect, items: Sequence[Item]) -> tuple[str, tuple[Span, ...]]:
    """The rendering with both ends; a dialect with steps of its own draws them itself."""
    seeds = range(0, 240, 6) if dialect.whole is not None else (0,)
    return max((rendered(dialect, items, seed) for seed in seeds), key=lambda made: len(made[0]))


def marked(text: str, spans: Sequence[Span]) -> str:
    """The text with its segments in brackets."""
    letter = {label: letter for letter, label in LETTERS.items()}
    for span in reversed(spans):
        body = f"⟦{letter[span.label]}|{text[span.start : span.end]}⟧"
        text = text[: span.start] + body + text[span.end :]
    return text


def hides_results(dialect: Dialect) -> bool:
    """Whether a lone result of a dialect looks like any other text."""
    return not dialect.response.open and dialect.turns.tool is None


@cache
def examples() -> dict[str, str]:
    blocks = EXAMPLES.read_text(encoding="utf-8").split("=== ")[1:]
    return {
        name: body.removesuffix("\n")
        for name, _, body in (block.partition("\n") for block in blocks)
    }


def test_every_entry_of_the_catalogue_has_a_preset_and_an_example() -> None:
    entries = {f"F{number:03}" for number in range(1, 77)}
    assert {name[:4] for name in PRESETS} == entries
    assert {name[:4] for name in examples()} == entries


def test_names_are_unique_and_in_order() -> None:
    names = [dialect.name for dialect in NATIVE]
    assert len(set(names)) == len(names)
    assert names == sorted(names)
    assert all(re.fullmatch(r"F\d{3}[a-z]?-[a-z0-9.-]+", name) for name in names)


@pytest.mark.parametrize("name", examples())
def test_the_conversation_reads_as_in_the_catalogue(name: str) -> None:
    assert marked(*longest(PRESETS[name], ROUND)) == examples()[name]


@pytest.mark.parametrize("dialect", NATIVE, ids=lambda dialect: dialect.name)
def test_slices_keep_the_guideline_and_every_body_its_type(dialect: Dialect) -> None:
    for items in SLICES:
        for seed in range(6):
            text, spans = rendered(dialect, items, seed)
            assert guideline.violations(text, spans) == []
            assert spans or items == (THINK,) or (items == (GET,) and hides_results(dialect))
            for pattern, label in BODIES:
                for found in pattern.finditer(text):
                    holders = [
                        s for s in spans if s.start <= found.start() and found.end() <= s.end
                    ]
                    labels = [span.label for span in holders]
                    assert labels == [label], f"{found[0]!r} in {marked(text, spans)!r}"


@pytest.mark.parametrize("dialect", NATIVE, ids=lambda dialect: dialect.name)
def test_no_turn_marker_stands_in_a_segment(dialect: Dialect) -> None:
    wraps = [dialect.turns.assistant, *([dialect.turns.tool] if dialect.turns.tool else [])]
    markers = [wrap.open.strip() for wrap in wraps if "%" not in wrap.open]
    markers += [wrap.close.strip() for wrap in wraps]
    for items in SLICES:
        text, spans = rendered(dialect, items, 0)
        for span in spans:
            segment = text[span.start : span.end]
            inside = [marker for marker in markers if marker and marker in segment]
            assert inside == [], f"{inside} in {segment!r}"


@pytest.mark.parametrize("dialect", NATIVE, ids=lambda dialect: dialect.name)
def test_a_result_without_a_marker_has_a_turn_of_its_own(dialect: Dialect) -> None:
    bare = not dialect.response.open.strip() and not dialect.response.close.strip()
    for seed in range(6):
        text, spans = rendered(dialect, ROUND, seed)
        if bare and any(span.label == "TOOLRESPONSE" for span in spans):
            assert dialect.turns.tool is not None
            header = re.sub(r"%\w+%", r"\\S+?", re.escape(dialect.turns.tool.open.strip()))
            assert header
            assert re.search(header, text)


CODE_EXAMPLES = {
    "F024b-functionary-v3.1-code": "⟦C|<|python_tag|>print(6 * 7)⟧<|eom_id|>"
    "<|start_header_id|>ipython<|end_header_id|>\n\n⟦R|42⟧",
    "F047d-harmony-python": "⟦C|<|channel|>analysis to=python code<|message|>print(6 * 7)⟧<|call|>"
    "<|start|>python to=assistant⟦R|<|channel|>commentary<|message|>42⟧",
    "F048b-llama3-code": "⟦C|<|python_tag|>print(6 * 7)⟧<|eom_id|>"
    "<|start_header_id|>ipython<|end_header_id|>\n\n⟦R|42⟧",
    "F054b-internlm2-interpreter": "⟦C|<|action_start|><|interpreter|>\n```python\nprint(6 * 7)\n```\n"
    "<|action_end|>⟧<|im_end|>\n<|im_start|>environment name=<|interpreter|>\n⟦R|42⟧",
    "F073-chatglm3": "⟦C|interpreter\n```python\nprint(6 * 7)\n```⟧\n<|observation|>\n⟦R|42⟧",
}


@pytest.mark.parametrize("name", CODE_EXAMPLES)
def test_code_has_an_interpreter_of_its_own(name: str) -> None:
    found = marked(*rendered(PRESETS[name], (RUN, GET_CODE), 1))
    assert CODE_EXAMPLES[name] in found


def test_a_round_of_calls_is_one_section_or_a_segment_each() -> None:
    counts = {
        name: [span.label for span in rendered(PRESETS[name], (DO_TWO,), 1)[1]].count("TOOLCALL")
        for name in ("F002-qwen3", "F010-deepseek-v3.2", "F012-kimi-k2", "F020-mistral-nemo",
                     "F021-mistral-small", "F023-llama3", "F047-harmony", "F053-granite-20b")
    }  # fmt: skip
    assert counts == {
        "F002-qwen3": 2,
        "F010-deepseek-v3.2": 1,
        "F012-kimi-k2": 1,
        "F020-mistral-nemo": 1,
        "F021-mistral-small": 2,
        "F023-llama3": 1,
        "F047-harmony": 2,
        "F053-granite-20b": 2,
    }


def test_items_move_behind_what_they_lead_to() -> None:
    def kinds(items: Sequence[Item]) -> str:
        return " ".join(item.kind for item in items)

    rng = Random(0)
    assert kinds(behind("text", "calls")(ROUND, rng)) == "thought calls text response thought text"
    assert kinds(behind("text", "response")(ROUND, rng)) == (
        "thought calls response text thought text"
    )
    assert behind("text", "response")((THINK, SAY, DO), rng) == [THINK, SAY, DO]
    assert kinds(behind("thought", "calls")((THINK, SAY, DO), rng)) == "text calls thought"
    assert [item.body for item in blank_thoughts(ROUND, rng) if item.kind == "thought"] == ["", ""]


def test_citations_stand_in_texts_after_a_result_alone() -> None:
    made = cited(ROUND, Random(0))
    assert [item.body for item in made[:-1]] == [item.body for item in ROUND[:-1]]
    assert re.fullmatch(r"<co>Two items</co: \d:\[\d]>\.", made[-1].body)


def test_the_results_of_cohere_are_json() -> None:
    assert cohere_list((GET,), nested=True) == (
        '[\n    {\n        "tool_call_id": "0",\n        "results": {\n'
        '            "0": {"content": "milk, eggs"}\n        },\n        "is_error": null\n    }\n]'
    )
