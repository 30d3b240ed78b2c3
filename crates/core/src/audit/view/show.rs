//! Records as a list: a table for people, the lines themselves, or a spreadsheet.

use std::fmt::Write as _;
use std::io::Write;
use std::ops::ControlFlow;

use unicode_width::UnicodeWidthChar;

use super::super::read::{Entry, Source, each};
use super::{Counts, Filter, Format, ViewError, after, csv, left_out, name, time, who};
use crate::text::Clean;

/// Lists records. A table fits into `width` columns, if those are enough.
pub fn show(
    sources: &[Source],
    filter: &Filter,
    format: Format,
    width: usize,
    out: &mut dyn Write,
) -> Result<Counts, ViewError> {
    let layout = Layout::of(width);
    let mut counts = Counts::default();
    match format {
        Format::Table => writeln!(out, "{}", layout.row(&NAMES.map(str::to_owned)))?,
        Format::Csv => writeln!(out, "{}", csv::head())?,
        Format::Jsonl => {}
    }
    let mut written = Ok(());
    counts.strange = each(sources, |line, entry| {
        if !filter.fits(entry) {
            return ControlFlow::Continue(());
        }
        counts.shown += 1;
        let text = match format {
            Format::Table => layout.row(&cells(entry)),
            Format::Csv => csv::csv(entry),
            Format::Jsonl => ascii(line),
        };
        written = writeln!(out, "{text}");
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    written?;
    if let Some(told) = left_out(counts.strange) {
        match format {
            Format::Table => writeln!(out, "{told}")?,
            Format::Csv => writeln!(out, "{}", csv::left_out(&told))?,
            Format::Jsonl => writeln!(out, "{{\"left_out\":{},\"why\":\"{told}\"}}", counts.strange)?,
        }
    }
    out.flush()?;
    Ok(counts)
}

const NAMES: [&str; 7] = ["time (UTC)", "record", "who", "ticket", "client", "what", "of"];
pub(super) const TICKET: usize = 3;
const GAP: usize = 2;

/// The width from which a table shows all that it has.
pub const WIDE: usize = 144;

/// How wide each column is; one of no width is left out.
pub(super) struct Layout(pub(super) [usize; 7]);

impl Layout {
    /// As much of a record as fits into this many columns. Below 110 there is no room for seconds, numbers and hosts.
    pub(super) fn of(width: usize) -> Self {
        let mut widths = match width {
            ..110 => [16, 0, 8, 8, 11, 15, 0],
            110..WIDE => [19, 7, 14, 9, 16, 18, 0],
            WIDE.. => [19, 7, 18, 12, 20, 26, 0],
        };
        let gaps = GAP * widths.iter().filter(|&&column| column > 0).count();
        let of = width.max(80).saturating_sub(widths.iter().sum::<usize>() + gaps);
        let [.., client, what, last] = &mut widths;
        // Beyond what names need the room is shared.
        let spare = of.saturating_sub(30) / 3;
        *client += spare;
        *what += spare;
        *last = of - 2 * spare;
        Self(widths)
    }

    /// Without one of the columns, whose room the last one gets.
    pub(super) fn without(mut self, column: usize) -> Self {
        let room = self.0.get_mut(column).map_or(0, std::mem::take);
        if let (1.., [.., last]) = (room, &mut self.0) {
            *last += room + GAP;
        }
        self
    }

    pub(super) fn row(&self, cells: &[String; 7]) -> String {
        let [time, number, who, ..] = self.0;
        let mut fitted = Vec::new();
        for (at, (cell, width)) in cells.iter().zip(self.0).enumerate().filter(|(_, (_, width))| *width > 0) {
            fitted.push(match at {
                // Seconds and hosts are left out, not cut off.
                0 => fit(&cell.chars().take(time).collect::<String>(), time),
                2 if number == 0 => fit(cell.split('@').next().unwrap_or_default(), who),
                _ => fit(cell, width),
            });
        }
        fitted.join("  ").trim_end().to_owned()
    }
}

pub(super) fn cells(entry: &Entry<'_>) -> [String; 7] {
    let what = match (&*entry.action, &*entry.result) {
        ("", _) if entry.why.is_empty() => entry.kind.to_string(),
        ("", _) => format!("{}: {}", entry.kind, entry.why),
        (action, "") if entry.cautions.is_empty() => action.to_owned(),
        (action, "") => format!("{action} ({})", entry.cautions.replace(',', ", ")),
        // "hidden by the user" says it.
        (action, result) if entry.why.starts_with(result) => format!("{action}: {}", entry.why),
        (action, result) => format!("{action}: {result}{}", after(entry)),
    };
    [
        time(entry),
        entry.seq.to_string(),
        who(entry),
        entry.ticket.to_string(),
        entry.org_name.to_string(),
        what,
        name(entry),
    ]
}

/// Cuts or fills to a width in columns.
pub(super) fn fit(text: &str, width: usize) -> String {
    let text = Clean::line(text);
    let columns = |text: &str| text.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    let mut out = String::with_capacity(width);
    if columns(&text) <= width {
        out.push_str(&text);
    } else {
        for c in text.chars() {
            if columns(&out) + c.width().unwrap_or(0) >= width {
                break;
            }
            out.push(c);
        }
        out.push('…');
    }
    let fill = width.saturating_sub(columns(&out));
    out.extend(std::iter::repeat_n(' ', fill));
    out
}

/// The line itself where it is as this program writes lines; else with every other byte marked.
pub(super) fn ascii(line: &[u8]) -> String {
    let mut out = String::with_capacity(line.len());
    for c in String::from_utf8_lossy(line).chars() {
        if (' '..='~').contains(&c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}
