//! The manifest of a bundle, read strictly, the twin of `contract/manifest.py` (docs/contract.md, 2).

use serde_json::{Map, Value};

use crate::decode::Transitions;
use crate::errors::Error;
use crate::labels::{LABEL_COUNT, is_allowed};
use crate::windows::{ControlTokens, LATER_CONTROL_TOKENS, WindowParameters};

/// The manifest's name in a bundle.
pub const MANIFEST_NAME: &str = "contract.json";

/// The other files of a bundle, in the order in which they are verified.
pub const FILE_NAMES: [&str; 5] =
    ["label_map.json", "tokenizer.json", "model.onnx", "golden.jsonl", "README.md"];

/// The major format version that this reader knows.
pub const FORMAT_MAJOR: u32 = 1;

const MAX_TOKENS: i64 = 8192;
const MAX_TOKEN_ID: i64 = (1 << 31) - 1;
const MAX_TEXT_BYTES: i64 = 1 << 30;
const MAX_FILE_SIZE: i64 = 1 << 53;
const MAX_NAME_CHARACTERS: usize = 100;

/// What the manifest states of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Bytes.
    pub size: u64,
    /// SHA-256 as 64 lower-case hex digits.
    pub sha256: String,
}

/// Where the golden file was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The version of ONNX Runtime.
    pub onnxruntime: String,
    /// The processor architecture and vector extension.
    pub instruction_set: String,
}

/// Bounds of the second tier of golden checks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Largest absolute difference of logits.
    pub logit: f64,
    /// Largest absolute difference of probabilities and scores.
    pub probability: f64,
    /// Least decision margin that binds.
    pub margin: f64,
}

/// The validated fields of `contract.json`.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// The parser's name.
    pub parser_name: String,
    /// The parser's version.
    pub parser_version: String,
    /// Sizes and hashes, in the order of [`FILE_NAMES`].
    pub files: Vec<FileEntry>,
    /// Window sizes in tokens.
    pub window: WindowParameters,
    /// Control token ids.
    pub tokens: ControlTokens,
    /// Transition scores.
    pub transitions: Transitions,
    /// Longest text in bytes of UTF-8.
    pub text_bytes: usize,
    /// Whether the session option `session.disable_quant_qdq` is set.
    pub disable_quant_qdq: bool,
    /// Where the golden file was recorded.
    pub recorded: Recorded,
    /// Bounds of the second tier.
    pub tolerance: Tolerance,
}

/// The manifest in the bytes of the file at `path` (used in messages).
///
/// # Errors
///
/// [`Error::ManifestInvalid`], [`Error::ManifestVersion`].
pub fn parse_manifest(path: &str, content: &[u8]) -> Result<Manifest, Error> {
    let document = strict_json(path, content)?;
    let fields = Fields::new(path, "", Some(&document))?;
    check_version(path, fields.value.get("format_version"))?;
    let parser = fields.object("parser")?;
    let (parser_name, parser_version) =
        (parser.short_string("name")?, parser.short_string("version")?);
    let files_object = fields.object("files")?;
    let mut files = Vec::with_capacity(FILE_NAMES.len());
    for file_name in FILE_NAMES {
        let entry = files_object.object(file_name)?;
        let size = entry.integer("size", 0, MAX_FILE_SIZE)?;
        files.push(FileEntry { size: size as u64, sha256: entry.sha256("sha256")? });
    }
    let window = window(&fields)?;
    let tokens = tokens(&fields)?;
    let transitions = transitions(&fields)?;
    let text_bytes = fields.object("limits")?.integer("text_bytes", 1, MAX_TEXT_BYTES)? as usize;
    let disable_quant_qdq = fields.object("session")?.boolean("disable_quant_qdq")?;
    let recorded = fields.object("recorded")?;
    let recorded = Recorded {
        onnxruntime: recorded.short_string("onnxruntime")?,
        instruction_set: recorded.short_string("instruction_set")?,
    };
    let tolerance = fields.object("tolerance")?;
    let tolerance = Tolerance {
        logit: tolerance.number("logit")?,
        probability: tolerance.number("probability")?,
        margin: tolerance.number("margin")?,
    };
    for optional in ["provenance", "metrics"] {
        if fields.value.contains_key(optional) {
            fields.object(optional)?;
        }
    }
    Ok(Manifest {
        parser_name,
        parser_version,
        files,
        window,
        tokens,
        transitions,
        text_bytes,
        disable_quant_qdq,
        recorded,
        tolerance,
    })
}

