//! One record as one line: how it is written, chained and keyed.
//!
//! A line is a JSON object in printable ASCII. Everything outside the range from space to `~` is written as a
//! `\u` escape, so that the file is safe to `cat`. The last two members are always these:
//!
//! - `prev`: SHA-256 of the line before, in hex, without its line break. Whatever is between two records, a
//!   torn one included, is covered by the hash of the next; of several torn lines in a row each is hashed together
//!   with the hash of the one before.
//! - `mac`: HMAC-SHA-256, in hex, over every byte of the line before `,"mac":`.
//!
//! The key of the MAC moves forward with each record and the old one is forgotten: who takes today's key cannot
//! rewrite yesterday's records. A reader who has the first key can walk the whole file. Members may be added
//! later without a new version, since hash and MAC are over bytes and not over meanings.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The key of one record.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// A SHA-256 value.
pub(super) type Hash = [u8; 32];

/// No line this program writes is as long, its line break counted. Names and reasons are cut to fit; see [`Line::text`].
pub(super) const MAX_LINE: usize = 64 * 1024;

const MAC_MEMBER: &str = ",\"mac\":\"";
const RECORD: &[u8] = b"gluepot audit record\n";
const COPY: &[u8] = b"gluepot audit copy\n";
const NEXT_KEY: &[u8] = b"gluepot audit next key\n";

/// SHA-256 of a line without its line break.
pub(super) fn hash(line: &[u8]) -> Hash {
    Sha256::digest(line).into()
}

/// The hash for several lines in a row that are not records: each is bound to those before it.
pub(super) fn hash_after(before: &Hash, line: &[u8]) -> Hash {
    Sha256::new().chain_update(hex(before)).chain_update(b"\n").chain_update(line).finalize().into()
}

/// The key of the next record.
pub(super) fn next_key(key: &Key) -> Key {
    Zeroizing::new(mac(key, NEXT_KEY, &[]).finalize().into_bytes().into())
}

fn mac(key: &Key, domain: &[u8], body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key[..]).expect("HMAC takes keys of any length");
    mac.update(domain);
    mac.update(body);
    mac
}

/// The seal of a copy that does not hold its whole record, over all before it.
pub(super) fn copy_seal(key: &Key, body: &[u8]) -> String {
    hex(&mac(key, COPY, body).finalize().into_bytes())
}

/// Whether a line has the form of a record, no matter what wrote it.
pub(super) fn has_form(line: &[u8]) -> bool {
    let seal_len = MAC_MEMBER.len() + 64 + 2;
    let seal = line.len().checked_sub(seal_len).and_then(|at| line.get(at..)).unwrap_or_default();
    let seal = seal.strip_prefix(MAC_MEMBER.as_bytes()).and_then(|seal| seal.strip_suffix(b"\"}"));
    line.starts_with(b"{\"v\":1,\"trail\":\"") && seal.is_some_and(|seal| from_hex::<32>(seal).is_some())
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Reads lower-case hex of exactly the right length.
pub(super) fn from_hex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    if text.len() != N * 2 {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(text.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(out)
}

/// A line being written.
pub(super) struct Line(String);

impl Line {
    /// Begins a record of one kind: `start`, `intent`, `outcome` or `recovery`.
    pub(super) fn new(kind: &str, trail: &[u8; 8], seq: u64) -> Self {
        let mut out = String::with_capacity(1024);
        let _ = write!(out, "{{\"v\":1,\"trail\":\"{}\",\"seq\":{seq},\"kind\":\"{kind}\"", hex(trail));
        Self(out)
    }

    /// Starts a line that is not a record but the short copy of one.
    pub(super) fn bare() -> Self {
        Self("{\"copy\":true".into())
    }

    /// Closes a line that is not a record, with its own seal.
    pub(super) fn close(mut self, key: &Key) -> String {
        let seal = copy_seal(key, self.0.as_bytes());
        self.text("seal", &seal, 64);
        self.0.push('}');
        self.0
    }

    /// Adds a number.
    pub(super) fn number(&mut self, name: &str, value: u64) -> &mut Self {
        let _ = write!(self.0, ",\"{name}\":{value}");
        self
    }

    /// Adds a truth, if it holds.
    pub(super) fn flag(&mut self, name: &str, holds: bool) -> &mut Self {
        if holds {
            let _ = write!(self.0, ",\"{name}\":true");
        }
        self
    }

    /// Adds text, escaped and cut after `max` characters; nothing if it is empty.
    pub(super) fn text(&mut self, name: &str, value: &str, max: usize) -> &mut Self {
        if !value.is_empty() {
            let _ = write!(self.0, ",\"{name}\":");
            self.string(value, max);
        }
        self
    }

    fn string(&mut self, value: &str, max: usize) {
        self.0.push('"');
        let mut characters = value.chars();
        for c in characters.by_ref().take(max) {
            match c {
                '"' | '\\' => {
                    self.0.push('\\');
                    self.0.push(c);
                }
                ' '..='~' => self.0.push(c),
                c => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        let _ = write!(self.0, "\\u{unit:04x}");
                    }
                }
            }
        }
        if characters.next().is_some() {
            self.0.push_str("...");
        }
        self.0.push('"');
    }

    /// Closes the record: chains it to the line before and seals it. With the line break.
    pub(super) fn seal(mut self, prev: &Hash, key: &Key) -> Vec<u8> {
        let _ = write!(self.0, ",\"prev\":\"{}\"", hex(prev));
        let seal = mac(key, RECORD, self.0.as_bytes()).finalize().into_bytes();
        let _ = writeln!(self.0, "{MAC_MEMBER}{}\"}}", hex(&seal));
        self.0.into_bytes()
    }
}

