//! Scenarios from outside: the catalog, a file that is opened or dropped, and the file that is saved.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, HtmlAnchorElement, Url};

use crate::amqp::Compatibility;
use crate::engine::Engine;
use crate::scenario::{
    MAX_BYTES, Position, Scenario, ScenarioError, ScenarioPatch, ScenarioProblem, VERSION, catalog,
};
use crate::ui::amqp::page::{Page, Sheet};
use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::{NodeId, PatchId, Tone};
use crate::ui::canvas::sketch::{Patch, PatchKind, Sketch};
use crate::ui::driver::EMPTY;
use crate::ui::store::Action;
use crate::ui::text::{Lang, fill_plain, script};

/// Begins the built-in scenario called `slug`, or an empty canvas.
pub fn begin(page: &Page, slug: &str) {
    page.open.emit(Sheet::Inspector);
    page.dispatch.dispatch(Action::Select(None));
    let Some(entry) = catalog::find(slug) else {
        debug_assert_eq!(slug, EMPTY, "every other choice is in the catalog");
        page.dispatch
            .dispatch(Action::LoadLayout(Pins::new(), Sketch::default()));
        page.driver.clear();
        return;
    };
    let read = Scenario::parse(entry.json());
    let loaded = read.and_then(|scenario| {
        page.dispatch
            .dispatch(Action::LoadLayout(pins(&scenario), sketch(&scenario)));
        page.driver.load(&scenario, Some(entry.slug))
    });
    if let Err(error) = loaded {
        refuse(page, slug, &error);
    }
}

/// Begins anew what was begun last, with a broker of another version; what has no beginning of its own (a file, an empty
/// canvas) begins as it stands now.
pub fn begin_as(page: &Page, slug: Option<&'static str>, compatibility: Compatibility) {
    page.open.emit(Sheet::Inspector);
    page.dispatch.dispatch(Action::Select(None));
    let built_in = slug.and_then(catalog::find);
    let read = match built_in {
        Some(entry) => Scenario::parse(entry.json()),
        None => Ok(page.driver.export()),
    };
    let loaded = read.and_then(|scenario| {
        let scenario = Scenario {
            compatibility,
            ..scenario
        };
        page.driver.load(&scenario, slug)
    });
    match loaded {
        Ok(()) if built_in.is_none() => page.driver.play(),
        Ok(()) => {}
        Err(error) => refuse(page, slug.unwrap_or_default(), &error),
    }
}

/// Goes on with a run that was opened elsewhere.
pub fn adopt(page: &Page, engine: Engine) {
    let (pins, sketch) = (pins(engine.origin()), sketch(engine.origin()));
    page.dispatch.dispatch(Action::Select(None));
    page.dispatch.dispatch(Action::LoadLayout(pins, sketch));
    page.driver.adopt(engine, None);
}

/// Opens a file; on any problem a notice says what, and the canvas stays as it is.
pub fn open(page: &Page, file: File) {
    if page.driver.refuses() {
        return;
    }
    let t = page.t();
    let name = file.name();
    let bytes = file.size();
    if bytes > MAX_BYTES as f64 {
        let text = fill_plain(t.file_too_large, &[&name, &bytes, &MAX_BYTES]);
        say(page, &text);
        return;
    }
    let page = page.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let text = JsFuture::from(file.text()).await;
        match text.ok().and_then(|text| text.as_string()) {
            Some(text) => read(&page, &name, &text),
            None => say(&page, &fill_plain(page.t().file_unreadable, &[&name])),
        }
    });
}

/// Reads a scenario's text; on any problem a notice says what, and the canvas stays as it is.
pub fn read(page: &Page, name: &str, text: &str) {
    let loaded = Scenario::parse_any(text).and_then(|scenario| {
        page.driver.load(&scenario, None)?;
        Ok(scenario)
    });
    match loaded {
        Ok(scenario) => {
            page.dispatch
                .dispatch(Action::LoadLayout(pins(&scenario), sketch(&scenario)));
            page.open.emit(Sheet::Inspector);
            say_if_large(page, &scenario);
        }
        Err(error) => refuse(page, name, &error),
    }
}

/// With more things than this on it a drawing is looked at as a whole and no longer read.
const LARGE: usize = 1_500;

/// Says what a drawing of thousands of things still shows, and where everything is listed.
fn say_if_large(page: &Page, scenario: &Scenario) {
    let topology = &scenario.topology;
    let count = topology.queues.len() + topology.exchanges.len() + scenario.programs.len();
    if count > LARGE {
        let w = page.lang.wiring();
        let text = format!("{} {}", fill_plain(w.large_title, &[&count]), w.large_help);
        page.notify(Tone::Ink, text, None);
    }
}

fn refuse(page: &Page, name: &str, error: &ScenarioError) {
    say(page, &tell(error, name, page.lang));
}

fn say(page: &Page, what: &str) {
    let t = page.t();
    let text = format!("{} {} {}", t.file_title, what, t.file_kept);
    page.notify(Tone::Error, text, None);
}

