//! The status screen: what is told there, in two columns.

use ratatui::text::{Line, Span};

use super::styles::Styles;
use super::widgets::wrap::wrap;
use crate::present::format;
use gluepot_core::text::Clean;

/// Names and values in lines of a width, and below them what was reported at the start.
pub fn lines(rows: Vec<(String, String)>, reports: &[String], width: usize, styles: &Styles) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    let column = rows.iter().map(|(label, _)| format::width(label)).max().unwrap_or(0).min(20);
    let width = width.saturating_sub(column + 1);
    for (label, value) in rows {
        let value = Clean::line(&value);
        for (at, part) in wrap(&value, width).into_iter().enumerate() {
            let label = if at == 0 { label.as_str() } else { "" };
            lines.push(Line::from(vec![
                Span::styled(format!("{label:<column$} "), styles.dim),
                Span::styled(part, styles.text),
            ]));
        }
    }
    if !reports.is_empty() {
        lines.push(Line::default());
        lines.push(Line::styled("Reported at startup", styles.group));
        for report in reports {
            for part in wrap(&Clean::line(report), width + column) {
                lines.push(Line::styled(part, styles.warning));
            }
        }
    }
    lines
}
