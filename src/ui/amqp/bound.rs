//! Bindings as they stand in every picture: painted once, for a run that plays mostly changes none of them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::amqp::view::Binding;
use crate::ui::canvas::scene::{Edge, NodeId};
use crate::ui::shared::Shared;
use crate::ui::text::Lang;

/// The edges of bindings, and what the nodes at their ends tell of them.
#[derive(Clone, Debug, Default)]
pub struct Bound {
    lang: Lang,
    bindings: Vec<Rc<Binding>>,
    pub edges: Vec<Shared<Edge>>,
    /// For readers, behind what a node says of itself.
    pub told: FxHashMap<NodeId, String>,
}

impl Bound {
    /// Whether this is what `bindings` look like. A binding never changes; its exchange can only go together with it.
    pub fn is_of(&self, bindings: &[Rc<Binding>], lang: Lang) -> bool {
        let pairs = || self.bindings.iter().zip(bindings);
        self.lang == lang
            && self.bindings.len() == bindings.len()
            && pairs().all(|(old, new)| Rc::ptr_eq(old, new))
    }

    /// What `bindings` look like.
    pub fn new(
        bindings: &[Rc<Binding>],
        lang: Lang,
        edges: Vec<Shared<Edge>>,
        told: FxHashMap<NodeId, String>,
    ) -> Bound {
        Bound {
            lang,
            bindings: bindings.to_vec(),
            edges,
            told,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{Engine, Update};
    use crate::scenario::Scenario;
    use crate::ui::amqp::book::Book;
    use crate::ui::amqp::paint::{Painter, Plans};
    use crate::ui::canvas::scene::{Edge, Emphasis, Scene};
    use crate::ui::shared::Shared;
    use crate::ui::text::Lang;

    const SHOP: &str = r#"{"version": 1,
        "topology": {
            "exchanges": [{"name": "orders", "type": "topic"}],
            "queues": [{"name": "work"}, {"name": "audit"}],
            "bindings": [
                {"source": "orders", "queue": "work", "routingKey": "eu.*"},
                {"source": "orders", "queue": "audit", "routingKey": "us.*"}]},
        "programs": [{"name": "shop", "kind": "producer", "paceMs": 1, "script": [
            "sleep 1s", "publish orders key=eu.new \"first\"", "sleep 1s", "bind orders -> audit key=eu.new"]}]}"#;

    fn engine() -> Engine {
        let scenario = Scenario::parse(SHOP).expect("a sound scenario");
        Engine::load(&scenario).expect("it can be set up")
    }

    /// What `book`'s painter makes of a moment; the same is to come from one who has painted nothing before.
    fn scene(engine: &Engine, update: &Update, book: &mut Book, lang: Lang) -> Scene {
        book.take(update);
        let mut fresh = book.clone();
        fresh.bound = Default::default();
        fresh.captions = Default::default();
        let message = update
            .view
            .broker
            .queues
            .iter()
            .flat_map(|q| &q.head)
            .next();
        let journey = message.and_then(|ready| engine.explain(ready.message.id));
        let plans = Plans::new();
        let paint = |book: &Book, is_explained: bool| {
            let painter = Painter {
                world: &update.view,
                book,
                plans: &plans,
                lang,
                journey: journey.as_ref().filter(|_| is_explained),
                answer: None,
            };
            painter.scene()
        };
        for is_explained in [true, false] {
            let (known, new) = (paint(book, is_explained), paint(&fresh, is_explained));
            assert_eq!(plain(&known), plain(&new));
        }
        paint(book, false)
    }

    fn plain(scene: &Scene) -> (Vec<&Edge>, Vec<String>) {
        let edges = scene.edges.iter().map(|edge| &**edge).collect();
        let nodes = scene.nodes.iter().map(|node| format!("{:?}", **node));
        (edges, nodes.collect())
    }

    fn bindings(scene: &Scene) -> Vec<&Shared<Edge>> {
        let edges = scene.edges.iter();
        edges
            .filter(|edge| edge.id.as_str().starts_with("bind:"))
            .collect()
    }

    fn says(scene: &Scene, node: &str) -> String {
        let node = scene.node(&node.into()).expect("it stands");
        node.describe.to_string()
    }

    #[test]
    fn bindings_are_painted_again_only_when_they_are_others_or_told_in_another_language() {
        let (mut engine, mut book) = (engine(), Book::default());
        let update = engine.opened();
        let start = scene(&engine, &update, &mut book, Lang::En);
        assert_eq!(bindings(&start).len(), 2);
        engine.play();
        let update = engine.advance(1_500.0);
        let published = scene(&engine, &update, &mut book, Lang::En);
        assert_eq!(bindings(&published), bindings(&start), "the same pointers");
        assert!(says(&published, "queue:work").contains("1 ready"));
        assert!(says(&published, "queue:work").ends_with("bound from orders (eu.*)"));
        let update = engine.advance(1_000.0);
        let bound = scene(&engine, &update, &mut book, Lang::En);
        assert_eq!(bindings(&bound).len(), 3);
        assert!(says(&bound, "queue:audit").contains("eu.new"));
        let chinese = scene(&engine, &update, &mut book, Lang::Zh);
        assert_ne!(bindings(&chinese)[0].describe, bindings(&bound)[0].describe);
    }

    #[test]
    fn what_explains_one_message_is_not_kept_for_the_next_picture() {
        let (mut engine, mut book) = (engine(), Book::default());
        book.take(&engine.opened());
        engine.play();
        let update = engine.advance(1_500.0);
        // Explained first, by `scene`.
        let after = scene(&engine, &update, &mut book, Lang::En);
        let emphasis = |edge: &&Shared<Edge>| edge.emphasis == Emphasis::Normal;
        assert!(bindings(&after).iter().all(emphasis));
    }
}
