//! The one filter for text from outside.
//!
//! Names, notes, errors, URLs, host names, environment variables, pasted text: whatever was not written by this
//! program passes through here before it is kept, and again after every decode (HTML entities, percent
//! escapes, JSON escapes) that could make new characters out of harmless ones. What comes out is a [`Clean`],
//! and only that type is stored in records and drawn.
//!
//! Nothing is lost silently. A character that would drive the terminal, hide itself or turn the reading
//! direction around is replaced by a visible mark:
//!
//! | Character | Mark |
//! |---|---|
//! | C0 controls, DEL | the Unicode control pictures, `␛`, `␇`, `␡` |
//! | C1 controls, bidirectional controls, zero-width and other invisible characters, private use, noncharacters, code points without a character, characters that terminals do not agree on | the code point between angle quotes, `‹202E›` |
//! | variation selectors and zero-width joiners inside an emoji | left out: the parts that remain are what a terminal can show in straight columns |
//! | more than [`MAX_COMBINING`] combining marks on one letter | the surplus becomes one `‹…›` |

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr as _};

/// How many combining marks one letter may carry before the rest is cut off with a mark.
pub const MAX_COMBINING: usize = 6;

/// The most characters of a name that are kept.
pub const LONGEST_LINE: usize = 1_000;
/// The end of a name that was cut.
pub const CUT: &str = "‹… cut›";

/// Text that has passed the filter: safe to draw, to log and to print. Cheap to compare, 16 bytes, immutable.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Clean(Box<str>);

impl Clean {
    /// Filters text on one line: line breaks and tabs become marks too.
    pub fn line(raw: &str) -> Self {
        match filter(raw, Breaks::Mark) {
            Cow::Borrowed(same) => Self(same.into()),
            Cow::Owned(changed) => Self(changed.into_boxed_str()),
        }
    }

    /// Filters a name, or another attribute of one line: at most [`LONGEST_LINE`] characters of it are kept, marks that
    /// the filter put in among them, and [`CUT`] says so. What a name costs to draw is bounded by that.
    pub fn short_line(raw: &str) -> Self {
        // Characters that the filter leaves out must not make room for a whole megabyte of others.
        let end = raw.char_indices().nth(4 * LONGEST_LINE).map(|(at, _)| at);
        let clean = Self::line(&raw[..end.unwrap_or(raw.len())]);
        match (clean.0.char_indices().nth(LONGEST_LINE).map(|(at, _)| at), end) {
            (None, None) => clean,
            (at, _) => Self(format!("{}{CUT}", &clean.0[..at.unwrap_or(clean.0.len())]).into_boxed_str()),
        }
    }

    /// Whether the end of it was cut off ([`Clean::short_line`]).
    pub fn is_cut(&self) -> bool {
        self.0.ends_with(CUT)
    }

    /// Filters text of several lines: `\n` stays, `\r\n` and Unicode line separators become `\n`, tabs stay
    /// for the renderer to expand.
    pub fn block(raw: &str) -> Self {
        match filter(raw, Breaks::Keep) {
            Cow::Borrowed(same) => Self(same.into()),
            Cow::Owned(changed) => Self(changed.into_boxed_str()),
        }
    }

    /// The filtered text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Clean {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Clean {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for Clean {
    fn from(raw: &str) -> Self {
        Self::line(raw)
    }
}

impl From<String> for Clean {
    fn from(raw: String) -> Self {
        Self::line(&raw)
    }
}

/// Filters as one line while it is read: the server's text never exists unfiltered in a record.
impl<'de> Deserialize<'de> for Clean {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer).map(|raw| Self::line(&raw))
    }
}

/// What becomes of line breaks and tabs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    /// They are marked: the text is on one line.
    Mark,
    /// They stay (normalised to `\n`): the text is laid out by the caller.
    Keep,
}

/// What the filter does with one character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Pass,
    Break,
    Tab,
    Picture,
    Mark,
    /// Emoji presentation selectors and joiners: dropped after an emoji, marked elsewhere.
    EmojiGlue,
    /// A soft space (no-break and friends): an ordinary space.
    Space,
}

