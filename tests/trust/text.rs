//! P1 to P3: text from the server, the environment, the command line and the clipboard cannot drive the terminal, no
//! decoding makes harmless text harmful, and what is shown is what is stored.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gluepot_body::{Doc, Layout, LayoutOptions};
use gluepot_core::text::{Clean, is_hidden, is_unseen, overhang};
use gluepot_fake::world::{Attributes, Table, World};
use gluepot_fake::{Options, Server, data};
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::hostile::{ATTACK, CLIENT, REST, against, assert_harmless, leaves_harmless, start, with_documents};
use gluepot_testkit::pty::{Session, Start};

fn code_points() -> impl Iterator<Item = char> {
    (0..=0x10_ffff).filter_map(char::from_u32)
}

#[test]
fn p1_every_code_point_is_harmless_behind_the_filter_and_none_is_lost() {
    let mut seen = 0;
    for c in code_points() {
        seen += 1;
        let line = Clean::line(&format!("x{c}y"));
        assert!(!line.chars().any(|out| out.is_control() || is_hidden(out)), "U+{:04X} gives {line:?}", u32::from(c));
        // The joiner and the selectors of emoji are also marks where there is no emoji.
        assert!(line.len() > 2, "U+{:04X} is lost without a mark", u32::from(c));
        let shown = line.strip_prefix('x').and_then(|rest| rest.strip_suffix('y'));
        assert!(shown.is_some_and(|shown| shown != " " || matches!(c, ' ' | '\u{a0}' | '\u{2007}' | '\u{202f}')));
    }
    assert_eq!(seen, 1_112_064);
}

// Every field of every record

/// Puts the attack and a unique number before each text of each row, so that what reaches the screen tells which
/// fields were drawn. Gives the fields by their numbers.
fn poison(world: &mut World) -> BTreeMap<usize, String> {
    /// Not texts: what the API gives its own words or forms for.
    const FORMS: [&str; 22] = [
        "resource-type",
        "kind",
        "name-key",
        "tag-type",
        "asset-type",
        "type",
        "tag",
        "class-name",
        "accessor-type",
        "resource-type-name",
        "parent-type",
        "psa-integration",
        "configuration-type-kind",
        "level",
        "icon",
        "value",
        "uid",
        "mac-address-kind",
        "email",
        "method",
        "sha",
        "logo",
    ];
    fn change(value: &mut Value, tag: &str, trait_of: bool) {
        match value {
            Value::String(text) => *text = format!("{tag}{ATTACK}{text}"),
            Value::Array(items) => items.iter_mut().for_each(|item| change(item, tag, false)),
            Value::Object(members) => {
                for (key, member) in members {
                    let is_text = trait_of
                        || matches!(key.as_str(), "name" | "value" | "label-name" | "extension" | "content" | "notes");
                    if is_text || member.is_object() {
                        change(member, tag, false);
                    }
                }
            }
            _ => {}
        }
    }
    let mut fields = BTreeMap::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for &table in Table::ALL {
        for id in world.ids(table) {
            world.edit(table, id, |row: &mut Attributes| {
                for (key, value) in row {
                    let moment = key.ends_with("-at") || key.ends_with("-on") || key.ends_with("-date");
                    if key.starts_with('_') || key.ends_with("-id") || moment || FORMS.contains(&key.as_str()) {
                        continue;
                    }
                    let field = format!("{}.{key}", table.type_name());
                    let next = numbers.len();
                    let number = *numbers.entry(field.clone()).or_insert(next);
                    fields.insert(number, field);
                    change(value, &format!("Q{number}q"), key == "traits");
                }
            });
        }
    }
    fields
}

/// The numbers of fields in a text.
fn tags(text: &str) -> BTreeSet<usize> {
    text.split('Q').skip(1).filter_map(|rest| rest.split_once('q')?.0.parse().ok()).collect()
}

