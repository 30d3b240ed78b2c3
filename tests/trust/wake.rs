//! P25: after sleep connections are dead without knowing it. A relay between program and IT Glue goes dumb on what is
//! connected, and closes nothing, while the program is stopped: the first answer afterwards comes over a new connection.
//! A machine that really sleeps is not part of this.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gluepot_fake::{Options, Server};
use rustix::process::Signal;

use crate::{say, wait_until};
use gluepot_testkit::pty::{Session, Start};

/// Carries bytes between clients and a server until it is told to fall silent about the connections there are.
#[derive(Clone)]
struct Relay {
    port: u16,
    made: Arc<AtomicUsize>,
    /// Connections below this number are dumb
    dumb: Arc<AtomicUsize>,
    /// What was sent on those
    swallowed: Arc<AtomicUsize>,
}

impl Relay {
    fn start(server: &Server) -> Self {
        let behind = server.base_url().trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("it is bound").port();
        let relay = Self { port, made: Arc::default(), dumb: Arc::default(), swallowed: Arc::default() };
        let of_thread = relay.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(&behind) else { return };
                let number = of_thread.made.fetch_add(1, Ordering::SeqCst);
                let pairs =
                    [(client.try_clone(), server.try_clone(), true), (server.try_clone(), client.try_clone(), false)];
                for (from, to, counted) in pairs {
                    let (Ok(from), Ok(to)) = (from, to) else { return };
                    let relay = of_thread.clone();
                    std::thread::spawn(move || relay.carry(number, from, to, counted));
                }
            }
        });
        relay
    }

    fn carry(&self, number: usize, mut from: TcpStream, mut to: TcpStream, counted: bool) {
        let mut buffer = [0; 16 * 1024];
        loop {
            let read = from.read(&mut buffer).unwrap_or(0);
            if number < self.dumb.load(Ordering::SeqCst) {
                if counted && read > 0 {
                    self.swallowed.fetch_add(1, Ordering::SeqCst);
                }
                if read > 0 {
                    continue;
                }
                // The other side does not say who closed.
                return;
            }
            if read == 0 || to.write_all(&buffer[..read]).is_err() {
                // Both directions end; an error means that they have.
                let _ = (from.shutdown(std::net::Shutdown::Both), to.shutdown(std::net::Shutdown::Both));
                return;
            }
        }
    }

    /// Nothing more passes on the open connections.
    fn fall_silent(&self) {
        self.dumb.store(self.made.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    fn program(&self, server: &Server) -> Session {
        let url = format!("http://127.0.0.1:{}", self.port);
        let session = Start::gluepot(&["--base-url", &url, "--org", "HPD"]).env("ITGLUE_API_KEY", server.key()).run();
        session.wait_for("HPD-AP01");
        session.settle(Duration::from_millis(300));
        session
    }
}

/// The longest that the first answer after a stop may take.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

#[test]
fn p25_the_first_request_after_a_stop_is_answered_though_all_connections_are_dead() {
    let server = Server::start_now(Options::default()).expect("a server");
    let relay = Relay::start(&server);
    let session = relay.program(&server);
    // Something to have a connection that is kept for the next request.
    session.send("R");
    session.settle(Duration::from_millis(300));
    session.kill(Signal::STOP);
    relay.fall_silent();
    let (made, asked) = (relay.made.load(Ordering::SeqCst), server.requests().len());
    session.kill(Signal::CONT);
    let went_on = Instant::now();
    session.send("R");
    wait_until("a request arrives", || server.requests().len() > asked);
    let took = went_on.elapsed();
    assert!(took < FIRST_ANSWER, "{took:?}");
    assert!(relay.made.load(Ordering::SeqCst) > made, "by a new connection");
    say(&format!("first request after a stop: {} ms", took.as_millis()));
}

#[test]
fn p25_a_request_under_way_when_the_connection_died_is_sent_anew() {
    let server = Server::start_now(Options::default()).expect("a server");
    let relay = Relay::start(&server);
    let session = relay.program(&server);
    session.send("R");
    session.settle(Duration::from_millis(300));
    relay.fall_silent();
    let asked = server.requests().len();
    session.send("R");
    wait_until("a request is swallowed", || relay.swallowed.load(Ordering::SeqCst) > 0);
    assert_eq!(server.requests().len(), asked, "it never arrives");
    session.kill(Signal::STOP);
    session.kill(Signal::CONT);
    let went_on = Instant::now();
    wait_until("it is sent anew", || server.requests().len() > asked);
    let took = went_on.elapsed();
    assert!(took < FIRST_ANSWER, "{took:?}");
    session.settle(Duration::from_millis(300));
    assert!(!session.screen().contains("in time"), "{}", session.screen());
    say(&format!("a request that was under way, after the stop: {} ms", took.as_millis()));
}
