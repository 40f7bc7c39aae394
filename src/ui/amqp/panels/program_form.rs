//! What the forms of producers and of consumers share: what is typed and sent, the frame with its button, the fields of
//! every program.

use yew::prelude::*;

use crate::actors::{Form, ProgramId};
use crate::ui::amqp::forms::basics::ProgramDraft;
use crate::ui::amqp::forms::described::{Spot, Wrongs};
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::panels::add_program::{put_on_canvas, script_fold};
use crate::ui::amqp::panels::inputs::{Inputs, Line, Typed};
use crate::ui::amqp::panels::parts::{Draft, FormFrame, use_draft};
use crate::ui::amqp::picture::Picture;
use crate::ui::shared::Shared;
use crate::ui::text::{ProgramTexts, Texts};

/// What is drawn from.
pub struct Fields<'a, D: 'static> {
    pub inputs: Inputs<'a, D>,
    pub form: &'a D,
    pub t: &'static Texts,
    pub p: &'static ProgramTexts,
    pub page: &'a Page,
}

/// The form of a program that is typed.
pub struct ProgramForm<D: 'static> {
    page: Page,
    pub draft: Draft<Typed<D>>,
    onsubmit: Callback<()>,
}

/// The form of a program, new or there already, that begins as `begin` says.
#[hook]
pub fn use_program_form<D: ProgramDraft>(
    picture: &Shared<Picture>,
    program: Option<ProgramId>,
    begin: impl FnOnce() -> D,
) -> ProgramForm<D> {
    let page = use_page();
    let draft = use_draft(|| Typed {
        form: begin(),
        tried: false,
    });
    let onsubmit = {
        let (page, draft, picture) = (page.clone(), draft.clone(), picture.clone());
        Callback::from(move |()| {
            let (form, _) = draft.get().form.read(page.lang);
            let name = draft.get().form.basics().name.to_string();
            match form {
                Some(form) => put_on_canvas(&page, &picture, program, &name, form),
                None => draft.change(|typed| typed.tried = true),
            }
        })
    };
    ProgramForm {
        page,
        draft,
        onsubmit,
    }
}

impl<D: ProgramDraft> ProgramForm<D> {
    /// The frame with its title and button, around the fields.
    pub fn view(
        &self,
        (title, submit): (&'static str, &'static str),
        fields: impl FnOnce(Fields<'_, D>) -> Html,
    ) -> Html {
        let (t, p) = (self.page.t(), self.page.lang.programs());
        let typed = self.draft.get();
        let (form, wrongs): (Option<Form>, Wrongs) = typed.form.read(self.page.lang);
        let inputs = Inputs {
            draft: &self.draft,
            wrongs: &wrongs,
            tried: typed.tried,
        };
        let inside = fields(Fields {
            inputs,
            form: &typed.form,
            t,
            p,
            page: &self.page,
        });
        let wrong = above_button(&wrongs, typed.tried, t);
        html! {
            <FormFrame {title} {submit} onsubmit={self.onsubmit.clone()} {wrong}>
                { inside }
                { script_fold(form.as_ref(), t) }
            </FormFrame>
        }
    }
}

/// One sentence above the button when it was not sent.
fn above_button(wrongs: &Wrongs, tried: bool, t: &'static Texts) -> Option<AttrValue> {
    let whole = wrongs.tell(Spot::Whole).map(str::to_string);
    let general = (tried && !wrongs.is_empty()).then(|| t.form_has_problems.to_string());
    whole.or(general).map(AttrValue::from)
}

impl<D: ProgramDraft> Fields<'_, D> {
    /// What it is called.
    pub fn name(&self) -> Html {
        let line = Line::code(self.t.program_name, Spot::Name);
        let name = &self.form.basics().name;
        self.inputs
            .line(line, name, |form, name| form.basics_mut().name = name)
    }

    /// After how many it stops.
    pub fn times(&self, label: &'static str) -> Html {
        let line = Line::number(label, Spot::Times).help(self.p.times_help);
        let times = &self.form.basics().times;
        self.inputs
            .line(line, times, |form, text| form.basics_mut().times = text)
    }

    /// Whether it connects again, and when.
    pub fn reconnect(&self) -> Html {
        let (p, basics) = (self.p, self.form.basics());
        let after = Line::code(p.reconnect_after, Spot::ReconnectAfter);
        html! {
            <>
                { self.inputs.tick(p.reconnect, Some(p.reconnect_help), basics.reconnect,
                    |form, on| form.basics_mut().reconnect = on) }
                if basics.reconnect {
                    { self.inputs.line(after, &basics.reconnect_after,
                        |form, text| form.basics_mut().reconnect_after = text) }
                }
            </>
        }
    }
}