#[test]
fn p1_every_text_field_of_every_kind_of_record_reaches_the_terminal_as_marks() {
    let mut world = data::demo();
    // Few rows are enough: each has all the fields, and the test has to be quick.
    for id in world.ids(Table::Organizations) {
        if id != CLIENT {
            world.remove(Table::Organizations, id);
        }
    }
    for id in world.ids(Table::Passwords) {
        world.edit(Table::Passwords, id, |row| {
            row.insert("url".into(), json!("https://portal.example"));
            row.insert("notes".into(), json!("A note."));
        });
    }
    let fields = poison(&mut world);
    let config = "[ui]\npreview_ms = 0\n";
    let (_server, session) = against(world, (200, 60), config);
    session.wait_for("4 Passwords");
    session.settle(REST);
    let mut seen = BTreeSet::new();
    let keys = |keys: &[&str], seen: &mut BTreeSet<usize>| {
        for key in keys {
            session.send(key);
            session.settle(Duration::from_millis(40));
            seen.extend(tags(&session.screen()));
        }
    };
    // Each list, then records of it with all their fields, to their ends; then what lies over the panes.
    for pane in ["1", "2", "3", "4", "5"] {
        keys(&[pane, "g"], &mut seen);
        session.settle(REST);
        for _ in 0..3 {
            keys(&["\r", "."], &mut seen);
            session.settle(REST);
            keys(&["G", "f", "y", "\x1b", "t", "\x1b", ".", "\x1b", "3j"], &mut seen);
        }
    }
    for _ in 0..6 {
        keys(&["5", "}", "G", "\r"], &mut seen);
        session.settle(REST);
        keys(&["G", "\x1b", "\x1b"], &mut seen);
    }
    for (open, close) in [("Q", "\x1b"), ("?", "\x1b"), (":", "\x1b"), ("S", "\x1b"), ("s", "\x1b"), ("T", "\x1b")] {
        keys(&[open, close], &mut seen);
    }
    session.send("\x0b");
    session.settle(REST);
    session.send("Q");
    session.settle(REST);
    seen.extend(tags(&session.screen()));
    keys(&["\x1b", "4", "r"], &mut seen);
    session.settle(REST);
    session.resize(80, 24);
    session.settle(REST);
    session.resize(45, 12);
    session.settle(REST);
    let text = leaves_harmless(session);
    assert!(text.contains("‹202E›") && text.contains("␛[2J"), "the attack shows");
    let names: Vec<&str> = seen.iter().filter_map(|number| fields.get(number)).map(String::as_str).collect();
    for field in [
        "organizations.name",
        "organizations.short-name",
        "organizations.alert",
        "organizations.quick-notes",
        "documents.name",
        "document-sections.content",
        "document-folders.name",
        "configurations.name",
        "configurations.hostname",
        "configurations.primary-ip",
        "configurations.serial-number",
        "configurations.notes",
        "passwords.name",
        "passwords.username",
        "passwords.url",
        "passwords.notes",
        "password-folders.name",
        "flexible-assets.name",
        "flexible-assets.traits",
        "flexible-asset-types.name",
        "flexible-asset-fields.name",
        "contacts.name",
        "contacts.title",
        "locations.name",
        "locations.address-1",
        "locations.city",
        "domains.name",
        "domains.registrar-name",
        "expirations.resource-name",
        "checklists.name",
        "checklist-tasks.name",
    ] {
        assert!(names.contains(&field), "{field} was never on the screen. There were: {names:?}");
    }
    assert!(names.len() >= 60, "only {} of {} fields were drawn: {names:?}", names.len(), fields.len());
}

// Every code point, in the running program

/// How a code point is drawn in a body, as a word; `None` where it is no part of a word.
fn word(c: char) -> Option<String> {
    let breaks = matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    // A NUL is no character of HTML, the soft spaces are blanks, and invisible characters are dropped from a body.
    if breaks || is_unseen(c) || matches!(c, '\0' | ' ' | '\u{a0}' | '\u{2007}' | '\u{202f}') {
        return None;
    }
    Some(Clean::line(&format!("x{c}")).as_str().to_owned())
}

/// How far the document in the detail is shown, as its title says, and whether that is its end.
fn place(screen: &str) -> Option<(String, bool)> {
    let title = screen.lines().map(str::trim_end).find(|line| line.contains("Documents") && line.ends_with('╮'))?;
    let words: Vec<&str> = title.split_whitespace().collect();
    let [.., before, last, _] = words.as_slice() else { return None };
    let is_place = *before == "line" || *last == "%";
    is_place.then(|| (format!("{before} {last}"), (*before, *last) == ("100", "%")))
}

/// Draws these code points in list rows, titles, and bodies, looks at every byte, and misses none of them.
fn drawn_by_the_program(chars: &[char], size: (u16, u16)) {
    let mut missing = not_seen(chars, size);
    // The terminal of the test takes a few letters to be of another width, and what follows them on a row may be written
    // over when the next page comes: that is drawn once more, without them.
    if !missing.is_empty() && missing.len() < 40 {
        let alone: Vec<char> = missing.iter().map(|(c, _)| *c).collect();
        missing = not_seen(&alone, size);
    }
    assert!(missing.is_empty(), "{} were never drawn: {:?}", missing.len(), &missing[..missing.len().min(40)]);
}

