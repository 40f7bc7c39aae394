//! The broker: a function from commands to events. This file is its frame; each behaviour has a file of its own.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use crate::amqp::Idle;
use crate::amqp::arena::{Arena, ConsumerKey, ExchangeKey, QueueKey, VhostKey};
use crate::amqp::channels::Channels;
use crate::amqp::command::{Command, OperatorCommand, Policy};
use crate::amqp::connection::Connection;
use crate::amqp::consume::Consumer;
use crate::amqp::dead_letter::Death;
use crate::amqp::delayed::Held;
use crate::amqp::event::{ConnectionEnd, Event};
use crate::amqp::exception::Exception;
use crate::amqp::exchange::{Exchange, Scratch};
use crate::amqp::ids::{ChannelId, ConnectionId, UserName, VhostName};
use crate::amqp::limits::{self, Limits};
use crate::amqp::permission::User;
use crate::amqp::policy::Layer;
use crate::amqp::protocol::{ClientMethod, ServerMethod};
use crate::amqp::queue::Queue;
use crate::amqp::targets::Targets;
use crate::amqp::vhost::Vhost;
use crate::amqp::x_death;
use crate::machine::{Input, Machine, Rng, SimTime};
use crate::ordered::Map;

/// Which RabbitMQ is spoken, where versions differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compatibility {
    /// RabbitMQ 3.10.8.
    V3_10,
    /// RabbitMQ 4.0.5.
    #[default]
    V4,
}

/// How a broker is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    pub compatibility: Compatibility,
    /// Where server-made names come from.
    pub seed: u64,
    pub limits: Limits,
    /// Seconds since 1970 at which the run begins (the `time` of x-death).
    pub epoch: u64,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            compatibility: Compatibility::V4,
            seed: 1,
            limits: limits::DEFAULT,
            epoch: 1_767_225_600,
        }
    }
}

/// Work that one step leaves to be done after what it is doing: cascades go through here, never through recursion.
#[derive(Clone, Debug)]
pub(super) enum Task {
    /// A message died and goes on to the dead-letter exchange.
    DeadLetter(Box<Death>),
    /// Deliveries came back to this queue: apply its limits, then serve.
    Returned(QueueKey),
    /// A consumer left this queue: the next active one, auto-delete, the lease.
    ConsumerGone(QueueKey),
    /// A binding of this exchange is gone: auto-delete.
    BindingGone(ExchangeKey),
}

/// What falls due by itself. At one moment they happen in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// The head of a queue may have expired.
    HeadExpiry(QueueKey),
    /// A queue may have been unused for as long as x-expires says.
    Lease(QueueKey),
    /// A delayed message is due.
    Delayed,
    /// A channel may hold a delivery for too long.
    ConsumerTimeout(ChannelId),
}

/// RabbitMQ's model of AMQP 0-9-1.
#[derive(Clone, Debug)]
pub struct Broker {
    pub(super) config: Config,
    pub(super) now: SimTime,
    pub(super) rng: Rng,
    pub(super) next_message: u64,
    pub(super) vhosts: Arena<VhostKey, Vhost>,
    pub(super) vhost_names: Map<VhostName, VhostKey>,
    pub(super) exchanges: Arena<ExchangeKey, Exchange>,
    pub(super) queues: Arena<QueueKey, Queue>,
    pub(super) consumers: Arena<ConsumerKey, Consumer>,
    pub(super) connections: Map<ConnectionId, Connection>,
    pub(super) channels: Channels,
    pub(super) users: Map<UserName, User>,
    pub(super) policies: Vec<Rc<Policy>>,
    pub(super) operator_policies: Vec<Rc<Policy>>,
    pub(super) timers: BTreeSet<(SimTime, Timer)>,
    /// No timer is set for an earlier moment.
    soonest: SimTime,
    pub(super) tasks: VecDeque<Task>,
    /// What delayed-message exchanges hold, by due time and order of arrival; a message may have come to several.
    pub(super) held: BTreeMap<(SimTime, u64, ExchangeKey), Held>,
    /// Copies in all queues, ready and unacked, and those held for their delay; and the bytes of their bodies.
    pub(super) copies: u64,
    pub(super) copy_bytes: u64,
    /// What dead letters are marked with.
    pub(super) death_names: Rc<x_death::Names>,
    /// Where replies go, by their address (semantics 19).
    pub(super) reply_channels: Map<Rc<str>, ChannelId>,
    /// Whether the node is going down: nothing is auto-deleted then (semantics 24.4).
    pub(super) stopping: bool,
    pub(super) memory_alarm: bool,
    pub(super) disk_alarm: bool,
    /// Memory of a routing, kept between routings.
    pub(super) targets: Targets,
    pub(super) route_buffer: Vec<QueueKey>,
    pub(super) visit_buffer: Vec<ExchangeKey>,
    pub(super) trie_scratch: Scratch,
}

