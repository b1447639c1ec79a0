"""Every error that a reader can raise: one function a kind, the twin of `rust_check/src/errors.rs`.

Kinds and messages are part of the contract (docs/contract.md, section 8): the same bad input gives the
same kind and the same message in both languages. What a library says in its own words is the cause.
"""


class BuzzError(Exception):
    """The base of all errors of this package; `kind` names the failure as the contract does."""

    kind: str

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    def __reduce__(self) -> tuple[type["BuzzError"], tuple[str, str]]:
        return type(self), (self.kind, str(self))


class BundleError(BuzzError):
    """The bundle is not one, is damaged, or is of a version that this reader does not know."""


class RuntimeLibraryError(BuzzError):
    """The ONNX Runtime library is missing, too old, or another one is loaded already."""


class ModelError(BuzzError):
    """The model does not load, has another signature, fails, or returns what no model should."""


class TextError(BuzzError):
    """The text cannot be parsed: too long, or not Unicode."""


LEAVES: dict[str, type[BuzzError]] = {
    "bundle_missing": BundleError,
    "bundle_not_directory": BundleError,
    "file_missing": BundleError,
    "file_not_regular": BundleError,
    "file_unreadable": BundleError,
    "file_size": BundleError,
    "file_hash": BundleError,
    "manifest_invalid": BundleError,
    "manifest_version": BundleError,
    "label_map_differs": BundleError,
    "tokenizer_invalid": BundleError,
    "runtime_missing": RuntimeLibraryError,
    "runtime_too_old": RuntimeLibraryError,
    "runtime_conflict": RuntimeLibraryError,
    "model_invalid": ModelError,
    "model_signature": ModelError,
    "model_failed": ModelError,
    "model_output": ModelError,
    "logits_not_finite": ModelError,
    "text_not_unicode": TextError,
    "text_too_long": TextError,
    "tokenizer_failed": TextError,
}


def from_kind(kind: str, message: str) -> BuzzError:
    """The error of a kind, as the leaf that the contract gives it; the Rust engine raises through this."""
    return LEAVES[kind](kind, message)


def bundle_missing(bundle: str) -> BuzzError:
    return from_kind("bundle_missing", f"{bundle}: expected a bundle directory, found nothing")


def bundle_not_directory(bundle: str) -> BuzzError:
    return from_kind("bundle_not_directory", f"{bundle}: expected a bundle directory, found a file")


def file_missing(path: str) -> BuzzError:
    return from_kind("file_missing", f"{path}: expected a file, found nothing")


def file_not_regular(path: str) -> BuzzError:
    return from_kind("file_not_regular", f"{path}: expected a file, found something else")


def file_unreadable(path: str) -> BuzzError:
    return from_kind(
        "file_unreadable", f"{path}: expected a readable file, found one that cannot be read"
    )


def file_size(path: str, expected: str, found: int) -> BuzzError:
    return from_kind("file_size", f"{path}: expected {expected} bytes, found {found}")


def file_hash(path: str, expected: str, found: str) -> BuzzError:
    return from_kind("file_hash", f"{path}: expected SHA-256 {expected}, found {found}")


def manifest_invalid(path: str, field: str, expected: str, found: str) -> BuzzError:
    return from_kind("manifest_invalid", f"{path}: {field}: expected {expected}, found {found}")


def manifest_version(path: str, found: str) -> BuzzError:
    return from_kind("manifest_version", f'{path}: format_version: expected "1.N", found {found}')


def label_map_differs(path: str, expected: str, found: str) -> BuzzError:
    return from_kind("label_map_differs", f"{path}: expected SHA-256 {expected}, found {found}")


def tokenizer_invalid(path: str, expected: str, found: str) -> BuzzError:
    return from_kind("tokenizer_invalid", f"{path}: expected {expected}, found {found}")


def runtime_missing(path: str) -> BuzzError:
    return from_kind("runtime_missing", f"{path}: expected an ONNX Runtime library, found none")


def runtime_too_old(path: str, minimum: str, found: str) -> BuzzError:
    return from_kind(
        "runtime_too_old", f"{path}: expected ONNX Runtime {minimum} or newer, found {found}"
    )


def runtime_conflict(path: str) -> BuzzError:
    return from_kind(
        "runtime_conflict",
        f"{path}: expected the ONNX Runtime library that this process has loaded, found another",
    )


def model_invalid(path: str) -> BuzzError:
    return from_kind(
        "model_invalid",
        f"{path}: expected an ONNX model, found one that ONNX Runtime cannot load",
    )


def model_signature(path: str, part: str, expected: str, found: str) -> BuzzError:
    return from_kind("model_signature", f"{path}: {part}: expected {expected}, found {found}")


def model_failed(window: int) -> BuzzError:
    return from_kind(
        "model_failed", f"window {window}: expected a run of the model, found a failure"
    )


def model_output(window: int, part: str, expected: str, found: str) -> BuzzError:
    return from_kind(
        "model_output", f"window {window}: expected {part} of shape {expected}, found {found}"
    )


def logits_not_finite(window: int, token: int, label: str, part: str, found: str) -> BuzzError:
    return from_kind(
        "logits_not_finite",
        f"window {window}, token {token}, label {label}: expected a finite {part}, found {found}",
    )


def text_not_unicode(character: int) -> BuzzError:
    return from_kind(
        "text_not_unicode",
        f"text: expected Unicode scalar values, found a surrogate at character {character}",
    )


def text_too_long(limit: int, found: int) -> BuzzError:
    return from_kind(
        "text_too_long", f"text: expected at most {limit} bytes of UTF-8, found {found}"
    )


def tokenizer_failed() -> BuzzError:
    return from_kind("tokenizer_failed", "text: expected tokens, found a failure of the tokenizer")