/// The same, and gives those that were not seen and the word they are looked for by.
fn not_seen(chars: &[char], size: (u16, u16)) -> Vec<(char, String)> {
    let start = Instant::now();
    const PER_DOCUMENT: usize = 30_000;
    let documents: Vec<(String, String)> = chars
        .chunks(PER_DOCUMENT)
        .enumerate()
        .map(|(at, part)| {
            let words: String = part
                .iter()
                .map(|c| match c {
                    '<' => " x&lt;".to_owned(),
                    '&' => " x&amp;".to_owned(),
                    c => format!(" x{c}"),
                })
                .collect();
            (format!("Part {at:03}"), format!("<p>BEGIN-{at:03} {words} END-{at:03}</p>"))
        })
        .collect();
    let mut seen: HashSet<String> = HashSet::new();
    let mut letters: HashSet<char> = HashSet::new();
    let mut bytes = 0;
    for some in documents.chunks(20) {
        let mut world = with_documents(some);
        // The same code points in names, as many to a name as a row shows.
        let devices = world.under(Table::Configurations, (Table::Organizations, CLIENT));
        let mut names = chars.chunks(chars.len().div_ceil(devices.len()).min(20));
        for id in devices {
            let name: String = names.next().unwrap_or_default().iter().collect();
            world.edit(Table::Configurations, id, |row| {
                row.insert("name".into(), json!(format!("N{name}")));
                row.insert("hostname".into(), json!(name.chars().rev().collect::<String>()));
            });
        }
        let (_server, session) = against(world, size, "[ui]\npreview_ms = 0\ntext_width = 500\n");
        session.wait_for("Part 0");
        session.settle(REST);
        session.send("3");
        session.settle(REST);
        session.send("\x06");
        session.settle(REST);
        session.send("2");
        session.send("g");
        session.settle(REST);
        for (name, _) in some {
            session.send("\r");
            let number = name.trim_start_matches("Part ");
            let (begin, end) = (format!("BEGIN-{number} "), format!("END-{number}"));
            // This document and no other; on a tall screen all of it may be shown, and then it has no place.
            session.wait_until(&format!("{name} is open"), |screen| {
                let text = screen.contents();
                text.contains(&begin) && (text.contains(&end) || place(&text).is_some())
            });
            session.settle(REST);
            loop {
                let screen = session.screen();
                seen.extend(screen.split_whitespace().map(str::to_owned));
                letters.extend(screen.chars());
                let at = place(&screen);
                if screen.contains(&end) || at.as_ref().is_some_and(|(_, is_end)| *is_end) {
                    break;
                }
                session.send(" ");
                session.wait_until("the next page", |screen| {
                    place(&screen.contents()).is_some_and(|next| at.as_ref() != Some(&next))
                });
                // The place stands above the text: the rest of the page is still coming.
                session.settle(REST);
            }
            session.send("\x1b");
            // Sent together the two would be one key with Alt.
            session.settle(REST);
            session.send("j");
            session.settle(REST);
        }
        let text = leaves_harmless(session);
        bytes += text.len();
        // The terminal of the test leaves out a few letters that it does not know: they count as they were sent.
        letters.extend(text.chars());
    }
    crate::say(&format!("{} code points drawn, {bytes} bytes of text looked at, {:.0?}", chars.len(), start.elapsed()));
    let unseen = |c: &char| word(*c).filter(|word| !seen.contains(word) && !letters.contains(c)).map(|word| (*c, word));
    chars.iter().filter_map(unseen).collect()
}

#[test]
fn p1_p3_what_is_hidden_is_drawn_as_a_mark_by_the_running_program() {
    // All that must not be drawn as it is, but for private use and the unassigned, of which there is a sample.
    let mut rest = 0_u32;
    let some: Vec<char> = code_points()
        .filter(|&c| {
            let many = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{20000}'..) || !is_hidden(c) || c > '\u{1ffff}';
            rest += u32::from(many);
            if many { rest.is_multiple_of(397) } else { u32::from(c) < 0x3000 || rest.is_multiple_of(3) }
        })
        .collect();
    assert!(some.len() > 3_000, "{}", some.len());
    drawn_by_the_program(&some, (240, 70));
}

