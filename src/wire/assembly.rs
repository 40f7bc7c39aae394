//! Puts method, content header and bodies of one channel together (semantics 2.8, 2.9, 2.13).

use std::rc::Rc;

use crate::amqp::protocol::MethodId;
use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::{Content, Properties};
use crate::wire::method::PublishHead;
use crate::wire::properties;
use crate::wire::reader::{Malformed, Reader};

/// What carries content: basic.publish, or a method that only servers send and whose content is thrown away.
#[derive(Clone, Debug, PartialEq)]
pub enum Carrier {
    Publish(PublishHead),
    ServerOnly(MethodId),
}

impl Carrier {
    /// The method's number.
    pub fn id(&self) -> MethodId {
        match self {
            Carrier::Publish(_) => MethodId {
                class: 60,
                method: 40,
            },
            Carrier::ServerOnly(id) => *id,
        }
    }
}

/// What a channel waits for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Assembly {
    /// A method.
    #[default]
    Method,
    /// The content header of a method.
    Header(Carrier),
    /// More of a body.
    Body(Box<Pending>),
}

/// A message whose body is not whole yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    carrier: Carrier,
    /// Not decoded well is found out only when the whole content is there (semantics 2.13).
    properties: Result<Rc<Properties>, Malformed>,
    /// Octets of the body that are still to come; fewer than none after an overshoot (semantics 2.9).
    remaining: i128,
    body: Vec<u8>,
}

/// What a finished content is.
#[derive(Clone, Debug, PartialEq)]
pub enum Assembled {
    Publish(Box<BasicPublish>),
    /// Its properties cannot be decoded: the channel crashes (semantics 2.13).
    Undecodable,
    ServerOnly(MethodId),
}

/// A frame out of turn: the text of the 505 and the method that was pending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfTurn {
    pub text: String,
    pub method: MethodId,
}

/// The fixed fields of a content header.
#[derive(Clone, Copy, Debug)]
pub struct ContentHeader<'a> {
    pub class: u16,
    pub weight: u16,
    pub body_size: u64,
    pub properties: &'a [u8],
}

impl<'a> ContentHeader<'a> {
    /// Reads a content header frame.
    pub fn read(payload: &'a [u8]) -> Result<ContentHeader<'a>, Malformed> {
        let mut reader = Reader::new(payload);
        Ok(ContentHeader {
            class: reader.u16()?,
            weight: reader.u16()?,
            body_size: reader.u64()?,
            properties: reader.rest(),
        })
    }
}

impl Assembly {
    /// Octets of a body that are kept here.
    pub fn held(&self) -> usize {
        match self {
            Assembly::Method | Assembly::Header(_) => 0,
            Assembly::Body(pending) => pending.body.len(),
        }
    }

    /// Whether a method may come now, else what is wrong.
    pub fn method_is_due(&self) -> Result<(), OutOfTurn> {
        match self {
            Assembly::Method => Ok(()),
            Assembly::Header(carrier) => Err(no_header(carrier)),
            Assembly::Body(pending) => Err(no_body(&pending.carrier)),
        }
    }

    /// Takes a content header.
    pub fn header(&mut self, header: ContentHeader<'_>) -> Result<Option<Assembled>, OutOfTurn> {
        let carrier = match std::mem::take(self) {
            Assembly::Method => return Err(no_method()),
            Assembly::Body(pending) => return Err(no_body(&pending.carrier)),
            Assembly::Header(carrier) => carrier,
        };
        if header.weight != 0 {
            return Err(no_header(&carrier));
        }
        let class = carrier.id().class;
        if header.class != class {
            let found = header.class;
            return Err(OutOfTurn {
                text: format!(
                    "expected content header for class {class}, got one for class {found} instead"
                ),
                method: carrier.id(),
            });
        }
        let pending = Pending {
            carrier,
            properties: properties::decode(header.properties).map(Rc::new),
            remaining: header.body_size.into(),
            body: Vec::new(),
        };
        if pending.remaining == 0 {
            return Ok(Some(pending.finish(&[])));
        }
        *self = Assembly::Body(Box::new(pending));
        Ok(None)
    }

    /// Takes a piece of the body.
    pub fn body(&mut self, part: &[u8]) -> Result<Option<Assembled>, OutOfTurn> {
        match std::mem::take(self) {
            Assembly::Method => Err(no_method()),
            Assembly::Header(carrier) => Err(no_header(&carrier)),
            Assembly::Body(mut pending) => {
                let overshot = pending.remaining < 0;
                pending.remaining -= part.len() as i128;
                if pending.remaining == 0 && !overshot {
                    return Ok(Some(pending.finish(part)));
                }
                // What came too much is found out when something else comes, and is not kept until then.
                if pending.remaining > 0 {
                    pending.body.extend_from_slice(part);
                } else {
                    pending.body = Vec::new();
                }
                *self = Assembly::Body(pending);
                Ok(None)
            }
        }
    }
}

impl Pending {
    fn finish(self, last: &[u8]) -> Assembled {
        let head = match self.carrier {
            Carrier::Publish(head) => head,
            Carrier::ServerOnly(id) => return Assembled::ServerOnly(id),
        };
        let Ok(properties) = self.properties else {
            return Assembled::Undecodable;
        };
        let body = if self.body.is_empty() {
            Rc::from(last)
        } else {
            let mut body = self.body;
            body.extend_from_slice(last);
            Rc::from(body)
        };
        Assembled::Publish(Box::new(BasicPublish {
            exchange: head.exchange,
            routing_key: head.routing_key,
            mandatory: head.mandatory,
            immediate: head.immediate,
            content: Content { properties, body },
        }))
    }
}

fn no_method() -> OutOfTurn {
    OutOfTurn {
        text: "expected method frame, got non method frame instead".to_string(),
        method: MethodId::NONE,
    }
}

fn no_header(carrier: &Carrier) -> OutOfTurn {
    let method = carrier.id();
    let class = method.class;
    OutOfTurn {
        text: format!(
            "expected content header for class {class}, got non content header frame instead"
        ),
        method,
    }
}

fn no_body(carrier: &Carrier) -> OutOfTurn {
    OutOfTurn {
        text: "expected content body, got non content body frame instead".to_string(),
        method: carrier.id(),
    }
}
