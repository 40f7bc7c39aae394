//! The questions of editing, each asked at its place on the canvas.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::scenario::Scenario;
use crate::ui::amqp::editing::hangs::Removal;
use crate::ui::amqp::editing::new_thing::{self, NewThing, NewThingForm};
use crate::ui::amqp::editing::{pieces, rename};
use crate::ui::amqp::files;
use crate::ui::amqp::forms::binding::BindingForm;
use crate::ui::amqp::forms::names;
use crate::ui::amqp::ids;
use crate::ui::amqp::page::{Page, use_page, went_wrong};
use crate::ui::amqp::panels::{WireQuestion, use_draft};
use crate::ui::amqp::picture::Picture;
use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::{NodeId, Target, Tone};
use crate::ui::canvas::sketch::{Sketch, SketchChange};
use crate::ui::canvas::{Anchor, Question};
use crate::ui::components::{Button, ButtonKind, TextField, TextInput};
use crate::ui::shared::Shared;
use crate::ui::store::Action;
use crate::ui::text::fill_plain;

/// A question that is open on the canvas.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// An edge was drawn: with what key?
    Wire(BindingForm, NodeId, NodeId),
    New(NewThing),
    /// All that goes with it, before it goes.
    Remove(Removal, Anchor),
    Rename(NodeId, Anchor),
    /// The clipboard is not allowed: the text, to be copied by hand.
    Copied(String, Anchor),
    /// The clipboard is not allowed: a field to paste into.
    Paste(Point),
}

/// How many of the things that go along are named.
const NAMED: usize = 12;

#[derive(Clone, PartialEq)]
pub struct Ground {
    pub picture: Shared<Picture>,
    pub pins: Shared<Pins>,
    pub sketch: Shared<Sketch>,
    pub onclose: Callback<()>,
}

/// The question as the canvas shows it.
pub fn question(page: &Page, asked: &Asked, ground: &Ground) -> Question {
    let (t, w) = (page.t(), page.lang.wiring());
    let Ground {
        picture,
        pins,
        sketch,
        onclose,
    } = ground.clone();
    let name = |node: &NodeId| {
        let found = picture.scene.node(node);
        found.map_or_else(String::new, |node| node.name.to_string())
    };
    let (anchor, label, content) = match asked {
        Asked::Wire(form, from, to) => (
            Anchor::Between(from.clone(), to.clone()),
            fill_plain(t.wire_title, &[&name(from), &name(to)]),
            html! { <WireQuestion {picture} form={form.clone()} onclose={onclose.clone()} /> },
        ),
        Asked::New(new) => (
            Anchor::At(new.at),
            new_thing::title(page, new.sort).to_string(),
            html! { <NewThingForm {picture} new={new.clone()} onclose={onclose.clone()} /> },
        ),
        Asked::Remove(removal, anchor) => (
            anchor.clone(),
            fill_plain(w.delete_title, &[&removal.title]),
            html! { <RemoveQuestion removal={removal.clone()} onclose={onclose.clone()} /> },
        ),
        Asked::Rename(node, anchor) => (
            anchor.clone(),
            fill_plain(w.rename_title, &[&name(node)]),
            html! { <RenameQuestion {picture} node={node.clone()} {pins} {sketch} onclose={onclose.clone()} /> },
        ),
        Asked::Copied(text, anchor) => (
            anchor.clone(),
            w.copy.to_string(),
            html! { <CopiedText text={AttrValue::from(text.clone())} onclose={onclose.clone()} /> },
        ),
        Asked::Paste(at) => (
            Anchor::At(*at),
            w.paste_button.to_string(),
            html! { <PasteText {picture} at={*at} {sketch} onclose={onclose.clone()} /> },
        ),
    };
    Question {
        anchor,
        label: label.into(),
        content,
        onclose,
    }
}

#[derive(Properties, PartialEq)]
pub struct RemoveProps {
    pub removal: Removal,
    pub onclose: Callback<()>,
}

