//! The browser in small pieces: each listener, frame and observer is a value that cleans up when dropped.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, EventTarget, HtmlElement, KeyboardEvent, SvgElement};

/// The real clock of the page in milliseconds; only the picture may ask for it, never the run.
pub fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

/// How many device pixels make a CSS pixel.
pub fn device_pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// Width and height of the window in CSS pixels; without a window there is no limit.
pub fn window_size() -> (f64, f64) {
    let window = web_sys::window();
    let size = |value: Option<wasm_bindgen::JsValue>| {
        value
            .and_then(|value| value.as_f64())
            .unwrap_or(f64::INFINITY)
    };
    (
        size(window.as_ref().and_then(|window| window.inner_width().ok())),
        size(
            window
                .as_ref()
                .and_then(|window| window.inner_height().ok()),
        ),
    )
}

/// Whether a media query holds now.
pub fn media_matches(query: &str) -> bool {
    web_sys::window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|list| list.matches())
}

/// The query for people who asked their system for less motion.
pub const REDUCED_MOTION: &str = "(prefers-reduced-motion: reduce)";

/// The query for screens that are touched.
pub const COARSE_POINTER: &str = "(pointer: coarse)";

/// Calls back whenever a media query begins or ceases to hold.
pub fn watch_media(query: &str, mut changed: impl FnMut(bool) + 'static) -> Option<EventListener> {
    let list = web_sys::window()?.match_media(query).ok().flatten()?;
    let target: EventTarget = list.clone().into();
    Some(EventListener::new(&target, "change", move |_| {
        changed(list.matches())
    }))
}

/// A listener that may call `prevent_default` (Yew registers wheel and touch listeners as passive).
pub fn listen_active(
    target: &EventTarget,
    kind: &'static str,
    callback: impl FnMut(&Event) + 'static,
) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(target, kind, options, callback)
}

/// Sets a CSS variable through the object model, which a strict CSP allows and `style=` it does not.
pub fn set_variable(element: &Element, name: &str, value: &str) {
    if let Some(html) = element.dyn_ref::<HtmlElement>() {
        // Setting a property cannot fail for a live element; a refused value leaves the old one.
        let _ = html.style().set_property(name, value);
    } else if let Some(svg) = element.dyn_ref::<SvgElement>() {
        let _ = svg.style().set_property(name, value);
    }
}

/// The value of a CSS variable as it holds at `element`, without blanks around it.
pub fn variable(element: &Element, name: &str) -> Option<String> {
    let style = web_sys::window()?
        .get_computed_style(element)
        .ok()
        .flatten()?;
    let value = style.get_property_value(name).ok()?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Whether a key belongs to an input method that is still composing a word; such an Enter commits nothing.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// Whether the key that caused `event` was pressed in a place where one types.
pub fn is_typing(event: &Event) -> bool {
    // Inside a shadow root the event's target is the real one; seen from outside it would be the host.
    let target = event.composed_path().get(0).dyn_into::<Element>().ok();
    target.is_some_and(|element| {
        let name = element.tag_name().to_ascii_lowercase();
        // What is drawn or ticked takes no letters.
        let kind = element.get_attribute("type").unwrap_or_default();
        let is_typed = !matches!(kind.as_str(), "range" | "checkbox" | "radio" | "button");
        matches!(name.as_str(), "textarea" | "select")
            || (name == "input" && is_typed)
            || element.has_attribute("contenteditable")
    })
}

/// Whether `event` happened inside something that `selector` matches.
pub fn is_inside(event: &Event, selector: &str) -> bool {
    let target = event.composed_path().get(0).dyn_into::<Element>().ok();
    target.is_some_and(|element| matches!(element.closest(selector), Ok(Some(_))))
}

/// What lies where a pointer event happened, also inside shadow roots.
pub fn element_at(event: &Event) -> Option<Element> {
    let mouse = event.dyn_ref::<web_sys::MouseEvent>()?;
    let (x, y) = (mouse.client_x() as f32, mouse.client_y() as f32);
    let mut found = web_sys::window()?.document()?.element_from_point(x, y)?;
    while let Some(inside) = found
        .shadow_root()
        .and_then(|shadow| shadow.element_from_point(x, y))
        .filter(|inside| *inside != found)
    {
        found = inside;
    }
    Some(found)
}

/// What has the focus in the page or shadow root that `inside` stands in.
pub fn focused(inside: &yew::NodeRef) -> Option<HtmlElement> {
    focused_around(&inside.get()?)
}

fn focused_around(node: &web_sys::Node) -> Option<HtmlElement> {
    let root = node.get_root_node();
    let element = match root.dyn_ref::<web_sys::ShadowRoot>() {
        Some(shadow) => shadow.active_element(),
        None => web_sys::window()?.document()?.active_element(),
    };
    element?.dyn_into::<HtmlElement>().ok()
}

/// Gives `before` the focus back from `inside`, which leaves the page; not if a person has gone elsewhere since.
pub fn give_focus_back(before: &HtmlElement, inside: &yew::NodeRef) {
    let inside = inside.get();
    let has_gone_on = focused_around(before).is_some_and(|now| {
        let is_left = !inside.is_some_and(|inside| inside.contains(Some(&now)));
        is_left && now.tag_name() != "BODY"
    });
    if before.is_connected() && !has_gone_on {
        // An element that may not have the focus any more leaves it where it is.
        let _ = before.focus();
    }
}

/// Whether a frame loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    Again,
    Done,
}

