//! The run over time as the bar, the charts and the history need it, and the words for branches and for what the person
//! did.

use std::rc::Rc;

use crate::actors::Fault;
use crate::amqp::protocol::ClientMethod;
use crate::amqp::{Command, OperatorCommand};
use crate::engine::{
    BranchId, BranchView, Comparison, Deed, Mark, MarkKind, Piece, ProgramCommand, StepRecord,
    Tally, UntilRun, WorldCommand,
};
use crate::ui::amqp::book::Book;
use crate::ui::canvas::scene::Tone;
use crate::ui::text::{Lang, Sentence, fill, fill_plain};
use crate::ui::timeline::{self, MarkShape};

/// How far one step goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepSize {
    /// A command with everything it causes.
    #[default]
    Command,
    /// One event of a command.
    Event,
}

impl StepSize {
    /// Its name in choices and in what is kept.
    pub const fn name(self) -> &'static str {
        match self {
            StepSize::Command => "command",
            StepSize::Event => "event",
        }
    }

    /// The size of a name; a name from elsewhere is the usual one.
    pub fn parse(name: &str) -> StepSize {
        match name {
            "event" => StepSize::Event,
            _ => StepSize::Command,
        }
    }
}

/// The run over time.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// How long a piece is.
    pub width_ms: u64,
    pub pieces: Vec<Rc<Piece>>,
    /// The numbers where one stands.
    pub tally: Rc<Tally>,
    /// The numbers at the end of what is recorded.
    pub latest: Rc<Tally>,
    pub branches: Vec<BranchView>,
    pub deeds: Vec<Deed>,
    pub is_past: bool,
    /// The step one is inside of, whole.
    pub around: Option<StepRecord>,
    /// How far one step goes.
    pub step_size: StepSize,
    /// One got here by taking something back.
    pub is_undone: bool,
    /// The run begins after so many steps of set-up.
    pub first_index: usize,
    pub until: Option<UntilRun>,
    pub comparison: Option<Rc<Comparison>>,
    /// How many steps of a comparison have been read, of how many.
    pub comparing: Option<(usize, usize)>,
}

impl Course {
    /// So many of the person's actions are listed.
    pub const DEEDS: usize = 100;

    /// The numbers at the end of a piece.
    pub fn tally_of(&self, piece: usize) -> &Rc<Tally> {
        match self.pieces.get(piece) {
            Some(it) if piece + 1 < self.pieces.len() => &it.tally,
            _ => &self.latest,
        }
    }

    /// The marks of the timeline.
    pub fn marks(&self, lang: Lang) -> Vec<timeline::Mark> {
        let marks = self.pieces.iter().flat_map(|piece| &piece.marks);
        marks.map(|mark| mark_view(mark, lang)).collect()
    }

    /// The current branch.
    pub fn current(&self) -> Option<&BranchView> {
        self.branches.iter().find(|branch| branch.is_current)
    }
}

/// How a kind of mark looks.
pub const fn mark_look(kind: MarkKind) -> (MarkShape, Tone) {
    match kind {
        MarkKind::Published => (MarkShape::Tick, Tone::Ink),
        MarkKind::Redelivered => (MarkShape::Ring, Tone::Warning),
        MarkKind::Expired => (MarkShape::Dot, Tone::Muted),
        MarkKind::DeadLettered => (MarkShape::Cross, Tone::Error),
        MarkKind::Unroutable => (MarkShape::Triangle, Tone::Warning),
        MarkKind::Error => (MarkShape::Square, Tone::Error),
        MarkKind::User => (MarkShape::Diamond, Tone::Accent),
    }
}

/// What a kind of mark stands for.
pub fn mark_words(kind: MarkKind, lang: Lang) -> &'static str {
    let t = lang.time();
    match kind {
        MarkKind::Published => t.mark_published,
        MarkKind::Redelivered => t.mark_redelivered,
        MarkKind::Expired => t.mark_expired,
        MarkKind::DeadLettered => t.mark_dead,
        MarkKind::Unroutable => t.mark_unroutable,
        MarkKind::Error => t.mark_error,
        MarkKind::User => t.mark_user,
    }
}

fn mark_view(mark: &Mark, lang: Lang) -> timeline::Mark {
    let (shape, tone) = mark_look(mark.kind);
    let words = mark_words(mark.kind, lang);
    timeline::Mark {
        at_ms: mark.at.as_ms(),
        shape,
        tone,
        count: mark.count,
        title: words.into(),
    }
}

/// What a branch is called.
pub fn branch_name(id: BranchId, name: Option<&str>, lang: Lang) -> String {
    let t = lang.time();
    match name {
        Some(name) => name.to_string(),
        None if id == BranchId(1) => t.branch_main.to_string(),
        None => fill_plain(t.branch_number, &[&id.0]),
    }
}

/// What the person did, in words.
pub fn deed(command: &WorldCommand, book: &Book, lang: Lang) -> Sentence {
    let t = lang.time();
    match command {
        WorldCommand::You(method) => method_words(method, lang),
        WorldCommand::Broker(Command::Call { method, .. }) => method_words(method, lang),
        WorldCommand::Broker(Command::Operator(command)) => operator(command, lang),
        WorldCommand::Broker(Command::DropConnection { connection }) => {
            fill(t.deed_drop, &[&book.connection_name(*connection)])
        }
        WorldCommand::Program(command) => program(command, book, lang),
        WorldCommand::ActAs(login) => fill(t.deed_act_as, &[&login.user, &login.vhost]),
        WorldCommand::Together(commands) => together(commands, book, lang),
        WorldCommand::Broker(_) | WorldCommand::Tick => fill(t.deed_other, &[]),
    }
}

