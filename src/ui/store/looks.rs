//! The looks: what is selected, hovered and open. Neither saved nor undone.

use crate::ordered::{Map, Set};
use crate::ui::canvas::scene::{NodeId, Target, Text};
use crate::ui::shared::Shared;
use crate::ui::store::Action;

/// A part of the page that holds panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Left of the drawing.
    Before,
    /// Right of the drawing.
    After,
    /// Under the drawing.
    Below,
}

/// How the model is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Face {
    #[default]
    Graph,
    Table,
}

/// What of the page is drawn at all: what another page around it does not want, or nobody can see, costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The page itself; far from the window there is only its place.
    pub page: bool,
    pub before: bool,
    pub after: bool,
    pub below: bool,
}

impl Default for Drawn {
    fn default() -> Drawn {
        Drawn {
            page: true,
            before: true,
            after: true,
            below: true,
        }
    }
}

/// What is selected, hovered and open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looks {
    pub drawn: Drawn,
    /// The one that panels show.
    pub selected: Option<Target>,
    /// All that are selected, that one among them.
    pub chosen: Shared<Set<Target>>,
    pub hovered: Option<Target>,
    /// The node from which an edge is being drawn.
    pub connecting: Option<NodeId>,
    /// The next press on the drawing is the end of something that was begun.
    pub is_leading: bool,
    /// The dialog that is open.
    pub dialog: Option<Text>,
    /// What lists are filtered by.
    pub filter: Text,
    pub face: Face,
    panels: Map<Area, Text>,
    folded: Set<Area>,
    sizes: Map<Area, u16>,
}

impl Looks {
    /// The panel an area shows, if one was chosen.
    pub fn panel(&self, area: Area) -> Option<&str> {
        self.panels.get(&area).map(|panel| &**panel)
    }

    /// Whether an area is folded away.
    pub fn is_folded(&self, area: Area) -> bool {
        self.folded.contains(&area)
    }

    /// The width or height a person gave an area, in pixels.
    pub fn size(&self, area: Area) -> Option<u16> {
        self.sizes.get(&area).copied()
    }

    pub(super) fn resize(&mut self, area: Area, size: u16) {
        self.sizes.insert(area, size);
    }

    pub(super) fn open_panel(&mut self, area: Area, panel: Text) {
        self.folded.remove(&area);
        self.panels.insert(area, panel);
    }

    pub(super) fn fold(&mut self, area: Area) {
        if !self.folded.remove(&area) {
            self.folded.insert(area);
        }
    }

    pub(super) fn select(&mut self, target: Option<Target>) {
        self.chosen = Shared::new(target.iter().cloned().collect());
        self.selected = target;
    }

    pub(super) fn choose(&mut self, targets: Vec<Target>) {
        self.selected = targets.last().cloned();
        self.chosen = Shared::new(targets.into_iter().collect());
    }

    /// Lets go of everything that is no longer shown.
    pub(super) fn let_go(&mut self, shown: impl Fn(&Target) -> bool) {
        self.selected.take_if(|target| !shown(target));
        if !self.chosen.iter().all(&shown) {
            let left = self.chosen.iter().filter(|target| shown(target));
            self.chosen = Shared::new(left.cloned().collect());
        }
        self.hovered.take_if(|target| !shown(target));
        self.connecting
            .take_if(|node| !shown(&Target::Node(node.clone())));
    }

    /// Whether an action would change nothing.
    pub(super) fn has_already<P>(&self, action: &Action<P>) -> bool {
        match action {
            Action::Select(target) => {
                self.selected == *target && self.chosen.len() == usize::from(target.is_some())
            }
            Action::Hover(target) => self.hovered == *target,
            Action::Connect(from) => self.connecting == *from,
            Action::Lead(is_leading) => self.is_leading == *is_leading,
            Action::Dialog(dialog) => self.dialog == *dialog,
            Action::Filter(filter) => self.filter == *filter,
            Action::Show(face) => self.face == *face,
            Action::Draw(drawn) => self.drawn == *drawn,
            Action::OpenPanel(area, panel) => {
                self.panel(*area) == Some(panel) && !self.is_folded(*area)
            }
            Action::Resize(area, size) => self.size(*area) == Some(*size),
            Action::Picture(_)
            | Action::Fold(_)
            | Action::Choose(_)
            | Action::Move(_)
            | Action::Place(_)
            | Action::Sketch(_)
            | Action::MovePatch(..)
            | Action::Arrange
            | Action::UndoLayout
            | Action::RedoLayout
            | Action::LoadLayout(..)
            | Action::SetTheme(_)
            | Action::SetLang(_)
            | Action::SetMotion(_)
            | Action::Notify { .. }
            | Action::Dismiss(_)
            | Action::DismissAll => false,
        }
    }
}
