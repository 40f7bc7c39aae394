//! A client's codec, driven by a list of the spec's methods: nothing of it is shared with the codec it tests.
//!
//! Names and JSON shapes are those of the recorded programs, which are pika's.

use serde_json::{Map, Value, json};

/// A method: its name as recorded, class and number, and its fields as `type:name`.
pub struct Spec {
    pub name: &'static str,
    pub class: u16,
    pub method: u16,
    fields: &'static str,
}

const fn spec(name: &'static str, class: u16, method: u16, fields: &'static str) -> Spec {
    Spec {
        name,
        class,
        method,
        fields,
    }
}

/// Field types: h short, l long, q long long, s short string, S long string, b bit, t table.
pub const METHODS: &[Spec] = &[
    spec(
        "Connection.Start",
        10,
        10,
        "h:version t:server_properties S:mechanisms S:locales",
    ),
    spec(
        "Connection.StartOk",
        10,
        11,
        "t:client_properties s:mechanism S:response s:locale",
    ),
    spec(
        "Connection.Tune",
        10,
        30,
        "h:channel_max l:frame_max h:heartbeat",
    ),
    spec(
        "Connection.TuneOk",
        10,
        31,
        "h:channel_max l:frame_max h:heartbeat",
    ),
    spec(
        "Connection.Open",
        10,
        40,
        "s:virtual_host s:capabilities b:insist",
    ),
    spec("Connection.OpenOk", 10, 41, "s:known_hosts"),
    spec(
        "Connection.Close",
        10,
        50,
        "h:reply_code s:reply_text h:class_id h:method_id",
    ),
    spec("Connection.CloseOk", 10, 51, ""),
    spec("Connection.Blocked", 10, 60, "s:reason"),
    spec("Connection.Unblocked", 10, 61, ""),
    spec("Connection.UpdateSecret", 10, 70, "S:new_secret s:reason"),
    spec("Connection.UpdateSecretOk", 10, 71, ""),
    spec("Channel.Open", 20, 10, "s:out_of_band"),
    spec("Channel.OpenOk", 20, 11, "S:channel_id"),
    spec("Channel.Flow", 20, 20, "b:active"),
    spec("Channel.FlowOk", 20, 21, "b:active"),
    spec(
        "Channel.Close",
        20,
        40,
        "h:reply_code s:reply_text h:class_id h:method_id",
    ),
    spec("Channel.CloseOk", 20, 41, ""),
    spec(
        "Exchange.Declare",
        40,
        10,
        "h:ticket s:exchange s:type b:passive b:durable b:auto_delete b:internal b:nowait t:arguments",
    ),
    spec("Exchange.DeclareOk", 40, 11, ""),
    spec(
        "Exchange.Delete",
        40,
        20,
        "h:ticket s:exchange b:if_unused b:nowait",
    ),
    spec("Exchange.DeleteOk", 40, 21, ""),
    spec(
        "Exchange.Bind",
        40,
        30,
        "h:ticket s:destination s:source s:routing_key b:nowait t:arguments",
    ),
    spec("Exchange.BindOk", 40, 31, ""),
    spec(
        "Exchange.Unbind",
        40,
        40,
        "h:ticket s:destination s:source s:routing_key b:nowait t:arguments",
    ),
    spec("Exchange.UnbindOk", 40, 51, ""),
    spec(
        "Queue.Declare",
        50,
        10,
        "h:ticket s:queue b:passive b:durable b:exclusive b:auto_delete b:nowait t:arguments",
    ),
    spec(
        "Queue.DeclareOk",
        50,
        11,
        "s:queue l:message_count l:consumer_count",
    ),
    spec(
        "Queue.Bind",
        50,
        20,
        "h:ticket s:queue s:exchange s:routing_key b:nowait t:arguments",
    ),
    spec("Queue.BindOk", 50, 21, ""),
    spec("Queue.Purge", 50, 30, "h:ticket s:queue b:nowait"),
    spec("Queue.PurgeOk", 50, 31, "l:message_count"),
    spec(
        "Queue.Delete",
        50,
        40,
        "h:ticket s:queue b:if_unused b:if_empty b:nowait",
    ),
    spec("Queue.DeleteOk", 50, 41, "l:message_count"),
    spec(
        "Queue.Unbind",
        50,
        50,
        "h:ticket s:queue s:exchange s:routing_key t:arguments",
    ),
    spec("Queue.UnbindOk", 50, 51, ""),
    spec(
        "Basic.Qos",
        60,
        10,
        "l:prefetch_size h:prefetch_count b:global_qos",
    ),
    spec("Basic.QosOk", 60, 11, ""),
    spec(
        "Basic.Consume",
        60,
        20,
        "h:ticket s:queue s:consumer_tag b:no_local b:no_ack b:exclusive b:nowait t:arguments",
    ),
    spec("Basic.ConsumeOk", 60, 21, "s:consumer_tag"),
    spec("Basic.Cancel", 60, 30, "s:consumer_tag b:nowait"),
    spec("Basic.CancelOk", 60, 31, "s:consumer_tag"),
    spec(
        "Basic.Publish",
        60,
        40,
        "h:ticket s:exchange s:routing_key b:mandatory b:immediate",
    ),
    spec(
        "Basic.Return",
        60,
        50,
        "h:reply_code s:reply_text s:exchange s:routing_key",
    ),
    spec(
        "Basic.Deliver",
        60,
        60,
        "s:consumer_tag q:delivery_tag b:redelivered s:exchange s:routing_key",
    ),
    spec("Basic.Get", 60, 70, "h:ticket s:queue b:no_ack"),
    spec(
        "Basic.GetOk",
        60,
        71,
        "q:delivery_tag b:redelivered s:exchange s:routing_key l:message_count",
    ),
    spec("Basic.GetEmpty", 60, 72, "s:cluster_id"),
    spec("Basic.Ack", 60, 80, "q:delivery_tag b:multiple"),
    spec("Basic.Reject", 60, 90, "q:delivery_tag b:requeue"),
    spec("Basic.RecoverAsync", 60, 100, "b:requeue"),
    spec("Basic.Recover", 60, 110, "b:requeue"),
    spec("Basic.RecoverOk", 60, 111, ""),
    spec("Basic.Nack", 60, 120, "q:delivery_tag b:multiple b:requeue"),
    spec("Confirm.Select", 85, 10, "b:nowait"),
    spec("Confirm.SelectOk", 85, 11, ""),
    spec("Tx.Select", 90, 10, ""),
    spec("Tx.SelectOk", 90, 11, ""),
    spec("Tx.Commit", 90, 20, ""),
    spec("Tx.CommitOk", 90, 21, ""),
    spec("Tx.Rollback", 90, 30, ""),
    spec("Tx.RollbackOk", 90, 31, ""),
];

