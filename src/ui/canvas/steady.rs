//! How the drawing is arranged and fitted by itself, and when: not while somebody presses it or aims at something on it.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::ui::canvas::geometry::Rect;
use crate::ui::canvas::layout::{Flow, Layout, NARROW, Pins};
use crate::ui::canvas::message::Msg;
use crate::ui::canvas::sketch;
use crate::ui::canvas::view::Canvas;
use crate::ui::canvas::viewport::Viewport;
use crate::ui::dom;
use crate::ui::shared::Shared;

/// So long after a pointer moved over the drawing somebody may be about to press, in milliseconds.
const AIMING_MS: f64 = 600.0;
/// So high the tools stand in their corner on a phone.
const TOOLS: f64 = 48.0;

/// What is known of hands over the drawing.
#[derive(Default)]
pub(super) struct Steady {
    /// When a pointer was over the drawing last.
    aimed_at: Option<f64>,
    /// The drawing is fitted when the hands have left it.
    later: Option<Timeout>,
}

/// The places that hold for a flow. Scenarios are drawn from left to right; on a phone, where it flows from above, only
/// those count that somebody gave since.
pub(super) fn pins_for(flow: Flow, pins: &Shared<Pins>, given: &Pins) -> Shared<Pins> {
    if flow == Flow::LeftToRight || given.is_empty() {
        return pins.clone();
    }
    let mut pins = (**pins).clone();
    pins.retain(|node, at| given.get(node) != Some(at));
    Shared::new(pins)
}

impl Steady {
    /// How long the drawing has to stay where it is, in milliseconds.
    fn hold(&self, now: f64, is_down: bool) -> Option<f64> {
        if is_down {
            return Some(AIMING_MS);
        }
        let rest = AIMING_MS - (now - self.aimed_at?);
        (rest > 0.0).then_some(rest)
    }
}

impl Canvas {
    /// Arranges the scene; afresh, or with as little moved as can be.
    pub(super) fn arrange(&mut self, ctx: &Context<Self>, is_fresh: bool) {
        let props = ctx.props();
        let flow = props.flow.unwrap_or_else(|| Flow::for_width(self.size.0));
        let previous = (!is_fresh).then_some(&*self.layout);
        let pins = pins_for(flow, &props.pins, &props.given);
        self.layout = Shared::new(Layout::arrange(&props.scene, &pins, flow, previous));
        self.in_hand = None;
        if is_fresh {
            // Another drawing: what somebody chose to see of the one before means nothing here.
            self.fit(ctx);
        } else {
            self.follow_extent(ctx);
        }
    }

    /// The drawing may have grown out of the window.
    pub(super) fn follow_extent(&mut self, ctx: &Context<Self>) {
        let (width, height) = self.size;
        if !self.viewport.shows_all(self.extent(ctx), width, height) {
            self.settle(ctx);
        }
    }

    /// The canvas has another size.
    pub(super) fn resize(&mut self, ctx: &Context<Self>, width: f64, height: f64) -> bool {
        if self.size == (width, height) {
            return false;
        }
        self.size = (width, height);
        self.settle(ctx);
        true
    }

    /// What there is to see: the nodes, and what was written beside them.
    pub(super) fn extent(&self, ctx: &Context<Self>) -> Rect {
        let layout = self.shown_layout();
        sketch::around(layout.bounds, &ctx.props().sketch, &layout.places)
    }

    /// Shows all.
    pub(super) fn fit(&mut self, ctx: &Context<Self>) {
        let (width, height) = self.size;
        // On a phone the tools are as large as fingers, and there is little room beside them.
        let tools = if width < NARROW { TOOLS } else { 0.0 };
        self.viewport = Viewport::fit(self.extent(ctx), width, (height - tools).max(1.0));
        self.is_steered = false;
        // What is selected may lie under something now.
        self.cover.about = None;
    }

    /// A pointer moves or rests over the drawing.
    pub(super) fn aim(&mut self) {
        self.steady.aimed_at = Some(dom::now_ms());
    }

    /// No pointer is over the drawing any more.
    pub(super) fn aim_elsewhere(&mut self) {
        self.steady.aimed_at = None;
    }

    /// Arranges for the size and shows all: now, or when nobody presses or aims. What somebody chose to see stays.
    pub(super) fn settle(&mut self, ctx: &Context<Self>) {
        self.steady.later = None;
        if let Some(wait) = self.steady.hold(dom::now_ms(), self.is_pressed()) {
            let link = ctx.link().clone();
            self.steady.later = Some(Timeout::new(wait as u32 + 1, move || {
                link.send_message(Msg::Settle);
            }));
            return;
        }
        let flow = ctx.props().flow;
        if flow.unwrap_or_else(|| Flow::for_width(self.size.0)) != self.layout.flow {
            self.arrange(ctx, true);
        } else if !self.is_steered {
            self.fit(ctx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::canvas::geometry::Point;
    use crate::ui::canvas::scene::NodeId;

    #[test]
    fn places_from_a_scenario_say_nothing_where_it_flows_from_above() {
        let pin = |id: &str, x: f64| (NodeId::from(id), Point::new(x, 0.0));
        let given = Pins::from([pin("a", 1.0), pin("b", 2.0)]);
        let pins = Shared::new(Pins::from([pin("a", 1.0), pin("b", 9.0), pin("c", 3.0)]));
        let kept = pins_for(Flow::TopToBottom, &pins, &given);
        assert_eq!(*kept, Pins::from([pin("b", 9.0), pin("c", 3.0)]));
        assert_eq!(pins_for(Flow::LeftToRight, &pins, &given), pins);
    }

    #[test]
    fn the_drawing_stays_while_somebody_presses_or_aims() {
        let mut steady = Steady::default();
        assert_eq!(steady.hold(5_000.0, false), None);
        assert!(steady.hold(5_000.0, true).is_some());
        steady.aimed_at = Some(5_000.0);
        assert_eq!(steady.hold(5_200.0, false), Some(AIMING_MS - 200.0));
        assert_eq!(steady.hold(5_000.0 + AIMING_MS, false), None);
    }
}
