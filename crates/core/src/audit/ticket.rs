//! When two ticket numbers are the same.
//!
//! People write one ticket in several ways: `48213`, `#48213`, ` # 48213 `, `t-9` and `T-9`. What is compared is one form:
//! full-width letters and digits as ordinary ones, without blanks around it, without one `#` in front and blanks behind
//! that, capitals as small letters. Nothing else: `T9` and `T-9`, `0012` and `12` may be two tickets of one desk.

/// The form in which ticket numbers are compared.
pub fn ticket_form(ticket: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    let text: String = ticket.chars().map(narrow).collect();
    let text = text.trim();
    text.strip_prefix('#').unwrap_or(text).trim_start().to_lowercase()
}

/// Whether two texts name one ticket.
pub fn same_ticket(one: &str, other: &str) -> bool {
    one == other || ticket_form(one) == ticket_form(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_ticket_is_written_in_several_ways() {
        for (one, other) in [
            ("48213", "#48213"),
            ("48213", " # 48213 "),
            ("#48213", "\u{ff03}\u{ff14}\u{ff18}\u{ff12}\u{ff11}\u{ff13}"),
            ("T-9", "t-9"),
            ("T-9", "#T-9"),
            ("inc0012", "INC0012\u{a0}"),
        ] {
            assert!(same_ticket(one, other) && same_ticket(other, one), "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_may_be_two_tickets_is_not_one() {
        for (one, other) in
            [("T-9", "T9"), ("0012", "12"), ("##9", "9"), ("9", "9-1"), ("9", ""), ("T-9", "9"), ("1 2", "12")]
        {
            assert!(!same_ticket(one, other), "{one:?} {other:?}");
        }
        assert!(same_ticket("", "#"), "no ticket");
    }
}
