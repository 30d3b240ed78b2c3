//! What becomes of HTML that is saved.

/// Images in `data:` addresses and inline SVG do not survive saving.
pub(super) fn clean_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let tag = &rest[..end];
        let lower = tag.to_ascii_lowercase();
        if lower.starts_with("<svg") {
            rest = rest.find("</svg>").map_or("", |close| &rest[close + 6..]);
            continue;
        }
        if !(lower.starts_with("<img") && lower.contains("data:")) {
            out.push_str(tag);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_images_and_svg_do_not_survive_saving() {
        let html = "<p>a</p><img src=\"data:image/png;base64,AA\"><svg><path/></svg><img src=\"/1/docs/2/images/3\">";
        assert_eq!(clean_html(html), "<p>a</p><img src=\"/1/docs/2/images/3\">");
        assert_eq!(clean_html("no tag < at all"), "no tag < at all");
    }
}