/// The first things of what was done as one step, and how many more there are.
fn together(commands: &[WorldCommand], book: &Book, lang: Lang) -> Sentence {
    const NAMED: usize = 3;
    let parts = commands.iter().take(NAMED);
    let mut all = parts.fold(Sentence::default(), |all, command| {
        all.then(deed(command, book, lang))
    });
    let more = commands.len().saturating_sub(NAMED);
    if more > 0 {
        all = all.then(fill(lang.wiring().and_more, &[&more]));
    }
    all
}

fn program(command: &ProgramCommand, book: &Book, lang: Lang) -> Sentence {
    let t = lang.time();
    match command {
        ProgramCommand::Add { spec, .. } => fill(t.deed_add_program, &[&spec.name]),
        ProgramCommand::Remove { program } => {
            fill(t.deed_remove_program, &[&book.program_name(*program)])
        }
        ProgramCommand::Crash { program } => {
            fill(t.deed_crash_program, &[&book.program_name(*program)])
        }
        ProgramCommand::Restart { program } => {
            fill(t.deed_restart_program, &[&book.program_name(*program)])
        }
        ProgramCommand::Close { program } => {
            fill(t.deed_close_program, &[&book.program_name(*program)])
        }
        ProgramCommand::Edit { program, .. } => {
            fill(t.deed_program, &[&book.program_name(*program)])
        }
        ProgramCommand::Fault { program, fault } => {
            let what = match fault {
                Fault::Kill => t.fault_kill,
                Fault::Drop => t.fault_drop,
                Fault::CloseChannel => t.fault_close_channel,
                Fault::Hang => t.fault_hang,
                Fault::Resume => t.fault_resume,
                Fault::Slow(_) => t.fault_slow,
                Fault::BeforeAck => t.fault_before_ack,
            };
            fill(what, &[&book.program_name(*program)])
        }
        ProgramCommand::Call { program, method } => {
            let what = method_words(method, lang).to_string();
            fill(t.deed_call_program, &[&book.program_name(*program), &what])
        }
    }
}

fn operator(command: &OperatorCommand, lang: Lang) -> Sentence {
    let t = lang.time();
    let what = match command {
        OperatorCommand::Restart => return fill(t.deed_restart, &[]),
        OperatorCommand::CloseConnection { connection, .. } => format!("close {connection}"),
        OperatorCommand::SetPolicy(policy) => format!("set_policy {}", policy.name),
        OperatorCommand::ClearPolicy { name, .. } => format!("clear_policy {name}"),
        OperatorCommand::SetOperatorPolicy(policy) => {
            format!("set_operator_policy {}", policy.name)
        }
        OperatorCommand::ClearOperatorPolicy { name, .. } => {
            format!("clear_operator_policy {name}")
        }
        OperatorCommand::SetDefaultQueueType { vhost, .. } => {
            format!("default queue type of {vhost}")
        }
        OperatorCommand::SetTopicPermissions { user, .. } => {
            format!("set_topic_permissions {user}")
        }
        OperatorCommand::ClearTopicPermissions { user, .. } => {
            format!("clear_topic_permissions {user}")
        }
        OperatorCommand::AddVhost { vhost } => format!("add_vhost {vhost}"),
        OperatorCommand::DeleteVhost { vhost } => format!("delete_vhost {vhost}"),
        OperatorCommand::AddUser { user, .. } => format!("add_user {user}"),
        OperatorCommand::DeleteUser { user } => format!("delete_user {user}"),
        OperatorCommand::SetPermissions { user, .. } => format!("set_permissions {user}"),
        OperatorCommand::ClearPermissions { user, .. } => format!("clear_permissions {user}"),
        OperatorCommand::SetMemoryAlarm { on } => format!("memory alarm {}", on_off(*on)),
        OperatorCommand::SetDiskAlarm { on } => format!("disk alarm {}", on_off(*on)),
    };
    fill(t.deed_operator, &[&what])
}

const fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn method_words(method: &ClientMethod, lang: Lang) -> Sentence {
    let t = lang.time();
    let name = method.name();
    let default = lang.texts().default_exchange;
    let what = match method {
        ClientMethod::BasicPublish(publish) => {
            let exchange = publish.exchange.as_str();
            let exchange = if exchange.is_empty() {
                default
            } else {
                exchange
            };
            return fill(t.deed_publish, &[&exchange, &publish.routing_key.to_text()]);
        }
        ClientMethod::QueueBind {
            queue, exchange, ..
        }
        | ClientMethod::QueueUnbind {
            queue, exchange, ..
        } => return fill(t.deed_bind, &[&name, &exchange, &queue]),
        ClientMethod::ExchangeBind {
            destination,
            source,
            ..
        }
        | ClientMethod::ExchangeUnbind {
            destination,
            source,
            ..
        } => return fill(t.deed_bind, &[&name, &source, &destination]),
        ClientMethod::ExchangeDeclare(declare) => declare.exchange.to_string(),
        ClientMethod::ExchangeDelete { exchange, .. } => exchange.to_string(),
        ClientMethod::QueueDeclare(declare) => declare.queue.to_string(),
        ClientMethod::QueuePurge { queue, .. }
        | ClientMethod::QueueDelete { queue, .. }
        | ClientMethod::BasicGet { queue, .. } => queue.to_string(),
        ClientMethod::BasicConsume(consume) => consume.queue.to_string(),
        ClientMethod::BasicCancel { consumer_tag, .. } => consumer_tag.to_string(),
        ClientMethod::BasicAck { delivery_tag, .. }
        | ClientMethod::BasicNack { delivery_tag, .. }
        | ClientMethod::BasicReject { delivery_tag, .. } => delivery_tag.to_string(),
        _ => String::new(),
    };
    fill(t.deed_method, &[&name, &what])
}