#[test]
#[ignore = "draws all 1,112,064 code points: some minutes"]
fn p1_p3_every_code_point_is_drawn_by_the_running_program() {
    let all: Vec<char> = code_points().collect();
    assert_eq!(all.len(), 1_112_064);
    drawn_by_the_program(&all, (500, 200));
}

// What else comes from outside

/// Runs a command of the program with these arguments, variables and input; everything it wrote, to both.
fn says(args: &[&str], environment: &[(&str, &str)], input: &[u8]) -> String {
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
    command.args(args).env_clear().env("HOME", home.path()).env("LANG", "C.UTF-8").env("TERM", "xterm");
    command.envs(environment.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("its input");
    // It may not read at all.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).expect("what it says is UTF-8")
}

#[test]
fn p1_arguments_variables_and_files_are_harmless_where_they_are_repeated() {
    // A NUL cannot be in an argument.
    let attack = &format!("{ATTACK}end");
    type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)]);
    let cases: [Case<'_>; 14] = [
        (&["--org", attack], &[]),
        (&["--ticket", attack], &[]),
        (&["--config", attack], &[]),
        (&["--region", attack], &[]),
        (&["--base-url", attack], &[]),
        (&["--log-level", attack], &[]),
        (&[attack], &[]),
        (&["--demo", "--fault", attack], &[]),
        (&["render", attack], &[]),
        (&["audit", "show", attack], &[]),
        (&["audit", "verify", attack], &[]),
        (&["demo-server", "--port", attack], &[]),
        (&["--print-config"], &[("GLUEPOT_TICKET", attack), ("LANG", attack), ("TERM", attack)]),
        (&["doctor"], &[("GLUEPOT_CONFIG", attack), ("ITGLUE_API_KEY", attack), ("TMUX", attack), ("SSH_TTY", attack)]),
    ];
    let mut repeated = 0;
    for (args, environment) in cases {
        let text = says(args, environment, b"");
        let harmful: Vec<char> = text.chars().filter(|&c| (c.is_control() && c != '\n') || is_hidden(c)).collect();
        assert!(harmful.is_empty(), "{args:?} {environment:?}: {harmful:?} in {text:?}");
        repeated += usize::from(text.contains("‹202E›"));
    }
    assert!(repeated >= 6, "only {repeated} of them say what was wrong");
    // Paths of the home folder are shown as well.
    let home = format!("/tmp/{attack}");
    for args in [&["paths"] as &[&str], &["doctor"], &["audit", "show"]] {
        let text = says(args, &[("HOME", &home)], b"");
        assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || is_hidden(c)), "{args:?}: {text:?}");
    }
}

#[test]
fn p1_rendered_documents_and_audit_records_are_harmless_in_a_pipe_and_on_a_terminal() {
    let hidden: Vec<String> =
        code_points().filter(|c| is_hidden(*c) && *c < '\u{3000}').map(|c| format!("x{c} ")).collect();
    let hidden = hidden.concat();
    for (form, input) in [("--html", format!("<p>{hidden}</p><pre>{hidden}</pre>")), ("--markdown", hidden.clone())] {
        let text = says(&["render", form], &[], input.as_bytes());
        assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || is_hidden(c)), "{form}");
        assert!(text.contains("x‹202E›"), "{form}");
        let home = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(home.path().join("body"), &input).expect("a file");
        let mut session = Start::gluepot(&["render", form, "body"]).home(home).run();
        session.wait_exit();
        let text = String::from_utf8(session.all_bytes()).expect("UTF-8").replace("\r\n", "");
        assert_harmless(text.as_bytes());
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let log = home.path().join("audit.log");
    let name = json!(format!("{ATTACK}{hidden}"));
    let line = format!(
        r#"{{"v":1,"trail":"d69f796675e62573","seq":1,"kind":"intent","time":"2026-11-24T05:40:28.878Z","user":{name},"tty":{name},"host":{name},"action":"reveal","org":1,"org_name":{name},"record":"passwords","record_id":1,"record_name":{name},"category":{name},"ticket":{name},"reason":{name},"prev":"00","mac":"00"}}"#
    );
    std::fs::write(&log, format!("{line}\nno record {ATTACK}\n")).expect("a file");
    let log = log.to_string_lossy().into_owned();
    for args in [
        &["audit", "show", &log] as &[&str],
        &["audit", "show", "--format", "csv", &log],
        &["audit", "show", "--format", "jsonl", &log],
        &["audit", "report", &log],
        &["audit", "verify", &log],
    ] {
        let text = says(args, &[], b"");
        assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || is_hidden(c)), "{args:?}: {text:?}");
        assert!(!text.is_empty(), "{args:?}");
    }
}

