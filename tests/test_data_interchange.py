"""In and out: what is written comes back, what cannot be taken is set aside with the reason."""

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buzz_parser.contract.labels import LABELS, SEGMENT_TYPES
from buzz_parser.data.assembly import Piece, assemble
from buzz_parser.data.interchange.arrow import read_arrow, write_arrow
from buzz_parser.data.interchange.chat_logs import Chat, read_chat_logs, transcript_of
from buzz_parser.data.interchange.chat_template import read_chat_template, template_records
from buzz_parser.data.interchange.conll import read_conll, write_conll
from buzz_parser.data.interchange.hugging_face import read_hugging_face, write_hugging_face
from buzz_parser.data.interchange.jsonl import read_jsonl, write_jsonl
from buzz_parser.data.interchange.label_studio import (
    label_config,
    read_label_studio,
    write_label_studio,
)
from buzz_parser.data.interchange.lines import InterchangeError, Rejects, write_lines, write_rejects
from buzz_parser.data.interchange.tokens_tags import read_tokens_tags, write_tokens_tags
from buzz_parser.data.interchange.words import words_of
from buzz_parser.data.records import Record, Span
from buzz_parser.data.transcripts import format_transcripts, parse_transcripts, violations
from tests.strategies import messages, scalars

Read = Callable[[Path, Rejects], list[Record]]
Write = Callable[[Path, list[Record]], int]

