//! Reading a trail: its files in their order, line by line, in bounded memory, trusting nothing.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::full::closed_first;
use super::record::MAX_LINE;
use super::{AuditError, chain};

/// One file to read.
#[derive(Debug)]
pub struct Source {
    /// Where it is
    pub path: PathBuf,
    /// How many bytes of it are read: what came later is not looked at
    pub length: u64,
}

impl Source {
    /// A file as long as it is now. It may be anywhere and belong to any user: it is only read.
    pub fn at(path: &Path) -> Result<Self, AuditError> {
        let meta = path.metadata().map_err(|source| AuditError::io("look at", path, source))?;
        if !meta.is_file() {
            return Err(AuditError::unsafe_file(path, "is not a regular file"));
        }
        Ok(Self { path: path.to_owned(), length: meta.len() })
    }

    pub(super) fn open(&self) -> Result<BufReader<impl Read + use<>>, AuditError> {
        let file = File::open(&self.path).map_err(|source| AuditError::io("open", &self.path, source))?;
        Ok(BufReader::with_capacity(256 * 1024, file.take(self.length)))
    }
}

/// The files of the trail in a directory, oldest first. None is not an error: there may be no trail yet.
pub fn sources(dir: &Path) -> Result<Vec<Source>, AuditError> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(AuditError::io("read the directory", dir, source)),
    };
    let mut closed: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            closed_first(&name).map(|first| (first, name))
        })
        .collect();
    closed.sort_unstable();
    let mut sources = closed.iter().map(|(_, name)| Source::at(&dir.join(name))).collect::<Result<Vec<_>, _>>()?;
    match Source::at(&dir.join("audit.log")) {
        Ok(source) => sources.push(source),
        Err(AuditError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(sources)
}

/// Puts files into the order in which they were written, by their names.
pub fn in_order(sources: &mut [Source]) {
    let number = |source: &Source| source.path.file_name()?.to_str().and_then(closed_first);
    sources.sort_by_key(|source| number(source).unwrap_or(u64::MAX));
}

/// One line as it was read into a buffer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Read1 {
    /// Its length with the line break
    pub(super) length: u64,
    /// Whether it ended in a line break
    pub(super) whole: bool,
    /// Whether it was longer than any record: then the buffer holds only the beginning
    pub(super) long: bool,
}

/// Reads the next line into `buffer`, without its line break; `None` at the end.
pub(super) fn read_line(from: &mut impl BufRead, buffer: &mut Vec<u8>) -> io::Result<Option<Read1>> {
    buffer.clear();
    let mut read = Read1 { length: 0, whole: false, long: false };
    loop {
        let chunk = match from.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            return Ok((read.length > 0).then_some(read));
        }
        let end = memchr::memchr(b'\n', chunk);
        let text = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
        let room = MAX_LINE.saturating_sub(buffer.len());
        buffer.extend_from_slice(text.get(..text.len().min(room)).unwrap_or_default());
        read.long |= text.len() > room;
        let used = text.len() + usize::from(end.is_some());
        read.length += used as u64;
        from.consume(used);
        if end.is_some() {
            read.whole = true;
            return Ok(Some(read));
        }
    }
}

