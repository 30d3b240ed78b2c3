//! A document: a header and a text made of blocks.

use super::records::Where;

/// What form a document's content has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::data) enum Form {
    /// Sections
    Blocks,
    /// One string of HTML, as documents had before they had sections
    Legacy,
    /// An uploaded file: no text
    File,
    /// A new document that was never filled
    Empty,
}

/// Where a document is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::data) enum State {
    Published,
    Draft,
    Archived,
}

/// One file of `assets/demo/documents`.
pub(in crate::data) struct Document {
    /// The file's name without its ending
    pub slug: &'static str,
    /// The text is Markdown (`.md`), not HTML (`.html`)
    pub markdown: bool,
    pub name: String,
    pub organizations: Where,
    pub folder: Option<String>,
    pub form: Form,
    pub state: State,
    pub restricted: bool,
    pub public: bool,
    /// Fixed ids: short name and id
    pub ids: Vec<(String, u64)>,
    pub author: String,
    pub created: String,
    pub updated: String,
    /// Selector and notes
    pub related: Vec<(String, String)>,
    /// Files, each `name size` with an id behind it where it is fixed
    pub attach: Vec<String>,
    pub body: &'static str,
}

impl Document {
    /// Reads a file: a header between two lines `---`, then the text.
    pub(in crate::data) fn parse(path: &'static str, text: &'static str) -> Result<Self, String> {
        let file = path.rsplit('/').next().unwrap_or(path);
        let (slug, ending) = file.rsplit_once('.').ok_or_else(|| format!("{path}: no ending"))?;
        let rest = text.strip_prefix("---\n").ok_or_else(|| format!("{path}: does not begin with ---"))?;
        let (header, body) = rest.split_once("\n---\n").ok_or_else(|| format!("{path}: the header does not end"))?;
        let mut document = Document {
            slug,
            markdown: ending == "md",
            name: String::new(),
            organizations: Vec::new(),
            folder: None,
            form: Form::Blocks,
            state: State::Published,
            restricted: false,
            public: false,
            ids: Vec::new(),
            author: "Ruth Osei".to_owned(),
            created: "2022-03-14".to_owned(),
            updated: "2026-05-20".to_owned(),
            related: Vec::new(),
            attach: Vec::new(),
            body,
        };
        for line in header.lines().filter(|line| !line.trim().is_empty()) {
            let (key, value) = line.split_once(':').ok_or_else(|| format!("{path}: {line}: no colon"))?;
            document.set(key.trim(), value.trim()).map_err(|why| format!("{path}: {why}"))?;
        }
        if document.name.is_empty() || document.organizations.is_empty() {
            return Err(format!("{path}: name or organizations missing"));
        }
        Ok(document)
    }

    /// Takes over one line of the header.
    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "name" => value.clone_into(&mut self.name),
            "organizations" => {
                self.organizations = value.split(',').map(|short| short.trim().to_owned()).collect();
            }
            "folder" => self.folder = Some(value.to_owned()),
            "form" => {
                self.form = match value {
                    "blocks" => Form::Blocks,
                    "legacy" => Form::Legacy,
                    "file" => Form::File,
                    "empty" => Form::Empty,
                    other => return Err(format!("form {other}")),
                }
            }
            "state" => {
                self.state = match value {
                    "published" => State::Published,
                    "draft" => State::Draft,
                    "archived" => State::Archived,
                    other => return Err(format!("state {other}")),
                }
            }
            "restricted" => self.restricted = value == "yes",
            "public" => self.public = value == "yes",
            "author" => value.clone_into(&mut self.author),
            "created" => value.clone_into(&mut self.created),
            "updated" => value.clone_into(&mut self.updated),
            "attach" => self.attach.push(value.to_owned()),
            "id" => {
                let (short, id) = value.split_once('=').ok_or_else(|| format!("id {value}"))?;
                let id = id.trim().parse().map_err(|_| format!("id {value}"))?;
                self.ids.push((short.trim().to_owned(), id));
            }
            "related" => {
                let (selector, notes) = value.split_once(' ').unwrap_or((value, ""));
                let notes = notes.trim().trim_start_matches('(').trim_end_matches(')');
                self.related.push((selector.to_owned(), notes.to_owned()));
            }
            other => return Err(format!("unknown key {other}")),
        }
        Ok(())
    }
}

