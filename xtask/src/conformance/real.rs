//! A real RabbitMQ of our own: on loopback, with node name, ports and folders of its own, gone when we are.

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::free_port;
use crate::problem::{Problem, Result, io};
use crate::tools;

/// A running broker.
pub struct Real {
    guard: Child,
    log: PathBuf,
    /// Where it listens.
    pub port: u16,
}

impl Real {
    /// Starts the one that is installed, or the one below `root`, and waits until it listens.
    pub fn start(root: Option<PathBuf>, port: u16) -> Result<Self> {
        println!("==> Starting a RabbitMQ on 127.0.0.1:{port}");
        let name = format!("mq-playground-{port}");
        let log = std::env::temp_dir().join(format!("{name}.log"));
        let messages = fs::File::create(&log).map_err(io("write", &log))?;
        let mut words = tools::as_root()?;
        if root.is_some() {
            words.extend(["unshare", "--mount"]);
        }
        words.push("env");
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        let root = root.map_or_else(String::new, |it| it.display().to_string());
        for (key, value) in [
            ("ROOT", root),
            ("FOLDER", format!("/var/tmp/{name}")),
            ("NODE", format!("{name}@localhost")),
            ("PORT", port.to_string()),
            ("DIST_PORT", free_port()?.to_string()),
            ("EPMD_PORT", free_port()?.to_string()),
        ] {
            command.arg(format!("{key}={value}"));
        }
        let guard = command
            .args(["sh", "-c", include_str!("guard.sh")])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(messages)
            .spawn()
            .map_err(io("start", &log))?;
        let mut real = Self { guard, log, port };
        if listens(port, || matches!(real.guard.try_wait(), Ok(None))) {
            return Ok(real);
        }
        let said = fs::read_to_string(&real.log).unwrap_or_default();
        Err(Problem::new(
            format!("RabbitMQ does not listen on port {port}:\n{said}"),
            "mend that, or name a broker that runs: --real-port 5672",
        ))
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        // The end of its input tells the guard to stop the server and put its folders away.
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        let _ = fs::remove_file(&self.log);
    }
}

const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until somebody listens on a port, as long as `may_still` come.
pub fn listens(port: u16, mut may_still: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return true;
        }
        if !may_still() {
            return false;
        }
        sleep(Duration::from_millis(100));
    }
    false
}
