//! Where the audit trail and the log go.

use std::path::Path;

use super::check::Check;
use crate::host::paths::Paths;
use crate::session::Settings;

pub(super) fn checks(settings: &Settings, paths: &Paths) -> Vec<Check> {
    let log = settings.log_file(paths);
    let level = format!("{:?}", settings.config.log.level).to_lowercase();
    vec![
        folder("audit trail", &settings.audit_dir(paths, false)),
        Check::note("log", format!("log: {} ({level})", log.display())),
    ]
}

/// Whether something is at a path, as far as gluepot can tell.
pub(super) fn is_there(path: &Path) -> bool {
    !std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// Says whether something can be written into a folder, or made there.
fn folder(what: &'static str, path: &Path) -> Check {
    let shown = path.display();
    let there = path.ancestors().find(|p| is_there(p));
    if let Some((found, error)) = there.and_then(|found| Some((found, found.metadata().err()?))) {
        return Check::wrong(what, format!("{what}: {} cannot be looked at: {error}", found.display()));
    }
    match there {
        Some(found) if !found.is_dir() => Check::wrong(what, format!("{what}: {} is no folder", found.display())),
        Some(found) if !may_write(found) => {
            let found = found.display();
            Check::wrong(what, format!("{what}: {found} may not be written by this user, so no password can be shown"))
        }
        Some(found) if found == path => Check::well(what, format!("{what}: {shown}")),
        _ => Check::well(what, format!("{what}: {shown} (made when it is first needed)")),
    }
}

#[cfg(unix)]
fn may_write(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn may_write(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.permissions().readonly())
}
