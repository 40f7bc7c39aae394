//! Listens, gives every client a task of its own on one thread, keeps the broker's clock, and says goodbye.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::LocalSet;

use crate::amqp::command::Peer;
use crate::amqp::{Command, ConnectionId, Event, OperatorCommand};
use crate::engine::FIRST_CLIENT_CONNECTION;
use crate::host::options::Options;
use crate::host::session;
use crate::host::station::Station;
use crate::limits::program::{CLIENTS, OUTPUT_MAX_BYTES, OUTPUT_TOTAL_BYTES, SHUTDOWN_MS};
use crate::machine::{Input, Origin, SimTime};
use crate::wire::{ConnectionConfig, Hub};

/// What all tasks share.
pub(super) struct Server {
    pub(super) station: Station,
    pub(super) hub: Hub,
    started: Instant,
    next_connection: u32,
    /// How to wake the task of a client.
    wakers: BTreeMap<ConnectionId, Rc<Notify>>,
    /// Wakes the clock when something falls due earlier than it sleeps.
    clock: Rc<Notify>,
    alarm: Option<SimTime>,
    /// Octets that all clients together have not taken yet.
    unsent: usize,
}

pub(super) type Shared = Rc<RefCell<Server>>;

impl Server {
    #[expect(
        clippy::disallowed_methods,
        reason = "the host is where time comes from"
    )]
    fn new(station: Station) -> Server {
        Server {
            station,
            hub: Hub::default(),
            started: Instant::now(),
            next_connection: FIRST_CLIENT_CONNECTION,
            wakers: BTreeMap::new(),
            clock: Rc::default(),
            alarm: None,
            unsent: 0,
        }
    }

    /// Milliseconds since the start: the broker's time.
    pub(super) fn now(&self) -> SimTime {
        let ms = self.started.elapsed().as_millis();
        SimTime(u64::try_from(ms).unwrap_or(u64::MAX))
    }

    /// The moment at which the broker's clock shows `at`.
    pub(super) fn instant(&self, at: SimTime) -> Instant {
        self.started + Duration::from_millis(at.as_ms())
    }

    /// A client that left `before` octets unsent leaves `after`. The limit, if that is too much.
    pub(super) fn leaves_unsent(&mut self, before: usize, after: usize) -> Option<usize> {
        self.unsent = self.unsent - before + after;
        let share = match self.unsent {
            0..=OUTPUT_TOTAL_BYTES => OUTPUT_MAX_BYTES,
            _ => OUTPUT_TOTAL_BYTES / self.wakers.len().max(1),
        };
        (after > share.min(OUTPUT_MAX_BYTES)).then_some(share)
    }

    /// Says that a limit of this program was reached.
    pub(super) fn limit_reached(&mut self, what: &'static str, limit: usize, then: &str) {
        eprintln!("mq-playground: {what}: {limit}, the limit; {then}");
        let (now, limit) = (self.now(), limit as u64);
        self.station
            .print(now, &[Event::LimitReached { what, limit }]);
    }

    fn open(&mut self, config: ConnectionConfig) -> (ConnectionId, Rc<Notify>) {
        let id = ConnectionId(self.next_connection);
        self.next_connection += 1;
        let waker = Rc::new(Notify::new());
        self.wakers.insert(id, Rc::clone(&waker));
        let now = self.now();
        self.hub.open(id, config, now);
        (id, waker)
    }

    /// Octets of a client; other clients that get something by them are woken.
    pub(super) fn receive(&mut self, id: ConnectionId, octets: &[u8]) {
        let now = self.now();
        self.hub.receive(id, octets, now, &mut self.station);
        self.wake_others(Some(id));
    }

    /// Lets the deadlines of the wire pass, heartbeats and the like.
    pub(super) fn wire_deadline(&mut self) {
        let now = self.now();
        self.hub.on_deadline(now, &mut self.station);
        self.wake_others(None);
    }

    /// A client has gone.
    pub(super) fn gone(&mut self, id: ConnectionId) {
        let now = self.now();
        self.hub.peer_closed(id, now, &mut self.station);
        self.hub.remove(id);
        self.wakers.remove(&id);
        self.wake_others(Some(id));
    }

    fn tick(&mut self) {
        let now = self.now();
        let mut events = Vec::new();
        self.station.tick(now, &mut events);
        self.hub.deliver(&events, now);
        self.wake_others(None);
    }

    fn wake_others(&mut self, own: Option<ConnectionId>) {
        for id in self.hub.take_touched() {
            if let Some(waker) = self.wakers.get(&id).filter(|_| Some(id) != own) {
                waker.notify_one();
            }
        }
        self.station.flush();
        let due = self.station.next_deadline();
        if due.is_some_and(|due| self.alarm.is_none_or(|alarm| due < alarm)) {
            self.alarm = due;
            self.clock.notify_one();
        }
    }

    /// Tells every client that the broker stops (semantics 24.5).
    fn say_goodbye(&mut self) {
        let at = self.now();
        for connection in self.hub.ids() {
            let reason = "broker forced connection closure with reason 'shutdown'".to_string();
            let command =
                Command::Operator(OperatorCommand::CloseConnection { connection, reason });
            self.hub.submit(
                &Input {
                    at,
                    origin: Origin::Api,
                    command,
                },
                &mut self.station,
            );
        }
        self.wake_others(None);
    }
}

