//! `gluepot render`: prints a file the way the screen shows it.
//!
//! On a terminal the text is styled with the terminal's own 16 colours, in a pipe it is plain text that other
//! programs can use: code is there as it is, with a line above and below instead of a frame.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::config::Environment;
use gluepot_body::{CodeStyle, Doc, Form, Layout, LayoutOptions, Line, MIN_WIDTH, Role, Span, form_of};
use gluepot_core::text::Clean;

/// The widest output there is.
const MAX_WIDTH: u16 = 1000;
/// Input is read up to here; what a body may hold is less, and the rest is counted in its note.
const MAX_INPUT: u64 = 256 << 20;
/// Lines laid out at once.
const BATCH: usize = 512;

/// Print HTML or Markdown as gluepot shows it
///
/// Styled on a terminal, plain text in a pipe or with NO_COLOR. Without --html or --markdown the name of the file
/// decides, then its beginning.
#[derive(clap::Args, Debug, Clone)]
pub struct RenderArgs {
    /// Take the input to be HTML
    #[arg(long, conflicts_with = "markdown")]
    pub html: bool,
    /// Take the input to be Markdown
    #[arg(long)]
    pub markdown: bool,
    /// Columns to use [default: those of the terminal, or 80]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(i64::from(MIN_WIDTH)..=i64::from(MAX_WIDTH)))]
    pub width: Option<u16>,
    /// The file to print; standard input if absent or "-"
    pub file: Option<PathBuf>,
}

