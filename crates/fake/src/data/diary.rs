//! The long documents: a diary and port lists, built from sentences that people wrote.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::invent::{self, pick, rng};

/// Replaces the lines `%% diary N` (N days with entries) and `%% ports SWITCHES PORTS` (a table for each switch) of a
/// document. Everything else stays as it is.
pub(super) fn expand<'a>(body: &'a str, sentences: &[&str]) -> Cow<'a, str> {
    if !body.contains("%% ") {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    for line in body.lines() {
        let mut words = line.strip_prefix("%% ").unwrap_or_default().split_whitespace();
        let (what, first, second) = (words.next(), words.next(), words.next());
        let number = |word: Option<&str>| word.and_then(|word| word.parse::<u32>().ok()).unwrap_or_default();
        match what {
            Some("diary") => diary(&mut out, number(first), sentences),
            Some("ports") => ports(&mut out, number(first), number(second)),
            _ => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    Cow::Owned(out)
}

fn diary(out: &mut String, days: u32, sentences: &[&str]) {
    const WHO: [&str; 6] = ["Osei", "Halvorsen", "Patel", "O'Rourke", "Zieliński", "Baptiste"];
    let mut rng = rng(&["diary"]);
    let last = invent::days(invent::TODAY);
    let mut year = String::new();
    for entry in 0..days {
        // From the first day of 2019 to today, in order.
        let day = 1461 + (last - 1461) * i64::from(entry) / i64::from(days.max(1));
        let day = invent::date(day);
        if let Some(now) = day.get(..4)
            && now != year
        {
            now.clone_into(&mut year);
            // Writing into a String cannot fail, here and below.
            let _ = write!(out, "\n== {year}\n\n");
        }
        let who = pick(&mut rng, &WHO).copied().unwrap_or_default();
        let _ = write!(out, "**{day}** ({who})");
        for _ in 0..rng.u8(1..4) {
            let _ = write!(out, " {}", pick(&mut rng, sentences).copied().unwrap_or_default());
        }
        out.push_str("\n\n");
    }
}

fn ports(out: &mut String, switches: u32, ports: u32) {
    const WHAT: [&str; 12] = [
        "desk",
        "desk",
        "desk",
        "phone",
        "phone",
        "printer",
        "access point",
        "camera",
        "free",
        "free",
        "projector",
        "uplink",
    ];
    let mut rng = rng(&["ports"]);
    for switch in 1..=switches {
        let _ = write!(out, "\n== SW{switch:02}\n\n| Port | Patch | VLAN | Device | Speed | PoE | Remark |\n");
        out.push_str("|---:|---|---|---|---:|:---:|---|\n");
        for port in 1..=ports {
            let what = pick(&mut rng, &WHAT).copied().unwrap_or("free");
            let (vlan, poe) = match what {
                "phone" => ("30 voice", "yes"),
                "printer" => ("20", "no"),
                "access point" => ("trunk 10,60,99", "yes"),
                "camera" => ("50", "yes"),
                "uplink" => ("trunk all", "no"),
                "free" => ("999 dead end", "no"),
                _ => ("10", "no"),
            };
            let patch = format!("{}{:02}-{}", ["A", "B", "C"][rng.usize(..3)], rng.u8(1..49), rng.u8(1..5));
            let remark = if rng.u8(..14) == 0 { "check label, does not match the plan" } else { "" };
            let speed = if what == "uplink" { "10 G" } else { "1 G" };
            let _ = writeln!(out, "| {port} | {patch} | {vlan} | {what} | {speed} | {poe} | {remark} |");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_ask_for_it_are_replaced() {
        assert!(matches!(expand("plain\ntext", &[]), Cow::Borrowed(_)));
        let long = expand("before\n%% diary 3\nafter", &["Done."]);
        assert!(long.starts_with("before\n") && long.ends_with("after\n"));
        assert_eq!(long.matches("**20").count(), 3);
        assert_eq!(expand("%% ports 2 4", &[]).lines().filter(|line| line.starts_with("| ")).count(), 2 * (4 + 1));
    }
}