impl Broker {
    /// A fresh node: vhost `/`, user `guest`, the predeclared exchanges.
    pub fn new(config: Config) -> Broker {
        let mut broker = Broker {
            config,
            now: SimTime::ZERO,
            rng: Rng::new(config.seed),
            next_message: 1,
            vhosts: Arena::new(),
            vhost_names: Map::new(),
            exchanges: Arena::new(),
            queues: Arena::new(),
            consumers: Arena::new(),
            connections: Map::new(),
            channels: Channels::new(),
            users: Map::new(),
            policies: Vec::new(),
            operator_policies: Vec::new(),
            timers: BTreeSet::new(),
            soonest: SimTime(u64::MAX),
            tasks: VecDeque::new(),
            held: BTreeMap::new(),
            copies: 0,
            copy_bytes: 0,
            death_names: Rc::new(x_death::Names::new()),
            reply_channels: Map::new(),
            stopping: false,
            memory_alarm: false,
            disk_alarm: false,
            targets: Targets::new(),
            route_buffer: Vec::new(),
            visit_buffer: Vec::new(),
            trie_scratch: Scratch::default(),
        };
        broker.add_vhost(&"/".into());
        broker.add_default_user();
        broker
    }

    /// How it was set up.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The moment up to which time has passed.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Seconds since 1970 on the virtual clock.
    pub(super) fn epoch_seconds(&self) -> u64 {
        self.config.epoch + self.now.as_ms() / 1000
    }

    pub(super) fn is_v4(&self) -> bool {
        self.config.compatibility >= Compatibility::V4
    }

    /// Answers a method.
    pub(super) fn reply(&mut self, channel: ChannelId, method: ServerMethod, out: &mut Vec<Event>) {
        out.push(Event::Replied {
            channel,
            method: Box::new(method),
        });
    }

    /// Answers a method unless its client asked for no answer.
    pub(super) fn reply_unless(
        &mut self,
        nowait: bool,
        channel: ChannelId,
        method: ServerMethod,
        out: &mut Vec<Event>,
    ) {
        if !nowait {
            self.reply(channel, method, out);
        }
    }

    pub(super) fn set_timer(&mut self, at: SimTime, timer: Timer) {
        self.soonest = self.soonest.min(at);
        self.timers.insert((at, timer));
    }

    /// Removes the acknowledgement timer of a channel that holds nothing any more.
    pub(super) fn forget_timeout(&mut self, channel: ChannelId) {
        self.timers
            .retain(|(_, timer)| *timer != Timer::ConsumerTimeout(channel));
    }

    /// Whether a timer can still do something. One that has lost its reason (the message it was set for is settled) is
    /// left to run out, because taking it out would cost every ack a search; nobody needs to wake up for it.
    fn may_act(&self, timer: Timer) -> bool {
        match timer {
            Timer::ConsumerTimeout(channel) => self
                .channels
                .get(&channel)
                .is_some_and(|state| state.unacked.len() > 0),
            Timer::HeadExpiry(key) => {
                let head = self.queues.get(key).and_then(|queue| queue.store.head());
                head.is_some_and(|head| head.expiry.get().is_some())
            }
            Timer::Lease(_) | Timer::Delayed => true,
        }
    }

