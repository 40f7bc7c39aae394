//! What a painter tells the canvas: plain values, no Yew, no broker.
//!
//! A painter builds a fresh [`Scene`] whenever its model changed and calls [`Scene::keeping`] with the one before, so
//! that everything that still says the same keeps its pointer and is not drawn again.

use std::fmt;
use std::rc::Rc;

use crate::ui::shared::Shared;

/// Text that is cheap to hand on.
pub type Text = Rc<str>;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Rc<str>);

        impl $name {
            /// The id as text; the painter chose it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
            /// The same text, shared.
            pub fn text(&self) -> Text {
                Rc::clone(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $name(Rc::from(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name(Rc::from(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A node, unique in its scene and the same from scene to scene.
    NodeId
);
id!(
    /// An edge, unique in its scene and the same from scene to scene.
    EdgeId
);
id!(
    /// A thing that lies in a tube, sits in a slot or flies. The same thing may be in several nodes at once (copies).
    ItemId
);
id!(
    /// An outline around nodes.
    GroupId
);
id!(
    /// A note or a coloured frame that a person put on the drawing.
    PatchId
);

/// A colour by its meaning; `www/tokens.css` says what it looks like by day and by night.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// As the text is.
    #[default]
    Ink,
    /// Less important.
    Muted,
    /// The one accent.
    Accent,
    Warning,
    Error,
    Success,
    /// One of the [`Tone::COLOURS`] colours that stay apart for every eye; counted round.
    Colour(u8),
}

impl Tone {
    /// How many colours there are.
    pub const COLOURS: u8 = 8;

    /// The end of a class or variable name: `tone-ink`, `tone-c0`.
    pub const fn suffix(self) -> &'static str {
        match self {
            Tone::Ink => "ink",
            Tone::Muted => "muted",
            Tone::Accent => "accent",
            Tone::Warning => "warning",
            Tone::Error => "error",
            Tone::Success => "success",
            Tone::Colour(n) => match n % Tone::COLOURS {
                0 => "c0",
                1 => "c1",
                2 => "c2",
                3 => "c3",
                4 => "c4",
                5 => "c5",
                6 => "c6",
                _ => "c7",
            },
        }
    }
}

/// What is told about an item by shape, besides its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Drawn as a ring with a returning arrow: it has been out before.
    pub returned: bool,
    /// A base line under it: it outlives a restart.
    pub kept: bool,
    /// Fading, with a clock: its time runs out.
    pub fading: bool,
    /// With a cross: it died somewhere before.
    pub crossed: bool,
}

/// An item in a tube.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub item: ItemId,
    pub tone: Tone,
    /// One letter or digit, so that colour alone never tells two apart.
    pub letter: Option<char>,
    pub marks: Marks,
    /// A number on it, when it is to go before others.
    pub level: Option<u8>,
    /// One sentence for the pointer and for readers.
    pub title: Text,
}

/// A place in a node for one item in work: empty, or filled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slot {
    /// What is in it; `None` draws an empty place.
    pub item: Option<ItemId>,
    /// At most three characters, inside.
    pub label: Text,
    pub tone: Tone,
    pub marks: Marks,
    pub title: Text,
}

/// A number with its word: `Ready 12`.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    pub label: Text,
    pub value: u64,
}

/// The inside of a tube.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tube {
    /// The head first: the next to leave. As many as the painter likes; a tube with more than
    /// [`Tube::DRAWN`] in all is drawn as a bar with its number.
    pub segments: Vec<Segment>,
    /// How many more there are behind the listed ones.
    pub more: u64,
    /// Numbers with their words, below the tube.
    pub counts: Vec<Count>,
}

impl Tube {
    /// How many segments are drawn one by one.
    pub const DRAWN: usize = 12;

    /// How many items are in it.
    pub fn total(&self) -> u64 {
        self.segments.len() as u64 + self.more
    }
}

/// The outline of a node.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Circle { letter: Text },
    Hexagon { letter: Text },
    Tube(Tube),
}

/// A short word in a frame next to a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Badge {
    pub text: Text,
    pub title: Text,
    pub tone: Tone,
}

/// Something that can be done with a node; the id comes back by a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub id: Text,
    pub label: Text,
    /// `Tone::Error` for what destroys.
    pub tone: Tone,
    /// Why it cannot be chosen now.
    pub disabled: Option<Text>,
}

/// What can be done: the same for all of a kind, and then shared by them.
pub type Choices = Rc<[Choice]>;

/// Whether edges may be drawn by hand from and to a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ports {
    /// It has a handle from which an edge can be drawn.
    pub starts: bool,
    /// It can be the end of an edge.
    pub takes: bool,
}

