//! What must hold of any bytes, one function for each parser that reads what others wrote.
//!
//! The fuzz targets under `fuzz/` call these with bytes of their own; the test below calls them with the seeds that
//! are kept in the repository. A function panics when its property does not hold.

use std::cell::RefCell;
use std::io::Write as _;
use std::path::Path;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::present::format::{cut, width};
use crate::present::{card, json, sheet, sheet_of};
use gluepot_body::{CodeStyle, Doc, Layout, LayoutOptions, LinkBase, LinkTarget};
use gluepot_core::audit::view::{self, Filter, Format};
use gluepot_core::audit::{self, Anchors};
use gluepot_core::model::{OrganizationId, SourceId};
use gluepot_core::policy;
use gluepot_core::text::{Clean, is_hidden};

/// What a terminal would be driven or deceived by.
fn is_harmful(c: char) -> bool {
    c.is_control() || is_hidden(c)
}

/// The filter: nothing harmful comes out, nothing is lost without a mark, filtering again changes nothing, and cutting
/// keeps to the columns.
pub fn filter(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    let line = Clean::line(&raw);
    let block = Clean::block(&raw);
    assert!(!line.contains(is_harmful), "{line:?}");
    assert!(!block.contains(|c| is_harmful(c) && c != '\n' && c != '\t'), "{block:?}");
    assert_eq!(Clean::line(&line), line, "filtered twice");
    assert_eq!(Clean::block(&block), block, "filtered twice");
    // What is drawn of each letter is there, in its order; the rest of the output are marks.
    let mut rest = line.chars();
    for c in raw.chars().filter(|&c| Clean::line(&format!("x{c}y")).as_str() == format!("x{c}y")) {
        if width(c.encode_utf8(&mut [0; 4])) > 0 {
            assert!(rest.any(|out| out == c), "{c:?} of {raw:?} is lost in {line:?}");
        }
    }
    for grapheme in line.graphemes(true) {
        assert!(width(grapheme) > 0, "{grapheme:?} would not be drawn");
        assert!(width(grapheme) <= grapheme.chars().map(|c| width(c.encode_utf8(&mut [0; 4]))).sum(), "{grapheme:?}");
    }
    let columns = bytes.first().map_or(0, |&b| usize::from(b % 80));
    assert!(width(&cut(&line, columns, "…")) <= columns.max(usize::from(columns == 0)), "{line:?}");
}

/// What a terminal sends: it is understood without a panic, alike in one piece and in many; and whatever it was, after a
/// while the keyboard works.
pub fn terminal_input(bytes: &[u8]) {
    use std::time::{Duration, Instant};

    use crate::host::terminal::Decoder;

    let start = Instant::now();
    let decoder = || Decoder::new(Box::new(|key| key.code == crossterm::event::KeyCode::Char('x')));
    let (mut whole, mut events) = (decoder(), Vec::new());
    whole.feed(bytes, start, &mut events);
    let (mut cut, mut parts) = (decoder(), Vec::new());
    let mut rest = bytes;
    while let Some(&first) = rest.first() {
        let (piece, after) = rest.split_at(usize::from(first % 5 + 1).min(rest.len()));
        cut.feed(piece, start, &mut parts);
        rest = after;
    }
    assert_eq!(events, parts, "in pieces");
    assert!(events.len() <= 2 * bytes.len(), "more keys than bytes");
    let later = start + Duration::from_secs(11);
    for _ in 0..3 {
        whole.expire(later, &mut events);
    }
    let later = later + Duration::from_secs(2);
    whole.expire(later, &mut events);
    assert_eq!(whole.due(), None, "it waits for more");
    let mut last = Vec::new();
    whole.feed(b"j", later, &mut last);
    let key = crossterm::event::KeyCode::Char('j').into();
    assert_eq!(last, [crossterm::event::Event::Key(key)], "the keyboard is dead");
}

