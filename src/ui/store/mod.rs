//! What the page remembers besides the run: the last picture of it, the layout, the looks, the settings, notices.
//!
//! One pure reducer, tested without a browser. The run itself lives in the engine, outside.

mod looks;
mod notices;
mod pins;
mod settings;

use std::rc::Rc;

use yew::Reducible;

pub use looks::{Area, Face, Looks};
pub use notices::NoticeList;
pub use pins::PinBoard;
pub use settings::{Settings, Theme};

use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::{NodeId, Target, Text, Tone};
use crate::ui::choreography::Motion;
use crate::ui::components::NoticeId;
use crate::ui::shared::Shared;
use crate::ui::text::Lang;

/// What a painter makes of a model: opaque to the store but for one question.
pub trait Picture: Default + 'static {
    /// Whether that thing is in it; what is selected or hovered and no longer there is let go.
    fn shows(&self, target: &Target) -> bool;
}

/// Everything the page remembers besides the run.
#[derive(Debug)]
pub struct Store<P> {
    pub picture: Shared<P>,
    pub looks: Looks,
    pub layout: PinBoard,
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
    Hover(Option<Target>),
    /// Begins drawing an edge from a node, or gives it up.
    Connect(Option<NodeId>),
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

    // Layout: saved with the scenario, one undo per drag
    Move(NodeId, Point),
    /// Lets every node go where the automatic layout puts it.
    Arrange,
    UndoMove,
    RedoMove,
    /// Another scenario, with the places it brings.
    LoadLayout(Pins),

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
            layout: PinBoard::default(),
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
        match action {
            Action::Picture(picture) => {
                self.looks.let_go(|target| picture.shows(target));
                self.picture = picture;
            }
            Action::Select(target) => self.looks.selected = target,
            Action::Hover(target) => self.looks.hovered = target,
            Action::Connect(from) => self.looks.connecting = from,
            Action::OpenPanel(area, panel) => self.looks.open_panel(area, panel),
            Action::Fold(area) => self.looks.fold(area),
            Action::Resize(area, size) => self.looks.resize(area, size),
            Action::Dialog(dialog) => self.looks.dialog = dialog,
            Action::Filter(filter) => self.looks.filter = filter,
            Action::Show(face) => self.looks.face = face,
            Action::Move(node, to) => self.layout.pin(node, to),
            Action::Arrange => self.layout.unpin_all(),
            Action::UndoMove => self.layout.undo(),
            Action::RedoMove => self.layout.redo(),
            Action::LoadLayout(pins) => self.layout.load(pins),
            Action::SetTheme(theme) => self.settings.theme = theme,
            Action::SetLang(lang) => self.settings.lang = lang,
            Action::SetMotion(motion) => self.settings.motion = motion,
            Action::Notify { tone, text, detail } => self.notices.add(tone, text, detail),
            Action::Dismiss(id) => self.notices.dismiss(id),
            Action::DismissAll => self.notices.clear(),
        }
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
                Target::Edge(_) | Target::Group(_) | Target::Item(..) => false,
            }
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
            Action::Move("a".into(), first),
            Action::Move("a".into(), second),
            Action::UndoMove,
        ]);
        assert_eq!(store.layout.pins()[&NodeId::from("a")], first);
        let store = store.reduce(Action::RedoMove);
        assert_eq!(store.layout.pins()[&NodeId::from("a")], second);
    }

    #[test]
    fn arranging_can_be_undone_and_loading_cannot() {
        let at = Point::new(1.0, 2.0);
        let store = after([Action::Move("a".into(), at), Action::Arrange]);
        assert!(store.layout.pins().is_empty());
        assert_eq!(store.layout.arrangement(), 1);
        let store = store.reduce(Action::UndoMove);
        assert_eq!(store.layout.pins().len(), 1);
        let store = store.reduce(Action::LoadLayout(Pins::new()));
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
