//! What a person puts on the drawing besides the model: notes, and coloured frames around nodes.
//!
//! It belongs to the layout: it is saved and undone with it, and no painter knows of it.

use crate::ordered::Map;
use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::layout::Place;
use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{NodeId, PatchId, Text, Tone};

/// What a patch is.
#[derive(Clone, Debug, PartialEq)]
pub enum PatchKind {
    /// Text at a place: its upper left corner.
    Note { at: Point },
    /// A coloured frame around these nodes, wherever they stand.
    Frame { members: Vec<NodeId> },
}

/// A note or a frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    pub id: PatchId,
    pub kind: PatchKind,
    /// What the note says; the name of the frame.
    pub text: Text,
    pub tone: Tone,
}

/// Every note and frame, in the order they were made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sketch {
    pub patches: Vec<Patch>,
}

/// How many notes and frames there may be.
pub const MOST_PATCHES: usize = 200;
/// How long a note may be, in characters.
pub const MOST_CHARS: usize = 2_000;

/// How wide the text of a note is at most.
const NOTE_WIDTH: f64 = 200.0;
const NOTE_PADDING: f64 = 10.0;
/// Height of a line of a note.
pub const NOTE_LINE: f64 = 17.0;
/// Around the members of a frame, and above them for its name.
const FRAME_PADDING: f64 = 22.0;
const FRAME_HEAD: f64 = 22.0;

/// A change of the notes and frames, as a hand makes it.
#[derive(Clone, Debug, PartialEq)]
pub enum SketchChange {
    AddNote(Point),
    AddFrame(Vec<NodeId>),
    /// Patches made elsewhere come in.
    Put(Vec<Patch>),
    Write(PatchId, Text),
    Colour(PatchId, Tone),
    Remove(Vec<PatchId>),
}

impl Sketch {
    /// The patch of that id.
    pub fn patch(&self, id: &PatchId) -> Option<&Patch> {
        self.patches.iter().find(|patch| patch.id == *id)
    }

    /// The same with `change` made.
    pub fn changed(&self, change: &SketchChange) -> Sketch {
        let mut sketch = self.clone();
        match change {
            SketchChange::AddNote(at) => sketch.add(PatchKind::Note { at: *at }),
            SketchChange::AddFrame(members) => sketch.add(PatchKind::Frame {
                members: members.clone(),
            }),
            SketchChange::Put(patches) => {
                let room = MOST_PATCHES.saturating_sub(sketch.patches.len());
                sketch.patches.extend(patches.iter().take(room).cloned());
            }
            SketchChange::Write(id, text) => {
                let text: Text = text.chars().take(MOST_CHARS).collect::<String>().into();
                sketch.each(id, |patch| patch.text = Text::clone(&text));
            }
            SketchChange::Colour(id, tone) => sketch.each(id, |patch| patch.tone = *tone),
            SketchChange::Remove(ids) => sketch.patches.retain(|patch| !ids.contains(&patch.id)),
        }
        sketch
    }

    /// The same with a note at another place.
    pub fn moved(&self, id: &PatchId, to: Point) -> Sketch {
        let mut sketch = self.clone();
        sketch.each(id, |patch| {
            if let PatchKind::Note { at } = &mut patch.kind {
                *at = to;
            }
        });
        sketch
    }

    /// The id the next patch gets.
    pub fn next_id(&self) -> PatchId {
        let number = |patch: &Patch| patch.id.as_str().parse::<u32>().unwrap_or(0);
        let last = self.patches.iter().map(number).max().unwrap_or(0);
        (last + 1).to_string().into()
    }

    fn add(&mut self, kind: PatchKind) {
        if self.patches.len() >= MOST_PATCHES {
            return;
        }
        let id = self.next_id();
        let colour = match kind {
            PatchKind::Note { .. } => 4,
            PatchKind::Frame { .. } => (self.patches.len() % usize::from(Tone::COLOURS)) as u8,
        };
        self.patches.push(Patch {
            id,
            kind,
            text: Text::default(),
            tone: Tone::Colour(colour),
        });
    }

    fn each(&mut self, id: &PatchId, change: impl Fn(&mut Patch)) {
        for patch in self.patches.iter_mut().filter(|patch| patch.id == *id) {
            change(patch);
        }
    }
}

/// The lines of a note, broken to its width.
pub fn note_lines(text: &str) -> Vec<String> {
    measure::wrapped(text, NOTE_WIDTH)
}

