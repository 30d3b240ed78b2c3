//! Where the key comes from, and fetching it.

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use super::raw::{KeyError, Raw, error};
use super::{VARIABLE, command};
use crate::config::KeySource;
use gluepot_core::private_file::{self, Care};
use gluepot_core::raw;
use gluepot_core::secret::Secret;
use gluepot_core::text::Clean;

/// Which way the key comes, in words, for `doctor` and errors.
pub fn describe(source: &KeySource) -> Clean {
    match (&source.command, &source.file) {
        (Some(words), _) => format!("the program {}", words.first().map_or("", String::as_str)).into(),
        (None, Some(path)) => format!("the file {}", path.display()).into(),
        (None, None) => format!("the variable {VARIABLE}").into(),
    }
}

/// Whether nothing says where the key is.
pub fn is_missing(source: &KeySource, from_environment: Option<&[u8]>) -> bool {
    source.command.is_none() && source.file.is_none() && from_environment.is_none()
}

/// What to do where nothing says where the key is: several lines, to be followed literally.
pub fn how_to_give(config: &Path) -> String {
    let config = config.display();
    format!(
        "there is no API key yet. Write into {config} one of\n\n  \
         [key]\n  \
         command = [\"pass\", \"show\", \"itglue\"]   # a program that prints the key\n\n  \
         [key]\n  \
         file = \"~/.config/gluepot/key\"          # a file with the key alone; chmod 600\n\n\
         or set {VARIABLE}. Accounts in Europe and Australia also need region = \"eu\" or \"au\" in the first line.\n\
         To check it all: gluepot doctor\n\
         To look around without a key: gluepot --demo"
    )
}

/// The beginning of every key that IT Glue gives out.
const BEGINNING: &str = "ITG.";
/// A shorter one is a part of one; those that IT Glue gives out have some 160 characters.
const SHORTEST: usize = 24;

/// Whether a key has the form of those that IT Glue gives out. A gateway may use its own.
pub fn has_form(key: &Secret) -> bool {
    let key = key.expose();
    key.starts_with(BEGINNING) && key.len() >= SHORTEST
}

/// Fetches the key. `from_environment` is what [`take_from_environment`] took at the start of the program.
pub fn fetch(source: &KeySource, from_environment: Option<Zeroizing<Vec<u8>>>) -> Result<Secret, KeyError> {
    if let Some(words) = &source.command {
        let limit = Duration::from_secs(u64::from(source.command_timeout));
        return command::run(words, limit)?.into_secret(&describe(source));
    }
    if let Some(path) = &source.file {
        return read_file(path);
    }
    let Some(value) = from_environment else {
        return Err(error(&format!(
            "there is no API key. Say where it comes from under [key] in config.toml (a program or a file), or set \
             {VARIABLE}. To look around without one: gluepot --demo"
        )));
    };
    let mut raw = Raw::new();
    let length = value.len().min(raw.rest().len());
    raw.rest()[..length].copy_from_slice(&value[..length]);
    raw.length = length;
    raw.into_secret(&format!("the variable {VARIABLE}"))
}

/// Takes the key's variable out of the environment, whether it will be used or not: nothing that is started from
/// here needs it. Call it at the very start, while there is one thread.
pub fn take_from_environment() -> Option<Zeroizing<Vec<u8>>> {
    // An empty variable is one that is not set.
    raw::take(VARIABLE).filter(|value| !value.trim_ascii().is_empty())
}

fn read_file(path: &Path) -> Result<Secret, KeyError> {
    let mut file = private_file::open(path, Care::Secret)
        .map_err(|refusal| error(&format!("the API key was not read: {refusal}")))?;
    let mut raw = Raw::new();
    while !raw.is_full() {
        match file.read(raw.rest()) {
            Ok(0) => break,
            Ok(read) => raw.length += read,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(error(&format!("{} cannot be read: {e}", path.display()))),
        }
    }
    raw.into_secret(&format!("the file {}", path.display()))
}
