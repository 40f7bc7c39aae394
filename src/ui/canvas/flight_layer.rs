//! The sheet above the drawing on which items fly: one `<canvas>`, painted once per animation frame while needed.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use yew::prelude::*;

use crate::ui::canvas::flight_bundles;
use crate::ui::canvas::flight_paint::{Palette, Sky, paint, paint_total};
use crate::ui::canvas::flight_path::{Index, Tracks};
use crate::ui::canvas::layout::Layout;
use crate::ui::canvas::scene::{Scene, Text};
use crate::ui::canvas::stage::Stage;
use crate::ui::canvas::viewport::Viewport;
use crate::ui::dom::{self, Frame, FrameLoop};
use crate::ui::shared::Shared;

/// After a pause longer than this (a hidden tab, say) the picture goes on instead of jumping.
const LONGEST_FRAME_MS: f64 = 100.0;
/// With more items on their way than this …
const CROWD: usize = 60;
/// … the drawing hears of arrivals so often; pictures of the run, which show them too, mostly come sooner.
const CROWD_MS: f64 = 400.0;
/// For every millisecond that a frame took, so many pass before the next one: a large crowd leaves the page time to answer.
const REST: f64 = 3.0;
/// A crowd whose items fly in bundles moves this often: half as often as the screen can show.
const SWARM_MS: f64 = 30.0;
/// Colours may change with the theme; they are read again after so many frames.
const PALETTE_FRAMES: u32 = 30;

#[derive(Properties, PartialEq)]
pub struct FlightLayerProps {
    pub scene: Shared<Scene>,
    pub layout: Shared<Layout>,
    pub viewport: Viewport,
    /// Width and height in CSS pixels.
    pub size: (f64, f64),
    pub stage: Stage,
    /// `{0} on their way`, where so many fly that nobody can count them.
    pub in_flight: Text,
    /// Something arrived: its place is to be drawn filled.
    pub onarrived: Callback<()>,
}

/// What a frame needs to know; brought up to date whenever the component is drawn.
struct Sheet {
    scene: Shared<Scene>,
    layout: Shared<Layout>,
    viewport: Viewport,
    size: (f64, f64),
    stage: Stage,
    in_flight: Text,
    onarrived: Callback<()>,
    canvas: NodeRef,
    palette: Palette,
    /// What is drawn, by id; brought up to date when something flies over it.
    index: Index,
    tracks: Tracks,
    is_stale: bool,
    /// Something is painted on it.
    is_painted: bool,
    frames: u32,
    last_at: Option<f64>,
    /// What the last frame took, in milliseconds.
    cost: f64,
    /// How many items had arrived when the drawing was told last, and when that was.
    told: (u64, f64),
}

/// The sheet on which items fly.
#[component]
pub fn FlightLayer(props: &FlightLayerProps) -> Html {
    let canvas = use_node_ref();
    let sheet = {
        let canvas = canvas.clone();
        use_memo((), |()| RefCell::new(Sheet::new(props, canvas)))
    };
    sheet.borrow_mut().update(props);
    let ticker = {
        let sheet = Rc::clone(&sheet);
        use_memo((), |()| FrameLoop::new(move |at| tick(&sheet, at)))
    };
    {
        let ticker = Rc::clone(&ticker);
        use_effect_with(props.stage.clone(), move |stage| {
            let stage = stage.clone();
            let waking = Rc::clone(&ticker);
            stage.wake_with(Some(Rc::new(move || waking.wake())));
            move || stage.wake_with(None)
        });
    }
    {
        // What changed has to be painted once, also where everything stands still.
        let (ticker, sheet) = (Rc::clone(&ticker), Rc::clone(&sheet));
        use_effect(move || {
            if !sheet.borrow().is_clear() {
                ticker.wake();
            }
        });
    }
    html! { <canvas ref={canvas} class="canvas-flights" aria-hidden="true" /> }
}

fn tick(sheet: &RefCell<Sheet>, at: f64) -> Frame {
    // The callback may draw the component anew, so the sheet must not be borrowed while it runs.
    let (has_arrivals, onarrived, frame) = {
        let mut sheet = sheet.borrow_mut();
        let frame = sheet.frame(at);
        (sheet.tells_arrivals(at), sheet.onarrived.clone(), frame)
    };
    if has_arrivals {
        onarrived.emit(());
    }
    frame
}

