"""The fourteen rules of the labelling guideline, each on messages that the generator writes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from buzz_parser.data.assembly import Piece, assemble
from buzz_parser.data.damage.cuts import cut_off
from buzz_parser.data.damage.edits import Damage
from buzz_parser.data.damage.envelopes import opener_missing
from buzz_parser.data.damage.thoughts import call_inside_thought, call_interrupts_thought
from buzz_parser.data.dialects.model import Call, Dialect, Item, Slots, Turns, Wrap
from buzz_parser.data.dialects.presets import PRESETS
from buzz_parser.data.dialects.render import render, render_calls
from buzz_parser.data.guideline import violations
from buzz_parser.data.quoting import shown_call, shown_messages, shown_schemas, with_text
from buzz_parser.data.records import Span

BY_NAME = {preset.name: preset for preset in PRESETS}
Labelled = list[tuple[str, str]]

SLOTS = Slots(name="read", id="c1", call="read(path='a.txt')")
READ = Call(kind="function", name="read", arguments={"path": "a.txt"}, slots=SLOTS)
COUNT = Call(
    kind="function",
    name="count",
    arguments={"n": 2},
    slots=Slots(name="count", id="c2", index=1, call="count(n=2)"),
)
SHELL = Call(
    kind="shell",
    name="bash",
    arguments={"command": "ls"},
    body="ls",
    slots=Slots(name="bash", id="s1", call="ls"),
)
CODE = Call(
    kind="code",
    name="python",
    arguments={"code": "print(1)"},
    argument="python",
    body="print(1)",
    slots=Slots(name="python", id="p1", arg="python"),
)
CHANGE = "<<<<<<< SEARCH\nmilk\n=======\neggs\n>>>>>>> REPLACE"
EDIT = Call(
    kind="edit",
    name="edit_file",
    arguments={"path": "a.py", "diff": CHANGE},
    argument="a.py",
    body=CHANGE,
    slots=Slots(name="edit_file", id="e1", arg="a.py"),
)


def calling(*calls: Call) -> Item:
    return Item(kind="calls", calls=calls, slots=calls[-1].slots)


THINK = Item(kind="thought", body="Need the file.")
SAY = Item(kind="text", body="Let me look.")
RESULT = Item(kind="response", body="milk", slots=SLOTS)
ANSWER = Item(kind="text", body="Milk.", slots=Slots(k=2))


def parts(text: str, spans: Sequence[Span]) -> Labelled:
    """The segments as (label, text); they hold the guideline."""
    assert violations(text, spans) == []
    return [(span.label, text[span.start : span.end]) for span in spans]


def message(name: str, *items: Item, lead: bool = False, ended: bool = False) -> Labelled:
    """The segments of items in a preset."""
    dialect = BY_NAME[name]
    return parts(*assemble(render(items, dialect, Random(1), lead=lead, ended=ended)))


def outside_of(name: str, *items: Item) -> list[str]:
    """What no segment covers, whitespace apart, in a message with all turn markers."""
    text, spans = assemble(render(items, BY_NAME[name], Random(1), lead=True, ended=True))
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    gaps = (text[a:b].strip() for a, b in zip(edges[::2], edges[1::2], strict=True))
    return [gap for gap in gaps if gap]


def damaged(damage: Damage, name: str, *items: Item) -> Labelled:
    """The segments of a damaged message, of the first seed with which the damage applies."""
    text, spans = assemble(render(items, BY_NAME[name], Random(1)))
    outcomes = (damage(text, spans, Random(seed)) for seed in range(50))
    found = next(outcome for outcome in outcomes if outcome is not None)
    return parts(found.text, found.spans)


# Rule 1: markers belong to the segment they open or close.


@pytest.mark.parametrize(
    ("name", "items", "expected"),
    [
        ("F002-qwen3", [THINK], "<think>\nNeed the file.\n</think>"),
        ("F078-mrkl", [THINK, calling(READ)], "Thought: Need the file."),
        ("F078-mrkl", [calling(READ)], 'Action: read\nAction Input: {"path": "a.txt"}'),
        ("F078-mrkl", [ANSWER], "Final Answer: Milk."),
        ("F090-swe-agent", [THINK, calling(SHELL)], "```\nls\n```"),
        ("F020-mistral-nemo", [calling(READ)], '[TOOL_CALLS][{"name": "read", "arguments": '),
        ("F047-harmony", [THINK], "<|channel|>analysis<|message|>Need the file."),
    ],
)
def test_rule_1_markers_belong_to_their_segment(
    name: str, items: list[Item], expected: str
) -> None:
    assert any(body.startswith(expected) for _, body in message(name, *items))


def test_rule_1_an_orphan_closer_belongs_to_the_segment_before_it() -> None:
    assert message("F002b-qwen3-close-only", THINK, SAY) == [
        ("THOUGHT", "Need the file.\n</think>"),
        ("TEXT", "Let me look."),
    ]


# Rule 2: turn markers are outside.


def test_rule_2_turn_markers_are_outside() -> None:
    qwen = outside_of("F002-qwen3", THINK, calling(READ), RESULT, ANSWER)
    assert qwen == [
        "<|im_start|>assistant",
        "<|im_end|>\n<|im_start|>user",
        "<|im_end|>\n<|im_start|>assistant",
        "<|im_end|>",
    ]
    harmony = outside_of("F047-harmony", THINK, SAY)
    assert harmony[:2] == ["<|start|>assistant", "<|end|><|start|>assistant"]


# Rule 3: one outermost envelope, one segment.


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("F002-qwen3", 2),  # an envelope each
        ("F078-mrkl", 2),
        ("F012-kimi-k2", 1),  # a section around all
        ("F020-mistral-nemo", 1),  # a list behind a token
        ("F050-pythonic", 1),  # a list
        ("F023-llama3", 1),  # bare objects, one below the other
    ],
)
def test_rule_3_one_outermost_envelope_is_one_segment(name: str, count: int) -> None:
    found = message(name, calling(READ, COUNT))
    assert [label for label, _ in found] == ["TOOLCALL"] * count


# Rule 4: adjacent prose is one segment; calls and results are never merged.


def test_rule_4_adjacent_prose_is_one_segment() -> None:
    text = "Plan: look.\nThought: now.\n\nHello.\nFinal Answer: 4"
    pieces = [
        Piece("THOUGHT", "Plan: look.\n"),
        Piece("THOUGHT", "Thought: now.\n\n"),
        Piece("TEXT", "Hello.\n"),
        Piece("TEXT", "Final Answer: 4"),
    ]
    assert parts(*assemble(pieces)) == [("THOUGHT", text[:25]), ("TEXT", text[27:])]


def test_rule_4_a_preamble_and_its_final_answer_are_one_text() -> None:
    (found,) = message("F078-mrkl", SAY, ANSWER)
    assert found == ("TEXT", "Let me look.\nFinal Answer: Milk.")


def test_rule_4_calls_and_results_stay_apart() -> None:
    pieces = [Piece(label, "x\n") for label in ("TOOLCALL", "TOOLCALL", "TOOLRESPONSE") * 2]
    assert len(assemble(pieces)[1]) == 6


# Rule 5: by form, not by name.


@pytest.mark.parametrize("name", ["F093-cline", "F083-tau-bench", "F077-react"])
def test_rule_5_a_call_envelope_around_an_answer_is_a_call(name: str) -> None:
    label, body = message(name, THINK, ANSWER)[-1]
    assert label == "TOOLCALL"
    assert "Milk." in body


def test_rule_5_a_final_answer_line_is_text() -> None:
    assert message("F078-mrkl", THINK, ANSWER)[-1] == ("TEXT", "Final Answer: Milk.")


# Rule 6: a call inside a closed thought is thought; an open thought ends where a call opens.


def test_rule_6_a_call_inside_a_closed_thought_is_thought() -> None:
    call = assemble(render_calls([READ], BY_NAME["F002-qwen3"].call))[0]
    (thought, text) = message("F002-qwen3", with_text(THINK, call), SAY)
    assert thought[0] == "THOUGHT"
    assert call in thought[1]
    assert text == ("TEXT", "Let me look.")
    moved = damaged(call_inside_thought, "F002-qwen3", THINK, calling(READ))
    assert [label for label, _ in moved] == ["THOUGHT"]
    assert "<tool_call>" in moved[0][1]


def test_rule_6_an_open_thought_ends_where_a_call_opens() -> None:
    thought, call = damaged(call_interrupts_thought, "F002-qwen3", THINK, calling(READ))[:2]
    assert thought[0] == "THOUGHT"
    assert "</think>" not in thought[1]
    assert call[0] == "TOOLCALL"
    assert call[1].startswith("<tool_call>")


# Rule 7: a quoted call is text.


@pytest.mark.parametrize("seed", range(40))
def test_rule_7_a_shown_call_is_text(seed: int) -> None:
    rng = Random(seed)
    preset = rng.choice(PRESETS)
    call = assemble(render_calls([READ], preset.call))[0].strip()
    shown = with_text(SAY, shown_call(call, rng))
    ((label, body),) = message("F002-qwen3", shown)
    assert label == "TEXT"
    # Indented or cited, each line has something before it.
    assert all(line.strip() in body for line in call.split("\n"))


@pytest.mark.parametrize("seed", range(40))
def test_rule_7_a_shown_message_is_text(seed: int) -> None:
    rng = Random(seed)
    items = [THINK, SAY, calling(READ), Item(kind="response", body="milk, eggs")]
    dialect = rng.choice(PRESETS)
    shown = assemble(render(items, dialect, rng, lead=True, ended=True))[0].strip()
    text = shown_messages([shown, shown], rng)
    ((label, body),) = message("F002-qwen3", Item(kind="text", body=text))
    assert label == "TEXT"
    assert all(line.strip() in body for line in shown.split("\n"))
    # Set apart: the message nowhere begins where a message of its own would.
    assert not re.search("(?:^|\n\n)" + re.escape(shown), body)


def test_rule_7_a_fence_is_longer_than_those_it_holds() -> None:
    inner = "````\nls\n````"
    texts = [shown_messages([inner], Random(seed)) for seed in range(40)]
    fenced = [text for text in texts if f"\n{inner}\n" in text]
    assert len(fenced) > 20
    assert all(text.count("`````") == 2 for text in fenced)


def test_rule_7_tool_schemas_are_text() -> None:
    schemas = '[{"name": "read", "parameters": {}}]'
    for seed in range(10):
        ((label, body),) = message(
            "F002-qwen3", Item(kind="text", body=shown_schemas(schemas, Random(seed)))
        )
        assert label == "TEXT"
        assert schemas in body


# Rule 8: a preamble is text, and the marker decides where a format makes it reasoning.


def test_rule_8_a_preamble_is_text_and_a_marked_one_is_thought() -> None:
    assert message("F002-qwen3", SAY, calling(READ))[0] == ("TEXT", "Let me look.")
    assert message("F090-swe-agent", THINK, calling(SHELL))[0] == (
        "THOUGHT",
        "DISCUSSION\nNeed the file.",
    )


def test_rule_8_prose_that_nothing_parts_is_left_out() -> None:
    """A label there would be a guess."""
    silent = Dialect(name="x", family="x", call=BY_NAME["F002-qwen3"].call)
    pieces = render([THINK, SAY, calling(READ)], silent, Random(1))
    assert [label for label, _ in parts(*assemble(pieces))] == ["TEXT", "TOOLCALL"]


def test_rule_8_a_plain_sentence_without_a_marker_is_no_thought() -> None:
    """It might be a preamble; a voice that speaks of the user, or at length to itself, might not."""
    silent = Dialect(name="x", family="x", call=BY_NAME["F002-qwen3"].call)
    plain, voiced = (Item(kind="thought", body=b) for b in ("Look first.", "The user wants milk."))
    kept = [
        parts(*assemble(render([t, calling(READ)], silent, Random(1)))) for t in (plain, voiced)
    ]
    assert [label for label, _ in kept[0]] == ["TOOLCALL"]
    assert kept[1][0] == ("THOUGHT", "The user wants milk.")


def test_rule_8_a_label_inside_an_open_thought_ends_the_message() -> None:
    labelled = Dialect(
        name="x", family="x", call=BY_NAME["F077-react"].call, thought=Wrap("Thought: ")
    )
    open_thought = Item(kind="thought", body="Two of five.\nAnswer: 40 %")
    assert render([open_thought, calling(READ)], labelled, Random(1))[0].label == "TOOLCALL"


# Rule 9: one JSON object can hold several types.


def test_rule_9_a_member_with_its_key_is_the_segment() -> None:
    assert message("F107-autogpt", THINK, calling(READ)) == [
        ("THOUGHT", '"thoughts": {"text": "Need the file."}'),
        ("TOOLCALL", '"command": {"name": "read", "args": {"path": "a.txt"}}'),
    ]
    assert outside_of("F107-autogpt", THINK, calling(READ)) == ["{", ",", "}"]


def test_rule_9_code_as_a_string_is_cut_out_of_its_object() -> None:
    assert message("F086-structured-code", THINK, calling(CODE)) == [
        ("THOUGHT", '"thought": "Need the file."'),
        ("TOOLCALL", '"code": "print(1)\\n"'),
    ]


# Rule 10: inline calls.


def test_rule_10_an_inline_call_is_a_call_and_a_response() -> None:
    found = message("F110-toolformer", SAY, calling(READ), RESULT, ANSWER)
    at = [label for label, _ in found].index("TOOLCALL")
    assert found[at : at + 2] == [("TOOLCALL", '[read("a.txt")'), ("TOOLRESPONSE", "→ milk]")]


# Rule 11: a response is what looks like one.


def test_rule_11_an_observation_of_the_model_is_a_response() -> None:
    found = message("F078-mrkl", THINK, calling(READ), RESULT, ANSWER)
    assert ("TOOLRESPONSE", "Observation: milk") in found
    assert outside_of("F078-mrkl", THINK, calling(READ), RESULT, ANSWER) == []


def test_rule_11_a_result_that_nothing_shows_is_left_out() -> None:
    """By itself it may be an answer as well."""
    call = BY_NAME["F002-qwen3"].call
    silent = Dialect(name="x", family="x", call=call)
    pieces = render([calling(READ), RESULT], silent, Random(1))
    assert [label for label, _ in parts(*assemble(pieces))] == ["TOOLCALL"]
    turns = Turns(assistant=Wrap("<a>", "<e>"), tool=Wrap("<t>", "<e>"))
    text, spans = assemble(render([RESULT], replace(silent, turns=turns), Random(1)))
    assert (text, parts(text, spans)) == ("<t>milk", [("TOOLRESPONSE", "milk")])
    pieces = render([Item(kind="text", body="{}"), RESULT], replace(silent, turns=turns), Random(1))
    assert assemble(pieces)[0] == "<t>milk"


def test_rule_11_data_on_its_own_is_left_out() -> None:
    data = Item(kind="text", body='{"milk": 2}')
    silent = Dialect(name="x", family="x", call=BY_NAME["F002-qwen3"].call)
    assert render([data], silent, Random(1), lead=True) == []
    deep = Item(kind="text", body="[" * 100_000)
    assert render([deep, calling(READ)], silent, Random(1))[0].label == "TEXT"
    pieces = render([data, calling(READ)], silent, Random(1))
    assert [label for label, _ in parts(*assemble(pieces))] == ["TOOLCALL"]
    answer = render([THINK, data], BY_NAME["F002-qwen3"], Random(1))
    assert parts(*assemble(answer))[-1] == ("TEXT", '{"milk": 2}')


# Rule 12: edits are calls.


@pytest.mark.parametrize(
    ("name", "opener", "closer"),
    [
        ("F095-aider-diff", "a.py\n```\n<<<<<<< SEARCH", ">>>>>>> REPLACE\n```"),
        ("F097-apply-patch", "*** Begin Patch", "*** End Patch"),
        ("F098-bolt-artifact", "<boltArtifact", "</boltArtifact>"),
    ],
)
def test_rule_12_edits_are_calls(name: str, opener: str, closer: str) -> None:
    label, body = message(name, SAY, calling(EDIT))[-1]
    assert label == "TOOLCALL"
    assert body.startswith(opener)
    assert body.endswith(closer)


# Rule 13: damage does not change the type.


def test_rule_13_a_truncated_call_is_a_call_to_the_end() -> None:
    items = [SAY, calling(READ)]
    text, spans = assemble(render(items, BY_NAME["F002-qwen3"], Random(1)))
    whole = parts(text, spans)[-1][1]
    cut = 0
    for seed in range(60):
        found = cut_off(text, spans, Random(seed))
        if found is None or len(found.spans) < 2:
            continue
        label, body = parts(found.text, found.spans)[-1]
        assert label == "TOOLCALL"
        assert whole.startswith(body)
        assert found.text.rstrip().endswith(body)
        cut += body != whole
    assert cut


def test_rule_13_a_call_without_opener_starts_where_its_body_starts() -> None:
    label, body = damaged(opener_missing, "F002-qwen3", SAY, calling(READ))[-1]
    assert label == "TOOLCALL"
    assert body.startswith('{"name": "read"')
    assert body.endswith("</tool_call>")


# Rule 14: code is a call only where the format executes it.


def test_rule_14_code_is_a_call_where_the_format_executes_it() -> None:
    fence = "```python\nprint(1)\n```"
    (found,) = message("F002-qwen3", Item(kind="text", body=f"Like this:\n\n{fence}"))
    assert found == ("TEXT", f"Like this:\n\n{fence}")
    label, body = message("F087-codeact", THINK, calling(CODE))[-1]
    assert label == "TOOLCALL"
    assert "print(1)" in body
