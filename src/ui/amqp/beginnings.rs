//! Five beginnings for an empty canvas: small topologies with programs that run, to be changed.

use crate::scenario::Scenario;
use crate::ui::amqp::page::{Page, Sheet};
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::sketch::Sketch;
use crate::ui::store::Action;
use crate::ui::text::{InspectTexts, Lang};

/// A beginning: a scenario without a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    Tasks,
    Fanout,
    Topics,
    Retry,
    Alternate,
}

impl Beginning {
    /// Every beginning, the simplest first.
    pub const ALL: [Beginning; 5] = [
        Beginning::Tasks,
        Beginning::Fanout,
        Beginning::Topics,
        Beginning::Retry,
        Beginning::Alternate,
    ];

    /// What it is about.
    pub fn label(self, i: &'static InspectTexts) -> &'static str {
        match self {
            Beginning::Tasks => i.begin_task,
            Beginning::Fanout => i.begin_fanout,
            Beginning::Topics => i.begin_topic,
            Beginning::Retry => i.begin_retry,
            Beginning::Alternate => i.begin_alternate,
        }
    }

    const fn json(self) -> &'static str {
        match self {
            Beginning::Tasks => TASKS,
            Beginning::Fanout => FANOUT,
            Beginning::Topics => TOPICS,
            Beginning::Retry => RETRY,
            Beginning::Alternate => ALTERNATE,
        }
    }
}

const TASKS: &str = r##"{"version":1,
"topology":{"queues":[{"name":"tasks","durable":true}]},
"programs":[
{"name":"shop","kind":"producer","colour":0,"script":["connect","channel","repeat 20","publish \"\" key=tasks \"pack an order\" persistent","sleep 700ms","end"]},
{"name":"worker 1","kind":"consumer","colour":1,"script":["connect","channel","qos 1","consume tasks work=1500ms"]},
{"name":"worker 2","kind":"consumer","colour":2,"script":["connect","channel","qos 1","consume tasks work=2500ms"]}]}"##;

const FANOUT: &str = r##"{"version":1,
"topology":{"exchanges":[{"name":"news","type":"fanout","durable":true}],
"queues":[{"name":"mail","durable":true},{"name":"phone","durable":true}],
"bindings":[{"source":"news","queue":"mail"},{"source":"news","queue":"phone"}]},
"programs":[
{"name":"editor","kind":"producer","colour":0,"script":["connect","channel","repeat 20","publish news \"it rains\"","sleep 1s","end"]},
{"name":"mailer","kind":"consumer","colour":1,"script":["connect","channel","qos 2","consume mail work=800ms"]},
{"name":"pusher","kind":"consumer","colour":2,"script":["connect","channel","qos 2","consume phone work=1600ms"]}]}"##;

const TOPICS: &str = r##"{"version":1,
"topology":{"exchanges":[{"name":"orders","type":"topic","durable":true}],
"queues":[{"name":"europe","durable":true},{"name":"cancelled","durable":true},{"name":"audit","durable":true}],
"bindings":[{"source":"orders","queue":"europe","routingKey":"order.eu.*"},{"source":"orders","queue":"cancelled","routingKey":"order.*.cancelled"},{"source":"orders","queue":"audit","routingKey":"order.#"}]},
"programs":[
{"name":"shop","kind":"producer","colour":0,"script":["connect","channel","repeat 8","publish orders key=order.eu.new \"one book\"","sleep 900ms","publish orders key=order.us.cancelled \"no lamp\"","sleep 900ms","publish orders key=order.eu.cancelled \"no book\"","sleep 900ms","end"]},
{"name":"clerk","kind":"consumer","colour":1,"script":["connect","channel","qos 1","consume europe work=1200ms"]},
{"name":"refunds","kind":"consumer","colour":2,"script":["connect","channel","qos 1","consume cancelled work=1500ms"]},
{"name":"auditor","kind":"consumer","colour":3,"script":["connect","channel","consume audit auto"]}]}"##;

const RETRY: &str = r##"{"version":1,
"topology":{"exchanges":[{"name":"retry","type":"fanout","durable":true}],
"queues":[{"name":"work","durable":true,"arguments":{"x-dead-letter-exchange":"retry"}},{"name":"wait 5 s","durable":true,"arguments":{"x-message-ttl":5000,"x-dead-letter-exchange":"","x-dead-letter-routing-key":"work"}}],
"bindings":[{"source":"retry","queue":"wait 5 s"}]},
"programs":[
{"name":"shop","kind":"producer","colour":0,"script":["connect","channel","publish \"\" key=work \"charge the card\" persistent","publish \"\" key=work \"send the mail\" persistent"]},
{"name":"unlucky","kind":"consumer","colour":1,"startAfterMs":1500,"script":["connect","channel","qos 1","repeat 6","get work","sleep 900ms","reject discard","sleep 900ms","end"]}]}"##;

const ALTERNATE: &str = r##"{"version":1,
"topology":{"exchanges":[{"name":"unrouted","type":"fanout","durable":true},{"name":"orders","type":"direct","durable":true,"arguments":{"alternate-exchange":"unrouted"}}],
"queues":[{"name":"books","durable":true},{"name":"nobody's","durable":true}],
"bindings":[{"source":"orders","queue":"books","routingKey":"book"},{"source":"unrouted","queue":"nobody's"}]},
"programs":[
{"name":"shop","kind":"producer","colour":0,"script":["connect","channel","repeat 10","publish orders key=book \"a novel\"","sleep 900ms","publish orders key=lamp \"a lamp\"","sleep 900ms","end"]},
{"name":"librarian","kind":"consumer","colour":1,"script":["connect","channel","qos 1","consume books work=1s"]}]}"##;

/// Begins with it, and lets it run.
pub fn begin(page: &Page, beginning: Beginning) {
    page.open.emit(Sheet::Inspector);
    page.dispatch.dispatch(Action::Select(None));
    let loaded = Scenario::parse(beginning.json()).and_then(|mut scenario| {
        scenario.title.en = beginning.label(Lang::En.inspect()).to_string();
        scenario.title.zh = beginning.label(Lang::Zh.inspect()).to_string();
        page.driver.load(&scenario, None)
    });
    // Every beginning can be begun: the test below says so.
    if loaded.is_ok() {
        page.dispatch
            .dispatch(Action::LoadLayout(Pins::new(), Sketch::default()));
        page.driver.play();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    #[test]
    fn every_beginning_can_be_begun() {
        for beginning in Beginning::ALL {
            let scenario = Scenario::parse(beginning.json()).expect("it was written here");
            assert!(Engine::load(&scenario).is_ok(), "{beginning:?}");
        }
    }
}
