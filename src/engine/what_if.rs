//! Where a message would go, without publishing one: every exchange it would meet, and what each binding says to it.

use crate::amqp::{Broker, Destination, ExchangeId, Properties, RoutingKey};
use crate::engine::journey::ExchangeVisit;

/// The exchanges such a message would meet, the first one published to; each once, as routing does (semantics 6.9, 8).
pub(super) fn visits(
    broker: &Broker,
    start: &ExchangeId,
    routing_key: &RoutingKey,
    properties: &Properties,
) -> Vec<ExchangeVisit> {
    let alternates = broker.view().exchanges;
    let mut to_visit = vec![start.clone()];
    let mut visits: Vec<ExchangeVisit> = Vec::new();
    while let Some(exchange) = to_visit.get(visits.len()).cloned() {
        let explanations = broker.explain(&exchange, routing_key, properties);
        let mut next: Vec<ExchangeId> = explanations
            .iter()
            .filter(|explanation| explanation.matched)
            .filter_map(|explanation| match &explanation.binding.destination {
                Destination::Exchange(exchange) => Some(exchange.clone()),
                Destination::Queue(_) => None,
            })
            .collect();
        if !explanations.iter().any(|explanation| explanation.matched) {
            let found = alternates.iter().find(|view| view.id == exchange);
            let alternate = found.and_then(|view| view.alternate.clone());
            // One that is not declared is asked for nothing.
            next.extend(alternate.filter(|id| alternates.iter().any(|view| view.id == *id)));
        }
        for exchange in next {
            if !to_visit.contains(&exchange) {
                to_visit.push(exchange);
            }
        }
        visits.push(ExchangeVisit {
            exchange,
            explanations,
        });
    }
    visits
}