/// Properties of class basic in the order of their flags, the first in the highest.
const PROPERTIES: &str = "s:content_type s:content_encoding t:headers o:delivery_mode o:priority s:correlation_id \
     s:reply_to s:expiration s:message_id q:timestamp s:type s:user_id s:app_id s:cluster_id";

fn fields(spec: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    spec.split_whitespace()
        .map(|field| field.split_once(':').expect("type:name"))
}

/// Something a server sent.
#[derive(Clone, Debug)]
pub struct Frame {
    pub kind: u8,
    pub channel: u16,
    pub payload: Vec<u8>,
}

/// Cuts the first frame off `octets`.
pub fn take_frame(octets: &mut Vec<u8>) -> Option<Frame> {
    let header = octets.first_chunk::<7>()?;
    let size = u32::from_be_bytes([header[3], header[4], header[5], header[6]]) as usize;
    let (kind, channel) = (header[0], u16::from_be_bytes([header[1], header[2]]));
    if octets.len() < size + 8 {
        return None;
    }
    assert_eq!(octets[size + 7], 0xCE, "a frame ends with its end octet");
    let payload = octets[7..7 + size].to_vec();
    octets.drain(..size + 8);
    Some(Frame {
        kind,
        channel,
        payload,
    })
}

fn frame(kind: u8, channel: u16, payload: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    out.extend(channel.to_be_bytes());
    out.extend((payload.len() as u32).to_be_bytes());
    out.extend(payload);
    out.push(0xCE);
}

