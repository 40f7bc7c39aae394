//! What several panels are built from: a form's frame, its draft, the words of a rows editor.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::ui::amqp::forms::rows::RowKind;
use crate::ui::amqp::forms::{Field, Problems};
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::components::{
    Button, ButtonKind, Choice, Icon, IconButton, RowError, RowWords, use_id,
};
use crate::ui::dom;
use crate::ui::text::Texts;

/// What is being typed into a form. It is read when the form is sent, in the same moment as the last stroke.
pub struct Draft<T> {
    cell: Rc<RefCell<T>>,
    redraw: UseForceUpdateHandle,
}

impl<T> Clone for Draft<T> {
    fn clone(&self) -> Draft<T> {
        Draft {
            cell: Rc::clone(&self.cell),
            redraw: self.redraw.clone(),
        }
    }
}

impl<T: 'static> Draft<T> {
    /// What stands in it now.
    pub fn get(&self) -> Ref<'_, T> {
        self.cell.borrow()
    }

    /// Changes it and draws it anew.
    pub fn change(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.cell.borrow_mut());
        self.redraw.force_update();
    }

    /// A callback that puts a value into it.
    pub fn puts<V: 'static>(&self, put: impl Fn(&mut T, V) + 'static) -> Callback<V> {
        let draft = self.clone();
        Callback::from(move |value: V| draft.change(|form| put(form, value)))
    }
}

/// A draft that begins with `initial`.
#[hook]
pub fn use_draft<T: 'static>(initial: impl FnOnce() -> T) -> Draft<T> {
    let cell = use_mut_ref(initial);
    let redraw = use_force_update();
    Draft { cell, redraw }
}

#[derive(Properties, PartialEq)]
pub struct FormFrameProps {
    pub title: AttrValue,
    pub submit: AttrValue,
    /// One sentence above the button, when it was not sent.
    #[prop_or_default]
    pub wrong: Option<AttrValue>,
    /// One sentence above the button: what sending it did.
    #[prop_or_default]
    pub done: Option<AttrValue>,
    pub onsubmit: Callback<()>,
    #[prop_or_default]
    pub children: Html,
}

/// A form with its title and its buttons; the first field gets the focus.
#[component]
pub fn FormFrame(props: &FormFrameProps) -> Html {
    let page = use_page();
    let t = page.t();
    let title_id = use_id();
    let form = use_node_ref();
    {
        let form = form.clone();
        use_effect_with((), move |()| {
            let before = dom::focused(&form);
            focus_first(&form);
            // Whoever opened it goes on where they were.
            move || {
                if let Some(before) = before {
                    dom::give_focus_back(&before, &form);
                }
            }
        });
    }
    let onsubmit = props.onsubmit.reform(|event: SubmitEvent| {
        event.prevent_default();
    });
    html! {
        <form ref={form} class="sheet" aria-labelledby={title_id.clone()} novalidate=true {onsubmit}>
            <header class="sheet-head">
                <h2 id={title_id}>{ &props.title }</h2>
                { close_button(&page) }
            </header>
            <div class="sheet-body">{ props.children.clone() }</div>
            <footer class="sheet-foot">
                if let Some(wrong) = &props.wrong { <p class="field-error" role="alert">{ wrong }</p> }
                if let Some(done) = &props.done { <p class="sheet-done" role="status">{ done }</p> }
                <Button kind={ButtonKind::Primary} submits=true label={props.submit.clone()} onclick={|_| ()} />
                <Button label={t.cancel} onclick={page.opens(Sheet::Inspector)} />
            </footer>
        </form>
    }
}

/// The cross that brings the inspector back.
pub fn close_button(page: &Page) -> Html {
    let t = page.t();
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| close(&page))
    };
    html! { <IconButton icon={Icon::Close} label={t.side_close} {onclick} /> }
}

/// Back to an inspector of nothing.
pub fn close(page: &Page) {
    page.driver.light(None);
    page.driver.explain(None);
    page.dispatch
        .dispatch(crate::ui::store::Action::Select(None));
    page.open.emit(Sheet::Inspector);
}

/// Puts the focus into the first field of a form.
fn focus_first(form: &NodeRef) {
    let field = form
        .cast::<HtmlElement>()
        .and_then(|form| {
            form.query_selector("input, select, textarea")
                .ok()
                .flatten()
        })
        .and_then(|field| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(field).ok());
    if let Some(field) = field {
        // A form that left the page in this very moment needs no focus.
        let _ = field.focus();
    }
}

/// The words of a rows editor.
pub fn row_words(t: &Texts, add: &'static str) -> Rc<RowWords> {
    Rc::new(RowWords {
        name: t.argument_key.into(),
        kind: t.argument_type.into(),
        value: t.argument_value.into(),
        add: add.into(),
        remove: t.remove_row.into(),
    })
}

/// The types a row can have.
pub fn row_kinds(t: &Texts) -> Vec<Choice> {
    RowKind::ALL
        .into_iter()
        .map(|kind| {
            let label = match kind {
                RowKind::String => t.type_string,
                RowKind::Number => t.type_number,
                RowKind::Boolean => t.type_boolean,
                RowKind::List => t.type_list,
            };
            Choice::new(kind.as_str(), label)
        })
        .collect()
}

/// The problems of rows, for their editor.
pub fn row_errors(problems: &Problems, t: &Texts) -> Vec<RowError> {
    problems
        .0
        .iter()
        .filter_map(|(field, problem)| match field {
            Field::Row(row) => Some(RowError {
                row: *row,
                text: problem.tell(t).into(),
            }),
            _ => None,
        })
        .collect()
}

/// The problems of properties, for their editor.
pub fn property_errors(problems: &Problems, t: &Texts) -> Vec<RowError> {
    problems
        .0
        .iter()
        .filter_map(|(field, problem)| match field {
            Field::Property(row) => Some(RowError {
                row: *row,
                text: problem.tell(t).into(),
            }),
            _ => None,
        })
        .collect()
}

/// The problem of one field; that something is missing is said only after a first try.
pub fn error(problems: &Problems, field: Field, tried: bool, t: &Texts) -> Option<AttrValue> {
    use crate::ui::amqp::forms::Problem;
    let missing = problems
        .0
        .iter()
        .any(|(at, problem)| *at == field && *problem == Problem::NameMissing);
    if missing && !tried {
        return None;
    }
    problems.tell(field, t).map(AttrValue::from)
}
