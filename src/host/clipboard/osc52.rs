//! The sequences that ask a terminal to take text into its clipboard, built in memory that is wiped.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// Longest base64 text that is sent: what all terminals known to take any take (k9s and others use the same).
pub(super) const MAX_BASE64: usize = 74_994;

/// Longest piece of a string for GNU screen. Above 768 bytes it drops the whole of it.
const SCREEN_PIECE: usize = 480;

/// The plain sequence: selector `c`, which is the only one some relays know, and BEL, which survives wrapping.
/// `None` if the text is too long.
pub(super) fn plain(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let encoded = base64::encoded_len(text.len(), true).filter(|&len| len <= MAX_BASE64)?;
    let mut out = Zeroizing::new(Vec::with_capacity(encoded + 16));
    out.extend_from_slice(b"\x1b]52;c;");
    let start = out.len();
    out.resize(start + encoded, 0);
    STANDARD.encode_slice(text, out.get_mut(start..)?).ok()?;
    out.push(0x07);
    Some(out)
}

/// Wrapped for GNU screen: device control strings of limited length, which screen joins again.
pub(super) fn for_screen(plain: &[u8]) -> Zeroizing<Vec<u8>> {
    let pieces = plain.len().div_ceil(SCREEN_PIECE);
    let mut out = Zeroizing::new(Vec::with_capacity(plain.len() + pieces * 4));
    for piece in plain.chunks(SCREEN_PIECE) {
        out.extend_from_slice(b"\x1bP");
        out.extend_from_slice(piece);
        out.extend_from_slice(b"\x1b\\");
    }
    out
}

/// Wrapped for tmux with `allow-passthrough`: every escape doubled.
pub(super) fn through_tmux(plain: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(plain.len() + 16));
    out.extend_from_slice(b"\x1bPtmux;");
    for &byte in plain {
        if byte == 0x1b {
            out.push(0x1b);
        }
        out.push(byte);
    }
    out.extend_from_slice(b"\x1b\\");
    out
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_clear_sequence_is_one_space_and_never_empty() {
        assert_eq!(plain(" ").unwrap().as_slice(), b"\x1b]52;c;IA==\x07");
    }

    #[test]
    fn text_over_the_limit_is_not_sent_at_all() {
        assert!(plain(&"x".repeat(MAX_BASE64 / 4 * 3)).is_some());
        assert!(plain(&"x".repeat(MAX_BASE64)).is_none());
    }

    #[test]
    fn passthrough_doubles_the_escape() {
        assert_eq!(through_tmux(b"\x1b]52;c;IA==\x07").as_slice(), b"\x1bPtmux;\x1b\x1b]52;c;IA==\x07\x1b\\");
    }

    proptest! {
        #[test]
        fn pieces_for_screen_are_short_and_join_to_the_whole(text in ".{0,3000}") {
            let plain = plain(&text).unwrap();
            let wrapped = for_screen(&plain);
            let text = String::from_utf8(wrapped.to_vec()).unwrap();
            let pieces: Vec<_> = text.split("\x1b\\").filter(|piece| !piece.is_empty()).collect();
            prop_assert!(pieces.iter().all(|piece| piece.len() <= 768 && piece.starts_with("\x1bP")));
            let joined: String = pieces.iter().map(|piece| &piece[2..]).collect();
            prop_assert_eq!(joined.as_bytes(), plain.as_slice());
        }

        #[test]
        fn nothing_outgrows_the_room_made_for_it(text in ".{0,500}") {
            // A vector that grows leaves its old content behind.
            let plain = plain(&text).unwrap();
            let whole = base64::encoded_len(text.len(), true).unwrap() + 16;
            prop_assert!(plain.len() <= whole && plain.capacity() < whole * 2);
        }
    }
}
