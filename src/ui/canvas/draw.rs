//! How the canvas is put together: outlines, edges, labels, nodes, the loose edge, the sheet of flights, the tools.

use std::hash::BuildHasher;
use std::rc::Rc;

use rustc_hash::FxBuildHasher;
use yew::prelude::*;

use crate::ordered::{Map, Set};
use crate::ui::canvas::edge_view::{EdgeLabel, EdgeView, EdgeViewProps, OutlineView, kind_class};
use crate::ui::canvas::flight_layer::FlightLayer;
use crate::ui::canvas::geometry::{Cubic, Curve, Point};
use crate::ui::canvas::layout::{Flow, Layout};
use crate::ui::canvas::measure;
use crate::ui::canvas::node_view::{Candidate, NodeLook, NodeView};
use crate::ui::canvas::route::Wire;
use crate::ui::canvas::scene::{Edge, ItemId, Node, NodeId, Scene, Target};
use crate::ui::canvas::view::{Canvas, CanvasProps, Msg};
use crate::ui::canvas::viewport::ZOOM_STEP;
use crate::ui::components::{ContextMenu, Icon, IconButton};
use crate::ui::shared::Shared;

impl Canvas {
    pub(super) fn draw(&self, ctx: &Context<Self>) -> Html {
        let (props, link) = (ctx.props(), ctx.link());
        let layout = self.shown_layout();
        let active = props
            .selected
            .as_ref()
            .and_then(|target| self.element_id(target));
        let hint_id = format!("{}-hint", self.prefix);
        let class = classes!(
            "canvas",
            props.connecting.is_some().then_some("is-connecting"),
            self.in_hand.is_some().then_some("is-dragging"),
        );
        html! {
            <div {class}>
                <div
                    ref={self.host.clone()} class="canvas-ground" tabindex="0" role="application"
                    aria-label={text(&props.words.label)} aria-describedby={hint_id.clone()} aria-activedescendant={active}
                    onpointerdown={link.callback(Msg::Down)} onpointermove={link.callback(Msg::Move)}
                    onpointerup={link.callback(Msg::Up)} onpointercancel={link.callback(|_| Msg::Cancel)}
                    onpointerleave={link.callback(|_| Msg::Leave)} ondblclick={link.callback(Msg::DoublePress)}
                    oncontextmenu={link.callback(Msg::ContextMenu)} onkeydown={link.callback(Msg::Key)}
                    onfocus={link.callback(|_| Msg::Focus(true))} onblur={link.callback(|_| Msg::Focus(false))}
                >
                    <svg class="canvas-drawing">
                        <g transform={self.viewport.transform()}>
                            { for self.outlines(props, layout) }
                            { for self.edges(props, layout, false) }
                            { self.loose_edge(props, layout) }
                            { for self.nodes(ctx, layout) }
                            { for self.edges(props, layout, true) }
                        </g>
                    </svg>
                    <FlightLayer
                        scene={props.scene.clone()} layout={layout.clone()} viewport={self.viewport} size={self.size}
                        stage={props.stage.clone()} onarrived={link.callback(|()| Msg::Arrived)}
                    />
                </div>
                <p id={hint_id} class="visually-hidden">{ &*props.words.instruction }</p>
                { self.hint(props) }
                { legend(props) }
                { self.tools(ctx) }
                { self.menu(ctx) }
                { props.children.clone() }
            </div>
        }
    }

    /// The id of the element of a node or edge. Names may hold anything, ids may not, so it is a hash.
    fn element_id(&self, target: &Target) -> Option<AttrValue> {
        let (kind, name) = match target {
            Target::Node(id) | Target::Item(id, _) => ("node", id.as_str()),
            Target::Edge(id) => ("edge", id.as_str()),
            Target::Group(_) => return None,
        };
        let hash = FxBuildHasher.hash_one(name);
        Some(AttrValue::from(format!("{}-{kind}-{hash:x}", self.prefix)))
    }

