//! How the canvas is put together: outlines, edges, labels, nodes, the loose edge, the sheet of flights, the tools.

use std::rc::Rc;

use yew::prelude::*;

use crate::ordered::Set;
use crate::ui::canvas::chunks::{Detail, Drawn, EdgeChunk, EdgeLooks, NodeChunk, window};
use crate::ui::canvas::clipboard;
use crate::ui::canvas::edge_view::{OutlineView, kind_class};
use crate::ui::canvas::element_id::element_id;
use crate::ui::canvas::flight_bundles::CROWD;
use crate::ui::canvas::flight_layer::FlightLayer;
use crate::ui::canvas::geometry::{Cubic, Curve, Point, Rect};
use crate::ui::canvas::gesture::{Gesture, hit};
use crate::ui::canvas::layout::{Flow, Layout};
use crate::ui::canvas::measure;
use crate::ui::canvas::message::Msg;
use crate::ui::canvas::minimap::Minimap;
use crate::ui::canvas::node_view::{Candidate, NodeLook, drawn_items};
use crate::ui::canvas::popover::Anchored;
use crate::ui::canvas::scene::{EdgeKind, End, ItemId, Node, NodeId, Scene, Target, Text, Verdict};
use crate::ui::canvas::sketch::{PatchKind, rect_of};
use crate::ui::canvas::sketch_view::PatchView;
use crate::ui::canvas::view::{Anchor, Canvas, CanvasProps, Mode};
use crate::ui::canvas::viewport::ZOOM_STEP;
use crate::ui::components::{Icon, IconButton};
use crate::ui::shared::Shared;
use crate::ui::whole::is_whole;

