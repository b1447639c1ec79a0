#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod bundle;
pub mod decode;
#[cfg(feature = "default-parser")]
pub mod default;
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
