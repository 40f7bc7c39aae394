//! The driver as the canvas's editing uses it: several commands as one step, and questions without a message.

use std::rc::Rc;

use super::{Driver, Run};
use crate::engine::{ProgramCommand, StepRecord, WorldCommand};
use crate::ui::amqp::forms::programs::Plan;
use crate::ui::amqp::picture::{Answer, Question};

impl Driver {
    /// Where a producer publishes to from now on, unless it is told otherwise.
    pub fn plan(&self, program: Rc<str>, plan: Plan) {
        if self.refuses() {
            return;
        }
        self.with(|run| Rc::make_mut(&mut run.plans).insert(program, plan));
        self.turn();
    }

    /// Several commands as one step of undo. Programs that are added without a number get one.
    pub fn together(&self, mut commands: Vec<WorldCommand>) -> Vec<StepRecord> {
        for command in &mut commands {
            if let WorldCommand::Program(ProgramCommand::Add { program, .. }) = command
                && program.0 == 0
            {
                *program = self.with(|run| run.engine.new_program_id());
            }
        }
        self.submit(WorldCommand::Together(commands))
    }

    /// Asks what bindings would do with a message, or stops asking.
    pub fn try_message(&self, question: Option<Question>) {
        if self.with(|run| std::mem::replace(&mut run.question, question.clone())) != question {
            self.turn();
        }
    }
}

impl Run {
    /// What the bindings of this moment say to what is asked.
    pub(super) fn answer(&self) -> Option<Rc<Answer>> {
        let question = self.question.as_ref()?;
        let visits = self.engine.what_if(
            &question.exchange,
            &question.routing_key,
            &question.properties,
        );
        Some(Rc::new(Answer {
            question: question.clone(),
            visits,
        }))
    }
}
