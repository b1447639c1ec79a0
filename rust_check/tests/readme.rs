//! The Rust lines of README.md, run as they stand there; `tests/test_readme.py` holds both together.

use std::error::Error;

#[test]
fn the_lines_of_the_readme() -> Result<(), Box<dyn Error>> {
    std::env::set_current_dir("..")?; // the README speaks from the repository's root
    let parser = buzz::Parser::load("fixtures/bundles/tiny")?;
    let text = "<think>The port is Brest.</think>\n<tool_call>{\"name\": \"tides\"}</tool_call>";
    for segment in parser.parse(text)?.segments() {
        println!("{} {:?} {:?}", segment.label, segment.byte_range(), &text[segment.byte_range()]);
    }
    let labels: Vec<_> =
        parser.parse(text)?.into_segments().iter().map(|s| s.label.name()).collect();
    assert_eq!(labels, ["THOUGHT", "TOOLCALL"]);
    Ok(())
}