/// The members of a record that readers ask for. Text is as it was before it was escaped: filter it before it is shown.
#[derive(Deserialize, Debug, Default)]
#[serde(default)]
#[expect(missing_docs, reason = "the module's documentation lists them")]
pub struct Entry<'a> {
    #[serde(borrow)]
    pub trail: Cow<'a, str>,
    pub seq: u64,
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    #[serde(borrow)]
    pub time: Cow<'a, str>,
    pub clock_back: bool,
    pub back_ms: Option<u64>,
    #[serde(borrow)]
    pub boot: Cow<'a, str>,
    pub up_ms: Option<u64>,
    pub pid: Option<u64>,
    #[serde(borrow)]
    pub version: Cow<'a, str>,
    pub unsent: u64,
    pub uid: Option<u64>,
    #[serde(borrow)]
    pub user: Cow<'a, str>,
    pub login_uid: Option<u64>,
    #[serde(borrow)]
    pub login: Cow<'a, str>,
    #[serde(borrow)]
    pub tty: Cow<'a, str>,
    #[serde(borrow)]
    pub ssh: Cow<'a, str>,
    #[serde(borrow)]
    pub host: Cow<'a, str>,
    pub of: Option<u64>,
    #[serde(borrow)]
    pub of_trail: Cow<'a, str>,
    #[serde(borrow)]
    pub result: Cow<'a, str>,
    #[serde(borrow)]
    pub way: Cow<'a, str>,
    #[serde(borrow)]
    pub sure: Cow<'a, str>,
    #[serde(borrow)]
    pub why: Cow<'a, str>,
    #[serde(borrow)]
    pub server_date: Cow<'a, str>,
    #[serde(borrow)]
    pub action: Cow<'a, str>,
    #[serde(borrow)]
    pub person: Cow<'a, str>,
    #[serde(borrow)]
    pub account: Cow<'a, str>,
    pub org: Option<u64>,
    #[serde(borrow)]
    pub org_name: Cow<'a, str>,
    #[serde(borrow)]
    pub record: Cow<'a, str>,
    pub record_id: Option<u64>,
    #[serde(borrow)]
    pub record_name: Cow<'a, str>,
    pub version_id: Option<u64>,
    #[serde(borrow)]
    pub category: Cow<'a, str>,
    #[serde(borrow)]
    pub detail: Cow<'a, str>,
    #[serde(borrow)]
    pub ticket: Cow<'a, str>,
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
    #[serde(borrow)]
    pub cautions: Cow<'a, str>,
    pub bytes: u64,
}

/// The few members that checking needs: reading the others for a million records would take longer than the hashes.
#[derive(Deserialize, Debug)]
pub(super) struct Link<'a> {
    pub(super) trail: &'a str,
    pub(super) seq: u64,
    pub(super) kind: &'a str,
    #[serde(default)]
    pub(super) time: &'a str,
    #[serde(default)]
    pub(super) clock_back: bool,
    #[serde(default)]
    pub(super) unsent: u64,
    #[serde(default)]
    pub(super) of: Option<u64>,
    #[serde(default)]
    pub(super) of_trail: Option<&'a str>,
    #[serde(default, borrow)]
    pub(super) result: std::borrow::Cow<'a, str>,
    #[serde(default)]
    pub(super) bytes: u64,
    #[serde(default, borrow)]
    pub(super) aside: std::borrow::Cow<'a, str>,
    #[serde(default, borrow)]
    pub(super) before: std::borrow::Cow<'a, str>,
    #[serde(default, borrow)]
    pub(super) why: std::borrow::Cow<'a, str>,
    #[serde(default)]
    pub(super) logs: u64,
    #[serde(default)]
    pub(super) gone: Option<&'a str>,
    pub(super) prev: &'a str,
}

