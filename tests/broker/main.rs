//! What a user of the broker would notice, as scripts in and transcripts out; the same tests run natively and in the
//! browser. Rules are named by their numbers in the semantics page (RabbitMQ's source and documentation).

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod features;
mod harness;
mod ledger;
mod operator;

mod administration;
mod alarms;
mod arguments;
mod between;
mod bindings;
mod bounds;
mod channels;
mod compare;
mod confirms;
mod consistent_hash;
mod consumers;
mod dead_letters;
mod definitions;
mod delayed;
mod editing;
mod engine;
mod errors;
mod exchanges;
mod faults;
mod frames;
mod headers;
mod limits;
mod links;
mod permissions;

mod policies;
mod policy_keys;
mod prefetch;
mod program_limits;
mod programs;
mod properties;
mod publish;
mod queues;
mod quorum;
mod quorum_returns;
mod random;
mod reply_to;
mod restart;
mod scenario_format;
mod scenario_text;
mod scenarios;
mod settling;
mod single_active;
mod streams;
mod tally;
mod time;
mod timeouts;
mod transactions;
