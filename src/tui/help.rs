//! The help: every action with its keys here, dim where it cannot be done now.

use ratatui::text::{Line, Span};

use super::component::Ctx;
use super::keymap::{Action, Context};
use super::widgets::wrap::wrap;
use crate::present::format;

/// The keys that work here, made from the keymap.
pub fn lines(cx: &Ctx, width: usize, refused: impl Fn(Action) -> bool) -> (String, Vec<Line<'static>>) {
    let context = cx.context();
    let column = if width < 60 { 10 } else { 18 };
    let mut lines = Vec::new();
    let mut topic = None;
    for &action in Action::ALL {
        if topic != Some(action.group()) {
            topic = Some(action.group());
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            lines.push(Line::styled(action.group().title().to_owned(), cx.styles.group));
        }
        let keys = cx.keymap.all_keys_for(context, action).collect::<Vec<_>>().join(" ");
        let keys = if keys.is_empty() { format!(":{}", action.name()) } else { keys };
        let refused = refused(action);
        let (look, key_look) = if refused { (cx.styles.dim, cx.styles.dim) } else { (cx.styles.text, cx.styles.key) };
        let mut words = wrap(action.description(), width.saturating_sub(column + 3)).into_iter();
        if format::width(&keys) > column {
            lines.push(Line::styled(format!("  {keys}"), key_look));
        } else {
            let blank = " ".repeat(column - format::width(&keys));
            lines.push(Line::from(vec![
                Span::styled(format!("  {keys}{blank} "), key_look),
                Span::styled(words.next().unwrap_or_default(), look),
            ]));
        }
        lines.extend(words.map(|part| Line::styled(format!("{}{part}", " ".repeat(column + 3)), look)));
    }
    lines.push(Line::default());
    let note = "Dim: not possible right now. Change keys in keys.toml (gluepot --print-keys).";
    lines.extend(wrap(note, width).into_iter().map(|part| Line::styled(part, cx.styles.dim)));
    let title = if cx.context() == Context::Detail { "Keys in the detail" } else { "Keys in a list" };
    (title.into(), lines)
}