    /// Lets everything happen that is due up to `until`, each at its own time.
    fn let_time_pass(&mut self, until: SimTime, out: &mut Vec<Event>) {
        if self.soonest <= until {
            self.let_timers_act(until, out);
        }
        self.now = self.now.max(until);
    }

    fn let_timers_act(&mut self, until: SimTime, out: &mut Vec<Event>) {
        while let Some((due, timer)) = self.timers.first().copied() {
            if due > until {
                break;
            }
            self.timers.pop_first();
            self.now = self.now.max(due);
            match timer {
                Timer::HeadExpiry(queue) => self.head_expiry_due(queue, out),
                Timer::Lease(queue) => self.lease_due(queue, out),
                Timer::Delayed => self.release_delayed(out),
                Timer::ConsumerTimeout(channel) => self.check_timeout(channel, out),
            }
            self.work_off(out);
        }
        let next = self.timers.first();
        self.soonest = next.map_or(SimTime(u64::MAX), |(due, _)| *due);
    }

    /// Does the work that was left to be done, oldest first, up to a bound.
    #[inline]
    pub(super) fn work_off(&mut self, out: &mut Vec<Event>) {
        if !self.tasks.is_empty() {
            self.work_off_tasks(out);
        }
    }

    fn work_off_tasks(&mut self, out: &mut Vec<Event>) {
        let bound = self.config.limits.tasks_per_step;
        let mut done = 0;
        while let Some(task) = self.tasks.pop_front() {
            done += 1;
            if done > bound {
                self.tasks.clear();
                return out.push(Event::LimitReached {
                    what: "consequences of one step",
                    limit: bound as u64,
                });
            }
            match task {
                Task::DeadLetter(death) => self.dead_letter(*death, out),
                Task::Returned(queue) => self.after_return(queue, out),
                Task::ConsumerGone(queue) => self.after_consumer_gone(queue, out),
                Task::BindingGone(exchange) => self.after_binding_gone(exchange, out),
            }
        }
    }

    pub(super) fn call(&mut self, channel: ChannelId, method: &ClientMethod, out: &mut Vec<Event>) {
        match self.channels.get(&channel) {
            // An open channel has an open connection.
            Some(state) if !state.closing => {}
            Some(_) => return self.call_closing(channel, method, out),
            None if self.connections.contains_key(&channel.connection) => {
                return self.call_unopened(channel, method, out);
            }
            None => {
                return out.push(Event::Ignored {
                    why: Idle::NotOpen(channel.connection).into(),
                });
            }
        }
        if let Err(exception) = self.perform(channel, method, out) {
            self.fail(channel, exception.raised_by(method.id()), out);
        }
    }

    fn perform(
        &mut self,
        channel: ChannelId,
        method: &ClientMethod,
        out: &mut Vec<Event>,
    ) -> Result<(), Exception> {
        match method {
            ClientMethod::BasicPublish(publish) => self.publish(channel, publish, out),
            ClientMethod::BasicAck { .. }
            | ClientMethod::BasicNack { .. }
            | ClientMethod::BasicReject { .. }
            | ClientMethod::BasicRecover { .. }
            | ClientMethod::BasicRecoverAsync { .. } => {
                self.perform_settlement(channel, method, out)
            }
            ClientMethod::BasicQos { .. }
            | ClientMethod::BasicConsume(_)
            | ClientMethod::BasicCancel { .. }
            | ClientMethod::BasicCancelOk { .. }
            | ClientMethod::BasicGet { .. } => self.perform_consuming(channel, method, out),
            ClientMethod::ExchangeDeclare(_) | ClientMethod::ExchangeDelete { .. } => {
                self.perform_exchange(channel, method, out)
            }
            ClientMethod::ExchangeBind { .. }
            | ClientMethod::ExchangeUnbind { .. }
            | ClientMethod::QueueBind { .. }
            | ClientMethod::QueueUnbind { .. } => self.perform_binding(channel, method, out),
            ClientMethod::QueueDeclare(_)
            | ClientMethod::QueuePurge { .. }
            | ClientMethod::QueueDelete { .. } => self.perform_queue(channel, method, out),
            ClientMethod::ConfirmSelect { .. }
            | ClientMethod::TxSelect
            | ClientMethod::TxCommit
            | ClientMethod::TxRollback => self.perform_transaction(channel, method, out),
            ClientMethod::ChannelOpen
            | ClientMethod::ChannelFlow { .. }
            | ClientMethod::ChannelFlowOk
            | ClientMethod::ChannelClose { .. }
            | ClientMethod::ChannelCloseOk
            | ClientMethod::AccessRequest => self.perform_channel(channel, method, out),
        }
    }

