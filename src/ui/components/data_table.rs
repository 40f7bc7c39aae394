//! A table of things: sorted by any column, filtered by words, each row with a name that opens it and a menu of what
//! can be done.

use std::cmp::Ordering;

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::ordered::sort_by;
use crate::ui::canvas::scene::{Choice, Text};
use crate::ui::components::button::{Button, ButtonKind};
use crate::ui::components::icon::Icon;
use crate::ui::components::menu::Menu;
use crate::ui::components::text_field::{TextField, TextInput};
use crate::ui::shared::Shared;
use crate::ui::text::fill_plain;
use crate::ui::whole::use_whole;

/// How many rows are drawn at first, and how many more each time one asks.
const PAGE: usize = 100;

/// By what a cell is sorted and found.
#[derive(Clone, Debug, PartialEq)]
pub enum CellKey {
    Text(AttrValue),
    Number(f64),
}

impl CellKey {
    fn compare(&self, other: &CellKey) -> Ordering {
        match (self, other) {
            (CellKey::Text(one), CellKey::Text(other)) => {
                let lower = |text: &AttrValue| text.to_lowercase();
                lower(one).cmp(&lower(other)).then_with(|| one.cmp(other))
            }
            (CellKey::Number(one), CellKey::Number(other)) => one.total_cmp(other),
            (CellKey::Number(_), CellKey::Text(_)) => Ordering::Less,
            (CellKey::Text(_), CellKey::Number(_)) => Ordering::Greater,
        }
    }

    fn contains(&self, needle: &str) -> bool {
        matches!(self, CellKey::Text(text) if text.to_lowercase().contains(needle))
    }
}

/// A cell: what it shows, and by what it is sorted and found.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub key: CellKey,
    pub html: Html,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<AttrValue>) -> Cell {
        let text = text.into();
        Cell {
            html: html! { { &text } },
            key: CellKey::Text(text),
        }
    }

    /// A name, key or other text of the model's own, in monospace.
    pub fn code(text: impl Into<AttrValue>) -> Cell {
        let text = text.into();
        Cell {
            html: html! { <code>{ &text }</code> },
            key: CellKey::Text(text),
        }
    }

    /// A whole number.
    pub fn count(count: u64) -> Cell {
        Cell {
            html: html! { { count } },
            key: CellKey::Number(count as f64),
        }
    }

    /// A number as it is to be written.
    pub fn number(value: f64, text: String) -> Cell {
        Cell {
            html: html! { { text } },
            key: CellKey::Number(value),
        }
    }

    /// Whatever is drawn, found by `text`.
    pub fn drawn(text: impl Into<AttrValue>, html: Html) -> Cell {
        Cell {
            key: CellKey::Text(text.into()),
            html,
        }
    }
}

/// A column, the name's own included.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub label: AttrValue,
    /// Numbers stand at the right.
    pub is_number: bool,
}

impl Column {
    /// A column of words.
    pub fn words(label: &'static str) -> Column {
        Column {
            label: label.into(),
            is_number: false,
        }
    }

    /// A column of numbers.
    pub fn numbers(label: &'static str) -> Column {
        Column {
            label: label.into(),
            is_number: true,
        }
    }
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct DataRow {
    /// Comes back by the callbacks.
    pub id: AttrValue,
    /// What the first column says; it opens the row.
    pub name: AttrValue,
    pub cells: Vec<Cell>,
    pub selected: bool,
    /// Stands back behind the others.
    pub muted: bool,
    pub choices: Vec<Choice>,
}

/// The words of a table; a place `{0}` takes what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct TableWords {
    pub none: AttrValue,
    pub none_match: AttrValue,
    pub filter: AttrValue,
    pub filter_label: AttrValue,
    pub count: AttrValue,
    pub more: AttrValue,
    pub actions: AttrValue,
    pub actions_of: AttrValue,
}

#[derive(Properties, PartialEq)]
pub struct DataTableProps {
    pub label: AttrValue,
    pub words: Shared<TableWords>,
    pub columns: Vec<Column>,
    pub rows: Vec<DataRow>,
    /// A row was opened, by its id.
    pub onopen: Callback<AttrValue>,
    /// An entry of a row's menu was chosen.
    pub onchoose: Callback<(AttrValue, Text)>,
}

