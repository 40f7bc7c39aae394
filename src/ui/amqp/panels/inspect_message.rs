//! A message in the panels: a button that leads to its journey, and what it carries.

use yew::prelude::*;

use crate::amqp::{Message, Table, Value};
use crate::ui::amqp::page::{Page, Sheet};
use crate::ui::amqp::paint::payload_line;
use crate::ui::amqp::panels::inspect::{Fact, facts, payload, properties};
use crate::ui::text::ArgumentsTexts;

/// A button that opens the journey of a message.
pub fn message_button(page: &Page, message: &Message, redelivered: bool) -> Html {
    let t = page.t();
    let id = message.id;
    let onclick = page.on(move |page, _: MouseEvent| {
        page.driver.explain(Some(id));
        page.open.emit(Sheet::Journey(id));
    });
    html! {
        <button type="button" class="message" title={t.show_journey} {onclick}>
            <span class="message-id">{ id.to_string() }</span>
            <code>{ payload_line(message, 48) }</code>
            if redelivered { <span class="badge">{ t.redelivered }</span> }
            if message.properties.is_persistent() { <span class="badge">{ t.persistent }</span> }
        </button>
    }
}

/// Everything a message carries, as a list of terms.
pub fn contents(page: &Page, message: &Message) -> Html {
    let t = page.t();
    let exchange = match message.exchange.as_str() {
        "" => t.default_exchange,
        name => name,
    };
    let key = message.routing_key.to_text().into_owned();
    let mut rows: Vec<Fact> = vec![
        (
            t.exchange_title,
            html! { <code>{ exchange.to_string() }</code> },
        ),
        (t.routing_key, html! { <code>{ key }</code> }),
    ];
    rows.extend(properties(page, &message.properties));
    html! {
        <>
            { facts(rows) }
            { deaths(page, message) }
            { payload(page, &message.body, false) }
        </>
    }
}

/// x-death as a table in words: from which queues it came as a dead letter, why and how often; the latest first.
fn deaths(page: &Page, message: &Message) -> Html {
    let t = page.lang.arguments();
    let headers = message.properties.headers.as_ref();
    let deaths: Vec<Death> = headers.map(Death::read).unwrap_or_default();
    if deaths.is_empty() {
        return Html::default();
    }
    let rows = deaths.iter().map(|death| {
        html! {
            <tr>
                <td><code>{ &death.queue }</code></td>
                <td>{ death.reason(t) }{ " " }<code>{ &death.reason }</code></td>
                <td>{ death.count }</td>
                <td><code>{ &death.exchange }</code></td>
                <td><code>{ death.keys.join(", ") }</code></td>
            </tr>
        }
    });
    html! {
        <div class="deaths">
            <h3>{ t.death_title }</h3>
            <table>
                <thead><tr>
                    <th>{ t.death_queue }</th><th>{ t.death_reason }</th><th>{ t.death_count }</th>
                    <th>{ t.death_exchange }</th><th>{ t.death_keys }</th>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

/// One entry of x-death.
#[derive(Debug, Default, PartialEq)]
struct Death {
    queue: String,
    reason: String,
    count: i64,
    exchange: String,
    keys: Vec<String>,
}

impl Death {
    /// The entries of the header, if it is what RabbitMQ writes.
    fn read(headers: &Table) -> Vec<Death> {
        let Some(Value::Array(entries)) = headers.get("x-death") else {
            return Vec::new();
        };
        let tables = entries.iter().filter_map(|entry| match entry {
            Value::Table(table) => Some(table),
            _ => None,
        });
        tables.map(Death::of).collect()
    }

    fn of(table: &Table) -> Death {
        let text = |key: &str| {
            let value = table.get(key).and_then(|value| value.as_str());
            value.unwrap_or_default().to_string()
        };
        let keys = match table.get("routing-keys") {
            Some(Value::Array(keys)) => keys.iter().filter_map(|key| key.as_str()).collect(),
            _ => Vec::new(),
        };
        Death {
            queue: text("queue"),
            reason: text("reason"),
            count: table.get("count").and_then(Value::as_integer).unwrap_or(1),
            exchange: text("exchange"),
            keys: keys.into_iter().map(str::to_string).collect(),
        }
    }

    fn reason(&self, t: &ArgumentsTexts) -> &'static str {
        match self.reason.as_str() {
            "rejected" => t.death_rejected,
            "expired" => t.death_expired,
            "maxlen" => t.death_maxlen,
            "delivery_limit" => t.death_limit,
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_of_x_death_is_a_row() {
        let entry = Table::new()
            .with("queue", "work")
            .with("reason", "expired")
            .with("count", 2_i64)
            .with("exchange", "orders");
        let mut entry = entry;
        let keys = Value::Array(vec![Value::from("order.new")]);
        entry.0.push(("routing-keys".into(), keys));
        let mut headers = Table::new();
        let deaths = Value::Array(vec![Value::Table(entry), Value::Bool(true)]);
        headers.0.push(("x-death".into(), deaths));
        let read = Death::read(&headers);
        let expected = Death {
            queue: "work".to_string(),
            reason: "expired".to_string(),
            count: 2,
            exchange: "orders".to_string(),
            keys: vec!["order.new".to_string()],
        };
        assert_eq!(read, [expected]);
        let t = crate::ui::text::Lang::En.arguments();
        assert_eq!(read[0].reason(t), "its time to live ran out");
        assert_eq!(Death::read(&Table::new().with("x-death", "tea")), []);
    }
}
