//! Programs that are changed while they run.

use crate::actors::{ProgramId, ProgramSpec, ScriptError};
use crate::ui::driver::Driver;

impl Driver {
    /// Another script, other looks for a program; a script with a fault is refused.
    pub fn edit_program(
        &self,
        program: ProgramId,
        mut spec: ProgramSpec,
    ) -> Result<(), ScriptError> {
        if self.refuses() {
            return Ok(());
        }
        self.with(|run| {
            // Whoever edits it, it stays whose it was.
            let view = run.engine.view();
            let known = view.programs.iter().find(|it| it.id == program);
            spec.login = known.map_or(&view.login, |known| &known.login).clone();
            run.engine.edit_program(program, spec)
        })?;
        self.turn();
        Ok(())
    }
}
