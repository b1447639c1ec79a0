//! The face of the crate: load a bundle once, parse texts from any number of threads.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::bundle::Bundle;
use crate::engine::Engine;
use crate::errors::Error;
use crate::trace::{ParseResult, Trace};

/// How a bundle is loaded.
///
/// ```
/// let options = buzz::Options { intra_threads: 2, ..buzz::Options::default() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The ONNX Runtime library; by default the one that `ORT_DYLIB_PATH` names, else the system's.
    pub runtime: Option<PathBuf>,
    /// Threads of ONNX Runtime inside one run, 1 by default.
    pub intra_threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { runtime: None, intra_threads: 1 }
    }
}

/// Parses raw language-model output into typed segments with exact offsets.
///
/// A parser can be shared by threads. Each thread that parses at the same time uses an ONNX Runtime
/// session of its own, made when it is first needed and kept for the next.
///
/// ```
/// # fn main() -> Result<(), buzz::Error> {
/// # let bundle = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/bundles/tiny");
/// let text = "Thought: look first.\nAction: ls";
/// let parser = buzz::Parser::load(bundle)?;
/// for segment in parser.parse(text)?.segments() {
///     println!("{:>12} {:?}", segment.label, &text[segment.byte_range()]);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Parser {
    engine: Engine,
}

impl Parser {
    /// Verifies and loads the bundle at a path.
    ///
    /// # Errors
    ///
    /// The first bundle, runtime or model error of the contract that applies.
    pub fn load(bundle: impl AsRef<Path>) -> Result<Self, Error> {
        Self::load_with(bundle, &Options::default())
    }

    /// Verifies and loads the bundle at a path, with options.
    ///
    /// # Errors
    ///
    /// As [`Parser::load`]; [`Error::RuntimeConflict`] if the process has loaded another ONNX
    /// Runtime library than the one asked for.
    pub fn load_with(bundle: impl AsRef<Path>, options: &Options) -> Result<Self, Error> {
        let engine =
            Engine::load(bundle.as_ref(), options.runtime.as_deref(), options.intra_threads)?;
        Ok(Self { engine })
    }

    /// The parser that is built into the crate (see [`default`](crate::default)): no path, no network.
    ///
    /// # Errors
    ///
    /// As [`Parser::load`].
    #[cfg(feature = "default-parser")]
    #[expect(clippy::should_implement_trait, reason = "loading can fail, the trait cannot")]
    pub fn default() -> Result<Self, Error> {
        Self::default_with(&Options::default())
    }

    /// The parser that is built into the crate, with options.
    ///
    /// # Errors
    ///
    /// As [`Parser::load_with`].
    #[cfg(feature = "default-parser")]
    pub fn default_with(options: &Options) -> Result<Self, Error> {
        let bundle = crate::default::default_bundle()?;
        let engine = Engine::of(bundle, options.runtime.as_deref(), options.intra_threads)?;
        Ok(Self { engine })
    }

    /// The segments of a text.
    ///
    /// # Errors
    ///
    /// [`Error::TextTooLong`], and what a model can do wrong.
    pub fn parse(&self, text: &str) -> Result<ParseResult, Error> {
        self.engine.parse(text)
    }

    /// The result or the error of each text, in order, read by `workers` threads (at least one).
    ///
    /// The number of workers changes no result.
    pub fn parse_many<T: AsRef<str> + Sync>(
        &self,
        texts: &[T],
        workers: usize,
    ) -> Vec<Result<ParseResult, Error>> {
        self.engine.parse_many(texts, workers)
    }

    /// Every intermediate value of parsing a text.
    ///
    /// # Errors
    ///
    /// As [`Parser::parse`].
    pub fn trace(&self, text: &str) -> Result<Trace, Error> {
        self.engine.trace(text)
    }

    /// The bundle that the parser reads with.
    #[must_use]
    pub fn bundle(&self) -> &Bundle {
        self.engine.bundle()
    }
}

impl fmt::Debug for Parser {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let manifest = &self.engine.bundle().manifest;
        formatter
            .debug_struct("Parser")
            .field("bundle", &self.engine.bundle().path)
            .field("name", &manifest.parser_name)
            .field("version", &manifest.parser_version)
            .finish_non_exhaustive()
    }
}
