//! What the filter finds, in which order, and what it marks.

use proptest::prelude::*;

use super::fold::fold;
use super::*;

fn index(rows: &[&[&str]]) -> Index {
    let mut index = Index::new();
    for row in rows {
        index.push(row);
    }
    index
}

fn names<'a>(rows: &[&'a str], query: &str) -> Vec<&'a str> {
    let mut index = Index::new();
    for row in rows {
        index.push(&[row]);
    }
    all(&index.filter(query)).into_iter().map(|at| rows[at as usize]).collect()
}

/// All rows found: those that answer, then the weak ones.
fn all(hits: &Hits) -> Vec<u32> {
    hits.strong.iter().copied().chain(hits.weak.iter().map(|weak| weak.row)).collect()
}

fn weak<'a>(rows: &[&'a str], query: &str) -> Vec<&'a str> {
    let mut index = Index::new();
    for row in rows {
        index.push(&[row]);
    }
    index.filter(query).weak.iter().map(|weak| rows[weak.row as usize]).collect()
}

#[test]
fn an_empty_query_keeps_all_rows_in_order() {
    assert_eq!(names(&["b", "a", ""], "  "), ["b", "a", ""]);
    assert_eq!(Index::new().filter("x"), Hits::default());
}

#[test]
fn the_better_place_in_the_name_comes_first() {
    let rows = ["a v p n x", "myvpn", "Remote VPN", "VPN for staff", "vpn", "printer"];
    assert_eq!(names(&rows, "vpn"), ["vpn", "VPN for staff", "Remote VPN", "myvpn", "a v p n x"]);
}

#[test]
fn a_hit_in_the_name_comes_before_one_in_another_field() {
    let mut index = index(&[&["Printer", "10.1.2.3"], &["Gateway 10.1", "192.0.2.1"], &["Switch", "10.1"]]);
    assert_eq!(all(&index.filter("10.1")), [1, 2, 0]);
}

#[test]
fn rows_of_the_same_rank_keep_their_order() {
    assert_eq!(names(&["srv 3", "srv 1", "srv 2"], "srv"), ["srv 3", "srv 1", "srv 2"]);
}

#[test]
fn words_start_at_capitals_digits_and_punctuation() {
    assert_eq!(names(&["ximg", "HPD-IMG01", "ScanImg"], "img"), ["HPD-IMG01", "ScanImg", "ximg"]);
    assert_eq!(names(&["a101", "srv01"], "01"), ["srv01", "a101"]);
}

#[test]
fn all_words_must_match_in_any_order_and_any_field() {
    let mut index = index(&[&["Domain admin", "Servers"], &["Local admin", "Workstations"], &["Backup", "Servers"]]);
    assert_eq!(all(&index.filter("serv adm")), [0]);
    assert_eq!(all(&index.filter("admin")), [0, 1]);
}

#[test]
fn capitals_make_no_difference_either_way() {
    assert_eq!(names(&["mac", "MAC", "Mac"], "Mac").len(), 3);
    assert_eq!(names(&["00:1a:2b", "HPD-DC01"], "00:1A:2B"), ["00:1a:2b"]);
    assert_eq!(names(&["hpd-dc01.corp.example"], "HPD-DC01.Corp"), ["hpd-dc01.corp.example"]);
    assert_eq!(names(&["ÉCOLE"], "École"), ["ÉCOLE"]);
}

#[test]
fn typography_and_what_does_not_show_make_no_difference() {
    assert_eq!(names(&["O’Brien handover"], "o'brien"), ["O’Brien handover"]);
    assert_eq!(names(&["O'Brien handover"], "o’brien"), ["O'Brien handover"]);
    assert_eq!(names(&["Site–to–site"], "site-to-site"), ["Site–to–site"]);
    assert_eq!(names(&["phone system"], "phone\u{200b}"), ["phone system"]);
    assert_eq!(names(&["phone system"], "\u{feff}pho\u{ad}ne\u{a0}sys"), ["phone system"]);
    assert_eq!(names(&["Spool‹00AD›er"], "spooler"), ["Spool‹00AD›er"]);
    assert_eq!(names(&["Cafe\u{301} router"], "café"), ["Cafe\u{301} router"]);
    assert_eq!(names(&["Café router"], "cafe\u{301} router"), ["Café router"]);
    assert_eq!(names(&["Café router"], "cafe‹0301› router"), ["Café router"], "an accent that was typed alone");
}

#[test]
fn a_hardware_address_is_found_in_every_spelling() {
    let spellings =
        ["00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E", "001A.2B3C.4D5E", "001A2B3C4D5E", "001a2b-3c4d5e", "001A:2B3C:4D5E"];
    let parts = ["00:1a:2b", "00-1A-2B", "001A.2B", "001a2b", "2b-3c-4d", "2b3c.4d", "00:1a:2b:3", "0:1a:2b:3c:4d:5e"];
    let other = ["00:1a:2c:3c:4d:5e", "x"];
    for written in spellings {
        for typed in spellings.into_iter().chain(parts) {
            let mut index = index(&[&["Switch", written], &[other[0], other[1]], &["AP", other[0]]]);
            let found = index.filter(typed);
            assert_eq!((found.strong, found.weak.len()), (vec![0], 0), "{typed} in {written}");
        }
    }
}

