//! Rows as the API shows them: computed attributes, relationships and what `include` brings along.

mod attributes;
mod document;
mod included;
mod related;
mod relationships;
mod renderer;
mod signer;
mod traits;

pub(crate) use included::Included;
pub(crate) use renderer::Renderer;
pub(crate) use signer::Signer;
