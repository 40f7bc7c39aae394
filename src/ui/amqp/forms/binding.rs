//! "Add binding": the form, and the small question after an edge was drawn by hand.

use yew::AttrValue;

use crate::amqp::protocol::ClientMethod;
use crate::amqp::view::{Binding, ExchangeKind};
use crate::amqp::{Destination, ExchangeName, QueueName, RoutingKey};
use crate::ui::amqp::forms::rows::{RowKind, row};
use crate::ui::amqp::forms::{Field, Problem, Problems, names, rows};
use crate::ui::components::Row;

/// Where a binding is to lead, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Queue(AttrValue),
    Exchange(AttrValue),
}

impl Target {
    /// The value of its `<option>`: a letter for the kind, then the name.
    pub fn option(&self) -> String {
        match self {
            Target::Queue(name) => format!("q{name}"),
            Target::Exchange(name) => format!("x{name}"),
        }
    }

    /// What an `<option>` says.
    pub fn parse(option: &str) -> Option<Target> {
        let name = AttrValue::from(option.get(1..)?.to_string());
        match option.get(..1)? {
            "q" => Some(Target::Queue(name)),
            "x" => Some(Target::Exchange(name)),
            _ => None,
        }
    }

    /// The name alone.
    pub fn name(&self) -> &AttrValue {
        match self {
            Target::Queue(name) | Target::Exchange(name) => name,
        }
    }
}

/// What stands in the form of a binding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BindingForm {
    pub source: Option<AttrValue>,
    pub target: Option<Target>,
    pub routing_key: AttrValue,
    pub arguments: Vec<Row>,
}

impl BindingForm {
    /// The question after a wire was drawn: a headers exchange wants to know what to compare.
    pub fn wired(source: &str, target: Target, kind: Option<ExchangeKind>) -> BindingForm {
        let arguments = match kind {
            Some(ExchangeKind::Headers) => vec![
                row("x-match", RowKind::String, "all"),
                row("", RowKind::String, ""),
            ],
            _ => Vec::new(),
        };
        BindingForm {
            source: Some(AttrValue::from(source.to_string())),
            target: Some(target),
            routing_key: AttrValue::default(),
            arguments,
        }
    }

    /// What is wrong with it, or what it asks for.
    pub fn read(&self) -> (Option<ClientMethod>, Problems) {
        let mut problems = Problems::default();
        problems.extend(Field::RoutingKey, names::short_string(&self.routing_key));
        let arguments = rows::table(&self.arguments, &mut problems);
        let Some(source) = &self.source else {
            problems.push(Field::Source, Problem::NoExchange);
            return (None, problems);
        };
        let Some(target) = &self.target else {
            problems.push(Field::Destination, Problem::NoDestination);
            return (None, problems);
        };
        let source = ExchangeName::from(source.as_str());
        let routing_key = RoutingKey::from(self.routing_key.as_str());
        let method = match target {
            Target::Queue(queue) => ClientMethod::QueueBind {
                queue: QueueName::from(queue.as_str()),
                exchange: source,
                routing_key,
                nowait: false,
                arguments,
            },
            Target::Exchange(destination) => ClientMethod::ExchangeBind {
                destination: ExchangeName::from(destination.as_str()),
                source,
                routing_key,
                nowait: false,
                arguments,
            },
        };
        (Some(method), problems)
    }
}

/// The method that takes a binding away.
pub fn unbind(binding: &Binding) -> ClientMethod {
    let exchange = binding.source.name();
    let routing_key = binding.routing_key.clone();
    let arguments = binding.arguments.clone();
    match &binding.destination {
        Destination::Queue(queue) => ClientMethod::QueueUnbind {
            queue: queue.name(),
            exchange,
            routing_key,
            arguments,
        },
        Destination::Exchange(destination) => ClientMethod::ExchangeUnbind {
            destination: destination.name(),
            source: exchange,
            routing_key,
            nowait: false,
            arguments,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_to_a_queue_binds_the_queue() {
        let mut form = BindingForm::wired("orders", Target::Queue("work".into()), None);
        form.routing_key = "order.*".into();
        let (method, problems) = form.read();
        assert_eq!(problems, Problems::default());
        let Some(ClientMethod::QueueBind {
            queue,
            exchange,
            routing_key,
            ..
        }) = method
        else {
            panic!("a wire to a queue is a queue.bind");
        };
        assert_eq!((queue.as_str(), exchange.as_str()), ("work", "orders"));
        assert_eq!(routing_key.as_str(), Some("order.*"));
    }

    #[test]
    fn a_wire_from_a_headers_exchange_asks_what_to_compare() {
        let target = Target::Exchange("b".into());
        let form = BindingForm::wired("a", target, Some(ExchangeKind::Headers));
        assert_eq!(form.arguments[0].name, "x-match");
        assert!(matches!(
            form.read().0,
            Some(ClientMethod::ExchangeBind { .. })
        ));
    }

    #[test]
    fn a_form_without_ends_says_what_is_missing() {
        let (method, problems) = BindingForm::default().read();
        assert_eq!(method, None);
        assert_eq!(problems.0, [(Field::Source, Problem::NoExchange)]);
    }

    #[test]
    fn an_option_is_read_back() {
        for target in [Target::Queue("q".into()), Target::Exchange("队列".into())] {
            assert_eq!(Target::parse(&target.option()), Some(target));
        }
        assert_eq!(Target::parse(""), None);
    }
}