/// A body: no line is too wide, holds anything harmful or ends in a blank, in whichever steps it is laid out; and every
/// link that can be opened is an address of the web in ASCII.
fn body(doc: &Doc, columns: u16) {
    for (ascii, code) in [(false, CodeStyle::Framed), (true, CodeStyle::Ruled)] {
        let options = LayoutOptions { width: columns, ascii, code, ..LayoutOptions::default() };
        let layout = Layout::new(doc, &options);
        for line in &layout.lines {
            let text = line.text();
            let parts: usize = text.graphemes(true).map(width).sum();
            assert!(width(&text).max(parts) <= usize::from(columns), "{columns}: {text:?}");
            assert!(!text.contains(is_harmful) && !text.ends_with(' '), "{text:?}");
        }
        for link in &layout.links {
            assert!(link.line < layout.lines.len(), "{link:?}");
            assert!(!link.text.contains(is_harmful) && !link.target.address().contains(is_harmful), "{link:?}");
            if let LinkTarget::Web(address) = &link.target {
                let url = url::Url::parse(address);
                let url = url.unwrap_or_else(|error| panic!("{address:?} is no address: {error}"));
                assert!(matches!(url.scheme(), "http" | "https") && url.has_host(), "{address:?}");
                assert!(address.bytes().all(|b| b.is_ascii_graphic()), "{address:?}");
            }
        }
        let mut parts = Layout::begin(doc, &options);
        while !parts.is_complete() {
            let next = parts.lines.len() + 1;
            parts.extend_to(doc, next);
        }
        assert_eq!(layout.lines, parts.lines, "laid out step by step");
    }
    let plain = doc.plain_text();
    assert!(!plain.contains(|c| is_harmful(c) && c != '\n' && c != '\t'), "{plain:?}");
    let markdown = doc.to_markdown();
    assert!(!markdown.contains(|c| is_harmful(c) && c != '\n' && c != '\t'), "{markdown:?}");
}

/// The first byte gives the columns, the rest is the body.
fn columns_and_text(bytes: &[u8]) -> (u16, String) {
    let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    (10 + u16::from(first % 90), String::from_utf8_lossy(rest).into_owned())
}

fn base() -> LinkBase {
    LinkBase::new(SourceId::NONE, Some(OrganizationId::new(SourceId::NONE, 7)), ["northbeam.itglue.com"])
}

/// The parser of HTML, and all that is made of what it finds.
pub fn html(bytes: &[u8]) {
    let (columns, text) = columns_and_text(bytes);
    body(&Doc::from_html_with(&text, &base()), columns);
}

/// The parser of Markdown, and all that is made of what it finds.
pub fn markdown(bytes: &[u8]) {
    let (columns, text) = columns_and_text(bytes);
    body(&Doc::from_markdown_with(&text, &base()), columns);
}

/// The readers of answers: see [`gluepot_itglue`].
pub fn envelope(bytes: &[u8]) {
    gluepot_itglue::envelope_holds(bytes, |record, extras| {
        assert!(!record.name().contains(is_harmful), "{:?}", record.name());
        let (base, now, dates) = (base(), jiff::Timestamp::UNIX_EPOCH, "%Y-%m-%d");
        let library = gluepot_core::library::Library::default();
        let context = sheet::Context { store: &library, base: base.clone(), now, dates };
        let known = sheet_of(record, extras, &context);
        let card = card::doc(&known, &card::Look { now, dates, empty: true, base: &base });
        json::value(&known);
        let layout = Layout::new(&card, &LayoutOptions { width: 40, ..LayoutOptions::default() });
        for line in &layout.lines {
            assert!(width(&line.text()) <= 40 && !line.text().contains(is_harmful), "{:?}", line.text());
        }
        for field in &layout.fields {
            let harmful = |c| is_harmful(c) && c != '\n' && c != '\t';
            assert!(!field.label.contains(is_harmful) && !field.value.contains(harmful), "{field:?}");
        }
    });
}

