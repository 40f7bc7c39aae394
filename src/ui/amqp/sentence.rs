//! What happened, in words: one sentence for every event.

use crate::actors::{Fault, NoticeKind};
use crate::amqp::event::{
    Cancellation, ChannelEnd, Confirm, ConnectionEnd, Deletion, DeliveredTo, DropReason,
    Settlement, Unbinding, Via,
};
use crate::amqp::protocol::ServerMethod;
use crate::amqp::view::{Binding, QueueKind};
use crate::amqp::{ChannelId, Destination, Event, ExchangeId, Message, MessageId};
use crate::engine::{PROGRAM_STEPS, ProgramEvent, WorldEvent};
use crate::ui::amqp::book::Book;
use crate::ui::amqp::in_vhost::vhost_of;
use crate::ui::text::{Lang, LogTexts, ProgramTexts, Sentence, fill, said};

/// Tells events in one language, with the names one book knows.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    pub book: &'a Book,
    pub t: &'static LogTexts,
    pub p: &'static ProgramTexts,
    pub lang: Lang,
}

impl<'a> Teller<'a> {
    /// A teller in `lang`.
    pub fn new(book: &'a Book, lang: Lang) -> Teller<'a> {
        Teller {
            book,
            t: &lang.texts().log,
            p: lang.programs(),
            lang,
        }
    }

    /// An exchange's name; the default exchange has none, so it gets RabbitMQ's words for it.
    pub fn exchange<'n>(&self, exchange: &'n ExchangeId) -> &'n str
    where
        'a: 'n,
    {
        if exchange.as_str().is_empty() {
            self.t.default_exchange
        } else {
            exchange.as_str()
        }
    }

    /// What happened in the world.
    pub fn tell(&self, event: &WorldEvent) -> Sentence {
        match event {
            WorldEvent::Broker(event) => self.broker(event),
            WorldEvent::Program(event) => self.program(event),
        }
    }

    /// What happened to a program.
    pub fn program(&self, event: &ProgramEvent) -> Sentence {
        let name = |program| self.book.program_name(program);
        let t = self.t;
        match event {
            ProgramEvent::Added { program } => fill(t.program_added, &[&name(*program)]),
            ProgramEvent::Removed { program } => fill(t.program_removed, &[&name(*program)]),
            ProgramEvent::Started { program } => fill(t.program_started, &[&name(*program)]),
            ProgramEvent::Line { program, line } => {
                let script = self.book.program_line(*program, *line);
                fill(t.program_line, &[&name(*program), &(line + 1), &script])
            }
            ProgramEvent::Printed { program, line } => {
                let line = said::printed(line, self.lang);
                fill(t.program_printed, &[&name(*program), &line])
            }
            ProgramEvent::Finished { program } => fill(t.program_finished, &[&name(*program)]),
            ProgramEvent::Crashed { program } => fill(t.program_crashed, &[&name(*program)]),
            ProgramEvent::Edited { program } => fill(self.p.log_edited, &[&name(*program)]),
            ProgramEvent::Suffered { program, fault } => self.suffered(&name(*program), *fault),
            ProgramEvent::Hung { program } => fill(self.p.log_hung, &[&name(*program)]),
            ProgramEvent::Reconnects { program, after_ms } => {
                fill(self.p.log_reconnects, &[&name(*program), after_ms])
            }
            ProgramEvent::GaveUp { program, why } => {
                let notice = match why {
                    NoticeKind::Nack => self.p.notice_nack,
                    NoticeKind::Return => self.p.notice_return,
                    NoticeKind::Blocked => self.p.notice_blocked,
                };
                fill(self.p.log_gave_up, &[&name(*program), &notice])
            }
            ProgramEvent::Failed { program, text } => {
                fill(t.program_failed, &[&name(*program), text])
            }
            ProgramEvent::Refused { program, why } => {
                let why = said::refusal(why, self.lang);
                fill(t.program_refused, &[&name(*program), &why])
            }
        }
    }