    fn outlines(&self, props: &CanvasProps, layout: &Layout) -> Vec<Html> {
        let outlines = layout.outlines.iter().enumerate().map(|(index, outline)| {
            let target = Target::Group(outline.group.id.clone());
            html! {
                <OutlineView
                    key={format!("{}#{index}", outline.group.id)} group={outline.group.clone()} rect={outline.rect}
                    selected={props.selected.as_ref() == Some(&target)} lit={props.lit.contains(&target)}
                />
            }
        });
        outlines.collect()
    }

    fn edges(&self, props: &CanvasProps, layout: &Layout, labels: bool) -> Vec<Html> {
        let drawn = props.scene.edges.iter().filter_map(|edge| {
            let wire = layout.wires.get(&edge.id)?.clone();
            let props = self.edge_props(props, edge, wire);
            let key = edge.id.as_str();
            Some(if labels {
                html! { <EdgeLabel {key} ..props /> }
            } else {
                html! { <EdgeView {key} ..props /> }
            })
        });
        drawn.collect()
    }

    fn edge_props(
        &self,
        props: &CanvasProps,
        edge: &Shared<Edge>,
        wire: Shared<Wire>,
    ) -> EdgeViewProps {
        let target = Target::Edge(edge.id.clone());
        EdgeViewProps {
            edge: edge.clone(),
            wire,
            element_id: self.element_id(&target).unwrap_or_default(),
            selected: props.selected.as_ref() == Some(&target),
            hovered: props.hovered.as_ref() == Some(&target),
            lit: props.lit.contains(&target),
        }
    }

    fn nodes(&self, ctx: &Context<Self>, layout: &Layout) -> Vec<Html> {
        let props = ctx.props();
        let mut waiting: Map<NodeId, Rc<Set<ItemId>>> = self
            .waiting(ctx)
            .into_iter()
            .map(|(node, items)| (node, Rc::new(items)))
            .collect();
        let drawn = props.scene.nodes.iter().filter_map(|node| {
            let place = layout.places.get(&node.id)?;
            let element_id = self.element_id(&Target::Node(node.id.clone()))?;
            let handle = (node.ports.starts && props.connecting.is_none()).then(|| props.words.handle.clone());
            Some(html! {
                <NodeView
                    key={node.id.as_str()} node={node.clone()} center={place.center} flow={layout.flow} {element_id}
                    look={self.look(props, node)} waiting={waiting.remove(&node.id).unwrap_or_default()} {handle}
                />
            })
        });
        drawn.collect()
    }

    fn look(&self, props: &CanvasProps, node: &Node) -> NodeLook {
        let is = |target: Option<&Target>| matches!(target, Some(Target::Node(id) | Target::Item(id, _)) if *id == node.id);
        NodeLook {
            selected: is(props.selected.as_ref()),
            hovered: is(props.hovered.as_ref()),
            lit: props.lit.iter().any(|target| is(Some(target))),
            dragged: self
                .in_hand
                .as_ref()
                .is_some_and(|held| held.node == node.id),
            candidate: candidate(props, node),
            selected_item: selected_item(props, node),
        }
    }

    /// The edge that is being drawn: from its node to the pointer, or to the node the keys have reached.
    fn loose_edge(&self, props: &CanvasProps, layout: &Layout) -> Html {
        let Some(from) = props
            .connecting
            .as_ref()
            .and_then(|from| Some((props.scene.node(from)?, layout.places.get(from)?)))
        else {
            return Html::default();
        };
        let reached = match &props.selected {
            Some(Target::Node(id)) if Some(id) != props.connecting.as_ref() => {
                layout.places.get(id).map(|place| place.center)
            }
            _ => None,
        };
        let Some(end) = self.loose_end.or(reached) else {
            return Html::default();
        };
        let port = measure::out_port(from.0, layout.flow);
        let start = from.1.center.shifted(port.x, port.y);
        let reach = ((end.x - start.x).abs() * 0.5).max(24.0);
        let (one, two) = match layout.flow {
            Flow::LeftToRight => (start.shifted(reach, 0.0), end.shifted(-reach, 0.0)),
            Flow::TopToBottom => (start.shifted(0.0, reach), end.shifted(0.0, -reach)),
        };
        let curve = Curve::new(start, vec![Cubic { one, two, to: end }]);
        html! {
            <g class="loose-edge">
                <path d={curve.path_data()} />
                <circle cx={format!("{:.1}", end.x)} cy={format!("{:.1}", end.y)} r="4" />
            </g>
        }
    }