/// Where a patch is drawn; a frame without a member on the drawing is nowhere.
pub fn rect_of(patch: &Patch, places: &Map<NodeId, Place>) -> Option<Rect> {
    match &patch.kind {
        PatchKind::Note { at } => {
            let lines = note_lines(&patch.text);
            let width = lines
                .iter()
                .map(|line| measure::text_width(line))
                .fold(60.0_f64, f64::max);
            let height = lines.len().max(1) as f64 * NOTE_LINE;
            Some(Rect::new(
                at.x,
                at.y,
                at.x + width + 2.0 * NOTE_PADDING,
                at.y + height + 2.0 * NOTE_PADDING - 4.0,
            ))
        }
        PatchKind::Frame { members } => {
            let rects = members
                .iter()
                .filter_map(|id| places.get(id))
                .map(|it| it.rect);
            let mut rect = rects.reduce(Rect::union)?.grown(FRAME_PADDING);
            rect.top -= FRAME_HEAD;
            Some(rect)
        }
    }
}

/// Everything that is drawn: the nodes with their edges, which take `bounds`, and the notes and frames.
pub fn around(bounds: Rect, sketch: &Sketch, places: &Map<NodeId, Place>) -> Rect {
    let nodes = (!places.is_empty()).then_some(bounds);
    let patches = sketch.patches.iter();
    let patches = patches.filter_map(|patch| rect_of(patch, places));
    let all = nodes.into_iter().chain(patches);
    all.reduce(Rect::union).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(changes: &[SketchChange]) -> Sketch {
        changes
            .iter()
            .fold(Sketch::default(), |sketch, change| sketch.changed(change))
    }

    #[test]
    fn a_note_is_written_coloured_moved_and_removed() {
        let at = Point::new(10.0, 20.0);
        let sketch = made(&[
            SketchChange::AddNote(at),
            SketchChange::Write("1".into(), "why is this here?".into()),
            SketchChange::Colour("1".into(), Tone::Colour(2)),
        ])
        .moved(&"1".into(), Point::new(50.0, 60.0));
        let note = &sketch.patches[0];
        assert_eq!(
            (&*note.text, note.tone),
            ("why is this here?", Tone::Colour(2))
        );
        let rect = rect_of(note, &Map::new()).expect("a note is always somewhere");
        assert_eq!((rect.left, rect.top), (50.0, 60.0));
        let none = sketch.changed(&SketchChange::Remove(vec!["1".into()]));
        assert!(none.patches.is_empty());
    }

    #[test]
    fn ids_are_never_given_twice_at_a_time() {
        let at = Point::default();
        let sketch = made(&[
            SketchChange::AddNote(at),
            SketchChange::AddNote(at),
            SketchChange::Remove(vec!["1".into()]),
            SketchChange::AddFrame(vec!["a".into()]),
        ]);
        let ids: Vec<&str> = sketch
            .patches
            .iter()
            .map(|patch| patch.id.as_str())
            .collect();
        assert_eq!(ids, ["2", "3"]);
    }

    #[test]
    fn a_frame_goes_where_its_members_go_and_nowhere_without_them() {
        let frame = &made(&[SketchChange::AddFrame(vec!["a".into(), "b".into()])]).patches[0];
        assert_eq!(rect_of(frame, &Map::new()), None);
        let place = |x: f64| Place {
            center: Point::new(x, 0.0),
            rect: Rect::around(Point::new(x, 0.0), 20.0, 20.0),
            shape: Rect::around(Point::new(x, 0.0), 20.0, 20.0),
            column: 0,
            slots: (0, 0),
        };
        let places = Map::from([
            (NodeId::from("a"), place(0.0)),
            (NodeId::from("b"), place(300.0)),
        ]);
        let rect = rect_of(frame, &places).expect("both stand");
        assert!(rect.left < -10.0 && rect.right > 310.0);
    }

    #[test]
    fn a_drawing_reaches_to_its_farthest_note() {
        let sketch = made(&[SketchChange::AddNote(Point::new(-300.0, 40.0))]);
        let nodes = Rect::new(0.0, 0.0, 500.0, 200.0);
        // Nothing but a note is as large as the note.
        let alone = around(Rect::default(), &sketch, &Map::new());
        assert!(alone.left == -300.0 && alone.right < -200.0 && alone.top == 40.0);
        let place = Place {
            center: Point::new(250.0, 100.0),
            rect: nodes,
            shape: nodes,
            column: 0,
            slots: (0, 0),
        };
        let places = Map::from([(NodeId::from("a"), place)]);
        let all = around(nodes, &sketch, &places);
        assert_eq!((all.left, all.right), (-300.0, 500.0));
        assert_eq!(around(nodes, &Sketch::default(), &places), nodes);
    }
}
