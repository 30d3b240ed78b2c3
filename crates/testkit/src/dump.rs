//! What a process has in its memory, and whether a value is in there in any form that passes for a copy of it.
//!
//! A dump is taken the way root takes one: the parts listed in `/proc/PID/maps`, read through `/proc/PID/mem`. What
//! even root cannot read is counted, not searched. Left out are the pages of files that cannot have been written to,
//! such as the program's own code.
//!
//! A copy is eight or more neighbouring bytes of the value in one of these forms: the text itself; the text in UTF-16;
//! its letters at a fixed distance of up to 128 bytes, as the cells of a screen or a list of characters hold them; its
//! base64, whatever stood before it; its form inside JSON, an address or hexadecimal digits.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// How much of a value is a copy of it.
const LEAST: usize = 8;
/// The widest distance between two letters that is looked for. A cell of the screen has 56 bytes or fewer.
const WIDEST: usize = 128;
const PAGE: usize = 4096;

/// A stretch of memory.
pub struct Part {
    start: u64,
    name: String,
    bytes: Vec<u8>,
    /// The pages that are not all zero, by number: what was given back is
    pages: Vec<usize>,
}

impl Part {
    fn new(start: u64, name: &str, bytes: Vec<u8>) -> Self {
        let pages = bytes.chunks(PAGE).enumerate().filter(|(_, page)| **page != [0; PAGE][..page.len()]);
        let pages = pages.map(|(number, _)| number).collect();
        Self { start, name: name.to_owned(), bytes, pages }
    }
}

/// The memory of a process.
pub struct Dump {
    parts: Vec<Part>,
    /// Parts that root could not read, by name
    pub closed: Vec<String>,
}

/// A copy that was found.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    /// The form it has
    pub form: String,
    /// Where it begins
    pub at: u64,
    /// How many bytes or letters of the value are there
    pub letters: usize,
    /// The name of the part
    pub place: String,
}

impl fmt::Debug for Copy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} letters as {} at {:#x} in {}", self.letters, self.form, self.at, self.place)
    }
}

impl Dump {
    /// The memory of a process that keeps running.
    pub fn of(pid: u32) -> io::Result<Self> {
        let maps = std::fs::read_to_string(format!("/proc/{pid}/maps"))?;
        let memory = File::open(format!("/proc/{pid}/mem"))?;
        let mut dump = Self { parts: Vec::new(), closed: Vec::new() };
        for line in maps.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [range, rights, _, _, inode, rest @ ..] = words.as_slice() else { continue };
            let name = rest.first().map_or("(no name)", |name| *name);
            // The kernel's own pages hold nothing of ours, and [vvar] cannot be read by anybody.
            if !rights.starts_with('r') || name.starts_with("[v") || (*inode != "0" && !rights.contains('w')) {
                continue;
            }
            let mut ends = range.split('-').map(|end| u64::from_str_radix(end, 16).expect("an address"));
            let (start, end) = (ends.next().expect("a start"), ends.next().expect("an end"));
            let mut bytes = vec![0; usize::try_from(end - start).expect("it fits")];
            match memory.read_exact_at(&mut bytes, start) {
                Ok(()) => dump.parts.push(Part::new(start, name, bytes)),
                // It may have been given back meanwhile: then it is in no dump either.
                Err(_) => dump.closed.push(name.to_owned()),
            }
        }
        Ok(dump)
    }

    /// Bytes from elsewhere: a file that `gcore` wrote, a log, what went to a terminal.
    pub fn of_bytes(name: &str, bytes: &[u8]) -> Self {
        let part = Part::new(0, name, bytes.to_vec());
        Self { parts: vec![part], closed: Vec::new() }
    }

    /// Every copy of a value, in any form.
    pub fn copies(&self, value: &str) -> Vec<Copy> {
        let mut copies = BTreeSet::new();
        for form in forms(value) {
            for part in &self.parts {
                form.look(part, &mut copies);
            }
        }
        copies.into_iter().collect()
    }
}