/// How much of itself a node or edge still is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    #[default]
    Whole,
    /// Just an outline in dashes: not there yet, or only used and not declared.
    Outline,
    /// Struck through: gone in a moment.
    Struck,
}

/// How quick a thing goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    #[default]
    Own,
    /// Slower than its own: drawn with a snail.
    Slow,
    /// It stands still though it should not.
    Still,
}

/// A thing in the drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub id: NodeId,
    pub shape: Shape,
    /// Colour of the outline (circle: of the body).
    pub tone: Tone,
    /// In monospace, below the shape (tube: above).
    pub name: Text,
    /// A second, muted line.
    pub sublabel: Text,
    pub badges: Vec<Badge>,
    /// Places for items in work, beside the shape.
    pub slots: Vec<Slot>,
    /// Filled slots that are not listed.
    pub more_slots: u64,
    pub standing: Standing,
    pub pace: Pace,
    /// The column it belongs in, from the left (on phones: the row, from above).
    pub rank: u8,
    pub ports: Ports,
    /// A whole sentence about it and its relations: its accessible name.
    pub describe: Text,
    pub menu: Choices,
    /// What an edge from it may lead to that is not there yet.
    pub leads: Choices,
}

impl Node {
    /// A node with a name and nothing else; set the other fields with `..Node::new(…)`.
    pub fn new(id: impl Into<NodeId>, shape: Shape, rank: u8, name: impl Into<Text>) -> Node {
        let name = name.into();
        Node {
            id: id.into(),
            shape,
            tone: Tone::Ink,
            describe: Rc::clone(&name),
            name,
            sublabel: Text::default(),
            badges: Vec::new(),
            slots: Vec::new(),
            more_slots: 0,
            standing: Standing::Whole,
            pace: Pace::Own,
            rank,
            ports: Ports::default(),
            menu: Choices::default(),
            leads: Choices::default(),
        }
    }
}

/// The four kinds of line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    #[default]
    Wire,
    Dashed,
    Dotted,
    Thin,
}

/// How an edge stands out while something is explained.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Emphasis {
    #[default]
    Normal,
    /// Thicker: it let the item in question through.
    Matched,
    /// A cross on it, and the reason in a few words.
    NotMatched(Text),
    /// Steps back behind what is explained.
    Dimmed,
}

/// What a hand may change of an edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hold {
    /// Its label may be written anew where it stands.
    pub label: bool,
    /// Where it begins may be moved to another node.
    pub from: bool,
    /// Where it ends may be moved to another node.
    pub to: bool,
}

/// One end of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    From,
    To,
}

/// A line from one node to another (or to itself).
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    pub id: EdgeId,
    pub from: NodeId,
    pub to: NodeId,
    /// In monospace on the line; empty for none.
    pub label: Text,
    pub kind: EdgeKind,
    pub tone: Tone,
    pub emphasis: Emphasis,
    pub standing: Standing,
    /// A whole sentence about it: its accessible name.
    pub describe: Text,
    pub menu: Choices,
    pub hold: Hold,
}

impl Edge {
    /// A plain wire; set the other fields with `..Edge::new(…)`.
    pub fn new(id: impl Into<EdgeId>, from: NodeId, to: NodeId, label: impl Into<Text>) -> Edge {
        let label = label.into();
        Edge {
            id: id.into(),
            from,
            to,
            describe: Rc::clone(&label),
            label,
            kind: EdgeKind::Wire,
            tone: Tone::Ink,
            emphasis: Emphasis::Normal,
            standing: Standing::Whole,
            menu: Choices::default(),
            hold: Hold::default(),
        }
    }
}

/// A named, rounded outline around nodes. Members far apart get an outline each, under the same name.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub id: GroupId,
    pub name: Text,
    pub members: Vec<NodeId>,
    /// The group around this one, if any; its members include this one's.
    pub inside: Option<GroupId>,
    /// `Struck` draws a broken outline.
    pub standing: Standing,
    pub describe: Text,
}

/// What a kind of line means; drawn in a corner when that kind occurs.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendEntry {
    pub kind: EdgeKind,
    pub label: Text,
}

/// A whole drawing. Order is the painter's and stable: it decides who stands above whom and the order of reading.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    pub nodes: Vec<Shared<Node>>,
    pub edges: Vec<Shared<Edge>>,
    pub groups: Vec<Shared<Group>>,
    pub legend: Vec<LegendEntry>,
}

