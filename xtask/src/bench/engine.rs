//! `cargo xtask bench engine`: goals P1 and P3 to P8.

use std::process::Command;

use super::Settings;
use super::contestant::{Contestant, WarmUp, take_turns};
use super::figures::{Figure, Goal, Peer, Report, Unit, load};
use super::stage::{Events, Heat, Level, MOCK, QLOBBER, SMQP, Stage, Who};
use crate::problem::Result;
use crate::process::output_of;
use crate::project::Project;

/// Builds, fetches, measures, prints.
pub fn run(project: &Project, settings: &Settings, report: &mut Report) -> Result<()> {
    let stage = Stage::set(project, settings)?;
    let node = output_of(Command::new("node").arg("--version")).unwrap_or_default();
    println!(
        "smqp {SMQP}, qlobber {QLOBBER}, mock-amqplib {MOCK}, Node.js {node}; bodies of 100 bytes; median of {} rounds, \
         CPU time; wasm as the package for JavaScript is built; load before {}",
        settings.rounds,
        load()
    );
    stage.direct(report)?;
    stage.api(report)?;
    stage.topics(report)?;
    stage.hashes(report)?;
    stage.others(report)?;
    stage.memory(report)?;
    if settings.levels {
        stage.levels(report)?;
    }
    println!("load after {}", load());
    Ok(())
}

impl Stage<'_> {
    fn direct(&self, report: &mut Report) -> Result<()> {
        let by = [
            (WASM, Events::Kept),
            (WASM, Events::Dropped),
            (Who::Smqp, Events::Dropped),
            (Who::Native, Events::Kept),
            (Who::Native, Events::Dropped),
        ];
        let all = self.heat(&Heat {
            workload: "direct",
            size: 100_000,
            by: &by,
        })?;
        let rate = |index: usize| all[index].rate();
        let smqp = |value| {
            Some(Peer {
                name: "smqp".into(),
                value,
            })
        };
        for (id, name, value, goal) in [
            ("P1", "a direct + ack, events on", rate(0), 20.0),
            ("P1", "a direct + ack, nobody listens", rate(1), 30.0),
        ] {
            report.add(&per_second(
                id,
                name,
                value,
                smqp(rate(2)),
                Goal::Times(goal),
            ));
        }
        let kept = |name: &'static str, with: usize, without: usize| Figure {
            id: "P8",
            name: name.to_owned(),
            value: all[with].cost(),
            unit: Unit::Nanoseconds,
            peer: Some(Peer {
                name: "dropping them".into(),
                value: all[without].cost(),
            }),
            goal: Some(Goal::NoMoreTimes(1.5)),
        };
        report.add(&kept("a keeping events, wasm", 0, 1));
        report.add(&kept("a keeping events, native", 3, 4));
        report.add(&against_native("a direct + ack", &all[1], &all[4]));
        // a' costs per message at depth, compared with a in the same run.
        self.backlog(report, all[1].cost())
    }

    /// What scripts feel: the border between JavaScript and wasm is crossed with names and bytes.
    fn api(&self, report: &mut Report) -> Result<()> {
        let mut all = Vec::new();
        for (workload, who) in [
            ("direct", Who::Package),
            ("batched", Who::Package),
            ("direct", Who::Smqp),
        ] {
            all.extend(self.start(&Heat {
                workload,
                size: 100_000,
                by: &[(who, Events::Dropped)],
            })?);
        }
        take_turns(&mut all, self.rounds, WarmUp::Yes)?;
        for (name, value, goal) in [
            ("a public API, names and bytes", all[0].rate(), 3.0),
            ("a public API, 100 at a time", all[1].rate(), 8.0),
        ] {
            let peer = Peer {
                name: "smqp".into(),
                value: all[2].rate(),
            };
            report.add(&per_second(
                "P2",
                name,
                value,
                Some(peer),
                Goal::Times(goal),
            ));
        }
        report.unmeasured("P2", "the same in Chromium", "only Node.js is measured");
        Ok(())
    }

    fn backlog(&self, report: &mut Report, direct: f64) -> Result<()> {
        let all = self.heat(&Heat {
            workload: "backlog",
            size: 100_000,
            by: &ALL,
        })?;
        report.add(&per_second(
            "P6",
            "a' backlog of 100,000, then ack",
            all[0].rate(),
            Some(Peer {
                name: "smqp".into(),
                value: all[2].rate(),
            }),
            Goal::Times(100.0),
        ));
        report.add(&Figure {
            id: "P6",
            name: "a' a message at depth 100,000".to_owned(),
            value: all[0].cost(),
            unit: Unit::Nanoseconds,
            peer: Some(Peer {
                name: "a".into(),
                value: direct,
            }),
            goal: Some(Goal::NoMoreTimes(2.0)),
        });
        report.add(&against_native("a' backlog", &all[0], &all[1]));
        Ok(())
    }

    fn topics(&self, report: &mut Report) -> Result<()> {
        let size = 10_000;
        let all = self.heat(&Heat {
            workload: "topic",
            size,
            by: &ALL,
        })?;
        report.add(&per_second(
            "P3",
            "b topic, 1,000 bindings",
            all[0].rate(),
            Some(Peer {
                name: "smqp".into(),
                value: all[2].rate(),
            }),
            Goal::Times(60.0),
        ));
        report.add(&against_native("b topic", &all[0], &all[1]));
        drop(all);
        // Ours against ours, so they must take turns with each other.
        let mut both = Vec::new();
        for workload in ["topic", "topic-crowded"] {
            both.extend(self.start(&Heat {
                workload,
                size,
                by: &[(WASM, Events::Dropped)],
            })?);
        }
        take_turns(&mut both, self.rounds, WarmUp::Yes)?;
        report.add(&ours_twice(
            "P3",
            "b a delivery, 10,000 bindings",
            &both[1],
            ("1,000", &both[0]),
            1.5,
        ));
        drop(both);
        let matching = self.heat(&Heat {
            workload: "matching",
            size: 100_000,
            by: &[
                (WASM, Events::Dropped),
                (Who::Native, Events::Dropped),
                (Who::Qlobber, Events::Dropped),
            ],
        })?;
        report.add(&per_second(
            "P3",
            "matches, 1,000 patterns",
            matching[0].rate(),
            Some(Peer {
                name: "qlobber".into(),
                value: matching[2].rate(),
            }),
            Goal::Times(2.0),
        ));
        Ok(())
    }

    fn hashes(&self, report: &mut Report) -> Result<()> {
        let mut both = Vec::new();
        for workload in ["six-hashes", "two-hashes"] {
            both.extend(self.start(&Heat {
                workload,
                size: 50_000,
                by: &[(WASM, Events::Dropped)],
            })?);
        }
        take_turns(&mut both, self.rounds, WarmUp::Yes)?;
        report.add(&ours_twice(
            "P4",
            "a pattern with six #, a key of 24 words",
            &both[0],
            ("two #", &both[1]),
            3.0,
        ));
        Ok(())
    }

    fn others(&self, report: &mut Report) -> Result<()> {
        for (workload, name, size, peer, goal) in [
            (
                "fanout",
                "c fanout to 100 queues + ack",
                100_000,
                (Who::Smqp, "smqp"),
                50.0,
            ),
            (
                "headers",
                "d headers, 100 bindings, all",
                20_000,
                (Who::Mock, "mock-amqplib"),
                4.0,
            ),
            (
                "dead-letter",
                "e reject, dead letter, ack",
                50_000,
                (Who::Smqp, "smqp"),
                20.0,
            ),
        ] {
            let (who, peer) = peer;
            let all = self.heat(&Heat {
                workload,
                size,
                by: &[
                    (WASM, Events::Dropped),
                    (Who::Native, Events::Dropped),
                    (who, Events::Dropped),
                ],
            })?;
            let value = all[2].rate();
            report.add(&per_second(
                "P5",
                name,
                all[0].rate(),
                Some(Peer {
                    name: peer.into(),
                    value,
                }),
                Goal::Times(goal),
            ));
            report.add(&against_native(name, &all[0], &all[1]));
        }
        Ok(())
    }

    fn memory(&self, report: &mut Report) -> Result<()> {
        let mut all = self.start(&Heat {
            workload: "waiting",
            size: 100_000,
            by: &[(WASM, Events::Dropped), (Who::Smqp, Events::Dropped)],
        })?;
        // Memory of wasm never shrinks, so the first round alone tells.
        take_turns(&mut all, 1, WarmUp::No)?;
        let figure = |peer, goal| Figure {
            id: "P7",
            name: "a queued message of 100 bytes".to_owned(),
            value: all[0].bytes(),
            unit: Unit::Bytes,
            peer,
            goal: Some(goal),
        };
        report.add(&figure(None, Goal::Limit(200.0)));
        let smqp = Peer {
            name: "smqp".into(),
            value: all[1].bytes(),
        };
        report.add(&figure(Some(smqp), Goal::NoMoreTimes(1.0 / 3.0)));
        Ok(())
    }

    /// What small code costs: as the page is built, and opt-level s.
    fn levels(&self, report: &mut Report) -> Result<()> {
        for (workload, name, size) in [
            ("direct", "a direct + ack", 100_000),
            ("topic", "b topic", 10_000),
            ("fanout", "c fanout", 100_000),
            ("headers", "d headers", 20_000),
            ("dead-letter", "e dead letter", 50_000),
        ] {
            let all = self.heat(&Heat {
                workload,
                size,
                by: &[
                    (WASM, Events::Dropped),
                    (Who::Wasm(Level::Page), Events::Dropped),
                    (Who::Wasm(Level::S), Events::Dropped),
                ],
            })?;
            for (index, level) in [(1, "z, as the page"), (2, "s")] {
                report.add(&Figure {
                    id: "-",
                    name: format!("{name}, opt-level {level}"),
                    value: all[index].rate(),
                    unit: Unit::PerSecond,
                    peer: Some(Peer {
                        name: "3".into(),
                        value: all[0].rate(),
                    }),
                    goal: None,
                });
            }
        }
        Ok(())
    }
}