#[test]
fn p1_pasted_text_is_never_keys_and_is_drawn_as_marks() {
    let (_server, session) = against(with_documents(&[("One".into(), "<p>x</p>".into())]), (120, 36), "");
    session.wait_for("One");
    session.settle(REST);
    // Where nothing is typed a paste does nothing: no key of it quits, opens or reveals.
    session.send("\x1b[200~q\x03:quit\r4r\x1b[201~");
    session.settle(REST);
    for open in ["/", "\x0b", "T", ":"] {
        session.send(open);
        session.settle(REST);
        session.send(&format!("\x1b[200~{ATTACK}pasted\x1b[201~"));
        session.wait_for("pasted");
        session.send("\x1b");
        session.settle(REST);
        session.send("\x1b");
        session.settle(REST);
    }
    let text = leaves_harmless(session);
    assert!(text.contains("pasted"));
}

// P2

#[test]
fn p2_no_decoding_makes_harmless_text_harmful() {
    // Forms in which an escape, a C1 control, a bell, an override or a joiner can be written, in HTML and Markdown.
    let mut forms: Vec<String> = Vec::new();
    for code in [0x1b_u32, 0x07, 0x9b, 0x90, 0x9d, 0x202e, 0x2066, 0x200b, 0x200d, 0xad, 0xfeff, 0xe0041, 0x7f, 0x08] {
        let c = char::from_u32(code).expect("a character");
        forms.extend([
            format!("&#{code};"),
            format!("&#{code}"),
            format!("&#x{code:x};"),
            format!("&#X{code:X};"),
            format!("&#x000000{code:x};"),
            format!("&#{code:010};"),
            format!("&amp;#{code};"),
            format!("&amp;amp;#{code};"),
            format!("%{code:02x}"),
            format!("%25{code:02x}"),
            format!("\\u{code:04x}"),
            format!("\\x{code:02x}"),
            format!("={code:02X}"),
            format!("+ABs-{code}"),
            format!("{c}"),
            format!("<b>{c}</b>[2J"),
            format!("<i>&#{code}</i><b>;[31m</b>"),
            format!("&<b>#</b>{code};"),
            format!("&#<!-- -->{code};"),
            format!("<span title='&#{code};'>&#{code};</span>"),
            format!("<img alt='&#{code};' src='&#{code};'>"),
            format!("<a href='https://x.example/&#{code};'>&#{code};</a>"),
            format!("<a href='%{code:02x}:x'>y</a>"),
            format!("<pre><code class='language-&#{code};'>&#{code};\n{c}</code></pre>"),
            format!("<h1>&#{code};</h1>"),
            format!("<table><tr><th>&#{code};<td>{c}</table>"),
            format!("<li>{c}&#{code};"),
            format!("```&#{code};\n{c}\n```"),
            format!("[&#{code};](https://x.example/{c} \"{c}\")"),
            format!("`{c}`"),
            format!("<https://x.example/{c}>"),
            format!("![{c}]({c})"),
            format!("\\{c}"),
            format!("# {c}&#{code};"),
            format!("| {c} |\n|---|\n| &#{code}; |"),
            format!("[^{c}]\n\n[^{c}]: &#{code};"),
            format!("<{c}>"),
            format!("</{c}"),
            format!("&{c};"),
            format!("<![CDATA[{c}]]>"),
            format!("<!--{c}-->x"),
            format!("<x {c}='{c}'>y"),
        ]);
    }
    // Named references that stand for characters that do not show.
    forms.extend(
        [
            "ZeroWidthSpace",
            "zwj",
            "zwnj",
            "lrm",
            "rlm",
            "shy",
            "NoBreak",
            "ApplyFunction",
            "ic",
            "af",
            "NewLine",
            "Tab",
            "nbsp",
        ]
        .map(|name| format!("a&{name};b")),
    );
    let harmful = |text: &str| text.chars().any(|c| (c.is_control() && c != '\n' && c != '\t') || is_hidden(c));
    let mut looked = 0;
    for form in &forms {
        for doc in [Doc::from_html(form), Doc::from_markdown(form), Doc::from_text(form)] {
            for ascii in [false, true] {
                let layout = Layout::new(&doc, &LayoutOptions { ascii, ..LayoutOptions::default() });
                for line in &layout.lines {
                    assert!(!harmful(&line.text()) && !line.text().contains('\n'), "{form:?}: {:?}", line.text());
                }
                for link in &layout.links {
                    assert!(!harmful(&link.text) && !harmful(link.target.address()), "{form:?}: {link:?}");
                }
                let others = layout.codes.iter().flat_map(|code| [&code.text, &code.language]);
                let others = others.chain(layout.headings.iter().map(|heading| &heading.text));
                let others = others.chain(layout.images.iter().flat_map(|image| [&image.caption, &image.source]));
                for other in others {
                    assert!(!harmful(other), "{form:?}: {other:?}");
                }
            }
            // What is copied or written as Markdown, read again and written again.
            let (plain, markdown) = (doc.plain_text(), doc.to_markdown());
            assert!(!harmful(&plain) && !harmful(&markdown), "{form:?}: {plain:?} {markdown:?}");
            let again = Doc::from_markdown(&markdown);
            assert!(!harmful(&again.plain_text()) && !harmful(&again.to_markdown()), "{form:?}");
            looked += 1;
        }
        // The filter undoes nothing of what it was given already filtered.
        let once = Clean::block(form);
        assert_eq!(Clean::block(&once), once, "{form:?}");
    }
    assert!(looked > 1_500, "{looked}");
}