/// Canvases smaller than this either way show no map.
const SMALLEST_WITH_MAP: (f64, f64) = (560.0, 320.0);

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
            self.is_leading(props).then_some("is-connecting"),
            self.in_hand.is_some().then_some("is-dragging"),
            props.is_alone.then_some("is-alone"),
            (props.stage.look().in_flight() > CROWD).then_some("is-crowded"),
        );
        html! {
            <div {class}>
                <div
                    ref={self.host.clone()} class="canvas-ground" tabindex="0" role="application"
                    aria-label={text(&props.words.label)} aria-describedby={hint_id.clone()} aria-activedescendant={active}
                    onpointerdown={link.callback(|event: PointerEvent| Msg::Down(hit(&event), event))} onpointermove={link.callback(Msg::Move)}
                    onpointerup={link.callback(Msg::Up)} onpointercancel={link.callback(Msg::Cancel)}
                    onpointerleave={link.callback(|_| Msg::Leave)} ondblclick={double_press(ctx)}
                    oncontextmenu={context_menu(ctx)} onkeydown={self.on_key(ctx)}
                    onfocus={link.callback(|_| Msg::Focus(true))} onblur={link.callback(|_| Msg::Focus(false))}
                    oncopy={clipboard::on_copy(&props.oncopy, false)} oncut={clipboard::on_copy(&props.oncopy, true)}
                    onpaste={clipboard::on_paste(link.callback(Msg::Pasted))}
                    ondragover={Callback::from(|event: DragEvent| clipboard::accept(&event))}
                    ondrop={clipboard::on_drop(link.callback(|(part, at)| Msg::Dropped(part, at)))}
                >
                    <svg class={classes!("canvas-drawing", (self.size.0 <= 0.0).then_some("is-unmeasured"))}>
                        <g transform={self.viewport.transform()}>
                            { for self.patches(props, layout, true) }
                            { for self.outlines(props, layout) }
                            { self.drawing(ctx, layout) }
                            { for self.patches(props, layout, false) }
                            { self.marked_area() }
                        </g>
                    </svg>
                    <FlightLayer
                        scene={props.scene.clone()} layout={layout.clone()} viewport={self.viewport} size={self.size}
                        stage={props.stage.clone()} in_flight={Rc::clone(&props.words.in_flight)} onarrived={link.callback(|()| Msg::Arrived)}
                    />
                </div>
                <p id={hint_id} class="visually-hidden">{ &*props.words.instruction }</p>
                { self.hint(props) }
                { legend(props) }
                // While something is carried the map stays as it was.
                { self.map(ctx, &self.layout) }
                { self.tools(ctx) }
                { self.menu(ctx) }
                { self.question(props) }
                { self.pen(ctx) }
                { props.children.clone() }
            </div>
        }
    }

    /// Nodes and edges, in bundles, without what cannot be seen.
    fn drawing(&self, ctx: &Context<Self>, layout: &Shared<Layout>) -> Html {
        let props = ctx.props();
        let seen = if self.size.0 > 0.0 {
            window(self.viewport, self.size)
        } else {
            layout.bounds.grown(1.0)
        };
        let detail = Detail::at(self.viewport.scale);
        let mut edges = self.drawn_edges.borrow_mut();
        edges.update(
            &props.scene.edges,
            self.edge_looks(props, layout, seen),
            &self.prefix,
        );
        let edge_chunks = |labels: bool| {
            let chunks = edges.bundles.iter().enumerate();
            chunks
                .map(|(key, edges)| html! { <EdgeChunk {key} {edges} {labels} /> })
                .collect::<Vec<_>>()
        };
        let mut nodes = self.drawn_nodes.borrow_mut();
        nodes.update(layout, (seen, detail), || self.nodes(ctx, layout, seen));
        let node_chunks = nodes.bundles.iter().enumerate().map(|(key, nodes)| {
            html! { <NodeChunk {key} {nodes} prefix={&self.prefix} flow={layout.flow} {detail} /> }
        });
        html! {
            <>
                <g>{ for edge_chunks(false) }</g>
                { self.loose_edge(props, layout) }
                <g>{ for node_chunks }</g>
                if detail == Detail::Full { <g>{ for edge_chunks(true) }</g> }
            </>
        }
    }

    /// Whether something that happens only moves the drawing, and all on it stays as it is.
    pub(super) fn only_looks_elsewhere(&self, msg: &Msg) -> bool {
        match msg {
            Msg::Wheel(_) | Msg::Zoom(_) | Msg::Go(_) | Msg::Uncover => true,
            Msg::Move(_) => matches!(
                self.gesture,
                Gesture::Ground { marks: false, .. } | Gesture::Pinch
            ),
            _ => false,
        }
    }

    fn element_id(&self, target: &Target) -> Option<AttrValue> {
        let (kind, name) = match target {
            Target::Node(id) | Target::Item(id, _) => ("node", id.as_str()),
            Target::Edge(id) => ("edge", id.as_str()),
            Target::Patch(id) => ("patch", id.as_str()),
            Target::Group(_) => return None,
        };
        Some(element_id(&self.prefix, kind, name))
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

    /// Frames stand behind everything, notes before.
    fn patches(&self, props: &CanvasProps, layout: &Layout, frames: bool) -> Vec<Html> {
        let patches = props
            .sketch
            .patches
            .iter()
            .filter(|patch| matches!(patch.kind, PatchKind::Frame { .. }) == frames);
        let drawn = patches.filter_map(|patch| {
            let mut rect = rect_of(patch, &layout.places)?;
            let held = self.in_hand.as_ref().and_then(|held| {
                let mut notes = held.notes.iter();
                notes.find(|(id, _)| *id == patch.id)
            });
            if let Some((_, at)) = held {
                rect = rect.shifted(at.x - rect.left, at.y - rect.top);
            }
            let target = Target::Patch(patch.id.clone());
            Some(html! {
                <PatchView
                    key={patch.id.as_str()} patch={patch.clone()} {rect} selected={props.chosen.contains(&target)}
                    element_id={self.element_id(&target).unwrap_or_default()} empty={props.words.empty_note.clone()}
                />
            })
        });
        drawn.collect()
    }

    fn edge_looks(&self, props: &CanvasProps, layout: &Shared<Layout>, seen: Rect) -> EdgeLooks {
        EdgeLooks {
            layout: layout.clone(),
            seen,
            is_far: Detail::at(self.viewport.scale) == Detail::Dots,
            selected: props.selected.clone(),
            chosen: props.chosen.clone(),
            hovered: props.hovered.clone(),
            lit: props.lit.clone(),
            rewiring: match &self.mode {
                Mode::Rewiring(edge, _) => Some(edge.clone()),
                _ => None,
            },
        }
    }

    fn nodes(&self, ctx: &Context<Self>, layout: &Layout, seen: Rect) -> Vec<Drawn> {
        let props = ctx.props();
        let nobody = Rc::new(Set::new());
        let stage = props.stage.look();
        // From afar single items are not drawn.
        let detail = Detail::at(self.viewport.scale);
        let is_near = detail == Detail::Full;
        let waiting = |node: &Node| {
            if !is_near {
                return Rc::clone(&nobody);
            }
            let mut items = drawn_items(node).filter(|item| stage.is_in_flight(&node.id, item));
            // Most of the time nothing waits, and nothing is allocated for it.
            let Some(first) = items.next() else {
                return Rc::clone(&nobody);
            };
            let all = std::iter::once(first).chain(items).cloned();
            Rc::new(all.collect::<Set<ItemId>>())
        };
        let has_handles = props.connecting.is_none() && self.mode == Mode::Idle;
        let drawn = props.scene.nodes.iter().filter_map(|node| {
            let place = layout
                .places
                .get(&node.id)
                .filter(|place| place.rect.grown(12.0).overlaps(seen))?;
            let look = self.look(props, node);
            // From far away they are too small to be pressed: only what is looked at has one.
            let is_near = detail > Detail::Dots || look.hovered || look.selected;
            let handle = node.ports.starts && has_handles && is_near;
            Some(Drawn {
                node: node.clone(),
                center: place.center,
                look,
                waiting: waiting(node),
                handle: handle.then(|| props.words.handle.clone()),
            })
        });
        drawn.collect()
    }

    fn look(&self, props: &CanvasProps, node: &Node) -> NodeLook {
        let is = |target: Option<&Target>| target.and_then(Target::node) == Some(&node.id);
        let target = Target::Node(node.id.clone());
        NodeLook {
            selected: is(props.selected.as_ref()) || props.chosen.contains(&target),
            hovered: is(props.hovered.as_ref()),
            lit: props.lit.iter().any(|target| is(Some(target))),
            dragged: self
                .in_hand
                .as_ref()
                .is_some_and(|held| held.moves.iter().any(|(id, _)| *id == node.id)),
            candidate: self.candidate(props, node),
            selected_item: selected_item(props, node),
        }
    }

    /// Whether what is in the hand may end at a node.
    fn candidate(&self, props: &CanvasProps, node: &Node) -> Candidate {
        if let Mode::Rewiring(edge, end) = &self.mode {
            let rewirable = props.rewirable.as_ref();
            let verdict = rewirable.map_or(Ok(()), |ask| {
                ask.emit((edge.clone(), *end, node.id.clone()))
            });
            return judged(verdict);
        }
        let Some(from) = &props.connecting else {
            return Candidate::Idle;
        };
        match props.verdict.emit((from.clone(), node.id.clone())) {
            Err(_) if *from == node.id => Candidate::Source,
            verdict => judged(verdict),
        }
    }

    /// The edge that is being drawn or moved: from its fixed end to the pointer, or to the node the keys have reached.
    fn loose_edge(&self, props: &CanvasProps, layout: &Layout) -> Html {
        let asked = match props.question.as_ref().map(|question| &question.anchor) {
            Some(Anchor::Between(from, to)) => Some((from.clone(), to.clone())),
            Some(Anchor::At(_)) | None => None,
        };
        let (fixed, backwards) = match (&self.mode, &props.connecting, &asked) {
            (Mode::Rewiring(edge, end), _, _) => {
                let Some(edge) = props.scene.edge(edge) else {
                    return Html::default();
                };
                match end {
                    End::To => (edge.from.clone(), false),
                    End::From => (edge.to.clone(), true),
                }
            }
            (_, Some(from), _) => (from.clone(), false),
            (_, None, Some((from, _))) => (from.clone(), false),
            (_, None, None) => return Html::default(),
        };
        let (Some(node), Some(place)) = (props.scene.node(&fixed), layout.places.get(&fixed))
        else {
            return Html::default();
        };
        let center = |id: &NodeId| layout.places.get(id).map(|place| place.center);
        let reached = match &props.selected {
            Some(Target::Node(id)) if *id != fixed => center(id),
            _ => None,
        };
        let target = asked.as_ref().and_then(|(_, to)| center(to));
        let Some(end) = target.or(self.loose_end).or(reached) else {
            return Html::default();
        };
        let port = measure::out_port(node, layout.flow);
        let start = if backwards {
            place.center
        } else {
            place.center.shifted(port.x, port.y)
        };
        let reach = ((end.x - start.x).abs() * 0.5).max(24.0) * if backwards { -1.0 } else { 1.0 };
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

    fn marked_area(&self) -> Html {
        let Some(area) = self.marked else {
            return Html::default();
        };
        html! {
            <rect
                class="canvas-marked" x={area.left.to_string()} y={area.top.to_string()}
                width={area.width().to_string()} height={area.height().to_string()}
            />
        }
    }

    /// The small map, where there is room for it and more than can be seen at once.
    fn map(&self, ctx: &Context<Self>, layout: &Shared<Layout>) -> Html {
        let (width, height) = self.size;
        let has_room = width >= SMALLEST_WITH_MAP.0 && height >= SMALLEST_WITH_MAP.1;
        // What is seen whole needs no map, and a map would only cover some of it.
        let bounds = self.extent(ctx);
        if self.viewport.shows_all(bounds, width, height) {
            return Html::default();
        }
        if !has_room || !self.shows_map || layout.places.is_empty() || !is_whole() {
            return Html::default();
        }
        html! {
            <Minimap
                scene={ctx.props().scene.clone()} layout={layout.clone()} {bounds}
                window={self.viewport.window(width, height)}
                label={text(&ctx.props().words.map)} ongo={ctx.link().callback(Msg::Go)}
            />
        }
    }

    /// The question, beside what it is about.
    fn question(&self, props: &CanvasProps) -> Html {
        let Some(question) = &props.question else {
            return Html::default();
        };
        let places = &self.layout.places;
        let rect = match &question.anchor {
            Anchor::At(at) => Some(Rect::around(*at, 24.0, 24.0)),
            Anchor::Between(from, to) => places
                .get(from)
                .zip(places.get(to))
                .map(|(from, to)| from.rect.union(to.rect)),
        };
        let rect = rect.unwrap_or_default();
        let corner = |x: f64, y: f64| self.viewport.to_canvas(Point::new(x, y));
        let about = Rect::between(corner(rect.left, rect.top), corner(rect.right, rect.bottom));
        html! {
            <Anchored label={question.label.clone()} {about} size={self.size} onclose={question.onclose.clone()}>
                { question.content.clone() }
            </Anchored>
        }
    }

    /// What the next press means, why a node will not do or why the last try was refused, and how much is selected.
    fn hints(&self, props: &CanvasProps) -> [Option<Text>; 3] {
        let words = &props.words;
        let what = match &self.mode {
            Mode::Rewiring(..) => Some(&words.rewiring),
            Mode::Placing(_) => Some(&words.placing),
            Mode::Marking => Some(&words.marking),
            Mode::Idle => props.connecting.as_ref().map(|_| &words.connecting),
        };
        let below = props
            .hovered
            .as_ref()
            .and_then(Target::node)
            .and_then(|id| props.scene.node(id));
        let why = below.and_then(|node| match self.candidate(props, node) {
            Candidate::Invalid(why) => Some(why),
            Candidate::Idle | Candidate::Source | Candidate::Valid => None,
        });
        let why = why.or_else(|| self.refusal.clone());
        let count = props.chosen.len();
        let chosen = || words.chosen.replace("{0}", &count.to_string()).into();
        [
            why.filter(|_| what.is_some()),
            what.cloned(),
            (count > 1).then(chosen),
        ]
    }

    /// Whether the next press is the end of something that was begun.
    pub(super) fn is_leading(&self, props: &CanvasProps) -> bool {
        props.connecting.is_some() || self.mode != Mode::Idle
    }

    /// Tells the page what the next press means, when that is another thing than before.
    pub(super) fn tell_mode(&mut self, props: &CanvasProps) {
        let hint = self.hint_said(props);
        if hint != self.hint_told {
            self.hint_told.clone_from(&hint);
            if !hint.is_empty() {
                props.onhint.emit(hint.into());
            }
        }
        let is_leading = self.is_leading(props);
        if is_leading != self.leading_told {
            self.leading_told = is_leading;
            props.onleading.emit(is_leading);
        }
    }

    /// The hints as readers hear them, by the page's one voice.
    fn hint_said(&self, props: &CanvasProps) -> String {
        let hints = self.hints(props);
        hints
            .iter()
            .flatten()
            .map(|hint| &**hint)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn hint(&self, props: &CanvasProps) -> Html {
        let [why, what, chosen] = self.hints(props);
        let is_empty = what.is_none() && chosen.is_none();
        html! {
            <div class={classes!("canvas-hint", is_empty.then_some("is-empty"))}>
                if let Some(why) = why { <p class="canvas-refusal">{ &*why }</p> }
                if let Some(what) = what { <p>{ &*what }</p> }
                if let Some(chosen) = chosen { <p>{ &*chosen }</p> }
            </div>
        }
    }

    fn tools(&self, ctx: &Context<Self>) -> Html {
        let (words, link) = (&ctx.props().words, ctx.link());
        let is_marking = self.mode == Mode::Marking;
        let is_free = !ctx.props().is_fixed;
        html! {
            <div class="canvas-tools">
                if is_free {
                    <IconButton
                    icon={Icon::Mark} label={text(&words.mark)} pressed={Some(is_marking)}
                    onclick={link.callback(|_| Msg::ToggleMarking)}
                    />
                }
                <IconButton icon={Icon::Plus} label={text(&words.zoom_in)} onclick={link.callback(|_| Msg::Zoom(ZOOM_STEP))} />
                <IconButton icon={Icon::Minus} label={text(&words.zoom_out)} onclick={link.callback(|_| Msg::Zoom(1.0 / ZOOM_STEP))} />
                <IconButton icon={Icon::Fit} label={text(&words.fit)} onclick={link.callback(|_| Msg::Fit)} />
                if is_free {
                    <IconButton
                        icon={Icon::Arrange} label={text(&words.arrange)} onclick={ctx.props().onarrange.reform(|_| ())}
                    />
                }
                <span class="canvas-tool-map">
                    <IconButton
                        icon={Icon::Map} label={text(&words.show_map)} pressed={Some(self.shows_map)}
                        onclick={link.callback(|_| Msg::ToggleMap)}
                    />
                </span>
            </div>
        }
    }
}

/// What was pressed twice, read while the event still knows.
fn double_press(ctx: &Context<Canvas>) -> Callback<MouseEvent> {
    let pressed = ctx.link().callback(Msg::DoublePress);
    Callback::from(move |event: MouseEvent| {
        if let Some(target) = hit(&event).target() {
            pressed.emit(target);
        }
    })
}

/// What a menu is wanted of; the outline of a group has none, there the browser shows its own.
fn context_menu(ctx: &Context<Canvas>) -> Callback<MouseEvent> {
    let asked = ctx
        .link()
        .callback(|(target, at)| Msg::ContextMenu(target, at));
    Callback::from(move |event: MouseEvent| {
        let target = hit(&event).target();
        if !matches!(target, Some(Target::Group(_))) {
            event.prevent_default();
            let at = Point::new(f64::from(event.client_x()), f64::from(event.client_y()));
            asked.emit((target, at));
        }
    })
}

fn text(words: &Rc<str>) -> AttrValue {
    AttrValue::from(Rc::clone(words))
}

fn judged(verdict: Verdict) -> Candidate {
    match verdict {
        Ok(()) => Candidate::Valid,
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
    let occurs = |scene: &Scene, kind: EdgeKind| scene.edges.iter().any(|edge| edge.kind == kind);
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