/// Refuses a format version that is not of this reader's major version.
fn check_version(path: &str, version: Option<&Value>) -> Result<(), Error> {
    let minor = version
        .and_then(Value::as_str)
        .and_then(|text| text.strip_prefix(&format!("{FORMAT_MAJOR}.")));
    let known = minor.is_some_and(|digits| {
        (1..=9).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'))
    });
    if known {
        return Ok(());
    }
    Err(Error::ManifestVersion { path: path.to_owned(), found: describe(version) })
}

/// The JSON value in `content`; of equal keys the last counts.
fn strict_json(path: &str, content: &[u8]) -> Result<Value, Error> {
    let invalid = |expected: &str, found: &str| Error::ManifestInvalid {
        path: path.to_owned(),
        field: "manifest".to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    };
    let text = std::str::from_utf8(content).map_err(|_| invalid("valid UTF-8", "other bytes"))?;
    serde_json::from_str(text).map_err(|_| invalid("valid JSON", "something else"))
}

/// A manifest value as messages show it (FOUND in docs/contract.md, section 8).
fn describe(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(Value::Number(number)) => {
            number.as_i64().map_or_else(|| "a number".to_owned(), |integer| integer.to_string())
        }
        Some(Value::String(text)) => {
            let shown: String = text.chars().take(40).collect();
            let quoted = Value::String(shown.clone()).to_string();
            if shown.len() == text.len() {
                return quoted;
            }
            quoted.strip_suffix('"').map_or_else(String::new, |open| format!("{open}…\""))
        }
        Some(Value::Array(items)) => format!("an array of {}", items.len()),
        Some(Value::Object(_)) => "an object".to_owned(),
    }
}

/// The finite float32 whose bits are written as 8 lower-case hex digits.
fn score_from_hex(digits: &Value) -> Option<f32> {
    let digits = digits.as_str().filter(|text| is_lower_hex(text, 8))?;
    let score = f32::from_bits(u32::from_str_radix(digits, 16).ok()?);
    score.is_finite().then_some(score)
}

fn is_lower_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// One object of the manifest, with the checks that its fields share.
struct Fields<'a> {
    path: &'a str,
    name: String,
    value: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    fn new(path: &'a str, name: &str, value: Option<&'a Value>) -> Result<Self, Error> {
        match value {
            Some(Value::Object(value)) => Ok(Self { path, name: name.to_owned(), value }),
            _ => Err(Error::ManifestInvalid {
                path: path.to_owned(),
                field: if name.is_empty() { "manifest" } else { name }.to_owned(),
                expected: "an object".to_owned(),
                found: describe(value),
            }),
        }
    }

    fn refuse(&self, key: &str, expected: String) -> Error {
        self.refuse_value(&self.dotted(key), expected, self.value.get(key))
    }

    fn refuse_value(&self, field: &str, expected: String, found: Option<&Value>) -> Error {
        Error::ManifestInvalid {
            path: self.path.to_owned(),
            field: field.to_owned(),
            expected,
            found: describe(found),
        }
    }

    fn dotted(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    fn object(&self, key: &str) -> Result<Fields<'a>, Error> {
        Fields::new(self.path, &self.dotted(key), self.value.get(key))
    }

    fn short_string(&self, key: &str) -> Result<String, Error> {
        self.value
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| (1..=MAX_NAME_CHARACTERS).contains(&text.chars().count()))
            .map(str::to_owned)
            .ok_or_else(|| {
                self.refuse(key, format!("a string of 1 to {MAX_NAME_CHARACTERS} characters"))
            })
    }

    fn integer(&self, key: &str, least: i64, most: i64) -> Result<i64, Error> {
        self.value
            .get(key)
            .and_then(Value::as_i64)
            .filter(|value| (least..=most).contains(value))
            .ok_or_else(|| self.refuse(key, format!("an integer from {least} to {most}")))
    }

    fn number(&self, key: &str) -> Result<f64, Error> {
        self.value
            .get(key)
            .and_then(Value::as_f64)
            .filter(|value| *value >= 0.0)
            .ok_or_else(|| self.refuse(key, "a number from 0".to_owned()))
    }

    fn boolean(&self, key: &str) -> Result<bool, Error> {
        self.value
            .get(key)
            .and_then(Value::as_bool)
            .ok_or_else(|| self.refuse(key, "true or false".to_owned()))
    }

    fn sha256(&self, key: &str) -> Result<String, Error> {
        self.value
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| is_lower_hex(text, 64))
            .map(str::to_owned)
            .ok_or_else(|| self.refuse(key, "64 lower-case hex digits".to_owned()))
    }
}

