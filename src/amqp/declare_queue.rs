//! queue.declare, and what queue.purge and queue.delete are asked with (semantics 7).

use crate::amqp::arena::{QueueKey, VhostKey};
use crate::amqp::broker::Broker;
use crate::amqp::declare_exchange::without_line_breaks;
use crate::amqp::end_queue::OnlyIf;
use crate::amqp::event::Event;
use crate::amqp::exception::Exception;
use crate::amqp::ids::{ChannelId, ConnectionId, QueueId, QueueName};
use crate::amqp::message::Value;
use crate::amqp::permission::{Access, On};
use crate::amqp::protocol::method::QueueDeclare;
use crate::amqp::protocol::{ClientMethod, ReplyCode, ServerMethod};
use crate::amqp::queue::arguments::{self, described, module_name};
use crate::amqp::queue::store::Store;
use crate::amqp::queue::{Declaration, Queue};
use crate::amqp::view::QueueKind;

impl Broker {
    pub(super) fn perform_queue(
        &mut self,
        channel: ChannelId,
        method: &ClientMethod,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        match method {
            ClientMethod::QueueDeclare(declare) => self.declare_queue(channel, declare, out),
            ClientMethod::QueuePurge { queue, nowait } => {
                self.purge_queue(channel, queue, *nowait, out)
            }
            ClientMethod::QueueDelete {
                queue,
                if_unused,
                if_empty,
                nowait,
            } => {
                let only_if = OnlyIf {
                    unused: *if_unused,
                    empty: *if_empty,
                };
                self.delete_queue_method(channel, queue, only_if, *nowait, out)
            }
            _ => Ok(()),
        }
    }

    /// "" means the queue that this channel declared last (semantics 5.6).
    pub(super) fn expand_queue(
        &self,
        channel: ChannelId,
        name: &QueueName,
    ) -> Result<QueueName, Exception> {
        if !name.is_empty() {
            return Ok(without_line_breaks(name.as_str())
                .map(QueueName::from)
                .unwrap_or_else(|| name.clone()));
        }
        let current = self
            .channels
            .get(&channel)
            .and_then(|state| state.current_queue.clone());
        current.ok_or_else(|| {
            Exception::channel(
                ReplyCode::NotFound,
                "no previously declared queue".to_string(),
            )
        })
    }

