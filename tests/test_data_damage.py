"""Damage to messages: what survives keeps its label, what goes and comes is accounted for."""

import json
import re
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buzz_parser.contract.segments import WHITESPACE
from buzz_parser.data.assembly import Piece, assemble, outside
from buzz_parser.data.damage import markers, phrases
from buzz_parser.data.damage.apply import DAMAGES, LATER, damage
from buzz_parser.data.damage.edits import Damaged, Edit, edited, replaced
from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Span
from tests.conftest import CORPUS, ROOT

THOUGHT, CALL, TEXT, RESPONSE = "THOUGHT", "TOOLCALL", "TEXT", "TOOLRESPONSE"

Labelled = tuple[str, tuple[Span, ...]]

# Where the guideline gives what survives another label: rule 6, and rule 3 for a group without its envelope.
RELABELS = {"M03-call-inside-thought", "M06-leaked-call"}


def corpus() -> list[Labelled]:
    """The hand-written cases that have segments."""
    found = []
    for path in sorted((ROOT / "fixtures" / "corpus").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if not line:
                continue
            case = json.loads(line)
            spans = tuple(Span(s["label"], s["start"], s["end"]) for s in case["segments"] or ())
            if spans and not violations(case["text"], spans):
                found.append((case["text"], spans))
    return found


CASES = corpus()

BODY = st.sampled_from(
    (
        "Two items.",
        "The user wants it. I should look first.",
        "a < b && c > d",
        "milk, eggs",
        "« oui »",
        "行け 行け",
        "first line\n\nsecond line",
        "x",
        "Note: it is late.",
        '\\n \\" \\',
        "```\ncode\n```",
        "e\u0301👩‍👧\u200b",
        "{}",
        "[1, 2]",
    )
)
CALLS = st.sampled_from(
    (
        '{"name": "read_file", "arguments": {"path": "a.txt", "lines": [1, 2], "note": "one\\ntwo and more"}}',
        "<function=read>\n<parameter=path>\na.txt\n</parameter>\n</function>",
        'read(path="a.txt", n=3)',
        '<invoke name="read">\n<parameter name="path">a</parameter>\n</invoke>\n<invoke name="read">\n</invoke>',
        'functions.read:0{"path": "a.txt"}',
        '{"id": "call_8f2Kx0", "name": "f", "arguments": "{\\"a\\": 1}"}',
        "ls -la | wc",
    )
)
WRAPS = st.sampled_from(
    (
        ("", ""),
        ("<think>\n", "\n</think>"),
        ("<tool_call>\n", "\n</tool_call>"),
        ("<|tool_call_begin|>", "<|tool_call_end|>"),
        ("Thought: ", ""),
        ("Action: ", ""),
        ("Observation: ", ""),
        ("Final Answer: ", ""),
        ("```json\n", "\n```"),
        ("[THINK]", "[/THINK]"),
        ("<|channel|>analysis<|message|>", ""),
        ("<|channel|>commentary to=functions.f<|message|>", ""),
        ("@@obs\n", "\n@@end"),
        ('"text": "', '"'),
    )
)
GAPS = st.sampled_from(
    (
        "",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "<|im_end|>\n<|im_start|>assistant\n",
        "<|end|><|start|>assistant",
        ", ",
        "</s>",
    )
)


@st.composite
def built(draw: st.DrawFn) -> Labelled:
    """A message of segments in mixed formats, whether or not it makes sense."""
    pieces = [outside(draw(GAPS))]
    for _ in range(draw(st.integers(1, 5))):
        label = draw(st.sampled_from((THOUGHT, CALL, TEXT, RESPONSE)))
        opens, closes = draw(WRAPS)
        body = draw(CALLS if label == CALL else BODY)
        pieces += [Piece(label, opens + body + closes), outside(draw(GAPS))]
    return assemble(pieces)


labelled = st.one_of(st.sampled_from(CASES), built())
seeds = st.integers(0, 2**32 - 1)


def labels_of(text: str, spans: Sequence[Span]) -> list[str]:
    """The label of each character; whitespace has none, as segments are trimmed and merged around it."""
    found = ["O"] * len(text)
    for span in spans:
        found[span.start : span.end] = [span.label] * (span.end - span.start)
    pairs = zip(text, found, strict=True)
    return [" " if character in WHITESPACE else label for character, label in pairs]


def check(text: str, found: Damaged) -> None:
    """Spans hold the guideline, survivors keep the label of the base, the edits explain the whole text."""
    assert violations(found.text, found.spans) == []
    assert found.text != text
    before, after = labels_of(text, found.base), labels_of(found.text, found.spans)
    rebuilt, position = "", 0
    for edit in found.edits:
        kept = text[position : edit.start]
        assert after[len(rebuilt) : len(rebuilt) + len(kept)] == before[position : edit.start]
        rebuilt += kept
        new = after[len(rebuilt) : len(rebuilt) + len(edit.text)]
        owner = edit.owner if isinstance(edit.owner, str) else "O"
        owner = found.base[edit.owner].label if isinstance(edit.owner, int) else owner
        assert set(new) <= {owner, " "}
        rebuilt += edit.text
        position = edit.end
    assert rebuilt + text[position:] == found.text
    assert after[len(rebuilt) :] == before[position:]


@pytest.mark.parametrize("name", DAMAGES)
@settings(max_examples=60, deadline=None)
@given(message=labelled, seed=seeds)
def test_survivors_keep_their_label_and_all_else_is_accounted_for(
    name: str, message: Labelled, seed: int
) -> None:
    text, spans = message
    found = DAMAGES[name](text, spans, Random(seed))
    if found is None:
        return
    check(text, found)
    if name not in RELABELS:
        assert found.base == spans
    assert DAMAGES[name](text, spans, Random(seed)) == found


@settings(max_examples=200, deadline=None)
@given(message=labelled, seed=seeds, strength=st.floats(0, 1))
def test_damages_compose(message: Labelled, seed: int, strength: float) -> None:
    text, spans = message
    found, found_spans, names = damage(text, spans, Random(seed), strength)
    assert violations(found, found_spans) == []
    assert len(names) <= 3
    assert len(set(names)) == len(names)
    assert set(names) <= set(DAMAGES)
    assert found_spans
    assert bool(names) or (found, found_spans) == (text, spans)
    assert damage(text, spans, Random(seed), strength) == (found, found_spans, names)


def test_strength_is_how_much() -> None:
    text, spans = TOOL
    counts = [
        sum(len(damage(text, spans, Random(seed), strength)[2]) for seed in range(200))
        for strength in (0.0, 0.5, 1.0)
    ]
    assert counts[0] == 200
    assert counts[0] < counts[1] < counts[2] <= 600


def test_a_message_without_segments_stays() -> None:
    assert damage("<|im_end|>", (), Random(1), 1.0) == ("<|im_end|>", (), ())


def test_all_malformations_have_a_name() -> None:
    numbers = [name.split("-")[0] for name in DAMAGES]
    assert numbers[:24] == [f"M{number:02}" for number in range(1, 25)]
    assert len(set(numbers)) == len(numbers)
    assert set(LATER) <= set(DAMAGES)


@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_applies_to_some_message(name: str) -> None:
    cases = [*EXAMPLES, *CASES]
    assert any(
        DAMAGES[name](text, spans, Random(seed)) for text, spans in cases for seed in range(3)
    )


def message(*pieces: tuple[str | None, str]) -> Labelled:
    """A labelled message from its pieces."""
    return assemble(Piece(label, text) for label, text in pieces)


TOOL = message(
    (THOUGHT, "<think>\nI need the notes.\n</think>"),
    (None, "\n\n"),
    (CALL, '<tool_call>\n{"name": "read", "arguments": {"path": "a.txt"}}\n</tool_call>'),
    (None, "\n"),
    (RESPONSE, "<tool_response>\nmilk, eggs\n</tool_response>"),
    (None, "\n"),
    (TEXT, "Two items."),
)
PAIR = message(
    (CALL, '<calls>\n<invoke name="a">\n</invoke>\n<invoke name="b">\n</invoke>\n</calls>')
)
TOKENS = message((CALL, "<|tool_call_begin|>functions.f:0<|tool_call_end|>"), (None, "<|im_end|>"))
EXAMPLES = (TOOL, PAIR, TOKENS)


def outcomes(name: str, case: Labelled, count: int = 40) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a damage makes of a message, over many seeds: text, and segments as (label, text)."""
    found = (DAMAGES[name](*case, Random(seed)) for seed in range(count))
    return [(d.text, [(s.label, d.text[s.start : s.end]) for s in d.spans]) for d in found if d]


def test_without_its_opener_a_call_starts_where_its_body_starts() -> None:
    starts = {
        parts[1][1]
        for text, parts in outcomes("M01-opener-missing", TOOL)
        if "<tool_call>" not in text
    }
    assert starts == {'{"name": "read", "arguments": {"path": "a.txt"}}\n</tool_call>'}


def test_an_opener_is_not_taken_where_prose_stands_before_a_thought() -> None:
    case = message((TEXT, "Let me see."), (None, "\n"), (THOUGHT, "<think>\nIs it late?\n</think>"))
    assert outcomes("M01-opener-missing", case) == []


def test_a_call_moved_into_a_closed_thought_is_part_of_it() -> None:
    for text, parts in outcomes("M03-call-inside-thought", TOOL):
        inside = parts[0][1]
        assert inside.startswith("<think>")
        assert inside.endswith("</think>")
        assert "</tool_call>" in inside
        assert [label for label, _ in parts][1:] in ([RESPONSE, TEXT], [CALL, RESPONSE, TEXT])
        assert text.count("</think>") == 1


def test_a_thought_never_closed_ends_where_the_call_opens_on_a_line() -> None:
    glued = message((THOUGHT, "<think>Go.</think>"), (CALL, "<tool_call>{}</tool_call>"))
    for case in (TOOL, glued):
        found = outcomes("M04-call-interrupts-thought", case)
        assert found
        for text, parts in found:
            assert "</think>" not in text
            assert [label for label, _ in parts[:2]] == [THOUGHT, CALL]
            assert text[text.index("<tool_call>") - 1] == "\n"


def test_a_thought_that_shows_a_call_keeps_its_closer() -> None:
    shown = "<think>\nIt was\n<tool_call>{}</tool_call>\nbefore.\n</think>"
    case = message((THOUGHT, shown), (None, "\n"), (CALL, "<tool_call>{}</tool_call>"))
    assert outcomes("M04-call-interrupts-thought", case) == []
    alone = message((THOUGHT, shown))
    assert outcomes("M02-closer-missing", alone) == []
    for text, parts in outcomes("X01-cut-off", alone):
        assert "<tool" not in text
        assert parts == [(THOUGHT, text.rstrip())]


def test_a_stray_closer_belongs_to_the_segment_before() -> None:
    for text, parts in outcomes("M05-stray-closer", TOOL):
        assert [label for label, _ in parts] == [THOUGHT, CALL, RESPONSE, TEXT]
        assert parts[3][1] == "Two items."
        assert "".join(part for _, part in parts).split() == text.split() or len(text) > len(
            TOOL[0]
        )


def test_a_leaked_group_falls_apart_and_its_stray_word_is_outside() -> None:
    found = outcomes("M06-leaked-call", PAIR)
    assert {len(parts) for _, parts in found} == {1, 2}
    for text, parts in found:
        assert all(part.startswith("<") and part.endswith(">") for _, part in parts)
        if len(parts) == 2:
            assert "calls>" not in text


def test_stripped_harmony_keeps_its_words() -> None:
    case = message(
        (None, "<|start|>assistant"),
        (THOUGHT, "<|channel|>analysis<|message|>Easy."),
        (None, "<|end|><|start|>assistant"),
        (TEXT, "<|channel|>final<|message|>Both."),
        (None, "<|return|>"),
    )
    expected = "assistantanalysisEasy.assistantfinalBoth."
    assert outcomes("M09-stripped-tokens", case, 1) == [
        (expected, [(THOUGHT, "analysisEasy."), (TEXT, "finalBoth.")])
    ]


def test_tokens_that_alone_part_two_turns_are_not_stripped() -> None:
    case = message((TEXT, "Let me look."), (None, "<|observation|>"), (RESPONSE, "milk, eggs"))
    assert outcomes("M09-stripped-tokens", case) == []


def test_a_fence_is_not_opened_before_a_call_that_prose_follows() -> None:
    assert outcomes("M19-unclosed-fence", TOOL) == []
    last = message((TEXT, "Now."), (None, "\n"), (CALL, '{"name": "f", "arguments": {}}'))
    for text, parts in outcomes("M19-unclosed-fence", last):
        assert parts[1][1] == text[text.index("\n") + 1 :]
        assert parts[1][1].startswith(("```", "~~~"))


def test_a_duplicated_call_is_a_segment_and_a_shown_one_is_text() -> None:
    case = message(*[(CALL, "<tool_call>\n{}\n</tool_call>")])
    kinds = {
        tuple(label for label, _ in parts) for _, parts in outcomes("M22-duplicated-call", case)
    }
    assert kinds == {(CALL, CALL), (CALL, CALL, CALL), (CALL, CALL, CALL, CALL), (CALL, TEXT)}
    bare = message((CALL, '{"name": "f"}'))
    calls = [parts for _, parts in outcomes("M22-duplicated-call", bare) if len(parts) == 1]
    assert calls
    assert all(parts[0][1].count("{") > 1 for parts in calls)


def test_instructions_repeated_in_prose_are_text() -> None:
    first = message((THOUGHT, "Thought: I still need it."), (None, "\n"), (CALL, "Action: f"))
    for _, parts in outcomes("M23-repeated-instructions", first):
        assert [label for label, _ in parts] == [TEXT, THOUGHT, CALL]
    unmarked = message((THOUGHT, "The user wants it."), (None, "\n"), (CALL, "Action: f"))
    assert outcomes("M23-repeated-instructions", unmarked) == []


def test_foreign_lines_are_outside() -> None:
    for text, parts in outcomes("M24-foreign-lines", TOOL):
        assert [part for _, part in parts] == [TOOL[0][s.start : s.end] for s in TOOL[1]]
        assert len(text) > len(TOOL[0])


def test_a_cut_call_is_a_call_to_the_end() -> None:
    case = message(
        (CALL, '<tool_call>\n{"name": "read", "arguments": {"path": "a"}}\n</tool_call>')
    )
    found = outcomes("X01-cut-off", case)
    assert found
    for text, parts in found:
        assert parts == [(CALL, text.rstrip())]


def test_one_line_is_not_drawn_where_line_breaks_alone_part_segments() -> None:
    case = message((CALL, "ls -la"), (None, "\n"), (RESPONSE, "a.txt"))
    assert outcomes("X03-one-line", case) == []
    assert all("\n" not in text for text, _ in outcomes("X03-one-line", TOOL))


def test_labels_that_drift_stay_labels() -> None:
    case = message((THOUGHT, "Thought: Look."), (None, "\n"), (CALL, "Action: f\nAction Input: {}"))
    found = outcomes("M20-drifting-labels", case)
    assert len({text for text, _ in found}) > 8
    assert all([label for label, _ in parts] == [THOUGHT, CALL] for _, parts in found)


def test_edits_move_trim_and_merge() -> None:
    text, spans = message(
        (TEXT, "One."), (None, " <x> "), (TEXT, "Two."), (None, "\n"), (CALL, "f()")
    )
    found = edited(text, spans, [Edit(4, 9, " ", None), Edit(0, 0, "  ", 0)])
    assert found is not None
    assert found.text == "  One. Two.\nf()"
    assert found.spans == (Span(TEXT, 2, 11), Span(CALL, 12, 15))


def test_edits_make_segments_and_drop_empty_ones() -> None:
    text, spans = message((CALL, "f()"), (None, "\n"), (TEXT, "Two."))
    found = edited(text, spans, [Edit(3, 3, "\ng()", CALL), Edit(4, 8, "", 1)])
    assert found is not None
    assert found.text == "f()\ng()\n"
    assert found.spans == (Span(CALL, 0, 3), Span(CALL, 4, 7))


def test_edits_that_overlap_are_refused() -> None:
    text, spans = message((TEXT, "One. Two."))
    with pytest.raises(ValueError, match="edits: expected a start from 4, found 2"):
        edited(text, spans, [Edit(0, 4, "", 0), Edit(2, 5, "", 0)])


def test_edits_that_change_nothing_are_no_damage() -> None:
    text, spans = message((TEXT, "One."))
    assert edited(text, spans, []) is None
    assert edited(text, spans, [Edit(0, 4, "", 0)]) is None


def test_replacements_are_sought_in_segments_and_gaps_apart() -> None:
    text, spans = message((None, "-"), (TEXT, "a-b"), (None, "-"), (CALL, "-c"))
    pattern = re.compile("-")
    everywhere = replaced(text, spans, pattern, "+")
    assert [(edit.start, edit.owner) for edit in everywhere] == [
        (0, None),
        (2, 0),
        (4, None),
        (5, 1),
    ]
    assert [e.start for e in replaced(text, spans, pattern, "+", inside=())] == [0, 4]
    assert [e.start for e in replaced(text, spans, pattern, "+", inside=[1], outside=False)] == [5]


@pytest.mark.parametrize(
    ("text", "edges"),
    [
        ("<think>\nHm.\n</think>", ("<think>", "</think>")),
        ("<|START_THINKING|>Hm.<|END_THINKING|>", ("<|START_THINKING|>", "<|END_THINKING|>")),
        ("<function=read>{}</function>", ("<function=read>", "</function>")),
        ('<invoke name="read">\nx</invoke>', ('<invoke name="read">', "</invoke>")),
        (
            "<｜tool▁call▁begin｜>f<｜tool▁call▁end｜>",
            ("<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>"),
        ),
        ("[THINK]Hm.[/THINK]", ("[THINK]", "[/THINK]")),
        ("◁think▷Hm.◁/think▷", ("◁think▷", "◁/think▷")),
        ("```json\n{}\n```", ("```json\n", "```")),
        ("=== run ===\nls\n=== end ===", ("=== run ===", "=== end ===")),
        ("@@obs\nmilk\n@@end", ("@@obs", "@@end")),
    ],
)
def test_markers_are_paired(text: str, edges: tuple[str, str]) -> None:
    found = markers.paired(text, Span(CALL, 0, len(text)))
    assert found is not None
    assert (text[: found.open_end], text[found.close_start :]) == edges


@pytest.mark.parametrize(
    "text",
    [
        "Two items.",
        "<think>Hm.",
        "Hm.</think>",
        "<a>x</b>",
        "<think></think>",
        "```json\n{}",
        "<p>x<p>",
    ],
)
def test_what_is_no_pair_is_not_paired(text: str) -> None:
    assert markers.paired(text, Span(TEXT, 0, len(text))) is None


def test_phrases_are_written_once_and_hold_what_they_promise() -> None:
    said = [
        *phrases.INSTRUCTIONS,
        *(before for before, _ in phrases.SHOWN_AGAIN + phrases.EXAMPLES),
    ]
    assert len(set(said)) == len(said)
    real = {case.text for case in CORPUS}
    assert not any(phrase == text for phrase in said for text in real)