#[test]
fn an_ip_address_is_no_hardware_address() {
    let mut index = index(&[&["a", "10.12.13.14"], &["b", "101.213.14.1"]]);
    assert_eq!(index.filter("10.12.13.14").strong, [0]);
}

#[test]
fn letters_scattered_by_chance_are_weak_and_five_at_most() {
    let rows = ["Porting telephone numbers", "Printer", "Brother printers", "Restart one register"];
    assert_eq!(weak(&rows, "printer"), ["Porting telephone numbers"]);
    assert_eq!(weak(&["Ctrl-k toner", "Start one restore"], "toner"), ["Start one restore"], "across words, too");
    let mut many = Index::new();
    for i in 0..50 {
        many.push(&[&format!("v{i}p{i}n")]);
    }
    let hits = many.filter("vpn");
    assert_eq!((hits.strong.len(), hits.weak.len()), (0, MOST_WEAK));
}

#[test]
fn beginnings_of_words_in_a_row_are_no_chance() {
    let strong = |query, row| {
        let mut index = index(&[&[row]]);
        index.filter(query).strong.len() == 1
    };
    for (query, row) in [
        ("rtis", "Restart the imaging server"),
        ("ris", "Restart the imaging server"),
        ("restim", "Restart the imaging server"),
        ("hi01", "HPD-IMG01"),
        ("hpdimg", "HPD-IMG01"),
        ("wfc", "WarehouseFileCopy"),
        ("47110815", "SN 4711-0815"),
        ("vfr", "VPN for remote staff"),
    ] {
        assert!(strong(query, row), "{query} in {row}");
    }
    for (query, row) in
        [("rs", "Restart imaging server"), ("estim", "Restart imaging"), ("sd", "Southern x branch desk")]
    {
        assert!(!strong(query, row), "{query} in {row}");
    }
    assert_eq!(marks("rtis", "Restart the imaging server"), [0, 8, 12, 20]);
    assert_eq!(marks("restim", "Restart the imaging"), [0, 1, 2, 3, 12, 13]);
}

#[test]
fn a_row_that_answers_comes_before_a_weak_one_whatever_their_ranks() {
    let rows = ["vpn  r.o.u.t.e.r aslow", "x vpn inside router"];
    assert_eq!(weak(&["vpn raosutxer"], "vpn router"), ["vpn raosutxer"]);
    assert_eq!(names(&rows, "router vpn").last(), Some(&"vpn  r.o.u.t.e.r aslow"));
}

#[test]
fn a_phrase_is_found_where_it_is_written() {
    let at = |query, text: &'static str| -> Vec<&'static str> {
        let ranges = Needle::new(query).map(|mut needle| needle.find(text)).unwrap_or_default();
        ranges.into_iter().map(|range| &text[range]).collect()
    };
    assert_eq!(at("\"old\"", "The “old” and the \"Old\" one"), ["“old”", "\"Old\""]);
    assert_eq!(at("cafe", "Cafe\u{301}s, CAFÉ"), ["Cafe\u{301}", "CAFÉ"]);
    assert_eq!(at("strasse", "Alte Straße 5"), ["Straße"]);
    assert_eq!(at("00:1A:2b", "MAC 001a.2b3c.4d5e, 00-1A-2B"), ["001a.2b", "00-1A-2B"]);
    assert_eq!(at("001a2b", "x001a2b and 00:1a:2b"), ["001a2b", "00:1a:2b"]);
    assert_eq!(at("spooler", "the spool‹00AD›er"), ["spool‹00AD›er"]);
    assert_eq!(at("front door", "front\u{a0}door"), ["front\u{a0}door"]);
    assert_eq!(at("İx", "xİXi"), ["İX"]);
    assert!(Needle::new(" \u{200b}").is_none());
}

#[test]
fn accents_make_no_difference_composed_or_not() {
    let rows = ["Zoë résumé", "Zoe\u{308} re\u{301}sume\u{301}", "zoe resume"];
    assert_eq!(names(&rows, "resume").len(), 3);
    assert_eq!(names(&rows, "résumé").len(), 3);
    assert_eq!(names(&rows, "re\u{301}sume\u{301}").len(), 3);
}

#[test]
fn other_scripts_are_searched_too() {
    assert_eq!(names(&["診療所 サーバー", "Сервер Москва", "server"], "сервер"), ["Сервер Москва"]);
    assert_eq!(names(&["診療所 サーバー", "server"], "サーバ"), ["診療所 サーバー"]);
    assert_eq!(names(&["診 療 所", "server"], "診所"), ["診 療 所"]);
}

#[test]
fn punctuation_may_be_left_out_or_differ() {
    let mut index = index(&[&["x", "00:11:22:AA:BB:CC"], &["HPD-IMG01", ""], &["y", "SN 4711-0815"]]);
    assert_eq!(all(&index.filter("001122aa")), [0]);
    assert_eq!(all(&index.filter("00-11-22")), [0]);
    assert_eq!(all(&index.filter("hpdimg")), [1]);
    assert_eq!(all(&index.filter("47110815")), [2]);
}

