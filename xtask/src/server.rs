//! A small static web server on the loopback address: right types, nothing cached, a strict content security policy.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use crate::problem::{Problem, Result};
use crate::slim::slim;

/// What the page must live with: nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; img-src 'self' data: blob:; font-src 'none'; frame-src 'self'; frame-ancestors 'self'; \
    base-uri 'none'; form-action 'none'";
/// A request is a line and some headers; more than this is not a browser.
const MAX_HEAD: u64 = 16 * 1024;
const RELOAD_SCRIPT: &str = include_str!("reload.js");
const RELOAD_PATH: &str = "/__xtask/reload.js";
const CHANGES_PATH: &str = "/__xtask/changes";

/// What is served where.
pub struct Site {
    /// The folder with `index.html` and `www/`; nothing else in it is ever served.
    pub root: PathBuf,
    /// The path under which it appears, with a slash at both ends.
    pub base: String,
    /// Set while watching: counts the builds, and pages reload when it moves.
    pub builds: Option<Arc<AtomicU64>>,
}

/// Takes the port; 0 means any that is free.
pub fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let other = if port == u16::MAX { 8080 } else { port + 1 };
        let what = match error.kind() {
            io::ErrorKind::AddrInUse => format!("Port {port} is taken by another program"),
            _ => format!("Port {port} cannot be used: {error}"),
        };
        Problem::new(
            what,
            format!("choose another with: cargo xtask serve --port {other}"),
        )
    })
}

/// The address to type into a browser.
pub fn address(listener: &TcpListener, base: &str) -> String {
    let port = listener
        .local_addr()
        .map_or(0, |address: SocketAddr| address.port());
    format!("http://127.0.0.1:{port}{base}")
}

/// Answers requests until the process ends; a thread a connection is plenty for one person and a test.
pub fn serve(listener: &TcpListener, sites: Vec<Site>) {
    let sites = Arc::new(sites);
    for stream in listener.incoming().flatten() {
        let sites = Arc::clone(&sites);
        // A browser that goes away in the middle of an answer is no news.
        thread::spawn(move || drop(answer(stream, &sites)));
    }
}

fn answer(stream: TcpStream, sites: &[Site]) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?).take(MAX_HEAD);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut header = String::new();
    // Nothing in the headers matters to us, but a browser wants them read before it is answered.
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let mut words = first.split(' ');
    let method = words.next().unwrap_or_default();
    let target = words.next().unwrap_or_default();
    let path = target.split(['?', '#']).next().unwrap_or_default();
    if path == CHANGES_PATH {
        if let Some(builds) = sites.iter().find_map(|site| site.builds.as_ref()) {
            return tell_changes(stream, builds);
        }
    }
    let response = match method {
        "GET" | "HEAD" => respond(path, sites),
        _ => Response::text(405, "Only GET and HEAD."),
    };
    let mut stream = stream;
    stream.write_all(response.head().as_bytes())?;
    if method != "HEAD" {
        stream.write_all(&response.body)?;
    }
    stream.flush()
}

/// An endless answer: the number of builds now, and again each time it moves.
fn tell_changes(mut stream: TcpStream, builds: &AtomicU64) -> io::Result<()> {
    stream.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
    )?;
    let mut told = u64::MAX;
    loop {
        let now = builds.load(Ordering::Relaxed);
        // A comment line as a heartbeat finds out when the page is gone.
        let line = if now == told {
            ":\n\n".to_owned()
        } else {
            format!("data: {now}\n\n")
        };
        stream.write_all(line.as_bytes())?;
        told = now;
        thread::sleep(Duration::from_millis(250));
    }
}

struct Response {
    status: u16,
    kind: &'static str,
    location: Option<String>,
    body: Vec<u8>,
}

impl Response {
    fn text(status: u16, text: &str) -> Self {
        Self {
            status,
            kind: "text/plain; charset=utf-8",
            location: None,
            body: text.as_bytes().to_vec(),
        }
    }

    fn head(&self) -> String {
        let reason = match self.status {
            200 => "OK",
            308 => "Permanent Redirect",
            404 => "Not Found",
            405 => "Method Not Allowed",
            _ => "Error",
        };
        let location = self
            .location
            .as_ref()
            .map_or_else(String::new, |to| format!("Location: {to}\r\n"));
        format!(
            "HTTP/1.1 {} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{location}\
             Cache-Control: no-cache, no-store\r\nContent-Security-Policy: {POLICY}\r\n\
             Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
             Connection: close\r\n\r\n",
            self.status,
            self.kind,
            self.body.len(),
        )
    }
}

fn respond(path: &str, sites: &[Site]) -> Response {
    if path == RELOAD_PATH && sites.iter().any(|site| site.builds.is_some()) {
        let kind = "text/javascript; charset=utf-8";
        return Response {
            kind,
            ..Response::text(200, RELOAD_SCRIPT)
        };
    }
    // The longest base first, so that `/` does not hide a site that lies deeper.
    let mut by_length: Vec<&Site> = sites.iter().collect();
    by_length.sort_by_key(|site| std::cmp::Reverse(site.base.len()));
    for site in by_length {
        if format!("{path}/") == site.base {
            return Response {
                location: Some(site.base.clone()),
                ..Response::text(308, "")
            };
        }
        if let Some(rest) = path.strip_prefix(&site.base) {
            return from_site(site, rest);
        }
    }
    Response::text(404, "There is nothing here.")
}

