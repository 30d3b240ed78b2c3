//! P18: TLS is never optional. Bad certificates are refused, a company's own authority is believed when it is named,
//! nothing switches the checks off, and plain HTTP goes to this machine only.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use gluepot_core::secret::{LockedKey, Secret};
use gluepot_core::source::Urgency;
use gluepot_fake::{Options, Server};
use gluepot_itglue::{ApiError, BaseUrl, Client, Failure, Settings};
use rcgen::{BasicConstraints, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, NameConstraints, date_time_ymd as day};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use gluepot_testkit::tls::{Authority, Front, Identity, authority, self_signed, server};

const NAME: &[&str] = &["localhost"];

fn settings(base_url: &str, fake: &Server, ca_file: Option<PathBuf>) -> Settings {
    let key = LockedKey::new(Secret::new(Zeroizing::new(fake.key().to_owned()))).expect("memory for a key");
    let address = BaseUrl::parse(base_url).expect("an address");
    let mut settings = Settings::new(address, "test", Arc::new(key));
    settings.ca_file = ca_file;
    settings
}

fn ask(settings: Settings) -> (Result<Option<usize>, ApiError>, Client) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = Client::new(settings).expect("a client");
        let answer = client.check(Urgency::interactive(), CancellationToken::new()).await;
        (answer, client)
    })
}

/// What each of the bad ones is, the front that shows it and the words that the user reads.
fn bad(root: &Authority) -> Vec<(&'static str, Identity, &'static str)> {
    let with = |change: fn(&mut rcgen::CertificateParams)| {
        let mut params = server(NAME);
        change(&mut params);
        params
    };
    let below = |change: fn(&mut rcgen::CertificateParams)| {
        let mut params = authority("gluepot test authority in between");
        change(&mut params);
        root.below(params)
    };
    let mut tampered = root.server(NAME);
    let mut der = tampered.chain[0].to_vec();
    *der.last_mut().expect("a certificate has bytes") ^= 1;
    tampered.chain[0] = der.into();
    let mut alone = below(|_| ()).server(NAME);
    alone.chain.truncate(1);
    vec![
        ("expired", root.identity(&with(|p| p.not_after = day(2021, 1, 1))), "has expired"),
        ("not valid yet", root.identity(&with(|p| p.not_before = day(2150, 1, 1))), "is not valid yet"),
        ("another host", root.server(&["itglue.example.com"]), "is for another name"),
        ("a wildcard one level up", root.server(&["*.localhost"]), "is for another name"),
        ("the name only as common name", root.identity(&named_by_subject()), "is for another name"),
        ("self-signed", self_signed(NAME).0, "signed by nobody this system trusts"),
        ("unknown authority", Authority::new("gluepot other root").server(NAME), "signed by nobody this system trusts"),
        ("intermediate not sent", alone, "signed by nobody this system trusts"),
        ("an authority as a server", root.identity(&authority_for_server()), "belongs to an authority"),
        (
            "for clients, not servers",
            root.identity(&with(|p| p.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth])),
            "is not meant for servers",
        ),
        (
            "outside the authority's names",
            below(|p| {
                let subtree = GeneralSubtree::DnsName("example.com".to_owned());
                let constraints = NameConstraints { permitted_subtrees: vec![subtree], excluded_subtrees: Vec::new() };
                p.name_constraints = Some(constraints);
            })
            .server(NAME),
            "is for a name that its issuer may not sign for",
        ),
        ("expired authority", below(|p| p.not_after = day(2021, 1, 1)).server(NAME), "has expired"),
        ("signed by a server", below(|p| p.is_ca = IsCa::ExplicitNoCa).server(NAME), "may not sign for others"),
        (
            "one authority too many",
            below(|p| p.is_ca = IsCa::Ca(BasicConstraints::Constrained(0))).below(authority("third")).server(NAME),
            "may not sign for others",
        ),
        ("a bit changed", tampered, "has a signature that is not its issuer's"),
    ]
}

fn named_by_subject() -> rcgen::CertificateParams {
    let mut params = server(&[]);
    params.distinguished_name.push(rcgen::DnType::CommonName, "localhost");
    params
}

