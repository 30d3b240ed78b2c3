//! Pictures: what bodies look like, construct by construct. The expected lines are in the tests as a reader sees
//! them.

mod cards;
mod editors;
mod html;
mod layout;
mod links;
mod pairs;
mod tables;

use super::{CodeStyle, Doc, Layout, LayoutOptions, Line};

fn options(width: u16) -> LayoutOptions {
    LayoutOptions { width, ..LayoutOptions::default() }
}

fn lines_of(doc: &Doc, options: &LayoutOptions) -> Vec<String> {
    Layout::new(doc, options).lines.iter().map(Line::text).collect()
}

fn html(source: &str) -> Vec<String> {
    lines_of(&Doc::from_html(source), &options(40))
}

fn html_at(width: u16, source: &str) -> Vec<String> {
    lines_of(&Doc::from_html(source), &options(width))
}

fn markdown(source: &str) -> Vec<String> {
    lines_of(&Doc::from_markdown(source), &options(40))
}

fn plain(width: u16) -> LayoutOptions {
    LayoutOptions { code: CodeStyle::Ruled, ..options(width) }
}
