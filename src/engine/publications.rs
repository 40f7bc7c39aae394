//! Which step published which message.

use crate::amqp::MessageId;
use crate::timeline::Log;

/// The step that published each message. Messages are numbered in the order in which they are published, so a number a
/// message is all that is kept.
#[derive(Clone, Debug, Default)]
pub struct Publications {
    /// By the number of the message, from 1 on.
    steps: Log<u32>,
}

impl Publications {
    /// Nothing has been published.
    pub fn new() -> Publications {
        Publications::default()
    }

    /// The step that published `message`.
    pub fn step(&self, message: MessageId) -> Option<usize> {
        let place = usize::try_from(message.0.checked_sub(1)?).ok()?;
        self.steps.get(place).map(|step| *step as usize)
    }

    /// `message` was published in `step`, unless an earlier step did that.
    pub fn note(&mut self, message: MessageId, step: usize) {
        let step = u32::try_from(step).unwrap_or(u32::MAX);
        while (self.steps.len() as u64) < message.0 {
            self.steps.push(step);
        }
    }

    /// Forgets what was published after the first `steps` steps.
    pub fn truncate(&mut self, steps: usize) {
        let (mut low, mut high) = (0, self.steps.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.steps.get(middle) {
                Some(step) if (*step as usize) < steps => low = middle + 1,
                Some(_) | None => high = middle,
            }
        }
        self.steps.truncate(low);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_knows_its_step() {
        let mut publications = Publications::new();
        for (message, step) in [(1, 4), (2, 4), (3, 9), (2, 11), (4, 12)] {
            publications.note(MessageId(message), step);
        }
        let steps = |publications: &Publications| {
            [0, 1, 2, 3, 4, 5].map(|id| publications.step(MessageId(id)))
        };
        assert_eq!(
            steps(&publications),
            [None, Some(4), Some(4), Some(9), Some(12), None]
        );
        publications.truncate(9);
        assert_eq!(
            steps(&publications),
            [None, Some(4), Some(4), None, None, None]
        );
        publications.note(MessageId(3), 20);
        assert_eq!(publications.step(MessageId(3)), Some(20));
    }
}
