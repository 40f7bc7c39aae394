//! In which virtual host something happened: the same name means another thing in each.

use crate::amqp::{Destination, Event, VhostName};

/// The virtual host whose exchange or queue an event tells of. Events that name it themselves, and those of connections,
/// channels and the whole node, are of none.
pub fn vhost_of(event: &Event) -> Option<&VhostName> {
    match event {
        Event::ExchangeDeclared { exchange, .. }
        | Event::ExchangeDeleted { exchange, .. }
        | Event::Unroutable { exchange, .. } => Some(exchange.vhost()),
        Event::QueueDeclared { queue, .. }
        | Event::QueueDeleted { queue, .. }
        | Event::ConsumerAdded { queue, .. }
        | Event::ConsumerCancelled { queue, .. }
        | Event::ConsumerActivated { queue, .. }
        | Event::Enqueued { queue, .. }
        | Event::Refused { queue, .. }
        | Event::Delivered { queue, .. }
        | Event::Settled { queue, .. }
        | Event::Dropped { queue, .. }
        | Event::DeadLettered { queue, .. }
        | Event::DeadLetterLost { queue, .. } => Some(queue.vhost()),
        Event::Bound { binding, .. } | Event::Unbound { binding, .. } => {
            Some(binding.source.vhost())
        }
        Event::Published { message, .. } | Event::Returned { message, .. } => {
            Some(message.exchange.vhost())
        }
        Event::Hopped { to, .. } => Some(match to {
            Destination::Queue(queue) => queue.vhost(),
            Destination::Exchange(exchange) => exchange.vhost(),
        }),
        Event::ConnectionOpened { .. }
        | Event::ConnectionRefused { .. }
        | Event::ConnectionClosed { .. }
        | Event::ConnectionBlocked { .. }
        | Event::ConnectionUnblocked { .. }
        | Event::ChannelOpened { .. }
        | Event::ChannelClosed { .. }
        | Event::Replied { .. }
        | Event::Confirmed { .. }
        | Event::BrokerStopped
        | Event::BrokerStarted
        | Event::AlarmChanged { .. }
        | Event::PolicyChanged { .. }
        | Event::VhostAdded { .. }
        | Event::VhostChanged { .. }
        | Event::VhostDeleted { .. }
        | Event::UserChanged { .. }
        | Event::UserDeleted { .. }
        | Event::PermissionsChanged { .. }
        | Event::LimitReached { .. }
        | Event::Ignored { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use crate::actors::Login;
    use crate::amqp::command::Permissions;
    use crate::amqp::protocol::ClientMethod;
    use crate::amqp::protocol::method::QueueDeclare;
    use crate::amqp::{Command, Config, OperatorCommand};
    use crate::engine::{Engine, WorldCommand};
    use crate::machine::Origin;
    use crate::ui::amqp::book::Book;
    use crate::ui::amqp::sentence::Teller;
    use crate::ui::text::Lang;

    #[test]
    fn the_log_names_a_virtual_host_that_is_not_the_first() {
        let mut engine = Engine::new(Config::default());
        let declare = || {
            ClientMethod::QueueDeclare(QueueDeclare {
                queue: "work".into(),
                ..QueueDeclare::default()
            })
        };
        engine.submit_you(declare());
        let orders = Login {
            vhost: "orders".into(),
            ..Login::default()
        };
        let vhost = orders.vhost.clone();
        let everything = || ".*".to_string();
        let permissions = Permissions {
            configure: everything(),
            write: everything(),
            read: everything(),
        };
        for command in [
            OperatorCommand::AddVhost {
                vhost: vhost.clone(),
            },
            OperatorCommand::SetPermissions {
                user: "guest".into(),
                vhost,
                permissions,
            },
        ] {
            let command = Command::Operator(command);
            engine.submit(Origin::User, WorldCommand::Broker(command));
        }
        engine.submit(Origin::User, WorldCommand::ActAs(orders));
        engine.submit_you(declare());
        let book = RefCell::new(Book::default());
        let told: Vec<String> = {
            let update = engine.advance(0.0);
            book.borrow_mut().take(&update);
            let book = book.borrow();
            let teller = Teller::new(&book, Lang::En);
            let steps = update.steps.iter();
            let events = steps.flat_map(|step| step.events.iter());
            events.map(|event| teller.tell(event).to_string()).collect()
        };
        let lines: Vec<&String> = told.iter().filter(|it| it.contains("work")).collect();
        assert!(
            lines
                .iter()
                .any(|it| it.contains("declared.") && !it.contains("virtual host")),
            "{told:?}"
        );
        assert!(
            lines
                .iter()
                .any(|it| it.contains("In virtual host orders.")),
            "{told:?}"
        );
    }
}
