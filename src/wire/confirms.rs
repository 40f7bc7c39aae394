//! Publisher confirms that wait to be sent together, as RabbitMQ coalesces those of one scheduling step
//! (semantics 10.5).

use std::collections::BTreeSet;

use crate::amqp::event::Confirm;
use crate::wire::encode::{self, ServerNotice};

/// The confirms of one channel. Publishes are numbered from 1, and every one is confirmed once.
#[derive(Clone, Debug)]
pub struct Confirms {
    /// The lowest number for which nothing was sent.
    next: u64,
    /// Higher numbers for which something was sent.
    ahead: BTreeSet<u64>,
    acks: BTreeSet<u64>,
    nacks: BTreeSet<u64>,
}

impl Default for Confirms {
    fn default() -> Confirms {
        Confirms::from(1)
    }
}

impl Confirms {
    /// Everything before `next` was confirmed earlier.
    pub fn from(next: u64) -> Confirms {
        Confirms {
            next,
            ahead: BTreeSet::new(),
            acks: BTreeSet::new(),
            nacks: BTreeSet::new(),
        }
    }

    /// Whether something waits to be sent.
    pub fn is_empty(&self) -> bool {
        self.acks.is_empty() && self.nacks.is_empty()
    }

    /// Takes a confirm; with `multiple`, of everything up to `tag` that has none yet.
    pub fn push(&mut self, tag: u64, multiple: bool, how: Confirm) {
        let first = if multiple { self.next } else { tag };
        let new = (first..=tag).filter(|it| *it >= self.next && !self.ahead.contains(it));
        match how {
            Confirm::Ack => self.acks.extend(new),
            Confirm::Nack => self.nacks.extend(new),
        }
    }

    /// Appends what waits: acks first; those below every number that stays unconfirmed or is refused go as one.
    pub fn write(&mut self, channel: u16, out: &mut Vec<u8>) {
        let acks = std::mem::take(&mut self.acks);
        let nacks = std::mem::take(&mut self.nacks);
        let done =
            |tag: &u64| acks.contains(tag) || nacks.contains(tag) || self.ahead.contains(tag);
        let unconfirmed = (self.next..).find(|tag| !done(tag)).unwrap_or(u64::MAX);
        let ack = |delivery_tag, multiple| ServerNotice::BasicAck {
            delivery_tag,
            multiple,
        };
        let nack = |delivery_tag, multiple| ServerNotice::BasicNack {
            delivery_tag,
            multiple,
        };
        coalesce(channel, &acks, &nacks, unconfirmed, ack, out);
        coalesce(channel, &nacks, &acks, unconfirmed, nack, out);
        self.ahead.extend(acks);
        self.ahead.extend(nacks);
        self.ahead = self.ahead.split_off(&unconfirmed);
        self.next = unconfirmed;
    }
}

fn coalesce(
    channel: u16,
    tags: &BTreeSet<u64>,
    opposite: &BTreeSet<u64>,
    unconfirmed: u64,
    notice: impl Fn(u64, bool) -> ServerNotice<'static>,
    out: &mut Vec<u8>,
) {
    let cutoff = opposite
        .first()
        .map_or(unconfirmed, |first| unconfirmed.min(*first));
    let together = tags.range(..cutoff).count();
    if let (Some(last), true) = (tags.range(..cutoff).next_back(), tags.len() > 1) {
        encode::notice(channel, &notice(*last, true), out);
    }
    let singly = if tags.len() > 1 { together } else { 0 };
    for tag in tags.iter().skip(singly) {
        encode::notice(channel, &notice(*tag, false), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is sent for a list of confirms, written as `ack 3+` for one with `multiple`.
    fn sent(confirms: &mut Confirms, pushed: &[(u64, Confirm)]) -> String {
        for (tag, how) in pushed {
            confirms.push(*tag, false, *how);
        }
        let mut octets = Vec::new();
        confirms.write(1, &mut octets);
        let words: Vec<String> = octets
            .chunks(21)
            .map(|frame| {
                let name = if frame[10] == 80 { "ack" } else { "nack" };
                let more = if frame[19] & 1 == 1 { "+" } else { "" };
                format!("{name} {}{more}", frame[18])
            })
            .collect();
        words.join(", ")
    }

    #[test]
    fn acks_below_everything_unconfirmed_go_as_one() {
        use Confirm::{Ack, Nack};
        let mut confirms = Confirms::default();
        assert_eq!(sent(&mut confirms, &[(1, Ack)]), "ack 1");
        assert_eq!(
            sent(&mut confirms, &[(2, Ack), (3, Ack), (4, Ack)]),
            "ack 4+"
        );
        assert_eq!(sent(&mut confirms, &[(6, Ack), (7, Ack)]), "ack 6, ack 7");
        assert_eq!(
            sent(&mut confirms, &[(5, Ack), (8, Ack), (9, Nack), (10, Ack)]),
            "ack 8+, ack 10, nack 9"
        );
        assert_eq!(sent(&mut confirms, &[(11, Nack), (12, Nack)]), "nack 12+");
        assert!(confirms.is_empty() && confirms.ahead.is_empty());
    }
}
