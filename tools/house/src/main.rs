//! Prints the figures of the source: `cargo run -p gluepot-house [-- --all]`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose purpose is to print")]

use std::path::Path;
use std::process::ExitCode;

use gluepot_house::{Figures, House, Length, between_files, between_folders, imports};

/// Files longer than this are named.
const LONG_FILE: usize = 450;
/// Functions longer than this are named.
const LONG_FUNCTION: usize = 60;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match House::read(&root) {
        Ok(house) => print(&house),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn print(house: &House) {
    let figures = Figures::of(house);
    let files = Figures::spread(&figures.files);
    let functions = Figures::spread(&figures.functions);
    let share = |(all, part): (usize, usize)| 100.0 * part as f64 / all.max(1) as f64;
    println!("files: {}, production lines: median {}, longest {}", figures.files.len(), files.median, files.most);
    println!(
        "functions: {}, lines: median {}, p90 {}, longest {}",
        figures.functions.len(),
        functions.median,
        functions.p90,
        functions.most
    );
    println!("public items with docs: {:.1} % of {}", share(figures.public), figures.public.0);
    println!("test lines: {:.1} % of {}", share(figures.lines), figures.lines.0);
    let imports = imports(house);
    for (what, circles) in [("files", between_files(&imports)), ("folders", between_folders(&imports))] {
        println!("circles between {what}: {}", circles.len());
        for circle in circles {
            let names: Vec<_> = circle.iter().map(|path| path.display().to_string()).collect();
            println!("  {}", names.join(" "));
        }
    }
    name("files", LONG_FILE, &figures.files);
    name("functions", LONG_FUNCTION, &figures.functions);
}

fn name(what: &str, limit: usize, lengths: &[Length]) {
    let long: Vec<_> = lengths.iter().take_while(|length| length.lines > limit).collect();
    println!("{what} over {limit} lines: {}", long.len());
    for Length { lines, path, name } in long {
        println!("  {lines:5} {} {name}", path.display());
    }
}
