"""Messages that are one JSON, YAML, TOML or XML shape are valid, with their segments inside."""

import ast
import json
import tomllib
from random import Random
from xml.etree import ElementTree

import pytest

from buzz_parser.data.assembly import assemble
from buzz_parser.data.dialects.model import Item
from tests.framework_conversations import (
    ANSWER,
    BY_NAME,
    CODE,
    READ,
    SAY,
    THINK,
    WHOLE,
    calling,
    shown,
)


def _whole(name: str, items: tuple[Item, ...], seed: int) -> str:
    whole = BY_NAME[name].whole
    assert whole is not None
    pieces = whole(items, Random(seed))
    assert pieces is not None
    return assemble(pieces)[0]


JSON_SHAPES = {
    "F086-structured-code": {"⟦TH⟨", "⟦TC⟨"},
    "F107-autogpt": {"⟦TH⟨", "⟦TX⟨", "⟦TC⟨"},
    "W01-thought-action": {"⟦TH⟨", "⟦TX⟨", "⟦TC⟨"},
    "W02-action-with-answer": {"⟦TH⟨", "⟦TX⟨", "⟦TC⟨"},
    "W03-reasoning-tool-calls": {"⟦TH⟨", "⟦TX⟨", "⟦TC⟨"},
    "W04-plan-next": {"⟦TH⟨", "⟦TX⟨", "⟦TC⟨"},
    "W08-trace": {"⟦TH⟨", "⟦TX⟨", "⟦TC⟨"},
    "F111-openai-chat": {"⟦TH⟨", "⟦TX⟨", "⟦TC⟨"},
}


@pytest.mark.parametrize("name", sorted(JSON_SHAPES))
def test_a_whole_message_is_valid_json_with_segments_inside(name: str) -> None:
    items = (THINK, SAY, calling(READ))
    orders = set()
    for seed in range(30):
        text = _whole(name, items, seed)
        json.loads(text)
        marks = shown(name, items, seed)
        assert all(mark in marks for mark in JSON_SHAPES[name])
        assert marks[0] in "{["
        orders.add(text)
    assert len(orders) > 3


def test_keys_belong_to_their_segment_and_braces_to_none() -> None:
    marks = {shown("F086-structured-code", (THINK, calling(CODE)), seed) for seed in range(30)}
    source = json.dumps(CODE.body + "\n")
    assert f'{{⟦TH⟨"thought": "Need the notes."⟩⟧, ⟦TC⟨"code": {source}⟩⟧}}' in marks


def test_an_object_of_calls_alone_is_a_call_with_its_fence_and_one_of_prose_keeps_its_braces_out() -> (
    None
):
    marks = {shown("W06-fenced-thought-action", (calling(READ),), seed) for seed in range(60)}
    assert any(m.startswith("⟦TC⟨```json\n{") and m.endswith("}\n```⟩⟧") for m in marks)
    marks = {shown("W06-fenced-thought-action", (ANSWER,), seed) for seed in range(60)}
    assert '```json\n{⟦TX⟨"answer": "Two items."⟩⟧}\n```' in marks
    marks = {shown("W05-thought-answer", (THINK,), seed) for seed in range(60)}
    assert '{⟦TH⟨"thought": "Need the notes."⟩⟧}' in marks


def test_what_auto_gpt_speaks_ends_the_thoughts() -> None:
    marks = {shown("F107-autogpt", (THINK, SAY, calling(READ)), seed) for seed in range(60)}
    expected = (
        '{⟦TH⟨"thoughts": {"text": "Need the notes."⟩⟧, ⟦TX⟨"speak": "Let me look."⟩⟧}, '
        '⟦TC⟨"command": {"name": "read_file", "args": {"path": "notes.txt", "n": 3}}⟩⟧}'
    )
    assert expected in marks


def test_blocks_of_an_api_are_entries_of_a_list() -> None:
    marks = {shown("F113-anthropic-blocks", WHOLE[:3], seed) for seed in range(60)}
    expected = (
        '{"role": "assistant", "content": [⟦TH⟨{"type": "thinking", "thinking": "Need the notes."}⟩⟧, '
        '⟦TX⟨{"type": "text", "text": "Let me look."}⟩⟧, ⟦TC⟨{"type": "tool_use", "id": "x7Kq2Lm9a", '
        '"name": "read_file", "input": {"path": "notes.txt", "n": 3}}⟩⟧]}'
    )
    assert expected in marks


def test_fragments_of_a_stream_join_to_the_message() -> None:
    for seed in range(20):
        text = _whole("F116-stream", (THINK, SAY, calling(READ)), seed)
        events = [json.loads(line[6:]) for line in text.split("\n") if line.startswith("data: {")]
        deltas = [event["choices"][0]["delta"] for event in events]
        assert "".join(delta.get("content", "") for delta in deltas) == "Let me look."
        calls = [delta["tool_calls"][0] for delta in deltas if "tool_calls" in delta]
        assert (
            json.loads("".join(call["function"]["arguments"] for call in calls)) == READ.arguments
        )


@pytest.mark.parametrize("seed", range(12))
def test_documents_are_valid(seed: int) -> None:
    items = (THINK, SAY, calling(READ))
    toml = _whole("W13-toml", items, seed).removeprefix("```toml\n").removesuffix("\n```")
    assert "Need the notes." in tomllib.loads(toml).values()
    steps = ElementTree.fromstring(f"<all>{_whole('W14-xml-steps', items, seed)}</all>")
    assert [child.tag for child in steps[0]][:2] == ["thought", "text"]
    ast.parse(_whole("W15-langchain-objects", WHOLE, seed))


def test_a_yaml_document_has_a_key_a_segment() -> None:
    marks = {shown("W12-yaml", (THINK, calling(READ)), seed) for seed in range(60)}
    expected = (
        "⟦TH⟨thought: |\n  Need the notes.⟩⟧\n"
        "⟦TC⟨action: read_file\nargs:\n  path: notes.txt\n  n: 3⟩⟧"
    )
    assert expected in marks
