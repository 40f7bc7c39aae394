//! What the canvas does when a key asks for something.

use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::keys::{self, KeyCommand, Modifiers};
use crate::ui::canvas::message::Msg;
use crate::ui::canvas::scene::{EdgeId, NodeId, Scene, Target};
use crate::ui::canvas::selection;
use crate::ui::canvas::view::{Canvas, Mode};
use crate::ui::canvas::viewport::ZOOM_STEP;

impl Canvas {
    /// Reads keys while they are pressed: a busy page acts later, and then it is too late to keep them from the browser.
    pub(super) fn on_key(&self, ctx: &Context<Self>) -> Callback<KeyboardEvent> {
        let (can_write, onkey) = (self.can_write(ctx), ctx.props().onkey.clone());
        let obey = ctx.link().callback(Msg::Key);
        Callback::from(move |event: KeyboardEvent| {
            let held = Modifiers {
                ctrl_or_meta: event.ctrl_key() || event.meta_key(),
                alt: event.alt_key(),
                shift: event.shift_key(),
            };
            match keys::command(&event.key(), held) {
                Some(command) if command != KeyCommand::Write || can_write => {
                    event.prevent_default();
                    obey.emit(command);
                }
                Some(_) | None => onkey.emit(event),
            }
        })
    }

    pub(super) fn obey(&mut self, ctx: &Context<Self>, command: KeyCommand) {
        let props = ctx.props();
        let selected = props.selected.clone();
        match command {
            KeyCommand::Go(direction) => self.go(ctx, direction),
            KeyCommand::Extend(direction) => self.extend(ctx, direction),
            KeyCommand::All => self.choose_all(ctx),
            KeyCommand::Write => {
                if let Some(target) = selected {
                    self.begin_writing(ctx, &target);
                }
            }
            KeyCommand::Nudge(by) => self.nudge(ctx, by),
            KeyCommand::First => self.select(ctx, self.first(ctx)),
            KeyCommand::Last => self.select(
                ctx,
                props
                    .scene
                    .nodes
                    .last()
                    .map(|node| Target::Node(node.id.clone())),
            ),
            KeyCommand::NextEdge => self.select(ctx, turn_edge(&props.scene, selected.as_ref(), 1)),
            KeyCommand::PreviousEdge => {
                self.select(ctx, turn_edge(&props.scene, selected.as_ref(), -1))
            }
            KeyCommand::Confirm => self.confirm(ctx),
            KeyCommand::Connect => self.begin_connecting(ctx),
            KeyCommand::Delete => self.delete(ctx),
            KeyCommand::Menu => self.open_menu_by_key(ctx),
            KeyCommand::Escape => self.escape(ctx),
            KeyCommand::ZoomIn => self.zoom(ZOOM_STEP, self.middle()),
            KeyCommand::ZoomOut => self.zoom(1.0 / ZOOM_STEP, self.middle()),
            KeyCommand::Fit => self.fit(ctx),
        }
    }

    fn middle(&self) -> Point {
        Point::new(self.size.0 / 2.0, self.size.1 / 2.0)
    }

    fn select(&self, ctx: &Context<Self>, target: Option<Target>) {
        if target.is_some() {
            ctx.props().onselect.emit(target);
        }
    }

    /// Whether the selected thing has something on it that can be written.
    fn can_write(&self, ctx: &Context<Self>) -> bool {
        match &ctx.props().selected {
            Some(Target::Edge(id)) => {
                let edge = ctx.props().scene.edge(id);
                edge.is_some_and(|edge| edge.hold.label)
            }
            Some(Target::Patch(_)) => !ctx.props().is_fixed,
            _ => false,
        }
    }

    /// Everything that is selected is to go; notes and frames need nobody's leave.
    fn delete(&self, ctx: &Context<Self>) {
        let props = ctx.props();
        let mut targets: Vec<Target> = props.chosen.iter().cloned().collect();
        if targets.is_empty() {
            targets.extend(props.selected.clone());
        }
        if props.is_fixed {
            props.onlocked.emit(());
        } else if !targets.is_empty() {
            props.ondelete.emit(targets);
        }
    }

    /// The node the keys start from: the selected one, or one end of the selected edge.
    fn start_node(&self, ctx: &Context<Self>) -> Option<NodeId> {
        match ctx.props().selected.as_ref()? {
            Target::Node(id) | Target::Item(id, _) => Some(id.clone()),
            Target::Edge(id) => ctx.props().scene.edge(id).map(|edge| edge.from.clone()),
            Target::Group(id) => {
                let group = ctx
                    .props()
                    .scene
                    .groups
                    .iter()
                    .find(|group| group.id == *id)?;
                group.members.first().cloned()
            }
            Target::Patch(_) => None,
        }
    }

    fn first(&self, ctx: &Context<Self>) -> Option<Target> {
        let first = ctx.props().scene.nodes.first();
        first.map(|node| Target::Node(node.id.clone()))
    }

    /// Where an arrow leads: along an edge if one goes that way, else to whoever stands there.
    fn next(&self, ctx: &Context<Self>, direction: Point) -> Option<NodeId> {
        let from = self.start_node(ctx)?;
        let edges = &ctx.props().scene.edges;
        let linked = |id: &NodeId| {
            edges.iter().any(|edge| {
                (edge.from == from && edge.to == *id) || (edge.to == from && edge.from == *id)
            })
        };
        let layout = &self.layout;
        let along = layout.neighbour_among(&from, direction, linked);
        along
            .or_else(|| layout.neighbour(&from, direction))
            .cloned()
    }

