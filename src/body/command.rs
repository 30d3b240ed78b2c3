//! `gluepot render`: prints a file the way the screen shows it.

use std::path::PathBuf;
use std::process::ExitCode;

/// Print HTML or Markdown as gluepot shows it
#[derive(clap::Args, Debug, Clone)]
pub struct RenderArgs {
    /// Take the input to be HTML
    #[arg(long, conflicts_with = "markdown")]
    pub html: bool,
    /// Take the input to be Markdown
    #[arg(long)]
    pub markdown: bool,
    /// Columns to use (default: those of the terminal, or 80)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(10..=1000))]
    pub width: Option<u16>,
    /// The file to print; standard input if it is absent or "-"
    pub file: Option<PathBuf>,
}

/// Prints the file or standard input.
pub fn run(args: RenderArgs) -> ExitCode {
    use std::io::{Read as _, Write as _};
    let mut bytes = Vec::new();
    let read = match &args.file {
        Some(path) => std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
        None => std::io::stdin().read_to_end(&mut bytes),
    };
    if read.is_err() {
        return ExitCode::FAILURE;
    }
    let text = String::from_utf8_lossy(&bytes);
    let doc = if args.html { super::Doc::from_html(&text) } else { super::Doc::from_markdown(&text) };
    let layout = super::Layout::new(&doc, &super::LayoutOptions::default());
    let mut out = std::io::stdout().lock();
    for line in &layout.lines {
        if writeln!(out, "{}", line.text()).is_err() {
            return ExitCode::SUCCESS;
        }
    }
    ExitCode::SUCCESS
}
