//! What there is to know of a record, in the order in which it is read.

use jiff::Timestamp;

use gluepot_body::{Inline, LinkBase};
use gluepot_core::library::Library;
use gluepot_core::model::{Content, OrganizationId, RawBody, RecordKey};
use gluepot_core::text::Clean;

/// Everything a card, a row or JSON may say of a record.
#[derive(Clone, PartialEq, Debug)]
pub struct Sheet {
    /// Which record
    pub key: RecordKey,
    /// Whose it is, if known
    pub organization: Option<OrganizationId>,
    /// Its name
    pub name: Clean,
    /// In the order of reading
    pub parts: Vec<Part>,
}

/// One piece of a sheet.
#[derive(Clone, PartialEq, Debug)]
pub enum Part {
    /// Facts that belong together
    Facts {
        /// What they are about
        title: Clean,
        /// Whether the title is written above them; a body in the middle of a group cuts it
        headed: bool,
        /// The facts
        facts: Vec<Fact>,
    },
    /// Notes, or a trait with a body
    Notes {
        /// What they are
        title: Clean,
        /// The level of the heading, 1 to 6
        level: u8,
        /// HTML or plain text
        body: RawBody,
    },
    /// The content of a document
    Content(Content),
    /// Things of one sort, each with what is known of it
    List {
        /// What they are
        title: Clean,
        /// The things
        entries: Vec<Entry>,
    },
    /// Things of one sort in columns
    Table {
        /// What they are
        title: Clean,
        /// The names of the columns
        head: Vec<Clean>,
        /// A cell for each column: the fact and a dim word behind it
        rows: Vec<Vec<(Value, Option<Clean>)>>,
    },
    /// A sentence to the reader, who must not overlook it if it is a warning; not part of what is known
    Remark {
        /// The sentence
        words: Clean,
        /// Whether it warns
        warns: bool,
    },
}

/// A fact with its name.
#[derive(Clone, PartialEq, Debug)]
pub struct Fact {
    /// What is written before it; may be empty for the second line of one above
    pub label: Clean,
    /// The fact
    pub value: Value,
}

/// One of a list.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Before the name, as code: a tick, a number
    pub mark: Option<Clean>,
    /// What it is
    pub main: Value,
    /// Dim words behind it
    pub asides: Vec<Clean>,
    /// On a line of its own
    pub below: Option<Value>,
    /// What programs read of it beside its name
    pub facts: Vec<(&'static str, Value)>,
}

impl Entry {
    /// One of which only the name is known.
    pub fn new(main: Value) -> Self {
        Self { mark: None, main, asides: Vec::new(), below: None, facts: Vec::new() }
    }

    /// With a fact that programs read. Nothing is added where it is empty.
    pub fn fact(mut self, name: &'static str, value: Value) -> Self {
        if value != Value::Empty {
            self.facts.push((name, value));
        }
        self
    }

    /// With dim words behind the name; nothing where they are empty.
    pub fn aside(mut self, words: impl AsRef<str>) -> Self {
        let words = Clean::line(words.as_ref());
        if !words.is_empty() {
            self.asides.push(words);
        }
        self
    }
}

/// A fact.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Nothing is known, or there is none
    Empty,
    /// Text
    Text(Clean),
    /// Text as typed: host names, addresses, numbers of things
    Code(Clean),
    /// A web address, shown as it is
    Web(Clean),
    /// Whether something holds; only what holds is shown
    Flag(bool),
    /// Another record
    Record {
        /// Which
        key: RecordKey,
        /// Whose, if known
        organization: Option<OrganizationId>,
        /// What is shown
        name: Clean,
    },
    /// A moment
    Moment(Timestamp),
    /// A day as the server wrote it, and whether something is over when it has passed
    Day(Clean, Runs),
    /// Several values, each on its own line
    Many(Vec<Value>),
    /// A value with words around it: text behind it, and dim words behind that
    With {
        /// The value
        value: Box<Value>,
        /// Text behind it
        text: Clean,
        /// Dim words behind that
        dim: Clean,
    },
    /// A value and where it is to be had
    Beside(Box<Value>, Box<Value>),
    /// Text with a part that must not be overlooked
    Alarming(Clean, Clean),
    /// A sentence instead of a value that cannot be shown
    Withheld(&'static str),
}

/// Whether a day in the past means that something is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Runs {
    /// It does: a warranty, a licence, a task
    Out,
    /// It is history: bought, installed
    Past,
}

impl Value {
    /// Text; empty where there is none.
    pub fn text(text: impl AsRef<str>) -> Self {
        if text.as_ref().trim().is_empty() { Self::Empty } else { Self::Text(Clean::line(text.as_ref())) }
    }

    /// Text as typed; empty where there is none.
    pub fn code(text: impl AsRef<str>) -> Self {
        if text.as_ref().trim().is_empty() { Self::Empty } else { Self::Code(Clean::line(text.as_ref())) }
    }

    /// Whether it is offered for copying: facts are, sentences to the reader are not.
    pub fn is_copyable(&self) -> bool {
        !matches!(self, Self::Empty | Self::Flag(_) | Self::Withheld(_))
    }
}

/// What a sheet depends on beside the record.
pub struct Context<'a> {
    /// Everything known
    pub store: &'a Library,
    /// Where links between records may lead
    pub base: LinkBase,
    /// Now, for ages
    pub now: Timestamp,
    /// The format of exact times
    pub dates: &'a str,
}

/// Dim text, for what is not a fact.
pub(super) fn dim(words: impl AsRef<str>) -> Inline {
    Inline::Dim(Clean::line(words.as_ref()))
}
