//! The engine as a page uses it: playback, the inbox, undo, programs, journeys, export.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mq_playground::actors::{AckMode, ProgramKind, ProgramSpec, ProgramState};
use mq_playground::amqp::protocol::ClientMethod;
use mq_playground::amqp::protocol::method::{BasicPublish, QueueDeclare};
use mq_playground::amqp::{
    Command, Config, Content, DeliveryTag, Event, MessageId, QueueName, RoutingKey,
};
use mq_playground::engine::{Engine, ProgramEvent, Update, WorldCommand, WorldEvent};
use mq_playground::machine::Origin;
use mq_playground::scenario::{Scenario, catalog};

fn empty() -> Engine {
    Engine::new(Config::default())
}

fn declare(queue: &str) -> ClientMethod {
    ClientMethod::QueueDeclare(QueueDeclare {
        queue: QueueName::from(queue),
        ..QueueDeclare::default()
    })
}

fn publish(queue: &str, body: &str) -> ClientMethod {
    ClientMethod::BasicPublish(Box::new(BasicPublish {
        exchange: "".into(),
        routing_key: RoutingKey::from(queue),
        mandatory: false,
        immediate: false,
        content: Content::text(body),
    }))
}

fn queues(update: &Update) -> Vec<(String, u64, u64)> {
    let queues = update.view.broker.queues.iter();
    queues
        .map(|queue| (queue.id.to_string(), queue.ready, queue.unacked))
        .collect()
}

/// Plays for so many milliseconds, a frame of 16 ms at a time.
fn play(engine: &mut Engine, ms: u32) -> Update {
    engine.play();
    let mut last = engine.advance(0.0);
    for _ in 0..ms.div_ceil(16) {
        last = engine.advance(16.0);
    }
    last
}

#[test]
fn what_a_person_does_takes_effect_at_once_even_while_paused() {
    let mut engine = empty();
    engine.submit_you(declare("work"));
    engine.submit_you(publish("work", "one"));
    assert!(
        engine.view().broker.queues.is_empty(),
        "nothing before the frame"
    );
    let update = engine.advance(16.0);
    assert_eq!(update.steps.len(), 2);
    assert_eq!(queues(&update), [("work".to_string(), 1, 0)]);
    assert_eq!(update.cursor.now.as_ms(), 0, "paused time stands");
    let you = update.view.you.expect("the person is connected");
    assert_eq!(you.connection.0, 0);
}

#[test]
fn the_persons_channel_opens_again_after_an_error() {
    let mut engine = empty();
    engine.submit_you(declare("work"));
    engine.submit_you(ClientMethod::QueueDeclare(QueueDeclare {
        queue: QueueName::from("work"),
        durable: true,
        ..QueueDeclare::default()
    }));
    let update = engine.advance(0.0);
    assert!(update.view.you.is_none(), "406 closed the channel");
    engine.submit_you(publish("work", "one"));
    let update = engine.advance(0.0);
    assert_eq!(queues(&update), [("work".to_string(), 1, 0)]);
    let you = update.view.you.expect("open again");
    engine.submit(
        Origin::User,
        WorldCommand::Broker(Command::DropConnection {
            connection: you.connection,
        }),
    );
    engine.submit_you(publish("work", "two"));
    let update = engine.advance(0.0);
    assert_eq!(queues(&update), [("work".to_string(), 2, 0)]);
    let again = update.view.you.expect("connected again");
    assert_ne!(again.connection, you.connection, "a number is used once");
}

#[test]
fn time_passes_at_the_chosen_speed_and_only_while_it_plays() {
    let mut engine = empty();
    engine.advance(100.0);
    assert_eq!(engine.cursor().now.as_ms(), 0);
    engine.set_speed(2.0);
    engine.play();
    engine.advance(100.0);
    assert_eq!(engine.cursor().now.as_ms(), 200);
    engine.pause();
    engine.advance(100.0);
    assert_eq!(engine.cursor().now.as_ms(), 200);
    engine.set_speed(1e9);
    assert_eq!(engine.cursor().speed, 1000.0);
    engine.set_speed(f64::NAN);
    assert_eq!(engine.cursor().speed, 1000.0);
}

#[test]
fn one_step_does_one_thing() {
    let entry = catalog::CATALOG[0];
    let scenario = Scenario::parse(entry.json()).expect("it is sound");
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    let mut seen = engine.cursor().index;
    while engine.has_next() {
        let update = engine.step_one();
        assert_eq!(update.steps.len(), 1);
        assert_eq!(update.steps[0].index, seen);
        seen += 1;
        let lines = update.steps[0]
            .events
            .iter()
            .filter(|event| matches!(event, WorldEvent::Program(ProgramEvent::Line { .. })));
        assert!(lines.count() <= 1);
    }
    assert!(engine.cursor().at_end);
}

