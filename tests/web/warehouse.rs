//! A model the canvas has never heard of: gates bring parcels, sorters part them, shelves hold them, vans take them.

use mq_playground::ui::canvas::geometry::Point;
use mq_playground::ui::canvas::scene::{
    Badge, Choice, Count, Edge, EdgeId, EdgeKind, End, Group, Hold, LegendEntry, Marks, Node,
    NodeId, Ports, Scene, Segment, Shape, Slot, Standing, Text, Tone, Tube, Verdict,
};
use mq_playground::ui::canvas::sketch::{Sketch, SketchChange};
use mq_playground::ui::canvas::{CanvasWords, Stage};
use mq_playground::ui::choreography::{Goal, Hop, Look};
use mq_playground::ui::shared::Shared;

/// The words of a warehouse.
pub fn words() -> Shared<CanvasWords> {
    Shared::new(CanvasWords {
        label: "Warehouse".into(),
        instruction: "Arrows go from one place to the next, c begins a belt, Enter opens details."
            .into(),
        connecting: "Choose where the belt leads. Escape gives up.".into(),
        zoom_in: "Larger".into(),
        zoom_out: "Smaller".into(),
        fit: "Show all".into(),
        arrange: "Arrange".into(),
        legend: "Kinds of belt".into(),
        menu: "Actions".into(),
        handle: "Drag to draw a belt".into(),
        place: "Put it elsewhere".into(),
        placing: "Press the new place.".into(),
        move_end: "Lead it elsewhere".into(),
        rewiring: "Press where the belt leads from now on.".into(),
        write_label: "Rewrite the sign".into(),
        mark: "Mark several".into(),
        marking: "Press or drag over places.".into(),
        align_row: "In a row".into(),
        add_note: "Pin a note".into(),
        add_frame: "Rope them off".into(),
        empty_note: "…".into(),
        map: "Floor plan".into(),
        show_map: "Floor plan".into(),
        leads_to: "Where to?".into(),
        chosen: "{0} marked".into(),
        in_flight: "{0} moving".into(),
        ..CanvasWords::default()
    })
}

/// Belts lead from gates and sorters to sorters and shelves, and from shelves to vans.
pub fn verdict((from, to): (NodeId, NodeId)) -> Verdict {
    let kind = |id: &NodeId| id.as_str().chars().next().unwrap_or(' ');
    match (kind(&from), kind(&to)) {
        ('g' | 's', 's' | 'h') | ('h', 'v') if from != to => Ok(()),
        (_, 'g') => Err("Nothing can be brought back to a gate.".into()),
        _ => Err("No belt can lead there.".into()),
    }
}

/// An end of a belt may be moved wherever a belt could be drawn.
pub fn rewirable((edge, end, to): (EdgeId, End, NodeId)) -> Verdict {
    let scene = warehouse();
    let belt = scene
        .edge(&edge)
        .expect("belts are only moved while they run");
    match end {
        End::From => verdict((to, belt.to.clone())),
        End::To => verdict((belt.from.clone(), to)),
    }
}

/// A note on the wall, and a rope around two shelves.
pub fn sketch() -> Shared<Sketch> {
    let note = SketchChange::AddNote(Point::new(-200.0, -220.0));
    let rope = SketchChange::AddFrame(vec!["hheavy".into(), "heurope".into()]);
    let said = SketchChange::Write("1".into(), "The scales are being repaired.".into());
    let sketch = [note, said, rope]
        .iter()
        .fold(Sketch::default(), |sketch, change| sketch.changed(change));
    Shared::new(sketch)
}

fn gate(id: &str, letter: &str, colour: u8) -> Node {
    Node {
        tone: Tone::Colour(colour),
        sublabel: "every 2 s".into(),
        ports: Ports {
            starts: true,
            takes: false,
        },
        ..Node::new(
            format!("g{id}"),
            Shape::Circle {
                letter: letter.into(),
            },
            0,
            id,
        )
    }
}

fn sorter(id: &str, letter: &str) -> Node {
    Node {
        ports: Ports {
            starts: true,
            takes: true,
        },
        describe: format!("Sorter {id}").into(),
        leads: vec![Choice {
            id: "shelf".into(),
            label: "A new shelf".into(),
            tone: Tone::Ink,
            disabled: None,
        }]
        .into(),
        ..Node::new(
            format!("s{id}"),
            Shape::Hexagon {
                letter: letter.into(),
            },
            1,
            id,
        )
    }
}

fn parcel(number: u32, tone: u8, marks: Marks) -> Segment {
    Segment {
        item: format!("#{number}").into(),
        tone: Tone::Colour(tone),
        letter: Some(if tone == 0 { 'N' } else { 'S' }),
        level: number.is_multiple_of(5).then_some(9),
        marks,
        title: format!("Parcel {number}").into(),
    }
}

fn shelf(id: &str, segments: Vec<Segment>, more: u64, badges: &[&str]) -> Node {
    let counts = vec![
        Count {
            label: "Here".into(),
            value: segments.len() as u64 + more,
        },
        Count {
            label: "Being loaded".into(),
            value: 2,
        },
    ];
    Node {
        badges: badges
            .iter()
            .map(|text| Badge {
                text: (*text).into(),
                title: "A badge".into(),
                tone: Tone::Ink,
            })
            .collect(),
        ports: Ports {
            starts: true,
            takes: true,
        },
        describe: format!("Shelf {id}, {} here", segments.len()).into(),
        menu: vec![Choice {
            id: "empty".into(),
            label: "Empty it".into(),
            tone: Tone::Error,
            disabled: None,
        }]
        .into(),
        ..Node::new(
            format!("h{id}"),
            Shape::Tube(Tube {
                segments,
                more,
                counts,
            }),
            2,
            id,
        )
    }
}

