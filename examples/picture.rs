//! Draws the picture of the README from the program itself: `cargo run --example picture > assets/screen.svg`.
//!
//! The program runs on a test screen against the embedded IT Glue, a few keys are pressed, and the cells of the
//! screen become an SVG. Nothing in the picture is drawn by hand.

#[path = "../tests/screen/app.rs"]
#[expect(dead_code, reason = "the tests use more of the harness than a picture does")]
mod app;

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// Size of a cell in the picture.
const CELL: (f32, f32) = (8.4, 18.0);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut program = app::Setup::default().size(132, 40).organization("HPD").ticket("48213").start().await;
    program.press("5").await;
    program.press("2/restart the im<Enter><Enter>").await;
    program.press("<Esc><Esc>").await;
    let svg = draw(program.buffer());
    use std::io::Write as _;
    std::io::stdout().write_all(svg.as_bytes()).expect("the picture can be written");
}

fn draw(buffer: &Buffer) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let (width, height) = (f32::from(columns) * CELL.0 + 20.0, f32::from(rows) * CELL.1 + 20.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"'DejaVu Sans Mono', \
         'Cascadia Mono', Menlo, Consolas, monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1c1f24\"/>\n"
    );
    for y in 0..rows {
        let mut x = 0;
        while x < columns {
            // Cells that look the same are one text; each keeps its own columns through textLength.
            let start = x;
            let look = look(&buffer[(x, y)]);
            let mut text = String::new();
            while x < columns && self::look(&buffer[(x, y)]) == look {
                let symbol = buffer[(x, y)].symbol();
                text.push_str(symbol);
                x += gluepot::present::format::width(symbol).max(1) as u16;
            }
            piece(&mut svg, start, y, x - start, &text, &look);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// What makes cells look alike.
#[derive(PartialEq)]
struct Look {
    front: &'static str,
    back: Option<&'static str>,
    bold: bool,
    italic: bool,
    underlined: bool,
}

fn look(cell: &Cell) -> Look {
    let mut front = colour(cell.fg).unwrap_or("#d5d9df");
    let mut back = colour(cell.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        (front, back) = ("#1c1f24", Some(front));
    }
    let blank = cell.symbol().trim().is_empty();
    Look {
        front: if blank { "#d5d9df" } else { front },
        back,
        bold: !blank && cell.modifier.contains(Modifier::BOLD),
        italic: !blank && cell.modifier.contains(Modifier::ITALIC),
        underlined: cell.modifier.contains(Modifier::UNDERLINED),
    }
}

fn piece(svg: &mut String, x: u16, y: u16, columns: u16, text: &str, look: &Look) {
    let (left, top) = (f32::from(x) * CELL.0 + 10.0, f32::from(y) * CELL.1 + 10.0);
    let width = f32::from(columns) * CELL.0;
    if let Some(back) = look.back {
        let _ = writeln!(
            svg,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{}\" fill=\"{back}\"/>",
            CELL.1
        );
    }
    if text.trim().is_empty() {
        return;
    }
    let lead = text.len() - text.trim_start().len();
    let body = text.trim();
    let left = left + lead as f32 * CELL.0;
    let width = gluepot::present::format::width(body) as f32 * CELL.0;
    let escaped = body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut attributes = String::new();
    if look.bold {
        attributes.push_str(" font-weight=\"bold\"");
    }
    if look.italic {
        attributes.push_str(" font-style=\"italic\"");
    }
    if look.underlined {
        attributes.push_str(" text-decoration=\"underline\"");
    }
    let _ = writeln!(
        svg,
        "<text x=\"{left:.1}\" y=\"{:.1}\" fill=\"{}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\"{attributes}>{escaped}</text>",
        top + 13.5,
        look.front
    );
}

fn colour(color: Color) -> Option<&'static str> {
    Some(match color {
        Color::Black => "#2b2f36",
        Color::Red | Color::LightRed => "#f2777a",
        Color::Green | Color::LightGreen => "#99cc99",
        Color::Yellow | Color::LightYellow => "#e6c468",
        Color::Blue | Color::LightBlue => "#6699cc",
        Color::Magenta | Color::LightMagenta => "#cc99cc",
        Color::Cyan | Color::LightCyan => "#66cccc",
        Color::Gray | Color::White => "#d5d9df",
        Color::DarkGray => "#7f858f",
        _ => return None,
    })
}