/// Goes over every record of the files that is part of the chain of its trail, in order, until told to stop. Returns how
/// many lines are not part of it; incomplete text that the next record mentions is not counted.
pub fn each(sources: &[Source], mut look: impl FnMut(&[u8], &Entry<'_>) -> ControlFlow<()>) -> Result<u64, AuditError> {
    let mut buffer = Vec::with_capacity(4096);
    let mut left_out = 0;
    for trail in chain::trails(sources) {
        let chosen = chain::choose(trail)?;
        left_out += chosen.left_out;
        let mut verdicts = chosen.verdicts();
        for source in trail {
            let mut reader = source.open()?;
            loop {
                let read = read_line(&mut reader, &mut buffer);
                let Some(_) = read.map_err(|error| AuditError::io("read", &source.path, error))? else { break };
                if !verdicts.next().unwrap_or_default() {
                    continue;
                }
                match serde_json::from_slice::<Entry<'_>>(&buffer) {
                    Ok(entry) if look(&buffer, &entry).is_break() => return Ok(left_out),
                    Ok(_) => {}
                    Err(_) => left_out += 1,
                }
            }
        }
    }
    Ok(left_out)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(bytes: &[u8]) -> Vec<(Vec<u8>, Read1)> {
        let (mut reader, mut buffer) = (BufReader::with_capacity(7, bytes), Vec::new());
        std::iter::from_fn(|| read_line(&mut reader, &mut buffer).unwrap().map(|read| (buffer.clone(), read))).collect()
    }

    #[test]
    fn a_line_longer_than_a_record_is_not_kept() {
        let bytes = [vec![b'x'; 10 * MAX_LINE], b"\nnext\n".to_vec()].concat();
        let read = lines(&bytes);
        assert_eq!((read[0].0.len(), read[0].1.long, read[0].1.length), (MAX_LINE, true, 10 * MAX_LINE as u64 + 1));
        assert_eq!(read[1].0, b"next");
    }

    #[test]
    fn the_longest_line_a_record_may_have_is_kept_whole() {
        let bytes = [vec![b'x'; MAX_LINE], b"\n".to_vec(), vec![b'x'; MAX_LINE + 1], b"\n".to_vec()].concat();
        let read = lines(&bytes);
        assert_eq!((read[0].0.len(), read[0].1.long), (MAX_LINE, false));
        assert_eq!((read[1].0.len(), read[1].1.long), (MAX_LINE, true));
    }

    /// A disk that is interrupted before each piece and fails after the last.
    struct Disk<'a>(&'a [u8], bool);

    impl Read for Disk<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            match (self.1, self.0.is_empty()) {
                (true, _) => Err(io::ErrorKind::Interrupted.into()),
                (false, true) => Err(io::ErrorKind::Other.into()),
                (false, false) => self.0.read(buffer),
            }
        }
    }

    #[test]
    fn what_the_system_interrupts_is_tried_again_and_a_disk_that_fails_is_told() {
        let (mut reader, mut buffer) = (BufReader::with_capacity(4, Disk(b"one\ntwo\nth", false)), Vec::new());
        for line in ["one", "two"] {
            assert!(read_line(&mut reader, &mut buffer).unwrap().is_some());
            assert_eq!(buffer, line.as_bytes());
        }
        assert_eq!(read_line(&mut reader, &mut buffer).unwrap_err().kind(), io::ErrorKind::Other);
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_records_and_one_that_cannot_be_read_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(sources(&dir.path().join("none")).unwrap().is_empty());
        assert!(sources(dir.path()).unwrap().is_empty(), "a folder without a log");
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(sources(&file).unwrap_err().to_string().contains("could not read the directory"));
    }

    #[cfg(unix)]
    #[test]
    fn a_log_that_cannot_be_looked_at_is_no_trail_without_records() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("audit.log");
        std::os::unix::fs::symlink(&log, &log).unwrap();
        assert!(sources(dir.path()).unwrap_err().to_string().contains("could not look at"));
        std::fs::remove_file(&log).unwrap();
        std::fs::create_dir(&log).unwrap();
        assert!(sources(dir.path()).unwrap_err().to_string().contains("is not a regular file"));
    }

    #[test]
    fn logs_are_read_in_the_order_in_which_they_were_written_the_open_one_last() {
        let names = ["audit.log", "audit-000000000100.log", "audit-000000000009.log"];
        let mut sources = names.map(|name| Source { path: Path::new("/kept").join(name), length: 0 });
        in_order(&mut sources);
        let order = sources.each_ref().map(|source| source.path.file_name().unwrap().to_str().unwrap());
        assert_eq!(order, ["audit-000000000009.log", "audit-000000000100.log", "audit.log"]);
    }

    proptest! {
        #[test]
        fn lines_together_are_the_file(bytes in prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..200)) {
            let back: Vec<u8> = lines(&bytes)
                .into_iter()
                .flat_map(|(mut line, read)| {
                    line.extend(read.whole.then_some(b'\n'));
                    assert_eq!(line.len() as u64, read.length);
                    line
                })
                .collect();
            prop_assert_eq!(back, bytes);
        }
    }
}
