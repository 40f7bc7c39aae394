//! One client of the recorded programs: sends octets, reads frames, and tells rows.

use std::collections::{BTreeMap, BTreeSet};

use mq_playground::amqp::ConnectionId;
use serde_json::{Value, json};

use crate::codec::{method_frame, publish_frames, read_header, read_method, take_frame};
use crate::world::World;

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
pub struct Client {
    id: ConnectionId,
    inbox: Vec<u8>,
    pending: BTreeMap<u16, Pending>,
    pub alive: bool,
    pub open_channels: BTreeSet<u16>,
    /// Channel -> last publish number, where confirms are on.
    pub confirming: BTreeMap<u16, u64>,
    pub unconfirmed: BTreeMap<u16, BTreeSet<u64>>,
}

impl Client {
    /// Connects and goes through the handshake.
    pub fn connect(world: &mut World) -> Client {
        let mut client = Client {
            id: world.connect(),
            inbox: Vec::new(),
            pending: BTreeMap::new(),
            alive: true,
            open_channels: BTreeSet::new(),
            confirming: BTreeMap::new(),
            unconfirmed: BTreeMap::new(),
        };
        world.send(client.id, b"AMQP\x00\x00\x09\x01");
        client.expect(world, "Connection.Start");
        let start_ok = json!({
            "client_properties": {"capabilities": {
                "consumer_cancel_notify": true, "basic.nack": true, "publisher_confirms": true,
                "authentication_failure_close": true}},
            "mechanism": "PLAIN", "response": "\0guest\0guest", "locale": "en_US"});
        client.send(world, 0, "Connection.StartOk", &start_ok);
        client.expect(world, "Connection.Tune");
        let tune_ok = json!({"channel_max": 2047, "frame_max": 131_072, "heartbeat": 0});
        client.send(world, 0, "Connection.TuneOk", &tune_ok);
        client.send(world, 0, "Connection.Open", &json!({"virtual_host": "/"}));
        client.expect(world, "Connection.OpenOk");
        client
    }

    fn expect(&mut self, world: &mut World, name: &str) {
        let received = self.receive(world);
        let names: Vec<&str> = received.iter().map(|it| it.name).collect();
        assert_eq!(names, [name], "the handshake");
    }

    /// Sends a method.
    pub fn send(&mut self, world: &mut World, channel: u16, name: &str, args: &Value) {
        if self.alive {
            world.send(self.id, &method_frame(channel, name, args));
        }
    }

    /// Sends basic.publish.
    pub fn publish(&mut self, world: &mut World, channel: u16, args: &Value) {
        let fields = json!({
            "exchange": args["exchange"], "routing_key": args["key"],
            "mandatory": args["mandatory"], "immediate": args["immediate"]});
        let body = args["body"].as_str().expect("a body");
        world.send(
            self.id,
            &publish_frames(channel, &fields, &args["props"], body),
        );
    }

    /// Everything that has arrived whole.
    pub fn receive(&mut self, world: &mut World) -> Vec<Received> {
        let mut all = Vec::new();
        if !self.alive {
            return all;
        }
        let (octets, _) = world.take(self.id);
        self.inbox.extend(octets);
        while let Some(frame) = take_frame(&mut self.inbox) {
            let channel = frame.channel;
            let whole = match frame.kind {
                1 => self.on_method(channel, &frame.payload),
                2 => {
                    let pending = self
                        .pending
                        .get_mut(&channel)
                        .expect("a header has its method");
                    (pending.size, pending.props) = read_header(&frame.payload);
                    self.finish(channel)
                }
                3 => {
                    let pending = self
                        .pending
                        .get_mut(&channel)
                        .expect("a body has its method");
                    pending.body.extend(frame.payload);
                    self.finish(channel)
                }
                kind => panic!("a frame of type {kind}"),
            };
            all.extend(whole);
        }
        all
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

    /// Whether the broker has hung up.
    pub fn is_hung_up(&self, world: &mut World) -> bool {
        let (octets, hung_up) = world.take(self.id);
        assert!(octets.is_empty(), "everything was read");
        hung_up
    }

    /// The TCP connection ends.
    pub fn hang_up(&mut self, world: &mut World) {
        if std::mem::take(&mut self.alive) {
            world.hang_up(self.id);
        }
        self.open_channels.clear();
    }
}