#[test]
fn playing_and_stepping_lead_to_the_same_run() {
    let scenario = Scenario::parse(catalog::CATALOG[1].json()).expect("it is sound");
    let mut stepped = Engine::load(&scenario).expect("it can be set up");
    while stepped.has_next() {
        stepped.step_one();
    }
    let mut played = Engine::load(&scenario).expect("it can be set up");
    played.set_speed(7.3);
    play(&mut played, 4_000);
    assert!(played.cursor().at_end);
    assert_eq!(played.transcript(), stepped.transcript());
}

#[test]
fn any_moment_of_a_run_with_programs_can_be_had_again() {
    let scenario = Scenario::parse(catalog::CATALOG[1].json()).expect("it is sound");
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    let mut views = vec![engine.view()];
    let first = engine.cursor().index;
    while engine.has_next() {
        views.push(engine.step_one().view);
    }
    for (offset, view) in views.iter().enumerate() {
        let state = engine.timeline().state_at(first + offset);
        assert_eq!(state.view(), **view, "after {offset} steps");
    }
}

#[test]
fn undo_goes_back_to_before_the_last_users_step_and_redo_does_it_again() {
    let mut engine = empty();
    assert!(engine.undo().is_none());
    engine.submit_you(declare("work"));
    let id = engine
        .add_program(ProgramSpec::consumer(
            "c",
            &QueueName::from("work"),
            1,
            AckMode::AfterWork(100),
        ))
        .expect("a sound script");
    play(&mut engine, 50);
    engine.submit_you(publish("work", "one"));
    let done = play(&mut engine, 300);
    assert_eq!(queues(&done), [("work".to_string(), 0, 0)]);
    let transcript = engine.transcript();

    let undone = engine.undo().expect("there is a step to take back");
    assert_eq!(queues(&undone), [("work".to_string(), 0, 0)]);
    assert_eq!(undone.rewritten, Some(undone.cursor.index));
    assert!(!undone.cursor.playing, "going back pauses");
    assert!(engine.explain(MessageId(1)).is_none(), "never published");

    let redone = engine.redo().expect("there is a step to do again");
    assert_eq!(redone.view, done.view);
    assert_eq!(engine.transcript(), transcript);
    assert!(redone.steps.len() > 1 && redone.rewritten.is_some());

    engine.undo().expect("again");
    engine.submit_you(publish("work", "another"));
    engine.advance(0.0);
    assert!(!engine.can_redo(), "a new deed makes another future");
    let program = &engine.view().programs[0];
    assert_eq!((program.id, program.kind), (id, ProgramKind::Consumer));
}

#[test]
fn a_hand_made_consumer_is_acknowledged_by_hand() {
    let mut engine = empty();
    engine.submit_you(declare("work"));
    let producer = engine.add_program(ProgramSpec::producer("p"));
    let producer = producer.expect("a sound script");
    let queue = QueueName::from("work");
    let spec = ProgramSpec::consumer("c", &queue, 2, AckMode::ByHand);
    let consumer = engine.add_program(spec).expect("a sound script");
    play(&mut engine, 50);
    for body in ["one", "two", "three"] {
        engine.call_program(producer, publish("work", body));
    }
    let update = engine.advance(0.0);
    assert_eq!(queues(&update), [("work".to_string(), 1, 2)]);
    let view = &update.view.programs[1];
    assert_eq!(view.state, ProgramState::Waiting);
    assert_eq!(view.queue, Some(queue));
    let printed: Vec<String> = view.printed.iter().map(ToString::to_string).collect();
    assert_eq!(printed, ["[x] Received one", "[x] Received two"]);
    engine.call_program(
        consumer,
        ClientMethod::BasicReject {
            delivery_tag: DeliveryTag(1),
            requeue: false,
        },
    );
    let update = engine.advance(0.0);
    assert_eq!(queues(&update), [("work".to_string(), 0, 2)]);
}

#[test]
fn a_crash_gives_messages_back_and_a_restart_begins_again() {
    let mut engine = empty();
    engine.submit_you(declare("work"));
    engine.submit_you(publish("work", "one"));
    let queue = QueueName::from("work");
    let spec = ProgramSpec::consumer("c", &queue, 0, AckMode::ByHand);
    let id = engine.add_program(spec).expect("a sound script");
    let update = play(&mut engine, 50);
    assert_eq!(queues(&update), [("work".to_string(), 0, 1)]);
    let before = update.view.programs[0].connection;
    engine.crash_program(id);
    let update = engine.advance(0.0);
    assert_eq!(queues(&update), [("work".to_string(), 1, 0)]);
    assert_eq!(update.view.programs[0].state, ProgramState::Crashed);
    engine.restart_program(id);
    let update = play(&mut engine, 50);
    assert_eq!(queues(&update), [("work".to_string(), 0, 1)]);
    assert_ne!(update.view.programs[0].connection, before);
    engine.remove_program(id);
    let update = engine.advance(0.0);
    assert!(update.view.programs.is_empty());
    assert_eq!(queues(&update), [("work".to_string(), 1, 0)]);
}