    /// What went wrong with a program on purpose.
    fn suffered(&self, name: &str, fault: Fault) -> Sentence {
        let p = self.p;
        match fault {
            Fault::Kill => fill(p.log_killed, &[&name]),
            Fault::Drop => fill(p.log_dropped, &[&name]),
            Fault::CloseChannel => fill(p.log_channel, &[&name]),
            Fault::Hang => fill(p.log_hang, &[&name]),
            Fault::Resume => fill(p.log_resume, &[&name]),
            Fault::Slow(1) => fill(p.log_normal, &[&name]),
            Fault::Slow(factor) => fill(p.log_slow, &[&name, &factor]),
            Fault::BeforeAck => fill(p.log_before_ack, &[&name]),
        }
    }

    /// What happened in the broker, and in which virtual host, when that is not the one that is there from the start.
    pub fn broker(&self, event: &Event) -> Sentence {
        let told = self.happened(event);
        match vhost_of(event) {
            Some(vhost) if vhost.as_str() != "/" => {
                told.then(fill(self.lang.looks().in_vhost, &[vhost]))
            }
            _ => told,
        }
    }

    /// The groups below each tell the events handed to them here.
    fn happened(&self, event: &Event) -> Sentence {
        match event {
            Event::ConnectionOpened { .. }
            | Event::ConnectionRefused { .. }
            | Event::ConnectionClosed { .. }
            | Event::ConnectionBlocked { .. }
            | Event::ConnectionUnblocked { .. }
            | Event::ChannelOpened { .. } => self.connection(event),
            Event::ChannelClosed { channel, end } => self.channel_closed(*channel, end),
            Event::Replied { channel, method } => self.replied(*channel, method),
            Event::ExchangeDeclared { .. }
            | Event::ExchangeDeleted { .. }
            | Event::QueueDeclared { .. }
            | Event::QueueDeleted { .. }
            | Event::Bound { .. }
            | Event::Unbound { .. }
            | Event::ConsumerAdded { .. }
            | Event::ConsumerCancelled { .. }
            | Event::ConsumerActivated { .. } => self.topology(event),
            Event::Published { message, mandatory } => self.published(message, *mandatory),
            Event::Hopped {
                message,
                from,
                to,
                via,
            } => self.hopped(*message, from, to, via),
            Event::Unroutable { .. }
            | Event::Returned { .. }
            | Event::Enqueued { .. }
            | Event::Refused { .. }
            | Event::Dropped { .. }
            | Event::DeadLettered { .. }
            | Event::DeadLetterLost { .. }
            | Event::Confirmed { .. } => self.message(event),
            Event::Delivered { .. } => self.delivered(event),
            Event::Settled { .. } => self.settled(event),
            Event::BrokerStopped
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
            | Event::Ignored { .. } => self.node(event),
        }
    }

    fn name(&self, channel: ChannelId) -> std::rc::Rc<str> {
        self.book.connection_name(channel.connection)
    }

    fn connection(&self, event: &Event) -> Sentence {
        let t = self.t;
        let name = |connection| self.book.connection_name(connection);
        match event {
            Event::ConnectionOpened {
                name, user, vhost, ..
            } => fill(t.connection_opened, &[name, user, vhost]),
            Event::ConnectionRefused {
                connection,
                exception,
            } => fill(
                t.connection_refused,
                &[&name(*connection), &code_and_text(exception)],
            ),
            Event::ConnectionClosed { connection, end } => match end {
                ConnectionEnd::ByClient { .. } => {
                    fill(t.connection_closed_by_client, &[&name(*connection)])
                }
                ConnectionEnd::Exception(exception) => fill(
                    t.connection_closed_exception,
                    &[&name(*connection), &code_and_text(exception)],
                ),
                ConnectionEnd::Lost => fill(t.connection_lost, &[&name(*connection)]),
            },
            Event::ConnectionBlocked { connection, reason } => {
                fill(t.connection_blocked, &[&name(*connection), reason])
            }
            Event::ConnectionUnblocked { connection } => {
                fill(t.connection_unblocked, &[&name(*connection)])
            }
            Event::ChannelOpened { channel } => {
                fill(t.channel_opened, &[&channel.number.0, &self.name(*channel)])
            }
            _ => Sentence::default(),
        }
    }

