//! A TLS front for the embedded IT Glue, and the certificates it shows: good ones and bad ones.
//!
//! Each test makes new keys and certificates. The front takes TLS on a port of 127.0.0.1 and hands what it
//! carries on to the server behind it unchanged, so that a test can say what the server got to see.

#![expect(dead_code, reason = "`unused_part` stands for what the tests of a day leave out")]

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rcgen::{KeyUsagePurpose, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// A certificate authority: a root, or one below another.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// What a server sends besides its own certificate: this one and those above it, without the root
    above: Vec<CertificateDer<'static>>,
}

/// What a server shows: its certificate with those between it and the root, and its key.
pub struct Identity {
    /// The certificate and those that signed it
    pub chain: Vec<CertificateDer<'static>>,
    /// The key of the certificate
    pub key: PrivateKeyDer<'static>,
}

/// What an authority is made from. Change it and hand it to [`Authority::root`] or [`Authority::below`].
pub fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// What a server's certificate is made from. Change it and hand it to [`Authority::identity`].
pub fn server(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names for a certificate");
    params.distinguished_name.push(DnType::CommonName, "gluepot test server");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2200, 1, 1);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()))
}

impl Authority {
    /// A root of that name.
    pub fn new(name: &str) -> Self {
        Self::root(authority(name))
    }

    /// A root made from these parameters.
    pub fn root(params: CertificateParams) -> Self {
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a root");
        Self { issuer, above: Vec::new() }
    }

    /// One below this one.
    pub fn below(&self, params: CertificateParams) -> Self {
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::signed_by(params, key, &self.issuer).expect("an authority in between");
        let above = std::iter::once(issuer.der().clone()).chain(self.above.iter().cloned()).collect();
        Self { issuer, above }
    }

    /// What a server of these names shows.
    pub fn server(&self, names: &[&str]) -> Identity {
        self.identity(&server(names))
    }

    /// What a server shows, made from these parameters.
    pub fn identity(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().expect("a key");
        let leaf = params.signed_by(&key, &self.issuer).expect("a certificate");
        let chain = std::iter::once(leaf.der().clone()).chain(self.above.iter().cloned()).collect();
        Identity { chain, key: private(&key) }
    }

    /// The authority's own certificate in the place of a server's.
    pub fn itself(&self) -> Identity {
        let above = if self.above.is_empty() { vec![self.issuer.der().clone()] } else { self.above.clone() };
        Identity { chain: above, key: private(self.issuer.key()) }
    }

    /// The certificate in PEM form, for a CA file.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Writes it as a CA file.
    pub fn ca_file(&self, folder: &Path) -> PathBuf {
        let path = folder.join("ca.pem");
        std::fs::write(&path, self.pem()).expect("a CA file");
        path
    }
}

/// A self-signed certificate.
pub fn self_signed(names: &[&str]) -> (Identity, String) {
    let key = KeyPair::generate().expect("a key");
    let certificate = server(names).self_signed(&key).expect("a certificate");
    (Identity { chain: vec![certificate.der().clone()], key: private(&key) }, certificate.pem())
}

/// A listener that speaks TLS before a server that does not. It stops when this is dropped.
pub struct Front {
    address: SocketAddr,
    greeted: Arc<AtomicUsize>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Front {
    /// Takes TLS with that identity and hands on to the server at `http://ADDRESS`.
    pub fn start(identity: Identity, server: &str) -> Self {
        let behind: SocketAddr = server.trim_start_matches("http://").parse().expect("the address of a server");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(identity.chain, identity.key)
            .expect("a certificate and its key");
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        listener.set_nonblocking(true).expect("a listener that does not block");
        let address = listener.local_addr().expect("an address");
        let (greeted, stop) = (Arc::new(AtomicUsize::new(0)), CancellationToken::new());
        let (counted, stopped) = (Arc::clone(&greeted), stop.clone());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("tls-front")
            .enable_all()
            .build()
            .expect("a runtime");
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                loop {
                    let stream = tokio::select! {
                        () = stopped.cancelled() => return,
                        accepted = listener.accept() => match accepted {
                            Ok((stream, _)) => stream,
                            Err(_) => continue,
                        },
                    };
                    let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
                    tokio::spawn(async move {
                        // A client that refuses the certificate ends here: nothing reaches the server behind.
                        let Ok(mut outer) = acceptor.accept(stream).await else { return };
                        counted.fetch_add(1, Ordering::SeqCst);
                        let Ok(mut inner) = TcpStream::connect(behind).await else { return };
                        drop(inner.set_nodelay(true));
                        drop(tokio::io::copy_bidirectional(&mut outer, &mut inner).await);
                        drop(outer.shutdown().await);
                    });
                }
            });
            runtime.shutdown_timeout(std::time::Duration::from_millis(200));
        });
        Self { address, greeted, stop, thread: Some(thread) }
    }

    /// `https://localhost:PORT`
    pub fn base_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many clients were content with the certificate.
    pub fn greeted(&self) -> usize {
        self.greeted.load(Ordering::SeqCst)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported by its own thread.
            drop(thread.join());
        }
    }
}

/// Never called. With it there is always something unused here, which the attribute at the top expects.
fn unused_part() {}
