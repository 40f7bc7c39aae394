//! What the canvas does when a key asks for something.

use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::keys::{self, KeyCommand, Modifiers};
use crate::ui::canvas::scene::{Choice, EdgeId, NodeId, Scene, Target};
use crate::ui::canvas::view::{Canvas, OpenMenu};
use crate::ui::canvas::viewport::ZOOM_STEP;

impl Canvas {
    pub(super) fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) -> bool {
        let held = Modifiers {
            ctrl_or_meta: event.ctrl_key() || event.meta_key(),
            alt: event.alt_key(),
            shift: event.shift_key(),
        };
        let Some(command) = keys::command(&event.key(), held) else {
            ctx.props().onkey.emit(event.clone());
            return false;
        };
        event.prevent_default();
        self.obey(ctx, command);
        true
    }

    fn obey(&mut self, ctx: &Context<Self>, command: KeyCommand) {
        let props = ctx.props();
        let selected = props.selected.clone();
        match command {
            KeyCommand::Go(direction) => self.go(ctx, direction),
            KeyCommand::Nudge(by) => self.nudge(ctx, by),
            KeyCommand::First => self.select(
                ctx,
                props
                    .scene
                    .nodes
                    .first()
                    .map(|node| Target::Node(node.id.clone())),
            ),
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
            KeyCommand::Delete => {
                if let Some(target) = selected {
                    props.ondelete.emit(target);
                }
            }
            KeyCommand::Menu => self.open_menu(ctx),
            KeyCommand::Escape => self.escape(ctx),
            KeyCommand::ZoomIn => self.zoom(ZOOM_STEP, self.middle()),
            KeyCommand::ZoomOut => self.zoom(1.0 / ZOOM_STEP, self.middle()),
            KeyCommand::Fit => self.fit(),
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
        }
    }

    fn go(&mut self, ctx: &Context<Self>, direction: Point) {
        let Some(from) = self.start_node(ctx) else {
            self.select(
                ctx,
                ctx.props()
                    .scene
                    .nodes
                    .first()
                    .map(|node| Target::Node(node.id.clone())),
            );
            return;
        };
        self.select(
            ctx,
            self.layout
                .neighbour(&from, direction)
                .cloned()
                .map(Target::Node),
        );
    }

    fn nudge(&mut self, ctx: &Context<Self>, by: Point) {
        let Some(node) = self.start_node(ctx) else {
            return;
        };
        if let Some(place) = self.layout.places.get(&node) {
            ctx.props()
                .onmove
                .emit((node, place.center.shifted(by.x, by.y)));
        }
    }

    fn confirm(&mut self, ctx: &Context<Self>) {
        let props = ctx.props();
        match (props.connecting.clone(), props.selected.clone()) {
            (Some(from), Some(Target::Node(to))) => self.try_connect(ctx, &from, &to),
            (Some(_), _) => {}
            (None, Some(target)) => props.onopen.emit(target),
            (None, None) => {}
        }
    }

    fn begin_connecting(&mut self, ctx: &Context<Self>) {
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
        self.drop_gesture();
        self.refusal = None;
        if ctx.props().connecting.is_some() {
            ctx.props().onconnecting.emit(None);
        } else {
            ctx.props().onselect.emit(None);
        }
    }

    fn open_menu(&mut self, ctx: &Context<Self>) {
        let Some(about) = ctx.props().selected.clone() else {
            return;
        };
        if self.choices(ctx, &about).is_empty() {
            return;
        }
        if let Some(rect) = self.rect_of(&about) {
            let at = self.in_window(self.viewport.to_canvas(rect.center()));
            self.menu = Some(OpenMenu { about, at });
        }
    }

    /// What the menu of a thing offers.
    pub(super) fn choices(&self, ctx: &Context<Self>, about: &Target) -> Vec<Choice> {
        let scene = &ctx.props().scene;
        match about {
            Target::Node(id) | Target::Item(id, _) => scene.node(id).map(|node| node.menu.clone()),
            Target::Edge(id) => scene.edge(id).map(|edge| edge.menu.clone()),
            Target::Group(_) => None,
        }
        .unwrap_or_default()
    }
}

/// The edge before or after the selected one among the edges of its node.
fn turn_edge(scene: &Scene, selected: Option<&Target>, step: isize) -> Option<Target> {
    let (node, current): (NodeId, Option<&EdgeId>) = match selected? {
        Target::Node(node) | Target::Item(node, _) => (node.clone(), None),
        Target::Edge(id) => (scene.edge(id)?.from.clone(), Some(id)),
        Target::Group(_) => return None,
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
