//! The real program against an IT Glue of the test's own, which lives in the process of the test: what is in the
//! program's memory came over the wire. In between is a front that speaks TLS where wanted and twists the one answer
//! that holds a value.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gluepot_fake::{Options, Server, Table};
use tempfile::TempDir;
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use gluepot_testkit::dump;
use gluepot_testkit::pty::{LIMIT, Session, Start};

/// A password of the demo's data, and the keys to it from anywhere in its organization.
pub const NAME: &str = "HPD-IMG01 local admin";
const KEYS: &str = "/HPD-IMG01 local\r";

/// What happens to an answer that holds a value.
#[derive(Clone)]
pub enum Twist {
    /// It goes through as it is
    None,
    /// The last bytes do not come while this is set
    Held,
    /// Another comes in its place, and the connection ends
    To(Arc<dyn Fn(&str) -> String + Send + Sync>),
}

impl Twist {
    /// Something made from the answer.
    pub fn to(change: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::To(Arc::new(change))
    }

    /// The same with another status line and further headers.
    pub fn status(line: &'static str) -> Self {
        Self::to(move |answer| answer.replacen("200 OK", line, 1))
    }

    /// It goes through, and the end of it is no JSON.
    pub fn malformed() -> Self {
        Self::to(|answer| format!("{}]]]", &answer[..answer.len() - 3]))
    }

    /// The connection ends shortly before the end of it.
    pub fn cut() -> Self {
        Self::to(|answer| answer[..answer.len() - 2].to_owned())
    }

    /// It is another record's.
    pub fn other() -> Self {
        Self::to(|answer| {
            let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
            format!("{head}\r\n\r\n{}", body.replace("\"type\":\"passwords\"", "\"type\":\"contacts\""))
        })
    }
}

/// A running IT Glue with its front, and the value that is looked for.
pub struct Stage {
    server: Server,
    /// The value of the password
    pub value: String,
    /// The API key
    pub key: String,
    twist: Arc<Mutex<(Twist, bool)>>,
    url: String,
    authority: Option<String>,
}

impl Stage {
    /// Over plain HTTP, or over TLS with its own authority.
    pub fn new(tls: bool) -> Self {
        let options = Options::default();
        let key = options.keys.full.clone();
        let server = Server::start_now(options).expect("a server");
        let value = dump::value();
        server.with_world(|world| {
            let mut ids = world.ids(Table::Passwords).into_iter();
            let id = ids.find(|&id| world.name(Table::Passwords, id) == NAME).expect("the demo has this password");
            world.edit(Table::Passwords, id, |attributes| {
                attributes.insert("_value".to_owned(), value.clone().into());
            });
        });
        let twist = Arc::new(Mutex::new((Twist::None, false)));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let behind = server.base_url().trim_start_matches("http://").to_owned();
        let (config, authority) = if tls { tls_config() } else { (None, None) };
        let shared = Arc::clone(&twist);
        // Sessions that come to rest look at what threads of this name do.
        let spawn = |work: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new().name("front".to_owned()).spawn(work).expect("a thread")
        };
        spawn(Box::new(move || {
            for stream in listener.incoming().flatten() {
                let (behind, twist, config) = (behind.clone(), Arc::clone(&shared), config.clone());
                spawn(Box::new(move || {
                    // An early disconnect is not an error.
                    let _ = match config {
                        None => pass(stream, &behind, &twist),
                        Some(config) => rustls::ServerConnection::new(config)
                            .map_err(io::Error::other)
                            .and_then(|tls| pass(rustls::StreamOwned::new(tls, stream), &behind, &twist)),
                    };
                }));
            }
        }));
        let scheme = if tls { "https" } else { "http" };
        Self { server, value, key, twist, url: format!("{scheme}://localhost:{}", address.port()), authority }
    }

    /// What happens to the answers with a value from now on.
    pub fn twist(&self, twist: Twist) {
        *self.twist.lock().unwrap_or_else(PoisonError::into_inner) = (twist, false);
    }

    /// What happens to all answers from now on.
    pub fn twist_all(&self, twist: Twist) {
        *self.twist.lock().unwrap_or_else(PoisonError::into_inner) = (twist, true);
    }

    /// The IT Glue itself: what it was asked, what it knows.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Where requests go.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A home with a key file, and a config that names it, the address and the authority.
    pub fn home(&self, more: &str) -> TempDir {
        self.home_with_network("", more)
    }

    /// The same with settings of the network.
    pub fn home_with_network(&self, network: &str, more: &str) -> TempDir {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt};

        let home = tempfile::tempdir().expect("a temporary folder");
        std::fs::set_permissions(home.path(), PermissionsExt::from_mode(0o700)).expect("a mode");
        let folder = home.path().join(".config/gluepot");
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = |name: &str, text: &str| -> PathBuf {
            let path = folder.join(name);
            let file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(&path);
            file.and_then(|mut file| file.write_all(text.as_bytes())).expect("a file");
            path
        };
        let key = file("key", &format!("{}\n", self.key));
        let authority = self.authority.as_deref().map(|pem| file("authority.pem", pem));
        let authority = authority.map(|path| format!("ca_file = '{}'\n", path.display())).unwrap_or_default();
        let network = format!("[network]\n{authority}{network}");
        file("config.toml", &format!("base_url = {:?}\n{network}[key]\nfile = '{}'\n{more}", self.url, key.display()));
        home
    }

    /// The program in the organization of the password.
    pub fn start(&self, more: &str) -> Session {
        let session = Start::gluepot(&["--org", "HPD"]).home(self.home(more)).run();
        session.wait_for("HPD-AP01");
        session
    }

    /// The program at the password, whose value is not shown.
    pub fn at_password(&self, more: &str) -> Session {
        let session = self.start(more);
        go_to_password(&session);
        session
    }

    /// Reveals the value and waits for it.
    pub fn reveal(&self, session: &Session) {
        session.send("r");
        session.wait_for(&self.value);
        session.wait_for("hides in");
    }
}

