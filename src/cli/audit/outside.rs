//! What was kept outside of the trail: its first key, anchors, copies.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

use crate::cli::output::complain;
use gluepot_core::audit::{Anchor, Anchors, FirstKey};
use gluepot_core::text::Clean;

/// Longest text that is looked through for a first key.
const MAX_KEY_FILE: u64 = 64 * 1024;

pub(super) fn read_key(path: &Path) -> Result<FirstKey, String> {
    let mut text = Zeroizing::new(String::new());
    let shown = Clean::line(&path.to_string_lossy());
    let read = if path == Path::new("-") {
        if io::stdin().is_terminal() {
            complain(&"type or paste the initial key");
        }
        // On a terminal one line is enough; users need not know how to end a file there.
        io::stdin().lock().take(MAX_KEY_FILE).read_line(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_KEY_FILE).read_to_string(&mut text))
    };
    read.map_err(|error| format!("cannot read the initial key from {shown}: {error}"))?;
    FirstKey::find(&text).ok_or_else(|| {
        format!(
            "{shown} contains no complete initial key; expected the line that gluepot audit init printed, gluepot-first-key …"
        )
    })
}

/// Reads what was kept outside. Returns how much there was. Two that differ about one record are distinguished when
/// they are held against it.
pub(super) fn read_anchor(given: &str, anchors: &mut Anchors) -> Result<usize, String> {
    if let Some(anchor) = Anchor::find(given) {
        let _ = anchors.add(anchor);
        return Ok(1);
    }
    let shown = Clean::line(given);
    let file = std::fs::File::open(given).map_err(|error| format!("cannot read anchors from {shown}: {error}"))?;
    let read = anchors.read(io::BufReader::new(file));
    let (found, _) = read.map_err(|error| format!("cannot read anchors from {shown}: {error}"))?;
    if found == 0 {
        return Err(format!("{shown} holds no anchors and no copies of records"));
    }
    Ok(found)
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_key_and_anchors_are_told_from_other_files() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        std::fs::write(&path, "nothing of the kind\n").unwrap();
        assert!(read_key(&path).err().unwrap().contains("gluepot audit init"));
        let mut anchors = Anchors::default();
        assert!(read_anchor(path.to_str().unwrap(), &mut anchors).unwrap_err().contains("holds no anchors"));
        assert!(read_anchor("/does/not/exist", &mut anchors).unwrap_err().contains("cannot read anchors"));
    }
}