/// Prints the file or standard input. Fails with code 1 if it cannot be read or printed.
pub fn run(args: RenderArgs) -> ExitCode {
    let source = args.file.as_deref().filter(|path| *path != Path::new("-"));
    let bytes = match read(source) {
        Ok(bytes) => bytes,
        Err(error) => {
            let what = source.map_or_else(|| "standard input".to_owned(), |path| path.display().to_string());
            complain(&format!("cannot read {}: {error}", Clean::line(&what)));
            return ExitCode::FAILURE;
        }
    };
    let text = decode(&bytes);
    drop(bytes);
    let html = args.html || (!args.markdown && is_html(source, &text));
    let doc = if html { Doc::from_html(&text) } else { Doc::from_markdown(&text) };
    drop(text);
    let terminal = io::stdout().is_terminal();
    let environment = Environment::of_process();
    let styled = terminal && environment.wants_colour();
    let output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let strike_marks = !styled || !environment.can_strike();
    let options = LayoutOptions { strike_marks, heading_rules: terminal, ..options(args.width, terminal) };
    match print(&doc, &options, styled, output) {
        // The reader has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("cannot write the output: {error}"));
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

fn complain(what: &str) {
    // If this fails as well, there is no one to tell.
    let _ = writeln!(io::stderr(), "gluepot render: {}", Clean::line(what));
}

fn read(path: Option<&Path>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match path {
        Some(path) => File::open(path)?.take(MAX_INPUT).read_to_end(&mut bytes)?,
        None => io::stdin().lock().take(MAX_INPUT).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

/// Reads UTF-8, or UTF-16 by its mark. An invalid byte becomes a visible `‹FF›`.
fn decode(bytes: &[u8]) -> String {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest
            .chunks(2)
            .map(|pair| unit([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => return wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return wide(rest, u16::from_be_bytes),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing into a String cannot fail.
            let _ = std::fmt::Write::write_fmt(&mut text, format_args!("‹{byte:02X}›"));
        }
    }
    text
}

/// Whether the input is HTML, by its name or else by how it begins and ends.
fn is_html(path: Option<&Path>, text: &str) -> bool {
    let extension = path.and_then(Path::extension).map(|e| e.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("html" | "htm" | "xhtml") => return true,
        Some("md" | "markdown" | "mkd" | "mdown") => return false,
        _ => {}
    }
    let text = text.trim();
    let start = text.get(..text.floor_char_boundary(512)).unwrap_or_default();
    let lower = start.to_ascii_lowercase();
    lower.starts_with("<!doctype html")
        || lower.starts_with("<html")
        || (text.starts_with('<') && text.ends_with('>') && form_of(start) != Form::Plain)
}

fn options(width: Option<u16>, terminal: bool) -> LayoutOptions {
    let columns = width.unwrap_or_else(|| {
        let of_terminal = terminal.then(crate::host::terminal::size).and_then(Result::ok);
        of_terminal.map_or(80, |(columns, _)| columns.clamp(MIN_WIDTH, MAX_WIDTH))
    });
    let code = match (terminal, width) {
        (true, _) => CodeStyle::Framed,
        (false, Some(_)) => CodeStyle::Ruled,
        (false, None) => CodeStyle::Whole,
    };
    // A width that was requested is meant; that of a wide terminal is not.
    let text_width = if width.is_some() { columns } else { columns.min(100) };
    LayoutOptions {
        width: columns,
        text_width,
        ascii: is_ascii(),
        copy_hint: String::new(),
        code,
        ..LayoutOptions::default()
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Whether the locale says that only ASCII will be understood.
fn is_ascii() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find(|name| is_set(name)).and_then(std::env::var_os);
    locale.is_some_and(|locale| {
        let locale = locale.to_string_lossy().to_ascii_lowercase().replace('-', "");
        !locale.contains("utf8")
    })
}

/// Prints a document as far as the reader reads it.
fn print(doc: &Doc, options: &LayoutOptions, styled: bool, mut output: impl Write) -> io::Result<()> {
    let mut layout = Layout::begin(doc, options);
    loop {
        layout.extend_to(doc, BATCH);
        for line in layout.take_lines_so_far() {
            if styled {
                styled_line(&line, &mut output)?;
            } else {
                output.write_all(line.as_str().as_bytes())?;
            }
            output.write_all(b"\n")?;
        }
        if layout.is_complete() {
            return output.flush();
        }
    }
}

fn styled_line(line: &Line, output: &mut impl Write) -> io::Result<()> {
    for span in line.spans() {
        let codes = sgr(&span);
        if codes.is_empty() {
            output.write_all(span.text.as_bytes())?;
        } else {
            write!(output, "\x1b[{codes}m{}\x1b[0m", span.text)?;
        }
    }
    Ok(())
}

/// The parameters of the terminal's own looks.
fn sgr(span: &Span<'_>) -> String {
    let mut codes: Vec<&str> = match span.role {
        Role::Text | Role::CodeBlock | Role::Value => vec![],
        Role::Heading(1) => vec!["1", "4"],
        Role::Heading(_) | Role::TableHead | Role::Label | Role::Step => vec!["1"],
        Role::Code => vec!["36"],
        Role::CodeFrame | Role::CodeWrap | Role::TableBorder | Role::Rule | Role::Dim | Role::LinkTarget => vec!["2"],
        Role::Quote | Role::Marker => vec!["34"],
        Role::Link => vec!["4", "34"],
        Role::ImageCaption => vec!["35"],
        Role::Warning | Role::Note => vec!["1", "33"],
    };
    let emphasis = span.emphasis;
    for (on, code) in [
        (emphasis.strong, "1"),
        (emphasis.emphasis, "3"),
        (emphasis.underline, "4"),
        (emphasis.highlight, "7"),
        (emphasis.strike, "9"),
    ] {
        if on && !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.join(";")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    fn printed(doc: &Doc, styled: bool) -> String {
        let options = LayoutOptions { code: CodeStyle::Ruled, ..LayoutOptions::default() };
        let mut out = Vec::new();
        print(doc, &options, styled, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn plain_output_holds_no_escape_and_code_as_it_is() {
        let doc = Doc::from_markdown("# Title\n\nSome **bold** text.\n\n```sh\necho 'hi'\n  indented\n```\n");
        assert_eq!(printed(&doc, false), "# Title\n\nSome bold text.\n\n──── sh\necho 'hi'\n  indented\n────\n");
    }

    #[test]
    fn styled_output_ends_every_look_it_begins() {
        let text = printed(&Doc::from_markdown("Some **bold** and `code`."), true);
        assert_eq!(text, "Some \x1b[1mbold\x1b[0m and \x1b[36mcode\x1b[0m.\n");
    }

    #[test]
    fn bytes_that_are_no_text_are_marked() {
        assert_eq!(decode(b"a\xffb"), "a‹FF›b");
        assert_eq!(decode(b"\xef\xbb\xbfplain"), "plain");
        assert_eq!(decode(b"\xff\xfeh\0i\0"), "hi");
    }

    #[test]
    fn the_name_decides_first_and_then_the_text() {
        assert!(is_html(Some(Path::new("a.HTM")), "# no"));
        assert!(!is_html(Some(Path::new("a.md")), "<p>x</p>"));
        assert!(is_html(None, "  <!DOCTYPE html><title>x"));
        assert!(is_html(None, "<p>x</p>\n"));
        assert!(!is_html(None, "<p align=center>\n\n# Title\n\ntext"));
        assert!(!is_html(None, "- a < b > c"));
    }

    #[test]
    fn long_output_is_printed_to_its_end() {
        let doc = Doc::from_markdown(&"- item\n".repeat(5000));
        assert_eq!(printed(&doc, false).lines().count(), 5000);
    }
}