fn fate(c: char) -> Fate {
    match c {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => Fate::Break,
        '\t' => Fate::Tab,
        '\0'..='\u{1f}' | '\u{7f}' => Fate::Picture,
        ' '..='~' => Fate::Pass,
        '\u{a0}' | '\u{2007}' | '\u{202f}' => Fate::Space,
        '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}' => Fate::EmojiGlue,
        c if is_hidden(c) => Fate::Mark,
        _ => Fate::Pass,
    }
}

/// Characters beyond ASCII that are never drawn as themselves: controls, formats, fillers, tags, private use, noncharacters, code
/// points that no character has been given, and the few that terminals give another number of columns than we do.
///
/// Everything of the general categories Cc, Cf, Zl, Zp, Co and Cn is among them, and everything that Unicode lets
/// programs ignore (`Default_Ignorable_Code_Point`).
pub fn is_hidden(c: char) -> bool {
    match c {
        // The controls of ASCII have marks of their own.
        '\0'..='\u{7f}' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{34e}' => false,
        // Most of what is not Latin is one of these: no need to look it up.
        '\u{400}'..='\u{52f}' | '\u{2010}'..='\u{2027}' | '\u{2500}'..='\u{25ff}' => false,
        '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => false,
        // Blank, or without an advance, though their category does not say so.
        '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}' => true,
        '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}' => true,
        // Two deprecated Khmer vowels, circled tens, and Hangul and Khitan marks that take columns in some terminals.
        '\u{17a4}' | '\u{17d8}' | '\u{302e}'..='\u{302f}' | '\u{3248}'..='\u{324f}' | '\u{16ff0}'..='\u{16ff1}' => true,
        c => matches!(
            c.general_category(),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::PrivateUse
                | GeneralCategory::Surrogate
                | GeneralCategory::Unassigned
        ),
    }
}

/// Invisible characters between letters that do not change what is read: zero-width blanks and
/// joiners, soft hyphens, byte order marks, variation selectors. In names each of them is shown as a mark; in the prose
/// and code of a document, where editors leave them behind, they are dropped. What turns the reading direction around is
/// not among them.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}')
}

/// Characters that show nothing by themselves: controls, directions, joiners. Blanks, tabs and line ends are not among them.
pub fn shows_nothing(c: char) -> bool {
    let ends = matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    !ends && (c.is_control() || is_unseen(c) || (!c.is_ascii() && c.general_category() == GeneralCategory::Format))
}

/// Columns by which a terminal may draw a piece of text wider than we count; `None` where all terminals agree with us.
/// They differ in vowel signs beside their letter, in emoji with a skin tone and in what is newer than they.
/// Drawing code sends the position of the next piece again after such a piece.
pub fn overhang(grapheme: &str) -> Option<usize> {
    let mut chars = grapheme.chars();
    let first = chars.next()?;
    let rest = chars.as_str();
    match first {
        ' '..='\u{52f}'
        | '\u{2010}'..='\u{205e}'
        | '\u{2190}'..='\u{2193}'
        | '\u{2400}'..='\u{2421}'
        | '\u{2500}'..='\u{25f7}'
            if rest.is_empty() =>
        {
            None
        }
        '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}' if rest.is_empty() => None,
        '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff60}' if rest.is_empty() => None,
        _ => {
            let most = |c: char| match c.width() {
                Some(0) if c.general_category() == GeneralCategory::NonspacingMark => 0,
                width => width.unwrap_or(0).max(1),
            };
            Some(grapheme.chars().map(most).sum::<usize>().saturating_sub(grapheme.width()))
        }
    }
}

/// Whether a character is an emoji or a sign that is drawn like one.
pub fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}'
        | '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}')
}

/// Whether a character takes no column: a mark, or a part of a Korean syllable.
fn is_combining(c: char) -> bool {
    c > '\u{2ff}' && c.width() == Some(0)
}

/// Whether a character without a column has a letter to join. Without one it would be invisible.
fn stands_on(c: char, before: Option<char>, breaks: Breaks) -> bool {
    let Some(before) = before else { return false };
    if breaks == Breaks::Keep && matches!(fate(before), Fate::Break | Fate::Tab) {
        return false;
    }
    match jamo(c) {
        // A vowel continues a consonant, a vowel or a syllable without an end; an end after any of them but the
        // first: elsewhere a new piece of text begins, and it would have no column.
        Some(Jamo::Vowel) => matches!(jamo(before), Some(Jamo::Lead | Jamo::Vowel | Jamo::Open)),
        Some(Jamo::End) => matches!(jamo(before), Some(Jamo::Vowel | Jamo::End | Jamo::Open | Jamo::Closed)),
        _ => !matches!(c.general_category(), GeneralCategory::OtherLetter) && joins(c),
    }
}

