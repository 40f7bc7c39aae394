//! Simulated programs: a short script each, run line by line as a blocking client would.
//!
//! A program is a value: it is told what happened in the broker and says what it does next and when. It holds no
//! clock and no chance of its own, so a run with programs replays exactly.

pub mod program;
pub mod script;
pub mod session;
pub mod spec;

pub use program::{Program, ProgramAction};
pub use script::{Script, ScriptError};
pub use session::{Session, SessionChange};
pub use spec::{
    AckMode, MAX_PROGRAMS, ProgramId, ProgramKind, ProgramSpec, ProgramState, ProgramView,
};
