//! What comes through the filter, over every code point there is.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

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
    assert_eq!(Clean::line("x\u{1161} 한\u{11ab} \u{1112}\u{1161}").as_str(), "x‹1161› 한\u{11ab} \u{1112}\u{1161}");
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