    fn channel_closed(&self, channel: ChannelId, end: &ChannelEnd) -> Sentence {
        let (number, name) = (channel.number.0, self.name(channel));
        let t = self.t;
        match end {
            ChannelEnd::ByClient { .. } => fill(t.channel_closed_by_client, &[&number, &name]),
            ChannelEnd::Exception(exception) => fill(
                t.channel_closed_exception,
                &[&number, &name, &code_and_text(exception)],
            ),
            ChannelEnd::WithConnection => fill(t.channel_closed_with_connection, &[&number, &name]),
        }
    }

    fn replied(&self, channel: ChannelId, method: &ServerMethod) -> Sentence {
        let (t, said) = (self.t, method.name());
        match method {
            ServerMethod::QueueDeclareOk {
                queue,
                message_count,
                consumer_count,
            } => fill(
                t.replied_declare,
                &[&said, queue, message_count, consumer_count],
            ),
            ServerMethod::QueuePurgeOk { message_count }
            | ServerMethod::QueueDeleteOk { message_count } => {
                fill(t.replied_count, &[&said, message_count])
            }
            ServerMethod::BasicConsumeOk { consumer_tag }
            | ServerMethod::BasicCancelOk { consumer_tag } => {
                fill(t.replied_tag, &[&said, consumer_tag])
            }
            ServerMethod::BasicGetEmpty => fill(t.replied_empty, &[]),
            ServerMethod::ChannelOpenOk
            | ServerMethod::ChannelFlowOk { .. }
            | ServerMethod::ChannelCloseOk
            | ServerMethod::AccessRequestOk
            | ServerMethod::ExchangeDeclareOk
            | ServerMethod::ExchangeDeleteOk
            | ServerMethod::ExchangeBindOk
            | ServerMethod::ExchangeUnbindOk
            | ServerMethod::QueueBindOk
            | ServerMethod::QueueUnbindOk
            | ServerMethod::BasicQosOk
            | ServerMethod::BasicRecoverOk
            | ServerMethod::ConfirmSelectOk
            | ServerMethod::TxSelectOk
            | ServerMethod::TxCommitOk
            | ServerMethod::TxRollbackOk => {
                fill(t.replied, &[&said, &channel.number.0, &self.name(channel)])
            }
        }
    }

    fn topology(&self, event: &Event) -> Sentence {
        let t = self.t;
        match event {
            Event::ExchangeDeclared { exchange, kind, .. } => {
                fill(t.exchange_declared, &[&self.exchange(exchange), kind])
            }
            Event::ExchangeDeleted { exchange, why } => fill(
                t.exchange_deleted,
                &[&self.exchange(exchange), &deletion(t, *why)],
            ),
            Event::QueueDeclared { queue, .. } => fill(t.queue_declared, &[queue]),
            Event::QueueDeleted {
                queue,
                why,
                messages,
            } => match messages {
                0 => fill(t.queue_deleted, &[queue, &deletion(t, *why)]),
                count => fill(t.queue_deleted_with, &[queue, &deletion(t, *why), count]),
            },
            Event::Bound { binding, .. } => self.bound(binding),
            Event::Unbound { binding, why } => fill(
                t.unbound,
                &[
                    &self.exchange(&binding.source),
                    &binding.destination,
                    &binding.routing_key,
                    &unbinding(t, *why),
                ],
            ),
            Event::ConsumerAdded { queue, consumer } => fill(
                t.consumer_added,
                &[&consumer.tag, &self.name(consumer.channel), queue],
            ),
            Event::ConsumerCancelled {
                queue,
                consumer,
                why,
            } => fill(
                t.consumer_cancelled,
                &[
                    &consumer.tag,
                    &self.name(consumer.channel),
                    queue,
                    &cancellation(t, *why),
                ],
            ),
            Event::ConsumerActivated { queue, consumer } => fill(
                t.consumer_activated,
                &[&consumer.tag, &self.name(consumer.channel), queue],
            ),
            _ => Sentence::default(),
        }
    }