/// A method frame. Missing fields are zero, empty or false.
pub fn method_frame(channel: u16, name: &str, args: &Value) -> Vec<u8> {
    let spec = METHODS
        .iter()
        .find(|spec| spec.name == name)
        .expect("a method of the spec");
    let mut payload = Vec::new();
    payload.extend(spec.class.to_be_bytes());
    payload.extend(spec.method.to_be_bytes());
    let mut bits: Option<(u8, u8)> = None;
    for (kind, name) in fields(spec.fields) {
        if kind == "b" {
            let (octet, count) = bits.unwrap_or_default();
            bits = Some((
                octet | u8::from(args[name] == json!(true)) << count,
                count + 1,
            ));
            continue;
        }
        payload.extend(bits.take().map(|(octet, _)| octet));
        write_field(kind, &args[name], &mut payload);
    }
    payload.extend(bits.map(|(octet, _)| octet));
    let mut out = Vec::new();
    frame(1, channel, &payload, &mut out);
    out
}

/// basic.publish with its content.
pub fn publish_frames(channel: u16, args: &Value, props: &Value, body: &str) -> Vec<u8> {
    let mut out = method_frame(channel, "Basic.Publish", args);
    let mut header = vec![0, 60, 0, 0];
    header.extend((body.len() as u64).to_be_bytes());
    let (mut flags, mut values) = (0u16, Vec::new());
    for (place, (kind, name)) in fields(PROPERTIES).enumerate() {
        if !props[name].is_null() {
            flags |= 1 << (15 - place);
            write_field(kind, &props[name], &mut values);
        }
    }
    header.extend(flags.to_be_bytes());
    header.extend(values);
    frame(2, channel, &header, &mut out);
    if !body.is_empty() {
        frame(3, channel, body.as_bytes(), &mut out);
    }
    out
}

fn write_field(kind: &str, value: &Value, out: &mut Vec<u8>) {
    let number = value.as_u64().unwrap_or(0);
    match kind {
        "o" => out.push(number as u8),
        "h" => out.extend((number as u16).to_be_bytes()),
        "l" => out.extend((number as u32).to_be_bytes()),
        "q" => out.extend(number.to_be_bytes()),
        "s" => write_short(value.as_str().unwrap_or(""), out),
        "S" => write_long(value.as_str().unwrap_or("").as_bytes(), out),
        "t" => write_table(value, out),
        other => panic!("no field type {other}"),
    }
}

fn write_short(text: &str, out: &mut Vec<u8>) {
    out.push(text.len() as u8);
    out.extend(text.as_bytes());
}

fn write_long(octets: &[u8], out: &mut Vec<u8>) {
    out.extend((octets.len() as u32).to_be_bytes());
    out.extend(octets);
}

fn write_table(value: &Value, out: &mut Vec<u8>) {
    let mut entries = Vec::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        write_short(key, &mut entries);
        write_value(value, &mut entries);
    }
    write_long(&entries, out);
}