metas = st.dictionaries(
    st.text(scalars, max_size=5), st.one_of(st.integers(), st.text(scalars, max_size=5)), max_size=2
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record that holds the guideline, of messy pieces."""
    labels = st.one_of(st.none(), st.sampled_from(SEGMENT_TYPES))
    pieces = draw(st.lists(st.builds(Piece, labels, messages), max_size=5))
    text, spans = assemble(pieces)
    identity = draw(st.text(scalars, min_size=1, max_size=8))
    return Record(id=identity, text=text, segments=spans, meta=draw(metas))


def back(write: Write, read: Read, given_: list[Record]) -> tuple[list[Record], Rejects]:
    """What comes back of records."""
    rejects = Rejects()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        assert write(path, given_) == len(given_)
        return read(path, rejects), rejects


@pytest.mark.parametrize(
    ("write", "read"),
    [
        pytest.param(write_jsonl, read_jsonl, id="jsonl"),
        pytest.param(write_tokens_tags, read_tokens_tags, id="tokens"),
        pytest.param(write_conll, read_conll, id="conll"),
        pytest.param(write_arrow, lambda path, _: list(read_arrow(path)), id="arrow"),
    ],
)
@settings(max_examples=25)
@given(found=st.lists(records(), max_size=3))
def test_what_is_written_comes_back(write: Write, read: Read, found: list[Record]) -> None:
    again, rejects = back(write, read, found)
    assert rejects.found == []
    assert again == found


@settings(max_examples=40)
@given(records())
def test_words_hold_all_but_whitespace_and_know_their_segment(record: Record) -> None:
    covered = {
        i for start, end, _ in words_of(record.text, record.segments) for i in range(start, end)
    }
    assert all(record.text[i].isspace() for i in range(len(record.text)) if i not in covered)
    for start, end, tag in words_of(record.text, record.segments):
        inside = [s for s in record.segments if s.start <= start and end <= s.end]
        assert tag == "O" if not inside else tag[2:] == inside[0].label
        assert tag[:2] == "B-" if inside and inside[0].start == start else tag[:2] != "B-"


def test_a_dataset_on_disk_comes_back(tmp_path: Path) -> None:
    found = [
        Record(
            id=str(number),
            text=f"Thought: {number}\n\n👍 done",
            segments=(Span("THOUGHT", 0, 10), Span("TEXT", 12, 18)),
            meta={"damage": ["x"], "n": {"deep": None}},
        )
        for number in range(3)
    ]
    folder, rejects = tmp_path / "set", Rejects()
    assert write_hugging_face(folder, iter(found)) == 3
    assert read_hugging_face(folder, rejects) == found
    assert rejects.found == []
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
    with pytest.raises(InterchangeError, match="expected no such folder yet, found one"):
        write_hugging_face(folder, iter(found))


def annotated(task: dict[str, Any]) -> dict[str, Any]:
    """A task as Label Studio exports it once a person has accepted the pre-annotations."""
    result = task["predictions"][0]["result"]
    annotation = {"result": result, "was_cancelled": False, "completed_by": 7}
    return {"id": 12, "data": task["data"], "annotations": [annotation]}


@settings(max_examples=25)
@given(st.lists(records(), max_size=3))
def test_accepted_pre_annotations_come_back(found: list[Record]) -> None:
    def read(path: Path, rejects: Rejects) -> list[Record]:
        tasks = [annotated(task) for task in json.loads(path.read_bytes())]
        path.write_text(json.dumps(tasks), encoding="utf-8")
        return read_label_studio(path, rejects)

    again, rejects = back(write_label_studio, read, found)
    assert rejects.found == []
    assert [(r.id, r.text, r.segments) for r in again] == [
        (r.id, r.text, r.segments) for r in found
    ]
    assert all(r.meta["annotators"] == ["7"] for r in again)


def studio(tmp_path: Path, *tasks: object) -> tuple[list[Record], list[str]]:
    path, rejects = tmp_path / "export.json", Rejects()
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return read_label_studio(path, rejects), [f"{r.where}: {r.reason}" for r in rejects.found]


def region(label: str, start: int, end: int) -> dict[str, Any]:
    return {"type": "labels", "value": {"labels": [label], "start": start, "end": end}}


def test_what_a_person_drew_is_put_in_order_and_trimmed(tmp_path: Path) -> None:
    result = [region("TEXT", 5, 9), region("THOUGHT", 0, 5), region("TEXT", 10, 12)]
    task = {"data": {"text": "hmm, \nso \nso"}, "annotations": [{"result": result}]}
    (record,), rejected = studio(tmp_path, task)
    assert record.segments == (Span("THOUGHT", 0, 4), Span("TEXT", 6, 12))
    assert record.id == "export-1"
    assert rejected == []


@pytest.mark.parametrize(
    ("start", "end", "said", "place"),
    [
        (2, 6, "done", (2, 6)),  # code points
        (3, 7, "done", (2, 6)),  # UTF-16 units
        (3, 9, "done\\nx", (2, 8)),  # a line break told in two characters
        (2, 6, None, (2, 6)),
    ],
)
def test_offsets_count_code_points_or_utf_16_units(
    tmp_path: Path, start: int, end: int, said: str | None, place: tuple[int, int]
) -> None:
    drawn = region("TEXT", start, end)
    if said is not None:
        drawn["value"]["text"] = said
    task = {"data": {"text": "👍 done\nx"}, "annotations": [{"result": [drawn]}]}
    (record,), _ = studio(tmp_path, task)
    assert record.segments == (Span("TEXT", *place),)


def test_a_region_that_tells_another_text_is_set_aside(tmp_path: Path) -> None:
    drawn = region("TEXT", 0, 4)
    drawn["value"]["text"] = "gone"
    task = {"data": {"text": "done it"}, "annotations": [{"result": [drawn]}]}
    assert studio(tmp_path, task) == (
        [],
        ["task 1: result[0]: expected the text 'gone', found 'done'"],
    )


def test_tasks_that_nobody_decided_are_set_aside(tmp_path: Path) -> None:
    data = {"text": "hello world"}
    one, other = {"result": [region("TEXT", 0, 5)]}, {"result": [region("TEXT", 0, 11)]}
    crossing = {"result": [region("TEXT", 0, 5), region("THOUGHT", 3, 8)]}
    found, rejected = studio(
        tmp_path,
        {"data": data, "annotations": []},
        {"data": data, "annotations": [one | {"was_cancelled": True}]},
        {"data": data, "annotations": [one, other]},
        {"data": data, "annotations": [one, one]},
        {"data": data, "annotations": [crossing]},
        {"data": data, "annotations": [{"result": [region("ANSWER", 0, 5)]}]},
        {"data": data, "annotations": [{"result": [region("TEXT", 0, 50)]}]},
        {"data": {}},
    )
    assert [record.segments for record in found] == [(Span("TEXT", 0, 5),)]
    assert rejected == [
        "task 1: annotations: expected one that is finished, found none",
        "task 2: annotations: expected one that is finished, found none",
        "task 3: annotations: expected one, or several that agree, found 2 that differ",
        "task 5: expected segments side by side, found THOUGHT at 3 inside TEXT",
        "task 6: label: expected one of THOUGHT, TOOLCALL, TEXT, TOOLRESPONSE, found 'ANSWER'",
        "task 7: expected bounds inside [0, 11), found [0, 50)",
        "task 8: data.text: expected a string, found none",
    ]


def test_the_labelling_interface_knows_the_types() -> None:
    assert all(f'<Label value="{label}"' in label_config() for label in SEGMENT_TYPES)


def lines(tmp_path: Path, *given_: str | bytes) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\n".join(x if isinstance(x, bytes) else x.encode() for x in given_))
    return path


def test_bad_lines_are_set_aside_and_good_ones_kept(tmp_path: Path) -> None:
    good = '{"tokens": ["Thought", ":", "x"], "ner_tags": ["B-THOUGHT", 2, "I-THOUGHT"]}'
    rejects = Rejects()
    path = lines(
        tmp_path,
        good,
        "",
        "{",
        b'{"tokens": ["\xff"]}',
        '{"tokens": ["a"], "ner_tags": ["O", "O"]}',
        '{"tokens": ["a"], "ner_tags": ["B-ANSWER"]}',
        '{"tokens": ["a"], "ner_tags": [9]}',
        '{"tokens": ["a"], "ner_tags": ["O"], "text": "b"}',
        '{"tokens": ["\\ud800"], "ner_tags": ["O"]}',
        "[" * 100_000,
    )
    (record,) = read_tokens_tags(path, rejects)
    assert record == Record(id="in-1", text="Thought : x", segments=(Span("THOUGHT", 0, 11),))
    assert [(r.where, r.reason) for r in rejects.found[1:-1]] == [
        ("line 4", "expected UTF-8, found byte 0xff at offset 13"),
        ("line 5", "tags: expected 1, one a token, found 2"),
        ("line 6", f"tags[0]: expected {', '.join(LABELS)}, found 'B-ANSWER'"),
        ("line 7", "ner_tags[0]: expected a tag or 0 to 8, found 9"),
        ("line 8", "tokens[0]: expected 'a' in the text, found 'b'"),
        ("line 9", "text: expected Unicode, found half a character at 0"),
    ]
    assert rejects.found[0].reason.startswith("expected a JSON object, found Expecting property")
    assert rejects.found[-1].where == "line 10"


def test_rejects_are_a_file_of_their_own(tmp_path: Path) -> None:
    path, rejects = tmp_path / "rejects.jsonl", Rejects()
    rejects.add("line 3", "no", "half \ud800")
    write_rejects(path, rejects)
    assert json.loads(path.read_bytes()) == {
        "where": "line 3",
        "reason": "no",
        "found": "half \ud800",
    }
    write_rejects(path, Rejects())
    assert not path.exists()


def test_a_file_that_fails_half_way_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old", encoding="utf-8")

    def stopped() -> Iterator[str]:
        yield "new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lines(path, stopped())
    assert path.read_text(encoding="utf-8") == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["out"]


def test_records_that_break_the_guideline_are_set_aside(tmp_path: Path) -> None:
    rejects = Rejects()
    spaced = '{"text": "a ", "segments": [{"label": "TEXT", "start": 0, "end": 2}]}'
    found = read_jsonl(lines(tmp_path, spaced, '{"text": "a", "segments": []}'), rejects)
    assert [record.id for record in found] == ["in-2"]
    assert rejects.found[0].reason == (
        "segments[0]: expected a trimmed segment, found whitespace at its edge"
    )


def test_conll_of_two_columns_is_joined_and_a_bad_message_named(tmp_path: Path) -> None:
    rejects = Rejects()
    path = lines(tmp_path, "Let B-TEXT", "me I-TEXT", "f B-TOOLCALL", "", "alone", "", "x O", "")
    first, last = read_conll(path, rejects)
    assert first.text == "Let me f"
    assert first.segments == (Span("TEXT", 0, 6), Span("TOOLCALL", 7, 8))
    assert last.text == "x"
    assert [(r.where, r.reason) for r in rejects.found] == [
        ("lines 5 to 5", "line 5: expected a token and its tag, found 'alone'")
    ]


CALL = {"id": "c1", "type": "function", "function": {"name": "ls", "arguments": '{"path": "/"}'}}
OTHER = {"id": "c2", "type": "function", "function": {"name": "cat", "arguments": {"n": 1}}}
CHAT: list[dict[str, Any]] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "Look."}, {"type": "image_url"}]},
    {
        "role": "assistant",
        "reasoning_content": "List first.",
        "content": "One moment.",
        "tool_calls": [CALL, OTHER],
    },
    {"role": "tool", "tool_call_id": "c2", "content": "--- a/x\nsecond"},
    {"role": "tool", "tool_call_id": "c1", "content": "first"},
    {"role": "assistant", "content": "<think>Good.</think>\nAll there."},
]


def test_a_chat_becomes_a_transcript(tmp_path: Path) -> None:
    value = {"id": "run 7/a", "messages": CHAT, "tools": [{"name": "ls"}], "language": "de"}
    rejects = Rejects()
    (found,) = read_chat_logs(lines(tmp_path, json.dumps(value)), rejects)
    assert rejects.found == []
    assert (found.id, found.domain, found.language) == ("run-7-a", "own logs", "de")
    assert [(step.kind, step.argument, step.body) for step in found.steps] == [
        ("tools", "", '[{"name": "ls"}]'),
        ("user", "", "Look.\n(image_url)"),
        ("thought", "", "List first."),
        ("text", "", "One moment."),
        ("call", "ls", '{"path": "/"}'),
        ("call", "cat", '{"n": 1}'),
        ("response", "ls", "first"),
        ("response", "cat", " --- a/x\nsecond"),
        ("thought", "", "Good."),
        ("text", "", "All there."),
    ]
    assert violations(found) == []
    assert parse_transcripts(format_transcripts([found]), "x") == [found]


bodies = st.one_of(messages, st.just("=== x\n--- user\n"))
contents = st.one_of(st.none(), bodies, st.builds(lambda b: [{"type": "text", "text": b}], bodies))
chat_messages = st.one_of(
    st.builds(lambda c: {"role": "user", "content": c}, contents),
    st.builds(lambda c: {"role": "tool", "content": c}, contents),
    st.builds(
        lambda c, r, n: {
            "role": "assistant",
            "content": c,
            "reasoning_content": r,
            "tool_calls": [{"function": {"name": "f", "arguments": {"x": r}}}] * n,
        },
        contents,
        bodies,
        st.integers(0, 2),
    ),
)


@settings(max_examples=40)
@given(st.lists(chat_messages, max_size=6))
def test_a_transcript_of_a_chat_comes_back_or_is_refused(found: list[dict[str, Any]]) -> None:
    chat = Chat(id="a", domain="d", language="en", messages=tuple(found))
    try:
        transcript = transcript_of(chat)
    except InterchangeError as error:
        assert "expected" in str(error)  # noqa: PT017 (either outcome is right)
        return
    assert parse_transcripts(format_transcripts([transcript]), "x") == [transcript]


def test_chats_that_are_none_are_set_aside(tmp_path: Path) -> None:
    def assistant(**given_: Any) -> str:
        return json.dumps([{"role": "assistant"} | given_])

    rejects = Rejects()
    bad = {"function": {"name": "f", "arguments": "{"}}
    path = lines(
        tmp_path,
        '{"messages": 1}',
        json.dumps([{"role": "user", "content": "hi"}]),
        json.dumps([{"role": "robot"}]),
        assistant(tool_calls=[bad]),
        assistant(tool_calls=[{"function": {"name": "two words"}}]),
        assistant(content=[{"type": "thinking"}]),
        assistant(content="fine"),
    )
    (found,) = read_chat_logs(path, rejects)
    assert found.id == "in-7"
    reasons = {reject.where: reject.reason for reject in rejects.found}
    assert reasons.pop("chat in-4").startswith(
        "messages[0].tool_calls[0].arguments: expected a JSON object, found Expecting"
    )
    assert reasons == {
        "line 1": "messages: expected a list of objects, found something else",
        "chat in-2": "messages: expected something that the assistant wrote, found nothing",
        "chat in-3": "messages[0].role: expected a role of a chat, found 'robot'",
        "chat in-5": "messages[0].tool_calls[0]: expected a function's name, found 'two words'",
        "chat in-6": "messages[0].content[0]: expected a text, found {'type': 'thinking'}",
    }


HERMES = """{%- for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}
{%- if m.role == 'assistant' %}
{%- if m.reasoning_content %}{{ '<think>\n' + m.reasoning_content + '\n</think>\n\n' }}{% endif %}
{{- m.content }}
{%- for c in m.tool_calls or [] %}
{{- '\n' if m.content or not loop.first }}<tool_call>
{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}
</tool_call>{% endfor %}
{%- else %}{{ m.content }}{% endif %}{{ eos_token + '\n' }}{% endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""

LISTED = """{%- for m in messages %}{% if m.role == 'assistant' %}{{ m.content }}
{%- if m.tool_calls %}[TOOL_CALLS] [
{%- for c in m.tool_calls %}{"name": "{{ c.function.name }}"}{{ ', ' if not loop.last }}{% endfor %}]
{%- endif %}{{ eos_token }}{% else %}[INST] {{ m.content }} [/INST]{% endif %}{% endfor %}"""

BARE = """{%- for m in messages %}{{ m.role + '|' + m.content }}
{%- for c in m.tool_calls or [] %}{{ '\n' }}{{ c.function.arguments | tojson }}{% endfor %}
{{- '<end>' }}{% endfor %}{% if add_generation_prompt %}assistant|{% endif %}"""

CHANNELS = """{%- for m in messages %}{{ '<|' + m.role + '|>' }}{% if m.role == 'assistant' %}final: {% endif %}
{{- m.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"""


def templated(
    tmp_path: Path, source: str, found: list[dict[str, Any]]
) -> tuple[list[list[tuple[str, str]]], Rejects]:
    """The segments of each turn of a chat by a template."""
    config = {"chat_template": source, "eos_token": {"content": "<|im_end|>"}}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    rejects = Rejects()
    chat = Chat(id="a", domain="d", language="en", messages=tuple(found))
    records_ = template_records([chat], read_chat_template(tmp_path), rejects)
    return [[(s.label, r.text[s.start : s.end]) for s in r.segments] for r in records_], rejects


def test_a_template_with_envelopes_has_a_segment_a_call(tmp_path: Path) -> None:
    found, rejects = templated(tmp_path, HERMES, CHAT)
    assert rejects.found == []
    assert found == [
        [
            ("THOUGHT", "<think>\nList first.\n</think>"),
            ("TEXT", "One moment."),
            (
                "TOOLCALL",
                '<tool_call>\n{"name": "ls", "arguments": {"path": "/"}}\n</tool_call>',
            ),
            ("TOOLCALL", '<tool_call>\n{"name": "cat", "arguments": {"n": 1}}\n</tool_call>'),
        ],
        [("THOUGHT", "<think>\nGood.\n</think>"), ("TEXT", "All there.")],
    ]


def test_a_template_with_a_list_has_one_segment_for_all_calls(tmp_path: Path) -> None:
    silent = {"role": "assistant", "content": None, "tool_calls": [CALL, OTHER]}
    found, rejects = templated(tmp_path, LISTED, [CHAT[0], silent])
    assert rejects.found == []
    assert found == [[("TOOLCALL", '[TOOL_CALLS] [{"name": "ls"}, {"name": "cat"}]')]]


def test_bare_calls_are_one_segment(tmp_path: Path) -> None:
    turn = {"role": "assistant", "content": "Now.", "tool_calls": [CALL, OTHER]}
    found, _ = templated(tmp_path, BARE, [turn])
    assert found == [[("TEXT", "Now."), ("TOOLCALL", '{"path": "/"}\n{"n": 1}')]]


def test_a_template_that_cannot_be_parted_is_refused(tmp_path: Path) -> None:
    found, rejects = templated(tmp_path, CHANNELS, [{"role": "assistant", "content": "Hi."}])
    assert found == []
    assert [(r.where, r.reason) for r in rejects.found] == [
        ("chat a, messages[0]", "expected no marker before a text, found 'final: '")
    ]
    _, rejects = templated(tmp_path, "{{ raise_exception('no') }}", CHAT[2:3])
    assert rejects.found[0].reason == "expected the template to take the chat, found no"


def test_a_folder_without_a_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(InterchangeError, match="expected a tokenizer with a chat template"):
        read_chat_template(tmp_path)
