//! Nodes and edges in bundles: a bundle in which nothing changed is not even looked at, so that a frame costs what
//! changed and not what there is. What lies outside of the window is not drawn at all.

use std::rc::Rc;

use yew::prelude::*;

use crate::ordered::Set;
use crate::ui::canvas::edge_view::{EdgeLabel, EdgeView, EdgeViewProps};
use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::layout::{Flow, Layout};
use crate::ui::canvas::node_view::{NodeLook, NodeView};
use crate::ui::canvas::scene::{Edge, EdgeId, ItemId, Node, Target, Text};
use crate::ui::canvas::viewport::Viewport;
use crate::ui::shared::Shared;

/// How many things one bundle holds.
pub(super) const CHUNK: usize = 32;
/// The window grows and moves in steps of this, so that moving the drawing a little changes nothing.
const TILE: f64 = 400.0;
/// Below this zoom nobody can read what lies in the nodes.
const COARSE_BELOW: f64 = 0.42;
/// Below this one nobody can read names.
const DOTS_BELOW: f64 = 0.16;

/// How much of everything is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Shapes only.
    Dots,
    /// Shapes, letters and names.
    Coarse,
    #[default]
    Full,
}

impl Detail {
    /// What can be read at a zoom.
    pub fn at(scale: f64) -> Detail {
        if scale < DOTS_BELOW {
            Detail::Dots
        } else if scale < COARSE_BELOW {
            Detail::Coarse
        } else {
            Detail::Full
        }
    }
}

/// The part of the drawing that is drawn: what the canvas shows and some more, in steps.
pub fn window(viewport: Viewport, (width, height): (f64, f64)) -> Rect {
    let seen = viewport.window(width, height);
    // The steps are coarser where more is seen.
    let tile = TILE * (1.0 / viewport.scale).max(1.0);
    let down = |at: f64| (at / tile).floor() * tile - tile;
    let up = |at: f64| (at / tile).ceil() * tile + tile;
    Rect::new(
        down(seen.left),
        down(seen.top),
        up(seen.right),
        up(seen.bottom),
    )
}

/// A node with all that its drawing needs.
#[derive(Clone, PartialEq)]
pub(super) struct Drawn {
    pub node: Shared<Node>,
    pub center: Point,
    pub look: NodeLook,
    pub waiting: Rc<Set<ItemId>>,
    pub handle: Option<Text>,
}

#[derive(Properties, PartialEq)]
pub(super) struct NodeChunkProps {
    pub nodes: Shared<Vec<Drawn>>,
    /// Begins the ids of their elements.
    pub prefix: AttrValue,
    pub flow: Flow,
    pub detail: Detail,
}

/// A bundle of nodes.
#[component]
pub(super) fn NodeChunk(props: &NodeChunkProps) -> Html {
    let nodes = props.nodes.iter().map(|drawn| {
        html! {
            <NodeView
                key={drawn.node.id.as_str()} node={drawn.node.clone()} center={drawn.center} flow={props.flow}
                prefix={props.prefix.clone()} look={drawn.look.clone()} waiting={Rc::clone(&drawn.waiting)}
                handle={drawn.handle.clone()} detail={props.detail}
            />
        }
    });
    html! { <>{ for nodes }</> }
}

#[derive(Properties, PartialEq)]
pub(super) struct EdgeChunkProps {
    pub edges: EdgeBundle,
    /// The labels, which lie above all edges, instead of the lines.
    pub labels: bool,
}

/// Nodes in bundles; while one only looks elsewhere they are not put together anew.
#[derive(Default)]
pub(super) struct DrawnNodes {
    /// The arrangement, the part of it and how much of everything they were for.
    made_for: Option<(Shared<Layout>, Rect, Detail)>,
    pub bundles: Vec<Shared<Vec<Drawn>>>,
}

impl DrawnNodes {
    /// Something about the nodes may have changed.
    pub fn forget(&mut self) {
        self.made_for = None;
    }

