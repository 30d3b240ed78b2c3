//! The content of the demo: one MSP, Northbeam, and the documentation of its clients.
//!
//! The content itself is written in `assets/demo`, where `README.md` says how to read and extend it, and compiled in.
//! [`demo`] puts it together: `source` parses, `build` gives ids, resolves placeholders such as
//! `{{configuration:firewall}}` in each organization and writes the rows, `invent` makes up what was not written by
//! hand, always the same from the same words.

mod build;
mod diary;
mod files;
mod invent;
mod source;

use std::sync::LazyLock;

use crate::world::World;

use build::Source;

/// The demo's world. The same at every call: it is built once, and what is given out shares its rows until they change.
///
/// # Panics
/// When an asset does not parse. Assets are compiled in and a test builds them, so no user can meet it.
pub fn demo() -> World {
    static WORLD: LazyLock<World> = LazyLock::new(|| build::build(&parse()).finish());
    WORLD.clone()
}

/// What the demo's world holds, in one line.
pub fn summary() -> String {
    build::summary(&demo())
}

/// Reads every asset.
fn parse() -> Source {
    fn toml<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> T {
        match toml::from_str(text) {
            Ok(value) => value,
            Err(why) => panic!("assets/demo/{name}: {why}"),
        }
    }
    Source {
        lookups: toml("lookups.toml", files::LOOKUPS),
        catalogue: toml("catalogue.toml", files::CATALOGUE),
        organizations: files::ORGANIZATIONS.iter().map(|(name, text)| toml(name, text)).collect(),
        passwords: toml("passwords.toml", files::PASSWORDS),
        assets: toml("flexible_assets.toml", files::FLEXIBLE_ASSETS),
        checklists: toml("checklists.toml", files::CHECKLISTS),
        local: toml("local.toml", files::LOCAL),
        relations: toml("relations.toml", files::RELATIONS),
        documents: files::DOCUMENTS
            .iter()
            .map(|(name, text)| match source::Document::parse(name, text) {
                Ok(document) => document,
                Err(why) => panic!("assets/demo/{why}"),
            })
            .collect(),
        diary: files::DIARY.lines().filter(|line| !line.is_empty()).collect(),
    }
}

#[cfg(test)]
mod tests;