/// A way in which a value may lie in memory.
struct Form {
    name: String,
    bytes: Vec<u8>,
    /// How many of the bytes in a row are a copy
    least: usize,
    /// Distances to look at
    strides: std::ops::RangeInclusive<usize>,
}

fn forms(value: &str) -> Vec<Form> {
    let one = |name: &str, bytes: Vec<u8>| Form { name: name.to_owned(), bytes, least: LEAST, strides: 1..=1 };
    let mut forms = vec![Form { strides: 1..=WIDEST, ..one("text", value.as_bytes().to_vec()) }];
    for (name, bytes) in [
        ("UTF-16 LE", value.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()),
        ("UTF-16 BE", value.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ] {
        forms.push(Form { least: 2 * LEAST, ..one(name, bytes) });
    }
    for before in 0..3 {
        // Letters that depend on their neighbours are left out.
        let text = [&vec![0; before], value.as_bytes()].concat();
        for (name, engine) in [("base64", STANDARD_NO_PAD), ("base64 for addresses", URL_SAFE_NO_PAD)] {
            let encoded = engine.encode(&text);
            let whole = text.len() / 3 * 4;
            let first = (before * 8).div_ceil(6);
            forms.push(one(&format!("{name}, {before} bytes in"), encoded.as_bytes()[first..whole].to_vec()));
        }
    }
    let json = serde_json::to_string(value).expect("text");
    let json = &json[1..json.len() - 1];
    let unit = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    let ascii: String = json.encode_utf16().map(unit).collect();
    forms.push(one("JSON", json.as_bytes().to_vec()));
    forms.push(one("JSON in ASCII", ascii.into_bytes()));
    let address = |safe: fn(u8) -> bool| -> String {
        let each = |byte: u8| if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        value.bytes().map(each).collect()
    };
    forms.push(one("an address", address(|byte| byte.is_ascii_alphanumeric()).into_bytes()));
    forms.push(one("an address, few escapes", address(|byte| byte.is_ascii_graphic() && byte != b'"').into_bytes()));
    let hex = |case: fn(u8) -> String| value.bytes().map(case).collect::<String>().into_bytes();
    for (name, bytes) in [("hex", hex(|byte| format!("{byte:02x}"))), ("HEX", hex(|byte| format!("{byte:02X}")))] {
        forms.push(Form { least: 2 * LEAST, ..one(name, bytes) });
    }
    forms
}

impl Form {
    /// Any stretch of `least` letters holds one of every `least`-th letter. These are looked for, and from each the
    /// neighbours, at every distance.
    fn look(&self, part: &Part, copies: &mut BTreeSet<Copy>) {
        let (wanted, memory) = (self.bytes.as_slice(), part.bytes.as_slice());
        for anchor in (self.least - 1..wanted.len()).step_by(self.least) {
            for page in &part.pages {
                let page_bytes = &memory[page * PAGE..(page * PAGE + PAGE).min(memory.len())];
                for within in memchr::memchr_iter(wanted[anchor], page_bytes) {
                    let at = page * PAGE + within;
                    for stride in self.strides.clone() {
                        // Most places end here; without it a search takes minutes.
                        let next = wanted.get(anchor + 1).is_some_and(|next| memory.get(at + stride) == Some(next));
                        if !next && at.checked_sub(stride).map(|at| memory[at]) != Some(wanted[anchor - 1]) {
                            continue;
                        }
                        let before = wanted[..anchor]
                            .iter()
                            .rev()
                            .zip(1..)
                            .take_while(|(letter, step)| {
                                at.checked_sub(step * stride).map(|at| memory[at]) == Some(**letter)
                            })
                            .count();
                        let behind = wanted[anchor + 1..]
                            .iter()
                            .zip(1..)
                            .take_while(|(letter, step)| memory.get(at + step * stride) == Some(*letter))
                            .count();
                        if before + 1 + behind < self.least {
                            continue;
                        }
                        copies.insert(Copy {
                            form: if stride == 1 { self.name.clone() } else { format!("letters {stride} bytes apart") },
                            at: part.start + (at - before * stride) as u64,
                            letters: before + 1 + behind,
                            place: part.name.clone(),
                        });
                    }
                }
            }
        }
    }
}

/// A value that nothing else in any memory looks like: letters and digits at random, and between them what each form of
/// writing treats in its own way.
pub fn value() -> String {
    let random = |count| std::iter::repeat_with(fastrand::alphanumeric).take(count).collect::<String>();
    format!("{}\"{}/{}", random(9), random(9), random(9))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of memory with something in the middle of it.
    fn around(planted: &[u8]) -> Dump {
        let noise = || std::iter::repeat_with(|| fastrand::u8(..)).take(3000);
        let bytes = noise().chain(planted.iter().copied()).chain(noise()).collect();
        Dump { parts: vec![Part::new(0x1000, "[heap]", bytes)], closed: Vec::new() }
    }

    #[track_caller]
    fn is_found(value: &str, planted: &[u8], form: &str) {
        let copies = around(planted).copies(value);
        assert!(copies.iter().any(|copy| copy.form == form), "{form}: {copies:?}");
    }

    #[test]
    fn p5_the_search_finds_every_form_of_a_value() {
        let value = value();
        is_found(&value, value.as_bytes(), "text");
        is_found(&value, &value.as_bytes()[3..11], "text");
        is_found(&value, &value.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), "UTF-16 LE");
        is_found(&value, &value.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>(), "UTF-16 BE");
        for before in 0..3 {
            let text = [&vec![b'x'; before], value.as_bytes(), b"behind"].concat();
            is_found(&value, STANDARD_NO_PAD.encode(&text).as_bytes(), &format!("base64, {before} bytes in"));
            let form = format!("base64 for addresses, {before} bytes in");
            is_found(&value, URL_SAFE_NO_PAD.encode(&text).as_bytes(), &form);
        }
        is_found(&value, serde_json::to_string(&value).expect("text").as_bytes(), "JSON");
        is_found("pässwörter", br"p\u00e4ssw\u00f6rter", "JSON in ASCII");
        let address: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        is_found(&value, address.as_bytes(), "an address");
        let hex = value.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        is_found(&value, hex.as_bytes(), "hex");
        is_found(&value, hex.to_uppercase().as_bytes(), "HEX");
    }

    #[test]
    fn p5_the_search_finds_letters_at_every_distance_also_a_part_of_them() {
        let value = value();
        for stride in 2..=WIDEST {
            for part in [&value[..], &value[..8], &value[value.len() - 8..]] {
                let mut planted = vec![0; part.len() * stride];
                part.bytes().enumerate().for_each(|(at, letter)| planted[at * stride] = letter);
                let copies = around(&planted).copies(&value);
                let form = format!("letters {stride} bytes apart");
                assert!(
                    copies.iter().any(|copy| copy.form == form && copy.letters >= part.len()),
                    "{form}: {copies:?}"
                );
            }
        }
    }

    #[test]
    fn p5_the_search_finds_nothing_where_there_is_nothing() {
        for _ in 0..20 {
            let value = value();
            // The byte behind is none of the value: at random it would be its eighth letter now and then.
            let seven = [&value.as_bytes()[..7], b"\0"].concat();
            assert_eq!(around(&seven).copies(&value), []);
            assert_eq!(around(self::value().as_bytes()).copies(&value), []);
        }
    }

    #[test]
    fn p5_a_dump_of_a_process_holds_what_the_process_holds() {
        let value = value();
        let held = value.clone().into_boxed_str();
        let copies = Dump::of(std::process::id()).expect("a process may read itself").copies(&value);
        let at = held.as_ptr().addr() as u64;
        assert!(copies.iter().any(|copy| copy.at == at && copy.letters == value.len()), "{copies:?}");
    }
}
