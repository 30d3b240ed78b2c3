//! The attributes that mean something to a reader.

use std::borrow::Cow;

/// The attributes that mean something, decoded. The first of several of one name counts, as in browsers.
#[derive(Default, Debug, PartialEq)]
pub(crate) struct Attrs<'a> {
    pub id: Option<Cow<'a, str>>,
    pub name: Option<Cow<'a, str>>,
    pub href: Option<Cow<'a, str>>,
    pub src: Option<Cow<'a, str>>,
    pub alt: Option<Cow<'a, str>>,
    pub title: Option<Cow<'a, str>>,
    pub class: Option<Cow<'a, str>>,
    pub style: Option<Cow<'a, str>>,
    pub start: Option<Cow<'a, str>>,
    pub value: Option<Cow<'a, str>>,
    pub kind: Option<Cow<'a, str>>,
    pub colspan: Option<Cow<'a, str>>,
    pub rowspan: Option<Cow<'a, str>>,
    pub align: Option<Cow<'a, str>>,
    pub lang: Option<Cow<'a, str>>,
    pub checked: Option<Cow<'a, str>>,
    pub reversed: Option<Cow<'a, str>>,
    /// `data-checked`, `aria-checked`
    pub ticked: Option<Cow<'a, str>>,
    /// `data-list` of Quill
    pub data_list: Option<Cow<'a, str>>,
    /// `data-type`, `data-tag`
    pub data_type: Option<Cow<'a, str>>,
    /// `data-emoji` and the like: the emoji of an image
    pub emoji: Option<Cow<'a, str>>,
    /// `ac:name`: an emoticon of Confluence
    pub emoticon: Option<Cow<'a, str>>,
}

/// No attributes.
pub(crate) static NONE: Attrs<'static> = Attrs {
    id: None,
    name: None,
    href: None,
    src: None,
    alt: None,
    title: None,
    class: None,
    style: None,
    start: None,
    value: None,
    kind: None,
    colspan: None,
    rowspan: None,
    align: None,
    lang: None,
    checked: None,
    reversed: None,
    ticked: None,
    data_list: None,
    data_type: None,
    emoji: None,
    emoticon: None,
};

impl<'a> Attrs<'a> {
    /// Where the attribute of that name (any case) goes, unless it means nothing.
    pub fn slot(&mut self, name: &[u8]) -> Option<&mut Option<Cow<'a, str>>> {
        let mut lower = [0; 20];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"id" => &mut self.id,
            b"name" => &mut self.name,
            b"href" => &mut self.href,
            b"src" | b"data" => &mut self.src,
            b"alt" => &mut self.alt,
            b"title" => &mut self.title,
            b"class" => &mut self.class,
            b"style" => &mut self.style,
            b"start" => &mut self.start,
            b"value" => &mut self.value,
            b"type" => &mut self.kind,
            b"colspan" => &mut self.colspan,
            b"rowspan" => &mut self.rowspan,
            b"align" => &mut self.align,
            b"lang" => &mut self.lang,
            b"checked" => &mut self.checked,
            b"reversed" => &mut self.reversed,
            b"data-checked" | b"aria-checked" => &mut self.ticked,
            b"data-list" => &mut self.data_list,
            b"data-type" | b"data-tag" => &mut self.data_type,
            b"data-emoji" | b"data-emoji-fallback" | b"ac:emoji-fallback" => &mut self.emoji,
            b"ac:name" => &mut self.emoticon,
            _ => return None,
        })
    }

    /// An attribute as a number.
    pub fn number(value: Option<&Cow<'a, str>>) -> Option<i32> {
        let digits = value?.trim();
        let end = digits
            .char_indices()
            .find(|(at, c)| !(c.is_ascii_digit() || (*at == 0 && *c == '-')))
            .map_or(digits.len(), |(at, _)| at);
        digits.get(..end)?.parse().ok()
    }
}
