//! What can go wrong on purpose, as it is offered: in menus, in the inspector, with one name each.

use crate::actors::{Fault, ProgramState, ProgramView};
use crate::ui::text::ProgramTexts;

/// How many times as long everything takes when a person slows a program down.
const SLOW: u32 = 5;

/// What can go wrong with a program now, in the order it is offered.
pub fn offered(program: &ProgramView) -> Vec<Fault> {
    let mut faults = Vec::new();
    let open = program.connection.is_some();
    let hung = program.state == ProgramState::Hung;
    if hung {
        faults.push(Fault::Resume);
    }
    if open {
        faults.push(Fault::Drop);
        if program.channel.is_some() {
            faults.push(Fault::CloseChannel);
        }
        if !hung {
            faults.push(Fault::Hang);
        }
        if !program.before_ack {
            faults.push(Fault::BeforeAck);
        }
    }
    let alive = open || program.state == ProgramState::Reconnecting;
    if alive {
        faults.push(match program.slow {
            1 => Fault::Slow(SLOW),
            _ => Fault::Slow(1),
        });
        faults.push(Fault::Kill);
    }
    faults
}

/// The name of a fault in menus.
pub fn word(fault: Fault) -> &'static str {
    match fault {
        Fault::Kill => "fault-kill",
        Fault::Drop => "fault-drop",
        Fault::CloseChannel => "fault-channel",
        Fault::Hang => "fault-hang",
        Fault::Resume => "fault-resume",
        Fault::Slow(1) => "fault-normal",
        Fault::Slow(_) => "fault-slow",
        Fault::BeforeAck => "fault-before-ack",
    }
}

/// The fault behind an entry of a menu.
pub fn parse(text: &str) -> Option<Fault> {
    let all = [
        Fault::Kill,
        Fault::Drop,
        Fault::CloseChannel,
        Fault::Hang,
        Fault::Resume,
        Fault::Slow(1),
        Fault::Slow(SLOW),
        Fault::BeforeAck,
    ];
    all.into_iter().find(|fault| word(*fault) == text)
}

/// What it is called.
pub fn label(fault: Fault, p: &ProgramTexts, drop: &'static str) -> &'static str {
    match fault {
        Fault::Kill => p.fault_kill,
        Fault::Drop => drop,
        Fault::CloseChannel => p.fault_channel,
        Fault::Hang => p.fault_hang,
        Fault::Resume => p.fault_resume,
        Fault::Slow(1) => p.fault_normal,
        Fault::Slow(_) => p.fault_slow,
        Fault::BeforeAck => p.fault_before_ack,
    }
}

/// What it does.
pub fn help(fault: Fault, p: &ProgramTexts) -> Option<&'static str> {
    match fault {
        Fault::Kill => Some(p.fault_kill_help),
        Fault::Drop => Some(p.fault_drop_help),
        Fault::CloseChannel => Some(p.fault_channel_help),
        Fault::Hang => Some(p.fault_hang_help),
        Fault::Slow(factor) if factor > 1 => Some(p.fault_slow_help),
        Fault::BeforeAck => Some(p.fault_before_ack_help),
        Fault::Resume | Fault::Slow(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_leads_back_from_its_name() {
        for name in ["fault-kill", "fault-drop", "fault-hang", "fault-normal"] {
            assert_eq!(parse(name).map(word), Some(name));
        }
        assert_eq!(parse("fault-slow"), Some(Fault::Slow(SLOW)));
        assert_eq!(parse("remove"), None);
    }
}