    /// Another connection's exclusive queue is locked (semantics 7.7).
    pub(super) fn check_exclusive(
        &self,
        queue: QueueKey,
        channel: ChannelId,
    ) -> Result<(), Exception> {
        match self.queues.get(queue) {
            Some(queue) if queue.owner.is_some_and(|owner| owner != channel.connection) => {
                Err(locked(&queue.id))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn declare_queue(
        &mut self,
        channel: ChannelId,
        declare: &QueueDeclare,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let vhost = self.vhost_of(channel);
        let clean = without_line_breaks(declare.queue.as_str());
        let name = clean
            .map(QueueName::from)
            .unwrap_or_else(|| declare.queue.clone());
        if let Some(done) = self.declare_reply_queue(channel, &name, declare.nowait, out) {
            return done;
        }
        if declare.passive {
            return self.declare_passively(channel, vhost, &name, declare.nowait, out);
        }
        let typed = self.with_default_type(vhost, declare);
        let declare = typed.as_ref().unwrap_or(declare);
        let owner = declare.exclusive.then_some(channel.connection);
        // An exclusive queue is stored as not durable (semantics 7.3); since 4.0 quorum queues and streams refuse the mix.
        let durable = declare.durable && !declare.exclusive;
        let name = self.name_for(&name, declare)?;
        self.check_access(
            channel.connection,
            Access::Configure,
            On::Queue(name.as_str()),
        )?;
        let key = match self.queue_key(vhost, name.as_str()) {
            Some(key) => {
                self.check_equivalent_queue(key, owner, durable, declare)?;
                self.renew_lease_unless(declare.nowait, key);
                key
            }
            None => {
                self.check_new_queue(channel, vhost, &name, declare)?;
                if self.queues.len() >= self.config.limits.queues {
                    return Err(self.limit_reached("queues", self.config.limits.queues, out));
                }
                let declared = Declaration {
                    durable,
                    auto_delete: declare.auto_delete,
                    owner,
                    arguments: declare.arguments.clone(),
                };
                self.create_queue(channel, vhost, &name, declared, out)
            }
        };
        self.declared(channel, key, declare.nowait, out);
        Ok(())
    }

    /// A declare without a type, with that of its vhost: unless a queue of that type cannot be what is asked for
    /// (rabbit_amqqueue, augment_declare_args).
    fn with_default_type(&self, vhost: VhostKey, declare: &QueueDeclare) -> Option<QueueDeclare> {
        let kind = self.vhosts.get(vhost)?.default_queue_type?;
        let fits = match kind {
            QueueKind::Classic => true,
            QueueKind::Quorum | QueueKind::Stream => {
                declare.durable && !declare.exclusive && !declare.auto_delete
            }
        };
        if !fits || declare.arguments.get("x-queue-type").is_some() {
            return None;
        }
        let mut typed = declare.clone();
        typed
            .arguments
            .set_sorted("x-queue-type", Value::from(kind.as_str()));
        Some(typed)
    }

    /// Answers with the counts and remembers the queue as the channel's last one.
    fn declared(&mut self, channel: ChannelId, key: QueueKey, nowait: bool, out: &mut Vec<Event>) {
        let Some(queue) = self.queues.get(key) else {
            return;
        };
        let name = queue.id.name();
        let consumer_count = if queue.kind == QueueKind::Stream {
            0
        } else {
            queue.consumers.len() as u32
        };
        let answer = ServerMethod::QueueDeclareOk {
            queue: name.clone(),
            message_count: queue.ready(),
            consumer_count,
        };
        if let Some(state) = self.channels.get_mut(&channel) {
            state.current_queue = Some(name);
        }
        self.reply_unless(nowait, channel, answer, out);
    }

    fn declare_passively(
        &mut self,
        channel: ChannelId,
        vhost: VhostKey,
        name: &QueueName,
        nowait: bool,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        let key = self.require_queue(vhost, name)?;
        self.check_exclusive(key, channel)?;
        self.renew_lease_unless(nowait, key);
        self.declared(channel, key, nowait, out);
        Ok(())
    }

    /// The name to declare: a server-made one for "", and none that begins with `amq.` (semantics 7.1, 7.2).
    fn name_for(
        &mut self,
        name: &QueueName,
        declare: &QueueDeclare,
    ) -> Result<QueueName, Exception> {
        if name.is_empty() {
            return match declare.arguments.get("x-queue-type") {
                None => Ok(self.generated_name("amq.gen-").into()),
                Some(Value::LongString(kind)) => match &**kind {
                    b"classic" => Ok(self.generated_name("amq.gen-").into()),
                    b"quorum" | b"stream" => {
                        let module = module_name(arguments::kind(&declare.arguments));
                        let text = format!("Cannot declare a server-named queue for type {module}");
                        Err(Exception::channel(ReplyCode::PreconditionFailed, text))
                    }
                    _ => Err(Exception::crash()),
                },
                Some(_) => Err(Exception::crash()),
            };
        }
        if name.as_str().starts_with("amq.") {
            let text = format!("queue name '{name}' contains reserved prefix 'amq.*'");
            return Err(Exception::channel(ReplyCode::AccessRefused, text));
        }
        Ok(name.clone())
    }

    /// A prefix and 22 characters of URL-safe base64 (semantics 7.2).
    pub(super) fn generated_name(&mut self, prefix: &str) -> String {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut name = String::from(prefix);
        for _ in 0..22 {
            name.push(char::from(DIGITS[self.rng.below(64) as usize]));
        }
        name
    }

    /// What a queue that exists must be declared with again (semantics 7.5).
    fn check_equivalent_queue(
        &self,
        key: QueueKey,
        owner: Option<ConnectionId>,
        durable: bool,
        declare: &QueueDeclare,
    ) -> Result<(), Exception> {
        let Some(queue) = self.queues.get(key) else {
            return Ok(());
        };
        if queue.owner != owner {
            return Err(locked(&queue.id));
        }
        let flags = [
            ("durable", durable, queue.durable),
            ("auto_delete", declare.auto_delete, queue.auto_delete),
        ];
        for (argument, received, current) in flags {
            if received != current {
                let what = described(&queue.id);
                let text = format!(
                    "inequivalent arg '{argument}' for {what}: received '{received}' but current is '{current}'"
                );
                return Err(Exception::channel(ReplyCode::PreconditionFailed, text));
            }
        }
        arguments::equivalent(
            self.config.compatibility,
            &queue.id,
            &queue.arguments,
            &declare.arguments,
        )
    }

    /// The checks on a queue that is about to be made (semantics 7.1, 7.8 to 7.10).
    fn check_new_queue(
        &self,
        channel: ChannelId,
        vhost: VhostKey,
        name: &QueueName,
        declare: &QueueDeclare,
    ) -> Result<(), Exception> {
        let id = QueueId::new(&self.vhost_name(vhost), name);
        match declare.arguments.get("x-dead-letter-exchange") {
            None => {}
            Some(Value::LongString(exchange)) => {
                let exchange = String::from_utf8_lossy(exchange).into_owned();
                self.check_access(channel.connection, Access::Read, On::Queue(name.as_str()))?;
                self.check_access(channel.connection, Access::Write, On::Exchange(&exchange))?;
            }
            Some(other) => {
                let text = format!(
                    "invalid type '{}' for arg 'x-dead-letter-exchange' in {}",
                    other.type_name(),
                    described(&id)
                );
                return Err(Exception::channel(ReplyCode::PreconditionFailed, text));
            }
        }
        arguments::validate(&id, &declare.arguments, self.config.compatibility)?;
        if arguments::kind(&declare.arguments) == QueueKind::Classic {
            return Ok(());
        }
        let properties = [
            ("auto-delete", declare.auto_delete),
            ("exclusive-owner", declare.exclusive),
            ("non-durable", !declare.durable),
        ];
        match properties.into_iter().find(|(_, wrong)| *wrong) {
            None => Ok(()),
            Some((property, _)) => {
                let text = format!("invalid property '{property}' for {}", described(&id));
                Err(Exception::channel(ReplyCode::PreconditionFailed, text))
            }
        }
    }

    fn create_queue(
        &mut self,
        channel: ChannelId,
        vhost: VhostKey,
        name: &QueueName,
        declared: Declaration,
        out: &mut Vec<Event>,
    ) -> QueueKey {
        let id = QueueId::new(&self.vhost_name(vhost), name);
        let owner = declared.owner;
        let mut queue = Queue::new(id.clone(), vhost, declared, self.config.compatibility);
        if queue.kind == QueueKind::Quorum && self.is_v4() {
            queue.store = Store::with_turns();
        }
        let key = self.queues.insert(queue);
        if let Some(state) = self.vhosts.get_mut(vhost) {
            state.queues.insert(name.clone(), key);
        }
        if let Some(connection) = owner.and_then(|owner| self.connections.get_mut(&owner)) {
            connection.exclusive_queues.insert(key);
        }
        out.push(Event::QueueDeclared {
            queue: id,
            by: Some(channel),
        });
        self.apply_queue_policy(key, out);
        self.renew_lease(key);
        key
    }

    fn renew_lease_unless(&mut self, nowait: bool, key: QueueKey) {
        if !nowait {
            self.renew_lease(key);
        }
    }
}

/// 405: somebody else's exclusive queue, or the flag differs (semantics 7.5a).
fn locked(queue: &QueueId) -> Exception {
    let text = format!(
        "cannot obtain exclusive access to locked {}. It could be originally declared on another connection or the \
         exclusive property value does not match that of the original declaration.",
        described(queue)
    );
    Exception::channel(ReplyCode::ResourceLocked, text)
}
