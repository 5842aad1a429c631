//! A proxy of the environment: used, wherever it stands, and never named.

use std::process::{Command, Output};

use base64::Engine as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, rustls};

use super::*;

const DOCS: &str = "https://docs.petshop.test";

/// Not a test of its own: the process that is told of a proxy. It ends with success where `expected`
/// is how the sync ended, and says what was said.
#[test]
fn the_process_behind_a_proxy() {
    let Ok(expected) = std::env::var("SYNC_PROXY_CHILD") else {
        return;
    };
    let docs = std::env::var("SYNC_DOCS").expect("the parent sets it");
    let mut world = World::with(&format!("docs = \"{docs}/llms.txt\"\n"));
    let expected = match expected.as_str() {
        "done" => Exit::Done,
        _ => Exit::Failed,
    };
    let report = world.expect(expected);
    eprintln!("{:?}", report.problems);
    eprintln!("{} files", world.files().len());
}

/// That process, with nothing but these variables about proxies.
fn behind(expected: &str, docs: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().expect("a test is a program"));
    command
        .args([
            "--exact",
            "proxy::the_process_behind_a_proxy",
            "--nocapture",
        ])
        .env("SYNC_PROXY_CHILD", expected)
        .env("SYNC_DOCS", docs);
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command
        .envs(variables.iter().copied())
        .output()
        .expect("a test can be started")
}

/// A proxy on loopback that leads every tunnel to `site` and plays its encryption; the certificate
/// to trust is written to a file. Gives back its port.
fn proxy(runtime: &tokio::runtime::Runtime, site: u16, trusted: &std::path::Path) -> u16 {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let name = DOCS.trim_start_matches("https://").to_owned();
    let made = rcgen::generate_simple_self_signed(vec![name.clone()]).expect("it can be made");
    let der = base64::engine::general_purpose::STANDARD.encode(made.cert.der());
    let pem = format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n");
    fs::write(trusted, pem).expect("it is writable");
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der())
        .expect("it is a key");
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = runtime
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("loopback has a port");
    let port = listener.local_addr().expect("it is bound").port();
    runtime.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            let asked = format!("CONNECT {name}:443 HTTP/1.1\r\n");
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await?);
                }
                if !head.starts_with(asked.as_bytes()) {
                    return Ok(());
                }
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                let mut stream = acceptor.accept(stream).await?;
                let mut site = TcpStream::connect(("127.0.0.1", site)).await?;
                copy_bidirectional(&mut stream, &mut site).await.map(|_| ())
            });
        }
    });
    port
}

#[test]
fn a_proxy_of_ones_own_may_stand_in_a_private_network() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be built");
    let server = petshop();
    server.edit_all(&server.base(), DOCS);
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let trusted = place.path().join("trusted.pem");
    let port = proxy(&runtime, server.port, &trusted);
    let trusted = trusted.to_str().expect("a path of letters");
    // By its name, which leads to this machine, and by its address.
    for (variable, host) in [
        ("HTTPS_PROXY", "localhost"),
        ("all_proxy", "localhost"),
        ("https_proxy", "127.0.0.1"),
    ] {
        server.forget();
        let address = format!("http://{host}:{port}");
        let variables = [(variable, address.as_str()), ("SSL_CERT_FILE", trusted)];
        let output = behind("done", DOCS, &variables);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{variable}: {said}");
        assert_eq!(server.count(LIST), 1, "{variable}");
    }
}

#[test]
fn a_site_is_not_let_in_by_the_name_of_a_proxy() {
    // The proxy's host is also the site's, and asked without the proxy.
    let variables = [
        ("HTTPS_PROXY", "http://localhost:9"),
        ("NO_PROXY", "localhost"),
    ];
    let output = behind("failed", "https://localhost:9", &variables);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("which is not a public address"), "{said}");
    // And one whose name leads to a private address is refused whatever proxies there are.
    let variables = [
        ("HTTPS_PROXY", "http://proxy.petshop.test:9"),
        ("NO_PROXY", "localhost"),
    ];
    let output = behind("failed", "https://localhost:9", &variables);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("which is not a public address"), "{said}");
}

#[test]
fn messages_name_no_proxy() {
    let address = "http://somebody:hush@proxy.internal.test:3128";
    let output = behind("failed", DOCS, &[("HTTPS_PROXY", address)]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("docs.petshop.test"), "{said}");
    for secret in ["proxy.internal", "hush", "somebody", "3128"] {
        assert!(!said.contains(secret), "{said}");
    }
}
