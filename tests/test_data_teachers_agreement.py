"""Several teachers on one message: what is kept, what is disputed, and the table of agreement."""

from hypothesis import given
from hypothesis import strategies as st

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Span
from buzz_parser.data.teachers.agreement import agreement_table, consensus
from buzz_parser.data.teachers.choose import choose
from tests.teacher_server import settings

TEXT = "ab cd ef gh"


@st.composite
def opinions(draw: st.DrawFn) -> tuple[str, list[list[Span]]]:
    """A text and what one to four teachers say about it, each as the guideline allows."""
    text = draw(st.text(st.sampled_from("ab \n"), min_size=1, max_size=16))
    said = []
    for _ in range(draw(st.integers(1, 4))):
        spans: list[Span] = []
        cuts = draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6, unique=True))
        for start, end in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False):
            span = Span(draw(st.sampled_from(SEGMENT_TYPES)), start, end)
            if not violations(text, [*spans, span]):
                spans.append(span)
        said.append(spans)
    return text, said


def label_at(spans: list[Span], offset: int) -> str:
    """What a teacher says of a character."""
    return next((span.label for span in spans if span.start <= offset < span.end), "O")


@given(opinions())
def test_what_most_say_is_kept_and_the_rest_is_named(case: tuple[str, list[list[Span]]]) -> None:
    text, said = case
    found = consensus(text, said)
    # The naive oracle: count heads for each span and for each character.
    every = {span for spans in said for span in spans}
    kept = {span for span in every if sum(span in spans for spans in said) > len(said) / 2}
    assert set(found.spans) == kept
    assert violations(text, found.spans) == []
    for offset, character in enumerate(text):
        covered = label_at(list(found.spans), offset) != "O"
        outside = sum(label_at(spans, offset) == "O" for spans in said) > len(said) / 2
        disputed = any(start <= offset < end for start, end in found.disputed)
        if not character.isspace():
            assert disputed == (not covered and not outside)
    for start, end in found.disputed:
        assert text[start:end] == text[start:end].strip() != ""


def test_one_teacher_is_believed() -> None:
    spans = [Span("THOUGHT", 0, 5), Span("TEXT", 6, 11)]
    assert consensus(TEXT, [spans]).spans == tuple(spans)
    assert consensus(TEXT, [spans]).disputed == ()


def test_boundaries_on_which_two_agree_are_kept_and_the_others_disputed() -> None:
    first = [Span("THOUGHT", 0, 2), Span("TOOLCALL", 3, 5), Span("TEXT", 6, 11)]
    second = [Span("THOUGHT", 0, 2), Span("TOOLCALL", 3, 8), Span("TEXT", 9, 11)]
    found = consensus(TEXT, [first, second])
    assert found.spans == (Span("THOUGHT", 0, 2),)
    assert found.disputed == ((3, 11),)
    third = consensus(TEXT, [first, second, second])
    assert (third.spans, third.disputed) == (tuple(second), ())


def test_the_table_counts_pairs_by_label() -> None:
    said = {
        "b": [Span("THOUGHT", 0, 2), Span("TEXT", 3, 11)],
        "a": [Span("THOUGHT", 0, 2), Span("TEXT", 6, 11)],
        "c": [Span("TEXT", 0, 11)],
    }
    table = agreement_table([said, {"a": said["a"]}, {"a": said["a"], "b": said["a"]}])
    rows = {(row.first, row.second, row.label): row for row in table}
    assert len(rows) == 12
    text = rows["a", "b", "TEXT"]
    assert (text.spans_first, text.spans_second, text.spans_same) == (2, 2, 1)
    assert (text.characters_first, text.characters_second, text.characters_same) == (10, 13, 10)
    assert text.span_f1 == 0.5
    assert text.character_f1 == 20 / 23
    assert rows["a", "b", "THOUGHT"].span_f1 == 1.0
    assert rows["a", "c", "THOUGHT"].span_f1 == 0.0
    assert rows["a", "c", "TOOLCALL"].span_f1 is None


def test_tasks_go_to_teachers_by_weight_and_stay_when_one_is_added() -> None:
    two = settings("http://x/v1", "a", "b").teachers
    three = settings("http://x/v1", "a", "b", "c").teachers
    before = {item: choose(two, 0, str(item), 1)[0].name for item in range(3000)}
    after = {item: choose(three, 0, str(item), 1)[0].name for item in range(3000)}
    assert {after[item] for item in before if after[item] != before[item]} == {"c"}
    assert 900 < list(after.values()).count("c") < 1100
    heavy = [three[0], *settings("http://x/v1", "b", weight=3.0).teachers]
    share = [choose(heavy, 7, str(item), 1)[0].name for item in range(3000)].count("b")
    assert 2150 < share < 2350
    assert {teacher.name for teacher in choose(three, 1, "x", 3)} == {"a", "b", "c"}
    assert choose(three, 1, "x", 2) == choose(three, 1, "x", 3)[:2]
