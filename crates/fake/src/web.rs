//! The web application of the account: another host than that of the API, where people sign in and attachments are
//! kept. No key belongs there, so it counts the requests that carry one.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;

/// Where every client ends that is not signed in.
const LOGIN: &str = "/login";

const LOGIN_PAGE: &[u8] = b"<!DOCTYPE html>\n<html><head><title>Sign in | Northbeam</title></head>\n\
    <body><h1>Sign in</h1><p>This stands for the web application of IT Glue. It has no accounts.</p></body></html>\n";

/// Requests the log keeps.
const KEPT: usize = 10_000;

/// A request that came to the web application.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebRequest {
    /// Path and query as they came
    pub target: String,
    /// Whether it carried a key or a token: no client may send one here
    pub with_key: bool,
}

/// The web application.
pub(super) struct Web {
    port: u16,
    log: Mutex<Vec<WebRequest>>,
}

impl Web {
    /// Takes a free port on loopback.
    pub(super) fn bind() -> io::Result<(Arc<Self>, std::net::TcpListener)> {
        let listener = std::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        listener.set_nonblocking(true)?;
        let web = Self { port: listener.local_addr()?.port(), log: Mutex::default() };
        Ok((Arc::new(web), listener))
    }

    /// Its address: another name and another port than those of the API, without TLS, as the documentation prints it.
    pub(super) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The requests so far, oldest first.
    pub(super) fn requests(&self) -> Vec<WebRequest> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers the requests of one connection.
    pub(super) async fn serve(self: Arc<Self>, stream: TcpStream) {
        let service = service_fn(move |request| {
            let answer = self.answer(&request);
            async move { Ok::<_, Infallible>(answer) }
        });
        // Clients that disconnect early are not an error.
        drop(
            hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
                .await,
        );
    }

    fn answer(&self, request: &hyper::Request<Incoming>) -> Response<Full<Bytes>> {
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
        let with_key = request.headers().contains_key("x-api-key") || request.headers().contains_key(AUTHORIZATION);
        let login = request.uri().path() == LOGIN;
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() < KEPT {
            log.push(WebRequest { target, with_key });
        }
        drop(log);
        let mut answer = Response::new(Full::new(Bytes::from_static(if login { LOGIN_PAGE } else { b"" })));
        if login {
            answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        } else {
            *answer.status_mut() = StatusCode::FOUND;
            answer.headers_mut().insert(LOCATION, HeaderValue::from_static(LOGIN));
        }
        answer
    }
}
