//! Parses a file and prints its segments: `cargo run --example parse -- BUNDLE FILE`.

use std::error::Error;
use std::io::{IsTerminal, stdout};

use buzz::{Parser, SegmentType};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(bundle), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: parse BUNDLE FILE".into());
    };
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let parser = Parser::load(bundle)?;
    let colour = stdout().is_terminal();
    for segment in parser.parse(&text)?.segments() {
        let bytes = segment.byte_range();
        let shown = shortened(&text[bytes.clone()]);
        let (on, off) = if colour { (ansi(segment.label), "\x1b[0m") } else { ("", "") };
        println!("{on}{:>12} {bytes:?} {:.3} {shown}{off}", segment.label, segment.score);
    }
    Ok(())
}

/// At most 80 characters on one line, controls escaped.
fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(80).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown.escape_debug().to_string()
}

fn ansi(label: SegmentType) -> &'static str {
    match label {
        SegmentType::Thought => "\x1b[35m",
        SegmentType::ToolCall => "\x1b[1;32m",
        SegmentType::Text => "\x1b[36m",
        SegmentType::ToolResponse => "\x1b[33m",
    }
}
