//! One client's TCP connection: octets from the socket to the hub, and back.

use std::io;
use std::rc::Rc;

use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::amqp::ConnectionId;
use crate::host::server::Shared;
use crate::limits::program::{OUTPUT_PAUSE_BYTES, READ_BYTES};
use crate::wire::CloseKind;

/// What is to be sent, and how much of it was.
#[derive(Default)]
struct Outgoing {
    octets: Vec<u8>,
    sent: usize,
    /// What the server was told that is left.
    reported: usize,
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
            // After a flood the memory is given back.
            self.octets.shrink_to(READ_BYTES);
            self.sent = 0;
        }
        Ok(())
    }
}

/// Serves one client until it or the broker hangs up.
pub(super) async fn run(stream: TcpStream, id: ConnectionId, waker: Rc<Notify>, shared: Shared) {
    // However a connection ends: the broker is told below.
    let mut outgoing = Outgoing::default();
    let _ = converse(&stream, &mut outgoing, id, &waker, &shared).await;
    let mut server = shared.borrow_mut();
    server.leaves_unsent(outgoing.reported, 0);
    server.gone(id);
}

async fn converse(
    stream: &TcpStream,
    outgoing: &mut Outgoing,
    id: ConnectionId,
    waker: &Notify,
    shared: &Shared,
) -> io::Result<()> {
    let mut buffer = vec![0; READ_BYTES];
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
            let want_read = connection.want_read() && outgoing.len() < OUTPUT_PAUSE_BYTES;
            let deadline = connection.next_deadline();
            let (before, after) = (outgoing.reported, outgoing.len());
            outgoing.reported = after;
            if let Some(limit) = server.leaves_unsent(before, after) {
                let then = format!("client {} was dropped", id.0);
                server.limit_reached("bytes that a client leaves unread", limit, &then);
                return end(stream, CloseKind::Reset);
            }
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