/// Goes to the password and waits for its detail.
pub fn go_to_password(session: &Session) {
    session.send("4");
    // Once its list is there Enter is meant for the record, however busy the machine is.
    session.settle(std::time::Duration::from_millis(150));
    session.send(KEYS);
    session.wait_until("the password is in the detail", |screen| {
        let text = screen.contents();
        text.contains(NAME) && text.contains("User name") && text.contains("svc-img")
    });
}

/// A certificate for this machine, and the authority that signed it as PEM.
fn tls_config() -> (Option<Arc<rustls::ServerConfig>>, Option<String>) {
    let authority_key = rcgen::KeyPair::generate().expect("a key");
    let mut parameters = rcgen::CertificateParams::new(Vec::new()).expect("no names");
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let certificate = parameters.self_signed(&authority_key).expect("a certificate");
    let pem = certificate.pem();
    let authority = rcgen::Issuer::new(parameters, authority_key);
    let key = rcgen::KeyPair::generate().expect("a key");
    let names = vec!["localhost".to_owned()];
    let leaf =
        rcgen::CertificateParams::new(names).expect("a name").signed_by(&key, &authority).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![leaf.into()], key);
    (Some(Arc::new(config.expect("key and certificate belong together"))), Some(pem))
}

/// Hands requests on to the server behind and its answers back, twisted.
fn pass(mut client: impl Read + Write, behind: &str, twist: &Mutex<(Twist, bool)>) -> io::Result<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if client.read(&mut byte)? == 0 {
                return Ok(());
            }
            head.push(byte[0]);
        }
        let mut server = TcpStream::connect(behind)?;
        head.truncate(head.len() - 2);
        head.extend_from_slice(b"connection: close\r\n\r\n");
        server.write_all(&head)?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        let answer = replace(&answer, b"connection: close\r\n", b"");
        let now = || twist.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let holds_value = memchr::memmem::find(&head, b"show_password=true").is_some();
        let (chosen, all) = now();
        match if holds_value || all { chosen } else { Twist::None } {
            Twist::None => client.write_all(&answer)?,
            Twist::To(change) => {
                client.write_all(change(&String::from_utf8_lossy(&answer)).as_bytes())?;
                return client.flush();
            }
            Twist::Held => {
                client.write_all(&answer[..answer.len() - 2])?;
                client.flush()?;
                let since = Instant::now();
                while matches!(now().0, Twist::Held) && since.elapsed() < LIMIT {
                    std::thread::sleep(Duration::from_millis(5));
                }
                client.write_all(&answer[answer.len() - 2..])?;
            }
        }
        client.flush()?;
    }
}

fn replace(text: &[u8], what: &[u8], by: &[u8]) -> Vec<u8> {
    match memchr::memmem::find(text, what) {
        Some(at) => [&text[..at], by, &text[at + what.len()..]].concat(),
        None => text.to_vec(),
    }
}