/// By which column, and whether from the end.
type Sorting = Option<(usize, bool)>;

/// A table of things.
#[component]
pub fn DataTable(props: &DataTableProps) -> Html {
    let words = &props.words;
    // Filter and menus come with the rest of the code.
    let whole = use_whole();
    let needle = use_state(AttrValue::default);
    let sorting = use_state(|| None::<(usize, bool)>);
    let drawn = use_state(|| PAGE);
    let found = arrange(&props.rows, &needle.to_lowercase(), *sorting);
    let onneedle = {
        let needle = needle.clone();
        Callback::from(move |text: AttrValue| needle.set(text))
    };
    let onmore = {
        let drawn = drawn.clone();
        Callback::from(move |_: MouseEvent| drawn.set(*drawn + PAGE))
    };
    let has_choices = whole && props.rows.iter().any(|row| !row.choices.is_empty());
    let more = found.len().saturating_sub(*drawn);
    let count = fill_plain(&words.count, &[&found.len(), &props.rows.len()]);
    html! {
        <section class="table-block" aria-label={props.label.clone()}>
            <header class="table-head">
                <h2>{ &props.label }{ " " }<span class="count">{ props.rows.len() }</span></h2>
                if whole && !props.rows.is_empty() {
                    <TextField
                        bare=true input={TextInput::Search} label={fill_plain(&words.filter_label, &[&props.label])}
                        placeholder={words.filter.clone()} value={(*needle).clone()} oncommit={onneedle}
                    />
                    if !needle.is_empty() { <span class="muted" role="status">{ count }</span> }
                }
            </header>
            if props.rows.is_empty() {
                <p class="muted">{ &words.none }</p>
            } else if found.is_empty() {
                <p class="muted">{ &words.none_match }</p>
            } else {
                <div class="table-scroll" tabindex="0" role="group" aria-label={props.label.clone()}>
                    <table aria-label={props.label.clone()}>
                        <thead><tr>
                            { for props.columns.iter().enumerate().map(|(index, column)| head(index, column, &sorting)) }
                            if has_choices { <th scope="col"><span class="visually-hidden">{ &words.actions }</span></th> }
                        </tr></thead>
                        <tbody {onkeydown}>
                            { for found.iter().take(*drawn).map(|row| body_row(props, row, has_choices)) }
                        </tbody>
                    </table>
                </div>
                if more > 0 {
                    <Button kind={ButtonKind::Quiet} label={fill_plain(&words.more, &[&more.min(PAGE)])} onclick={onmore} />
                }
            }
        </section>
    }
}

/// The rows that contain `needle` (in lower case), in the order asked for.
fn arrange<'a>(rows: &'a [DataRow], needle: &str, sorting: Sorting) -> Vec<&'a DataRow> {
    let fits = |row: &&DataRow| {
        needle.is_empty()
            || row.name.to_lowercase().contains(needle)
            || row.cells.iter().any(|cell| cell.key.contains(needle))
    };
    let mut found: Vec<&DataRow> = rows.iter().filter(fits).collect();
    if let Some((column, from_end)) = sorting {
        sort_by(&mut found, |one, other| {
            let order = match column.checked_sub(1) {
                None => CellKey::Text(one.name.clone()).compare(&CellKey::Text(other.name.clone())),
                Some(cell) => match (one.cells.get(cell), other.cells.get(cell)) {
                    (Some(one), Some(other)) => one.key.compare(&other.key),
                    _ => Ordering::Equal,
                },
            };
            if from_end { order.reverse() } else { order }
        });
    }
    found
}

fn head(index: usize, column: &Column, sorting: &UseStateHandle<Sorting>) -> Html {
    let now = (**sorting)
        .filter(|(at, _)| *at == index)
        .map(|(_, from_end)| from_end);
    let onclick = {
        let sorting = sorting.clone();
        // Up, down, and back to the order the rows came in.
        Callback::from(move |_: MouseEvent| {
            sorting.set(match now {
                None => Some((index, false)),
                Some(false) => Some((index, true)),
                Some(true) => None,
            });
        })
    };
    let (aria, mark) = match now {
        None => ("none", ""),
        Some(false) => ("ascending", "▲"),
        Some(true) => ("descending", "▼"),
    };
    html! {
        <th key={index} scope="col" aria-sort={aria} class={classes!(column.is_number.then_some("number"))}>
            <button type="button" class="sort" {onclick}>
                { &column.label }<span class="sort-mark" aria-hidden="true">{ mark }</span>
            </button>
        </th>
    }
}

