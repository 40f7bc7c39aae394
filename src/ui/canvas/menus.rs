//! The menus of the canvas: of a thing, of several, of empty space, and of an edge that leads to nothing yet.

use yew::prelude::*;

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::message::Msg;
use crate::ui::canvas::scene::{Choice, End, NodeId, Target, Text, Tone};
use crate::ui::canvas::selection::{self, Align};
use crate::ui::canvas::sketch::{PatchKind, SketchChange};
use crate::ui::canvas::view::{Canvas, Mode};
use crate::ui::components::ContextMenu;

/// What an open menu is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum About {
    Thing(Target),
    /// Everything that is selected.
    Many,
    /// Empty space, at a place of the drawing.
    Ground(Point),
    /// An edge from this node that was let go at a place of the drawing.
    Loose(NodeId, Point),
}

/// An open menu: what it is about, and where in the window.
pub(super) struct OpenMenu {
    pub about: About,
    pub at: Point,
    /// A finger that rests opened it, and will be lifted while it is open.
    pub by_finger: bool,
}

/// The canvas's own entries begin with this; all others are the painter's.
const OWN: &str = "canvas:";

fn own(id: &str, label: &Text) -> Choice {
    Choice {
        id: format!("{OWN}{id}").into(),
        label: Text::clone(label),
        tone: Tone::Ink,
        disabled: None,
    }
}

impl Canvas {
    /// Opens the menu of what is at a place of the window, if there is one.
    pub(super) fn open_menu_of(
        &mut self,
        ctx: &Context<Self>,
        target: Option<Target>,
        at: Point,
    ) -> bool {
        let props = ctx.props();
        let about = match target {
            None => {
                let on_canvas = self.on_canvas(at.x, at.y);
                About::Ground(self.viewport.to_drawing(on_canvas).rounded())
            }
            Some(target) => {
                let about = target.node().cloned().map_or(target, Target::Node);
                if props.chosen.len() > 1 && props.chosen.contains(&about) {
                    About::Many
                } else {
                    props.onselect.emit(Some(about.clone()));
                    About::Thing(about)
                }
            }
        };
        if self.choices(ctx, &about).is_empty() {
            return false;
        }
        self.drop_gesture();
        self.menu = Some(OpenMenu {
            about,
            at,
            by_finger: false,
        });
        true
    }

    /// Opens the menu of what is selected, by key: beside it.
    pub(super) fn open_menu_by_key(&mut self, ctx: &Context<Self>) {
        let selected = ctx.props().selected.clone();
        let middle = Point::new(self.size.0 / 2.0, self.size.1 / 2.0);
        let rect = selected
            .as_ref()
            .and_then(|target| self.rect_of(ctx, target));
        let at = rect.map_or(middle, |rect| self.viewport.to_canvas(rect.center()));
        self.open_menu_of(ctx, selected, self.in_window(at));
    }

    /// Asks what an edge that was let go over empty space should lead to.
    pub(super) fn ask_loose(
        &mut self,
        ctx: &Context<Self>,
        from: NodeId,
        drawn: Point,
        window: Point,
    ) {
        let about = About::Loose(from, drawn);
        if !self.choices(ctx, &about).is_empty() {
            self.menu = Some(OpenMenu {
                about,
                at: window,
                by_finger: false,
            });
        }
    }

    /// What a menu offers.
    pub(super) fn choices(&self, ctx: &Context<Self>, about: &About) -> Vec<Choice> {
        let (props, words) = (ctx.props(), &ctx.props().words);
        match about {
            About::Thing(Target::Node(id) | Target::Item(id, _)) => {
                let Some(node) = props.scene.node(id) else {
                    return Vec::new();
                };
                let mut choices = Vec::new();
                if node.ports.starts {
                    choices.push(own("connect", &words.connect));
                }
                choices.extend(node.menu.iter().cloned());
                if !props.is_fixed {
                    choices.push(own("place", &words.place));
                }
                choices
            }
            About::Thing(Target::Edge(id)) => {
                let Some(edge) = props.scene.edge(id) else {
                    return Vec::new();
                };
                let mut choices = Vec::new();
                let offers = [
                    (edge.hold.label, "label", &words.write_label),
                    (edge.hold.to, "to", &words.move_end),
                    (edge.hold.from, "from", &words.move_start),
                ];
                for (_, id, label) in offers.into_iter().filter(|(may, _, _)| *may) {
                    choices.push(own(id, label));
                }
                choices.extend(edge.menu.iter().cloned());
                choices
            }
            About::Thing(Target::Patch(_)) | About::Many if props.is_fixed => Vec::new(),
            About::Thing(Target::Patch(_)) => vec![
                own("write", &words.write),
                own("colour", &words.colour),
                Choice {
                    tone: Tone::Error,
                    ..own("unpatch", &words.remove)
                },
            ],
            About::Thing(Target::Group(_)) => Vec::new(),
            About::Many => self.choices_of_many(ctx),
            About::Ground(_) => {
                let mut choices = Vec::new();
                if !props.is_fixed {
                    choices.extend(props.ground.iter().cloned());
                    choices.push(own("note", &words.add_note));
                    choices.push(own("mark", &words.mark));
                    choices.push(own("all", &words.choose_all));
                }
                choices.push(own("fit", &words.fit));
                choices
            }
            About::Loose(from, _) => {
                let node = props.scene.node(from);
                node.map(|node| node.leads.to_vec()).unwrap_or_default()
            }
        }
    }