#[test]
fn p2_escapes_of_json_and_doubly_encoded_names_come_as_marks() {
    // serde_json decodes \u001b and surrogate pairs; what it gives passes the filter.
    let mut world = with_documents(&[("One".into(), "<p>x</p>".into())]);
    let names = [
        "\u{1b}[2J",
        "\u{9b}2J",
        "\\u001b[2J",
        "\\\\u001b",
        "%1b[2J",
        "&#27;[2J",
        "\u{e0041}\u{10ffff}",
        "=1B[2J",
        "+ABs-",
    ];
    for (at, id) in world.under(Table::Configurations, (Table::Organizations, CLIENT)).into_iter().enumerate() {
        let name = names[at % names.len()];
        world.edit(Table::Configurations, id, |row| {
            row.insert("name".into(), json!(format!("A{at:02} {name} end")));
        });
    }
    let (_server, session) = against(world, (160, 60), "[ui]\npreview_ms = 0\n");
    session.wait_for("One");
    session.send("3");
    session.settle(REST);
    session.send("z");
    session.wait_for("A01");
    session.settle(REST);
    let text = session.screen();
    leaves_harmless(session);
    for shown in ["␛[2J end", "‹009B›2J end", "\\u001b[2J end", "%1b[2J end", "&#27;[2J end", "‹E0041›‹10FFFF› end"]
    {
        assert!(text.contains(shown), "{shown} is nowhere");
    }
}

// P3

#[test]
fn p3_names_that_look_like_others_are_flagged_in_lists_and_in_the_detail() {
    let mut world = with_documents(&[("One".into(), "<p>x</p>".into())]);
    // The client's name with a Cyrillic letter, a twin of a password, and an honest Japanese name.
    world.edit(Table::Organizations, CLIENT, |row| {
        row.insert("name".into(), json!("Harbour & Pіne Dental"));
    });
    let passwords = world.under(Table::Passwords, (Table::Organizations, CLIENT));
    for (id, name) in passwords.iter().zip(["Firewall SRV-01", "Firewall SRV-O1", "診療所FW", "Rοuter"]) {
        world.edit(Table::Passwords, *id, |row| {
            row.insert("name".into(), json!(name));
            row.insert("password-folder-id".into(), Value::Null);
            row.insert("archived".into(), json!(false));
        });
    }
    let (_server, session) = against(world, (140, 50), "[ui]\npreview_ms = 0\n");
    session.wait_for("▲ Harbour & Pіne Dental ▌HPD");
    session.send("4/Firewall");
    session.wait_for("▲ Firewall SRV-01");
    session.wait_for("▲ Firewall SRV-O1");
    session.send("\r");
    session.settle(REST);
    session.send("\r");
    session.wait_for("Another password has a name that looks like this one: id");
    for key in ["\x1b", "\x1b", "4", "/"] {
        session.send(key);
        session.settle(REST);
    }
    session.send("診療");
    session.wait_for("診療所FW");
    assert!(!session.screen().contains("▲ 診"), "{}", session.screen());
    session.send("\x1b");
    session.settle(REST);
    session.send("/uter\r");
    session.wait_for("▲ Rοuter");
    session.settle(REST);
    session.send("\r");
    session.wait_for("The name mixes alphabets: ο is Greek (U+03BF), not Latin.");
    leaves_harmless(session);
}

