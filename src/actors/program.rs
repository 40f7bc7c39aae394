//! One running program.

/// A running program.
#[derive(Clone, Debug)]
pub struct Program {}

/// What a program wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum ProgramAction {}
