//! Numbers, sizes, notes and names in words, the same on the screen and in Markdown.

use crate::doc::{Doc, Letters, Note};
use crate::link::LinkTarget;

/// The number of an item.
pub(crate) fn number_text(letters: Letters, number: i32) -> String {
    if !(1..=3999).contains(&number) {
        return number.to_string();
    }
    match letters {
        Letters::Digits => number.to_string(),
        Letters::Lower => letters_text(number, b'a'),
        Letters::Upper => letters_text(number, b'A'),
        Letters::LowerRoman => roman(number).to_lowercase(),
        Letters::UpperRoman => roman(number),
        Letters::Greek => greek(number),
        Letters::Zero => format!("{number:02}"),
    }
}

fn letters_text(mut number: i32, first: u8) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        letters.push(char::from(first + (number % 26) as u8));
        number /= 26;
    }
    letters.iter().rev().collect()
}

fn greek(number: i32) -> String {
    let letters: Vec<char> = ('α'..='ω').filter(|&c| c != 'ς').collect();
    let letter = usize::try_from(number - 1).ok().and_then(|at| letters.get(at));
    letter.map_or_else(|| number.to_string(), char::to_string)
}

fn roman(mut number: i32) -> String {
    let mut out = String::new();
    for (value, text) in [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ] {
        while number >= value {
            number -= value;
            out.push_str(text);
        }
    }
    out
}

/// How much of a target is shown after the text of a link. All of it is shown before it is opened.
const MAX_TARGET: usize = 4096;

/// What is shown after the text of a link.
pub(crate) fn target_text(target: &LinkTarget, ascii: bool) -> String {
    let mut inside = match target {
        LinkTarget::Record(key, _) => key.kind.short_word().to_owned(),
        LinkTarget::Anchor(anchor) => format!("#{anchor}"),
        LinkTarget::Web(address) | LinkTarget::Mail(address) | LinkTarget::Refused(address) => address.to_string(),
    };
    if inside.len() > MAX_TARGET {
        inside.truncate(inside.floor_char_boundary(MAX_TARGET));
        inside.push_str(if ascii { "..." } else { "…" });
    }
    if ascii { format!("<{inside}>") } else { format!("⟨{inside}⟩") }
}

/// The text for an image. Blanks in it are ordinary ones: long captions wrap.
pub(crate) fn image_text(noun: &str, caption: &str, size: Option<u64>, ascii: bool) -> String {
    let mut text = String::from(if ascii { "[" } else { "▣\u{a0}" });
    text.push_str(noun);
    if !caption.is_empty() {
        text.push_str(": ");
        text.push_str(caption);
    }
    if let Some(size) = size {
        text.push_str(", ");
        text.push_str(&bytes_text(size));
    }
    if ascii {
        text.push(']');
    }
    text
}

/// A size for people.
pub(crate) fn bytes_text(bytes: u64) -> String {
    match bytes {
        0..=1023 => format!("{bytes} bytes"),
        1024..=1_048_575 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20),
    }
}

/// Our own note in words.
pub(crate) fn note_text(doc: &Doc, note: Note) -> String {
    match note {
        Note::Flattened => "Nested too deeply: parts are flattened from here on".to_owned(),
        Note::Tables => "Tables nested too deeply: cells are listed from here on".to_owned(),
        Note::Cut(bytes) => format!("Too large: the last {} are not shown", bytes_text(u64::from(bytes))),
        Note::Swallowed(bytes) => {
            format!("A script or style sheet without an end hides the following {}", bytes_text(u64::from(bytes)))
        }
        Note::UnknownBlock(name) => {
            format!("A block of a kind gluepot does not know: {}", doc.piece(name))
        }
    }
}
