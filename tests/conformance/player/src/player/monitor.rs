//! The one connection that takes no part in the program: it looks at the queues, and in the end puts everything away.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{MS_TO_NOTICE_A_LOSS, Player, Rows};
use crate::client::Received;
use crate::transport::{Patience, Transport};

impl<T: Transport> Player<T> {
    /// What a passive declare says of every queue that was made.
    pub(super) fn look_at_queues(&mut self) -> Rows {
        let mut queues: Vec<(Value, String)> = self
            .seen_queues
            .iter()
            .map(|real| (self.named(json!(real)), real.clone()))
            .collect();
        queues.sort_by_key(|(name, _)| name.as_str().map(str::to_owned));
        let mut rows = Vec::new();
        for (name, real) in queues {
            let args = json!({"queue": real, "passive": true});
            rows.push(match self.ask("Queue.Declare", &args) {
                Some(("Queue.DeclareOk", args)) => json!(["~", 0, "queue", {
                    "queue": name, "ready": args["message_count"],
                    "consumers": args["consumer_count"]}]),
                // A queue that is gone was forgotten before the rows were taken.
                Some(("Channel.Close", args)) if args["reply_code"] == json!(404) => {
                    self.seen_queues.remove(&real);
                    continue;
                }
                Some(("Channel.Close", args)) => {
                    json!(["~", 0, "queue", {"queue": name, "error": args["reply_code"]}])
                }
                other => {
                    json!(["~", 0, "queue", {"queue": name, "answer": format!("{other:?}")}])
                }
            });
        }
        rows
    }

    /// What the broker answers the one who looks: the reply, or the closing of the channel.
    fn ask(&mut self, name: &str, args: &Value) -> Option<(&'static str, Value)> {
        let (transport, monitor) = (&mut self.transport, &mut self.monitor);
        if monitor.open_channels.insert(1) {
            monitor.send(transport, 1, "Channel.Open", &json!({}));
        }
        monitor.send(transport, 1, name, args);
        let answer = loop {
            let mut all = monitor.receive(transport, Patience::ForReply);
            let last = all.pop()?;
            if last.name != "Channel.OpenOk" {
                break last;
            }
        };
        if answer.name == "Channel.Close" {
            monitor.send(transport, 1, "Channel.CloseOk", &json!({}));
            monitor.open_channels.remove(&1);
        }
        Some((answer.name, answer.args))
    }

    /// Closes the connections and deletes what the program made, so that the broker is as before.
    pub fn clean_up(mut self, steps: &[Value]) {
        let close = json!({"reply_code": 200, "reply_text": "bye"});
        for client in self.clients.values_mut().filter(|it| it.alive) {
            client.send(&mut self.transport, 0, "Connection.Close", &close);
            let is_closed = |all: &[Received]| {
                all.is_empty() || all.iter().any(|it| it.name == "Connection.CloseOk")
            };
            while !is_closed(&client.receive(&mut self.transport, Patience::ForReply)) {}
            client.hang_up(&mut self.transport);
        }
        let named = |op: &str, field: &str| -> BTreeSet<String> {
            let names = steps.iter().filter(|step| step["op"] == op);
            names
                .filter_map(|step| step["args"][field].as_str())
                .filter(|name| !name.is_empty() && !name.starts_with("amq."))
                .map(str::to_owned)
                .collect()
        };
        let mut queues = named("queue.declare", "queue");
        queues.append(&mut self.seen_queues);
        for queue in queues {
            // A queue that was exclusive to a connection stays locked until the broker has noticed its end.
            for _ in 0..20 {
                match self.ask("Queue.Delete", &json!({"queue": queue})) {
                    Some(("Channel.Close", args)) if args["reply_code"] == json!(405) => {
                        self.transport.rest(MS_TO_NOTICE_A_LOSS);
                    }
                    _ => break,
                }
            }
        }
        for exchange in named("exchange.declare", "exchange") {
            self.ask("Exchange.Delete", &json!({"exchange": exchange}));
        }
        self.monitor.hang_up(&mut self.transport);
    }
}
