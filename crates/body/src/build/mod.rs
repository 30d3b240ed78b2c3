//! Builds a [`Doc`](crate::doc::Doc) from tags and text, for HTML and Markdown alike.
//!
//! It does what the tree construction of the HTML standard does for a reader, without a tree: tags that end by
//! themselves (`p`, `li`, `dt`, `td` …), stray and misnested ends, text where none belongs, formatting that continues
//! over the end of a paragraph. Every step takes the same time however deep the nesting is: elements are counted by
//! name, so that an end tag without a start costs nothing, and formatting is a set of counters instead of elements.

mod bare;
mod builder;
mod container;
mod emoji;
mod finish;
mod image;
mod inline;
mod leaf;
mod list;
mod markers;
mod own;
mod places;
mod stack;
mod style;
mod table;
mod tags;
mod text;
mod word;

pub(crate) use builder::Builder;
pub(crate) use text::line_ends;
