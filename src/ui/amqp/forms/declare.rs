//! "Add a new exchange" and "Add a new queue".

use yew::AttrValue;

use crate::amqp::protocol::ClientMethod;
use crate::amqp::protocol::method::{ExchangeDeclare, QueueDeclare};
use crate::amqp::view::{ExchangeKind, QueueKind};
use crate::amqp::{ExchangeName, QueueName};
use crate::ui::amqp::forms::{Field, Problems, names, rows};
use crate::ui::components::Row;

/// What stands in the form of an exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct ExchangeForm {
    pub name: AttrValue,
    pub kind: ExchangeKind,
    pub durable: bool,
    pub auto_delete: bool,
    pub internal: bool,
    pub arguments: Vec<Row>,
}

impl Default for ExchangeForm {
    fn default() -> ExchangeForm {
        ExchangeForm {
            name: AttrValue::default(),
            kind: ExchangeKind::Direct,
            durable: true,
            auto_delete: false,
            internal: false,
            arguments: Vec::new(),
        }
    }
}

impl ExchangeForm {
    /// What is wrong with it, and what it asks for.
    pub fn read(&self) -> (ClientMethod, Problems) {
        let mut problems = Problems::default();
        problems.extend(Field::Name, names::required(&self.name));
        let arguments = rows::table(&self.arguments, &mut problems);
        let declare = ExchangeDeclare {
            exchange: ExchangeName::from(self.name.as_str()),
            kind: self.kind.as_str().to_string(),
            durable: self.durable,
            auto_delete: self.auto_delete,
            internal: self.internal,
            arguments,
            ..ExchangeDeclare::default()
        };
        (ClientMethod::ExchangeDeclare(declare), problems)
    }
}

/// What stands in the form of a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueForm {
    /// Empty: the server makes one up.
    pub name: AttrValue,
    /// Without one, that of the virtual host.
    pub kind: Option<QueueKind>,
    pub durable: bool,
    pub exclusive: bool,
    pub auto_delete: bool,
    pub arguments: Vec<Row>,
}

impl Default for QueueForm {
    fn default() -> QueueForm {
        QueueForm {
            name: AttrValue::default(),
            kind: None,
            durable: true,
            exclusive: false,
            auto_delete: false,
            arguments: Vec::new(),
        }
    }
}

impl QueueForm {
    /// Whether it may be transient, exclusive and auto-delete: quorum queues and streams are none of these.
    pub fn is_plain(&self) -> bool {
        matches!(self.kind, None | Some(QueueKind::Classic))
    }

    /// What is wrong with it, and what it asks for.
    pub fn read(&self) -> (ClientMethod, Problems) {
        let mut problems = Problems::default();
        problems.extend(Field::Name, names::optional(&self.name));
        let mut arguments = rows::table(&self.arguments, &mut problems);
        if let Some(kind) = self.kind
            && arguments.get("x-queue-type").is_none()
        {
            arguments.push("x-queue-type", kind.as_str());
        }
        let is_plain = self.is_plain();
        let declare = QueueDeclare {
            queue: QueueName::from(self.name.as_str()),
            durable: self.durable || !is_plain,
            exclusive: self.exclusive && is_plain,
            auto_delete: self.auto_delete && is_plain,
            arguments,
            ..QueueDeclare::default()
        };
        (ClientMethod::QueueDeclare(declare), problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amqp::message::Value;
    use crate::ui::amqp::forms::rows::{RowKind, row};

    #[test]
    fn an_exchange_form_asks_for_what_it_says() {
        let form = ExchangeForm {
            name: "orders".into(),
            kind: ExchangeKind::Topic,
            internal: true,
            arguments: vec![row("alternate-exchange", RowKind::String, "rest")],
            ..ExchangeForm::default()
        };
        let (ClientMethod::ExchangeDeclare(declare), problems) = form.read() else {
            panic!("an exchange form declares an exchange");
        };
        assert_eq!(problems, Problems::default());
        assert_eq!(declare.exchange.as_str(), "orders");
        assert_eq!(declare.kind, "topic");
        assert!(declare.durable && declare.internal && !declare.auto_delete);
        let alternate = declare.arguments.get("alternate-exchange");
        assert_eq!(alternate, Some(&Value::from("rest")));
    }

    #[test]
    fn the_type_of_a_queue_is_an_argument_and_rules_out_what_it_cannot_be() {
        let form = QueueForm {
            name: "work".into(),
            kind: Some(QueueKind::Quorum),
            durable: false,
            exclusive: true,
            auto_delete: true,
            ..QueueForm::default()
        };
        let (ClientMethod::QueueDeclare(declare), _) = form.read() else {
            panic!("a queue form declares a queue");
        };
        let kind = declare.arguments.get("x-queue-type");
        assert_eq!(kind, Some(&Value::from("quorum")));
        assert!(declare.durable && !declare.exclusive && !declare.auto_delete);
    }

    #[test]
    fn a_queue_may_go_without_a_name_and_an_exchange_may_not() {
        assert!(!QueueForm::default().read().1.forbids());
        assert!(ExchangeForm::default().read().1.forbids());
    }

    #[test]
    fn a_reserved_name_may_be_sent() {
        let form = QueueForm {
            name: "amq.mine".into(),
            ..QueueForm::default()
        };
        let (_, problems) = form.read();
        assert_eq!(problems.0.len(), 1);
        assert!(!problems.forbids());
    }
}