impl Sheet {
    fn new(props: &FlightLayerProps, canvas: NodeRef) -> Sheet {
        Sheet {
            scene: props.scene.clone(),
            layout: props.layout.clone(),
            viewport: props.viewport,
            size: props.size,
            stage: props.stage.clone(),
            in_flight: props.in_flight.clone(),
            onarrived: props.onarrived.clone(),
            canvas,
            palette: Palette::default(),
            index: Index::default(),
            tracks: Tracks::default(),
            is_stale: true,
            is_painted: false,
            frames: 0,
            last_at: None,
            cost: 0.0,
            told: (0, 0.0),
        }
    }

    fn update(&mut self, props: &FlightLayerProps) {
        self.is_stale |= self.scene != props.scene || self.layout != props.layout;
        self.scene = props.scene.clone();
        self.layout = props.layout.clone();
        self.viewport = props.viewport;
        self.size = props.size;
        self.stage = props.stage.clone();
        self.in_flight = props.in_flight.clone();
        self.onarrived = props.onarrived.clone();
    }

    fn frame(&mut self, at: f64) -> Frame {
        let is_swarm = self.stage.look().in_flight() > flight_bundles::CROWD;
        let pause = if is_swarm { SWARM_MS } else { 0.0 };
        let pause = pause.max(self.cost * REST);
        if self.last_at.is_some_and(|last| at - last < pause) {
            return Frame::Again;
        }
        let begun = dom::now_ms();
        let elapsed = self
            .last_at
            .map_or(0.0, |last| (at - last).clamp(0.0, LONGEST_FRAME_MS));
        self.stage.advance(elapsed);
        self.draw();
        self.cost = dom::now_ms() - begun;
        let choreographer = self.stage.look();
        if choreographer.is_idle() {
            self.last_at = None;
            Frame::Done
        } else {
            self.last_at = Some(at);
            Frame::Again
        }
    }

    /// Whether the drawing is to be told that something arrived. In a crowd somebody arrives with every frame; there the
    /// places are filled some times a second.
    fn tells_arrivals(&mut self, at: f64) -> bool {
        let choreographer = self.stage.look();
        let (landings, told_at) = self.told;
        let is_crowd = choreographer.in_flight() > CROWD && !choreographer.is_idle();
        if choreographer.landings() == landings || (is_crowd && at - told_at < CROWD_MS) {
            return false;
        }
        self.told = (choreographer.landings(), at);
        true
    }

    /// Whether nothing flies, and nothing that flew is still to be seen.
    fn is_clear(&self) -> bool {
        !self.is_painted && self.stage.look().is_empty()
    }

    /// Paints what flies; an empty sky is painted once.
    fn draw(&mut self) {
        if !self.is_clear() {
            self.is_painted = !self.stage.look().is_empty();
            self.paint();
        }
    }

    fn paint(&mut self) {
        let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>() else {
            return;
        };
        let context = canvas.get_context("2d").ok().flatten();
        let Some(context) =
            context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok())
        else {
            return;
        };
        if self.frames.is_multiple_of(PALETTE_FRAMES) {
            self.palette = Palette::of(&canvas);
        }
        self.frames = self.frames.wrapping_add(1);
        let ratio = dom::device_pixel_ratio();
        let (width, height) = (
            (self.size.0 * ratio).round() as u32,
            (self.size.1 * ratio).round() as u32,
        );
        if (canvas.width(), canvas.height()) != (width, height) {
            canvas.set_width(width);
            canvas.set_height(height);
        }
        let Viewport { x, y, scale } = self.viewport;
        // Neither call fails for finite numbers; if one did, this frame would be missing and the next come.
        let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        let _ = context.set_transform(scale * ratio, 0.0, 0.0, scale * ratio, x * ratio, y * ratio);
        let choreographer = self.stage.look();
        if std::mem::take(&mut self.is_stale) {
            let changed = self.index.update(&self.scene, &self.layout);
            self.tracks.forget(choreographer.flying(), &changed);
        }
        self.tracks.follow(choreographer.flying(), &self.index);
        let sky = Sky {
            index: &self.index,
            tracks: &self.tracks,
            seen: self.viewport.window(self.size.0, self.size.1).grown(20.0),
            scale,
        };
        let uncounted = paint(&context, &choreographer, &sky, &self.palette);
        if uncounted > 0 {
            let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
            let words = self.in_flight.replace("{0}", &uncounted.to_string());
            paint_total(&context, &words, &self.palette);
        }
    }
}