fn body_row(props: &DataTableProps, row: &DataRow, has_choices: bool) -> Html {
    let onclick = {
        let (onopen, id) = (props.onopen.clone(), row.id.clone());
        Callback::from(move |event: MouseEvent| {
            // A menu or a link inside the row has a meaning of its own.
            let target = event
                .composed_path()
                .get(0)
                .dyn_into::<web_sys::Element>()
                .ok();
            let inner = target.and_then(|it| it.closest("button, a, [popover]").ok().flatten());
            if inner.is_none_or(|inner| inner.has_attribute("data-open")) {
                onopen.emit(id.clone());
            }
        })
    };
    let onchoose = {
        let id = row.id.clone();
        props
            .onchoose
            .reform(move |choice: Text| (id.clone(), choice))
    };
    let cells = row
        .cells
        .iter()
        .zip(props.columns.iter().skip(1))
        .enumerate();
    let class = classes!(
        row.selected.then_some("selected"),
        row.muted.then_some("muted-row")
    );
    html! {
        <tr key={row.id.as_str()} {class} aria-current={row.selected.then_some("true")} {onclick}>
            <th scope="row"><button type="button" class="link" data-open="true"><code>{ &row.name }</code></button></th>
            { for cells.map(|(index, (cell, column))| html! {
                <td key={index} class={classes!(column.is_number.then_some("number"))}>{ cell.html.clone() }</td>
            }) }
            if has_choices {
                <td class="row-menu">
                    if !row.choices.is_empty() {
                        <Menu
                            label={fill_plain(&props.words.actions_of, &[&row.name])} icon={Icon::Menu}
                            choices={row.choices.clone()} {onchoose}
                        />
                    }
                </td>
            }
        </tr>
    }
}

/// Up and down go from name to name.
fn onkeydown(event: KeyboardEvent) {
    let target = event.target_dyn_into::<HtmlElement>();
    let Some(row) = target
        .filter(|target| target.has_attribute("data-open"))
        .and_then(|target| target.closest("tr").ok().flatten())
    else {
        return;
    };
    let next = match event.key().as_str() {
        "ArrowDown" => row.next_element_sibling(),
        "ArrowUp" => row.previous_element_sibling(),
        "Home" => row
            .parent_element()
            .and_then(|body| body.first_element_child()),
        "End" => row
            .parent_element()
            .and_then(|body| body.last_element_child()),
        _ => return,
    };
    event.prevent_default();
    let name = next
        .and_then(|row| row.query_selector("[data-open]").ok().flatten())
        .and_then(|name| name.dyn_into::<HtmlElement>().ok());
    if let Some(name) = name {
        // A row that left the page in this very moment needs no focus.
        let _ = name.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &'static str, kind: &'static str, count: u64) -> DataRow {
        DataRow {
            id: name.into(),
            name: name.into(),
            cells: vec![Cell::text(kind), Cell::count(count)],
            selected: false,
            muted: false,
            choices: Vec::new(),
        }
    }

    fn names(rows: &[DataRow], needle: &str, sorting: Sorting) -> String {
        let found = arrange(rows, needle, sorting);
        found
            .iter()
            .map(|row| row.name.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn rows_are_sorted_by_words_and_by_numbers() {
        let rows = [
            row("b", "fanout", 10),
            row("C", "direct", 9),
            row("a", "topic", 100),
        ];
        assert_eq!(names(&rows, "", None), "b C a");
        assert_eq!(names(&rows, "", Some((0, false))), "a b C");
        assert_eq!(names(&rows, "", Some((1, true))), "a b C");
        assert_eq!(names(&rows, "", Some((2, false))), "C b a");
        assert_eq!(names(&rows, "", Some((2, true))), "a b C");
    }

    #[test]
    fn a_filter_looks_at_names_and_words_whatever_their_case() {
        let rows = [row("Orders", "topic", 1), row("audit", "fanout", 2)];
        assert_eq!(names(&rows, "order", None), "Orders");
        assert_eq!(names(&rows, "fan", None), "audit");
        assert_eq!(names(&rows, "2", None), "");
    }
}
