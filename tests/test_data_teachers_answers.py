"""What teachers answer: pieces, transcripts and markup, taken exactly, aligned, or refused with the reason."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Span
from buzz_parser.data.teachers.align import align, shortest_edit
from buzz_parser.data.teachers.checks import AnswerRejected
from buzz_parser.data.teachers.create import read_pieces, read_transcript
from buzz_parser.data.teachers.label import label_messages, nonce_of, read_markup
from buzz_parser.data.teachers.prompts import (
    EXAMPLE,
    LANGUAGES,
    MESSES,
    TRANSCRIPT_FORMAT,
    create_messages,
    draw_brief,
)
from buzz_parser.data.teachers.sketches import SKETCHES
from tests.teacher_server import markup, transcript_answer

MESSAGE = (
    "<think>\nThe tide table first, “as ever”.\n</think>\n\nI will check.\n"
    '<tool_call>\n{"name": "tides"}\n</tool_call><|im_end|>'
)


def spans_of(text: str, *parts: tuple[str, str]) -> tuple[Span, ...]:
    """The spans of parts that stand in the text once."""
    return tuple(
        Span(label, text.index(part), text.index(part) + len(part)) for label, part in parts
    )


SPANS = spans_of(
    MESSAGE,
    ("THOUGHT", MESSAGE[: MESSAGE.index("</think>") + 8]),
    ("TEXT", "I will check."),
    ("TOOLCALL", '<tool_call>\n{"name": "tides"}\n</tool_call>'),
)


def answered(*pieces: tuple[str, str]) -> str:
    """An answer of a teacher who creates."""
    return json.dumps({"segments": [{"label": label, "text": text} for label, text in pieces]})


labels = st.sampled_from((*SEGMENT_TYPES, "O"))
words = st.text(st.sampled_from("ab{}[]\"'\\ \n\té漢👍"), max_size=12)


@given(st.lists(st.tuples(labels, words), min_size=1, max_size=8))
def test_pieces_become_their_concatenation(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece for _, piece in pieces)
    # The naive oracle: the label of each character that is no whitespace.
    wanted = [label for label, piece in pieces for character in piece if not character.isspace()]
    if set(wanted) <= {"O"}:
        with pytest.raises(AnswerRejected, match="expected at least one segment, found none"):
            read_pieces(answered(*pieces))
        return
    found_text, spans = read_pieces(answered(*pieces))
    assert found_text == text
    assert violations(text, spans) == []
    painted = ["O"] * len(text)
    for span in spans:
        painted[span.start : span.end] = [span.label] * (span.end - span.start)
    visible = [
        label for label, character in zip(painted, text, strict=True) if not character.isspace()
    ]
    assert visible == wanted


def test_neighbouring_prose_is_one_segment_and_calls_are_not() -> None:
    text, spans = read_pieces(
        answered(("TEXT", "a\n"), ("TEXT", "b"), ("TOOLCALL", "{1}"), ("TOOLCALL", "{2}"))
    )
    assert text == "a\nb{1}{2}"
    assert spans == (Span("TEXT", 0, 3), Span("TOOLCALL", 3, 6), Span("TOOLCALL", 6, 9))


@pytest.mark.parametrize("before", ["", "Here it is: ", "<think>\n{no}\n</think>\n", "```json\n"])
@pytest.mark.parametrize("after", ["", "\n", "\n```"])
def test_wrapping_is_let_pass(before: str, after: str) -> None:
    assert read_pieces(before + answered(("TEXT", "a {b}")) + after)[0] == "a {b}"


def test_raw_line_breaks_in_strings_are_let_pass() -> None:
    assert read_pieces('{"segments": [{"label": "TEXT", "text": "a\nb"}]}')[0] == "a\nb"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("I cannot do that.", "expected a JSON object, found 'I cannot do that.'"),
        (
            '{"segments": [{"label": "TEXT", "text": "a"',
            "expected valid JSON, found an error at line 1, column 44: Expecting ',' delimiter",
        ),
        ("{" + '"a":{' * 100_000, "expected valid JSON, found numbers or nesting without end"),
        (answered(("TEXT", "a")) + " Done!", "expected nothing behind the JSON object, found 'Done!'"),
        ("{}", 'expected an object with the list "segments", found another'),
        ('{"segments": [7]}', "segments[0].label: expected THOUGHT, TOOLCALL, TEXT, TOOLRESPONSE, O, found 'None'"),
        (
            answered(("TEXT", "a"), ("text", "b")),
            "segments[1].label: expected THOUGHT, TOOLCALL, TEXT, TOOLRESPONSE, O, found 'text'",
        ),
        ('{"segments": [{"label": "TEXT", "text": 5}]}', "segments[0].text: expected a string, found int"),
        (answered(("O", "</s>")), "expected at least one segment, found none"),
        (answered(*EXAMPLE), "expected a message of your own, found the example"),
        (answered(("TEXT", "a\ud800")), "expected Unicode, found half a character at 1"),
        (
            answered(("TEXT", "a"), ("O", "x" * 201)),
            "expected at most 200 characters in a row that belong to no segment, found 201: "
            f"'{'x' * 60}…'",
        ),
        (
            answered(("O", "<think>"), ("THOUGHT", "a"), ("O", "</think>"), ("TEXT", "b")),
            "expected every marker in the segment that it opens or closes (rule 1), found '<think>' outside of "
            "all segments",
        ),
        (
            answered(("O", "Observation: "), ("TOOLRESPONSE", "a")),
            "expected every marker in the segment that it opens or closes (rule 1), found 'Observation:' outside "
            "of all segments",
        ),
        (
            answered(("TEXT", "<|im_start|>assistant\nb")),
            "expected turn markers outside of segments (rule 2), found '<|im_start|>' at the edge of a TEXT",
        ),
    ],
)  # fmt: skip
def test_pieces_are_refused_with_the_reason(answer: str, reason: str) -> None:
    with pytest.raises(AnswerRejected) as caught:
        read_pieces(answer)
    assert str(caught.value) == reason
    str(caught.value).encode()  # it goes back to the teacher


def test_the_example_of_the_prompt_holds_its_own_rules() -> None:
    text, spans = read_pieces(answered(*EXAMPLE, ("TEXT", " Unlike the example.")))
    assert [text[span.start : span.end] for span in spans[:3]] == [
        piece for label, piece in EXAMPLE if label != "O"
    ]


def test_a_transcript_is_parsed_and_its_id_made_unique() -> None:
    found = read_transcript(f"```text\n{transcript_answer(3)}\n```", "0123456789abcdef")
    assert found.id == "tide-3-01234567"
    assert [step.kind for step in found.steps] == ["user", "call", "response", "text"]
    assert read_transcript(TRANSCRIPT_FORMAT, "0" * 16).domain == "one or two words"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Sure!\nHere", "expected a line that starts with '=== ' first, found 'Sure!'"),
        ("", "expected a line that starts with '=== ' first, found ''"),
        (
            transcript_answer(1).replace("language: en\n", ""),
            "answer:1: expected 'language: …', found none",
        ),
        (transcript_answer(1) + "\n" + transcript_answer(2), "expected one transcript, found 2"),
        (
            transcript_answer(1).replace("--- user", "--- text"),
            "expected a step 'user' first, found 'text'",
        ),
        (
            transcript_answer(1).replace('{"berth": 1}', "[1]"),
            "step 2 (call): expected a JSON dict, found list",
        ),
        (
            transcript_answer(1).replace('{"berth": 1}', "[" * 100_000),
            "step 2 (call): expected JSON, found nesting without end",
        ),
    ],
)
def test_transcripts_are_refused_with_the_reason(answer: str, reason: str) -> None:
    with pytest.raises(AnswerRejected) as caught:
        read_transcript(answer, "0" * 16)
    assert str(caught.value) == reason


def test_prompts_vary_by_seed_and_are_the_same_for_the_same() -> None:
    briefs = [draw_brief(1, index, 0.5) for index in range(2000)]
    assert briefs == [draw_brief(1, index, 0.5) for index in reversed(range(2000))][::-1]
    assert len(set(briefs)) == 2000
    assert set(briefs).isdisjoint(draw_brief(2, index, 0.5) for index in range(2000))
    assert {brief.format for brief in briefs} == {name for name, _ in SKETCHES} | {"none"}
    assert {brief.mess for brief in briefs} == {mess[0] for mess in MESSES}
    assert {brief.language for brief in briefs} == {language for language, _ in LANGUAGES}
    for brief in briefs[:200]:
        system, user = create_messages(brief)
        assert user["content"].startswith(f"Write one {brief.kind}.\n")
        assert brief.domain in user["content"]
        assert ("=== short-kebab-id" in system["content"]) == (brief.kind == "transcript")
    assert len({name for name, _ in SKETCHES}) == len(SKETCHES)


@st.composite
def labelled(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    """A text, pieces of it labelled as the guideline allows."""
    pieces = draw(st.lists(st.tuples(labels, words), min_size=1, max_size=6))
    try:
        return read_pieces(answered(*pieces, ("TEXT", "end")))
    except AnswerRejected:
        return "end", (Span("TEXT", 0, 3),)


@given(labelled())
def test_markup_gives_back_the_segments(case: tuple[str, tuple[Span, ...]]) -> None:
    text, spans = case
    found = read_markup(markup(text, nonce_of(text), spans), text, 0.0)
    assert (found.spans, found.exact, found.edits) == (spans, True, 0)


@given(labelled())
def test_whitespace_may_differ_anywhere(case: tuple[str, tuple[Span, ...]]) -> None:
    text, spans = case
    answer = markup(text, nonce_of(text), spans).replace("\n", "\r\n ").replace("\t", "")
    found = read_markup(answer, text, 0.0)
    assert (found.spans, found.edits) == (spans, 0)


@given(labelled(), st.data())
def test_one_altered_character_never_moves_a_boundary(
    case: tuple[str, tuple[Span, ...]], data: st.DataObject
) -> None:
    text, spans = case
    answer = markup(text, nonce_of(text), spans)
    offsets = [i for i, character in enumerate(answer) if character in "ab{}[]\"'\\é漢👍end"]
    # Those of a tag's own letters would make another tag, which is another matter.
    inside = [i for i in offsets if answer.count("⟦", 0, i) == answer.count("⟧", 0, i)]
    at, added = data.draw(st.sampled_from(inside)), data.draw(st.sampled_from(("", "a", "}", "\\")))
    changed = answer[:at] + added + answer[at if added else at + 1 :]
    try:
        found = read_markup(changed, text, 1 / len(text) + 1e-9)
    except AnswerRejected:
        return
    assert (found.spans, found.edits) == (spans, 1)


def test_the_nonce_is_not_in_the_text() -> None:
    nonce = nonce_of("a")
    text = "a" + "".join(f"⟦{number:04x}:TEXT⟧" for number in range(0, 0x10000, 2))
    assert f"⟦{nonce_of(text)}:" not in text
    assert nonce_of("a") == nonce
    system, user = label_messages("a ⟦zz:TEXT⟧")
    assert user["content"].count("⟦") == 3
    assert nonce_of("a ⟦zz:TEXT⟧") in system["content"]


def test_smart_quotes_are_tolerated_and_the_original_is_kept() -> None:
    answer = markup(MESSAGE, nonce_of(MESSAGE), SPANS).replace("“", '"').replace("”", '"')
    found = read_markup(f"<think>Tags first.</think>{answer}\nDone.", MESSAGE, 0.04)
    assert (found.spans, found.exact, found.edits) == (SPANS, False, 4)


NONCE = nonce_of(MESSAGE)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (
            "table first",
            "chart of the tides is what I want first",
            "expected a copy with at most 4.0% of the characters altered, found more; first at character 17: "
            "expected 'table first, “as eve', found 'chart of the tides i'",
        ),
        (
            "I will check.",
            "I will check",
            "expected the text beside every tag unaltered, found it altered at an edge of the TEXT 'I will check'",
        ),
        (f"⟦/{NONCE}:TEXT⟧", "", f"expected TEXT to be closed first, found ⟦{NONCE}:TOOLCALL⟧"),
        (f"⟦/{NONCE}:TOOLCALL⟧", "", "expected TOOLCALL to be closed, found the end"),
        (f"⟦{NONCE}:TEXT⟧", "", f"expected the closing tag of an open one, found ⟦/{NONCE}:TEXT⟧ at no open tag"),
        ("I will check.", " ", "expected text in the TEXT, found its tags around nothing"),
        (
            f"⟦/{NONCE}:TEXT⟧",
            f"⟦/{NONCE}:THOUGHT⟧",
            f"expected the closing tag of an open one, found ⟦/{NONCE}:THOUGHT⟧ at an open TEXT",
        ),
        (
            f"⟦{NONCE}:TEXT⟧",
            f"⟦{NONCE}:PROSE⟧",
            f"expected a tag of THOUGHT, TOOLCALL, TEXT, TOOLRESPONSE, found '⟦{NONCE}:PROSE⟧'",
        ),
        (
            f"⟦{NONCE}:TEXT⟧",
            f"⟦{NONCE}:TEXT",
            f"expected the closing tag of an open one, found ⟦/{NONCE}:TEXT⟧ at no open tag",
        ),
        (
            f"⟦/{NONCE}:TOOLCALL⟧<|im_end|>",
            f"<|im_end|>⟦/{NONCE}:TOOLCALL⟧",
            "expected turn markers outside of segments (rule 2), found '<|im_end|>' at the edge of a TOOLCALL",
        ),
    ],
)  # fmt: skip
def test_markup_is_refused_with_the_reason(before: str, after: str, reason: str) -> None:
    answer = markup(MESSAGE, NONCE, SPANS)
    assert answer.count(before) == 1
    with pytest.raises(AnswerRejected) as caught:
        read_markup(answer.replace(before, after), MESSAGE, 0.04)
    assert str(caught.value) == reason


def test_a_broken_tag_is_refused() -> None:
    answer = markup(MESSAGE, NONCE, SPANS) + f"⟦{NONCE}:TEXT"
    whole = answer.replace(f"⟦{NONCE}:MESSAGE⟧", "").replace(f"⟦/{NONCE}:MESSAGE⟧", "")
    with pytest.raises(AnswerRejected, match=f"expected whole tags, found '⟦{NONCE}:TEXT'"):
        read_markup(whole, MESSAGE, 0.5)


def longest_common(left: str, right: str) -> int:
    """The naive oracle: the length of the longest common subsequence, by the table."""
    row = [0] * (len(right) + 1)
    for here in left:
        previous = row
        row = [0]
        for index, there in enumerate(right):
            row.append(previous[index] + 1 if here == there else max(row[-1], previous[index + 1]))
    return row[-1]


short_texts = st.text(st.sampled_from("abc"), max_size=14)


@given(short_texts, short_texts)
def test_the_shortest_edit_against_the_oracle(left: str, right: str) -> None:
    places = shortest_edit(left, right, 100)
    assert places is not None
    kept = [(i, place) for i, place in enumerate(places) if place is not None]
    assert all(left[i] == right[place] for i, place in kept)
    assert [place for _, place in kept] == sorted({place for _, place in kept})
    edits = len(left) + len(right) - 2 * longest_common(left, right)
    assert len(left) + len(right) - 2 * len(kept) == edits
    if edits:
        assert shortest_edit(left, right, edits - 1) is None


def test_where_an_edit_could_stand_elsewhere_no_boundary_is_beyond_doubt() -> None:
    found = align("abcdef((((((ghijkl", "abcdef(((((((ghijkl", 5)
    assert found is not None
    assert found.edits == 1
    known: Sequence[int | None] = [found.place(index) for index in range(len(found.copy) + 1)]
    assert known == [0, 1, 2, 3, *[None] * 11, 16, 17, 18, 19]