fn authority_for_server() -> rcgen::CertificateParams {
    let mut params = server(NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

#[test]
fn p18_each_bad_certificate_is_refused_before_anything_is_sent() {
    let fake = Server::start_now(Options::default()).expect("a server");
    let folder = tempfile::tempdir().expect("a folder");
    let root = Authority::new("gluepot test root");
    let cases = bad(&root);
    assert!(cases.len() >= 15);
    for (name, identity, words) in cases {
        let front = Front::start(identity, &fake.base_url());
        let (answer, _) = ask(settings(&front.base_url(), &fake, Some(root.ca_file(folder.path()))));
        let error = answer.expect_err(name);
        assert_eq!(error.failure, Failure::Tls, "{name}: {error}");
        assert!(error.detail().contains(words), "{name}: {error}");
        assert!(error.next_step().contains("CA file"), "{name}: {}", error.next_step());
        assert_eq!(front.greeted(), 0, "{name}: the handshake must not be finished");
        assert!(fake.requests().is_empty(), "{name}: {:?}", fake.requests());
    }
}

/// SHA-1 and old TLS: what our own library cannot even make, so OpenSSL makes it.
#[test]
fn p18_sha1_signatures_and_old_tls_are_refused() {
    if Command::new("openssl").arg("version").output().is_err() {
        crate::skip("p18_sha1_signatures_and_old_tls_are_refused", "there is no openssl here");
        return;
    }
    let fake = Server::start_now(Options::default()).expect("a server");
    let folder = tempfile::tempdir().expect("a folder");
    let openssl = OpenSsl { folder: folder.path() };
    openssl.run("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=root -sha256");
    openssl.run("req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=localhost");
    std::fs::write(folder.path().join("names"), "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n")
        .expect("a file");
    for (hash, out) in [("-sha1", "sha1.pem"), ("-sha256", "sha256.pem")] {
        openssl.run(&format!(
            "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 7 -days 2 {hash} -extfile names -out {out}"
        ));
    }
    for (name, certificate, flags, words) in [
        ("SHA-1", "sha1.pem", "-tls1_2", "signed in a way that is not safe any more"),
        ("TLS 1.1", "sha256.pem", "-tls1_1", "no version of TLS that is still safe"),
        ("TLS 1.0", "sha256.pem", "-tls1", "no version of TLS that is still safe"),
    ] {
        let (mut server, port) = openssl.serve(certificate, flags);
        let url = format!("https://localhost:{port}");
        let (answer, _) = ask(settings(&url, &fake, Some(folder.path().join("ca.pem"))));
        let _ = server.kill();
        let said = server.wait_with_output().expect("what the server said");
        let error = answer.expect_err(name);
        assert_eq!(error.failure, Failure::Tls, "{name}: {error}");
        assert!(error.detail().contains(words), "{name}: {error}");
        assert!(!String::from_utf8_lossy(&said.stdout).contains("GET /"), "{name}: a request arrived");
    }
    // The same server with the good certificate and TLS 1.2 is spoken to: so it was the badness that counted.
    let (mut server, port) = openssl.serve("sha256.pem", "-tls1_2");
    let url = format!("https://localhost:{port}");
    let (answer, client) = ask(settings(&url, &fake, Some(folder.path().join("ca.pem"))));
    let _ = server.kill();
    let _ = server.wait();
    assert_ne!(answer.expect_err("it is no IT Glue").failure, Failure::Tls);
    assert!(client.connection().to.contains("TLS 1.2"), "{:?}", client.connection());
}

struct OpenSsl<'a> {
    folder: &'a Path,
}

impl OpenSsl<'_> {
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new("openssl");
        command.args(line.split(' ')).current_dir(self.folder);
        command
    }

    fn run(&self, line: &str) {
        let output = self.command(line).output().expect("openssl runs");
        assert!(output.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A web server of OpenSSL's, with the ciphers that old versions need, once it listens.
    fn serve(&self, certificate: &str, flags: &str) -> (std::process::Child, u16) {
        let port = {
            let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
            free.local_addr().expect("an address").port()
        };
        let line = format!(
            "s_server -accept 127.0.0.1:{port} -cert {certificate} -key leaf.key {flags} -cipher DEFAULT@SECLEVEL=0 -www"
        );
        let child = self
            .command(&line)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("openssl runs");
        let deadline = std::time::Instant::now() + gluepot_testkit::pty::LIMIT;
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(std::time::Instant::now() < deadline, "openssl does not listen");
            std::thread::yield_now();
        }
        (child, port)
    }
}

