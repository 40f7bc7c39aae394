//! Outlines around the members of a group.

use crate::ordered::{Map, sort_by, sort_by_key};
use crate::ui::canvas::geometry::Rect;
use crate::ui::canvas::layout::Place;
use crate::ui::canvas::measure;
use crate::ui::canvas::scene::{Group, GroupId, NodeId, Scene};
use crate::ui::shared::Shared;

/// One outline of a group: the members that stand together.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    pub group: Shared<Group>,
    pub rect: Rect,
}

/// Between the members and the line, and more for each group inside.
const PADDING: f64 = 8.0;
/// Room for the name.
const HEAD: f64 = 15.0;
/// Between the line and the name.
pub(super) const NAME_INDENT: f64 = 9.0;

/// The outlines of all groups, the outermost first.
pub fn outlines(scene: &Scene, places: &Map<NodeId, Place>) -> Vec<Outline> {
    let mut outlines: Vec<(usize, Outline)> = scene
        .groups
        .iter()
        .flat_map(|group| {
            let levels = levels_inside(&group.id, scene, 8);
            runs(group, places).into_iter().map(move |rect| {
                let mut rect = rect.grown(PADDING * (levels + 1) as f64);
                rect.top -= HEAD * (levels + 1) as f64;
                // Wide enough for its name, to both sides alike.
                let lacks = measure::text_width(&group.name) + NAME_INDENT * 2.0 - rect.width();
                if lacks > 0.0 {
                    rect.left -= lacks / 2.0;
                    rect.right += lacks / 2.0;
                }
                (
                    levels,
                    Outline {
                        group: group.clone(),
                        rect,
                    },
                )
            })
        })
        .collect();
    sort_by_key(&mut outlines, |(levels, _)| std::cmp::Reverse(*levels));
    outlines.into_iter().map(|(_, outline)| outline).collect()
}

/// How deep the groups inside a group are nested; a circle of groups ends after `limit`.
fn levels_inside(id: &GroupId, scene: &Scene, limit: usize) -> usize {
    let inside = scene
        .groups
        .iter()
        .filter(|group| group.inside.as_ref() == Some(id));
    let deeper = inside.map(|group| {
        if limit == 0 {
            0
        } else {
            1 + levels_inside(&group.id, scene, limit - 1)
        }
    });
    deeper.max().unwrap_or(0)
}

/// The rectangles around members that stand together in one column with no stranger between.
fn runs(group: &Group, places: &Map<NodeId, Place>) -> Vec<Rect> {
    let mut members: Vec<(&NodeId, &Place)> = group
        .members
        .iter()
        .filter_map(|id| places.get(id).map(|place| (id, place)))
        .collect();
    sort_by(&mut members, |(_, a), (_, b)| {
        a.column
            .cmp(&b.column)
            .then(a.center.y.total_cmp(&b.center.y))
            .then(a.center.x.total_cmp(&b.center.x))
    });
    let stranger_in = |rect: Rect| {
        places
            .iter()
            .any(|(id, place)| !group.members.contains(id) && place.rect.overlaps(rect))
    };
    let mut runs: Vec<(usize, Rect)> = Vec::new();
    for (_, place) in members {
        match runs.last_mut() {
            Some((column, rect))
                if *column == place.column && !stranger_in(rect.union(place.rect)) =>
            {
                *rect = rect.union(place.rect);
            }
            _ => runs.push((place.column, place.rect)),
        }
    }
    runs.into_iter().map(|(_, rect)| rect).collect()
}