/// What goes with what is deleted.
#[component]
pub fn RemoveQuestion(props: &RemoveProps) -> Html {
    let page = use_page();
    let (t, w) = (page.t(), page.lang.wiring());
    let removal = &props.removal;
    let more = removal.goes_too.len().saturating_sub(NAMED);
    let items = removal
        .goes_too
        .iter()
        .take(NAMED)
        .map(|what| html! { <li>{ what }</li> });
    let onclick = {
        let (page, props) = (page.clone(), (removal.clone(), props.onclose.clone()));
        Callback::from(move |_: MouseEvent| {
            props.0.clone().carry_out(&page);
            props.1.emit(());
        })
    };
    html! {
        <div class="wire-form">
            <h2 class="question-title">{ fill_plain(w.delete_title, &[&removal.title]) }</h2>
            <p>{ w.goes_too }</p>
            <ul class="question-list">
                { for items }
                if more > 0 { <li>{ fill_plain(w.and_more, &[&more]) }</li> }
            </ul>
            <div class="wire-buttons">
                <Button kind={ButtonKind::Danger} label={w.delete_button} {onclick} />
                <Button label={t.cancel} onclick={props.onclose.reform(|_: MouseEvent| ())} />
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RenameProps {
    picture: Shared<Picture>,
    node: NodeId,
    pins: Shared<Pins>,
    sketch: Shared<Sketch>,
    onclose: Callback<()>,
}

/// Another name, and what it takes to get there.
#[component]
fn RenameQuestion(props: &RenameProps) -> Html {
    let page = use_page();
    let (t, w) = (page.t(), page.lang.wiring());
    let Some(thing) = ids::thing(&props.node) else {
        return Html::default();
    };
    let old = props.picture.scene.node(&props.node);
    let old = old.map_or_else(String::new, |node| node.name.to_string());
    let draft = use_draft(|| AttrValue::from(old.clone()));
    let typed = draft.get().clone();
    let problem = if *typed == *old {
        Some(w.rename_same.to_string())
    } else if rename::is_taken(&props.picture, &thing, &typed) {
        Some(w.rename_taken.to_string())
    } else {
        names::required(&typed).map(|problem| problem.tell(t))
    };
    let plan = rename::plan(&page, &props.picture, &thing, &typed);
    let onsubmit = {
        let (page, plan, problem) = (page.clone(), plan.clone(), problem.clone());
        let (onclose, node, pins) = (
            props.onclose.clone(),
            props.node.clone(),
            props.pins.clone(),
        );
        let program = match &thing {
            ids::Thing::Program(name) => props.picture.plans.get(name.as_str()).cloned(),
            _ => None,
        };
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if problem.is_some() {
                return;
            }
            if let (Some(becomes), Some(at)) = (&plan.becomes, pins.get(&node)) {
                let places = vec![(becomes.clone(), *at)];
                page.dispatch.dispatch(Action::Place(places));
            }
            if let (Some(ids::Thing::Program(name)), Some(program)) =
                (plan.becomes.as_ref().and_then(ids::thing), &program)
            {
                page.driver.plan(name.into(), program.clone());
            }
            if !went_wrong(&page.driver.together(plan.commands.clone())) {
                let target = plan.becomes.clone().map(Target::Node);
                page.dispatch.dispatch(Action::Select(target));
            }
            onclose.emit(());
        })
    };
    let items = plan.says.iter().map(|what| html! { <li>{ what }</li> });
    let error = (*typed != *old).then_some(problem).flatten();
    html! {
        <form class="wire-form" novalidate=true {onsubmit}>
            <h2 class="question-title">{ fill_plain(w.rename_title, &[&old]) }</h2>
            <TextField
                label={w.new_name} input={TextInput::Code} value={typed.clone()}
                error={error.map(AttrValue::from)}
                oncommit={draft.puts(|text, name| *text = name)} ontype={draft.puts(|text, name| *text = name)}
            />
            <p>{ w.rename_how }</p>
            <ol class="question-list">{ for items }</ol>
            <div class="wire-buttons">
                <Button kind={ButtonKind::Primary} submits=true label={w.rename_button} onclick={|_| ()} />
                <Button label={t.cancel} onclick={props.onclose.reform(|_: MouseEvent| ())} />
            </div>
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct CopiedProps {
    text: AttrValue,
    onclose: Callback<()>,
}

/// The text, selected, where the browser keeps the clipboard from the page.
#[component]
fn CopiedText(props: &CopiedProps) -> Html {
    let page = use_page();
    let w = page.lang.wiring();
    let area = use_node_ref();
    {
        let area = area.clone();
        use_effect_with((), move |()| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                area.select();
            }
        });
    }
    html! {
        <div class="wire-form">
            <p>{ w.copy_by_hand }</p>
            <textarea ref={area} class="input code" rows="6" readonly=true aria-label={w.copy} value={props.text.clone()} />
            <div class="wire-buttons">
                <Button kind={ButtonKind::Primary} label={w.done} onclick={props.onclose.reform(|_: MouseEvent| ())} />
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PasteProps {
    picture: Shared<Picture>,
    at: Point,
    sketch: Shared<Sketch>,
    onclose: Callback<()>,
}

/// A field to paste into, where the browser keeps the clipboard from the page.
#[component]
fn PasteText(props: &PasteProps) -> Html {
    let page = use_page();
    let (t, w) = (page.t(), page.lang.wiring());
    let draft = use_draft(AttrValue::default);
    let onsubmit = {
        let (page, draft, props) = (
            page.clone(),
            draft.clone(),
            (
                props.picture.clone(),
                props.at,
                props.sketch.clone(),
                props.onclose.clone(),
            ),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (picture, at, sketch, onclose) = &props;
            put(&page, picture, &draft.get(), Some(*at), sketch);
            onclose.emit(());
        })
    };
    let typed = draft.get().clone();
    html! {
        <form class="wire-form" novalidate=true {onsubmit}>
            <TextField
                label={w.paste_by_hand} input={TextInput::Area} value={typed}
                oncommit={draft.puts(|text, typed| *text = typed)} ontype={draft.puts(|text, typed| *text = typed)}
            />
            <div class="wire-buttons">
                <Button kind={ButtonKind::Primary} submits=true label={w.paste_button} onclick={|_| ()} />
                <Button label={t.cancel} onclick={props.onclose.reform(|_: MouseEvent| ())} />
            </div>
        </form>
    }
}

/// Puts scenario text into what stands; whatever is wrong with it is said, and then nothing changes.
pub fn put(page: &Page, picture: &Picture, text: &str, at: Option<Point>, sketch: &Sketch) {
    match Scenario::parse(text) {
        Ok(piece) => put_piece(page, picture, &piece, at, sketch),
        Err(error) => {
            let said = files::tell(&error, page.lang.wiring().paste_name, page.lang);
            page.notify(Tone::Error, said, None);
        }
    }
}

/// Puts a piece into what stands, as one step.
pub fn put_piece(
    page: &Page,
    picture: &Picture,
    piece: &Scenario,
    at: Option<Point>,
    sketch: &Sketch,
) {
    let w = page.lang.wiring();
    let pasted = pieces::paste(piece, picture, at, sketch);
    page.dispatch.dispatch(Action::Place(pasted.places));
    if !pasted.patches.is_empty() {
        let change = SketchChange::Put(pasted.patches);
        page.dispatch.dispatch(Action::Sketch(change));
    }
    if !pasted.commands.is_empty() && went_wrong(&page.driver.together(pasted.commands)) {
        return;
    }
    let nodes = pasted.nodes.into_iter().map(Target::Node).collect();
    page.dispatch.dispatch(Action::Choose(nodes));
    let [exchanges, queues, bindings, programs] = pasted.counts;
    let mut said = fill_plain(w.pasted, &[&exchanges, &queues, &bindings, &programs]);
    if pasted.renamed {
        said.push(' ');
        said.push_str(w.pasted_renamed);
    }
    page.notify(Tone::Success, said, None);
}