impl Scene {
    /// Puts plain values together.
    pub fn new(nodes: Vec<Node>, edges: Vec<Edge>, groups: Vec<Group>) -> Scene {
        let edges = edges.into_iter().map(Shared::new).collect();
        Scene::with_edges(nodes, edges, groups)
    }

    /// The same with edges that may have stood in a scene before.
    pub fn with_edges(nodes: Vec<Node>, edges: Vec<Shared<Edge>>, groups: Vec<Group>) -> Scene {
        Scene {
            nodes: nodes.into_iter().map(Shared::new).collect(),
            edges,
            groups: groups.into_iter().map(Shared::new).collect(),
            legend: Vec::new(),
        }
    }

    /// The node of that id.
    pub fn node(&self, id: &NodeId) -> Option<&Shared<Node>> {
        self.nodes.iter().find(|node| node.id == *id)
    }

    /// The edge of that id.
    pub fn edge(&self, id: &EdgeId) -> Option<&Shared<Edge>> {
        self.edges.iter().find(|edge| edge.id == *id)
    }

    /// This scene for a page on which nothing can be changed: without handles, grips and menus.
    pub fn for_watching(self) -> Scene {
        let nodes = self.nodes.iter().map(|node| {
            Shared::new(Node {
                ports: Ports::default(),
                menu: Choices::default(),
                leads: Choices::default(),
                ..Node::clone(node)
            })
        });
        let edges = self.edges.iter().map(|edge| {
            Shared::new(Edge {
                menu: Choices::default(),
                hold: Hold::default(),
                ..Edge::clone(edge)
            })
        });
        Scene {
            nodes: nodes.collect(),
            edges: edges.collect(),
            ..self
        }
    }

    /// This scene, with the pointers of `previous` for everything that still says the same.
    pub fn keeping(self, previous: &Scene) -> Scene {
        Scene {
            nodes: keep_all(self.nodes, &previous.nodes, |node| &node.id),
            edges: keep_all(self.edges, &previous.edges, |edge| &edge.id),
            groups: keep_all(self.groups, &previous.groups, |group| &group.id),
            legend: self.legend,
        }
    }
}

/// Replaces each of `now` by its equal in `before`.
fn keep_all<T: PartialEq, K: std::hash::Hash + Eq>(
    now: Vec<Shared<T>>,
    before: &[Shared<T>],
    key: impl Fn(&T) -> &K,
) -> Vec<Shared<T>> {
    // Mostly nothing came and nothing went, and each stands where it stood.
    let old = std::cell::OnceCell::new();
    let elsewhere = |new: &T| {
        let make = || before.iter().map(|old| (key(old), old)).collect();
        let old: &rustc_hash::FxHashMap<&K, &Shared<T>> = old.get_or_init(make);
        old.get(key(new)).copied()
    };
    let kept = now.into_iter().enumerate().map(|(at, new)| {
        let here = before.get(at).filter(|old| key(old) == key(&new));
        match here.or_else(|| elsewhere(&new)) {
            Some(old) if *old != new && **old == *new => old.clone(),
            _ => new,
        }
    });
    kept.collect()
}

/// What is selected, hovered or focused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    Node(NodeId),
    Edge(EdgeId),
    Group(GroupId),
    /// An item lying in a tube or slot of a node.
    Item(NodeId, ItemId),
    /// A note or a frame.
    Patch(PatchId),
}

impl Target {
    /// The node a target is or lies in, if any.
    pub fn node(&self) -> Option<&NodeId> {
        match self {
            Target::Node(node) | Target::Item(node, _) => Some(node),
            Target::Edge(_) | Target::Group(_) | Target::Patch(_) => None,
        }
    }
}

/// May an edge be drawn from one node to another? The sentence says why not.
pub type Verdict = Result<(), Text>;

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(id: &str, name: &str) -> Node {
        Node::new(id, Shape::Circle { letter: "A".into() }, 0, name)
    }

    #[test]
    fn what_says_the_same_keeps_its_pointer() {
        let before = Scene::new(vec![circle("a", "ann"), circle("b", "bob")], vec![], vec![]);
        let after = Scene::new(
            vec![circle("b", "bob"), circle("a", "anna")],
            vec![],
            vec![],
        )
        .keeping(&before);
        assert_eq!(after.nodes[0], before.nodes[1]);
        assert_ne!(after.nodes[1], before.nodes[0]);
        assert_eq!(&*after.nodes[1].name, "anna");
    }

    #[test]
    fn colours_are_counted_round() {
        assert_eq!(Tone::Colour(9).suffix(), Tone::Colour(1).suffix());
        assert_eq!(Tone::Colour(7).suffix(), "c7");
    }
}
