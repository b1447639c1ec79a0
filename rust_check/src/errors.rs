//! Every error that a reader can return, the twin of `errors.py`.
//!
//! Kinds and messages are part of the contract (docs/contract.md, section 8): the same bad input
//! gives the same kind and the same message in both languages. What a library says in its own words
//! is the source.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// What a library said, kept behind the contract's own message.
pub type Source = Arc<dyn StdError + Send + Sync + 'static>;

/// Why a bundle or a text was refused. Paths are shown as they were given.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[allow(missing_docs)] // the message of each variant, below, says what its fields are
#[rustfmt::skip] // one variant a line
pub enum Error {
    BundleMissing { bundle: String },
    BundleNotDirectory { bundle: String },
    FileMissing { path: String },
    FileNotRegular { path: String },
    FileUnreadable { path: String, source: Option<Source> },
    FileSize { path: String, expected: String, found: u64 },
    FileHash { path: String, expected: String, found: String },
    ManifestInvalid { path: String, field: String, expected: String, found: String },
    ManifestVersion { path: String, found: String },
    LabelMapDiffers { path: String, expected: String, found: String },
    TokenizerInvalid { path: String, expected: String, found: String, source: Option<Source> },
    RuntimeMissing { path: String, source: Option<Source> },
    RuntimeTooOld { path: String, minimum: String, found: String },
    RuntimeConflict { path: String },
    ModelInvalid { path: String, source: Option<Source> },
    ModelSignature { path: String, part: String, expected: String, found: String },
    ModelFailed { window: usize, source: Option<Source> },
    ModelOutput { window: usize, part: &'static str, expected: String, found: String },
    LogitsNotFinite { window: usize, token: usize, label: &'static str, part: &'static str, found: &'static str },
    TextNotUnicode { character: usize },
    TextTooLong { limit: usize, found: usize },
    TokenizerFailed { source: Option<Source> },
}

impl Error {
    /// The failure's name in the contract, such as `file_hash`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BundleMissing { .. } => "bundle_missing",
            Self::BundleNotDirectory { .. } => "bundle_not_directory",
            Self::FileMissing { .. } => "file_missing",
            Self::FileNotRegular { .. } => "file_not_regular",
            Self::FileUnreadable { .. } => "file_unreadable",
            Self::FileSize { .. } => "file_size",
            Self::FileHash { .. } => "file_hash",
            Self::ManifestInvalid { .. } => "manifest_invalid",
            Self::ManifestVersion { .. } => "manifest_version",
            Self::LabelMapDiffers { .. } => "label_map_differs",
            Self::TokenizerInvalid { .. } => "tokenizer_invalid",
            Self::RuntimeMissing { .. } => "runtime_missing",
            Self::RuntimeTooOld { .. } => "runtime_too_old",
            Self::RuntimeConflict { .. } => "runtime_conflict",
            Self::ModelInvalid { .. } => "model_invalid",
            Self::ModelSignature { .. } => "model_signature",
            Self::ModelFailed { .. } => "model_failed",
            Self::ModelOutput { .. } => "model_output",
            Self::LogitsNotFinite { .. } => "logits_not_finite",
            Self::TextNotUnicode { .. } => "text_not_unicode",
            Self::TextTooLong { .. } => "text_too_long",
            Self::TokenizerFailed { .. } => "tokenizer_failed",
        }
    }
}

impl fmt::Display for Error {
    #[rustfmt::skip] // one message a line, as in errors.py
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BundleMissing { bundle } => write!(f, "{bundle}: expected a bundle directory, found nothing"),
            Self::BundleNotDirectory { bundle } => write!(f, "{bundle}: expected a bundle directory, found a file"),
            Self::FileMissing { path } => write!(f, "{path}: expected a file, found nothing"),
            Self::FileNotRegular { path } => write!(f, "{path}: expected a file, found something else"),
            Self::FileUnreadable { path, .. } => write!(f, "{path}: expected a readable file, found one that cannot be read"),
            Self::FileSize { path, expected, found } => write!(f, "{path}: expected {expected} bytes, found {found}"),
            Self::FileHash { path, expected, found } => write!(f, "{path}: expected SHA-256 {expected}, found {found}"),
            Self::ManifestInvalid { path, field, expected, found } => write!(f, "{path}: {field}: expected {expected}, found {found}"),
            Self::ManifestVersion { path, found } => write!(f, "{path}: format_version: expected \"1.N\", found {found}"),
            Self::LabelMapDiffers { path, expected, found } => write!(f, "{path}: expected SHA-256 {expected}, found {found}"),
            Self::TokenizerInvalid { path, expected, found, .. } => write!(f, "{path}: expected {expected}, found {found}"),
            Self::RuntimeMissing { path, .. } => write!(f, "{path}: expected an ONNX Runtime library, found none"),
            Self::RuntimeTooOld { path, minimum, found } => write!(f, "{path}: expected ONNX Runtime {minimum} or newer, found {found}"),
            Self::RuntimeConflict { path } => write!(f, "{path}: expected the ONNX Runtime library that this process has loaded, found another"),
            Self::ModelInvalid { path, .. } => write!(f, "{path}: expected an ONNX model, found one that ONNX Runtime cannot load"),
            Self::ModelSignature { path, part, expected, found } => write!(f, "{path}: {part}: expected {expected}, found {found}"),
            Self::ModelFailed { window, .. } => write!(f, "window {window}: expected a run of the model, found a failure"),
            Self::ModelOutput { window, part, expected, found } => write!(f, "window {window}: expected {part} of shape {expected}, found {found}"),
            Self::LogitsNotFinite { window, token, label, part, found } => write!(f, "window {window}, token {token}, label {label}: expected a finite {part}, found {found}"),
            Self::TextNotUnicode { character } => write!(f, "text: expected Unicode scalar values, found a surrogate at character {character}"),
            Self::TextTooLong { limit, found } => write!(f, "text: expected at most {limit} bytes of UTF-8, found {found}"),
            Self::TokenizerFailed { .. } => write!(f, "text: expected tokens, found a failure of the tokenizer"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = match self {
            Self::FileUnreadable { source, .. }
            | Self::TokenizerInvalid { source, .. }
            | Self::RuntimeMissing { source, .. }
            | Self::ModelInvalid { source, .. }
            | Self::ModelFailed { source, .. }
            | Self::TokenizerFailed { source } => source.as_ref(),
            _ => None,
        };
        source.map(|error| error.as_ref() as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_where_what_was_expected_and_what_was_found() {
        let error = Error::TextTooLong { limit: 4, found: 6 };
        assert_eq!(error.kind(), "text_too_long");
        assert_eq!(error.to_string(), "text: expected at most 4 bytes of UTF-8, found 6");
    }

    #[test]
    fn errors_can_be_sent_to_other_threads() {
        fn assert_send_sync<T: Send + Sync>() {}
        assert_send_sync::<Error>();
    }
}