#[test]
fn p3_host_names_are_shown_in_their_ascii_form() {
    let body = "<p><a href='https://аpple.com/x'>https://аpple.com/x</a> and <a href='http://bücher.example'>b</a></p>";
    let mut world = with_documents(&[("One".into(), body.into())]);
    let id = world.under(Table::Passwords, (Table::Organizations, CLIENT))[0];
    world.edit(Table::Passwords, id, |row| {
        row.insert("name".into(), json!("Portal of the test"));
        row.insert("url".into(), json!("https://gоogle.com/login"));
    });
    let (_server, session) = against(world, (140, 50), "[ui]\npreview_ms = 0\n");
    session.wait_for("One");
    session.send("2\r");
    session.wait_for("xn--pple-43d.com");
    session.wait_for("xn--bcher-kva.example");
    for key in ["\x1b", "4", "/Portal of the test", "\r", "\r"] {
        session.send(key);
        session.settle(REST);
    }
    session.wait_for("URL               https://xn--gogle-jye.com/login");
    assert!(!session.screen().contains("gоogle"), "{}", session.screen());
    leaves_harmless(session);
}

// Columns

/// Names of every class of width that terminals are known to differ in.
const CLASSES: [&str; 30] = [
    "診療所の予約",
    "ＦＷ０１",
    "ｱｲｳ",
    "한국어 서버",
    "\u{1112}\u{1161}\u{11ab}글",
    "👩\u{200d}💻 work",
    "👨\u{200d}👩\u{200d}👧\u{200d}👦 home",
    "❤\u{fe0f} love",
    "❤\u{fe0e} text",
    "👍🏽 skin",
    "🇩🇪🇫🇷 flags",
    "1\u{fe0f}\u{20e3} key",
    "e\u{301}a\u{300} marks",
    "ก็์่ thai",
    "हिन्दी deva",
    "বাংলা কা bengali",
    "தமிழ் கொ tamil",
    "ಕನ್ನಡ ಕೋ",
    "മലയാളം കാ",
    "සිංහල කා",
    "سلام عليكم لا",
    "שלום",
    "☰ ☷ tri",
    "①②③ ㉈ ㊿",
    "𝒜𝓁𝓁 math",
    "𠀀𠀁 ext",
    "→ ⇒ ⟶ ■ ◆ ★ ☆",
    "½ ¼ ± § ¶",
    "🫩 new \u{1fae9}",
    "ᠮᠣᠩᠭᠣᠯ",
];

/// A real tmux with the program in it; the server of tmux goes with it.
struct Tmux {
    outer: Session,
    socket: String,
}

impl Tmux {
    fn ask(&self, args: &[&str]) -> String {
        let output = Command::new("tmux").args(["-u", "-S", &self.socket]).args(args).env_remove("TMUX").output();
        String::from_utf8_lossy(&output.expect("tmux starts").stdout).trim_end_matches('\n').to_owned()
    }

    /// Columns that tmux gives to pieces of text, measured by the cursor after each.
    fn measure(&self, pieces: &BTreeSet<String>) -> BTreeMap<String, usize> {
        let window = self.ask(&["new-window", "-d", "-P", "-F", "#{window_id}", "sleep 600"]);
        let tty = self.ask(&["display-message", "-p", "-t", &window, "#{pane_tty}"]);
        let mut tty = std::fs::OpenOptions::new().write(true).open(tty).expect("the terminal of a window");
        let mut widths = BTreeMap::new();
        for (at, piece) in pieces.iter().enumerate() {
            let row = at % 9 + 1;
            write!(tty, "\x1b[2J\x1b[{row};1Hab{piece}").expect("the window takes text");
            let limit = Instant::now() + Duration::from_secs(10);
            let columns = loop {
                let cursor = self.ask(&["display-message", "-p", "-t", &window, "#{cursor_y} #{cursor_x}"]);
                let (y, x) = cursor.split_once(' ').expect("two numbers");
                let (y, x): (usize, usize) = (y.parse().expect("a row"), x.parse().expect("a column"));
                if y + 1 == row && x >= 2 {
                    break x - 2;
                }
                assert!(Instant::now() < limit, "tmux never drew {piece:?}: {cursor}");
            };
            widths.insert(piece.clone(), columns);
        }
        widths
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.ask(&["kill-server"]);
    }
}

