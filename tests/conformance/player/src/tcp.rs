//! Real connections: a broker that listens on loopback.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::thread::sleep;
use std::time::Duration;

use crate::transport::{Arrived, Patience, Transport};

/// A broker on a port of this machine, and the connections to it.
pub struct Tcp {
    port: u16,
    /// In order of opening; None once the client has hung up.
    links: Vec<Option<TcpStream>>,
}

impl Tcp {
    /// The broker on this port.
    pub fn new(port: u16) -> Tcp {
        Tcp {
            port,
            links: Vec::new(),
        }
    }
}

impl Transport for Tcp {
    type Link = usize;

    const ROUNDS: usize = 2;

    fn connect(&mut self) -> io::Result<usize> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_nodelay(true)?;
        self.links.push(Some(stream));
        Ok(self.links.len() - 1)
    }

    fn send(&mut self, link: usize, octets: &[u8]) {
        if let Some(Some(stream)) = self.links.get_mut(link) {
            let sent = stream
                .set_nonblocking(false)
                .and_then(|()| stream.write_all(octets));
            // A connection that the broker has closed: `take` finds its end.
            drop(sent);
        }
    }

    fn take(&mut self, link: usize, patience: Patience) -> Arrived {
        let gone = Arrived {
            octets: Vec::new(),
            hung_up: true,
        };
        let Some(Some(stream)) = self.links.get_mut(link) else {
            return gone;
        };
        let wait = match patience {
            Patience::None => None,
            Patience::ForReply => Some(Duration::from_secs(5)),
            Patience::ForConfirm => Some(Duration::from_secs(3)),
        };
        let ready = stream
            .set_nonblocking(wait.is_none())
            .and_then(|()| stream.set_read_timeout(wait));
        let mut buffer = vec![0; 65_536];
        match ready.and_then(|()| stream.read(&mut buffer)) {
            Ok(0) => gone,
            Ok(count) => {
                buffer.truncate(count);
                Arrived {
                    octets: buffer,
                    hung_up: false,
                }
            }
            Err(error) => Arrived {
                octets: Vec::new(),
                hung_up: !matches!(
                    error.kind(),
                    ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
                ),
            },
        }
    }

    fn hang_up(&mut self, link: usize) {
        if let Some(stream) = self.links.get_mut(link) {
            *stream = None;
        }
    }

    fn begin_step(&mut self) {}

    fn pass(&mut self, ms: u64) {
        sleep(Duration::from_millis(ms));
    }

    fn rest(&mut self, ms: u64) {
        sleep(Duration::from_millis(ms));
    }
}