    /// What to do now while an edge is being drawn, and why the last try was refused.
    fn hint(&self, props: &CanvasProps) -> Html {
        let is_connecting = props.connecting.is_some();
        html! {
            <div class={classes!("canvas-hint", (!is_connecting).then_some("is-empty"))} role="status">
                if is_connecting {
                    if let Some(why) = &self.refusal { <p class="canvas-refusal">{ &**why }</p> }
                    <p>{ &*props.words.connecting }</p>
                }
            </div>
        }
    }

    fn tools(&self, ctx: &Context<Self>) -> Html {
        let (words, link) = (&ctx.props().words, ctx.link());
        html! {
            <div class="canvas-tools">
                <IconButton icon={Icon::Plus} label={text(&words.zoom_in)} onclick={link.callback(|_| Msg::Zoom(ZOOM_STEP))} />
                <IconButton icon={Icon::Minus} label={text(&words.zoom_out)} onclick={link.callback(|_| Msg::Zoom(1.0 / ZOOM_STEP))} />
                <IconButton icon={Icon::Fit} label={text(&words.fit)} onclick={link.callback(|_| Msg::Fit)} />
                <IconButton icon={Icon::Arrange} label={text(&words.arrange)} onclick={ctx.props().onarrange.reform(|_| ())} />
            </div>
        }
    }

    fn menu(&self, ctx: &Context<Self>) -> Html {
        let (at, choices) = match &self.menu {
            Some(menu) => (Some(menu.at), self.choices(ctx, &menu.about)),
            None => (None, Vec::new()),
        };
        html! {
            <ContextMenu
                label={text(&ctx.props().words.menu)} {at} {choices}
                onchoose={ctx.link().callback(Msg::Choose)} onclose={ctx.link().callback(|()| Msg::CloseMenu)}
            />
        }
    }
}

fn text(words: &Rc<str>) -> AttrValue {
    AttrValue::from(Rc::clone(words))
}

fn candidate(props: &CanvasProps, node: &Node) -> Candidate {
    let Some(from) = &props.connecting else {
        return Candidate::Idle;
    };
    match props.verdict.emit((from.clone(), node.id.clone())) {
        Ok(()) => Candidate::Valid,
        Err(_) if *from == node.id => Candidate::Source,
        Err(why) => Candidate::Invalid(why),
    }
}

fn selected_item(props: &CanvasProps, node: &Node) -> Option<ItemId> {
    match &props.selected {
        Some(Target::Item(id, item)) if *id == node.id => Some(item.clone()),
        _ => None,
    }
}

/// The kinds of line that occur, with what they mean.
fn legend(props: &CanvasProps) -> Html {
    let occurs = |scene: &Scene, kind| scene.edges.iter().any(|edge| edge.kind == kind);
    let entries: Vec<Html> = props
        .scene
        .legend
        .iter()
        .filter(|entry| occurs(&props.scene, entry.kind))
        .map(|entry| {
            let line = Curve::line(Point::new(1.0, 6.0), Point::new(31.0, 6.0)).path_data();
            html! {
                <li>
                    <svg class={classes!("edge", kind_class(entry.kind))} width="32" height="12" aria-hidden="true">
                        <path class="edge-line" d={line} />
                    </svg>
                    { &*entry.label }
                </li>
            }
        })
        .collect();
    if entries.is_empty() {
        return Html::default();
    }
    html! { <ul class="canvas-legend" aria-label={text(&props.words.legend)}>{ for entries }</ul> }
}