/// Whether a mark makes one piece with its letter when text is cut into what is drawn together. One that is newer than
/// the tables for that would be a separate piece without a column, and would not be drawn.
fn joins(mark: char) -> bool {
    use unicode_segmentation::UnicodeSegmentation as _;

    if matches!(mark, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}' | '\u{93c}' | '\u{94d}') {
        return true;
    }
    let mut bytes = [0; 5];
    bytes[0] = b'x';
    let end = 1 + mark.encode_utf8(&mut bytes[1..]).len();
    let text = bytes.get(..end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    text.graphemes(true).count() == 1
}

/// The parts of a Korean syllable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Jamo {
    Lead,
    Vowel,
    End,
    /// A whole syllable that an end can follow
    Open,
    /// A whole syllable with its end
    Closed,
}

fn jamo(c: char) -> Option<Jamo> {
    match c {
        '\u{1100}'..='\u{115f}' | '\u{a960}'..='\u{a97c}' => Some(Jamo::Lead),
        '\u{1160}'..='\u{11a7}' | '\u{d7b0}'..='\u{d7c6}' => Some(Jamo::Vowel),
        '\u{11a8}'..='\u{11ff}' | '\u{d7cb}'..='\u{d7fb}' => Some(Jamo::End),
        '\u{ac00}'..='\u{d7a3}' if (u32::from(c) - 0xac00).is_multiple_of(28) => Some(Jamo::Open),
        '\u{ac00}'..='\u{d7a3}' => Some(Jamo::Closed),
        _ => None,
    }
}

/// What the next character joins after one without a column: still the letter below, but a Korean syllable continues
/// with its newest part and is closed by a mark.
fn carrier(before: Option<char>, c: char) -> Option<char> {
    if jamo(c).is_some() || before.is_some_and(|before| jamo(before).is_some()) { Some(c) } else { before }
}

fn filter(raw: &str, breaks: Breaks) -> Cow<'_, str> {
    let Some(start) = first_change(raw, breaks) else {
        return Cow::Borrowed(raw);
    };
    let mut out = String::with_capacity(raw.len() + 16);
    out.push_str(&raw[..start]);
    let mut before = out.chars().next_back();
    let mut marks = 0;
    let mut chars = raw[start..].chars().peekable();
    while let Some(c) = chars.next() {
        if is_combining(c) && fate(c) == Fate::Pass {
            if !stands_on(c, before, breaks) {
                push_code(&mut out, c);
                // The next character joins the mark.
                (before, marks) = (Some('›'), 0);
                continue;
            }
            marks += 1;
            if marks <= MAX_COMBINING {
                out.push(c);
            } else if marks == MAX_COMBINING + 1 {
                out.push_str("‹…›");
            }
            before = carrier(before, c);
            continue;
        }
        marks = 0;
        match fate(c) {
            Fate::Pass => out.push(c),
            Fate::Space => out.push(' '),
            Fate::Break if breaks == Breaks::Keep => {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    chars.next();
                }
                out.push('\n');
            }
            Fate::Tab if breaks == Breaks::Keep => out.push('\t'),
            Fate::Break if c > '\u{1f}' => push_code(&mut out, c),
            Fate::Break | Fate::Tab | Fate::Picture => out.push(picture(c)),
            Fate::EmojiGlue => {
                let glued = before
                    .is_some_and(|b| is_emoji(b) || (c != '\u{200d}' && (b.is_ascii_digit() || b == '#' || b == '*')));
                if glued {
                    // The next joiner or selector of the same cluster still belongs to this emoji.
                    continue;
                }
                push_code(&mut out, c);
            }
            Fate::Mark => push_code(&mut out, c),
        }
        before = Some(c);
    }
    Cow::Owned(out)
}

