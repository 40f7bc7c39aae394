//! "Publish message".

use std::rc::Rc;

use yew::AttrValue;

use crate::amqp::message::{Content, Properties, Table};
use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::BasicPublish;
use crate::amqp::{ExchangeName, RoutingKey, ShortString};
use crate::ui::amqp::forms::get::bytes_of_base64;
use crate::ui::amqp::forms::{Field, Problem, Problems, names, rows, whole};
use crate::ui::components::Row;

/// The properties a form offers, by the names the management UI gives them; headers and delivery mode have fields of
/// their own.
pub const PROPERTIES: [&str; 12] = [
    "content_type",
    "content_encoding",
    "priority",
    "correlation_id",
    "reply_to",
    "expiration",
    "message_id",
    "timestamp",
    "type",
    "user_id",
    "app_id",
    "cluster_id",
];

/// How many messages one press may publish.
const MAX_COUNT: u64 = 100;

/// What stands in the form.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishForm {
    /// "" is the default exchange.
    pub exchange: AttrValue,
    pub routing_key: AttrValue,
    pub persistent: bool,
    pub mandatory: bool,
    pub headers: Vec<Row>,
    /// Their kind is not asked for: each property has its own.
    pub properties: Vec<Row>,
    pub payload: AttrValue,
    /// The payload is typed in base64; what is said when it is none.
    pub base64: Option<&'static str>,
    pub count: AttrValue,
}

impl PublishForm {
    /// A form for one exchange and key.
    pub fn new(exchange: &str, routing_key: &str) -> PublishForm {
        PublishForm {
            exchange: AttrValue::from(exchange.to_string()),
            routing_key: AttrValue::from(routing_key.to_string()),
            persistent: false,
            mandatory: false,
            headers: Vec::new(),
            properties: Vec::new(),
            payload: "Hello World!".into(),
            base64: None,
            count: "1".into(),
        }
    }

    /// What is wrong with it, the method it asks for, and how often.
    pub fn read(&self) -> (ClientMethod, u64, Problems) {
        let mut problems = Problems::default();
        problems.extend(Field::RoutingKey, names::short_string(&self.routing_key));
        let headers = rows::table(&self.headers, &mut problems);
        let properties = self.read_properties(headers, &mut problems);
        let count = match whole(&self.count, 1, MAX_COUNT) {
            Ok(count) => count,
            Err(problem) => {
                problems.push(Field::Count, problem);
                1
            }
        };
        let body = match self.base64 {
            None => Some(self.payload.as_bytes().to_vec()),
            Some(_) => bytes_of_base64(&self.payload),
        };
        let wrong = self.base64.filter(|_| body.is_none());
        problems.extend(Field::Payload, wrong.map(Problem::Said));
        let publish = BasicPublish {
            exchange: ExchangeName::from(self.exchange.as_str()),
            routing_key: RoutingKey::from(self.routing_key.as_str()),
            mandatory: self.mandatory,
            immediate: false,
            content: Content {
                properties: Rc::new(properties),
                body: body.unwrap_or_default().into(),
            },
        };
        (
            ClientMethod::BasicPublish(Box::new(publish)),
            count,
            problems,
        )
    }

    fn read_properties(&self, headers: Table, problems: &mut Problems) -> Properties {
        let mut properties = Properties {
            headers: (!headers.is_empty()).then_some(headers),
            delivery_mode: Some(if self.persistent { 2 } else { 1 }),
            ..Properties::default()
        };
        for (row, typed) in self.properties.iter().enumerate() {
            if typed.name.is_empty() && typed.value.is_empty() {
                continue;
            }
            if let Err(problem) = set(&mut properties, &typed.name, &typed.value) {
                problems.push(Field::Property(row), problem);
            }
        }
        properties
    }
}

/// Sets the property called `name`.
fn set(properties: &mut Properties, name: &str, text: &str) -> Result<(), Problem> {
    if let Some(problem) = names::short_string(text) {
        return Err(problem);
    }
    let short = || Some(ShortString::from(text));
    match name {
        "content_type" => properties.content_type = short(),
        "content_encoding" => properties.content_encoding = short(),
        "priority" => {
            let priority = number(name, text, 255)?;
            properties.priority = Some(u8::try_from(priority).unwrap_or(u8::MAX));
        }
        "correlation_id" => properties.correlation_id = short(),
        "reply_to" => properties.reply_to = short(),
        // Text on purpose: RabbitMQ has its own answer to an expiration that is no number.
        "expiration" => properties.expiration = short(),
        "message_id" => properties.message_id = short(),
        "timestamp" => properties.timestamp = Some(number(name, text, u64::MAX)?),
        "type" => properties.kind = short(),
        "user_id" => properties.user_id = short(),
        "app_id" => properties.app_id = short(),
        "cluster_id" => properties.cluster_id = short(),
        _ => return Err(Problem::NameMissing),
    }
    Ok(())
}

fn number(name: &str, text: &str, most: u64) -> Result<u64, Problem> {
    whole(text, 0, most).map_err(|_| Problem::Property {
        name: name.to_string(),
        text: text.to_string(),
        least: 0,
        most,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::amqp::forms::rows::{RowKind, row};

    fn read(form: &PublishForm) -> (BasicPublish, u64, Problems) {
        let (ClientMethod::BasicPublish(publish), count, problems) = form.read() else {
            panic!("a publish form publishes");
        };
        (*publish, count, problems)
    }

    #[test]
    fn a_form_becomes_a_message() {
        let form = PublishForm {
            persistent: true,
            mandatory: true,
            headers: vec![row("format", RowKind::String, "pdf")],
            properties: vec![
                row("priority", RowKind::String, "5"),
                row("reply_to", RowKind::String, "answers"),
            ],
            payload: "<b>你好</b>".into(),
            ..PublishForm::new("logs", "a.b")
        };
        let (publish, count, problems) = read(&form);
        assert_eq!((problems, count), (Problems::default(), 1));
        assert!(publish.mandatory && publish.content.properties.is_persistent());
        assert_eq!(publish.content.properties.priority, Some(5));
        assert_eq!(&*publish.content.body, "<b>你好</b>".as_bytes());
        assert!(publish.content.properties.headers.is_some());
    }

    #[test]
    fn a_priority_is_one_byte() {
        let form = PublishForm {
            properties: vec![row("priority", RowKind::String, "256")],
            ..PublishForm::new("", "q")
        };
        let (_, _, problems) = read(&form);
        assert_eq!(problems.0[0].0, Field::Property(0));
        assert!(problems.forbids());
    }

    #[test]
    fn one_press_publishes_at_most_a_hundred() {
        let form = PublishForm {
            count: "101".into(),
            ..PublishForm::new("", "q")
        };
        assert_eq!(read(&form).2.0[0].0, Field::Count);
    }

    #[test]
    fn every_offered_property_can_be_set() {
        for name in PROPERTIES {
            assert_eq!(set(&mut Properties::default(), name, "1"), Ok(()), "{name}");
        }
    }
}
