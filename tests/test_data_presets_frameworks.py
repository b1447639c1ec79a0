"""The dialects of frameworks and logs write the catalogue's conversation as the catalogue shows it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buzz_parser.data.assembly import assemble
from buzz_parser.data.dialects.frameworks import FRAMEWORKS
from buzz_parser.data.dialects.model import Call, Dialect, Item
from buzz_parser.data.dialects.render import render
from buzz_parser.data.guideline import violations
from tests.framework_conversations import (
    BY_NAME,
    CODE,
    EDIT,
    EXPECTED,
    READ,
    RESULT,
    SAY,
    SEARCH_REPLACE,
    SHELL,
    SLOTS,
    THINK,
    WHOLE,
    calling,
    shown,
)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_preset_writes_the_catalogues_conversation(name: str) -> None:
    assert shown(name, WHOLE) == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "calls", "expected"),
    [
        ("F085-smolagents-code", (CODE,), f"⟦TC⟨<code>\n{CODE.body}\n</code>⟩⟧"),
        ("F087-codeact", (CODE,), f"⟦TC⟨<execute> {CODE.body} </execute>⟩⟧"),
        (
            "F088-openhands-execute",
            (SHELL,),
            "⟦TC⟨<execute_bash>\ncat notes.txt\n</execute_bash>⟩⟧",
        ),
        ("F091-swe-agent-command", (SHELL,), "⟦TC⟨<command>\ncat notes.txt\n</command>⟩⟧"),
        ("F092-mini-swe-agent", (SHELL,), "⟦TC⟨```mswea_bash_command\ncat notes.txt\n```⟩⟧"),
        ("F095-aider-diff", (EDIT,), f"⟦TC⟨notes.py\n```\n{SEARCH_REPLACE}\n```⟩⟧"),
        ("F095b-aider-diff-language", (EDIT,), f"⟦TC⟨notes.py\n```python\n{SEARCH_REPLACE}\n```⟩⟧"),
        ("F096b-aider-whole", (EDIT,), "⟦TC⟨notes.py\n```\nmilk, eggs\n```⟩⟧"),
        (
            "F096-aider-udiff",
            (EDIT,),
            "⟦TC⟨```diff\n--- notes.py\n+++ notes.py\n@@ ... @@\n-milk\n+milk, eggs\n```⟩⟧",
        ),
        (
            "F097-apply-patch",
            (EDIT,),
            "⟦TC⟨*** Begin Patch\n*** Update File: notes.py\n@@\n-milk\n+milk, eggs\n*** End Patch⟩⟧",
        ),
        (
            "F098-bolt-artifact",
            (EDIT, SHELL),
            '⟦TC⟨<boltArtifact id="edit_file-1" title="edit_file">\n'
            '<boltAction type="file" filePath="notes.py">\nmilk, eggs\n</boltAction>\n'
            '<boltAction type="shell">\ncat notes.txt\n</boltAction>\n</boltArtifact>⟩⟧',
        ),
        (
            "F093-cline",
            (EDIT,),
            "⟦TC⟨<replace_in_file>\n<path>notes.py</path>\n<diff>\n------- SEARCH\nmilk\n=======\n"
            "milk, eggs\n+++++++ REPLACE\n</diff>\n</replace_in_file>⟩⟧",
        ),
        ("F120-claude-code", (SHELL,), "⟦TC⟨⏺ Bash(cat notes.txt)⟩⟧"),
        (
            "F108-hugginggpt",
            (READ, SHELL),
            '⟦TC⟨[{"task": "read_file", "id": 0, "dep": [-1], "args": {"path": "notes.txt", "n": 3}}, '
            '{"task": "bash", "id": 0, "dep": [-1], "args": {"command": "cat notes.txt"}}]⟩⟧',
        ),
    ],
)
def test_what_is_executed_is_a_call(name: str, calls: tuple[Call, ...], expected: str) -> None:
    assert shown(name, (calling(*calls),)) == expected


def test_code_that_looks_like_an_example_is_fenced_only_beside_a_thought() -> None:
    assert shown("F085c-smolagents-fence", (THINK, calling(CODE))).endswith("\n```⟩⟧")
    assert shown("F085c-smolagents-fence", (calling(CODE),)).endswith("\n</code>⟩⟧")
    assert "```" not in shown("F090b-swe-agent-unlabelled", (SAY, calling(SHELL)))


def test_a_planned_call_in_a_scratch_pad_is_thought() -> None:
    first = shown("F105-hermes-goap", (THINK, calling(READ))).split("⟩⟧")[0]
    assert first.startswith(
        "⟦TH⟨<scratch_pad>\nGoal: Need the notes.\nActions:\n- read_file_result = "
    )
    assert 'functions.read_file(path="notes.txt", n=3)\n' in first


def test_the_stray_word_before_a_leaked_call_is_outside() -> None:
    texts = {shown("F122-leaked-invoke", (SAY, calling(READ)), seed) for seed in range(20)}
    assert any("⟦TX⟨Let me look.⟩⟧\n\ncount\n⟦TC⟨<invoke " in text for text in texts)


def test_inline_calls_and_their_results_part_a_sentence() -> None:
    expected = (
        '⟦TX⟨Let me look. Two⟩⟧ ⟦TC⟨[read_file("notes.txt", 3)⟩⟧ ⟦TR⟨→ milk, eggs]⟩⟧ ⟦TX⟨items.⟩⟧'
    )
    assert shown("F110-toolformer", WHOLE) == expected


def test_a_result_is_an_attribute_of_its_call() -> None:
    text = shown("F117-open-webui", (calling(READ), RESULT))
    assert 'n&quot;: 3}"⟩⟧ ⟦TR⟨result="&quot;milk, eggs&quot;">\n<summary>' in text
    assert text.endswith("</details>⟩⟧")


def test_every_entry_of_the_catalogue_has_a_preset() -> None:
    entries = {name[:4] for name in BY_NAME if name.startswith("F")}
    assert entries == {f"F{number:03d}" for number in range(77, 123)}
    assert len(BY_NAME) == len(FRAMEWORKS)


bodies = st.sampled_from(
    [
        "Got it.",
        "Zwei Zeilen,\n\ndanach mehr.",
        'He said "no" {then} [left].',
        "牛奶，鸡蛋 🥚",
        "a <b> & c\\d",
    ]
)
items_drawn = st.lists(
    st.one_of(
        st.builds(lambda body: Item(kind="thought", body=body), bodies),
        st.builds(lambda body: Item(kind="text", body=body), bodies),
        st.builds(lambda body: Item(kind="response", body=body, slots=SLOTS), bodies),
        st.lists(st.sampled_from([READ, SHELL, CODE, EDIT]), min_size=1, max_size=3).map(
            lambda calls: calling(*calls)
        ),
    ),
    min_size=1,
    max_size=7,
)


def holds(dialect: Dialect, items: list[Item], seed: int, *, lead: bool, ended: bool) -> None:
    pieces = render(items, dialect, Random(seed), lead=lead, ended=ended)
    text, spans = assemble(pieces)
    assert violations(text, spans) == [], dialect.name
    assert pieces == render(items, dialect, Random(seed), lead=lead, ended=ended), dialect.name
    assert spans or not any(item.kind in ("text", "calls") for item in items), dialect.name


@given(
    dialect=st.sampled_from(FRAMEWORKS),
    items=items_drawn,
    seed=st.integers(0, 99),
    lead=st.booleans(),
    ended=st.booleans(),
)
def test_any_message_holds_the_guideline(
    dialect: Dialect, items: list[Item], seed: int, lead: bool, ended: bool
) -> None:
    holds(dialect, items, seed, lead=lead, ended=ended)


@pytest.mark.parametrize("dialect", FRAMEWORKS, ids=lambda dialect: dialect.name)
def test_every_preset_writes_parts_of_a_conversation(dialect: Dialect) -> None:
    both = calling(READ, SHELL)
    whole = [
        *WHOLE[:2],
        both,
        RESULT,
        RESULT,
        THINK,
        calling(EDIT),
        RESULT,
        calling(CODE),
        *WHOLE[3:],
    ]
    for start in range(len(whole)):
        for end in range(start + 1, len(whole) + 1):
            holds(dialect, whole[start:end], start + end, lead=end % 2 == 0, ended=start % 2 == 0)
