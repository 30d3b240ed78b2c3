//! Checking the trail.

use std::path::Path;
use std::process::ExitCode;

use super::args::Verify;
use super::findings::findings;
use super::outside::{read_anchor, read_key};
use super::read::chosen;
use crate::cli::output::{fail, print};
use gluepot_core::audit::view::ViewError;
use gluepot_core::audit::{self, Anchors};

pub(super) fn check(verify: &Verify, dir: &Path) -> Result<ExitCode, ViewError> {
    let first_key = match verify.key.as_deref().map(read_key).transpose() {
        Ok(key) => key,
        Err(why) => return Ok(fail(&why)),
    };
    let mut anchors = first_key.as_ref().map(Anchors::checked_with).unwrap_or_default();
    let mut from_outside = 0;
    for given in &verify.anchor {
        match read_anchor(given, &mut anchors) {
            Ok(found) => from_outside += found,
            Err(why) => return Ok(fail(&why)),
        }
    }
    let folder = match verify.files.as_slice() {
        [] => Some(dir),
        [one] if one.is_dir() => Some(one.as_path()),
        _ => None,
    };
    let mut noted = None;
    let sources = if let Some(folder) = folder {
        let now = audit::snapshot(folder)?;
        if now.sources.is_empty() && now.note.is_none() && from_outside == 0 {
            return Ok(fail(&format!("there is no trail in {}", folder.display())));
        }
        noted = Some(now.note.is_some());
        if let Some(note) = now.note {
            anchors.set_note(note);
        }
        now.sources
    } else {
        let mut sources = chosen(&verify.files, dir)?;
        audit::in_order(&mut sources);
        sources
    };
    let report = audit::verify_from(&sources, first_key.as_ref(), &anchors, verify.from)?;
    let printed = print(&findings(&report, sources.len(), noted, from_outside));
    Ok(if report.fault.is_some() { ExitCode::FAILURE } else { printed })
}
