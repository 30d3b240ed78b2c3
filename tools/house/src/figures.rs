//! Lengths and shares.

use std::path::PathBuf;

use syn::visit::{self, Visit};

use crate::House;
use crate::read::is_for_tests;

/// How long something is, and where it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Length {
    /// Lines
    pub lines: usize,
    /// The file
    pub path: PathBuf,
    /// The function and its line; empty for a file
    pub name: String,
}

/// The middle, the upper tenth and the end of a number of lengths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spread {
    /// Half are longer
    pub median: usize,
    /// One in ten is longer
    pub p90: usize,
    /// None is longer
    pub most: usize,
}

/// What is measured.
#[derive(Clone, PartialEq, Debug)]
pub struct Figures {
    /// Production lines of each file, the longest first
    pub files: Vec<Length>,
    /// Lines of each function, the longest first
    pub functions: Vec<Length>,
    /// Public items, and how many of them are documented
    pub public: (usize, usize),
    /// All lines, and how many of them are tests
    pub lines: (usize, usize),
}

impl Figures {
    /// Measures what was read. The tools do not count: they are not shipped.
    pub fn of(house: &House) -> Self {
        let mut figures = Self { files: Vec::new(), functions: Vec::new(), public: (0, 0), lines: (0, 0) };
        for package in house.packages.iter().filter(|package| !package.folder.starts_with("tools")) {
            figures.lines.0 += package.lines_of_outer_tests;
            figures.lines.1 += package.lines_of_outer_tests;
            for source in &package.sources {
                figures.lines.0 += source.lines;
                figures.lines.1 += source.test_lines;
                if source.is_test {
                    continue;
                }
                let length = |lines, name| Length { lines, path: source.path.clone(), name };
                figures.files.push(length(source.lines - source.test_lines, String::new()));
                let functions = source.functions.iter();
                figures.functions.extend(functions.map(|f| length(f.lines, format!("{} (line {})", f.name, f.line))));
                let mut docs = Docs::default();
                docs.visit_file(&source.syntax);
                figures.public.0 += docs.all;
                figures.public.1 += docs.documented;
            }
        }
        figures.files.sort_by_key(|length| std::cmp::Reverse(length.lines));
        figures.functions.sort_by_key(|length| std::cmp::Reverse(length.lines));
        figures
    }

    /// Middle, upper tenth and end of lengths that are sorted, the longest first.
    pub fn spread(lengths: &[Length]) -> Spread {
        let at = |share: usize| lengths.get(lengths.len() * share / 100).map_or(0, |length| length.lines);
        Spread { median: at(50), p90: at(10), most: at(0) }
    }
}

#[derive(Default)]
struct Docs {
    all: usize,
    documented: usize,
}

impl Docs {
    fn see(&mut self, visibility: &syn::Visibility, attributes: &[syn::Attribute]) {
        if matches!(visibility, syn::Visibility::Public(_)) {
            self.all += 1;
            self.documented += usize::from(attributes.iter().any(|attribute| attribute.path().is_ident("doc")));
        }
    }
}

impl<'ast> Visit<'ast> for Docs {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.see(&item.vis, &item.attrs);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.see(&item.vis, &item.attrs);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.see(&item.vis, &item.attrs);
        visit::visit_item_struct(self, item);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if field.ident.is_some() {
            self.see(&field.vis, &field.attrs);
        }
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.see(&item.vis, &item.attrs);
        for variant in &item.variants {
            self.see(&item.vis, &variant.attrs);
        }
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.see(&item.vis, &item.attrs);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.see(&item.vis, &item.attrs);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.see(&item.vis, &item.attrs);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.see(&item.vis, &item.attrs);
    }
}
