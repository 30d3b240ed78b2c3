//! Which file a path leads to. A name that a module passes on (`pub use`) leads to the file that defines it, so that
//! two files that speak through their parent are seen as speaking to each other.

use std::collections::HashMap;

use syn::visit::Visit;

use crate::House;
use crate::read::is_for_tests;

/// A file, by the number of its package and its place in that package.
pub type FileId = (usize, usize);

/// What the modules of all packages define and pass on.
pub struct Names {
    packages: HashMap<String, usize>,
    modules: HashMap<(usize, Vec<String>), Module>,
}

#[derive(Default)]
struct Module {
    file: Option<FileId>,
    /// Names that are used for something else: as written, from this module
    uses: HashMap<String, Vec<String>>,
    /// Modules all of whose names are used
    globs: Vec<Vec<String>>,
}

/// One name that a `use` brings: the name here, and the path. A glob has no name.
pub struct Used {
    /// The name here; `None` for all names
    pub name: Option<String>,
    /// The path as written
    pub path: Vec<String>,
}

/// The names that a tree of a `use` brings.
pub fn flatten(tree: &syn::UseTree, before: &[String], found: &mut Vec<Used>) {
    let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
    match tree {
        syn::UseTree::Path(path) => flatten(&path.tree, &with(&path.ident), found),
        syn::UseTree::Name(name) if name.ident == "self" => {
            found.push(Used { name: before.last().cloned(), path: before.to_vec() });
        }
        syn::UseTree::Name(name) => {
            found.push(Used { name: Some(name.ident.to_string()), path: with(&name.ident) });
        }
        syn::UseTree::Rename(rename) => {
            let path = if rename.ident == "self" { before.to_vec() } else { with(&rename.ident) };
            found.push(Used { name: Some(rename.rename.to_string()), path });
        }
        syn::UseTree::Glob(_) => found.push(Used { name: None, path: before.to_vec() }),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, found)),
    }
}

impl Names {
    /// Reads what each module has.
    pub fn of(house: &House) -> Self {
        let packages = house.packages.iter().enumerate().map(|(at, package)| (package.name.clone(), at)).collect();
        let mut names = Self { packages, modules: HashMap::new() };
        for (p, package) in house.packages.iter().enumerate() {
            for (s, source) in package.sources.iter().enumerate() {
                // Of `lib.rs` and `main.rs` the library is the one that others import.
                if source.module.is_empty() && source.path.ends_with("main.rs") {
                    continue;
                }
                let mut reader = Reader { names: &mut names, package: p, file: (p, s), module: source.module.clone() };
                reader.open();
                reader.visit_file(&source.syntax);
            }
        }
        names
    }

    /// The file that defines what a path leads to, seen from a module; `None` for what is not ours.
    pub fn file(&self, package: usize, module: &[String], path: &[String]) -> Option<FileId> {
        self.walk(package, module, path, 0)
    }

    fn walk(&self, package: usize, module: &[String], path: &[String], depth: usize) -> Option<FileId> {
        const DEEPEST: usize = 32;
        if depth > DEEPEST {
            return None;
        }
        let (package, mut at, rest) = self.start(package, module, path)?;
        for (i, name) in rest.iter().enumerate() {
            let below = [at.as_slice(), std::slice::from_ref(name)].concat();
            if self.modules.contains_key(&(package, below.clone())) {
                at = below;
                continue;
            }
            let here = self.modules.get(&(package, at.clone()))?;
            if let Some(target) = here.uses.get(name) {
                let whole = [target.as_slice(), &rest[i + 1..]].concat();
                return self.walk(package, &at, &whole, depth + 1).or(here.file);
            }
            let through = |glob: &Vec<String>| {
                let whole = [glob.as_slice(), &rest[i..]].concat();
                self.walk_exact(package, &at, &whole, depth + 1)
            };
            return here.globs.iter().find_map(through).or(here.file);
        }
        self.modules.get(&(package, at))?.file
    }

    /// As [`Self::walk`], but only where the name is passed on: a glob of a module does not define what it lacks.
    fn walk_exact(&self, package: usize, module: &[String], path: &[String], depth: usize) -> Option<FileId> {
        let (name, before) = path.split_last()?;
        let (package, at, rest) = self.start(package, module, before)?;
        let at = [at, rest.to_vec()].concat();
        let here = self.modules.get(&(package, at.clone()))?;
        let known = here.uses.contains_key(name)
            || self.modules.contains_key(&(package, [at.clone(), vec![name.clone()]].concat()));
        if known { self.walk(package, &at, std::slice::from_ref(name), depth) } else { None }
    }

    /// Where a path begins: its package, its module, and what is left of it.
    fn start<'p>(
        &self,
        package: usize,
        module: &[String],
        path: &'p [String],
    ) -> Option<(usize, Vec<String>, &'p [String])> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some((package, Vec::new(), rest)),
            "self" => Some((package, module.to_vec(), rest)),
            "super" => {
                let ups = path.iter().take_while(|name| *name == "super").count();
                let left = module.len().checked_sub(ups)?;
                Some((package, module[..left].to_vec(), &path[ups..]))
            }
            name => {
                let here = self.modules.get(&(package, module.to_vec()))?;
                let child = [module, std::slice::from_ref(first)].concat();
                if self.modules.contains_key(&(package, child)) || here.uses.contains_key(name) {
                    return Some((package, module.to_vec(), path));
                }
                self.packages.get(name).map(|package| (*package, Vec::new(), rest))
            }
        }
    }
}

struct Reader<'n> {
    names: &'n mut Names,
    package: usize,
    file: FileId,
    module: Vec<String>,
}

impl Reader<'_> {
    fn open(&mut self) -> &mut Module {
        let module = self.names.modules.entry((self.package, self.module.clone())).or_default();
        module.file = Some(self.file);
        module
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_for_tests(&item.attrs) || item.content.is_none() {
            return;
        }
        self.module.push(item.ident.to_string());
        self.open();
        syn::visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut found = Vec::new();
        flatten(&item.tree, &[], &mut found);
        let module = self.open();
        for used in found {
            match used.name {
                // A name that leads to itself (`use x;` of a package) would never end.
                Some(name) if used.path != [name.clone()] => drop(module.uses.insert(name, used.path)),
                Some(_) => {}
                None => module.globs.push(used.path),
            }
        }
    }

    // Imports within functions are seen by `imports`; they pass nothing on.
    fn visit_block(&mut self, _: &'ast syn::Block) {}
}
