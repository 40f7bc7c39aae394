//! What the page remembers besides the run: the last picture of it, the layout, the looks, the settings, notices.
//!
//! One pure reducer, tested without a browser. The run itself lives in the engine, outside.

mod board;
mod looks;
mod notices;
mod settings;

use std::rc::Rc;

use yew::Reducible;

pub use board::{Board, LayoutStep, LayoutTimes, Turn};
pub use looks::{Area, Drawn, Face, Looks};
pub use notices::NoticeList;
pub use settings::{Settings, Theme};

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::{NodeId, PatchId, Target, Text, Tone};
use crate::ui::canvas::sketch::{Sketch, SketchChange};
use crate::ui::choreography::Motion;
use crate::ui::components::NoticeId;
use crate::ui::shared::Shared;
use crate::ui::text::Lang;

/// What a painter makes of a model: opaque to the store but for one question.
pub trait Picture: Default + 'static {
    /// Whether that thing is in it; what is selected or hovered and no longer there is let go. Notes and frames are
    /// the store's own, it never asks for them.
    fn shows(&self, target: &Target) -> bool;
    /// How many steps the run has: a step of the layout notes it.
    fn length(&self) -> usize;
}

/// Everything the page remembers besides the run.
#[derive(Debug)]
pub struct Store<P> {
    pub picture: Shared<P>,
    pub looks: Looks,
    pub layout: Board,
    pub settings: Settings,
    pub notices: NoticeList,
}

/// What can be done to the store.
#[derive(Debug)]
pub enum Action<P> {
    /// The run moved on; at most once per animation frame.
    Picture(Shared<P>),

    // Looks: neither saved nor undone
    Select(Option<Target>),
    /// Selects several at once; the last of them is the one that panels show.
    Choose(Vec<Target>),
    Hover(Option<Target>),
    /// Begins drawing an edge from a node, or gives it up.
    Connect(Option<NodeId>),
    /// Whether the next press on the drawing is the end of something that was begun.
    Lead(bool),
    /// Shows a panel in an area.
    OpenPanel(Area, Text),
    /// Folds an area away, or unfolds it.
    Fold(Area),
    /// Gives an area a width or height, in pixels.
    Resize(Area, u16),
    /// Opens a dialog, or closes the open one.
    Dialog(Option<Text>),
    Filter(Text),
    Show(Face),
    /// Draws so much of the page.
    Draw(Drawn),

    // Layout: saved with the scenario, one undo per gesture
    Move(Vec<(NodeId, Point)>),
    /// Gives nodes that are only coming their places; no step of its own.
    Place(Vec<(NodeId, Point)>),
    /// A note or a frame is added, written, coloured or removed.
    Sketch(SketchChange),
    MovePatch(PatchId, Point),
    /// Lets every node go where the automatic layout puts it.
    Arrange,
    UndoLayout,
    RedoLayout,
    /// Another scenario, with the places, notes and frames it brings.
    LoadLayout(Pins, Sketch),

    // Settings
    SetTheme(Theme),
    SetLang(Lang),
    SetMotion(Motion),

    // Notices
    Notify {
        tone: Tone,
        text: Text,
        detail: Option<Text>,
    },
    Dismiss(NoticeId),
    DismissAll,
}

impl<P: Default> Default for Store<P> {
    fn default() -> Store<P> {
        Store {
            picture: Shared::default(),
            looks: Looks::default(),
            layout: Board::default(),
            settings: Settings::default(),
            notices: NoticeList::default(),
        }
    }
}

impl<P> Clone for Store<P> {
    fn clone(&self) -> Store<P> {
        Store {
            picture: self.picture.clone(),
            looks: self.looks.clone(),
            layout: self.layout.clone(),
            settings: self.settings,
            notices: self.notices.clone(),
        }
    }
}

impl<P: Picture> Reducible for Store<P> {
    type Action = Action<P>;

    fn reduce(mut self: Rc<Self>, action: Action<P>) -> Rc<Self> {
        // The same `Rc` back means: nothing to draw. Hovering is by far the most frequent of those.
        if self.looks.has_already(&action) {
            return self;
        }
        Rc::make_mut(&mut self).take(action);
        self
    }
}

