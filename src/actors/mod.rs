//! Simulated programs: a short script each, run line by line as a blocking client would.
//!
//! A program is a value: it is told what happened in the broker and says what it does next and when. It holds no
//! clock, and its chances come from a seed, so a run with programs replays exactly.

mod carry;
pub mod chance;
mod desk;
pub mod fault;
mod fiber;
pub mod form;
mod handle;
pub mod meter;
mod press;
pub mod program;
mod said;
pub mod schedule;
pub mod script;
pub mod session;
pub mod spec;

pub use chance::Delay;
pub use fault::{Fault, Trouble};
pub use form::Form;
pub use meter::Counts;
pub use program::{Program, ProgramAction};
pub use said::{Awaited, Printed, Refusal};
pub use schedule::Schedule;
pub use script::{Reaction, Script, ScriptError, ScriptProblem};
pub use session::{Login, Session, SessionChange};
pub use spec::{
    AckMode, MAX_PROGRAMS, NoticeKind, PRINTED_LINES, ProgramId, ProgramKind, ProgramSpec,
    ProgramState, ProgramView,
};