/// The reader of audit trails: whatever is in the file, what is printed of it is harmless, JSON lines are ASCII, and
/// checking comes to the same end twice.
pub fn audit_reader(bytes: &[u8]) {
    thread_local! {
        static FILE: RefCell<Option<std::path::PathBuf>> = const { RefCell::new(None) };
    }
    let path = FILE.with_borrow_mut(|file| {
        let name = || format!("gluepot-properties-{}-{:?}", std::process::id(), std::thread::current().id());
        file.get_or_insert_with(|| std::env::temp_dir().join(name())).clone()
    });
    let mut file = std::fs::File::create(&path).expect("a file to read from");
    file.write_all(bytes).expect("the file takes the bytes");
    drop(file);
    let sources = [audit::Source::at(&path).expect("the file is there")];
    let harmless = |text: &[u8], lines: bool| {
        let text = std::str::from_utf8(text).expect("what is printed is UTF-8");
        assert!(!text.contains(|c| is_harmful(c) && !(lines && c == '\n')), "{text:?}");
    };
    let mut records = Vec::new();
    for format in [Format::Table, Format::Jsonl, Format::Csv] {
        let mut out = Vec::new();
        let counts =
            view::show(&sources, &Filter::default(), format, view::WIDE, &mut out).expect("the file can be read");
        harmless(&out, true);
        assert!(format != Format::Jsonl || out.iter().all(|b| *b == b'\n' || (b' '..=b'~').contains(b)));
        records.push(counts.shown);
    }
    assert!(records.iter().all(|count| *count == records[0]), "{records:?}");
    let lines = bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()).count() as u64;
    assert!(records[0] <= lines, "{records:?} of {lines}");
    let mut out = Vec::new();
    view::report(&sources, &Filter::default(), 80, &mut out).expect("the file can be read");
    harmless(&out, true);
    if let Some(note) = view::note(&sources, "4711").expect("the file can be read").text {
        harmless(note.as_bytes(), true);
    }
    let report = audit::verify(&sources, None, &Anchors::default()).expect("the file can be read");
    if let Some(fault) = &report.fault {
        harmless(fault.detail.as_bytes(), false);
    }
    assert!(report.records + report.healed <= lines.max(1), "{report:?}");
    assert_eq!(report, audit::verify(&sources, None, &Anchors::default()).expect("the file can be read"));
    let _ = std::fs::remove_file(&path);
}

/// A policy: no text brings the parser down, each mistake has a line of the text and words without controls, and what
/// was read decides every action.
pub fn policy_parser(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match policy::parse(&text, Path::new("policy.toml")) {
        Ok(policy) => {
            for action in policy::Action::ALL {
                let _ = policy.decide(&policy::Subject::unknown(action));
            }
        }
        Err(problem) => {
            let lines = text.bytes().filter(|&byte| byte == b'\n').count() + 1;
            assert!((1..=lines).contains(&problem.line), "{problem}");
            assert!(!problem.to_string().contains(is_harmful), "{problem}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    type Holds = fn(&[u8]);

    #[test]
    #[expect(clippy::print_stdout, reason = "the name of the seed, seen only where its property does not hold")]
    fn the_seeds_of_the_fuzz_targets_keep_what_is_promised() {
        let targets: [(&str, Holds); 7] = [
            ("filter", super::filter),
            ("html", super::html),
            ("markdown", super::markdown),
            ("envelope", super::envelope),
            ("audit_reader", super::audit_reader),
            ("policy_parser", super::policy_parser),
            ("terminal_input", super::terminal_input),
        ];
        for (target, holds) in targets {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
            let mut seeds: Vec<_> = std::fs::read_dir(&folder)
                .expect("a folder of seeds")
                .map(|entry| entry.expect("a seed").path())
                .collect();
            seeds.sort();
            assert!(seeds.len() >= 5, "{target} has only {} seeds", seeds.len());
            for seed in seeds {
                let bytes = std::fs::read(&seed).expect("a seed can be read");
                println!("{}", seed.display());
                holds(&bytes);
            }
        }
    }
}