/// Serves until it is told to stop (Ctrl-C, or SIGTERM).
pub fn serve(options: &Options) -> io::Result<()> {
    let listener = std::net::TcpListener::bind((options.host, options.port))?;
    serve_until(options, listener, asked_to_stop())
}

/// Serves whoever connects to `listener` until `stop` says so; for tests that bring a broker of their own.
pub fn serve_until(
    options: &Options,
    listener: std::net::TcpListener,
    stop: impl Future<Output = io::Result<()>>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut station = match &options.scenario {
        Some(path) => Station::load(path, options.compatibility).map_err(io::Error::other)?,
        None => Station::new(options.compatibility.unwrap_or_default()),
    };
    if options.log {
        station.print_events();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()?;
    LocalSet::new().block_on(&runtime, run(listener, station, stop))
}

async fn run(
    listener: std::net::TcpListener,
    station: Station,
    asked: impl Future<Output = io::Result<()>>,
) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let shared: Shared = Rc::new(RefCell::new(Server::new(station)));
    // On standard error, so that a log on standard output stays JSON.
    eprintln!("AMQP 0-9-1 on {} (Ctrl-C stops)", listener.local_addr()?);
    tokio::select! {
        result = accept(&listener, &shared) => result,
        () = keep_time(&shared) => Ok(()),
        result = asked => {
            result?;
            drop(listener);
            stop(&shared).await;
            Ok(())
        }
    }
}

async fn accept(listener: &TcpListener, shared: &Shared) -> io::Result<()> {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of file handles, say: clients that are here can still be served.
                eprintln!("mq-playground: cannot accept a client: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        if shared.borrow().wakers.len() >= CLIENTS {
            let mut server = shared.borrow_mut();
            server.limit_reached("clients at a time", CLIENTS, "one was refused");
            continue;
        }
        let Ok(config) = config_for(&stream, shared) else {
            continue;
        };
        let (id, waker) = shared.borrow_mut().open(config);
        tokio::task::spawn_local(session::run(stream, id, waker, Rc::clone(shared)));
    }
}

fn config_for(stream: &TcpStream, shared: &Shared) -> io::Result<ConnectionConfig> {
    // Small frames must not wait for each other.
    stream.set_nodelay(true)?;
    let (peer, local) = (stream.peer_addr()?, stream.local_addr()?);
    Ok(ConnectionConfig {
        compatibility: shared.borrow().station.compatibility(),
        peer: if peer.ip().is_loopback() {
            Peer::Loopback
        } else {
            Peer::Remote
        },
        name: format!("{peer} -> {local}"),
    })
}

/// Lets things happen in the broker when they are due.
async fn keep_time(shared: &Shared) {
    let clock = Rc::clone(&shared.borrow().clock);
    loop {
        let due = {
            let mut server = shared.borrow_mut();
            server.alarm = server.station.next_deadline();
            server.station.flush();
            server.alarm.map(|alarm| server.instant(alarm))
        };
        let Some(due) = due else {
            clock.notified().await;
            continue;
        };
        tokio::select! {
            () = tokio::time::sleep_until(due.into()) => shared.borrow_mut().tick(),
            () = clock.notified() => {}
        }
    }
}

async fn asked_to_stop() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// Says goodbye and waits for the answers, but not for long; a second Ctrl-C waits no more.
async fn stop(shared: &Shared) {
    shared.borrow_mut().say_goodbye();
    let all_gone = async {
        while !shared.borrow().hub.is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        () = all_gone => {}
        () = tokio::time::sleep(Duration::from_millis(SHUTDOWN_MS)) => {}
        _ = asked_to_stop() => {}
    }
    shared.borrow_mut().station.flush();
}
