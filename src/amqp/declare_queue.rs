//! queue.declare, queue.purge, queue.delete, and how queues end by themselves (semantics 7).

use crate::amqp::arena::{ConsumerKey, QueueKey, Target, VhostKey};
use crate::amqp::broker::{Broker, Timer};
use crate::amqp::declare_exchange::without_line_breaks;
use crate::amqp::event::{Cancellation, Deletion, DropReason, Event, Unbinding};
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
use crate::ordered::sort_by_key;

fn soft(code: ReplyCode, text: String) -> Exception {
    Exception::channel(code, text)
}

/// The conditions of queue.delete.
#[derive(Clone, Copy)]
struct OnlyIf {
    unused: bool,
    empty: bool,
}

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
                let message_count = self.purge(channel, queue, out)?;
                self.reply_unless(
                    *nowait,
                    channel,
                    ServerMethod::QueuePurgeOk { message_count },
                    out,
                );
                Ok(())
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
                let Some((key, message_count)) = self.check_delete(channel, queue, only_if)? else {
                    self.reply_unless(
                        *nowait,
                        channel,
                        ServerMethod::QueueDeleteOk { message_count: 0 },
                        out,
                    );
                    return Ok(());
                };
                // On the deleting channel delete-ok comes before the cancels (semantics 29).
                self.reply_unless(
                    *nowait,
                    channel,
                    ServerMethod::QueueDeleteOk { message_count },
                    out,
                );
                self.delete_queue(key, Deletion::ByClient, out);
                Ok(())
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
            soft(
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
                        Err(soft(ReplyCode::PreconditionFailed, text))
                    }
                    _ => Err(Exception::crash()),
                },
                Some(_) => Err(Exception::crash()),
            };
        }
        if name.as_str().starts_with("amq.") {
            let text = format!("queue name '{name}' contains reserved prefix 'amq.*'");
            return Err(soft(ReplyCode::AccessRefused, text));
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
                return Err(soft(ReplyCode::PreconditionFailed, text));
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
                return Err(soft(ReplyCode::PreconditionFailed, text));
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
                Err(soft(ReplyCode::PreconditionFailed, text))
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
        let mut queue = Queue::new(id.clone(), vhost, declared);
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

    /// A queue with x-expires starts to wait anew (semantics 7.15).
    pub(super) fn renew_lease(&mut self, key: QueueKey) {
        let now = self.now;
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        let Some(expires) = queue.settings.expires else {
            return;
        };
        let had_timer = queue.lease_ends.is_some();
        let ends = now + expires;
        queue.lease_ends = Some(ends);
        // A timer that comes too early sets itself anew.
        if !had_timer {
            self.set_timer(ends, Timer::Lease(key));
        }
    }

    pub(super) fn lease_due(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        let now = self.now;
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        let Some(ends) = queue.lease_ends.take() else {
            return;
        };
        if queue.settings.expires.is_none() || !queue.consumers.is_empty() {
            return;
        }
        if ends > now {
            queue.lease_ends = Some(ends);
            return self.set_timer(ends, Timer::Lease(key));
        }
        self.delete_queue(key, Deletion::Expired, out);
    }

    fn purge(
        &mut self,
        channel: ChannelId,
        name: &QueueName,
        out: &mut Vec<Event>,
    ) -> Result<u32, Exception> {
        let vhost = self.vhost_of(channel);
        let name = self.expand_queue(channel, name)?;
        self.check_access(channel.connection, Access::Read, On::Queue(name.as_str()))?;
        let key = self.require_queue(vhost, &name)?;
        self.check_exclusive(key, channel)?;
        let Some(queue) = self.queues.get(key) else {
            return Ok(0);
        };
        if queue.kind == QueueKind::Stream {
            let text = format!(
                "queue.purge not supported by stream queues {}",
                described(&queue.id)
            );
            return Err(Exception::connection(ReplyCode::NotImplemented, text));
        }
        let count = queue.ready();
        self.drop_all_ready(key, DropReason::Purged, out);
        Ok(count)
    }

    /// Drops everything that is ready, without dead-lettering.
    pub(super) fn drop_all_ready(&mut self, key: QueueKey, why: DropReason, out: &mut Vec<Event>) {
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        let id = queue.id.clone();
        for entry in queue.store.take_all() {
            self.copies -= 1;
            self.copy_bytes -= entry.message.body.len() as u64;
            out.push(Event::Dropped {
                queue: id.clone(),
                message: entry.message.id,
                why,
            });
        }
    }

    /// What queue.delete finds: nothing, or the queue and its count (semantics 7.12).
    fn check_delete(
        &self,
        channel: ChannelId,
        name: &QueueName,
        only_if: OnlyIf,
    ) -> Result<Option<(QueueKey, u32)>, Exception> {
        let vhost = self.vhost_of(channel);
        let name = self.expand_queue(channel, name)?;
        self.check_access(
            channel.connection,
            Access::Configure,
            On::Queue(name.as_str()),
        )?;
        let Some(key) = self.queue_key(vhost, name.as_str()) else {
            return Ok(None);
        };
        self.check_exclusive(key, channel)?;
        let Some(queue) = self.queues.get(key) else {
            return Ok(None);
        };
        let what = described(&queue.id);
        match queue.kind {
            QueueKind::Classic => {
                if only_if.empty && queue.ready() > 0 {
                    return Err(soft(
                        ReplyCode::PreconditionFailed,
                        format!("{what} not empty"),
                    ));
                }
                if only_if.unused && !queue.consumers.is_empty() {
                    return Err(soft(
                        ReplyCode::PreconditionFailed,
                        format!("{what} in use"),
                    ));
                }
            }
            // A stream goes whatever was asked, and counts nothing.
            QueueKind::Stream => return Ok(Some((key, 0))),
            QueueKind::Quorum => {
                let flag = match only_if {
                    OnlyIf { unused: true, .. } => Some("if-unused"),
                    OnlyIf { empty: true, .. } => Some("if-empty"),
                    OnlyIf { .. } => None,
                };
                if let Some(flag) = flag {
                    let text = format!(
                        "cannot delete {what}. queue.delete operations with {flag} flag set are not supported by quorum queues"
                    );
                    return Err(Exception::connection(ReplyCode::NotImplemented, text));
                }
            }
        }
        Ok(Some((key, queue.ready())))
    }

    /// Deletes a queue with its bindings; its consumers are told (semantics 7.13).
    pub(super) fn delete_queue(&mut self, key: QueueKey, why: Deletion, out: &mut Vec<Event>) {
        let Some(queue) = self.queues.get(key) else {
            return;
        };
        let (id, vhost, owner) = (queue.id.clone(), queue.vhost, queue.owner);
        let messages = queue.store.count();
        let mut consumers: Vec<ConsumerKey> = queue.consumers.iter().collect();
        // A channel tells its consumers in the order of their tags (ch handle_consuming_queue_down_or_eol).
        sort_by_key(&mut consumers, |key| {
            self.consumers.get(*key).map(|consumer| consumer.id.clone())
        });
        self.drop_all_ready(key, DropReason::QueueDeleted, out);
        let unbinding = if why == Deletion::Restart {
            Unbinding::Restart
        } else {
            Unbinding::EndDeleted
        };
        self.remove_bindings_to(Target::Queue(key), unbinding, out);
        for consumer in consumers {
            let notify = self.consumer_wants_notice(consumer);
            self.take_consumer_off(consumer, Cancellation::QueueDeleted { notify }, out);
            self.consumers.remove(consumer);
        }
        self.queues.remove(key);
        if let Some(state) = self.vhosts.get_mut(vhost) {
            state.queues.remove(id.as_str());
        }
        if let Some(connection) = owner.and_then(|owner| self.connections.get_mut(&owner)) {
            connection.exclusive_queues.remove(&key);
        }
        out.push(Event::QueueDeleted {
            queue: id,
            why,
            messages,
        });
    }

    /// Whether the client of this consumer understands basic.cancel from the server (semantics 13.10).
    fn consumer_wants_notice(&self, consumer: ConsumerKey) -> bool {
        let connection = self
            .consumers
            .get(consumer)
            .map(|consumer| consumer.id.channel.connection);
        connection
            .and_then(|connection| self.connections.get(&connection))
            .is_some_and(|state| state.capabilities.consumer_cancel_notify)
    }

    /// After a consumer left: the next active one, auto-delete, the lease (semantics 7.11, 7.15, 20.2).
    pub(super) fn after_consumer_gone(&mut self, key: QueueKey, out: &mut Vec<Event>) {
        let Some(queue) = self.queues.get_mut(key) else {
            return;
        };
        if queue.consumers.is_empty() {
            if queue.auto_delete && !self.stopping {
                return self.delete_queue(key, Deletion::AutoDelete, out);
            }
            return self.renew_lease(key);
        }
        if queue.settings.single_active_consumer && queue.active.is_none() {
            let next = queue.consumers.first_in_line();
            queue.active = next;
            let id = queue.id.clone();
            if let Some(consumer) = next.and_then(|next| self.consumers.get(next)) {
                out.push(Event::ConsumerActivated {
                    queue: id,
                    consumer: consumer.id.clone(),
                });
            }
        }
        // Where a whole connection ended, deliveries of its other channels have come back and not been counted yet.
        self.after_return(key, out);
    }
}

/// 405: somebody else's exclusive queue, or the flag differs (semantics 7.5a).
fn locked(queue: &QueueId) -> Exception {
    let text = format!(
        "cannot obtain exclusive access to locked {}. It could be originally declared on another connection or the \
         exclusive property value does not match that of the original declaration.",
        described(queue)
    );
    soft(ReplyCode::ResourceLocked, text)
}
