//! Who imports whom: by `use`, and by a path in the middle of the code.

use std::collections::BTreeSet;
use std::path::PathBuf;

use syn::visit::{self, Visit};

use crate::House;
use crate::names::{FileId, Names, flatten};
use crate::read::is_for_tests;

/// One file needs another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Import {
    /// The file that imports, below the root
    pub from: PathBuf,
    /// The file that defines what is imported
    pub to: PathBuf,
}

/// All imports between the files that are shipped. What a module only passes on (`pub use`) is none.
pub fn imports(house: &House) -> BTreeSet<Import> {
    let names = Names::of(house);
    let path = |(p, s): FileId| house.packages[p].sources[s].path.clone();
    let mut found = BTreeSet::new();
    for (p, package) in house.packages.iter().enumerate() {
        for (s, source) in package.sources.iter().enumerate().filter(|(_, source)| !source.is_test) {
            let mut walk = Walk { names: &names, package: p, module: source.module.clone(), found: BTreeSet::new() };
            walk.visit_file(&source.syntax);
            let others = walk.found.into_iter().filter(|to| *to != (p, s));
            found.extend(others.map(|to| Import { from: source.path.clone(), to: path(to) }));
        }
    }
    found
}

struct Walk<'n> {
    names: &'n Names,
    package: usize,
    module: Vec<String>,
    found: BTreeSet<FileId>,
}

impl Walk<'_> {
    fn see(&mut self, path: &[String]) {
        self.found.extend(self.names.file(self.package, &self.module, path));
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_for_tests(&item.attrs) || item.content.is_none() {
            return;
        }
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if is_for_tests(&item.attrs) || !matches!(item.vis, syn::Visibility::Inherited) {
            return;
        }
        let mut used = Vec::new();
        flatten(&item.tree, &[], &mut used);
        for used in used {
            self.see(&used.path);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        // One name alone was brought by a `use`, which is seen there.
        if segments.len() > 1 {
            self.see(&segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}
