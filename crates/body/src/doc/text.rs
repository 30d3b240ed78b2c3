//! The text of a document alone.

use super::body::Doc;
use super::ops::{Block, Op};

impl Doc {
    /// The text alone, for searching: a line for each paragraph, item, cell or line of code.
    pub fn plain_text(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + self.text.len() / 8);
        let newline = |out: &mut String| {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
        };
        for op in &self.ops {
            match *op {
                Op::Run(run) => out.push_str(self.piece(self.run(run).piece)),
                Op::Code(at) => {
                    newline(&mut out);
                    if let Some(code) = self.codes.get(at as usize) {
                        out.push_str(self.piece(code.text));
                    }
                    newline(&mut out);
                }
                Op::Image(at) => {
                    if let Some(image) = self.images.get(at as usize) {
                        out.push_str(&image.caption);
                    }
                }
                Op::Open(Block::Field(at)) => {
                    newline(&mut out);
                    if let Some(field) = self.fields.get(at as usize) {
                        out.push_str(&field.label);
                        out.push('\n');
                    }
                }
                Op::Open(Block::Para { .. } | Block::Heading(_)) | Op::Close | Op::Break => newline(&mut out),
                _ => {}
            }
        }
        if out.contains('\u{a0}') { out.replace('\u{a0}', " ") } else { out }
    }
}