/// Byte offset of the first character that does not pass as it is, a little early where context matters.
fn first_change(raw: &str, breaks: Breaks) -> Option<usize> {
    let bytes = raw.as_bytes();
    // A piece at a time without leaving early: that takes a few steps for all of a piece.
    let all_plain = |piece: &&[u8]| piece.iter().fold(true, |all, b| all & matches!(b, b' '..=b'~'));
    let whole = bytes.chunks(64).take_while(all_plain).map(<[u8]>::len).sum::<usize>();
    let plain = whole
        + bytes
            .get(whole..)?
            .iter()
            .position(|&b| !(b' '..=b'~').contains(&b) && !(breaks == Breaks::Keep && (b == b'\n' || b == b'\t')))?;
    let mut marks = 0;
    let mut before = raw[..plain].chars().next_back();
    for (at, c) in raw[plain..].char_indices() {
        // Most of a text, and the lines of tables.
        if matches!(c, ' '..='~' | '\u{2500}'..='\u{257f}') {
            marks = 0;
            before = Some(c);
            continue;
        }
        if is_combining(c) && fate(c) == Fate::Pass {
            marks += 1;
            if marks > MAX_COMBINING || !stands_on(c, before, breaks) {
                // Start over from the beginning: the count needs the letter before.
                return Some(0);
            }
            before = carrier(before, c);
            continue;
        }
        marks = 0;
        before = Some(c);
        let passes = match fate(c) {
            Fate::Pass => true,
            Fate::Break => c == '\n' && breaks == Breaks::Keep,
            Fate::Tab => breaks == Breaks::Keep,
            _ => false,
        };
        if !passes {
            return Some(plain + at);
        }
    }
    None
}

fn picture(c: char) -> char {
    match c {
        '\u{7f}' => '\u{2421}',
        c => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
    }
}

fn push_code(out: &mut String, c: char) {
    use fmt::Write as _;
    // Writing into a String cannot fail.
    let _ = write!(out, "‹{:04X}›", c as u32);
}

/// A filtered text as it is meant to be pasted: marks are for eyes, the value has none. Marks of characters that do not
/// show are left out, line ends and tabs at the edges too; within one line they become blanks. Also says how many marks
/// went. A server's text that had such a mark spelled out in it loses that as well.
pub fn without_marks(clean: &str) -> (Cow<'_, str>, usize) {
    let is_end = |c: char| matches!(c, '\n' | '\r' | '␊' | '␍' | '␉');
    let trimmed = clean.trim_matches(is_end);
    let mut gone = clean.chars().count() - trimmed.chars().count();
    if !trimmed.contains(['‹', '␊', '␍', '␉', '␛', '␡']) && !trimmed.chars().any(is_picture) {
        return (Cow::Borrowed(trimmed), gone);
    }
    let mut out = String::with_capacity(trimmed.len());
    let mut rest = trimmed;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if let Some(end) = after.find('›').filter(|_| c == '‹')
            && is_mark(&after[..end])
        {
            gone += 1;
            rest = &after[end + '›'.len_utf8()..];
            continue;
        }
        match c {
            '␊' | '␍' | '␉' => {
                gone += 1;
                // A line end of two characters is one blank.
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if is_picture(c) => gone += 1,
            c => out.push(c),
        }
        rest = after;
    }
    (Cow::Owned(out), gone)
}

/// Whether this is a picture that the filter puts in the place of a control.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2400}'..='\u{241f}' | '\u{2421}')
}