const WASM: Who = Who::Wasm(Level::Engine);
const ALL: [(Who, Events); 3] = [
    (WASM, Events::Dropped),
    (Who::Native, Events::Dropped),
    (Who::Smqp, Events::Dropped),
];

fn per_second(id: &'static str, name: &str, value: f64, peer: Option<Peer>, goal: Goal) -> Figure {
    Figure {
        id,
        name: name.to_owned(),
        value,
        unit: Unit::PerSecond,
        peer,
        goal: Some(goal),
    }
}

fn against_native(name: &str, wasm: &Contestant, native: &Contestant) -> Figure {
    Figure {
        id: "P8",
        name: format!("{name}, in wasm"),
        value: wasm.cost(),
        unit: Unit::Nanoseconds,
        peer: Some(Peer {
            name: "native".into(),
            value: native.cost(),
        }),
        goal: Some(Goal::NoMoreTimes(2.5)),
    }
}

fn ours_twice(
    id: &'static str,
    name: &str,
    it: &Contestant,
    (peer, other): (&'static str, &Contestant),
    most: f64,
) -> Figure {
    Figure {
        id,
        name: name.to_owned(),
        value: it.cost(),
        unit: Unit::Nanoseconds,
        peer: Some(Peer {
            name: peer.into(),
            value: other.cost(),
        }),
        goal: Some(Goal::NoMoreTimes(most)),
    }
}
