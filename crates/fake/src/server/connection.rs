//! One connection: reads requests, waits where a fault says so, writes answers.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::log::with_brackets;
use super::state::{Arrived, State};
use super::wired::{Wired, write_out};
use crate::answer::Answer;
use crate::faults::Fault;

/// The most a request body may weigh: 10 MB of attachment in base64, and room around it.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Answers the requests of one connection.
pub(super) async fn serve(stream: TcpStream, state: Arc<State>) {
    let port = stream.local_addr().map_or(0, |address| address.port());
    drop(stream.set_nodelay(true));
    let reset = Arc::new(AtomicBool::new(false));
    let wire = Wire { stream, reset: Arc::clone(&reset) };
    let service = service_fn(move |request| {
        let (state, reset) = (Arc::clone(&state), Arc::clone(&reset));
        async move { handle(request, &state, &reset, port).await }
    });
    // Clients that disconnect early are not an error.
    drop(
        hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(wire), service)
            .await,
    );
}

/// A connection that can be reset instead of closed.
struct Wire {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            drop(self.stream.set_zero_linger());
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

async fn handle(
    request: hyper::Request<Incoming>,
    state: &State,
    reset: &AtomicBool,
    port: u16,
) -> Result<Wired, io::Error> {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let method = if parts.method == hyper::Method::HEAD { "GET" } else { parts.method.as_str() }.to_owned();
    let key = state.key_used(&parts.headers);
    state.log.remember(&method, &target, key);
    let faults = state.faults.strike(&method, &with_brackets(&target));
    // The body is read even if it is ignored: a client still writing would not see the answer.
    let bytes = Limited::new(body, MAX_BODY).collect().await.map(http_body_util::Collected::to_bytes);

    for fault in &faults {
        match fault {
            Fault::Latency { wait, jitter } => {
                let more = jitter.mul_f64(fastrand::f64());
                tokio::time::sleep(*wait + more).await;
            }
            Fault::Silent => std::future::pending::<()>().await,
            Fault::Reset => {
                reset.store(true, Ordering::Relaxed);
                return Err(io::Error::from(io::ErrorKind::ConnectionReset));
            }
            _ => {}
        }
    }
    let host = parts.headers.get(hyper::header::HOST).and_then(|host| host.to_str().ok());
    let base = host.map_or_else(|| format!("http://127.0.0.1:{port}"), |host| format!("http://{host}"));
    let answer = match bytes {
        Ok(bytes) => {
            let arrived =
                Arrived { method: &method, target: &target, headers: &parts.headers, key, base: &base, bytes: &bytes };
            state.answer(&arrived, &faults)
        }
        Err(_) => Answer::gateway(413, "Request Too Long"),
    };
    let gzip = parts
        .headers
        .get(hyper::header::ACCEPT_ENCODING)
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.to_ascii_lowercase().contains("gzip"));
    Ok(write_out(answer, gzip, &faults))
}