impl<P: Picture> Store<P> {
    fn take(&mut self, action: Action<P>) {
        let length = self.picture.length();
        let may_lose = matches!(
            action,
            Action::Picture(_)
                | Action::Sketch(_)
                | Action::UndoLayout
                | Action::RedoLayout
                | Action::LoadLayout(..)
        );
        match action {
            Action::Picture(picture) => self.picture = picture,
            Action::Select(target) => self.looks.select(target),
            Action::Choose(targets) => self.looks.choose(targets),
            Action::Hover(target) => self.looks.hovered = target,
            Action::Connect(from) => self.looks.connecting = from,
            Action::Lead(is_leading) => self.looks.is_leading = is_leading,
            Action::OpenPanel(area, panel) => self.looks.open_panel(area, panel),
            Action::Fold(area) => self.looks.fold(area),
            Action::Resize(area, size) => self.looks.resize(area, size),
            Action::Dialog(dialog) => self.looks.dialog = dialog,
            Action::Filter(filter) => self.looks.filter = filter,
            Action::Show(face) => self.looks.face = face,
            Action::Draw(drawn) => self.looks.drawn = drawn,
            Action::Place(places) => self.layout.place(&places),
            Action::Move(moves) => self.layout.pin(moves, length),
            Action::Sketch(change) => self.layout.sketch_change(&change, length),
            Action::MovePatch(id, to) => self.layout.move_patch(&id, to, length),
            Action::Arrange => self.layout.unpin_all(length),
            Action::UndoLayout => self.layout.undo(),
            Action::RedoLayout => self.layout.redo(),
            Action::LoadLayout(pins, sketch) => self.layout.load(pins, sketch),
            Action::SetTheme(theme) => self.settings.theme = theme,
            Action::SetLang(lang) => self.settings.lang = lang,
            Action::SetMotion(motion) => self.settings.motion = motion,
            Action::Notify { tone, text, detail } => self.notices.add(tone, text, detail),
            Action::Dismiss(id) => self.notices.dismiss(id),
            Action::DismissAll => self.notices.clear(),
        }
        if !may_lose {
            return;
        }
        let (picture, sketch) = (&self.picture, self.layout.sketch());
        self.looks.let_go(|target| match target {
            Target::Patch(id) => sketch.patch(id).is_some(),
            _ => picture.shows(target),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model the store has never heard of: a list of shelves.
    #[derive(Debug, Default)]
    struct Shelves(Vec<&'static str>);

    impl Picture for Shelves {
        fn shows(&self, target: &Target) -> bool {
            match target {
                Target::Node(id) => self.0.contains(&id.as_str()),
                _ => false,
            }
        }

        fn length(&self) -> usize {
            self.0.len()
        }
    }

    fn after(actions: impl IntoIterator<Item = Action<Shelves>>) -> Rc<Store<Shelves>> {
        actions
            .into_iter()
            .fold(Rc::new(Store::default()), |store, action| {
                store.reduce(action)
            })
    }

    fn node(id: &str) -> Target {
        Target::Node(id.into())
    }

    #[test]
    fn what_is_gone_is_no_longer_selected() {
        let store = after([
            Action::Picture(Shared::new(Shelves(vec!["a", "b"]))),
            Action::Select(Some(node("a"))),
            Action::Hover(Some(node("b"))),
            Action::Connect(Some("a".into())),
            Action::Picture(Shared::new(Shelves(vec!["b"]))),
        ]);
        assert_eq!(store.looks.selected, None);
        assert_eq!(store.looks.hovered, Some(node("b")));
        assert_eq!(store.looks.connecting, None);
    }

    #[test]
    fn several_are_selected_together_and_one_alone_lets_the_others_go() {
        let store = after([
            Action::Picture(Shared::new(Shelves(vec!["a", "b"]))),
            Action::Choose(vec![node("a"), node("b")]),
        ]);
        assert_eq!(store.looks.selected, Some(node("b")));
        assert!(store.looks.chosen.contains(&node("a")));
        let store = store.reduce(Action::Select(Some(node("a"))));
        assert_eq!(store.looks.chosen.len(), 1);
    }

    #[test]
    fn notes_are_undone_with_the_places_in_one_order() {
        let at = Point::new(1.0, 2.0);
        let store = after([
            Action::Move(vec![("a".into(), at)]),
            Action::Sketch(SketchChange::AddNote(at)),
            Action::Picture(Shared::new(Shelves(vec!["a"]))),
            Action::Sketch(SketchChange::Write("1".into(), "hello".into())),
        ]);
        assert_eq!(
            store.layout.times().undo_at,
            Some(1),
            "the run had one step by then"
        );
        let steps: Vec<LayoutStep> = store.layout.steps().map(|(step, _)| step).collect();
        assert_eq!(
            steps,
            [LayoutStep::Move(1), LayoutStep::Sketch, LayoutStep::Sketch]
        );
        let store = store.reduce(Action::UndoLayout).reduce(Action::UndoLayout);
        assert!(store.layout.sketch().patches.is_empty());
        assert_eq!(store.layout.pins().len(), 1);
        let store = store.reduce(Action::RedoLayout);
        assert_eq!(store.layout.sketch().patches.len(), 1);
    }

    #[test]
    fn a_new_node_keeps_its_place_whatever_is_undone() {
        let at = Point::new(1.0, 2.0);
        let store = after([
            Action::Move(vec![("a".into(), at)]),
            Action::Place(vec![("new".into(), at)]),
            Action::UndoLayout,
        ]);
        assert_eq!(store.layout.pins().len(), 1);
        assert_eq!(store.layout.pins()[&NodeId::from("new")], at);
        assert!(!store.layout.can_undo(), "placing is no step of its own");
    }

    #[test]
    fn a_note_that_is_gone_is_no_longer_selected() {
        let patch = Target::Patch("1".into());
        let store = after([
            Action::Sketch(SketchChange::AddNote(Point::default())),
            Action::Select(Some(patch.clone())),
        ]);
        assert_eq!(store.looks.selected, Some(patch));
        let store = store.reduce(Action::UndoLayout);
        assert_eq!(store.looks.selected, None);
    }

    #[test]
    fn hovering_over_the_same_thing_again_draws_nothing() {
        let store = after([Action::Hover(Some(node("a")))]);
        let same = Rc::clone(&store).reduce(Action::Hover(Some(node("a"))));
        assert!(Rc::ptr_eq(&store, &same));
        let other = Rc::clone(&store).reduce(Action::Hover(None));
        assert!(!Rc::ptr_eq(&store, &other));
    }

    #[test]
    fn a_drag_is_undone_as_one() {
        let (first, second) = (Point::new(1.0, 2.0), Point::new(30.0, 40.0));
        let store = after([
            Action::Move(vec![("a".into(), first)]),
            Action::Move(vec![("a".into(), second)]),
            Action::UndoLayout,
        ]);
        assert_eq!(store.layout.pins()[&NodeId::from("a")], first);
        let store = store.reduce(Action::RedoLayout);
        assert_eq!(store.layout.pins()[&NodeId::from("a")], second);
    }

    #[test]
    fn arranging_can_be_undone_and_loading_cannot() {
        let at = Point::new(1.0, 2.0);
        let store = after([Action::Move(vec![("a".into(), at)]), Action::Arrange]);
        assert!(store.layout.pins().is_empty());
        assert_eq!(store.layout.arrangement(), 1);
        let store = store.reduce(Action::UndoLayout);
        assert_eq!(store.layout.pins().len(), 1);
        let store = store.reduce(Action::LoadLayout(Pins::new(), Sketch::default()));
        assert!(!store.layout.can_undo() && store.layout.pins().is_empty());
    }

    #[test]
    fn opening_a_panel_unfolds_its_area() {
        let store = after([
            Action::Fold(Area::Below),
            Action::OpenPanel(Area::Below, "log".into()),
        ]);
        assert_eq!(store.looks.panel(Area::Below), Some("log"));
        assert!(!store.looks.is_folded(Area::Below));
    }

    #[test]
    fn an_area_keeps_the_size_it_was_given() {
        let store = after([
            Action::Resize(Area::Below, 300),
            Action::OpenPanel(Area::Below, "log".into()),
        ]);
        assert_eq!(store.looks.size(Area::Below), Some(300));
        let same = Rc::clone(&store).reduce(Action::Resize(Area::Below, 300));
        assert!(Rc::ptr_eq(&store, &same));
    }
}
