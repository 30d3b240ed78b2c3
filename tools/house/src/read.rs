//! From folders to sources: which module a file is, which lines are tests, which functions it has.

use std::fs;
use std::path::{Path, PathBuf};

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// A package of the workspace.
#[derive(Debug)]
pub struct Package {
    /// The name by which other packages import it, such as `gluepot_core`
    pub name: String,
    /// The folder, below the root of the workspace
    pub folder: PathBuf,
    /// Its modules, tests among them
    pub sources: Vec<Source>,
    /// Lines of tests and benches beside the source
    pub lines_of_outer_tests: usize,
}

/// One file.
#[derive(Debug)]
pub struct Source {
    /// Below the root of the workspace
    pub path: PathBuf,
    /// The modules from the top of the package: empty for `lib.rs`
    pub module: Vec<String>,
    /// Nothing in it is shipped
    pub is_test: bool,
    /// All lines
    pub lines: usize,
    /// Lines that are tests
    pub test_lines: usize,
    /// The functions that are shipped
    pub functions: Vec<Function>,
    /// The syntax, for the imports
    pub(crate) syntax: syn::File,
}

/// A function or method.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Function {
    /// Its name
    pub name: String,
    /// The line it begins in
    pub line: usize,
    /// From the first line of its signature to its closing brace
    pub lines: usize,
}

/// All packages below the root.
pub fn packages(root: &Path) -> Result<Vec<Package>, String> {
    let mut folders = vec![PathBuf::new()];
    for group in ["crates", "tools"] {
        let Ok(entries) = fs::read_dir(root.join(group)) else { continue };
        for entry in entries {
            let path = Path::new(group).join(entry.map_err(|error| error.to_string())?.file_name());
            if root.join(&path).join("Cargo.toml").exists() {
                folders.push(path);
            }
        }
    }
    folders.sort();
    folders.into_iter().map(|folder| package(root, folder)).collect()
}

fn package(root: &Path, folder: PathBuf) -> Result<Package, String> {
    let name = match folder.file_name() {
        Some(name) => format!("gluepot_{}", name.to_string_lossy().replace('-', "_")),
        None => "gluepot".to_owned(),
    };
    let top = root.join(&folder).join("src");
    let mut sources = Vec::new();
    for path in rust_files(&top)? {
        sources.push(source(root, &top, &path)?);
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let mut lines_of_outer_tests = 0;
    for part in ["tests", "benches"] {
        for path in rust_files(&root.join(&folder).join(part))? {
            lines_of_outer_tests += text(&path)?.lines().count();
        }
    }
    Ok(Package { name, folder, sources, lines_of_outer_tests })
}

/// The Rust files in a folder and below; none where there is no such folder.
fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(found) };
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            found.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn source(root: &Path, top: &Path, path: &Path) -> Result<Source, String> {
    let text = text(path)?;
    let syntax = syn::parse_file(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let module = module_of(path.strip_prefix(top).unwrap_or(path));
    let is_test = module.iter().any(|name| name == "tests" || name == "testkit" || name == "properties");
    let lines = text.lines().count();
    let mut walk = Walk::default();
    walk.visit_file(&syntax);
    let (test_lines, functions) = if is_test { (lines, Vec::new()) } else { (walk.test_lines, walk.functions) };
    let path = path.strip_prefix(root).unwrap_or(path).to_owned();
    Ok(Source { path, module, is_test, lines, test_lines, functions, syntax })
}

fn module_of(path: &Path) -> Vec<String> {
    let mut parts: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let last = parts.pop().unwrap_or_default();
    match last.trim_end_matches(".rs") {
        "lib" | "main" | "mod" => {}
        name => parts.push(name.to_owned()),
    }
    parts
}

/// Whether an item is compiled for tests only.
pub(crate) fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_test =
            attribute.path().is_ident("test") || attribute.path().segments.last().is_some_and(|s| s.ident == "test");
        let mut only = false;
        if attribute.path().is_ident("cfg")
            && let Ok(list) = attribute.meta.require_list()
        {
            let words = list.tokens.to_string();
            let has = |word: &str| words.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word);
            only = has("test") && !has("not") || has("fuzzing") && !has("not");
        }
        is_test || only
    })
}

#[derive(Default)]
struct Walk {
    test_lines: usize,
    functions: Vec<Function>,
}

fn lines_of(span: proc_macro2::Span) -> usize {
    span.end().line + 1 - span.start().line
}

impl Walk {
    fn function(&mut self, signature: &syn::Signature, whole: proc_macro2::Span) {
        let line = signature.span().start().line;
        let lines = whole.end().line + 1 - line;
        self.functions.push(Function { name: signature.ident.to_string(), line, lines });
    }
}

impl<'ast> Visit<'ast> for Walk {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_for_tests(&item.attrs) {
            self.test_lines += if item.content.is_some() { lines_of(item.span()) } else { 0 };
        } else {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if is_for_tests(&item.attrs) {
            self.test_lines += lines_of(item.span());
        } else {
            self.function(&item.sig, item.block.span());
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if is_for_tests(&item.attrs) {
            self.test_lines += lines_of(item.span());
        } else {
            self.function(&item.sig, item.block.span());
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.sig, block.span());
        }
        visit::visit_trait_item_fn(self, item);
    }
}