fn from_site(site: &Site, rest: &str) -> Response {
    let Some(file) = decoded(rest).and_then(|rest| file_of(&site.root, &rest)) else {
        return Response::text(404, "There is no such file.");
    };
    let Ok(mut body) = fs::read(&file) else {
        return Response::text(404, "There is no such file.");
    };
    let kind = kind_of(&file);
    if let Ok(text) = std::str::from_utf8(&body)
        && let Some(slimmed) = slim(&file, text)
    {
        body = slimmed.into_bytes();
    }
    if site.builds.is_some() && kind.starts_with("text/html") {
        body.extend_from_slice(format!("<script src=\"{RELOAD_PATH}\"></script>\n").as_bytes());
    }
    Response {
        status: 200,
        kind,
        location: None,
        body,
    }
}

/// The file for a decoded path, if it is one that may be served: `index.html`, or a visible file below `www/`.
fn file_of(root: &Path, rest: &str) -> Option<PathBuf> {
    let rest = if rest.is_empty() { "index.html" } else { rest };
    if rest.contains('\\') || rest.contains('\0') {
        return None;
    }
    let relative = Path::new(rest);
    let plain = relative.components().all(|part| match part {
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => {
            false
        }
    });
    if !plain || !(rest == "index.html" || relative.starts_with("www")) {
        return None;
    }
    let root = root.canonicalize().ok()?;
    let file = root.join(relative).canonicalize().ok()?;
    (file.starts_with(&root) && file.is_file()).then_some(file)
}

/// Undoes %-encoding; `None` if what comes out is not text.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes().iter().copied();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

fn kind_of(file: &Path) -> &'static str {
    match file
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "txt" | "md" | "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(builds: Option<Arc<AtomicU64>>) -> Site {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/site");
        Site {
            root,
            base: "/deep/path/".to_owned(),
            builds,
        }
    }

    fn status(path: &str) -> u16 {
        respond(path, &[site(None)]).status
    }

    #[test]
    fn a_site_answers_below_its_base_only() {
        assert_eq!(status("/deep/path/"), 200);
        assert_eq!(status("/deep/path/index.html"), 200);
        assert_eq!(status("/deep/path/www/a%20file.js"), 200);
        assert_eq!(status("/deep/path"), 308);
        assert_eq!(status("/"), 404);
        assert_eq!(status("/www/a%20file.js"), 404);
    }

    #[test]
    fn nothing_outside_the_page_is_served() {
        assert_eq!(status("/deep/path/secret.txt"), 404);
        assert_eq!(status("/deep/path/../secret.txt"), 404);
        assert_eq!(status("/deep/path/www/../secret.txt"), 404);
        assert_eq!(status("/deep/path/www/%2e%2e/secret.txt"), 404);
        assert_eq!(status("/deep/path/www/..%5csecret.txt"), 404);
        assert_eq!(status("/deep/path//etc/passwd"), 404);
        assert_eq!(status("/deep/path/www/.hidden"), 404);
        assert_eq!(status("/deep/path/www"), 404);
        assert_eq!(status("/deep/path/www/%zz"), 404);
        assert_eq!(status("/deep/path/www/%ff"), 404);
    }

    #[test]
    fn wasm_has_the_type_that_browsers_compile_while_they_load() {
        assert_eq!(kind_of(Path::new("x.wasm")), "application/wasm");
        assert_eq!(kind_of(Path::new("x.js")), "text/javascript; charset=utf-8");
        assert_eq!(kind_of(Path::new("x")), "application/octet-stream");
    }

    #[test]
    fn only_a_watched_page_carries_the_reload_script() {
        let quiet =
            String::from_utf8_lossy(&respond("/deep/path/", &[site(None)]).body).into_owned();
        assert!(!quiet.contains(RELOAD_PATH));
        let builds = Some(Arc::new(AtomicU64::new(0)));
        let watched =
            String::from_utf8_lossy(&respond("/deep/path/", &[site(builds)]).body).into_owned();
        let builds = Some(Arc::new(AtomicU64::new(0)));
        assert_eq!(respond(RELOAD_PATH, &[site(builds)]).status, 200);
        assert_eq!(status(RELOAD_PATH), 404);
        assert!(watched.ends_with(&format!("<script src=\"{RELOAD_PATH}\"></script>\n")));
    }

    #[test]
    fn a_request_over_the_wire_gets_the_strict_headers() {
        let listener = listen(0).expect("a free port");
        let to = listener
            .local_addr()
            .expect("a bound listener has an address");
        thread::spawn(move || serve(&listener, vec![site(None)]));
        let mut stream = TcpStream::connect(to).expect("the server listens");
        stream
            .write_all(b"GET /deep/path/ HTTP/1.1\r\nHost: x\r\n\r\n")
            .expect("the request goes out");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .expect("the answer is text");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(
            answer.contains(&format!("Content-Security-Policy: {POLICY}\r\n")),
            "{answer}"
        );
        assert!(
            answer.contains("Access-Control-Allow-Origin: *\r\n"),
            "{answer}"
        );
        assert!(answer.contains("Cache-Control: no-cache"), "{answer}");
    }

    #[test]
    fn a_taken_port_is_told_with_the_command_that_mends_it() {
        let first = listen(0).expect("a free port");
        let port = first
            .local_addr()
            .expect("a bound listener has an address")
            .port();
        let problem = listen(port).expect_err("the port is taken").to_string();
        assert!(
            problem.contains(
                "is taken by another program - choose another with: cargo xtask serve --port"
            ),
            "{problem}"
        );
    }
}
