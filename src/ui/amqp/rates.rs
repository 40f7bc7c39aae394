//! How many messages a second went where, over the last seconds of the run: what the tables say.

use crate::amqp::event::Settlement;
use crate::amqp::{ChannelId, Event, ExchangeId, QueueId};
use crate::engine::{StepRecord, WorldEvent};
use crate::machine::SimTime;
use crate::ordered::Map;

/// Over how long they are counted.
const WINDOW_MS: u64 = 5_000;

/// What went through a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ChannelCount {
    pub published: u32,
    pub confirmed: u32,
    pub delivered: u32,
    pub acked: u32,
}

/// What went through a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct QueueCount {
    pub incoming: u32,
    pub delivered: u32,
    pub acked: u32,
}

/// Counts of the last seconds.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    over_ms: u64,
    exchanges: Map<ExchangeId, (u32, u32)>,
    queues: Map<QueueId, QueueCount>,
    channels: Map<ChannelId, ChannelCount>,
}

impl Rates {
    /// Counts what `steps` (the oldest first) tell of the time before `now`.
    pub fn of(steps: &[StepRecord], now: SimTime) -> Rates {
        let since = now.as_ms().saturating_sub(WINDOW_MS);
        let mut rates = Rates {
            over_ms: now.as_ms().clamp(1_000, WINDOW_MS),
            ..Rates::default()
        };
        let recent = steps
            .iter()
            .rev()
            .take_while(|step| step.at.as_ms() > since || since == 0);
        for event in recent.flat_map(|step| step.events.iter()) {
            if let WorldEvent::Broker(event) = event {
                rates.count(event);
            }
        }
        rates
    }

    fn count(&mut self, event: &Event) {
        match event {
            Event::Published { message, .. } => {
                self.exchanges
                    .entry(message.exchange.clone())
                    .or_default()
                    .0 += 1;
                if let Some(channel) = message.publisher {
                    self.channels.entry(channel).or_default().published += 1;
                }
            }
            Event::Hopped { from, .. } => self.exchanges.entry(from.clone()).or_default().1 += 1,
            Event::Enqueued { queue, .. } => {
                self.queues.entry(queue.clone()).or_default().incoming += 1
            }
            Event::Delivered { queue, channel, .. } => {
                self.queues.entry(queue.clone()).or_default().delivered += 1;
                self.channels.entry(*channel).or_default().delivered += 1;
            }
            Event::Settled {
                queue,
                channel,
                how: Settlement::Ack,
                ..
            } => {
                self.queues.entry(queue.clone()).or_default().acked += 1;
                self.channels.entry(*channel).or_default().acked += 1;
            }
            Event::Confirmed { channel, .. } => {
                self.channels.entry(*channel).or_default().confirmed += 1
            }
            _ => {}
        }
    }

    /// In and out of an exchange.
    pub fn exchange(&self, id: &ExchangeId) -> (u32, u32) {
        self.exchanges.get(id).copied().unwrap_or_default()
    }

    pub fn queue(&self, id: &QueueId) -> QueueCount {
        self.queues.get(id).copied().unwrap_or_default()
    }

    pub fn channel(&self, id: ChannelId) -> ChannelCount {
        self.channels.get(&id).copied().unwrap_or_default()
    }

    /// A count as a rate: how many a second.
    pub fn per_second(&self, count: u32) -> f64 {
        f64::from(count) * 1_000.0 / self.over_ms as f64
    }
}
