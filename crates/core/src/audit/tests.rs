//! The trail under good and bad conditions. Those that need another process start this test binary again.
#![expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
#![expect(clippy::print_stderr, reason = "helpers answer and skipped parts say so")]

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::file::{self, Access, Lock};
use super::full::{closed_first, closed_name};
use super::keep::describe;
use super::record::{Line, MAX_LINE};
use super::state::State;
use super::trail::{MAX_UNNOTED, Trail};
use super::*;
use crate::model::{Kind, OrganizationId, RecordKey, SourceId};
use crate::text::Clean;

mod attacks;
mod clocks;
mod copies;
mod full;
mod locks;
mod processes;
mod records;
mod refused;
mod torn;

const RECORD: RecordKey = RecordKey::new(SourceId::NONE, Kind::Password, 42);

fn me() -> Identity {
    Identity { uid: 1000, user: "kim".into(), host: "jump1".into(), pid: 7, ..Identity::default() }
}

fn event() -> Event {
    Event {
        organization: Some((OrganizationId::new(SourceId::NONE, 9), "Acme \u{1F600}".into())),
        ticket: "T-4711".into(),
        reason: "user locked out".into(),
        ..Event::new(Action::Reveal, RECORD, "Domain admin".into())
    }
}

/// A trail whose first key is known, so that it can be walked from the beginning.
struct Known {
    dir: TempDir,
    first: State,
}

impl Known {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let first = State::new().unwrap();
        file::ready_directory(dir.path()).unwrap();
        let path = dir.path().join("audit.key");
        let (file, _) = file::create(&path, Access::Update).unwrap();
        first.write(&file, &path).unwrap();
        Self { dir, first }
    }

    fn open(&self) -> Result<Audit, AuditError> {
        Audit::open_with(self.dir.path(), me(), Keeping { wait: Duration::from_millis(300), ..Keeping::default() })
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("audit.log")
    }

    /// All files of the trail in their order.
    fn logs(&self) -> Vec<PathBuf> {
        let names = fs::read_dir(self.dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut closed: Vec<_> = names.filter_map(|name| closed_first(name.to_str().unwrap())).collect();
        closed.sort_unstable();
        let closed = closed.iter().map(|&first| self.dir.path().join(closed_name(first)));
        closed.chain([self.log()]).filter(|log| log.exists()).collect()
    }

    fn lines(&self) -> Vec<String> {
        self.logs()
            .iter()
            .flat_map(|log| fs::read_to_string(log).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    /// With logs that are full after a few records.
    fn open_small(&self) -> Result<Audit, AuditError> {
        let keeping = Keeping { full: 3000, wait: Duration::from_millis(300), sink: None };
        Audit::open_with(self.dir.path(), me(), keeping)
    }

    fn state(&self) -> State {
        let path = self.dir.path().join("audit.key");
        let (file, _) = file::open(&path, Access::Update).unwrap().unwrap();
        State::read(&file, &path).unwrap().unwrap()
    }

    fn set_state(&self, state: &State) {
        let path = self.dir.path().join("audit.key");
        let (file, _) = file::open(&path, Access::Update).unwrap().unwrap();
        state.write(&file, &path).unwrap();
    }

    fn records(&self) -> Vec<Value> {
        self.lines().iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Walks hash and key over the file. Returns the numbers of the lines that are not sealed records.
    fn bad_lines(&self) -> Vec<usize> {
        let (mut head, mut key) = (self.first.head, self.first.key.clone());
        let mut bad = Vec::new();
        for (number, line) in self.lines().iter().enumerate() {
            if record::is_sealed(line.as_bytes(), &head, &key) {
                key = record::next_key(&key);
                head = record::hash(line.as_bytes());
            } else {
                // Of several in a row each is bound to those before it.
                let first = bad.last().is_none_or(|&last| last + 1 < number);
                head = if first { record::hash(line.as_bytes()) } else { record::hash_after(&head, line.as_bytes()) };
                bad.push(number);
            }
        }
        bad
    }
}

/// As it is kept where many write and the machine is slow.
fn patient(full: u64) -> Keeping {
    Keeping { wait: Duration::from_secs(60), full, sink: None }
}
