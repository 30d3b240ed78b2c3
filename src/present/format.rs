//! Numbers, times and cut text as people read them.

use jiff::Timestamp;
use jiff::civil::Date;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A number with separators: `2,871`.
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// "1 document", "2 documents".
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// The words with a capital letter, for the beginning of a sentence.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// A set time: "15 min", "90 s".
pub fn span(seconds: u64) -> String {
    if seconds > 0 && seconds.is_multiple_of(60) { format!("{} min", seconds / 60) } else { format!("{seconds} s") }
}

/// How long ago, in one unit: "just now", "5 minutes ago", "6 months ago", "in 3 days".
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - then.as_second();
    let (past, seconds) = (seconds >= 0, seconds.unsigned_abs());
    let (n, unit) = match seconds {
        0..60 => return if past { "just now".into() } else { "in a moment".into() },
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..2_592_000 => (seconds / 86_400, "day"),
        2_592_000..31_536_000 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    let plural = if n == 1 { "" } else { "s" };
    if past { format!("{n} {unit}{plural} ago") } else { format!("in {n} {unit}{plural}") }
}

/// An exact time in the local zone: `2026-05-20 17:41`.
pub fn exact(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// An exact time in the local zone in the person's own format.
pub fn exact_as(at: Timestamp, format: &str) -> String {
    // The config checked the format when it was read; a zone without a name is not a reason to show nothing.
    jiff::fmt::strtime::format(format, &at.to_zoned(jiff::tz::TimeZone::system())).unwrap_or_else(|_| exact(at))
}

/// How far a day is from today, by the calendar: "today", "in 12 days", "2 years ago".
pub fn ago_days(day: Date, today: Date) -> String {
    match (today - day).get_days() {
        0 => "today".into(),
        -1 => "tomorrow".into(),
        1 => "yesterday".into(),
        _ => {
            let at = |day: Date| day.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp());
            let years = i32::from(day.year()) - i32::from(today.year());
            match (at(day), at(today)) {
                (Ok(day), Ok(today)) if years.abs() < 200 => ago(day, today),
                // Far away, where years of 365 days would be off, or at the end of the calendar, which has no moments.
                _ if years < 0 => format!("{} years ago", -years),
                _ => format!("in {years} years"),
            }
        }
    }
}

/// The day that a date begins with, as the server writes dates: `2026-12-02` or with a time behind it.
pub fn day(date: &str) -> Option<Date> {
    date.get(..10).and_then(|day| day.parse().ok())
}

/// Today where the person is.
pub fn today(now: Timestamp) -> Date {
    now.to_zoned(jiff::tz::TimeZone::system()).date()
}

/// A short age for titles: "40 s", "12 min", "3 h".
pub fn age(duration: std::time::Duration) -> String {
    match duration.as_secs() {
        s @ 0..60 => format!("{s} s"),
        s @ 60..3_600 => format!("{} min", s / 60),
        s => format!("{} h", s / 3_600),
    }
}

/// A size in bytes as people say it: `183 KB`, `255.6 GB`.
pub fn bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} bytes"),
        1_000..1_000_000 => format!("{} KB", (n + 500) / 1_000),
        1_000_000..1_000_000_000 => format!("{:.1} MB", n as f64 / 1e6),
        1_000_000_000..1_000_000_000_000 => format!("{:.1} GB", n as f64 / 1e9),
        _ => format!("{:.1} TB", n as f64 / 1e12),
    }
}

/// A size of main memory, which is sold in powers of two: `64 GB`, `1.5 GB`.
pub fn memory(n: u64) -> String {
    const GIB: f64 = 1_073_741_824.0;
    let size = (n as f64 / GIB * 10.0).round() / 10.0;
    if size < 1.0 { format!("{:.0} MB", n as f64 / 1_048_576.0) } else { format!("{size} GB") }
}

/// Columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text cut to a number of columns, with `mark` (one column) where something was cut off.
pub fn cut<'a>(text: &'a str, columns: usize, mark: &str) -> std::borrow::Cow<'a, str> {
    if text.width() <= columns {
        return text.into();
    }
    if columns == 0 {
        return "".into();
    }
    let mut used = 0;
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let w = grapheme.width();
        if used + w > columns - 1 {
            break;
        }
        used += w;
        end = at + grapheme.len();
    }
    format!("{}{mark}", &text[..end]).into()
}

/// How many answers a filter has, of how many. Weak matches are none, but are named.
pub fn found_words(found: usize, of: usize, weak: usize) -> String {
    let weak = if weak > 0 { format!(", {weak} weak") } else { String::new() };
    format!("{} of {}{weak}", number(found), number(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_204), "1,204");
        assert_eq!(number(1_000_000), "1,000,000");
    }

    #[test]
    fn times_are_relative_in_one_unit() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().expect("a timestamp");
        let at = |text: &str| ago(text.parse().expect("a timestamp"), now);
        assert_eq!(at("2026-11-22T11:59:30Z"), "just now");
        assert_eq!(at("2026-11-22T11:55:00Z"), "5 minutes ago");
        assert_eq!(at("2026-05-20T15:41:12Z"), "6 months ago");
        assert_eq!(at("2026-11-25T13:00:00Z"), "in 3 days");
    }

    #[test]
    fn sizes_have_the_unit_that_people_use() {
        let said: Vec<String> = [999, 183_204, 5_000_000, 255_550_554_112, 4_000_000_000_000].map(bytes).into();
        assert_eq!(said, ["999 bytes", "183 KB", "5.0 MB", "255.6 GB", "4.0 TB"]);
        let said: Vec<String> = [68_719_476_736, 1_610_612_736, 536_870_912].map(memory).into();
        assert_eq!(said, ["64 GB", "1.5 GB", "512 MB"]);
    }

    #[test]
    fn the_end_of_the_calendar_has_words_too() {
        let words = |day: &str| ago_days(super::day(day).expect("a day"), super::day("2026-11-24").expect("a day"));
        assert_eq!(words("9999-12-31"), "in 7973 years");
        assert_eq!(words("9999-12-30"), "in 7973 years");
        assert_eq!(words("0001-01-01"), "2025 years ago");
    }

    #[test]
    fn days_are_counted_by_the_calendar() {
        let day = |text: &str| super::day(text).expect("a day");
        let words = |text: &str| ago_days(day(text), day("2026-11-24"));
        assert_eq!(words("2026-11-24"), "today");
        assert_eq!(words("2026-11-25T00:00:00Z"), "tomorrow");
        assert_eq!(words("2026-11-23"), "yesterday");
        assert_eq!(words("2026-12-02"), "in 8 days");
        assert_eq!(words("2023-08-14"), "3 years ago");
        assert_eq!(super::day("soon"), None);
    }

    #[test]
    fn cutting_respects_wide_characters() {
        assert_eq!(cut("Harbour", 7, "…"), "Harbour");
        assert_eq!(cut("Harbour", 4, "…"), "Har…");
        assert_eq!(cut("診療所", 4, "…"), "診…");
        assert_eq!(cut("診療所", 5, "…"), "診療…");
        assert_eq!(cut("x", 0, "…"), "");
    }
}