    fn go(&mut self, ctx: &Context<Self>, direction: Point) {
        if self.start_node(ctx).is_none() {
            self.select(ctx, self.first(ctx));
            return;
        }
        self.select(ctx, self.next(ctx, direction).map(Target::Node));
    }

    fn extend(&self, ctx: &Context<Self>, direction: Point) {
        let props = ctx.props();
        if let Some(next) = self.next(ctx, direction).map(Target::Node) {
            let others = props.chosen.iter().filter(|target| **target != next);
            let others: Vec<Target> = others.cloned().collect();
            props.onpick.emit([others, vec![next]].concat());
        }
    }

    fn nudge(&mut self, ctx: &Context<Self>, by: Point) {
        let props = ctx.props();
        if props.is_fixed {
            props.onlocked.emit(());
            return;
        }
        if let Some(Target::Patch(_)) = &props.selected {
            for target in props.chosen.iter() {
                if let Target::Patch(id) = target
                    && let Some(rect) = self.patch_rect(ctx, id)
                {
                    let at = Point::new(rect.left + by.x, rect.top + by.y);
                    props.onmovepatch.emit((id.clone(), at));
                }
            }
        }
        let mut nodes = selection::nodes_of(&props.chosen);
        if nodes.is_empty() {
            nodes.extend(self.start_node(ctx));
        }
        let moves = selection::shifted(&nodes, &self.layout, by);
        if !moves.is_empty() {
            props.onmove.emit(moves);
        }
    }

    fn confirm(&mut self, ctx: &Context<Self>) {
        let props = ctx.props();
        if let Mode::Rewiring(edge, end) = self.mode.clone() {
            if let Some(Target::Node(to)) = &props.selected {
                self.end_rewiring(ctx, &edge, end, Some(to));
            }
            return;
        }
        match (props.connecting.clone(), props.selected.clone()) {
            (Some(from), Some(Target::Node(to))) => self.try_connect(ctx, &from, &to),
            (Some(_), _) => {}
            (None, Some(target @ Target::Patch(_))) => {
                self.begin_writing(ctx, &target);
            }
            (None, Some(target)) => props.onopen.emit(target),
            (None, None) => {}
        }
    }

    fn begin_connecting(&mut self, ctx: &Context<Self>) {
        if ctx.props().is_fixed {
            ctx.props().onlocked.emit(());
            return;
        }
        let Some(from) = self.start_node(ctx) else {
            return;
        };
        if ctx
            .props()
            .scene
            .node(&from)
            .is_some_and(|node| node.ports.starts)
        {
            ctx.props().onconnecting.emit(Some(from));
        }
    }

    fn escape(&mut self, ctx: &Context<Self>) {
        // A menu that a finger opened may be open while the canvas has the focus.
        if self.menu.take().is_some() {
            self.take_focus();
            return;
        }
        self.drop_gesture();
        self.refusal = None;
        if self.mode != Mode::Idle {
            self.mode = Mode::Idle;
        } else if ctx.props().connecting.is_some() {
            ctx.props().onconnecting.emit(None);
        } else {
            ctx.props().onselect.emit(None);
        }
    }
}

/// The edge before or after the selected one among the edges of its node.
fn turn_edge(scene: &Scene, selected: Option<&Target>, step: isize) -> Option<Target> {
    let (node, current): (NodeId, Option<&EdgeId>) = match selected? {
        Target::Node(node) | Target::Item(node, _) => (node.clone(), None),
        Target::Edge(id) => (scene.edge(id)?.from.clone(), Some(id)),
        Target::Group(_) | Target::Patch(_) => return None,
    };
    let edges: Vec<&EdgeId> = scene
        .edges
        .iter()
        .filter(|edge| edge.from == node || edge.to == node)
        .map(|edge| &edge.id)
        .collect();
    let count = isize::try_from(edges.len())
        .ok()
        .filter(|&count| count > 0)?;
    let at = current.and_then(|current| edges.iter().position(|id| *id == current));
    let next = match at.and_then(|at| isize::try_from(at).ok()) {
        Some(at) => (at + step).rem_euclid(count),
        None if step > 0 => 0,
        None => count - 1,
    };
    edges
        .get(next.unsigned_abs())
        .map(|&id| Target::Edge(id.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::scene::{Edge, Node, Shape};

    #[test]
    fn brackets_go_round_the_edges_of_a_node() {
        let node = |id: &str| Node::new(id, Shape::Circle { letter: "".into() }, 0, id);
        let edge = |id: &str, from: &str, to: &str| Edge::new(id, from.into(), to.into(), "");
        let scene = Scene::new(
            vec![node("a"), node("b")],
            vec![
                edge("1", "a", "b"),
                edge("2", "b", "b"),
                edge("3", "a", "a"),
            ],
            vec![],
        );
        let turn = |selected: Target, step| match turn_edge(&scene, Some(&selected), step) {
            Some(Target::Edge(id)) => id.to_string(),
            other => panic!("not an edge: {other:?}"),
        };
        assert_eq!(turn(Target::Node("a".into()), 1), "1");
        assert_eq!(turn(Target::Node("a".into()), -1), "3");
        assert_eq!(turn(Target::Edge("1".into()), 1), "3");
        assert_eq!(turn(Target::Edge("3".into()), 1), "1");
    }
}