    fn choices_of_many(&self, ctx: &Context<Self>) -> Vec<Choice> {
        let (props, words) = (ctx.props(), &ctx.props().words);
        let mut choices = Vec::new();
        if selection::nodes_of(&props.chosen).len() > 1 {
            let labels = [
                &words.align_left,
                &words.align_column,
                &words.align_top,
                &words.align_row,
                &words.spread,
            ];
            let aligns = Align::ALL.iter().zip(labels).enumerate();
            choices.extend(aligns.map(|(index, (_, label))| own(&format!("align{index}"), label)));
            choices.push(own("frame", &words.add_frame));
            choices.push(own("place", &words.place));
        }
        choices.extend(props.many.iter().cloned());
        choices
    }

    /// Something was chosen from the open menu.
    pub(super) fn choose(&mut self, ctx: &Context<Self>, id: &Text) {
        let Some(OpenMenu { about, .. }) = self.menu.take() else {
            return;
        };
        let props = ctx.props();
        self.take_focus();
        match (about, id.strip_prefix(OWN)) {
            (about, Some(own)) => self.choose_own(ctx, about, own),
            (About::Thing(target), None) => props.onchoose.emit((target, id.clone())),
            (About::Many, None) => props.onmany.emit(id.clone()),
            (About::Ground(at), None) => props.onground.emit((id.clone(), at)),
            (About::Loose(from, at), None) => props.onloose.emit((from, id.clone(), at)),
        }
    }

    fn choose_own(&mut self, ctx: &Context<Self>, about: About, id: &str) {
        let props = ctx.props();
        match (about, id) {
            (About::Thing(Target::Node(node)), "connect") => {
                props.onconnecting.emit(Some(node));
            }
            (About::Thing(Target::Node(node)), "place") => self.mode = Mode::Placing(vec![node]),
            (About::Many, "place") => {
                self.mode = Mode::Placing(selection::nodes_of(&props.chosen));
            }
            (About::Thing(Target::Edge(edge)), "to") => self.mode = Mode::Rewiring(edge, End::To),
            (About::Thing(Target::Edge(edge)), "from") => {
                self.mode = Mode::Rewiring(edge, End::From);
            }
            (About::Thing(target), "label" | "write") => {
                self.begin_writing(ctx, &target);
            }
            (About::Thing(Target::Patch(patch)), "colour") => {
                let now = props.sketch.patch(&patch).map(|patch| patch.tone);
                let next = match now {
                    Some(Tone::Colour(colour)) => Tone::Colour((colour + 1) % Tone::COLOURS),
                    _ => Tone::Colour(0),
                };
                props.onsketch.emit(SketchChange::Colour(patch, next));
            }
            (About::Thing(Target::Patch(patch)), "unpatch") => {
                props.onsketch.emit(SketchChange::Remove(vec![patch]));
            }
            (About::Ground(at), "note") => self.add_note(ctx, at),
            (About::Ground(_), "mark") => self.mode = Mode::Marking,
            (About::Ground(_), "all") => self.choose_all(ctx),
            (About::Ground(_), "fit") => self.fit(ctx),
            (About::Many, "frame") => {
                let members = selection::nodes_of(&props.chosen);
                let id = props.sketch.next_id();
                props.onsketch.emit(SketchChange::AddFrame(members));
                self.write_soon = Some(id);
            }
            (About::Many, id) => {
                let index = id
                    .strip_prefix("align")
                    .and_then(|n| n.parse::<usize>().ok());
                if let Some(how) = index.and_then(|index| Align::ALL.get(index)) {
                    let nodes = selection::nodes_of(&props.chosen);
                    let moves = selection::aligned(&nodes, &self.layout, *how);
                    props.onmove.emit(moves);
                }
            }
            _ => {}
        }
    }

    /// A new note, and the pen on it.
    pub(super) fn add_note(&mut self, ctx: &Context<Self>, at: Point) {
        let props = ctx.props();
        let id = props.sketch.next_id();
        props.onsketch.emit(SketchChange::AddNote(at));
        self.write_soon = Some(id);
    }

    pub(super) fn choose_all(&self, ctx: &Context<Self>) {
        let props = ctx.props();
        let notes = props
            .sketch
            .patches
            .iter()
            .filter(|patch| matches!(patch.kind, PatchKind::Note { .. }))
            .map(|patch| Target::Patch(patch.id.clone()));
        let nodes = props.scene.nodes.iter();
        let nodes = nodes.map(|node| Target::Node(node.id.clone()));
        props.onpick.emit(notes.chain(nodes).collect());
    }

    pub(super) fn menu(&self, ctx: &Context<Self>) -> Html {
        let (at, choices) = match &self.menu {
            Some(menu) => (Some(menu.at), self.choices(ctx, &menu.about)),
            None => (None, Vec::new()),
        };
        let words = &ctx.props().words;
        let label = match self.menu.as_ref().map(|menu| &menu.about) {
            Some(About::Loose(..)) => &words.leads_to,
            _ => &words.menu,
        };
        html! {
            <ContextMenu
                label={AttrValue::from(Text::clone(label))} {at} {choices}
                by_finger={self.menu.as_ref().is_some_and(|menu| menu.by_finger)}
                onchoose={ctx.link().callback(Msg::Choose)} onclose={ctx.link().callback(|()| Msg::CloseMenu)}
            />
        }
    }
}