/// Whether this is in a mark for an invisible character: its code point, or the sign for surplus ones.
fn is_mark(inner: &str) -> bool {
    let digits = (4..=6).contains(&inner.len()) && inner.bytes().all(|b| b.is_ascii_hexdigit());
    let hidden = |c: char| is_hidden(c) || matches!(fate(c), Fate::EmojiGlue | Fate::Mark);
    inner == "…" || digits && u32::from_str_radix(inner, 16).ok().and_then(char::from_u32).is_some_and(hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied_twice() {
        assert!(matches!(filter("Harbour & Pine Dental", Breaks::Mark), Cow::Borrowed(_)));
        assert!(matches!(filter("Zoë 診療所 résumé", Breaks::Mark), Cow::Borrowed(_)));
    }

    #[test]
    fn controls_become_pictures_and_codes() {
        assert_eq!(Clean::line("a\x1b[31mb\x07").as_str(), "a␛[31mb␇");
        assert_eq!(Clean::line("\u{9b}31m").as_str(), "‹009B›31m");
        assert_eq!(Clean::line("invoice\u{202e}fdp.exe").as_str(), "invoice‹202E›fdp.exe");
        assert_eq!(Clean::line("two\nlines\tand\r").as_str(), "two␊lines␉and␍");
    }

    #[test]
    fn blocks_keep_their_lines() {
        assert_eq!(Clean::block("a\r\nb\rc\u{2028}d\te").as_str(), "a\nb\nc\nd\te");
    }

    #[test]
    fn emoji_lose_their_glue_and_nothing_else_does() {
        assert_eq!(Clean::line("👩\u{200d}💻 ❤\u{fe0f}").as_str(), "👩💻 ❤");
        assert_eq!(Clean::line("a\u{200d}b").as_str(), "a‹200D›b");
    }

    #[test]
    fn no_code_point_comes_through_that_should_not() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let out = Clean::line(&format!("x{c}y"));
            assert!(!out.chars().any(|o| o.is_control() || is_hidden(o)), "U+{:04X} gives {out:?}", c as u32);
        }
    }

    /// What is drawn is drawn piece by piece, and a piece without a column is left out.
    #[test]
    fn every_code_point_is_in_a_piece_that_takes_columns() {
        use unicode_segmentation::UnicodeSegmentation as _;
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let out = Clean::line(&format!("x{c}y"));
            let lost: Vec<&str> = out.graphemes(true).filter(|piece| piece.width() == 0).collect();
            assert!(lost.is_empty(), "U+{:04X} gives {out:?}, of which {lost:?} is not drawn", c as u32);
        }
    }

    #[test]
    fn what_is_hidden_has_no_gaps() {
        use GeneralCategory as G;
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let category = c.general_category();
            let unseen = matches!(category, G::Control | G::Format | G::LineSeparator | G::ParagraphSeparator);
            let nothing = matches!(category, G::PrivateUse | G::Surrogate | G::Unassigned);
            assert!(c.is_ascii() || is_hidden(c) || !(unseen || nothing), "U+{:04X} is {category:?}", c as u32);
            // What is left and takes no column is a mark on the letter before, or known to be drawn differently.
            let mark = matches!(category, G::NonspacingMark | G::SpacingMark | G::EnclosingMark);
            let unsure = overhang(c.encode_utf8(&mut [0; 4])).is_some_and(|columns| columns > 0);
            assert!(
                c.is_ascii() || is_hidden(c) || mark || unsure || c.width() != Some(0),
                "U+{:04X} takes no column",
                c as u32
            );
        }
    }

    #[test]
    fn where_terminals_may_differ_is_known() {
        for sure in ["a", "é", "я", "診", "│", "…", "▌", "한"] {
            assert_eq!(overhang(sure), None, "{sure}");
        }
        for (unsure, columns) in [("e\u{301}", 0), ("ক\u{9be}", 1), ("👍🏽", 2), ("🇩🇪", 0), ("👩", 0), ("☰", 0)]
        {
            assert_eq!(overhang(unsure), Some(columns), "{unsure}");
        }
    }

    #[test]
    fn letters_that_all_terminals_draw_alike_are_left_alone_unless_something_stands_on_them() {
        for plain in ["e", "か", "日", "한", "│"] {
            assert_eq!(overhang(plain), None, "{plain}");
        }
        for marked in ["e\u{301}", "か\u{3099}", "日\u{301}"] {
            assert!(overhang(marked).is_some(), "{marked}");
        }
    }

    #[test]
    fn however_it_is_made_and_read_it_is_the_filtered_text() {
        let clean = Clean::line("a\x1bb");
        for other in [
            Clean::from("a\x1bb"),
            Clean::from("a\x1bb".to_owned()),
            serde_json::from_str(r#""a\u001bb""#).expect("a text"),
        ] {
            assert_eq!(other, clean);
        }
        assert_eq!((clean.as_ref(), &*clean), ("a␛b", "a␛b"));
        assert_eq!((format!("{clean:>5}").as_str(), format!("{clean:?}").as_str()), ("  a␛b", "\"a␛b\""));
    }

    #[test]
    fn spaces_that_do_not_break_are_spaces() {
        assert_eq!(Clean::line("1\u{a0}000\u{2007}\u{202f}kr").as_str(), "1 000  kr");
    }

    #[test]
    fn a_part_of_a_korean_syllable_is_drawn_only_where_a_syllable_can_go_on() {
        for whole in
            ["\u{1112}\u{1161}\u{11ab}", "\u{d558}\u{11ab}", "\u{d55c}\u{11ab}\u{11ab}", "\u{1112}\u{1161}\u{1161}"]
        {
            assert_eq!(Clean::line(whole).as_str(), whole);
        }
        // An end without a vowel, a vowel after an end, and whatever comes after a mark begin a piece without a column.
        for (raw, marked) in [
            ("\u{1112}\u{11ab}", "\u{1112}‹11AB›"),
            ("\u{d55c}\u{1161}", "\u{d55c}‹1161›"),
            ("\u{1112}\u{1161}\u{11ab}\u{1161}", "\u{1112}\u{1161}\u{11ab}‹1161›"),
            ("\u{1112}\u{301}\u{1161}", "\u{1112}\u{301}‹1161›"),
            ("x\u{11ab}", "x‹11AB›"),
        ] {
            assert_eq!(Clean::line(raw).as_str(), marked, "{raw:?}");
            assert_eq!(Clean::line(marked).as_str(), marked, "twice");
        }
    }

    #[test]
    fn stacked_marks_are_cut_with_a_sign() {
        let zalgo = format!("e{}", "\u{301}".repeat(40));
        let out = Clean::line(&zalgo);
        assert_eq!(out.chars().filter(|&c| c == '\u{301}').count(), MAX_COMBINING);
        assert!(out.contains("‹…›"));
    }

    #[test]
    fn filtering_twice_changes_nothing_more() {
        assert_eq!(
            Clean::line("x\u{1161} 한\u{11ab} \u{1112}\u{1161}").as_str(),
            "x‹1161› 한\u{11ab} \u{1112}\u{1161}"
        );
        assert_eq!(Clean::block("a\n\u{301}b\t\u{301}").as_str(), "a\n‹0301›b\t‹0301›");
        assert_eq!(Clean::block("e\u{301}\n").as_str(), "e\u{301}\n");
        for raw in [
            "a\x1bb",
            "x\u{1161}\u{11ab}",
            "\u{301}\u{301}",
            "\u{d4e}x",
            "👩\u{200d}💻",
            "e\u{301}\u{301}",
            "\u{301}x",
            "\u{feff}x\u{200b}",
        ] {
            let once = Clean::line(raw);
            assert_eq!(Clean::line(&once), once, "{raw:?}");
        }
    }

    #[test]
    fn a_name_is_cut_with_a_mark_and_its_marks_count() {
        let whole = "x".repeat(LONGEST_LINE);
        assert_eq!(*Clean::short_line(&whole), *whole);
        assert_eq!(*Clean::short_line(&format!("{whole}y")), format!("{whole}{CUT}"));
        for raw in ["\u{202e}".repeat(3_300_000), "名".repeat(5_000), "a".to_owned() + &"\u{301}".repeat(5_000)] {
            let name = Clean::short_line(&raw);
            assert!(name.is_cut() && name.chars().count() <= LONGEST_LINE + CUT.chars().count());
        }
        assert!(!Clean::short_line("Harbour").is_cut());
    }

    #[test]
    fn what_is_copied_has_no_marks() {
        for (raw, value) in [
            ("svc-backup\n", "svc-backup"),
            ("\r\n svc \t\n", " svc "),
            ("dom\\svc\u{ad}sql", "dom\\svcsql"),
            ("Get-Item\u{200b} C:\\x", "Get-Item C:\\x"),
            ("\u{feff}admin\u{2060}", "admin"),
            ("two\r\nlines", "two lines"),
            ("a\u{202e}b\u{1b}[31m", "ab[31m"),
            ("plain", "plain"),
            ("‹quoted› and ‹12› stay", "‹quoted› and ‹12› stay"),
            ("‹0041› stays: A shows", "‹0041› stays: A shows"),
        ] {
            assert_eq!(without_marks(&Clean::line(raw)).0, value, "{raw:?}");
        }
        let (text, gone) = without_marks("line one\nline\ttwo\n");
        assert_eq!((&*text, gone), ("line one\nline\ttwo", 1), "lines of a text stay");
    }
}
