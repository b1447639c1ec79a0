//! Text to tokens with offsets, the twin of `contract/tokens.py` (docs/contract.md, section 3).

use std::ops::Range;
use std::sync::Arc;

use tokenizers::Tokenizer;

use crate::errors::{Error, Source};
use crate::segments::Position;

/// The tokens of one text: vocabulary ids, and the bytes of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Vocabulary ids, as the model takes them.
    pub ids: Vec<i64>,
    /// Offsets in bytes, on character boundaries.
    pub offsets: Vec<Range<usize>>,
}

/// The tokenizer in the bytes of the file at `path` (used in messages).
///
/// # Errors
///
/// [`Error::TokenizerInvalid`].
pub fn load_tokenizer(path: &str, content: &[u8]) -> Result<Tokenizer, Error> {
    let invalid = |expected: &str, found: String, source| Error::TokenizerInvalid {
        path: path.to_owned(),
        expected: expected.to_owned(),
        found,
        source,
    };
    let tokenizer = Tokenizer::from_bytes(content).map_err(|cause| {
        let expected = "a tokenizer that the tokenizers library reads";
        invalid(expected, "something else".to_owned(), Some(Source::from(cause)))
    })?;
    if tokenizer.get_truncation().is_some() {
        return Err(invalid("no truncation", "truncation".to_owned(), None));
    }
    if tokenizer.get_padding().is_some() {
        return Err(invalid("no padding", "padding".to_owned(), None));
    }
    let added = tokenizer.get_added_tokens_decoder();
    if let Some((_, token)) =
        added.iter().filter(|(_, token)| token.special).min_by_key(|(id, _)| **id)
    {
        let shown = serde_json::Value::String(token.content.clone()).to_string();
        return Err(invalid("no special added token", shown, None));
    }
    let newline = encode(&tokenizer, "\n")?;
    if newline.offsets.first() != Some(&(0..1)) {
        return Err(invalid("newline as a token", "a newline that is none".to_owned(), None));
    }
    Ok(tokenizer)
}

/// The tokens of a text of at most `text_bytes` bytes of UTF-8.
///
/// # Errors
///
/// [`Error::TextTooLong`], [`Error::TokenizerFailed`].
pub fn tokenize(tokenizer: &Tokenizer, text: &str, text_bytes: usize) -> Result<Tokens, Error> {
    if text.len() > text_bytes {
        return Err(Error::TextTooLong { limit: text_bytes, found: text.len() });
    }
    encode(tokenizer, text)
}

/// The same offsets in characters.
#[must_use]
pub fn character_offsets(text: &str, offsets: &[Range<usize>]) -> Vec<(usize, usize)> {
    let mut position = Position::default();
    offsets
        .iter()
        .map(|bytes| (position.character(text, bytes.start), position.character(text, bytes.end)))
        .collect()
}

fn encode(tokenizer: &Tokenizer, text: &str) -> Result<Tokens, Error> {
    let failed = |source| Error::TokenizerFailed { source };
    let encoding =
        tokenizer.encode(text, false).map_err(|cause| failed(Some(Source::from(cause))))?;
    let offsets: Vec<Range<usize>> =
        encoding.get_offsets().iter().map(|&(start, end)| start..end).collect();
    // The library keeps this promise today; everything after it slices the text by these bytes.
    if let Some(torn) = offsets.iter().find(|range| text.get((*range).clone()).is_none()) {
        let cause = format!("bytes {}..{} lie inside a character", torn.start, torn.end);
        return Err(failed(Some(Arc::from(Box::<dyn std::error::Error + Send + Sync>::from(
            cause,
        )))));
    }
    Ok(Tokens { ids: encoding.get_ids().iter().map(|&id| i64::from(id)).collect(), offsets })
}
