//! The parser that is built into the crate, the twin of `reading/default.py`.
//!
//! With the feature `default-parser` the bundle whose directory `BUZZ_PARSER` names **when the crate is
//! built** becomes part of the program, which then needs neither a path nor a network. The package
//! itself carries no bundle, because crates.io takes packages of at most 10 MB: unpack the bundle
//! archive of a release and build with `BUZZ_PARSER=/path/to/it`. In the repository
//! `.cargo/config.toml` sets it to the parser that the Python package ships.

use crate::bundle::{Bundle, verify_bundle};
use crate::errors::Error;

/// What messages show in place of a bundle's path.
const SHOWN: &str = "default-parser";

/// Where the bundle was when the crate was built.
macro_rules! directory {
    () => {
        env!(
            "BUZZ_PARSER",
            "the feature `default-parser` builds a bundle in: set BUZZ_PARSER to its absolute path"
        )
    };
}

macro_rules! embedded {
    ($name:literal) => {
        include_bytes!(concat!(directory!(), "/", $name))
    };
}

/// The bundle that was built in, verified as one on disk is.
///
/// # Errors
///
/// The first of the contract's bundle errors that applies.
pub fn default_bundle() -> Result<Bundle, Error> {
    // In the order of FILE_NAMES.
    let files: [&'static [u8]; 5] = [
        embedded!("label_map.json"),
        embedded!("tokenizer.json"),
        embedded!("model.onnx"),
        embedded!("golden.jsonl"),
        embedded!("README.md"),
    ];
    verify_bundle(SHOWN, embedded!("contract.json"), files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::read_bundle;
    use crate::manifest::FILE_NAMES;

    #[test]
    fn what_was_built_in_is_what_is_on_disk() {
        let (inside, outside) = (default_bundle().unwrap(), read_bundle(directory!()).unwrap());
        for name in FILE_NAMES {
            assert!(inside.file(name) == outside.file(name), "{name} differs");
        }
    }

    #[test]
    fn the_default_parser_parses() {
        let text = "<think>Look first.</think>\n<tool_call>{\"name\": \"ls\"}</tool_call>";
        let result = crate::Parser::default().unwrap().parse(text).unwrap();
        let labels: Vec<_> = result.segments().iter().map(|segment| segment.label.name()).collect();
        assert_eq!(labels, ["THOUGHT", "TOOLCALL"]);
    }
}
