//! One client's TCP connection: octets from the socket to the hub, and back.

use std::io;
use std::rc::Rc;

use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::amqp::ConnectionId;
use crate::host::limits::{OUTPUT_MAX_BYTES, OUTPUT_PAUSE_BYTES, READ_BYTES};
use crate::host::server::Shared;
use crate::wire::CloseKind;

/// What is to be sent, and how much of it was.
#[derive(Default)]
struct Outgoing {
    octets: Vec<u8>,
    sent: usize,
}

impl Outgoing {
    fn is_empty(&self) -> bool {
        self.sent == self.octets.len()
    }

    fn len(&self) -> usize {
        self.octets.len() - self.sent
    }

    /// Sends as much as the socket takes.
    fn send(&mut self, stream: &TcpStream) -> io::Result<()> {
        while !self.is_empty() {
            match stream.try_write(&self.octets[self.sent..]) {
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        if self.is_empty() {
            self.octets.clear();
            self.sent = 0;
        }
        Ok(())
    }
}

/// Serves one client until it or the broker hangs up.
pub(super) async fn run(stream: TcpStream, id: ConnectionId, waker: Rc<Notify>, shared: Shared) {
    // However a connection ends: the broker is told below.
    let _ = converse(&stream, id, &waker, &shared).await;
    shared.borrow_mut().gone(id);
}

async fn converse(
    stream: &TcpStream,
    id: ConnectionId,
    waker: &Notify,
    shared: &Shared,
) -> io::Result<()> {
    let mut buffer = vec![0; READ_BYTES];
    let mut outgoing = Outgoing::default();
    loop {
        let (deadline, want_read) = {
            let mut server = shared.borrow_mut();
            let Some(connection) = server.hub.connection_mut(id) else {
                return Ok(());
            };
            connection.take_output(&mut outgoing.octets);
            outgoing.send(stream)?;
            if let Some(kind) = connection.wants_close() {
                return end(stream, kind);
            }
            if outgoing.len() > OUTPUT_MAX_BYTES {
                let name = id.0;
                eprintln!(
                    "mq-playground: client {name} leaves {OUTPUT_MAX_BYTES} bytes unread, the limit; dropped"
                );
                return end(stream, CloseKind::Reset);
            }
            let want_read = connection.want_read() && outgoing.len() < OUTPUT_PAUSE_BYTES;
            let deadline = connection.next_deadline();
            (deadline.map(|at| server.instant(at)), want_read)
        };
        let sleep = async {
            match deadline {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            ready = stream.readable(), if want_read => {
                ready?;
                match stream.try_read(&mut buffer) {
                    Ok(0) => return Ok(()),
                    Ok(count) => shared.borrow_mut().receive(id, &buffer[..count]),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) => return Err(error),
                }
            }
            ready = stream.writable(), if !outgoing.is_empty() => ready?,
            () = waker.notified() => {}
            () = sleep => shared.borrow_mut().wire_deadline(),
        }
    }
}

/// Ends the TCP connection from this side.
fn end(stream: &TcpStream, kind: CloseKind) -> io::Result<()> {
    match kind {
        CloseKind::Graceful => Ok(()),
        // The socket is closed with a reset instead of a farewell, as when RabbitMQ's reader dies.
        CloseKind::Reset => stream.set_zero_linger(),
    }
}
