//! What events do to the programs of a picture, and to the person's own channel.

use std::rc::Rc;

use crate::actors::{PRINTED_LINES, ProgramId, ProgramState, ProgramView};
use crate::amqp::{ConnectionId, Event};
use crate::engine::event::{ProgramEvent, WorldEvent};
use crate::engine::world::WorldView;

/// An event happens to the programs of `view`.
pub(super) fn happens(view: &mut WorldView, after: &WorldView, event: &WorldEvent) {
    match event {
        WorldEvent::Broker(event) => {
            hear(view, after, event);
        }
        WorldEvent::Program(event) => act(view, after, event),
    }
}

fn find(view: &WorldView, id: ProgramId) -> Option<ProgramView> {
    view.programs.iter().find(|it| it.id == id).cloned()
}

fn act(view: &mut WorldView, after: &WorldView, event: &ProgramEvent) {
    let id = event.program();
    if let ProgramEvent::Added { .. }
    | ProgramEvent::Edited { .. }
    | ProgramEvent::Suffered { .. } = event
    {
        if let Some(later) = find(after, id) {
            let place = view.programs.partition_point(|it| it.id < id);
            match view.programs.iter_mut().find(|it| it.id == id) {
                Some(known) if matches!(event, ProgramEvent::Edited { .. }) => *known = later,
                // The connection is still to be lost, if it is.
                Some(known) => {
                    (known.slow, known.before_ack) = (later.slow, later.before_ack);
                    if let ProgramState::Hung = later.state {
                        known.state = ProgramState::Hung;
                    }
                }
                None => view.programs.insert(place, later),
            }
        }
        return;
    }
    if let ProgramEvent::Removed { .. } = event {
        view.programs.retain(|it| it.id != id);
        return;
    }
    let Some(program) = view.programs.iter_mut().find(|it| it.id == id) else {
        return;
    };
    match event {
        ProgramEvent::Started { .. } => program.state = ProgramState::Running,
        ProgramEvent::Line { line, .. } => program.current_line = Some(*line),
        ProgramEvent::Printed { line, .. } => {
            program.printed.push(line.clone());
            let surplus = program.printed.len().saturating_sub(PRINTED_LINES);
            program.printed.drain(..surplus);
        }
        ProgramEvent::Finished { .. } => program.state = ProgramState::Finished,
        ProgramEvent::Crashed { .. } => program.state = ProgramState::Crashed,
        ProgramEvent::Failed { text, .. } => program.state = ProgramState::Failed(Rc::clone(text)),
        ProgramEvent::Hung { .. } => program.state = ProgramState::Hung,
        ProgramEvent::Reconnects { .. } => program.state = ProgramState::Reconnecting,
        ProgramEvent::Added { .. }
        | ProgramEvent::Edited { .. }
        | ProgramEvent::Suffered { .. }
        | ProgramEvent::Removed { .. }
        | ProgramEvent::GaveUp { .. }
        | ProgramEvent::Refused { .. } => {}
    }
}

/// What a program's own connection tells it.
fn hear(view: &mut WorldView, after: &WorldView, event: &Event) -> Option<()> {
    match event {
        Event::ConnectionOpened { connection, .. } => {
            let later = |it: &&ProgramView| it.connection == Some(*connection);
            let id = after.programs.iter().find(later)?.id;
            let known = view.programs.iter_mut().find(|it| it.id == id)?;
            known.connection = Some(*connection);
        }
        Event::ConnectionClosed { connection, .. } => {
            view.you.take_if(|you| you.connection == *connection);
            let known = of(view, *connection)?;
            (known.connection, known.channel) = (None, None);
        }
        Event::ChannelOpened { channel } => {
            if after.you == Some(*channel) {
                view.you = Some(*channel);
            }
            of(view, channel.connection)?.channel = Some(*channel);
        }
        Event::ChannelClosed { channel, .. } => {
            view.you.take_if(|you| you == channel);
            let known = of(view, channel.connection)?;
            known.channel.take_if(|known| known == channel);
        }
        Event::ConsumerAdded { consumer, .. } => {
            let connection = consumer.channel.connection;
            let later = |it: &&ProgramView| it.connection == Some(connection);
            let queue = after.programs.iter().find(later)?.queue.clone();
            of(view, connection)?.queue = queue;
        }
        Event::Published { message, .. } => {
            of(view, message.publisher?.connection)?.counts.published += 1;
        }
        Event::Delivered { channel, .. } => of(view, channel.connection)?.counts.received += 1,
        Event::Returned { channel, .. } => of(view, channel.connection)?.counts.returned += 1,
        _ => {}
    }
    Some(())
}

/// The program behind a connection.
fn of(view: &mut WorldView, connection: ConnectionId) -> Option<&mut ProgramView> {
    let mut programs = view.programs.iter_mut();
    programs.find(|it| it.connection == Some(connection))
}
