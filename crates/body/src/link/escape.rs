//! Percent escapes, schemes and paths of Windows.

/// A text without percent escapes. Invalid UTF-8 becomes marks.
pub(super) fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether the target of a link is a path of Windows: `\\\\server\\share` or `C:\\folder`.
pub fn is_file_path(href: &str) -> bool {
    let mut chars = href.chars();
    let drive = (chars.next(), chars.next(), chars.next());
    href.starts_with("\\\\") || matches!(drive, (Some(letter), Some(':'), Some('\\')) if letter.is_ascii_alphabetic())
}

/// The scheme in front of the first colon, if the text can be one.
pub(super) fn scheme(href: &str) -> Option<&str> {
    let (scheme, _) = href.split_once(':')?;
    let mut chars = scheme.chars();
    let first = chars.next()?;
    (first.is_ascii_alphabetic() && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
        .then_some(scheme)
}

/// Whether a byte may be in an address as it is.
fn is_usual(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'_' | b'.' | b'+' | b'!' | b'*' | b'\'' | b'(' | b')' | b',' | b'%' | b'#' | b'@' | b'?'
        )
        || matches!(byte, b'=' | b';' | b':' | b'/' | b'&' | b'$' | b'~')
}

/// An address with everything unusual percent-encoded, the way Markdown converters write it, so that the same link
/// is the same from HTML and from Markdown.
pub(crate) fn escaped(href: &str) -> String {
    use std::fmt::Write as _;

    if href.bytes().all(is_usual) {
        return href.to_owned();
    }
    let mut out = String::with_capacity(href.len());
    for c in href.chars() {
        if u8::try_from(c).is_ok_and(is_usual) {
            out.push(c);
        } else {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                // Writing into a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