#[test]
fn p18_an_authority_that_is_named_is_believed_also_through_others() {
    let fake = Server::start_now(Options::default()).expect("a server");
    let folder = tempfile::tempdir().expect("a folder");
    let root = Authority::new("gluepot test root");
    let chain = root.below(authority("second")).below(authority("third"));
    for (name, identity) in [("signed by the root", root.server(NAME)), ("through two others", chain.server(NAME))] {
        let front = Front::start(identity, &fake.base_url());
        fake.forget_requests();
        let (answer, client) = ask(settings(&front.base_url(), &fake, Some(root.ca_file(folder.path()))));
        assert_eq!(answer.map(drop), Ok(()), "{name}");
        assert_eq!(fake.requests().len(), 1, "{name}");
        let connection = client.connection();
        assert!(connection.to.ends_with("by TLS 1.3"), "{connection:?}");
        assert!(connection.trusted.contains("ca.pem"), "{connection:?}");
        let certificate = connection.certificate.expect("a certificate was shown");
        let issuer = if name.contains("two") { "third" } else { "gluepot test root" };
        assert!(certificate.contains(&format!("issued by CN={issuer}")), "{certificate}");
        assert!(certificate.ends_with("until 2200-01-01"), "{certificate}");
        // Without the file the same server is a stranger.
        let (answer, _) = ask(settings(&front.base_url(), &fake, None));
        assert_eq!(answer.expect_err(name).failure, Failure::Tls, "{name}");
    }
}

#[test]
fn p18_a_self_signed_certificate_in_the_ca_file_is_good_for_its_own_name_only() {
    let fake = Server::start_now(Options::default()).expect("a server");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    let (identity, pem) = self_signed(&["itglue.example.com"]);
    std::fs::write(&file, pem).expect("a CA file");
    let front = Front::start(identity, &fake.base_url());
    let (answer, _) = ask(settings(&front.base_url(), &fake, Some(file)));
    assert_eq!(answer.expect_err("another name").failure, Failure::Tls);
    assert!(fake.requests().is_empty());
}

#[test]
fn p18_only_this_machine_is_spoken_to_without_tls() {
    for good in [
        "http://127.0.0.1:1",
        "http://127.1.2.3:1",
        "http://localhost:1",
        "http://LOCALHOST:1",
        "http://[::1]:1",
        // Other ways to write 127.0.0.1: what counts is where they lead.
        "http://0x7f.1:1",
        "http://2130706433:1",
        "http://017700000001:1",
        "http://127.0.0.1.:1",
        "https://api.itglue.com",
    ] {
        let address = BaseUrl::parse(good).unwrap_or_else(|e| panic!("{good}: {e}"));
        let host = address.as_url().host_str().unwrap_or_default().to_owned();
        assert!(["127.", "localhost", "[::1]", "api.itglue.com"].iter().any(|start| host.starts_with(start)), "{host}");
    }
    for bad in [
        "http://api.itglue.com",
        "http://localhost.evil",
        "http://localhost.",
        "http://evil.localhost",
        "http://127.0.0.1.nip.io",
        "http://[::ffff:127.0.0.1]",
        "http://[::ffff:8.8.8.8]",
        "http://[::]",
        "http://0.0.0.0",
        "http://128.0.0.1",
        "http://localhost@evil.example",
        "http://127.0.0.1:80@evil.example",
        "http://127.0.0.1%2eevil.example",
        "http://evil.example#127.0.0.1",
        "http://evil.example?127.0.0.1",
        "http://evil.example\\@127.0.0.1",
        "http:evil.example",
        "http:///evil.example",
        "http://ⓛocalhost.evil",
        "ftp://127.0.0.1",
        "ws://127.0.0.1",
        "file:///etc/passwd",
        "//127.0.0.1",
        "127.0.0.1",
        "",
    ] {
        if let Ok(address) = BaseUrl::parse(bad) {
            let url = address.as_url();
            assert!(
                url.scheme() == "https" || url.host_str().is_some_and(|host| host.starts_with("127.")),
                "{bad} is taken for {url}"
            );
            panic!("{bad} is taken for {url}");
        }
    }
}

