//! The native program on a port of its own, as long as this lives.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use conformance_player::codec::{Frame, method_frame, take_frame};
use mq_playground::host::{Options, serve_until};
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// Long enough for the slowest machine; nothing waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A broker that listens.
pub struct Program {
    pub port: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Program {
    pub fn start() -> Program {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let (stop, asked) = oneshot::channel();
        let serve = move || {
            let stop = async {
                // Stopping is all that can be said here.
                let _ = asked.await;
                Ok(())
            };
            serve_until(&Options::default(), listener, stop).expect("it serves");
        };
        Program {
            port,
            stop: Some(stop),
            thread: Some(thread::spawn(serve)),
        }
    }

    /// A client that writes octets.
    pub fn raw(&self) -> Raw {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        stream.set_write_timeout(Some(PATIENCE)).expect("a socket");
        stream.set_nodelay(true).expect("a socket");
        Raw {
            stream,
            inbox: Vec::new(),
        }
    }

    /// The same, with its connection and channel 1 open.
    pub fn raw_on_channel(&self) -> Raw {
        let mut raw = self.raw();
        raw.write(b"AMQP\x00\x00\x09\x01");
        raw.read();
        let start_ok =
            json!({"mechanism": "PLAIN", "response": "\0guest\0guest", "locale": "en_US"});
        raw.ask(0, "Connection.StartOk", &start_ok);
        raw.call(
            0,
            "Connection.TuneOk",
            &json!({"channel_max": 2047, "frame_max": 131_072}),
        );
        raw.ask(0, "Connection.Open", &json!({"virtual_host": "/"}));
        raw.ask(1, "Channel.Open", &json!({}));
        raw
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !thread::panicking()
        {
            panic!("the program panicked");
        }
    }
}

/// A client that writes what it is told.
pub struct Raw {
    pub stream: TcpStream,
    inbox: Vec<u8>,
}

impl Raw {
    pub fn write(&mut self, octets: &[u8]) {
        self.stream.write_all(octets).expect("it is read from");
    }

    pub fn call(&mut self, channel: u16, name: &str, args: &Value) {
        self.write(&method_frame(channel, name, args));
    }

    /// Calls, and waits for one frame.
    pub fn ask(&mut self, channel: u16, name: &str, args: &Value) -> Frame {
        self.call(channel, name, args);
        self.read()
    }

    /// The next frame.
    pub fn read(&mut self) -> Frame {
        loop {
            if let Some(frame) = take_frame(&mut self.inbox) {
                return frame;
            }
            let mut buffer = [0; 4_096];
            let count = self.stream.read(&mut buffer).expect("an answer");
            assert!(count > 0, "it hung up");
            self.inbox.extend(&buffer[..count]);
        }
    }
}