/// Calls back once per animation frame with the page's time, until it says [`Frame::Done`] or is dropped.
pub struct FrameLoop {
    inner: Rc<FrameLoopInner>,
}

type Tick = Closure<dyn FnMut(f64)>;

struct FrameLoopInner {
    handle: Cell<Option<i32>>,
    closure: RefCell<Option<Tick>>,
}

impl FrameLoopInner {
    fn request(&self) {
        let closure = self.closure.borrow();
        let (Some(window), Some(closure)) = (web_sys::window(), closure.as_ref()) else {
            return;
        };
        self.handle.set(
            window
                .request_animation_frame(closure.as_ref().unchecked_ref())
                .ok(),
        );
    }
}

impl FrameLoop {
    /// Prepares a loop; [`FrameLoop::wake`] starts it.
    pub fn new(mut tick: impl FnMut(f64) -> Frame + 'static) -> FrameLoop {
        let inner = Rc::new(FrameLoopInner {
            handle: Cell::new(None),
            closure: RefCell::new(None),
        });
        let weak = Rc::downgrade(&inner);
        let closure = Closure::new(move |at: f64| {
            let Some(inner) = weak.upgrade() else { return };
            inner.handle.set(None);
            if tick(at) == Frame::Again {
                inner.request();
            }
        });
        *inner.closure.borrow_mut() = Some(closure);
        FrameLoop { inner }
    }

    /// Runs it from the next frame on, unless it runs already.
    pub fn wake(&self) {
        if self.inner.handle.get().is_none() {
            self.inner.request();
        }
    }

    /// Whether a frame is asked for.
    pub fn is_awake(&self) -> bool {
        self.inner.handle.get().is_some()
    }
}

impl Drop for FrameLoop {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            // Cancelling a frame that has run, or none, is harmless; it is done always, so that the first view has the
            // code for it however busy the machine is.
            let _ = window.cancel_animation_frame(self.inner.handle.take().unwrap_or_default());
        }
    }
}

/// Tells the size of an element now and whenever it changes.
pub struct SizeObserver {
    observer: web_sys::ResizeObserver,
    _closure: Closure<dyn FnMut(js_sys::Array)>,
}

impl SizeObserver {
    /// Watches `element`; the callback gets width and height in CSS pixels.
    pub fn new(
        element: &Element,
        mut changed: impl FnMut(f64, f64) + 'static,
    ) -> Option<SizeObserver> {
        let closure = Closure::new(move |entries: js_sys::Array| {
            if let Ok(entry) = entries.get(0).dyn_into::<web_sys::ResizeObserverEntry>() {
                let rect = entry.content_rect();
                changed(rect.width(), rect.height());
            }
        });
        let observer =
            web_sys::ResizeObserver::new(Closure::as_ref(&closure).unchecked_ref()).ok()?;
        observer.observe(element);
        Some(SizeObserver {
            observer,
            _closure: closure,
        })
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
