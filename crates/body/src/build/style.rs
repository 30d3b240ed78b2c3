//! What the attributes `style` and `class` of an element say.

use crate::doc::Style;
use crate::tag::Attrs;

/// The value of a property in a style attribute.
pub(super) fn style_value<'s>(style: &'s str, property: &str) -> Option<&'s str> {
    style.split(';').take(64).find_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        name.trim().eq_ignore_ascii_case(property).then(|| value.trim())
    })
}

pub(super) fn style_looks(mut looks: Style, style: &str) -> Style {
    if let Some(weight) = style_value(style, "font-weight") {
        let bold = weight.eq_ignore_ascii_case("bold")
            || weight.eq_ignore_ascii_case("bolder")
            || weight.parse::<u32>().is_ok_and(|w| w >= 600);
        looks = if bold { looks.or(Style::STRONG) } else { looks.without(Style::STRONG) };
    }
    if style_value(style, "font-style").is_some_and(|v| v.eq_ignore_ascii_case("italic")) {
        looks = looks.or(Style::EMPHASIS);
    }
    for property in ["text-decoration", "text-decoration-line"] {
        let value = style_value(style, property).unwrap_or_default();
        if value.to_ascii_lowercase().contains("line-through") {
            looks = looks.or(Style::STRIKE);
        }
        if value.contains("underline") {
            looks = looks.or(Style::UNDERLINE);
        }
    }
    looks
}

pub(super) fn keeps_space(style: &str) -> bool {
    style_value(style, "white-space").is_some_and(|v| v.starts_with("pre") || v == "break-spaces")
}

/// The level of a paragraph that Word means as an item of a list, and which list that is.
pub(super) fn word_level(style: &str) -> Option<(u8, u64)> {
    use std::hash::{Hash as _, Hasher as _};

    let value = style_value(style, "mso-list")?;
    let mut parts = value.split_whitespace().peekable();
    if parts.peek().is_none_or(|first| first.eq_ignore_ascii_case("none") || first.eq_ignore_ascii_case("ignore")) {
        return None;
    }
    let mut list = std::collections::hash_map::DefaultHasher::new();
    let mut level = 1;
    for part in parts.take(8) {
        match part.strip_prefix("level") {
            Some(number) => level = number.parse::<u8>().unwrap_or(1),
            None => part.hash(&mut list),
        }
    }
    Some((level.clamp(1, 9), list.finish()))
}

/// The language a code block names, in the ways converters write it.
pub(super) fn language_of(attrs: &Attrs<'_>) -> String {
    let class = attrs.class.as_deref().unwrap_or_default();
    let named =
        class.split_whitespace().find_map(|word| word.strip_prefix("language-").or_else(|| word.strip_prefix("lang-")));
    named.or(attrs.lang.as_deref().filter(|l| !l.contains(char::is_whitespace))).unwrap_or_default().to_owned()
}