#[test]
fn p3_columns_are_straight_in_a_real_tmux_cell_by_cell() {
    if Command::new("tmux").arg("-V").output().is_err() {
        crate::skip("p3_columns_are_straight_in_a_real_tmux_cell_by_cell", "tmux is not installed");
        return;
    }
    let rows = CLASSES
        .iter()
        .map(|name| format!("<tr><td>{name}</td><td>right of {name}</td></tr>"))
        .collect::<Vec<_>>()
        .concat();
    let items = CLASSES.iter().map(|name| format!("<li>{name} and words behind</li>")).collect::<Vec<_>>().concat();
    let body = format!("<table><tr><th>Name</th><th>Beside</th></tr>{rows}</table><ul>{items}</ul>");
    let world = || {
        let mut world = with_documents(&[("Widths 診療 👍🏽 কা".into(), body.clone())]);
        let devices = world.under(Table::Configurations, (Table::Organizations, CLIENT));
        for (id, name) in devices.iter().zip(CLASSES.iter().cycle()) {
            world.edit(Table::Configurations, *id, |row| {
                row.insert("name".into(), json!(name));
                row.insert("archived".into(), json!(false));
            });
        }
        world
    };
    let config = "[ui]\npreview_ms = 0\n";
    let size = (100, 40);
    // The same keys in the harness's terminal, whose columns are those of our own tables, and in tmux.
    let server = Server::start_now(Options::with_world(world())).expect("the server starts");
    let plain = start(&server, config).size(size.0, size.1).run();
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join(".config/gluepot");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), config).expect("a file");
    let socket = home.path().join("tmux").to_string_lossy().into_owned();
    let program = format!("exec {} --base-url {} --org {CLIENT}", env!("CARGO_BIN_EXE_gluepot"), server.base_url());
    let args = ["-u", "-S", &socket, "-f", "/dev/null", "new-session", &program, ";", "set", "status", "off"];
    let outer = Start::program("tmux", &args).home(home).env("ITGLUE_API_KEY", server.key()).size(size.0, size.1).run();
    let tmux = Tmux { outer, socket };
    for session in [&plain, &tmux.outer] {
        session.wait_for("4 Passwords");
        session.wait_for("Widths");
        session.settle(Duration::from_millis(400));
    }
    let mut compared = 0;
    let mut widths: BTreeMap<String, usize> = BTreeMap::new();
    for keys in ["3", "j", "3j", "G", "2", "\r", " ", " ", " ", "g"] {
        for session in [&plain, &tmux.outer] {
            session.send(keys);
            session.settle(Duration::from_millis(250));
        }
        let captured = tmux.ask(&["capture-pane", "-p", "-N", "-t", ":0"]);
        let pieces: BTreeSet<String> = captured
            .lines()
            .flat_map(|line| line.graphemes(true))
            .filter(|piece| !piece.is_ascii() && !widths.contains_key(*piece))
            .map(str::to_owned)
            .collect();
        widths.extend(tmux.measure(&pieces));
        // But for the bar at the bottom: the two count their requests, and those of each other.
        for (y, line) in captured.lines().enumerate().take(usize::from(size.1) - 1) {
            let mut cells: BTreeMap<usize, &str> = BTreeMap::new();
            let mut x = 0;
            for piece in line.graphemes(true) {
                cells.insert(x, piece);
                x += widths.get(piece).copied().unwrap_or(1);
            }
            for x in 0..usize::from(size.0) {
                let ours = plain.look(|screen| {
                    screen
                        .cell(y as u16, x as u16)
                        .filter(|cell| !cell.is_wide_continuation())
                        .map(|cell| cell.contents().to_owned())
                });
                let Some(ours) = ours.map(|cell| if cell.is_empty() { " ".to_owned() } else { cell }) else { continue };
                let theirs = cells.get(&x).copied().unwrap_or(" ");
                // What terminals are known to differ in is cut or has room beside it, in its own columns only.
                let same = theirs == ours
                    || (overhang(&ours).is_some() && ours.starts_with(theirs.chars().next().unwrap_or(' ')));
                assert!(
                    same || overhang(&ours).is_some() && theirs == " ",
                    "{keys:?} row {y} column {x}: tmux has {theirs:?}, ours is {ours:?}\n{captured}\n--\n{}",
                    plain.screen()
                );
                compared += 1;
            }
        }
    }
    assert!(widths.len() > 60, "only {} pieces that are not ASCII were seen", widths.len());
    assert!(compared > 30_000, "{compared}");
    leaves_harmless(plain);
}
