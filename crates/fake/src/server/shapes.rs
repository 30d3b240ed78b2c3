//! Bodies that a fault cuts, stretches or never ends.

use std::io::{self, Write as _};
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;

/// One byte at a time.
pub(super) fn drip(bytes: Bytes, every: Duration) -> UnsyncBoxBody<Bytes, io::Error> {
    let bytes = stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(every).await;
        let byte = rest.split_to(1);
        Some((Ok(Frame::data(byte)), rest))
    });
    BodyExt::boxed_unsync(StreamBody::new(bytes))
}

/// Less than was promised, then the end of the connection.
pub(super) fn truncated(bytes: Bytes) -> UnsyncBoxBody<Bytes, io::Error> {
    let cut = stream::unfold(Some(bytes), |state| async move {
        match state {
            Some(bytes) if !bytes.is_empty() => Some((Ok(Frame::data(bytes)), Some(Bytes::new()))),
            Some(_) => {
                // What was written so far leaves the machine first.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(io::Error::from(io::ErrorKind::UnexpectedEof)), None))
            }
            None => None,
        }
    });
    BodyExt::boxed_unsync(StreamBody::new(cut))
}

/// A list whose rows never end.
pub(super) fn endless() -> UnsyncBoxBody<Bytes, io::Error> {
    let row = r#"{"id":"1","type":"organizations","attributes":{"name":"again"}},"#.repeat(1000);
    let row = Bytes::from(row);
    let rows = stream::unfold(false, move |begun| {
        let bytes = if begun { row.clone() } else { Bytes::from_static(b"{\"data\":[") };
        async move { Some((Ok(Frame::data(bytes)), true)) }
    });
    BodyExt::boxed_unsync(StreamBody::new(rows))
}

const HEAD: &[u8] = b"{\"data\":[],\"padding\":\"";
const TAIL: &[u8] = b"\"}";
/// The least an oversized answer can have.
pub(super) const FRAME: u64 = (HEAD.len() + TAIL.len()) as u64;

/// How much of an oversized answer is made at a time.
const CHUNK: usize = 256 * 1024;

/// The parts of an answer of exactly that many bytes.
fn padding(size: u64) -> impl Iterator<Item = Bytes> {
    static BLANKS: [u8; CHUNK] = [b'x'; CHUNK];
    let mut rest = size.saturating_sub(FRAME);
    std::iter::once(Bytes::from_static(HEAD))
        .chain(std::iter::from_fn(move || {
            let now = rest.min(CHUNK as u64);
            rest -= now;
            (now > 0).then(|| Bytes::from_static(BLANKS.get(..now as usize).unwrap_or(&BLANKS)))
        }))
        .chain(std::iter::once(Bytes::from_static(TAIL)))
}

/// An answer of exactly that many bytes.
pub(super) fn oversized(size: u64) -> UnsyncBoxBody<Bytes, io::Error> {
    BodyExt::boxed_unsync(StreamBody::new(stream::iter(padding(size).map(|bytes| Ok(Frame::data(bytes))))))
}

/// The same, packed while it is sent.
pub(super) fn bomb(size: u64) -> UnsyncBoxBody<Bytes, io::Error> {
    let packer = GzEncoder::new(Vec::new(), Compression::fast());
    let packed = stream::unfold(Some((packer, padding(size))), |state| async move {
        let (mut packer, mut parts) = state?;
        loop {
            match parts.next() {
                Some(part) => {
                    if let Err(error) = packer.write_all(&part) {
                        return Some((Err(error), None));
                    }
                    if packer.get_ref().len() >= 4096 {
                        let bytes = std::mem::take(packer.get_mut());
                        return Some((Ok(Frame::data(bytes.into())), Some((packer, parts))));
                    }
                    tokio::task::yield_now().await;
                }
                None => return Some((packer.finish().map(|bytes| Frame::data(bytes.into())), None)),
            }
        }
    });
    BodyExt::boxed_unsync(StreamBody::new(packed))
}