/// Tags as pika chooses them.
fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(b'V'),
        Value::Bool(on) => out.extend([b't', u8::from(*on)]),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(n), _) if i32::try_from(n).is_ok() => {
                out.push(b'I');
                out.extend((n as i32).to_be_bytes());
            }
            (Some(n), _) => {
                out.push(b'l');
                out.extend(n.to_be_bytes());
            }
            (None, n) => {
                out.push(b'd');
                out.extend(n.expect("a number").to_be_bytes());
            }
        },
        Value::String(text) => {
            out.push(b'S');
            write_long(text.as_bytes(), out);
        }
        Value::Array(values) => {
            let mut items = Vec::new();
            values
                .iter()
                .for_each(|value| write_value(value, &mut items));
            out.push(b'A');
            write_long(&items, out);
        }
        Value::Object(_) => {
            out.push(b'F');
            write_table(value, out);
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, count: usize) -> &[u8] {
        let (head, rest) = self.0.split_at(count);
        self.0 = rest;
        head
    }

    fn number(&mut self, octets: usize) -> u64 {
        self.take(octets)
            .iter()
            .fold(0, |n, octet| n << 8 | u64::from(*octet))
    }

    fn text(&mut self, size: usize) -> Value {
        let length = self.number(size) as usize;
        let octets = self.take(length);
        match std::str::from_utf8(octets) {
            Ok(text) => json!(text),
            Err(_) => json!(octets.escape_ascii().to_string()),
        }
    }

    fn field(&mut self, kind: &str) -> Value {
        match kind {
            "o" => json!(self.number(1)),
            "h" => json!(self.number(2)),
            "l" => json!(self.number(4)),
            "q" => json!(self.number(8)),
            "s" => self.text(1),
            "S" => self.text(4),
            "t" => self.table(),
            other => panic!("no field type {other}"),
        }
    }

    fn table(&mut self) -> Value {
        let length = self.number(4) as usize;
        let mut inner = Reader(self.take(length));
        let mut table = Map::new();
        while !inner.0.is_empty() {
            let Value::String(key) = inner.text(1) else {
                unreachable!("text is a string")
            };
            let value = inner.value();
            table.insert(key, value);
        }
        Value::Object(table)
    }

    fn value(&mut self) -> Value {
        match self.number(1) as u8 {
            b'S' | b'x' => self.text(4),
            b'I' => json!(self.number(4) as u32 as i32),
            b'i' => json!(self.number(4)),
            b'l' | b'L' => json!(self.number(8) as i64),
            b'b' => json!(self.number(1) as u8 as i8),
            b'B' => json!(self.number(1)),
            b's' => json!(self.number(2) as u16 as i16),
            b'u' => json!(self.number(2)),
            b't' => json!(self.number(1) != 0),
            b'T' => {
                self.number(8);
                json!("<time>")
            }
            b'f' => json!(f32::from_bits(self.number(4) as u32)),
            b'd' => json!(f64::from_bits(self.number(8))),
            b'F' => self.table(),
            b'A' => {
                let length = self.number(4) as usize;
                let mut inner = Reader(self.take(length));
                let mut items = Vec::new();
                while !inner.0.is_empty() {
                    items.push(inner.value());
                }
                Value::Array(items)
            }
            b'V' => Value::Null,
            tag => panic!("no table tag {tag}"),
        }
    }
}

/// A server's method frame as name and fields.
pub fn read_method(payload: &[u8]) -> (&'static str, Value) {
    let mut reader = Reader(payload);
    let (class, method) = (reader.number(2) as u16, reader.number(2) as u16);
    let spec = METHODS
        .iter()
        .find(|spec| (spec.class, spec.method) == (class, method))
        .unwrap_or_else(|| panic!("a server sent method {class} {method}"));
    let (mut args, mut bits) = (Map::new(), None);
    for (kind, name) in fields(spec.fields) {
        if kind == "b" {
            let (octet, place) = bits.take().unwrap_or_else(|| (reader.number(1), 0));
            args.insert(name.to_string(), json!(octet >> place & 1 == 1));
            bits = Some((octet, place + 1));
        } else {
            bits = None;
            args.insert(name.to_string(), reader.field(kind));
        }
    }
    assert!(
        reader.0.is_empty(),
        "octets are left over after {}",
        spec.name
    );
    args.remove("ticket");
    (spec.name, Value::Object(args))
}

/// A content header as body size and properties.
pub fn read_header(payload: &[u8]) -> (u64, Value) {
    let mut reader = Reader(payload);
    assert_eq!(
        (reader.number(2), reader.number(2)),
        (60, 0),
        "class and weight"
    );
    let size = reader.number(8);
    let flags = reader.number(2) as u16;
    let mut props = Map::new();
    for (place, (kind, name)) in fields(PROPERTIES).enumerate() {
        if flags >> (15 - place) & 1 == 1 {
            props.insert(name.to_string(), reader.field(kind));
        }
    }
    assert!(
        reader.0.is_empty(),
        "octets are left over after the properties"
    );
    (size, Value::Object(props))
}
