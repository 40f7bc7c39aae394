//! Notes and coloured groups: the part of the layout that is not about places of nodes.

use serde_json::{Map, Value as Json, json};

use crate::scenario::error::ScenarioError;
use crate::scenario::model::Position;
use crate::scenario::node::Node;

/// How many colours there are.
const COLOURS: u64 = 8;
/// How many notes and groups are read.
const MOST: usize = 200;

/// A note, or a coloured group of nodes.
#[derive(Clone, Debug, PartialEq)]
pub enum ScenarioPatch {
    Note {
        at: Position,
        text: String,
        colour: u8,
    },
    /// Members are named as places are: `queue:NAME`.
    Group {
        name: String,
        colour: u8,
        members: Vec<String>,
    },
}

impl ScenarioPatch {
    /// Whether it is a note.
    pub fn is_note(&self) -> bool {
        matches!(self, ScenarioPatch::Note { .. })
    }

    /// Where a note is; a group is where its members are.
    pub fn place(&self) -> Option<Position> {
        match self {
            ScenarioPatch::Note { at, .. } => Some(*at),
            ScenarioPatch::Group { .. } => None,
        }
    }
}

/// A place `[x, y]`.
pub(super) fn position(node: &Node<'_>) -> Result<Position, ScenarioError> {
    let items = node.items()?;
    let [x, y] = items.as_slice() else {
        return Err(node.wrong("a place [x, y]"));
    };
    Ok(Position {
        x: x.coordinate()?,
        y: y.coordinate()?,
    })
}

fn colour(node: Option<Node<'_>>) -> Result<u8, ScenarioError> {
    let number = node.map_or(Ok(0), |node| node.number(COLOURS - 1))?;
    Ok(u8::try_from(number).unwrap_or_default())
}

fn at_most<'a>(node: &Node<'a>) -> Result<Vec<Node<'a>>, ScenarioError> {
    let items = node.items()?;
    if items.len() > MOST {
        return Err(node.wrong(&format!("at most {MOST} of them")));
    }
    Ok(items)
}

/// The notes of a layout.
pub(super) fn notes(node: &Node<'_>) -> Result<Vec<ScenarioPatch>, ScenarioError> {
    let note = |node: &Node<'_>| {
        let object = node.object(&["at", "text", "colour"])?;
        Ok(ScenarioPatch::Note {
            at: position(&object.need("at")?)?,
            text: object.need("text")?.text()?.to_string(),
            colour: colour(object.get("colour"))?,
        })
    };
    at_most(node)?.iter().map(note).collect()
}

/// The groups of a layout.
pub(super) fn groups(node: &Node<'_>) -> Result<Vec<ScenarioPatch>, ScenarioError> {
    let group = |node: &Node<'_>| {
        let object = node.object(&["name", "colour", "members"])?;
        let members = object.items("members")?;
        let name = object.get("name").map_or(Ok(""), |node| node.text())?;
        Ok(ScenarioPatch::Group {
            name: name.to_string(),
            colour: colour(object.get("colour"))?,
            members: members
                .iter()
                .map(|node| Ok(node.text()?.to_string()))
                .collect::<Result<_, _>>()?,
        })
    };
    at_most(node)?.iter().map(group).collect()
}

/// Puts notes and groups into a layout, unless there are none.
pub(super) fn write(drawing: &[ScenarioPatch], layout: &mut Map<String, Json>) {
    let (mut notes, mut groups) = (Vec::new(), Vec::new());
    for patch in drawing {
        match patch {
            ScenarioPatch::Note { at, text, colour } => {
                notes.push(json!({ "at": [at.x, at.y], "text": text, "colour": colour }));
            }
            ScenarioPatch::Group {
                name,
                colour,
                members,
            } => groups.push(json!({ "name": name, "colour": colour, "members": members })),
        }
    }
    for (key, items) in [("notes", notes), ("groups", groups)] {
        if !items.is_empty() {
            layout.insert(key.to_string(), Json::Array(items));
        }
    }
}
