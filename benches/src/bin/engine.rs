//! The native contestant of `cargo xtask bench engine`. A line on standard input is a round.
//!
//! `engine WORKLOAD SIZE kept|dropped` answers each line `go` with `COUNT NANOSECONDS` of CPU time;
//! `engine topics N` prints N patterns and, after an empty line, the keys.

use std::io::{self, BufRead};

use mq_playground_bench::topics::Topics;
use mq_playground_bench::workload::{Events, Ready};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["topics", patterns] => {
            let topics = Topics::new(patterns.parse().expect("a number of patterns"));
            println!(
                "{}\n\n{}",
                topics.patterns.join("\n"),
                topics.keys.join("\n")
            );
        }
        [workload, size, events] => {
            keep_memory();
            let workload = workload.parse().expect("the name of a workload");
            let size = size.parse().expect("a number of messages");
            let events = match events {
                "kept" => Events::Kept,
                _ => Events::Dropped,
            };
            for line in io::stdin().lock().lines() {
                line.expect("lines of text");
                let mut ready = Ready::new(workload, size, events);
                let before = cpu_nanoseconds();
                let count = ready.run();
                println!("{count} {}", cpu_nanoseconds() - before);
            }
        }
        _ => panic!("engine WORKLOAD SIZE kept|dropped, or engine topics N"),
    }
}

/// Memory that was had once is kept from round to round, as that of wasm is.
#[cfg(target_os = "linux")]
fn keep_memory() {
    // SAFETY: both settings only say when the allocator of C gives memory back.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, i32::MAX);
        libc::mallopt(libc::M_TRIM_THRESHOLD, i32::MAX);
    }
}

#[cfg(not(target_os = "linux"))]
fn keep_memory() {}

/// CPU time of this process, user and system.
#[cfg(unix)]
fn cpu_nanoseconds() -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the clock is one that every Unix has, and the pointer is to a timespec of ours.
    let answer = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    assert_eq!(answer, 0, "a process has a CPU clock");
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Elsewhere the clock on the wall has to do; on an idle machine it says the same.
#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "a benchmark looks at the clock")]
fn cpu_nanoseconds() -> u64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}