/// One block of a document's text, still with placeholders.
#[derive(PartialEq, Debug)]
pub(in crate::data) enum Block<'a> {
    /// `== Heading`: the number of signs is the level
    Heading(u8, &'a str),
    /// The text between the other blocks, or under `-- text`
    Text(&'a str),
    /// `-- step 5`: minutes; `-- step 5 first` begins to count again
    Step { minutes: Option<u32>, first: bool, text: &'a str },
    /// `-- gallery`: one image a line, `name size`
    Gallery(Vec<&'a str>),
}

/// Splits a document's text at its block lines. Lines inside code fences are never block lines.
pub(in crate::data) fn blocks(body: &str) -> Vec<Block<'_>> {
    enum Open {
        Text,
        Step(Option<u32>, bool),
        Gallery,
    }
    fn close<'a>(blocks: &mut Vec<Block<'a>>, open: &Open, text: &'a str) {
        let trimmed = text.trim_matches('\n');
        match open {
            Open::Text if trimmed.trim().is_empty() => {}
            Open::Text => blocks.push(Block::Text(trimmed)),
            Open::Step(minutes, first) => {
                blocks.push(Block::Step { minutes: *minutes, first: *first, text: trimmed });
            }
            Open::Gallery => {
                let images: Vec<&str> = trimmed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                blocks.push(Block::Gallery(images));
            }
        }
    }
    let mut blocks = Vec::new();
    let mut open = Open::Text;
    let (mut from, mut at, mut fenced) = (0, 0, false);
    for line in body.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let word = line.trim_end();
        if word.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let signs = word.bytes().take_while(|&b| b == b'=').count();
        let next = if (2..=6).contains(&signs) && word.as_bytes().get(signs) == Some(&b' ') {
            close(&mut blocks, &open, body.get(from..start).unwrap_or_default());
            blocks.push(Block::Heading(signs as u8, word.get(signs..).unwrap_or_default().trim()));
            Open::Text
        } else if let Some(rest) = word.strip_prefix("-- step") {
            close(&mut blocks, &open, body.get(from..start).unwrap_or_default());
            let mut words = rest.split_whitespace();
            let minutes = words.next().and_then(|word| word.parse().ok());
            Open::Step(minutes, rest.ends_with("first"))
        } else if word == "-- gallery" {
            close(&mut blocks, &open, body.get(from..start).unwrap_or_default());
            Open::Gallery
        } else if word == "-- text" {
            close(&mut blocks, &open, body.get(from..start).unwrap_or_default());
            Open::Text
        } else {
            continue;
        };
        open = next;
        from = at;
    }
    close(&mut blocks, &open, body.get(from..).unwrap_or_default());
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_split_at_its_block_lines_and_not_inside_code() {
        let body = "Intro\n\n== Before\nText\n```\n== no heading\n-- step 9\n```\n-- step 5 first\nPress\n-- gallery\na.jpg 12\n\nb.jpg 3\n-- text\nEnd\n";
        assert_eq!(
            blocks(body),
            [
                Block::Text("Intro"),
                Block::Heading(2, "Before"),
                Block::Text("Text\n```\n== no heading\n-- step 9\n```"),
                Block::Step { minutes: Some(5), first: true, text: "Press" },
                Block::Gallery(vec!["a.jpg 12", "b.jpg 3"]),
                Block::Text("End"),
            ]
        );
    }

    #[test]
    fn a_header_with_an_unknown_key_is_refused() {
        let wrong = Document::parse("x/a.md", "---\nname: A\norganizations: HPD\ncolour: red\n---\nText");
        assert!(wrong.is_err_and(|why| why.contains("colour")));
    }
}