    fn bound(&self, binding: &Binding) -> Sentence {
        let source = self.exchange(&binding.source);
        if binding.routing_key.is_empty() {
            return fill(self.t.bound_plain, &[&source, &binding.destination]);
        }
        fill(
            self.t.bound,
            &[&source, &binding.destination, &binding.routing_key],
        )
    }

    fn published(&self, message: &Message, mandatory: bool) -> Sentence {
        let (t, exchange) = (self.t, self.exchange(&message.exchange));
        let said = match message.parent() {
            Some(parent) => fill(
                t.published_dead,
                &[&message.id, &parent, &exchange, &message.routing_key],
            ),
            None if message.routing_key.is_empty() => {
                fill(t.published_plain, &[&message.id, &exchange])
            }
            None => fill(t.published, &[&message.id, &exchange, &message.routing_key]),
        };
        if mandatory {
            return said.then(fill(t.published_mandatory, &[]));
        }
        said
    }

    fn hopped(
        &self,
        message: MessageId,
        from: &ExchangeId,
        to: &Destination,
        via: &Via,
    ) -> Sentence {
        let (t, from) = (self.t, self.exchange(from));
        match via {
            Via::Binding(binding) if binding.routing_key.is_empty() => {
                fill(t.hopped_binding_plain, &[&message, &from, to])
            }
            Via::Binding(binding) => fill(
                t.hopped_binding,
                &[&message, &from, to, &binding.routing_key],
            ),
            Via::DefaultExchange => fill(t.hopped_default, &[&message, &from, to]),
            Via::Alternate => fill(t.hopped_alternate, &[&message, &from, to]),
            Via::DirectReplyTo => fill(t.hopped_reply, &[&message, &from, to]),
        }
    }

    fn message(&self, event: &Event) -> Sentence {
        let t = self.t;
        match event {
            Event::Unroutable { message, exchange } => {
                fill(t.unroutable, &[message, &self.exchange(exchange)])
            }
            Event::Returned { channel, message } => {
                fill(t.returned, &[&message.id, &self.name(*channel)])
            }
            Event::Enqueued {
                queue,
                message,
                position,
            } => fill(t.enqueued, &[message, queue, &(position + 1)]),
            Event::Refused { queue, message } => fill(t.refused, &[message, queue]),
            Event::Dropped {
                queue,
                message,
                why,
            } => fill(t.dropped, &[message, queue, &drop_reason(t, *why)]),
            Event::DeadLettered {
                queue,
                message,
                reason,
                exchange,
                routing_key,
            } => fill(
                t.dead_lettered,
                &[
                    message,
                    queue,
                    &reason.as_str(),
                    &self.exchange(exchange),
                    routing_key,
                ],
            ),
            Event::DeadLetterLost {
                queue,
                message,
                reason,
                exchange,
            } => fill(
                t.dead_letter_lost,
                &[message, queue, &reason.as_str(), &self.exchange(exchange)],
            ),
            Event::Confirmed {
                channel,
                tag,
                how,
                message,
                ..
            } => {
                let template = match how {
                    Confirm::Ack => t.confirmed_ack,
                    Confirm::Nack => t.confirmed_nack,
                };
                fill(template, &[message, &self.name(*channel), tag])
            }
            _ => Sentence::default(),
        }
    }

    fn delivered(&self, event: &Event) -> Sentence {
        let Event::Delivered {
            queue,
            message,
            channel,
            tag,
            to,
            redelivered,
            ..
        } = event
        else {
            return Sentence::default();
        };
        let (t, name) = (self.t, self.name(*channel));
        let said = match to {
            DeliveredTo::Consumer(consumer) => {
                fill(t.delivered, &[&message.id, queue, consumer, &name, tag])
            }
            DeliveredTo::Get { remaining } => fill(
                t.delivered_get,
                &[&message.id, queue, &name, tag, remaining],
            ),
        };
        if *redelivered {
            return said.then(fill(t.delivered_again, &[]));
        }
        said
    }

