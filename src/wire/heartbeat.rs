//! Heartbeats as RabbitMQ's two little processes do them: each looks at a counter now and then (semantics 3.17).

use crate::machine::SimTime;

const HEARTBEAT_FRAME_BYTES: u64 = 8;

/// The sender and the receiver of heartbeats of one connection.
#[derive(Clone, Debug)]
pub struct Heartbeats {
    interval_ms: u64,
    next_send: SimTime,
    /// Octets sent at the last look; the first look has nothing to compare with and always sends.
    sent: Option<u64>,
    next_receive: SimTime,
    received: u64,
    /// Looks in a row that saw nothing new.
    silent_looks: u32,
}

/// What a look found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulse {
    Fine,
    /// A heartbeat is to be sent.
    Send,
    /// The peer is gone.
    Dead,
}

impl Heartbeats {
    /// Starts with what tune-ok agreed on; 0 seconds is none. The first look of the receiver always finds something:
    /// the handshake.
    pub fn start(seconds: u16, now: SimTime) -> Option<Heartbeats> {
        let interval_ms = u64::from(seconds) * 1000;
        (interval_ms > 0).then(|| Heartbeats {
            interval_ms,
            next_send: now + interval_ms / 2,
            sent: None,
            next_receive: now + interval_ms,
            received: 0,
            silent_looks: 0,
        })
    }

    /// When the next look is due.
    pub fn deadline(&self) -> SimTime {
        self.next_send.min(self.next_receive)
    }

    /// Looks, if it is time: `sent` and `received` count the octets so far. A `paused` receiver does not count: its
    /// peer is blocked and cannot be heard.
    pub fn look(&mut self, now: SimTime, sent: u64, received: u64, paused: bool) -> Pulse {
        if now >= self.next_receive {
            self.next_receive = now + self.interval_ms;
            let heard = received != self.received || paused;
            self.received = received;
            self.silent_looks = if heard { 0 } else { self.silent_looks + 1 };
            if self.silent_looks >= 2 {
                return Pulse::Dead;
            }
        }
        if now >= self.next_send {
            self.next_send = now + self.interval_ms / 2;
            let idle = self.sent.is_none_or(|before| before == sent);
            self.sent = Some(sent);
            if idle {
                // Its own heartbeat does not make the sender busy: an idle one beats at every look.
                self.sent = Some(sent + HEARTBEAT_FRAME_BYTES);
                return Pulse::Send;
            }
        }
        Pulse::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idle_sender_beats_at_every_look_and_a_busy_one_does_not() {
        let mut beats = Heartbeats::start(10, SimTime::ZERO).expect("on");
        assert_eq!(beats.look(SimTime(4_999), 50, 1, false), Pulse::Fine);
        assert_eq!(beats.look(SimTime(5_000), 50, 1, false), Pulse::Send);
        assert_eq!(beats.look(SimTime(10_000), 58, 2, false), Pulse::Send);
        assert_eq!(beats.look(SimTime(15_000), 70, 3, false), Pulse::Fine);
        assert_eq!(beats.look(SimTime(20_000), 70, 4, false), Pulse::Send);
    }

    #[test]
    fn two_looks_in_a_row_without_an_octet_mean_a_dead_peer() {
        let mut beats = Heartbeats::start(10, SimTime::ZERO).expect("on");
        let mut looks = Vec::new();
        for second in [10, 20, 30] {
            looks.push(beats.look(SimTime(second * 1000), 0, 7, false) == Pulse::Dead);
        }
        assert_eq!(looks, [false, false, true]);
        assert!(Heartbeats::start(0, SimTime::ZERO).is_none());
    }

    #[test]
    fn a_blocked_peer_is_not_dead() {
        let mut beats = Heartbeats::start(1, SimTime::ZERO).expect("on");
        for second in 1..10 {
            assert_ne!(beats.look(SimTime(second * 1000), 0, 0, true), Pulse::Dead);
        }
    }
}
