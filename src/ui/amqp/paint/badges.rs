//! RabbitMQ's feature badges, in its own order: D, AD, Excl, TTL, DLX …

use crate::amqp::message::Table;
use crate::amqp::view::{ExchangeView, QueueView};
use crate::ui::amqp::why;
use crate::ui::canvas::scene::{Badge, Tone};
use crate::ui::text::{Lang, Texts, fill_plain};

/// The arguments of a queue that have a badge of their own.
const QUEUE_ARGUMENTS: [(&str, &str); 12] = [
    ("x-message-ttl", "TTL"),
    ("x-expires", "Exp"),
    ("x-max-length", "Lim"),
    ("x-max-length-bytes", "Lim B"),
    ("x-overflow", "Ovfl"),
    ("x-dead-letter-exchange", "DLX"),
    ("x-dead-letter-routing-key", "DLK"),
    ("x-max-priority", "Pri"),
    ("x-single-active-consumer", "SAC"),
    ("x-delivery-limit", "DlL"),
    ("x-queue-type", "Type"),
    ("x-queue-leader-locator", "LL"),
];

fn badge(text: &str, title: &str) -> Badge {
    Badge {
        text: text.into(),
        title: title.into(),
        tone: Tone::Muted,
    }
}

fn arguments(table: &Table, known: &[(&str, &str)], t: &Texts) -> Vec<Badge> {
    let mut badges: Vec<Badge> = known
        .iter()
        .filter_map(|(key, word)| {
            let value = why::value(table.get(key)?);
            Some(badge(word, &fill_plain(t.badge_argument, &[key, &value])))
        })
        .collect();
    let is_known = |key: &[u8]| known.iter().any(|(known, _)| known.as_bytes() == key);
    if table.0.iter().any(|(key, _)| !is_known(key.as_bytes())) {
        badges.push(badge("Args", &why::table(table)));
    }
    badges
}

/// The badges of an exchange.
pub fn exchange(view: &ExchangeView, t: &Texts) -> Vec<Badge> {
    let mut badges = Vec::new();
    if view.durable {
        badges.push(badge("D", t.badge_durable));
    }
    if view.auto_delete {
        badges.push(badge("AD", t.badge_auto_delete));
    }
    if view.internal {
        badges.push(badge("I", t.badge_internal));
    }
    if let Some(alternate) = &view.alternate {
        let title = fill_plain(t.badge_alternate, &[alternate]);
        badges.push(badge("AE", &title));
    }
    badges.extend(
        arguments(&view.arguments, &[("alternate-exchange", "AE")], t)
            .into_iter()
            .filter(|badge| &*badge.text != "AE"),
    );
    badges
}

/// The badges of a queue.
pub fn queue(view: &QueueView, t: &Texts) -> Vec<Badge> {
    let mut badges = Vec::new();
    if view.durable {
        badges.push(badge("D", t.badge_durable));
    }
    if view.auto_delete {
        badges.push(badge("AD", t.badge_auto_delete));
    }
    if view.exclusive.is_some() {
        badges.push(badge("Excl", t.badge_exclusive));
    }
    badges.extend(arguments(&view.arguments, &QUEUE_ARGUMENTS, t));
    badges
}

/// The badges of the policies in force for a queue: their names, and what they set.
pub fn policies(view: &QueueView, lang: Lang) -> Vec<Badge> {
    let t = lang.arguments();
    let definition = why::table(&view.effective_policy);
    let of = |template, name: &str| badge(name, &fill_plain(template, &[&name, &definition]));
    let policy = view.policy.iter();
    let operator = view.operator_policy.iter();
    policy
        .map(|name| of(t.badge_policy, name))
        .chain(operator.map(|name| of(t.badge_operator, name)))
        .collect()
}
