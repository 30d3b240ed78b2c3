//! Where links lead: to another record, to the web, to a mail address, to a place in the same body, or nowhere.

mod claim;
mod escape;
mod path;
mod target;

pub(crate) use claim::{says_target, text_misleads};
pub(crate) use escape::escaped;
pub use escape::is_file_path;
pub(crate) use path::image_of_path;
pub use path::record_of_path;
pub use target::{LinkBase, LinkTarget};