/// Whether a line (without its line break) follows the line with the hash `prev` and was sealed with this key.
pub(super) fn is_sealed(line: &[u8], prev: &Hash, key: &Key) -> bool {
    let seal_len = MAC_MEMBER.len() + 64 + 2;
    let Some((body, seal)) = line.len().checked_sub(seal_len).and_then(|at| line.split_at_checked(at)) else {
        return false;
    };
    let Some(seal) = seal.strip_prefix(MAC_MEMBER.as_bytes()).and_then(|seal| seal.strip_suffix(b"\"}")) else {
        return false;
    };
    let Some(seal) = from_hex::<32>(seal) else { return false };
    let named = body.strip_suffix(b"\"").and_then(|body| body.split_last_chunk::<64>());
    let named = named.and_then(|(before, named)| before.ends_with(b",\"prev\":\"").then(|| from_hex(named)).flatten());
    named == Some(*prev) && mac(key, RECORD, body).verify_slice(&seal).is_ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(byte: u8) -> Key {
        Zeroizing::new([byte; 32])
    }

    fn line(text: &str) -> Vec<u8> {
        let mut line = Line::new("intent", &[1; 8], 7);
        line.number("uid", 1000).text("reason", text, 500).flag("clock_back", false);
        line.seal(&[9; 32], &key(3))
    }

    fn bare(line: &[u8]) -> &[u8] {
        line.strip_suffix(b"\n").unwrap()
    }

    #[test]
    fn a_sealed_line_is_recognised_by_its_own_key_and_place_only() {
        let line = line("ticket 4711");
        assert!(is_sealed(bare(&line), &[9; 32], &key(3)));
        assert!(!is_sealed(bare(&line), &[8; 32], &key(3)), "another place in the chain");
        assert!(!is_sealed(bare(&line), &[9; 32], &key(4)), "another key");
    }

    #[test]
    fn every_flipped_bit_is_seen() {
        let line = line("x");
        for at in 0..bare(&line).len() {
            for bit in 0..8 {
                let mut bad = bare(&line).to_vec();
                bad[at] ^= 1 << bit;
                assert!(!is_sealed(&bad, &[9; 32], &key(3)), "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn long_text_is_cut_and_marked() {
        let mut line = Line::new("intent", &[1; 8], 7);
        line.text("name", "abcdef", 3);
        assert!(line.0.ends_with("\"name\":\"abc...\""));
    }

    #[test]
    fn keys_move_forward() {
        let first = key(1);
        let second = next_key(&first);
        let third = next_key(&second);
        assert_ne!(*first, *second);
        assert_ne!(*second, *third);
        assert_eq!(*second, *next_key(&key(1)));
    }

    #[test]
    fn hex_goes_there_and_back_and_refuses_the_rest() {
        assert_eq!(from_hex::<3>(hex(&[0, 171, 255]).as_bytes()), Some([0, 171, 255]));
        for bad in ["", "00ab", "00AB00", "00ab0g", "00ab000"] {
            assert_eq!(from_hex::<3>(bad.as_bytes()), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_one_line_of_printable_ascii_that_reads_back(text in any::<String>()) {
            let line = line(&text);
            let (last, rest) = line.split_last().unwrap();
            prop_assert_eq!(*last, b'\n');
            prop_assert!(rest.iter().all(|byte| (b' '..=b'~').contains(byte)));
            let value: serde_json::Value = serde_json::from_slice(rest).unwrap();
            if text.chars().count() <= 500 {
                prop_assert_eq!(value["reason"].as_str().unwrap_or_default(), text);
            }
        }

        #[test]
        fn arbitrary_bytes_are_never_taken_for_a_record(bytes in any::<Vec<u8>>()) {
            prop_assert!(!is_sealed(&bytes, &[9; 32], &key(3)));
        }
    }
}