#[test]
fn a_broken_script_is_refused_with_its_place() {
    let mut engine = empty();
    let spec = ProgramSpec::new("p", ProgramKind::Program, "connect\npulbish x");
    let error = engine.add_program(spec).expect_err("a fault");
    assert_eq!((error.line, error.column), (2, 1));
    assert!(engine.advance(0.0).steps.is_empty());
}

#[test]
fn a_program_that_publishes_without_end_does_not_stop_the_page() {
    let mut engine = empty();
    engine.submit_you(declare("work"));
    let script = "repeat forever\npublish '' key=work 'again'\nend";
    let mut spec = ProgramSpec::new("flood", ProgramKind::Producer, script);
    spec.pace_ms = 0;
    engine.add_program(spec).expect("a sound script");
    engine.play();
    engine.advance(16.0);
    let update = engine.advance(1e6);
    assert!(update.steps.len() <= 4_000);
    let now = update.cursor.now;
    assert!(now.as_ms() < 1_000_000, "the clock waits for what is left");
    assert!(engine.advance(16.0).cursor.now >= now);
}

#[test]
fn blocks_repeat_and_a_program_fails_in_the_brokers_words() {
    let mut engine = empty();
    let script =
        "queue q\nrepeat 3\n publish '' key=q 'x'\n print 'sent'\nend\nget missing\nprint 'never'";
    let mut spec = ProgramSpec::new("p", ProgramKind::Program, script);
    spec.pace_ms = 10;
    engine.add_program(spec).expect("a sound script");
    let update = play(&mut engine, 500);
    assert_eq!(queues(&update), [("q".to_string(), 3, 0)]);
    let program = &update.view.programs[0];
    let text = "404 NOT_FOUND - no queue 'missing' in vhost '/'";
    assert_eq!(program.state, ProgramState::Failed(text.into()));
    assert_eq!(program.current_line, Some(5));
    assert_eq!(program.printed.len(), 4, "sent three times, then the error");
    assert!(program.connection.is_some() && program.channel.is_none());
}

#[test]
fn a_journey_tells_a_message_from_its_publishing_to_its_end() {
    let scenario = Scenario::parse(catalog::CATALOG[0].json()).expect("it is sound");
    let mut engine = Engine::load(&scenario).expect("it can be set up");
    while engine.has_next() {
        engine.step_one();
    }
    let journey = engine.explain(MessageId(1)).expect("it was published");
    assert_eq!(&*journey.message.body, b"Hello World!");
    let [visit] = journey.visits.as_slice() else {
        panic!("one exchange: {:?}", journey.visits)
    };
    assert_eq!(visit.exchange.as_str(), "logs");
    assert!(visit.explanations.iter().all(|why| why.matched));
    assert_eq!(visit.explanations.len(), 1);
    let words: Vec<&str> = journey
        .entries
        .iter()
        .map(|entry| match entry.event {
            Event::Published { .. } => "published",
            Event::Hopped { .. } => "hopped",
            Event::Enqueued { .. } => "enqueued",
            Event::Dropped { .. } => "dropped",
            _ => "?",
        })
        .collect();
    assert_eq!(words, ["published", "hopped", "enqueued", "dropped"]);
    assert!(engine.explain(MessageId(2)).is_none());
}

#[test]
fn an_export_loads_into_the_same_playground() {
    let mut engine = empty();
    engine.submit_you(declare("work"));
    let script = concat!(
        "exchange logs topic durable ae=lost; exchange lost fanout; queue audit durable ttl=5s dlx=lost\n",
        "bind logs -> audit key=a.#; bind logs -> exchange lost key=b; queue '' exclusive; bind logs -> $queue",
    );
    let mut spec = ProgramSpec::new("setup", ProgramKind::Program, script);
    spec.pace_ms = 0;
    engine.add_program(spec).expect("a sound script");
    play(&mut engine, 100);
    let exported = engine.export();
    let text = exported.to_json();
    let read = Scenario::parse(&text).expect("what is written can be read");
    assert_eq!(read, exported);
    let again = Engine::load(&read).expect("what is exported can be loaded");
    assert_eq!(again.export(), exported);
    let queues = &again.view().broker.queues;
    let names: Vec<&str> = queues.iter().map(|queue| queue.id.as_str()).collect();
    assert_eq!(
        names,
        ["audit", "work"],
        "the exclusive one is its program's own"
    );
    assert_eq!(again.view().broker.bindings.len(), 2);
}

#[test]
fn clients_numbers_are_their_own() {
    let mut engine = empty();
    let first = engine.new_connection_id();
    let second = engine.new_connection_id();
    assert_ne!(first, second);
    assert!(first.0 >= 1_000_000);
}