/// What is wrong with a file, where, and what to do.
pub fn tell(error: &ScenarioError, name: &str, lang: Lang) -> String {
    let t = lang.texts();
    let at = &error.path;
    match &error.problem {
        ScenarioProblem::TooLarge { bytes, limit } => {
            fill_plain(t.file_too_large, &[&name, bytes, limit])
        }
        ScenarioProblem::NotJson {
            line,
            column,
            reason,
        } => fill_plain(t.file_not_json, &[&name, line, column, reason]),
        ScenarioProblem::Text {
            line,
            column,
            reason,
        } => fill_plain(lang.embed().text_fault, &[&name, line, column, reason]),
        ScenarioProblem::Shape { reason } => fill_plain(t.file_shape, &[&name, at, reason]),
        ScenarioProblem::NewerVersion { version } => {
            fill_plain(t.file_newer, &[&name, version, &VERSION])
        }
        ScenarioProblem::NameTooLong { bytes, .. } => {
            fill_plain(t.file_name_long, &[&name, at, bytes])
        }
        ScenarioProblem::ReservedName { name: reserved } => {
            fill_plain(t.file_reserved, &[&name, at, reserved])
        }
        ScenarioProblem::MissingQueue { name: missing } => {
            fill_plain(t.file_missing_queue, &[&name, at, missing])
        }
        ScenarioProblem::MissingExchange { name: missing } => {
            fill_plain(t.file_missing_exchange, &[&name, at, missing])
        }
        ScenarioProblem::Script { program, error } => {
            let said = script::problem(&error.problem, lang);
            let (line, column) = (error.line, error.column);
            fill_plain(t.file_script, &[&name, program, &line, &column, &said])
        }
        ScenarioProblem::Broker { reply_text } => fill_plain(t.file_broker, &[&name, reply_text]),
    }
}

/// The places a scenario gives its nodes.
pub fn pins(scenario: &Scenario) -> Pins {
    scenario
        .layout
        .iter()
        .map(|(node, at)| (NodeId::from(node.as_str()), Point::new(at.x, at.y)))
        .collect()
}

/// The notes and groups a scenario brings.
pub fn sketch(scenario: &Scenario) -> Sketch {
    let patches = scenario.drawing.iter().enumerate();
    let own = |node: &str| Some(NodeId::from(node));
    let patches = patches.map(|(index, patch)| {
        let id = (index + 1).to_string().into();
        from_scenario(patch, id, Point::default(), &own)
    });
    Sketch {
        patches: patches.collect(),
    }
}

/// A place as scenarios write it.
pub fn position(at: Point) -> Position {
    Position { x: at.x, y: at.y }
}

/// A note or a group of a scenario, shifted, with its members under their names here.
pub fn from_scenario(
    patch: &ScenarioPatch,
    id: PatchId,
    by: Point,
    member: &dyn Fn(&str) -> Option<NodeId>,
) -> Patch {
    let (kind, text, colour) = match patch {
        ScenarioPatch::Note { at, text, colour } => {
            let at = Point::new(at.x, at.y).shifted(by.x, by.y);
            (PatchKind::Note { at }, text, colour)
        }
        ScenarioPatch::Group {
            name,
            colour,
            members,
        } => {
            let members = members.iter().filter_map(|node| member(node)).collect();
            (PatchKind::Frame { members }, name, colour)
        }
    };
    Patch {
        id,
        kind,
        text: text.as_str().into(),
        tone: Tone::Colour(*colour),
    }
}

/// A note or a frame as scenarios write it.
pub fn to_scenario(patch: &Patch) -> ScenarioPatch {
    let colour = match patch.tone {
        Tone::Colour(colour) => colour % Tone::COLOURS,
        _ => 0,
    };
    match &patch.kind {
        PatchKind::Note { at } => ScenarioPatch::Note {
            at: position(*at),
            text: patch.text.to_string(),
            colour,
        },
        PatchKind::Frame { members } => ScenarioPatch::Group {
            name: patch.text.to_string(),
            colour,
            members: members.iter().map(NodeId::to_string).collect(),
        },
    }
}

/// Gives what stands now as a file.
pub fn save(page: &Page) {
    page.save.emit(());
}

/// What stands now as text, with the places, notes and frames people made.
pub fn to_text(scenario: Scenario, pins: &Pins, sketch: &Sketch) -> String {
    placed(scenario, pins, sketch).to_json()
}

/// A scenario with the places, notes and frames people made.
pub fn placed(mut scenario: Scenario, pins: &Pins, sketch: &Sketch) -> Scenario {
    let places = pins.iter();
    scenario.layout = places
        .map(|(node, at)| (node.to_string(), position(*at)))
        .collect();
    scenario.drawing = sketch.patches.iter().map(to_scenario).collect();
    scenario
}

/// Hands a text to the browser as a download.
pub fn download(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = Blob::new_with_str_sequence(&parts) else {
        return;
    };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else {
        return;
    };
    let anchor = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.create_element("a").ok())
        .and_then(|anchor| anchor.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(anchor) = anchor {
        anchor.set_href(&address);
        anchor.set_download(name);
        anchor.click();
    }
    // The download has begun; an address that is already gone needs no second revoking.
    let _ = Url::revoke_object_url(&address);
}