    /// Brings the bundles up to date; one in which nothing changed keeps its pointer.
    pub fn update(
        &mut self,
        layout: &Shared<Layout>,
        (seen, detail): (Rect, Detail),
        nodes: impl FnOnce() -> Vec<Drawn>,
    ) {
        let made_for = Some((layout.clone(), seen, detail));
        if self.made_for == made_for {
            return;
        }
        let nodes = nodes();
        let bundles = nodes.chunks(CHUNK).enumerate();
        self.bundles = bundles
            .map(|(at, bundle)| Shared::keep(bundle.to_vec(), self.bundles.get(at)))
            .collect();
        self.made_for = made_for;
    }
}

/// Some edges with all that their drawing needs.
pub(super) type EdgeBundle = Shared<Vec<EdgeViewProps>>;

/// What the drawing of the edges depends on, besides the edges themselves.
#[derive(PartialEq)]
pub(super) struct EdgeLooks {
    pub layout: Shared<Layout>,
    pub seen: Rect,
    pub is_far: bool,
    pub selected: Option<Target>,
    pub chosen: Shared<Set<Target>>,
    pub hovered: Option<Target>,
    pub lit: Shared<Set<Target>>,
    pub rewiring: Option<EdgeId>,
}

/// Edges in bundles; a run that plays changes none of them, so they are not even put together anew.
#[derive(Default)]
pub(super) struct DrawnEdges {
    looks: Option<EdgeLooks>,
    edges: Vec<Shared<Edge>>,
    pub bundles: Vec<EdgeBundle>,
}

impl DrawnEdges {
    /// Brings the bundles up to date; one in which nothing changed keeps its pointer.
    pub fn update(&mut self, edges: &[Shared<Edge>], looks: EdgeLooks, prefix: &AttrValue) {
        if self.edges == edges && self.looks.as_ref() == Some(&looks) {
            return;
        }
        let drawn: Vec<EdgeViewProps> = edges
            .iter()
            .filter_map(|edge| {
                let wire = looks.layout.wires.get(&edge.id)?;
                wire.bounds.overlaps(looks.seen).then(|| {
                    let target = Target::Edge(edge.id.clone());
                    let is = |it: &Option<Target>| it.as_ref() == Some(&target);
                    EdgeViewProps {
                        edge: edge.clone(),
                        wire: wire.clone(),
                        prefix: prefix.clone(),
                        selected: is(&looks.selected) || looks.chosen.contains(&target),
                        hovered: is(&looks.hovered),
                        lit: looks.lit.contains(&target),
                        is_far: looks.is_far,
                        rewiring: looks.rewiring.as_ref() == Some(&edge.id),
                    }
                })
            })
            .collect();
        let bundles = drawn.chunks(CHUNK).enumerate();
        self.bundles = bundles
            .map(|(at, bundle)| Shared::keep(bundle.to_vec(), self.bundles.get(at)))
            .collect();
        self.edges = edges.to_vec();
        self.looks = Some(looks);
    }
}

/// A bundle of edges.
#[component]
pub(super) fn EdgeChunk(props: &EdgeChunkProps) -> Html {
    let edges = props.edges.iter().map(|edge| {
        let key = edge.edge.id.as_str();
        if props.labels {
            html! { <EdgeLabel {key} ..edge.clone() /> }
        } else {
            html! { <EdgeView {key} ..edge.clone() /> }
        }
    });
    html! { <>{ for edges }</> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_move_leaves_the_window_as_it_is_and_it_always_holds_what_is_seen() {
        let size = (1200.0, 800.0);
        let start = Viewport::default().panned(-50.0, -50.0);
        assert_eq!(
            window(start, size),
            window(start.panned(-30.0, -20.0), size)
        );
        for scale in [0.05, 0.3, 1.0, 3.0] {
            let viewport = Viewport {
                x: 333.0,
                y: -777.0,
                scale,
            };
            let seen = viewport.window(size.0, size.1);
            assert_eq!(seen.intersection(window(viewport, size)), seen);
        }
    }

    #[test]
    fn the_further_away_the_less_is_drawn() {
        assert_eq!(Detail::at(1.0), Detail::Full);
        assert_eq!(Detail::at(0.3), Detail::Coarse);
        assert_eq!(Detail::at(0.1), Detail::Dots);
    }
}
