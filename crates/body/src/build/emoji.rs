//! Emoji that editors write as images.

use crate::tag::Attrs;
use gluepot_core::text::is_emoji;

/// The emoji of an image or macro, or its short name where no emoji is known: `:shipit:`.
pub(super) fn of_image(attrs: &Attrs<'_>) -> Option<String> {
    let texts = [&attrs.emoji, &attrs.alt, &attrs.title].into_iter().filter_map(|text| text.as_deref().map(str::trim));
    if let Some(emoji) = texts.clone().find_map(only_emoji) {
        return Some(emoji);
    }
    let source = attrs.src.as_deref().unwrap_or_default();
    let class = attrs.class.as_deref().unwrap_or_default().to_ascii_lowercase();
    let is_emoji = attrs.emoji.is_some()
        || attrs.emoticon.is_some()
        || class
            .split_ascii_whitespace()
            .any(|word| ["emoji", "emoticon", "smiley", "twemoji"].iter().any(|name| word.contains(name)))
        || ["/emoji/", "/emojis/", "twemoji", "/emoticons/", "/noto-emoji/"].iter().any(|part| source.contains(part));
    if !is_emoji {
        return None;
    }
    let short = texts.filter(|text| !text.is_empty()).map(|text| text.trim_matches([':', '(', ')']));
    let name = attrs.emoticon.as_deref().into_iter();
    let by_class = class.split_ascii_whitespace().filter_map(|word| word.strip_prefix("emoticon-"));
    if let Some(emoji) = name.chain(by_class).chain(short.clone()).find_map(named) {
        return Some(emoji.to_owned());
    }
    of_file(source).or_else(|| {
        let texts = [&attrs.emoji, &attrs.alt, &attrs.title].into_iter().filter_map(|text| text.as_deref());
        texts.map(str::trim).find(|text| !text.is_empty()).map(str::to_owned)
    })
}

/// The text if it is nothing but emoji, without what terminals do not draw.
fn only_emoji(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let keycap = text.contains('\u{20e3}');
    let glue = |c: char| matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}' | '\u{e0020}'..='\u{e007f}');
    let base = |c: char| is_emoji(c) || keycap && (c.is_ascii_digit() || matches!(c, '#' | '*'));
    let fine = text.chars().all(|c| base(c) || glue(c)) && text.chars().any(base);
    fine.then(|| text.chars().filter(|c| !matches!(c, '\u{e0020}'..='\u{e007f}')).collect())
}

/// The emoji that a picture is named after: `1f44d.png`, `emoji_u1f468_200d_1f4bb.svg`.
fn of_file(source: &str) -> Option<String> {
    let name = source.split(['?', '#']).next()?.rsplit('/').next()?;
    let name = name.split('.').next()?.trim_start_matches("emoji_u");
    if name.is_empty() || name.len() > 64 {
        return None;
    }
    let letters: Option<String> =
        name.split(['-', '_']).map(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)).collect();
    only_emoji(&letters?)
}

/// Emoticons and short names of wikis and chats.
fn named(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    Some(match name.as_str() {
        "smile" | "smiley" | "slight-smile" | "simple-smile" => "🙂",
        "sad" | "slight-frown" | "frowning" => "🙁",
        "cheeky" | "stuck-out-tongue" => "😛",
        "laugh" | "grinning" | "smile-big" => "😀",
        "wink" => "😉",
        "thumbs-up" | "thumbsup" | "+1" | "y" => "👍",
        "thumbs-down" | "thumbsdown" | "-1" | "n" => "👎",
        "information" | "info" | "i" => "ℹ",
        "tick" | "check" | "white-check-mark" | "/" => "✅",
        "cross" | "error" | "x" => "❌",
        "warning" | "!" => "⚠",
        "plus" | "add" | "heavy-plus-sign" => "➕",
        "minus" | "forbidden" | "heavy-minus-sign" => "➖",
        "question" | "?" => "❓",
        "light-on" | "bulb" | "lightbulb-on" => "💡",
        "yellow-star" | "star-yellow" | "star" => "⭐",
        "heart" => "❤",
        "broken-heart" => "💔",
        "tada" => "🎉",
        "rocket" => "🚀",
        "fire" => "🔥",
        "eyes" => "👀",
        "lock" => "🔒",
        "key" => "🔑",
        _ => return None,
    })
}
