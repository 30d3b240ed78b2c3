//! Groups of files or folders that need each other: none of them can be understood, tested or moved alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::imports::Import;

type Graph = BTreeMap<PathBuf, BTreeSet<PathBuf>>;

/// The circles between files, each as its files in order.
pub fn between_files(imports: &BTreeSet<Import>) -> Vec<Vec<PathBuf>> {
    let mut graph = Graph::new();
    for import in imports {
        graph.entry(import.from.clone()).or_default().insert(import.to.clone());
    }
    circles(&graph)
}

/// The circles between the rooms of one folder, where a room is a folder with all below it or a file beside it, and at
/// least one is a folder. A file such as `mod.rs` is the folder itself and no room in it.
pub fn between_folders(imports: &BTreeSet<Import>) -> Vec<Vec<PathBuf>> {
    let mut levels: BTreeMap<PathBuf, Graph> = BTreeMap::new();
    for Import { from, to } in imports {
        let Some((folder, from, to)) = rooms(from, to) else { continue };
        levels.entry(folder).or_default().entry(from).or_default().insert(to);
    }
    let found = levels.values().flat_map(circles);
    found.filter(|circle| circle.iter().any(|room| room.extension().is_none())).collect()
}

/// A file as a room: `a/mod.rs` is the folder `a`, and so is `a.rs` beside a folder `a`.
fn room(path: &Path) -> PathBuf {
    let is_folder = ["mod.rs", "lib.rs", "main.rs"].iter().any(|name| path.ends_with(name));
    if is_folder { path.parent().unwrap_or(path).to_owned() } else { path.to_owned() }
}

/// The folder in which both are, and the rooms of it that they are in; `None` where one is in the other.
fn rooms(from: &Path, to: &Path) -> Option<(PathBuf, PathBuf, PathBuf)> {
    let (from, to) = (room(from), room(to));
    let common: PathBuf = from.iter().zip(to.iter()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    let below = |path: &Path| path.iter().nth(common.iter().count()).map(|name| common.join(name));
    Some((common.clone(), below(&from)?, below(&to)?))
}

/// The groups of more than one in which each leads to each other.
fn circles(graph: &Graph) -> Vec<Vec<PathBuf>> {
    let reach = |start: &PathBuf| {
        let (mut seen, mut left) = (BTreeSet::new(), vec![start.clone()]);
        while let Some(at) = left.pop() {
            for next in graph.get(&at).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    left.push(next.clone());
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&PathBuf, BTreeSet<PathBuf>> = graph.keys().map(|node| (node, reach(node))).collect();
    let mut found: BTreeSet<Vec<PathBuf>> = BTreeSet::new();
    for (node, out) in &reached {
        if out.contains(*node) {
            let back = |other: &&PathBuf| reached.get(*other).is_some_and(|back| back.contains(*node));
            found.insert(out.iter().filter(back).cloned().collect());
        }
    }
    found.into_iter().filter(|circle| circle.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> BTreeSet<Import> {
        pairs.iter().map(|(from, to)| Import { from: from.into(), to: to.into() }).collect()
    }

    #[test]
    fn two_files_that_need_each_other_are_a_circle_and_a_line_is_none() {
        let imports = set(&[("a.rs", "b.rs"), ("b.rs", "c.rs"), ("c.rs", "b.rs"), ("c.rs", "d.rs")]);
        assert_eq!(between_files(&imports), [vec![PathBuf::from("b.rs"), "c.rs".into()]]);
    }

    #[test]
    fn folders_that_need_each_other_are_a_circle_though_no_two_files_are() {
        let imports = set(&[("s/a/x.rs", "s/b/y.rs"), ("s/b/z.rs", "s/a/w.rs")]);
        assert_eq!(between_files(&imports), Vec::<Vec<PathBuf>>::new());
        assert_eq!(between_folders(&imports), [vec![PathBuf::from("s/a"), "s/b".into()]]);
    }

    #[test]
    fn a_folder_and_what_is_in_it_are_no_two_rooms() {
        let imports = set(&[("s/a/mod.rs", "s/a/x.rs"), ("s/a/x.rs", "s/a/mod.rs")]);
        assert_eq!(between_folders(&imports), Vec::<Vec<PathBuf>>::new());
        assert_eq!(between_files(&imports).len(), 1);
    }
}
