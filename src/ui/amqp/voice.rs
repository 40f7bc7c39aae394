//! What readers hear of a run: each event while one steps, a summary every few seconds while it plays.

use crate::amqp::Event;
use crate::amqp::event::Settlement;
use crate::engine::{StepRecord, WorldEvent};
use crate::ui::amqp::log_lines;
use crate::ui::amqp::sentence::Teller;
use crate::ui::text::{Texts, fill_plain};

/// How many sentences of one step are said; more would only be noise.
const SAID_AT_MOST: usize = 4;
/// How long a playing run is silent between two summaries.
const PAUSE_MS: f64 = 2_500.0;

/// Counts what happened since it last spoke.
#[derive(Debug, Default)]
pub struct Voice {
    published: u32,
    delivered: u32,
    settled: u32,
    requeued: u32,
    unroutable: u32,
    spoke_at: f64,
}

impl Voice {
    /// Forgets what it has not said: the run became another one.
    pub fn forget(&mut self) {
        *self = Voice {
            spoke_at: self.spoke_at,
            ..Voice::default()
        };
    }

    /// Hears what happened; says something if it is time.
    pub fn hear(
        &mut self,
        steps: &[StepRecord],
        playing: bool,
        now_ms: f64,
        teller: Teller<'_>,
        t: &Texts,
    ) -> Option<String> {
        let events = || steps.iter().flat_map(|step| step.events.iter());
        if !playing && self.is_silent() {
            let sentences: Vec<String> = events()
                .filter(|event| log_lines::kind(event) != log_lines::LogKind::Replies)
                .take(SAID_AT_MOST)
                .map(|event| teller.tell(event).to_string())
                .collect();
            return (!sentences.is_empty()).then(|| sentences.join(" "));
        }
        for event in events() {
            if let WorldEvent::Broker(event) = event {
                self.count(event);
            }
        }
        if playing && now_ms - self.spoke_at < PAUSE_MS {
            return None;
        }
        let said = self.summary(t)?;
        self.forget();
        self.spoke_at = now_ms;
        Some(said)
    }

    fn is_silent(&self) -> bool {
        self.published + self.delivered + self.settled + self.requeued + self.unroutable == 0
    }

    fn count(&mut self, event: &Event) {
        match event {
            Event::Published { .. } => self.published += 1,
            Event::Delivered { .. } => self.delivered += 1,
            Event::Settled {
                how: Settlement::Requeue { .. },
                ..
            } => self.requeued += 1,
            Event::Settled { .. } => self.settled += 1,
            Event::Unroutable { .. } => self.unroutable += 1,
            _ => {}
        }
    }

    fn summary(&self, t: &Texts) -> Option<String> {
        let parts: Vec<String> = [
            (self.published, t.said_published),
            (self.delivered, t.said_delivered),
            (self.settled, t.said_settled),
            (self.requeued, t.said_requeued),
            (self.unroutable, t.said_unroutable),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, template)| fill_plain(template, &[&count]))
        .collect();
        (!parts.is_empty()).then(|| parts.join(t.log.list_comma))
    }
}