#[test]
fn letters_are_not_scattered_over_other_fields() {
    let mut index = index(&[&["Switch", "10.31.21.7"], &["Switch", "10.1.2.7"]]);
    assert_eq!(all(&index.filter("1127")), [] as [u32; 0]);
    assert_eq!(all(&index.filter("10127")), [1]);
    assert_eq!(index.filter("swch").weak.len(), 2, "in the name they are");
}

#[test]
fn no_word_runs_from_one_field_into_the_next() {
    assert_eq!(index(&[&["abc", "def"]]).filter("cd"), Hits::default());
    assert_eq!(index(&[&["abc", "def"]]).filter("bcde"), Hits::default());
    assert!(index(&[&["", "def"]]).filter("def").strong.len() == 1);
}

#[test]
fn rows_that_come_while_a_query_stands_are_found() {
    let mut index = index(&[&["alpha"], &["beta"]]);
    assert_eq!(all(&index.filter("a")), [0, 1]);
    index.push(&["gamma"]);
    assert_eq!(all(&index.filter("a")), [0, 1, 2]);
    index.push(&["gamble"]);
    assert_eq!(all(&index.filter("am")), [2, 3]);
}

#[test]
fn marks_say_which_letters_matched() {
    assert_eq!(marks("vpn", "Remote VPN"), [7, 8, 9]);
    assert_eq!(marks("o v", "Remote VPN"), [3, 7]);
    assert_eq!(marks("hpdimg", "HPD-IMG01"), [0, 1, 2, 4, 5, 6]);
    assert_eq!(marks("rpn", "Remote VPN"), [0, 8, 9]);
    assert_eq!(marks("resume", "Zoë résumé"), [4, 5, 6, 7, 8, 9]);
    assert_eq!(marks("sume", "re\u{301}sume\u{301}"), [3, 4, 5, 6]);
    assert_eq!(marks("ー", "診療所 サーバー"), [5]);
    assert_eq!(marks("", "abc"), [] as [usize; 0]);
    assert_eq!(marks("x", ""), [] as [usize; 0]);
}

#[test]
fn a_huge_field_is_cut_and_costs_no_more() {
    let huge = "a".repeat(1_000_000);
    let mut index = index(&[&[&huge, &huge]]);
    assert!(index.memory() < 10_000);
    assert!(index.filter(&"a".repeat(100_000)) == Hits::default() || index.len() == 1);
}

#[test]
fn many_rows_are_filtered_the_same_on_several_threads() {
    let mut index = Index::new();
    for i in 0..40_000 {
        index.push(&[&format!("SRV-{i:05}"), &format!("10.{}.{}.{}", i % 7, i / 256 % 256, i % 256)]);
    }
    let found = index.filter("1234");
    let expected = (0..40_000).filter(|i| {
        format!("SRV-{i:05}").contains("1234") || format!("10{}{}{}", i % 7, i / 256 % 256, i % 256).contains("1234")
    });
    let mut sorted = all(&found);
    sorted.sort_unstable();
    let mut expected: Vec<u32> = expected.collect();
    expected.extend(found.weak.iter().map(|weak| weak.row));
    expected.sort_unstable();
    expected.dedup();
    assert_eq!(sorted, expected);
    assert!(found.strong.starts_with(&[12_340]), "the start of a word comes first: {:?}", &found.strong[..4]);
}

fn folded(text: &str) -> String {
    let mut out = String::new();
    fold(text, |folded| {
        out.push(folded.c);
        true
    });
    out
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof!["[a-cA-C0-2 .:-]{0,12}", "[a-cé\u{301}Дд診🙂ßﬁ’“ -]{0,5}", ".{0,6}"]
}

proptest! {
    #[test]
    fn a_query_typed_letter_by_letter_finds_what_it_finds_at_once(
        rows in prop::collection::vec(prop::collection::vec(piece(), 0..4), 0..30),
        query in piece(),
    ) {
        let mut typed = Index::new();
        let mut fresh = Index::new();
        for row in &rows {
            let fields: Vec<&str> = row.iter().map(String::as_str).collect();
            typed.push(&fields);
            fresh.push(&fields);
        }
        let mut so_far = String::new();
        let mut last = None;
        for c in query.chars() {
            so_far.push(c);
            last = Some(typed.filter(&so_far));
        }
        prop_assert_eq!(last.unwrap_or_else(|| typed.filter("")), fresh.filter(&query));
    }

    #[test]
    fn a_name_that_is_found_has_marks_inside_it(name in piece(), query in piece()) {
        let mut index = Index::new();
        index.push(&[&name]);
        let found = index.filter(&query) != Hits::default();
        let marked = marks(&query, &name);
        prop_assert!(marked.iter().all(|&at| at < name.chars().count()));
        prop_assert!(marked.is_sorted_by(|a, b| a < b));
        let says_something = !folded(&query).trim().is_empty();
        if found && says_something {
            prop_assert!(!marked.is_empty());
        }
    }
}