fn van(id: &str, slots: Vec<Slot>, standing: Standing) -> Node {
    Node {
        slots,
        standing,
        ports: Ports {
            starts: false,
            takes: true,
        },
        ..Node::new(
            format!("v{id}"),
            Shape::Circle { letter: "V".into() },
            3,
            id,
        )
    }
}

fn slot(number: Option<u32>, tone: u8, returned: bool) -> Slot {
    Slot {
        item: number.map(|number| format!("#{number}").into()),
        label: number
            .map(|number| Text::from(number.to_string()))
            .unwrap_or_default(),
        tone: Tone::Colour(tone),
        marks: Marks {
            returned,
            ..Marks::default()
        },
        title: "A place on the van".into(),
    }
}

fn belt(from: &str, to: &str, label: &str, kind: EdgeKind) -> Edge {
    Edge {
        kind,
        hold: Hold {
            label: kind == EdgeKind::Wire,
            from: false,
            to: kind == EdgeKind::Wire,
        },
        ..Edge::new(
            format!("{from}>{to}>{label}"),
            from.into(),
            to.into(),
            label,
        )
    }
}

/// A busy morning: twelve places and what runs between them.
pub fn warehouse() -> Scene {
    let mut nodes = vec![
        gate("north", "N", 0),
        gate("south", "S", 1),
        sorter("weight", "W"),
        sorter("region", "R"),
        sorter("lost", "F"),
    ];
    nodes.extend(shelves());
    nodes.extend(vans());
    let groups = vec![Group {
        id: "fleet".into(),
        name: "fleet · depot 1".into(),
        members: vec!["vblue".into(), "vgreen".into()],
        inside: None,
        standing: Standing::Whole,
        describe: "The vans of depot 1".into(),
    }];
    let legend = [
        (EdgeKind::Dashed, "too long on the shelf"),
        (EdgeKind::Dotted, "nowhere else to go"),
    ];
    let legend = legend
        .map(|(kind, label)| LegendEntry {
            kind,
            label: label.into(),
        })
        .into();
    Scene {
        legend,
        ..Scene::new(nodes, belts(), groups)
    }
}

fn shelves() -> Vec<Node> {
    let plain = Marks::default();
    let returned = Marks {
        returned: true,
        ..plain
    };
    let kept = Marks {
        kept: true,
        ..plain
    };
    let returned_kept = Marks {
        returned: true,
        kept: true,
        ..plain
    };
    let fading = Marks {
        fading: true,
        ..plain
    };
    vec![
        shelf(
            "heavy",
            vec![
                parcel(1, 0, returned_kept),
                parcel(2, 1, kept),
                parcel(3, 0, kept),
                parcel(4, 0, plain),
            ],
            0,
            &["D", "TTL", "DLX"],
        ),
        shelf(
            "europe",
            vec![
                parcel(5, 1, returned),
                parcel(6, 1, plain),
                parcel(7, 0, fading),
            ],
            0,
            &["D"],
        ),
        shelf(
            "asia.订单",
            (20..32).map(|n| parcel(n, (n % 2) as u8, plain)).collect(),
            1322,
            &["Lim"],
        ),
        shelf(
            "found",
            vec![parcel(
                9,
                0,
                Marks {
                    crossed: true,
                    ..plain
                },
            )],
            0,
            &[],
        ),
    ]
}

fn vans() -> Vec<Node> {
    vec![
        van(
            "blue",
            vec![
                slot(Some(41), 0, false),
                slot(Some(42), 1, true),
                slot(None, 0, false),
            ],
            Standing::Whole,
        ),
        van("green", vec![slot(Some(43), 0, false)], Standing::Whole),
        van("old", vec![], Standing::Struck),
    ]
}

fn belts() -> Vec<Edge> {
    vec![
        belt("gnorth", "sweight", "", EdgeKind::Wire),
        belt("gsouth", "sregion", "", EdgeKind::Wire),
        belt("sweight", "hheavy", "weight.over.20", EdgeKind::Wire),
        belt("sweight", "sregion", "#", EdgeKind::Wire),
        belt("sregion", "heurope", "eu.*", EdgeKind::Wire),
        belt("sregion", "heurope", "uk.#", EdgeKind::Wire),
        belt("sregion", "hasia.订单", "asia.*.#", EdgeKind::Wire),
        belt("hheavy", "slost", "", EdgeKind::Dashed),
        belt("slost", "hfound", "", EdgeKind::Wire),
        belt("sregion", "slost", "", EdgeKind::Dotted),
        belt("hheavy", "vblue", "", EdgeKind::Thin),
        belt("heurope", "vblue", "", EdgeKind::Thin),
        belt("heurope", "vgreen", "", EdgeKind::Thin),
        belt("hasia.订单", "vgreen", "", EdgeKind::Thin),
        belt("hfound", "vold", "", EdgeKind::Thin),
    ]
}

/// A parcel goes from the north gate to a shelf.
pub fn arrival(number: u32) -> Vec<Hop> {
    let hop = |from: &str, to: &str, edge: &str| Hop {
        item: format!("#{number}").into(),
        from: from.into(),
        to: Goal::Node(to.into()),
        edge: Some(edge.into()),
        follows: None,
        tone: Tone::Colour(0),
        look: Look::Full,
        letter: Some('N'),
    };
    vec![
        hop("gnorth", "sweight", "gnorth>sweight>"),
        hop("sweight", "hheavy", "sweight>hheavy>weight.over.20"),
    ]
}

/// A stage with a parcel on its way.
pub fn stage() -> Stage {
    let stage = Stage::default();
    stage.schedule(arrival(4));
    stage
}
