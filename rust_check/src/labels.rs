//! The nine labels and what BIO allows, the twin of `contract/labels.py`.
//!
//! Ids are frozen for ever with the repository's `label_map.json`; a test in each language holds
//! both to its SHA-256.

use std::fmt;

/// Label names by id.
pub const LABELS: [&str; 9] = [
    "O",
    "B-THOUGHT",
    "I-THOUGHT",
    "B-TOOLCALL",
    "I-TOOLCALL",
    "B-TEXT",
    "I-TEXT",
    "B-TOOLRESPONSE",
    "I-TOOLRESPONSE",
];

/// The number of labels.
pub const LABEL_COUNT: usize = LABELS.len();

/// SHA-256 of `label_map.json`, the same in every bundle.
pub const LABEL_MAP_SHA256: &str =
    "bfd3d22b47cce027f65bd9f2c59731ef09976cdb38aa4d140b6d280d8cdcd714";

/// The id of `O`.
pub const OUTSIDE: u8 = 0;

/// What a segment is; labels `2 * index + 1` (B) and `2 * index + 2` (I) are of the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SegmentType {
    /// Reasoning that is not for the user.
    Thought,
    /// An instruction for a machine to execute.
    ToolCall,
    /// Prose for the user.
    Text,
    /// A tool's result, or what claims to be one.
    ToolResponse,
}

impl SegmentType {
    /// All types, by index.
    pub const ALL: [SegmentType; 4] =
        [Self::Thought, Self::ToolCall, Self::Text, Self::ToolResponse];

    /// The type's name as label names write it, such as `TOOLCALL`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Thought => "THOUGHT",
            Self::ToolCall => "TOOLCALL",
            Self::Text => "TEXT",
            Self::ToolResponse => "TOOLRESPONSE",
        }
    }
}

impl fmt::Display for SegmentType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// The type of a label, `None` for `O`.
#[must_use]
pub fn type_of(label: u8) -> Option<SegmentType> {
    match label {
        1 | 2 => Some(SegmentType::Thought),
        3 | 4 => Some(SegmentType::ToolCall),
        5 | 6 => Some(SegmentType::Text),
        7 | 8 => Some(SegmentType::ToolResponse),
        _ => None,
    }
}

/// Whether the label is a `B-X`.
#[must_use]
pub fn is_begin(label: u8) -> bool {
    label % 2 == 1
}

/// Whether the label is an `I-X`.
#[must_use]
pub fn is_inside(label: u8) -> bool {
    label != OUTSIDE && label.is_multiple_of(2)
}

/// Whether BIO allows `label` after `previous`: an `I-X` follows only `B-X` and `I-X`.
///
/// ```
/// use buzz::labels::is_allowed;
/// assert!(is_allowed(5, 6)); // B-TEXT, I-TEXT
/// assert!(!is_allowed(0, 6)); // O, I-TEXT
/// ```
#[must_use]
pub fn is_allowed(previous: u8, label: u8) -> bool {
    !is_inside(label) || previous == label - 1 || previous == label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_prefixes_follow_from_ids() {
        for (id, name) in LABELS.iter().enumerate() {
            let label = u8::try_from(id).unwrap();
            assert_eq!(is_begin(label), name.starts_with("B-"));
            assert_eq!(is_inside(label), name.starts_with("I-"));
            assert_eq!(type_of(label).map(SegmentType::name), name.get(2..));
        }
    }

    #[test]
    fn bio_is_what_its_names_say() {
        for (i, previous) in LABELS.iter().enumerate() {
            for (j, label) in LABELS.iter().enumerate() {
                let expected = !label.starts_with("I-")
                    || previous == label
                    || **previous == format!("B-{}", &label[2..]);
                assert_eq!(is_allowed(i as u8, j as u8), expected, "{previous} {label}");
            }
        }
    }
}
