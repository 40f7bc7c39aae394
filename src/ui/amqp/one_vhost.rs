//! The world as somebody in one virtual host sees it: names of other virtual hosts mean other things there.

use std::rc::Rc;

use crate::amqp::View;
use crate::engine::WorldView;

/// What there is in the virtual host in which the person acts; users, policies and alarms are the whole broker's.
pub fn seen_from(world: &Rc<WorldView>) -> Rc<WorldView> {
    let (all, here) = (&world.broker, &world.login.vhost);
    let is_all_here = |broker: &View| {
        let vhosts = broker.queues.iter().map(|queue| queue.id.vhost());
        let exchanges = broker.exchanges.iter().map(|exchange| exchange.id.vhost());
        let connections = broker.connections.iter().map(|it| &it.vhost);
        vhosts
            .chain(exchanges)
            .chain(connections)
            .all(|vhost| vhost == here)
    };
    if all.vhosts.len() == 1 && is_all_here(all) {
        return Rc::clone(world);
    }
    let mut broker = View::clone(all);
    broker.exchanges.retain(|it| it.id.vhost() == here);
    broker.queues.retain(|it| it.id.vhost() == here);
    broker.bindings.retain(|it| it.source.vhost() == here);
    broker.connections.retain(|it| it.vhost == *here);
    let mut seen = WorldView::clone(world);
    seen.programs.retain(|it| it.login.vhost == *here);
    seen.broker = Rc::new(broker);
    Rc::new(seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::Login;
    use crate::amqp::protocol::ClientMethod;
    use crate::amqp::protocol::method::QueueDeclare;
    use crate::amqp::{Command, Config, OperatorCommand};
    use crate::engine::{Engine, WorldCommand};
    use crate::machine::Origin;

    fn queues(engine: &Engine) -> Vec<String> {
        let seen = seen_from(&engine.view());
        let queues = seen.broker.queues.iter();
        queues.map(|queue| queue.id.as_str().to_string()).collect()
    }

    #[test]
    fn the_same_name_in_two_virtual_hosts_is_two_queues() {
        let mut engine = Engine::new(Config::default());
        let declare = |queue: &str| {
            ClientMethod::QueueDeclare(QueueDeclare {
                queue: queue.into(),
                ..QueueDeclare::default()
            })
        };
        engine.submit_you(declare("work"));
        let orders = Login {
            vhost: "orders".into(),
            ..Login::default()
        };
        for command in [
            OperatorCommand::AddVhost {
                vhost: "orders".into(),
            },
            OperatorCommand::SetPermissions {
                user: "guest".into(),
                vhost: "orders".into(),
                permissions: crate::amqp::command::Permissions {
                    configure: ".*".to_string(),
                    write: ".*".to_string(),
                    read: ".*".to_string(),
                },
            },
        ] {
            let command = WorldCommand::Broker(Command::Operator(command));
            engine.submit(Origin::User, command);
        }
        engine.submit(Origin::User, WorldCommand::ActAs(orders));
        engine.submit_you(declare("work"));
        engine.submit_you(declare("more"));
        engine.advance(0.0);
        assert_eq!(queues(&engine), ["more", "work"]);
        assert_eq!(engine.view().broker.queues.len(), 3);
        // What is saved is everything, and as whom one looks at it.
        let saved = engine.export();
        assert_eq!(saved.topology.queues.len(), 1);
        assert_eq!(saved.vhosts[0].topology.queues.len(), 2);
        let again = Engine::load(&saved).expect("what is saved can be set up");
        assert_eq!(queues(&again), ["more", "work"]);
        engine.submit(Origin::User, WorldCommand::ActAs(Login::default()));
        engine.advance(0.0);
        assert_eq!(queues(&engine), ["work"]);
    }
}
