//! `buzz-check`: is this bundle whole, and does the Rust reader read it as recorded?

use std::path::PathBuf;
use std::process::ExitCode;

use buzz::golden::{check_golden, tier_of};
use buzz::{Error, Options, Parser};

const HELP: &str = "\
Verifies a bundle and runs its golden file, stage by stage.

usage: buzz-check BUNDLE [--runtime LIBRARY]

  BUNDLE             directory of a bundle
  --runtime LIBRARY  the ONNX Runtime library; else ORT_DYLIB_PATH, else the system's own

exit codes: 0 all as recorded, 1 something differs, 2 bad usage or a bundle that is refused
";

fn main() -> ExitCode {
    let (bundle, options) = match arguments(std::env::args().skip(1)) {
        Ok(Some(found)) => found,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprint!("buzz-check: {problem}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match check(&bundle, &options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// The bundle and the options, or `None` where help is asked for.
fn arguments(
    mut given: impl Iterator<Item = String>,
) -> Result<Option<(PathBuf, Options)>, String> {
    let (mut bundle, mut options) = (None, Options::default());
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "--runtime" => {
                let path = given.next().ok_or("--runtime: expected a path, found nothing")?;
                options.runtime = Some(path.into());
            }
            flag if flag.starts_with('-') => return Err(format!("{flag}: no such option")),
            path if bundle.is_none() => bundle = Some(PathBuf::from(path)),
            more => return Err(format!("{more}: expected one bundle, found another")),
        }
    }
    let bundle = bundle.ok_or("expected a bundle, found nothing")?;
    Ok(Some((bundle, options)))
}

/// Checks a bundle and prints what was found; whether all is as recorded.
fn check(bundle: &std::path::Path, options: &Options) -> Result<bool, Error> {
    let parser = Parser::load_with(bundle, options)?;
    let manifest = &parser.bundle().manifest;
    let (name, version) = (&manifest.parser_name, &manifest.parser_version);
    println!("{}: {name} {version}, hashes verified", bundle.display());
    let report = check_golden(&parser, tier_of(manifest))?;
    println!("{} golden cases, {}", report.cases, report.tier);
    if report.unbound > 0 {
        println!("{} of them not bound: their margin is too small", report.unbound);
    }
    for difference in &report.differences {
        println!("{}: differs in stage {}", difference.case, difference.stage);
    }
    println!("{} differences", report.differences.len());
    Ok(report.differences.is_empty())
}
