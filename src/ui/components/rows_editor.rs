//! Rows of name, type and value: for tables of arguments and headers.

use std::rc::Rc;

use yew::prelude::*;

use crate::ui::components::button::{Button, ButtonKind, IconButton};
use crate::ui::components::help::{Note, help as help_line};
use crate::ui::components::icon::Icon;
use crate::ui::components::select::{Choice, Select};
use crate::ui::components::text_field::{TextField, TextInput};

/// A row as it was typed; nothing is parsed here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub name: AttrValue,
    /// The value of one of the types offered.
    pub kind: AttrValue,
    pub value: AttrValue,
}

/// A name worth offering, with its type and a line of help; adds a row when pressed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowHint {
    pub name: AttrValue,
    pub kind: AttrValue,
    /// What the button says.
    pub label: AttrValue,
    /// One line about what it does.
    pub help: AttrValue,
    /// An example and a page that says more.
    pub note: Option<Note>,
}

/// What is wrong with a row, by its index.
#[derive(Clone, Debug, PartialEq)]
pub struct RowError {
    pub row: usize,
    pub text: AttrValue,
}

/// The words on the editor.
#[derive(Clone, Debug, PartialEq)]
pub struct RowWords {
    pub name: AttrValue,
    pub kind: AttrValue,
    pub value: AttrValue,
    pub add: AttrValue,
    pub remove: AttrValue,
}

#[derive(Properties, PartialEq)]
pub struct RowsEditorProps {
    /// What the rows are.
    pub label: AttrValue,
    pub words: Rc<RowWords>,
    pub kinds: Vec<Choice>,
    pub rows: Vec<Row>,
    pub onchange: Callback<Vec<Row>>,
    #[prop_or_default]
    pub hints: Vec<RowHint>,
    #[prop_or_default]
    pub errors: Vec<RowError>,
}

/// An editor of rows.
#[component]
pub fn RowsEditor(props: &RowsEditorProps) -> Html {
    let rows = (0..props.rows.len()).map(|index| row(props, index));
    let add = {
        let kind = props
            .kinds
            .first()
            .map(|kind| kind.value.clone())
            .unwrap_or_default();
        appending(
            props,
            Row {
                kind,
                ..Row::default()
            },
        )
    };
    let hints = props.hints.iter().map(|hint| {
        let new = Row { name: hint.name.clone(), kind: hint.kind.clone(), value: AttrValue::default() };
        html! {
            <Button
                key={hint.name.as_str()} kind={ButtonKind::Quiet} label={hint.label.clone()} title={hint.help.clone()}
                onclick={appending(props, new)}
            />
        }
    });
    html! {
        <fieldset class="rows">
            <legend>{ &props.label }</legend>
            { for rows }
            <Button kind={ButtonKind::Plain} icon={Icon::Plus} label={props.words.add.clone()} onclick={add} />
            if !props.hints.is_empty() { <div class="rows-hints">{ for hints }</div> }
        </fieldset>
    }
}

fn row(props: &RowsEditorProps, index: usize) -> Html {
    let row = &props.rows[index];
    let error = props
        .errors
        .iter()
        .find(|error| error.row == index)
        .map(|error| error.text.clone());
    let hint = props.hints.iter().find(|hint| hint.name == row.name);
    let remove = {
        let (rows, onchange) = (props.rows.clone(), props.onchange.clone());
        Callback::from(move |_: MouseEvent| {
            let mut rows = rows.clone();
            rows.remove(index);
            onchange.emit(rows);
        })
    };
    let suggestions: Vec<AttrValue> = props.hints.iter().map(|hint| hint.name.clone()).collect();
    html! {
        <div key={index} class={classes!("row", error.is_some().then_some("field-wrong"))}>
            <TextField
                bare=true input={TextInput::Code} label={props.words.name.clone()} placeholder={props.words.name.clone()}
                value={row.name.clone()} {suggestions}
                oncommit={changing(props, index, |row, text| row.name = text)}
                ontype={changing(props, index, |row, text| row.name = text)}
            />
            <Select
                bare=true label={props.words.kind.clone()} choices={props.kinds.clone()} selected={row.kind.clone()}
                onselect={changing(props, index, |row, text| row.kind = text)}
            />
            <TextField
                bare=true input={TextInput::Code} label={props.words.value.clone()} placeholder={props.words.value.clone()}
                value={row.value.clone()}
                oncommit={changing(props, index, |row, text| row.value = text)}
                ontype={changing(props, index, |row, text| row.value = text)}
            />
            <IconButton icon={Icon::Close} label={props.words.remove.clone()} onclick={remove} />
            if let Some(error) = error { <p class="field-error" role="alert">{ error }</p> }
            if let Some(hint) = hint { { help_line(None, &hint.help, hint.note.as_ref()) } }
        </div>
    }
}

/// Hands out the rows with one more.
fn appending(props: &RowsEditorProps, new: Row) -> Callback<MouseEvent> {
    let (rows, onchange) = (props.rows.clone(), props.onchange.clone());
    Callback::from(move |_| {
        let mut rows = rows.clone();
        rows.push(new.clone());
        onchange.emit(rows);
    })
}

/// Hands out the rows with one changed: at every stroke, so that an error goes while one types, and nothing moves under
/// the pointer when the field is left.
fn changing(
    props: &RowsEditorProps,
    index: usize,
    change: impl Fn(&mut Row, AttrValue) + 'static,
) -> Callback<AttrValue> {
    let (rows, onchange) = (props.rows.clone(), props.onchange.clone());
    Callback::from(move |text| {
        let mut rows = rows.clone();
        if let Some(row) = rows.get_mut(index) {
            change(row, text);
        }
        onchange.emit(rows);
    })
}
