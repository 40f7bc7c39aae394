//! The fields of the forms for producers and consumers: each knows its label, its help, and what is wrong with it.

use yew::prelude::*;

use crate::ui::amqp::forms::described::{Spot, Wrongs};
use crate::ui::amqp::panels::parts::Draft;
use crate::ui::components::{Checkbox, Choice, Note, Select, TextField, TextInput};

/// What is typed, and whether it was sent before.
pub struct Typed<D> {
    pub form: D,
    pub tried: bool,
}

/// The fields of one form.
pub struct Inputs<'a, D: 'static> {
    pub draft: &'a Draft<Typed<D>>,
    pub wrongs: &'a Wrongs,
    pub tried: bool,
}

/// A field in which one types.
pub struct Line {
    pub label: &'static str,
    pub help: Option<&'static str>,
    pub note: Option<Note>,
    pub spot: Spot,
    pub input: TextInput,
}

impl Line {
    /// A name, a key, a time: in monospace.
    pub fn code(label: &'static str, spot: Spot) -> Line {
        Line {
            label,
            help: None,
            note: None,
            spot,
            input: TextInput::Code,
        }
    }

    /// A number.
    pub fn number(label: &'static str, spot: Spot) -> Line {
        Line {
            input: TextInput::Number,
            ..Line::code(label, spot)
        }
    }

    /// Several lines.
    pub fn area(label: &'static str, spot: Spot) -> Line {
        Line {
            input: TextInput::Area,
            ..Line::code(label, spot)
        }
    }

    /// With a line of help.
    pub fn help(self, help: &'static str) -> Line {
        Line {
            help: Some(help),
            ..self
        }
    }

    /// With an example and a page about it.
    pub fn note(self, note: Option<Note>) -> Line {
        Line { note, ..self }
    }
}

impl<D: 'static> Inputs<'_, D> {
    /// A field in which one types.
    pub fn line(&self, line: Line, value: &AttrValue, put: fn(&mut D, AttrValue)) -> Html {
        let error = self.wrongs.tell(line.spot);
        let missing = line.spot == Spot::Name && self.wrongs.missing && !self.tried;
        let error = error.filter(|_| !missing).map(str::to_string);
        let puts = self
            .draft
            .puts(move |typed: &mut Typed<D>, value| put(&mut typed.form, value));
        html! {
            <TextField
                label={line.label} input={line.input} value={value.clone()}
                help={line.help.map(AttrValue::from)} note={line.note} error={error.map(AttrValue::from)}
                oncommit={puts.clone()} ontype={puts}
            />
        }
    }

    /// One of several.
    pub fn choice(
        &self,
        label: &'static str,
        choices: Vec<Choice>,
        selected: impl Into<AttrValue>,
        put: fn(&mut D, AttrValue),
    ) -> Html {
        self.explained((label, None, None), choices, selected, put)
    }

    /// One of several, with a line of help, an example and a page about it.
    pub fn explained(
        &self,
        (label, help, note): (&'static str, Option<&'static str>, Option<Note>),
        choices: Vec<Choice>,
        selected: impl Into<AttrValue>,
        put: fn(&mut D, AttrValue),
    ) -> Html {
        let onselect = self
            .draft
            .puts(move |typed: &mut Typed<D>, value| put(&mut typed.form, value));
        html! {
            <Select
                {label} {choices} selected={selected.into()} {onselect} help={help.map(AttrValue::from)} {note}
            />
        }
    }

    /// A box that is ticked or not.
    pub fn tick(
        &self,
        label: &'static str,
        help: Option<&'static str>,
        checked: bool,
        put: fn(&mut D, bool),
    ) -> Html {
        let onchange = self
            .draft
            .puts(move |typed: &mut Typed<D>, on| put(&mut typed.form, on));
        html! { <Checkbox {label} {checked} {onchange} help={help.map(AttrValue::from)} /> }
    }
}
