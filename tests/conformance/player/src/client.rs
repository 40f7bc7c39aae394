//! One client of the recorded programs: sends octets, reads frames, and tells rows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::codec::{Frame, method_frame, publish_frames, read_header, read_method, take_frame};
use crate::transport::{Patience, Transport};

/// Something that was received: a method, with its content if it has one.
#[derive(Clone, Debug)]
pub struct Received {
    pub channel: u16,
    pub name: &'static str,
    pub args: Value,
    pub content: Option<(Value, String)>,
}

struct Pending {
    name: &'static str,
    args: Value,
    props: Value,
    size: u64,
    body: Vec<u8>,
}

/// A connection of a program.
pub struct Client<L> {
    link: L,
    inbox: Vec<u8>,
    pending: BTreeMap<u16, Pending>,
    pub alive: bool,
    /// Whether the broker has closed the TCP connection.
    pub is_hung_up: bool,
    pub open_channels: BTreeSet<u16>,
    /// Channel -> last publish number, where confirms are on.
    pub confirming: BTreeMap<u16, u64>,
    pub unconfirmed: BTreeMap<u16, BTreeSet<u64>>,
}

impl<L: Copy> Client<L> {
    /// Connects and goes through the handshake; an error tells what came instead.
    pub fn connect<T: Transport<Link = L>>(transport: &mut T) -> Result<Client<L>, String> {
        let link = transport.connect().map_err(|error| error.to_string())?;
        let mut client = Client {
            link,
            inbox: Vec::new(),
            pending: BTreeMap::new(),
            alive: true,
            is_hung_up: false,
            open_channels: BTreeSet::new(),
            confirming: BTreeMap::new(),
            unconfirmed: BTreeMap::new(),
        };
        transport.send(link, b"AMQP\x00\x00\x09\x01");
        client.expect(transport, "Connection.Start")?;
        let start_ok = json!({
            "client_properties": {"capabilities": {
                "consumer_cancel_notify": true, "basic.nack": true, "publisher_confirms": true,
                "authentication_failure_close": true}},
            "mechanism": "PLAIN", "response": "\0guest\0guest", "locale": "en_US"});
        client.send(transport, 0, "Connection.StartOk", &start_ok);
        client.expect(transport, "Connection.Tune")?;
        let tune_ok = json!({"channel_max": 2047, "frame_max": 131_072, "heartbeat": 0});
        client.send(transport, 0, "Connection.TuneOk", &tune_ok);
        let open = json!({"virtual_host": "/"});
        client.send(transport, 0, "Connection.Open", &open);
        client.expect(transport, "Connection.OpenOk")?;
        Ok(client)
    }

    fn expect<T: Transport<Link = L>>(
        &mut self,
        transport: &mut T,
        name: &str,
    ) -> Result<(), String> {
        let received = self.receive(transport, Patience::ForReply);
        let names: Vec<&str> = received.iter().map(|it| it.name).collect();
        if names == [name] {
            return Ok(());
        }
        Err(format!("{name} was due, {names:?} came"))
    }

    /// Sends a method.
    pub fn send<T: Transport<Link = L>>(
        &self,
        transport: &mut T,
        channel: u16,
        name: &str,
        args: &Value,
    ) {
        if self.alive {
            transport.send(self.link, &method_frame(channel, name, args));
        }
    }

    /// Sends basic.publish.
    pub fn publish<T: Transport<Link = L>>(&self, transport: &mut T, channel: u16, args: &Value) {
        let fields = json!({
            "exchange": args["exchange"], "routing_key": args["key"],
            "mandatory": args["mandatory"], "immediate": args["immediate"]});
        let body = args["body"].as_str().expect("a body");
        transport.send(
            self.link,
            &publish_frames(channel, &fields, &args["props"], body),
        );
    }

    /// Everything that has arrived whole; with patience, at least one thing if it comes.
    pub fn receive<T: Transport<Link = L>>(
        &mut self,
        transport: &mut T,
        patience: Patience,
    ) -> Vec<Received> {
        let mut all = Vec::new();
        while self.alive {
            let arrived = transport.take(self.link, patience);
            self.is_hung_up |= arrived.hung_up;
            let nothing = arrived.octets.is_empty();
            self.inbox.extend(arrived.octets);
            while let Some(frame) = take_frame(&mut self.inbox) {
                all.extend(self.on_frame(frame));
            }
            if nothing || !all.is_empty() {
                break;
            }
        }
        all
    }

    fn on_frame(&mut self, frame: Frame) -> Option<Received> {
        let channel = frame.channel;
        if frame.kind == METHOD {
            return self.on_method(channel, &frame.payload);
        }
        let pending = self
            .pending
            .get_mut(&channel)
            .expect("content has its method");
        match frame.kind {
            HEADER => (pending.size, pending.props) = read_header(&frame.payload),
            BODY => pending.body.extend(frame.payload),
            kind => panic!("a frame of type {kind}"),
        }
        self.finish(channel)
    }

    fn on_method(&mut self, channel: u16, payload: &[u8]) -> Option<Received> {
        let (name, args) = read_method(payload);
        if matches!(name, "Basic.Deliver" | "Basic.GetOk" | "Basic.Return") {
            let pending = Pending {
                name,
                args,
                props: Value::Null,
                size: 0,
                body: Vec::new(),
            };
            self.pending.insert(channel, pending);
            return None;
        }
        Some(Received {
            channel,
            name,
            args,
            content: None,
        })
    }

    fn finish(&mut self, channel: u16) -> Option<Received> {
        let done = |it: &Pending| it.body.len() as u64 >= it.size;
        if !self.pending.get(&channel).is_some_and(done) {
            return None;
        }
        let Pending {
            name,
            args,
            props,
            body,
            ..
        } = self.pending.remove(&channel)?;
        let body = String::from_utf8_lossy(&body).into_owned();
        Some(Received {
            channel,
            name,
            args,
            content: Some((props, body)),
        })
    }

    /// The TCP connection ends.
    pub fn hang_up<T: Transport<Link = L>>(&mut self, transport: &mut T) {
        if std::mem::take(&mut self.alive) {
            transport.hang_up(self.link);
        }
        self.open_channels.clear();
    }
}

// Frame types.
const METHOD: u8 = 1;
const HEADER: u8 = 2;
const BODY: u8 = 3;