    fn settled(&self, event: &Event) -> Sentence {
        let Event::Settled {
            queue,
            message,
            channel,
            tag,
            how,
        } = event
        else {
            return Sentence::default();
        };
        let (t, name) = (self.t, self.name(*channel));
        let template = match how {
            Settlement::Ack => t.settled_ack,
            Settlement::Automatic => t.settled_automatic,
            Settlement::Discard => t.settled_discard,
            Settlement::Requeue { position } => {
                let place = position + 1;
                return fill(t.settled_requeue, &[message, &name, tag, queue, &place]);
            }
            Settlement::QueueGone => t.settled_gone,
        };
        fill(template, &[message, &name, tag, queue])
    }

    fn node(&self, event: &Event) -> Sentence {
        let t = self.t;
        match event {
            Event::BrokerStopped => fill(t.broker_stopped, &[]),
            Event::BrokerStarted => fill(t.broker_started, &[]),
            Event::AlarmChanged { memory, disk } => {
                let mut said = Sentence::default();
                if *memory {
                    said = said.then(fill(t.alarm_memory, &[]));
                }
                if *disk {
                    said = said.then(fill(t.alarm_disk, &[]));
                }
                if said.0.is_empty() {
                    said = fill(t.alarm_off, &[]);
                }
                said
            }
            Event::PolicyChanged { vhost, name } => fill(t.policy_changed, &[name, vhost]),
            Event::VhostAdded { vhost } => fill(t.vhost_added, &[vhost]),
            Event::VhostChanged {
                vhost,
                default_queue_type,
            } => {
                let kind = default_queue_type.map_or("classic", QueueKind::as_str);
                fill(t.vhost_changed, &[vhost, &kind])
            }
            Event::VhostDeleted { vhost } => fill(t.vhost_deleted, &[vhost]),
            Event::UserChanged { user } => fill(t.user_changed, &[user]),
            Event::UserDeleted { user } => fill(t.user_deleted, &[user]),
            Event::PermissionsChanged { user, vhost } => {
                fill(t.permissions_changed, &[user, vhost])
            }
            Event::LimitReached { what, limit } if *what == PROGRAM_STEPS => {
                fill(self.p.log_steps, &[limit])
            }
            Event::LimitReached { what, limit } => {
                fill(t.limit_reached, &[&said::limit(what, self.lang), limit])
            }
            Event::Ignored { why } => fill(t.ignored, &[&said::idle(why, self.lang)]),
            _ => Sentence::default(),
        }
    }
}

/// `406 PRECONDITION_FAILED - inequivalent arg …`: number and text as RabbitMQ's clients print them.
pub fn code_and_text(exception: &crate::amqp::Exception) -> String {
    format!("{} {}", exception.code.code(), exception.reply_text())
}

fn deletion(t: &LogTexts, why: Deletion) -> &'static str {
    match why {
        Deletion::ByClient => t.by_client,
        Deletion::AutoDelete => t.by_auto_delete,
        Deletion::Exclusive => t.by_exclusive,
        Deletion::Expired => t.by_expired,
        Deletion::Restart => t.by_restart,
        Deletion::Vhost => t.by_vhost,
    }
}

fn unbinding(t: &LogTexts, why: Unbinding) -> &'static str {
    match why {
        Unbinding::ByClient => t.unbound_client,
        Unbinding::EndDeleted => t.unbound_end,
        Unbinding::Restart => t.unbound_restart,
    }
}

fn cancellation(t: &LogTexts, why: Cancellation) -> &'static str {
    match why {
        Cancellation::ByClient => t.cancel_client,
        Cancellation::QueueDeleted { notify: true } => t.cancel_queue_notified,
        Cancellation::QueueDeleted { notify: false } => t.cancel_queue,
        Cancellation::ChannelEnded => t.cancel_channel,
    }
}

/// Why the broker drops a copy.
pub fn drop_reason(t: &LogTexts, why: DropReason) -> &'static str {
    match why {
        DropReason::Expired => t.drop_expired,
        DropReason::MaxLength => t.drop_max_length,
        DropReason::DeliveryLimit => t.drop_delivery_limit,
        DropReason::Purged => t.drop_purged,
        DropReason::QueueDeleted => t.drop_queue_deleted,
        DropReason::Restart => t.drop_restart,
        DropReason::Cycle => t.drop_cycle,
        DropReason::Retention => t.drop_retention,
    }
}
