//! The branches of a run: whoever acts in the past goes another way, and what came after is kept.

use std::rc::Rc;

use crate::engine::recording::Recording;
use crate::engine::run::Engine;
use crate::engine::travel::Place;
use crate::engine::update::Update;
use crate::engine::world::WorldCommand;
use crate::machine::SimTime;

/// So many branches there are at most; before one more, the oldest that nobody has named goes.
pub const BRANCHES: usize = 16;

/// The longest name of a branch, in characters.
const NAME: usize = 60;

/// A branch, numbered from 1 in the order they began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BranchId(pub u32);

#[derive(Debug)]
struct Branch {
    id: BranchId,
    name: Option<Rc<str>>,
    /// The branch it left, and how many steps the two share.
    parent: Option<(BranchId, usize)>,
    recording: Recording,
    /// Where it was left.
    left: Option<Place>,
}

/// All branches of a run, one of them the current.
#[derive(Debug)]
pub struct Branches {
    list: Vec<Branch>,
    current: usize,
    next: u32,
}

/// A branch began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forked {
    /// The one that was left, with everything that came after.
    pub kept: BranchId,
    pub began: BranchId,
    /// The one that had to go because there were too many.
    pub dropped: Option<BranchId>,
}

/// A branch, to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchView {
    pub id: BranchId,
    pub name: Option<Rc<str>>,
    /// The branch it left.
    pub parent: Option<BranchId>,
    /// When it left it.
    pub from: SimTime,
    pub end: SimTime,
    pub steps: usize,
    /// What is its own begins with this.
    pub first: Option<WorldCommand>,
    pub is_current: bool,
}

impl Branches {
    pub fn new(recording: Recording) -> Branches {
        let first = Branch {
            id: BranchId(1),
            name: None,
            parent: None,
            recording,
            left: None,
        };
        Branches {
            list: vec![first],
            current: 0,
            next: 2,
        }
    }

    pub fn recording(&self) -> &Recording {
        &self.list[self.current].recording
    }

    pub fn recording_mut(&mut self) -> &mut Recording {
        &mut self.list[self.current].recording
    }

    pub fn current(&self) -> BranchId {
        self.list[self.current].id
    }

    pub fn find(&self, id: BranchId) -> Option<&Recording> {
        let branch = self.list.iter().find(|branch| branch.id == id)?;
        Some(&branch.recording)
    }

    fn fork(&mut self, index: usize, now: SimTime) -> Forked {
        let kept = self.current();
        let dropped = (self.list.len() >= BRANCHES)
            .then(|| self.drop_one())
            .flatten();
        let began = BranchId(self.next);
        self.next += 1;
        self.list.push(Branch {
            id: began,
            name: None,
            parent: Some((kept, index)),
            recording: self.recording().fork_at(index, now),
            left: None,
        });
        self.current = self.list.len() - 1;
        Forked {
            kept,
            began,
            dropped,
        }
    }

    fn drop_one(&mut self) -> Option<BranchId> {
        let others = |branch: &Branch| branch.id != self.list[self.current].id;
        let unnamed = self
            .list
            .iter()
            .position(|branch| branch.name.is_none() && others(branch));
        let place = unnamed.or_else(|| self.list.iter().position(others))?;
        let id = self.list[place].id;
        self.remove(id);
        Some(id)
    }

    fn remove(&mut self, id: BranchId) -> bool {
        let current = self.current();
        if id == current {
            return false;
        }
        let before = self.list.len();
        self.list.retain(|branch| branch.id != id);
        self.current = self
            .list
            .iter()
            .position(|branch| branch.id == current)
            .unwrap_or(0);
        self.list.len() < before
    }
}

impl Engine {
    /// The branches, in the order they began.
    pub fn branches(&self) -> Vec<BranchView> {
        let current = self.branches.current();
        let view = |branch: &Branch| {
            let timeline = branch.recording.timeline();
            let shared = branch.parent.map_or(0, |(_, shared)| shared);
            let first = branch.parent.and_then(|_| timeline.inputs().get(shared));
            BranchView {
                id: branch.id,
                name: branch.name.clone(),
                parent: branch.parent.map(|(parent, _)| parent),
                from: first
                    .as_ref()
                    .map_or(timeline.time_at(shared), |input| input.at),
                end: branch.recording.end(),
                steps: timeline.len(),
                first: first.map(|input| input.command.clone()),
                is_current: branch.id == current,
            }
        };
        self.branches.list.iter().map(view).collect()
    }

    /// The branch one is on.
    pub fn branch(&self) -> BranchId {
        self.branches.current()
    }

    /// Goes on in another branch, paused where it was left; none if there is no such branch.
    pub fn switch_branch(&mut self, to: BranchId) -> Option<Update> {
        let target = self.branches.list.iter().position(|it| it.id == to)?;
        let (from, place) = (self.index(), self.place());
        self.between = None;
        let was_in_past = self.past.take().is_some();
        let common = {
            let other = self.branches.list[target].recording.timeline();
            self.timeline().common_with(other).min(from)
        };
        let left = &mut self.branches.list[self.branches.current].left;
        *left = was_in_past.then_some(place);
        self.branches.current = target;
        self.undone.clear();
        let recording = &self.branches.list[target].recording;
        let to = self.branches.list[target].left.unwrap_or(Place {
            index: recording.len(),
            now: recording.end(),
        });
        self.stand(to);
        Some(self.jumped(common.min(to.index)))
    }

    /// Gives a branch a name; an empty one takes it away.
    pub fn name_branch(&mut self, id: BranchId, name: &str) {
        let name: String = name.trim().chars().take(NAME).collect();
        if let Some(branch) = self.branches.list.iter_mut().find(|it| it.id == id) {
            branch.name = (!name.is_empty()).then(|| name.into());
        }
    }

    /// Forgets a branch; says whether it did. The current one stays.
    pub fn delete_branch(&mut self, id: BranchId) -> bool {
        self.branches.remove(id)
    }

    /// The branch that began since this was last asked.
    pub fn take_forked(&mut self) -> Option<Forked> {
        self.forked.take()
    }

    /// In the past a branch begins, at the time `now`; elsewhere nothing happens.
    pub(super) fn fork(&mut self, now: SimTime) {
        if let Some(past) = self.past.take() {
            self.undone.clear();
            self.forked = Some(self.branches.fork(past.index, now));
        }
    }
}