fn window(fields: &Fields<'_>) -> Result<WindowParameters, Error> {
    let window = fields.object("window")?;
    let max_tokens = window.integer("max_tokens", 8, MAX_TOKENS)?;
    let lookahead = window.integer("lookahead", 0, MAX_TOKENS)?;
    let head = window.integer("head", 0, MAX_TOKENS)?;
    let tail = window.integer("tail", 0, MAX_TOKENS)?;
    let room = max_tokens - LATER_CONTROL_TOKENS as i64 - head - tail;
    if room <= lookahead {
        return Err(Error::ManifestInvalid {
            path: fields.path.to_owned(),
            field: "window".to_owned(),
            expected: "max_tokens - 5 - head - tail > lookahead".to_owned(),
            found: format!("room for {room} tokens and a lookahead of {lookahead}"),
        });
    }
    Ok(WindowParameters {
        max_tokens: max_tokens as usize,
        lookahead: lookahead as usize,
        head: head as usize,
        tail: tail as usize,
    })
}

fn tokens(fields: &Fields<'_>) -> Result<ControlTokens, Error> {
    const NAMES: [&str; 8] =
        ["cls", "sep", "start", "outside", "thought", "toolcall", "text", "toolresponse"];
    let tokens = fields.object("tokens")?;
    let mut ids = [0; NAMES.len()];
    for (id, name) in ids.iter_mut().zip(NAMES) {
        *id = tokens.integer(name, 0, MAX_TOKEN_ID)?;
    }
    for (index, name) in NAMES.into_iter().enumerate() {
        if ids[..index].contains(&ids[index]) {
            return Err(tokens.refuse(name, "an id different from the others".to_owned()));
        }
    }
    let [cls, sep, start, outside, thought, toolcall, text, toolresponse] = ids;
    Ok(ControlTokens { cls, sep, start, outside, thought, toolcall, text, toolresponse })
}

fn transitions(fields: &Fields<'_>) -> Result<Transitions, Error> {
    let array_of_labels = || format!("an array of {LABEL_COUNT}");
    let rows = fields
        .value
        .get("transitions")
        .and_then(Value::as_array)
        .filter(|rows| rows.len() == LABEL_COUNT)
        .ok_or_else(|| fields.refuse("transitions", array_of_labels()))?;
    let mut scores = [[f64::NEG_INFINITY; LABEL_COUNT]; LABEL_COUNT];
    for (i, row) in rows.iter().enumerate() {
        let cells = row.as_array().filter(|cells| cells.len() == LABEL_COUNT).ok_or_else(|| {
            fields.refuse_value(&format!("transitions[{i}]"), array_of_labels(), Some(row))
        })?;
        for (j, digits) in cells.iter().enumerate() {
            let allowed = is_allowed(i as u8, j as u8);
            match score_from_hex(digits) {
                Some(score) if allowed => scores[i][j] = f64::from(score),
                _ if !allowed && digits.is_null() => {}
                _ => {
                    let expected = if allowed {
                        "8 lower-case hex digits of a finite float32"
                    } else {
                        "null"
                    };
                    let field = format!("transitions[{i}][{j}]");
                    return Err(fields.refuse_value(&field, expected.to_owned(), Some(digits)));
                }
            }
        }
    }
    Ok(scores)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_say_what_was_found() {
        let shown = |json: &str| describe(serde_json::from_str(json).ok().as_ref());
        assert_eq!(shown("null"), "null");
        assert_eq!(shown("9223372036854775807"), "9223372036854775807");
        assert_eq!(shown("9223372036854775808"), "a number");
        assert_eq!(shown("[1, 2]"), "an array of 2");
        assert_eq!(shown(r#""\n\u0001""#), r#""\n\u0001""#);
        assert_eq!(describe(None), "nothing");
        let long = Value::String("é".repeat(41));
        assert_eq!(describe(Some(&long)), format!("\"{}…\"", "é".repeat(40)));
    }

    #[test]
    fn scores_are_finite_float32_bits() {
        let score = |digits: &str| score_from_hex(&Value::String(digits.to_owned()));
        assert_eq!(score("c0000000"), Some(-2.0));
        for refused in ["7fc00000", "ff800000", "C0000000", "c000000", ""] {
            assert_eq!(score(refused), None, "{refused}");
        }
    }
}