/// The program itself: what it says of a good and of a bad certificate, and what arrives.
#[test]
fn p18_the_program_speaks_tls_with_the_named_authority_and_with_nobody_else() {
    let fake = Server::start_now(Options::default()).expect("a server");
    let home = tempfile::tempdir().expect("a folder");
    let root = Authority::new("Example Inspecting Proxy");
    let ca_file = root.ca_file(home.path());
    let front = Front::start(root.server(NAME), &fake.base_url());
    let (code, said) = doctor(home.path(), &front, &fake, Some(&ca_file));
    assert!(said.contains("IT Glue answered in"), "{said}");
    assert!(said.contains("issued by CN=Example Inspecting Proxy"), "{said}");
    assert!(said.contains("ca.pem"), "{said}");
    assert!(said.contains("TLS 1.3"), "{said}");
    let asked = fake.requests().len();
    assert!(asked > 0);

    let (code_of_stranger, said) = doctor(home.path(), &front, &fake, None);
    assert_ne!((code_of_stranger, code), (Some(0), None), "{said}");
    assert_eq!(code_of_stranger, Some(1), "{said}");
    assert!(said.contains("The connection to IT Glue is not safe: TLS failed"), "{said}");
    assert!(said.contains("signed by nobody this system trusts"), "{said}");
    assert_eq!(fake.requests().len(), asked, "nothing was sent to a stranger");
    assert!(!said.contains(fake.key()));
}

/// `gluepot doctor` for that front: how it ended and what it said.
fn doctor(home: &Path, front: &Front, fake: &Server, ca_file: Option<&Path>) -> (Option<i32>, String) {
    let config = home.join("config.toml");
    let network = ca_file.map_or_else(String::new, |path| format!("[network]\nca_file = \"{}\"\n", path.display()));
    std::fs::write(&config, network).expect("a config");
    let output = Command::new(env!("CARGO_BIN_EXE_gluepot"))
        .args(["doctor", "--base-url", &front.base_url(), "--config"])
        .arg(&config)
        .env_clear()
        .env("HOME", home)
        .env("TERM", "xterm-256color")
        .env("ITGLUE_API_KEY", fake.key())
        .output()
        .expect("the doctor runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// No flag, setting or variable switches the checks off.
#[test]
fn p18_there_is_no_insecure_switch() {
    let run = |args: &[&str]| {
        let home = tempfile::tempdir().expect("a folder");
        let output = Command::new(env!("CARGO_BIN_EXE_gluepot"))
            .args(args)
            .env_clear()
            .env("HOME", home.path())
            .output()
            .expect("the program runs");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).to_lowercase())
    };
    let (helped, mut words) = run(&["--help"]);
    assert!(helped && words.contains("--base-url"), "{words}");
    for command in ["doctor", "audit", "paths", "render", "demo-server"] {
        let (helped, more) = run(&[command, "--help"]);
        assert!(helped, "{command}");
        words.push_str(&more);
    }
    words.push_str(&run(&["--print-config"]).1);
    assert!(words.contains("connect_timeout"), "the settings are printed");
    words.push_str(&include_str!("../../config.example.toml").to_lowercase());
    for switch in
        ["insecure", "no-verify", "no_verify", "skip-verify", "verify_", "verify-", "self-signed", "tls_min", "danger_"]
    {
        assert!(!words.contains(switch), "{switch} is a word of a switch");
    }
    for flag in ["--insecure", "-k", "--no-verify", "--no-check-certificate", "--allow-http"] {
        assert!(!run(&[flag, "--print-config"]).0, "{flag} is no flag");
    }
    // The one way into the libraries that would do it is not in the source.
    let mut sources = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut read = 0;
    while let Some(path) = sources.pop() {
        if path.is_dir() {
            sources.extend(std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            read += 1;
            for word in ["danger_accept", "tls_danger", "dangerous()", "ServerCertVerifier"] {
                assert!(!text.contains(word), "{} has {word}", path.display());
            }
        }
    }
    assert!(read > 50, "{read} files");
}
