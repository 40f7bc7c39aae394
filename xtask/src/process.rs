//! Running other programs: plainly, captured, or both shown and captured.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// The cargo that runs us, so that `cargo +toolchain xtask` stays on that toolchain.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Certificates that the system trusts, where Debian and its relatives keep them.
const SYSTEM_CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// npm, which on Windows is a script and not a program.
pub fn npm() -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    // Node.js brings certificates of its own; behind a company's proxy only the system's work, as cargo uses them.
    if std::env::var_os("NODE_EXTRA_CA_CERTS").is_none() && Path::new(SYSTEM_CERTIFICATES).exists()
    {
        command.env("NODE_EXTRA_CA_CERTS", SYSTEM_CERTIFICATES);
    }
    command
}

/// Runs with our own terminal; true if it ended well.
pub fn runs(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

/// Standard output of a program that ended well, trimmed.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Like [`runs`], for programs that are silent while they fetch: says every ten seconds how long it has been.
pub fn runs_with_clock(command: &mut Command) -> bool {
    let started = Instant::now();
    let (done, wait) = mpsc::channel::<()>();
    let clock = thread::spawn(move || {
        while wait.recv_timeout(Duration::from_secs(10)) == Err(mpsc::RecvTimeoutError::Timeout) {
            eprintln!("         ... {} s", started.elapsed().as_secs());
        }
    });
    let ended_well = runs(command);
    drop(done);
    // The clock only prints; if it panicked there is nothing to mend here.
    let _ = clock.join();
    ended_well
}

/// What a program printed, and whether it ended well.
pub struct Shown {
    /// Standard output and standard error, in the order in which the lines came.
    pub text: String,
    /// Exit code 0.
    pub ended_well: bool,
}

/// Runs a program, shows what it prints as it prints it, and keeps it for counting.
pub fn show_and_keep(command: &mut Command) -> std::io::Result<Shown> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (lines, received) = mpsc::channel::<String>();
    let mut readers = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        readers.push(forward(stdout, lines.clone()));
    }
    if let Some(stderr) = child.stderr.take() {
        readers.push(forward(stderr, lines));
    }
    let mut text = String::new();
    let mut screen = std::io::stdout();
    for line in received {
        // A closed terminal must not end the count.
        let _ = screen.write_all(line.as_bytes());
        text.push_str(&line);
    }
    for reader in readers {
        // A reader that panicked has dropped its sender; the text so far is what we have.
        let _ = reader.join();
    }
    let ended_well = child.wait()?.success();
    Ok(Shown { text, ended_well })
}

fn forward(from: impl Read + Send + 'static, to: mpsc::Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut bytes = Vec::new();
        while reader
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|count| count > 0)
        {
            if to
                .send(String::from_utf8_lossy(&bytes).into_owned())
                .is_err()
            {
                return;
            }
            bytes.clear();
        }
    })
}
