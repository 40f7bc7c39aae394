//! The history that a dead letter carries: the x-death header and those beside it (semantics 18.4, 18.5, D4, D5).

use std::rc::Rc;

use crate::amqp::event::DeathReason;
use crate::amqp::ids::ShortString;
use crate::amqp::message::{DeathRecord, Table, Value};
use crate::ordered::sort_by;

/// The names of headers and fields, and the words for reasons, made once: they are most of what a dead letter gains.
#[derive(Debug)]
pub(super) struct Names {
    x_death: ShortString,
    /// Exchange, queue, reason: in the order of their names.
    first: [ShortString; 3],
    last: [ShortString; 3],
    count: ShortString,
    reason: ShortString,
    queue: ShortString,
    time: ShortString,
    exchange: ShortString,
    routing_keys: ShortString,
    original_expiration: ShortString,
    reasons: [Value; DeathReason::ALL.len()],
}

impl Names {
    pub(super) fn new() -> Names {
        Names {
            x_death: "x-death".into(),
            first: [
                "x-first-death-exchange".into(),
                "x-first-death-queue".into(),
                "x-first-death-reason".into(),
            ],
            last: [
                "x-last-death-exchange".into(),
                "x-last-death-queue".into(),
                "x-last-death-reason".into(),
            ],
            count: "count".into(),
            reason: "reason".into(),
            queue: "queue".into(),
            time: "time".into(),
            exchange: "exchange".into(),
            routing_keys: "routing-keys".into(),
            original_expiration: "original-expiration".into(),
            reasons: DeathReason::ALL.map(|reason| reason.as_str().into()),
        }
    }

    fn word(&self, reason: DeathReason) -> Value {
        self.reasons[reason as usize].clone()
    }

    /// Exchange, queue and reason of a death under three names.
    fn three(&self, names: &[ShortString; 3], record: &DeathRecord) -> [(ShortString, Value); 3] {
        let [exchange, queue, reason] = names.clone();
        [
            (exchange, text(&record.exchange)),
            (queue, text(&record.queue)),
            (reason, self.word(record.reason)),
        ]
    }

    /// The table of a death as it stands in x-death (semantics 18.4).
    fn as_table(&self, record: &DeathRecord, expiration_first: bool) -> Table {
        let mut fields = Vec::with_capacity(7);
        let expiration = record.original_expiration.as_ref().map(|expiration| {
            let value = Value::LongString(Rc::clone(expiration));
            (self.original_expiration.clone(), value)
        });
        let (before, after) = match expiration_first {
            true => (expiration, None),
            false => (None, expiration),
        };
        fields.extend(before);
        fields.extend([
            (self.count.clone(), Value::I64(record.count)),
            (self.reason.clone(), self.word(record.reason)),
            (self.queue.clone(), text(&record.queue)),
            (self.time.clone(), Value::Timestamp(record.time)),
            (self.exchange.clone(), text(&record.exchange)),
            (
                self.routing_keys.clone(),
                Value::Array(record.routing_keys.clone()),
            ),
        ]);
        fields.extend(after);
        Table(fields)
    }

    /// 3.10: the x-death header is the history; the entry of the same queue and reason is counted up and moved to the
    /// front.
    pub(super) fn write(&self, headers: &mut Table, record: &DeathRecord) {
        let mut entries = match headers.get("x-death") {
            Some(Value::Array(entries)) => entries.clone(),
            other => {
                // What is no list is written over, and counts as a death before this one.
                let mut new = match other {
                    Some(_) => Vec::new(),
                    None => self.three(&self.first, record).into(),
                };
                let first = Value::Table(self.as_table(record, false));
                new.insert(0, (self.x_death.clone(), Value::Array(vec![first])));
                return headers.set_all_sorted(new);
            }
        };
        let known = entries.iter().position(|entry| is_same(entry, record));
        let mut table = match known.map(|place| entries.remove(place)) {
            Some(Value::Table(mut known)) => {
                let count = known.get("count").and_then(Value::as_integer).unwrap_or(0);
                known.remove("count");
                known.push("count", Value::I64(count + 1));
                known
            }
            Some(_) | None => self.as_table(record, false),
        };
        sort_by(&mut table.0, |a, b| a.0.cmp(&b.0));
        entries.insert(0, Value::Table(table));
        headers.set_all_sorted(vec![(self.x_death.clone(), Value::Array(entries))]);
    }

    /// Since 4.0 the broker takes notes, newest first, and the headers are written from those (D4, D5).
    pub(super) fn note_and_write(
        &self,
        deaths: &mut Vec<DeathRecord>,
        record: DeathRecord,
        headers: &mut Table,
    ) {
        // What is counted up keeps the exchange of its first time; the last one is told all the same.
        let last = self.three(&self.last, &record);
        let first = deaths.is_empty().then(|| self.three(&self.first, &record));
        add(deaths, record);
        let tables = deaths
            .iter()
            .map(|death| Value::Table(self.as_table(death, true)))
            .collect();
        let mut entries = Vec::with_capacity(7);
        entries.push((self.x_death.clone(), Value::Array(tables)));
        entries.extend(first.into_iter().flatten());
        entries.extend(last);
        headers.set_all_sorted(entries);
    }
}

fn text(name: &Rc<str>) -> Value {
    Value::LongString(Rc::clone(name).into())
}

/// Queue and reason of an entry of x-death.
pub(super) fn queue_and_reason(entry: &Value) -> Option<(&[u8], &[u8])> {
    let Value::Table(table) = entry else {
        return None;
    };
    match (table.get("queue")?, table.get("reason")?) {
        (Value::LongString(queue), Value::LongString(reason)) => Some((queue, reason)),
        _ => None,
    }
}

fn is_same(entry: &Value, record: &DeathRecord) -> bool {
    let reason = record.reason.as_str();
    queue_and_reason(entry) == Some((record.queue.as_bytes(), reason.as_bytes()))
}

/// Counts a death up, or notes it; the newest is first.
fn add(deaths: &mut Vec<DeathRecord>, record: DeathRecord) {
    let known = deaths
        .iter()
        .position(|other| other.queue == record.queue && other.reason == record.reason);
    let newest = match known {
        Some(place) => {
            let mut known = deaths.remove(place);
            known.count += 1;
            known
        }
        None => record,
    };
    deaths.reserve_exact(1);
    deaths.insert(0, newest);
}
