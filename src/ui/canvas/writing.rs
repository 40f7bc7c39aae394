//! Writing on the drawing itself: the label of an edge, a note, the name of a frame.

use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::ui::canvas::geometry::{Point, Rect};
use crate::ui::canvas::message::Msg;
use crate::ui::canvas::scene::{Target, Text};
use crate::ui::canvas::sketch::{PatchKind, SketchChange};
use crate::ui::canvas::view::Canvas;
use crate::ui::dom;

/// What is being written, and what stood there before.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Writing {
    pub about: Target,
    pub before: Text,
    /// Several lines.
    pub is_long: bool,
}

impl Canvas {
    /// Puts the pen on a label, a note or a name; whether there is something to write.
    pub(super) fn begin_writing(&mut self, ctx: &Context<Self>, target: &Target) -> bool {
        let props = ctx.props();
        if props.is_fixed {
            return false;
        }
        let (before, is_long) = match target {
            Target::Edge(id) => match props.scene.edge(id) {
                Some(edge) if edge.hold.label => (Text::clone(&edge.label), false),
                _ => return false,
            },
            Target::Patch(id) => match props.sketch.patch(id) {
                Some(patch) => (
                    Text::clone(&patch.text),
                    matches!(patch.kind, PatchKind::Note { .. }),
                ),
                None => return false,
            },
            Target::Node(_) | Target::Group(_) | Target::Item(..) => return false,
        };
        self.drop_gesture();
        self.writing = Some(Writing {
            about: target.clone(),
            before,
            is_long,
        });
        true
    }

    /// The pen is put down: what was written counts, unless it is what stood there.
    pub(super) fn end_writing(&mut self, ctx: &Context<Self>, text: Option<Text>) {
        let Some(writing) = self.writing.take() else {
            return;
        };
        let props = ctx.props();
        if let Some(text) = text.filter(|text| *text != writing.before) {
            match writing.about {
                Target::Edge(id) => props.onlabel.emit((id, text)),
                Target::Patch(id) => props.onsketch.emit(SketchChange::Write(id, text)),
                Target::Node(_) | Target::Group(_) | Target::Item(..) => {}
            }
        }
    }

    /// The field in which one writes, over what is written.
    pub(super) fn pen(&self, ctx: &Context<Self>) -> Html {
        let Some(writing) = &self.writing else {
            return Html::default();
        };
        let rect = match &writing.about {
            Target::Edge(id) => self.layout.wires.get(id).map(|wire| {
                let mark = Rect::around(wire.mark, 60.0, 18.0);
                wire.label.as_ref().map_or(mark, |label| label.rect)
            }),
            Target::Patch(id) => self.patch_rect(ctx, id),
            Target::Node(_) | Target::Group(_) | Target::Item(..) => None,
        };
        let Some(rect) = rect else {
            return Html::default();
        };
        let at = self
            .viewport
            .to_canvas(Point::new(rect.left, rect.top))
            .rounded();
        let width = (rect.width() * self.viewport.scale + 40.0).clamp(140.0, 320.0);
        let words = &ctx.props().words;
        let label = match &writing.about {
            Target::Edge(_) => &words.write_label,
            _ => &words.write,
        };
        // Kept inside the canvas, however narrow it is.
        let x = at.x.min(self.size.0 - width - 8.0).max(4.0);
        let y = at.y.clamp(4.0, (self.size.1 - 48.0).max(4.0));
        html! {
            <Pen
                key={format!("{:?}", writing.about)} label={AttrValue::from(Text::clone(label))}
                text={AttrValue::from(Text::clone(&writing.before))} is_long={writing.is_long}
                at={Point::new(x, y)} width={width.min(self.size.0 - 8.0)}
                onend={ctx.link().callback(|text: Option<Text>| Msg::Written(text))}
            />
        }
    }
}

#[derive(Properties, PartialEq)]
struct PenProps {
    label: AttrValue,
    text: AttrValue,
    is_long: bool,
    at: Point,
    width: f64,
    /// Gets what was written, or nothing when it was given up.
    onend: Callback<Option<Text>>,
}

/// A field at a place of the canvas. Enter and leaving it put the pen down, Escape gives up.
#[component]
fn Pen(props: &PenProps) -> Html {
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            if let Some(field) = field.cast::<HtmlElement>() {
                // A field that left the page in this very moment needs no focus.
                let _ = field.focus();
            }
            if let Some(input) = field.cast::<HtmlInputElement>() {
                input.select();
            }
        });
    }
    {
        let (field, at, width) = (field.clone(), props.at, props.width);
        use_effect_with((at, width), move |_| {
            if let Some(field) = field.cast::<web_sys::Element>() {
                dom::set_variable(&field, "--pen-left", &format!("{}px", at.x));
                dom::set_variable(&field, "--pen-top", &format!("{}px", at.y));
                dom::set_variable(&field, "--pen-width", &format!("{width}px"));
            }
        });
    }
    let written = {
        let field = field.clone();
        move || {
            let line = field.cast::<HtmlInputElement>().map(|field| field.value());
            let lines = || {
                field
                    .cast::<HtmlTextAreaElement>()
                    .map(|field| field.value())
            };
            line.or_else(lines).map(Text::from)
        }
    };
    // The drawing may move below while one writes: what is drawn anew then is what was typed, not what stood there.
    let typed = use_mut_ref(|| props.text.clone());
    let oninput = {
        let (typed, written) = (typed.clone(), written.clone());
        Callback::from(move |_: InputEvent| {
            if let Some(text) = written() {
                *typed.borrow_mut() = text.into();
            }
        })
    };
    let value = typed.borrow().clone();
    let onkeydown = {
        let (onend, written, is_long) = (props.onend.clone(), written.clone(), props.is_long);
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            let is_end = !is_long || event.ctrl_key() || event.meta_key();
            match event.key().as_str() {
                "Enter" if is_end && !dom::is_composing(&event) => onend.emit(written()),
                "Escape" => onend.emit(None),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let onblur = {
        let onend = props.onend.clone();
        Callback::from(move |_: FocusEvent| onend.emit(written()))
    };
    if props.is_long {
        return html! {
            <textarea
                ref={field} class="canvas-pen" rows="4" aria-label={props.label.clone()}
                {value} {oninput} {onkeydown} {onblur}
            />
        };
    }
    html! {
        <input
            ref={field} class="canvas-pen canvas-pen-line" type="text" aria-label={props.label.clone()}
            autocomplete="off" autocapitalize="off" spellcheck="false" {value} {oninput} {onkeydown} {onblur}
        />
    }
}
