//! Typed segments (thought, tool call, text, tool response) from raw language-model output, with
//! exact offsets.
//!
//! A bundle holds a small Transformer, its tokenizer and a manifest. This crate verifies and reads
//! it with ONNX Runtime; the Python package `buzz-parser` reads the same bundle to the same bits.
//!
//! ```
//! # fn main() -> Result<(), buzz::Error> {
//! # let bundle = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/bundles/tiny");
//! let parser = buzz::Parser::load(bundle)?;
//! let text = "Thought: look first.\nAction: ls";
//! for segment in parser.parse(text)?.segments() {
//!     println!("{} {:?}", segment.label, &text[segment.byte_range()]);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The ONNX Runtime library is found at [`Options::runtime`], else where the environment variable
//! `ORT_DYLIB_PATH` says, else under the system's name for it. Without the feature `load-dynamic`,
//! ort's own features decide how it is linked (`download-binaries`, `pkg-config`).

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod bundle;
pub mod decode;
mod engine;
pub mod errors;
pub mod golden;
pub mod labels;
pub mod manifest;
mod parser;
#[cfg(feature = "python")]
mod python;
pub mod runtime;
pub mod segments;
pub mod tokens;
pub mod trace;
pub mod windows;

pub use errors::Error;
pub use labels::SegmentType;
pub use parser::{Options, Parser};
pub use segments::Segment;
pub use trace::{ParseResult, Trace, TracedWindow};
