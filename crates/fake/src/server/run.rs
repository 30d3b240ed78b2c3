//! A running server: starts it, stops it, and what tests ask of it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::connection::serve;
use super::log::Request;
use super::options::Options;
use super::state::State;
use crate::accept::accept;
use crate::faults::Faults;
use crate::routes::Application;
use crate::web::{Web, WebRequest};
use crate::world::World;

/// A running server. It stops when this is dropped.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    web: Arc<Web>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Starts a server on loopback. It accepts connections as soon as this returns.
    #[expect(clippy::unused_async, reason = "callers need not know that binding a loopback port never waits")]
    pub async fn start(options: Options) -> io::Result<Self> {
        Self::start_now(options)
    }

    /// The same for callers without a runtime, benches for example.
    pub fn start_now(options: Options) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port.unwrap_or(0)))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let faults = Faults::default();
        for rule in options.faults {
            faults.add(rule);
        }
        let (web, web_listener) = Web::bind()?;
        let application = Application::new(options.world, options.image_ttl, web.url());
        let state = Arc::new(State::new(application, options.keys, options.rate, faults));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("fake-itglue")
            .enable_all()
            .build()?;
        let stop = CancellationToken::new();
        let (shared, stopped, of_web) = (Arc::clone(&state), stop.clone(), Arc::clone(&web));
        let build = options.build;
        let thread = std::thread::Builder::new().name("fake-itglue".into()).spawn(move || {
            if let Some(build) = build {
                // Connections wait in the queue of the listener until this is done.
                let world = build();
                *shared.application.world.write().unwrap_or_else(PoisonError::into_inner) = world;
            }
            runtime.spawn(accept(web_listener, stopped.clone(), move |stream| Arc::clone(&of_web).serve(stream)));
            runtime.block_on(accept(listener, stopped, move |stream| serve(stream, Arc::clone(&shared))));
            runtime.shutdown_timeout(Duration::from_millis(200));
        })?;
        Ok(Self { address, state, web, stop, thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The web application's, on another host and port: what people open in a browser, and where no key belongs.
    pub fn web_url(&self) -> String {
        self.web.url()
    }

    /// The requests that came to the web application.
    pub fn web_requests(&self) -> Vec<WebRequest> {
        self.web.requests()
    }

    /// The key with Password Access.
    pub fn key(&self) -> &str {
        &self.state.keys.full
    }

    /// The key without it.
    pub fn key_without_passwords(&self) -> &str {
        &self.state.keys.without_passwords
    }

    /// The faults in force; switch them at any time.
    pub fn faults(&self) -> Faults {
        self.state.faults.clone()
    }

    /// The requests so far, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.state.log.all()
    }

    /// How many requests contain a text in `METHOD path?query`. Square brackets are compared decoded.
    pub fn count(&self, pattern: &str) -> usize {
        self.state.log.count(pattern)
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.state.log.clear();
    }

    /// Changes what the server knows, while clients read.
    pub fn with_world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.state.application.world.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported by its own thread; there is nothing to add here.
            drop(thread.join());
        }
    }
}