    fn operate(&mut self, command: &OperatorCommand, out: &mut Vec<Event>) {
        match command {
            OperatorCommand::Restart => self.restart(out),
            OperatorCommand::CloseConnection { connection, reason } => {
                self.force_close(*connection, reason, out)
            }
            OperatorCommand::SetPolicy(policy) => self.set_policy(policy, Layer::User, out),
            OperatorCommand::ClearPolicy { vhost, name } => {
                self.clear_policy(vhost, name, Layer::User, out);
            }
            OperatorCommand::SetOperatorPolicy(policy) => {
                self.set_policy(policy, Layer::Operator, out);
            }
            OperatorCommand::ClearOperatorPolicy { vhost, name } => {
                self.clear_policy(vhost, name, Layer::Operator, out);
            }
            OperatorCommand::SetDefaultQueueType { vhost, kind } => {
                self.set_default_queue_type(vhost, *kind, out);
            }
            OperatorCommand::SetMemoryAlarm { on } => self.set_alarms(*on, self.disk_alarm, out),
            OperatorCommand::SetDiskAlarm { on } => self.set_alarms(self.memory_alarm, *on, out),
            OperatorCommand::AddVhost { .. }
            | OperatorCommand::DeleteVhost { .. }
            | OperatorCommand::AddUser { .. }
            | OperatorCommand::DeleteUser { .. }
            | OperatorCommand::SetPermissions { .. }
            | OperatorCommand::ClearPermissions { .. }
            | OperatorCommand::SetTopicPermissions { .. }
            | OperatorCommand::ClearTopicPermissions { .. } => self.administer(command, out),
        }
    }
}

impl Machine for Broker {
    type Command = Command;
    type Event = Event;

    fn step(&mut self, input: &Input<Command>, out: &mut Vec<Event>) {
        self.let_time_pass(input.at, out);
        match &input.command {
            Command::Tick => {}
            Command::Call { channel, method } => self.call(*channel, method, out),
            Command::Connect(connect) => self.connect(connect, out),
            Command::CloseConnection {
                connection,
                code,
                text,
            } => {
                self.close_connection(
                    *connection,
                    ConnectionEnd::ByClient {
                        code: *code,
                        text: text.clone(),
                    },
                    out,
                );
            }
            Command::DropConnection { connection } => {
                self.close_connection(*connection, ConnectionEnd::Lost, out)
            }
            Command::FailConnection {
                connection,
                exception,
            } => {
                self.close_connection(
                    *connection,
                    ConnectionEnd::Exception(exception.clone()),
                    out,
                );
            }
            Command::Operator(command) => self.operate(command, out),
        }
        self.work_off(out);
    }

    fn next_deadline(&self) -> Option<SimTime> {
        let mut timers = self.timers.iter();
        timers
            .find(|(_, timer)| self.may_act(*timer))
            .map(|(at, _)| *at)
    }

    fn tick() -> Command {
        Command::Tick
    }

    fn is_tick(command: &Command) -> bool {
        matches!(command, Command::Tick)
    }
}
