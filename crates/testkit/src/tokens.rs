//! What a terminal is told, cut into text, control characters and escape sequences.

/// A piece of the stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Token {
    /// Printable text
    Text(String),
    /// One control character outside of any sequence, C1 included
    Control(char),
    /// A sequence with its introducer, without the final string terminator of an OSC
    Escape(String),
}

/// Cuts a stream. Bytes that are no UTF-8 come as text with replacement characters.
pub fn tokens(bytes: &[u8]) -> Vec<Token> {
    let text = String::from_utf8_lossy(bytes);
    let mut tokens = Vec::new();
    let mut rest = &*text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\x1b' => escape_length(rest),
            c if c.is_control() => c.len_utf8(),
            _ => rest.find(char::is_control).unwrap_or(rest.len()),
        };
        let (piece, tail) = rest.split_at(length);
        tokens.push(match c {
            '\x1b' => Token::Escape(piece.to_owned()),
            c if c.is_control() => Token::Control(c),
            _ => Token::Text(piece.to_owned()),
        });
        rest = tail;
    }
    tokens
}

fn escape_length(text: &str) -> usize {
    let mut after = text.char_indices().skip(1);
    match after.next().map(|(_, c)| c) {
        Some('[') => after
            .find(|(_, c)| ('\u{40}'..='\u{7e}').contains(c) || c.is_control())
            .map_or(text.len(), |(at, c)| at + c.len_utf8()),
        Some(']' | 'P' | '_' | '^' | 'X') => {
            let bell = text.find('\x07').map(|at| at + 1);
            let terminator = text.find("\x1b\\").map(|at| at + 2);
            bell.into_iter().chain(terminator).min().unwrap_or(text.len())
        }
        Some(c) => 1 + c.len_utf8(),
        None => text.len(),
    }
}

/// Whether a sequence is one of those that gluepot may write: its list is here, and nothing else may come out.
pub fn is_ours(sequence: &str) -> bool {
    const FIXED: [&str; 20] = [
        "\x1b[?2026h",
        "\x1b[?2026l",
        "\x1b[?1049h",
        "\x1b[?1049l",
        "\x1b[?25h",
        "\x1b[?25l",
        "\x1b[?2004h",
        "\x1b[?2004l",
        "\x1b[?1004h",
        "\x1b[?1004l",
        "\x1b[?1000h",
        "\x1b[?1000l",
        "\x1b[?1002h",
        "\x1b[?1002l",
        "\x1b[?1006h",
        "\x1b[?1006l",
        "\x1b[2J",
        "\x1b[2K",
        "\x1b[J",
        "\x1b[H",
    ];
    FIXED.contains(&sequence) || is_colour_or_style(sequence) || is_position(sequence) || is_clipboard(sequence)
}

fn parameters(sequence: &str, last: char) -> Option<Vec<u16>> {
    let inner = sequence.strip_prefix("\x1b[")?.strip_suffix(last)?;
    inner.split(';').map(|number| number.parse().ok()).collect()
}

fn is_colour_or_style(sequence: &str) -> bool {
    parameters(sequence, 'm').is_some()
}

/// Whether a sequence sets a colour, foreground, background or of the underline.
pub fn sets_colour(sequence: &str) -> bool {
    let is_colour = |code: u16| matches!(code, 30..=38 | 40..=48 | 58 | 90..=107);
    parameters(sequence, 'm').is_some_and(|codes| codes.into_iter().any(is_colour))
}

fn is_position(sequence: &str) -> bool {
    parameters(sequence, 'H').is_some_and(|numbers| numbers.len() == 2)
}

fn is_clipboard(sequence: &str) -> bool {
    let payload = sequence.strip_prefix("\x1b]52;c;").and_then(|rest| rest.strip_suffix('\x07'));
    payload.is_some_and(|base64| base64.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b)))
}

#[test]
fn a_stream_is_cut_where_its_sequences_end() {
    let stream = "a\x1b[1;31mb\x1b]52;c;aGk=\x07\x1b]0;t\x1b\\\r\u{9b}c\x1b7\x1b[";
    let escape = |s: &str| Token::Escape(s.into());
    let expected = [
        Token::Text("a".into()),
        escape("\x1b[1;31m"),
        Token::Text("b".into()),
        escape("\x1b]52;c;aGk=\x07"),
        escape("\x1b]0;t\x1b\\"),
        Token::Control('\r'),
        Token::Control('\u{9b}'),
        Token::Text("c".into()),
        escape("\x1b7"),
        escape("\x1b["),
    ];
    assert_eq!(tokens(stream.as_bytes()), expected);
}

#[test]
fn only_the_sequences_of_the_list_are_ours() {
    for ours in ["\x1b[0m", "\x1b[38;5;8m", "\x1b[1;1H", "\x1b[H", "\x1b[?25l", "\x1b]52;c;aGk=\x07"] {
        assert!(is_ours(ours), "{ours:?}");
    }
    for other in ["\x1b]0;t\x07", "\x1b[6n", "\x1b[c", "\x1b]52;c;?\x07", "\x1b7", "\x1b[", "\x1b[?47h", "\x1b[5i"] {
        assert!(!is_ours(other), "{other:?}");
    }
    assert!(sets_colour("\x1b[1;36m") && sets_colour("\x1b[38;5;8m") && !sets_colour("\x1b[1;7;22m"));
}
