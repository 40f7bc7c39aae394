//! The script of a program, to be written: line by line, with the fault in the line where it is.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::actors::{ProgramId, ProgramKind, ProgramSpec, Script, ScriptError};
use crate::ui::amqp::forms::described::{Spot, Wrongs, duration};
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::panels::add_program::{find, free_name, put};
use crate::ui::amqp::panels::parts::{Draft, FormFrame, use_draft};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Button, ButtonKind, Choice, Select, TextField, TextInput, use_id};
use crate::ui::shared::Shared;
use crate::ui::text::{fill_plain, script};

#[derive(Properties, PartialEq)]
pub struct ScriptSheetProps {
    pub picture: Shared<Picture>,
    /// The one that is edited; without, a new one.
    #[prop_or_default]
    pub program: Option<ProgramId>,
}

/// What is typed.
#[derive(Clone, PartialEq)]
struct ScriptDraft {
    name: AttrValue,
    kind: ProgramKind,
    pace: AttrValue,
    text: String,
    tried: bool,
}

/// What a new script begins with.
const FIRST: &str = "connect\nchannel\n";

/// How many lines the editor shows at least.
const LEAST_ROWS: usize = 8;

fn begin(props: &ScriptSheetProps) -> ScriptDraft {
    match props.program.and_then(|id| find(&props.picture, id)) {
        Some(view) => {
            let lines: Vec<&str> = view.lines.iter().map(|line| &**line).collect();
            ScriptDraft {
                name: view.name.to_string().into(),
                kind: view.kind,
                pace: crate::actors::chance::time(view.pace_ms).into(),
                text: lines.join("\n") + "\n",
                tried: false,
            }
        }
        None => ScriptDraft {
            name: free_name(&props.picture, "program").into(),
            kind: ProgramKind::Program,
            pace: crate::actors::chance::time(crate::actors::spec::DEFAULT_PACE_MS).into(),
            text: FIRST.to_string(),
            tried: false,
        },
    }
}

/// The script of a program, to be written.
#[component]
pub fn ScriptSheet(props: &ScriptSheetProps) -> Html {
    let page = use_page();
    let (t, p) = (page.t(), page.lang.programs());
    let draft = use_draft(|| begin(props));
    let fault_id = use_id();
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        let (picture, program) = (props.picture.clone(), props.program);
        Callback::from(move |()| submit(&page, &picture, program, &draft))
    };
    let typed = draft.get();
    let mut wrongs = Wrongs::new(page.lang);
    wrongs.name(&typed.name);
    duration(&mut wrongs, Spot::Timeout, &typed.pace);
    let parsed = Script::parse(&typed.text);
    let error = parsed.as_ref().err();
    let wrong = match error {
        Some(error) if typed.tried => Some(script::error(error, page.lang)),
        _ => None,
    };
    let told = |spot: Spot| {
        wrongs
            .tell(spot)
            .map(|text| AttrValue::from(text.to_string()))
    };
    let (title, submit) = match props.program {
        Some(_) => (p.edit_script, p.save),
        None => (p.add_program, p.add_program_button),
    };
    html! {
        <FormFrame {title} {submit} {onsubmit} wrong={wrong.map(AttrValue::from)}>
            <TextField
                label={t.program_name} input={TextInput::Code} value={typed.name.clone()} error={told(Spot::Name)}
                oncommit={draft.puts(|draft: &mut ScriptDraft, name| draft.name = name)}
                ontype={draft.puts(|draft: &mut ScriptDraft, name| draft.name = name)}
            />
            { editor(&page, &draft, error, &fault_id) }
            <p class="field-help">{ match &parsed {
                Ok(script) => fill_plain(p.script_sound, &[&script.lines().len()]),
                Err(_) => p.script_help.to_string(),
            } }</p>
            <Select
                label={p.drawn_as} selected={kind_word(typed.kind)}
                choices={vec![
                    Choice::new("program", t.program_title),
                    Choice::new("producer", t.producer_title),
                    Choice::new("consumer", t.consumer_title),
                ]}
                onselect={draft.puts(|draft: &mut ScriptDraft, word: AttrValue| draft.kind = kind_of(&word))}
            />
            <TextField
                label={p.pace} input={TextInput::Code} value={typed.pace.clone()} error={told(Spot::Timeout)}
                oncommit={draft.puts(|draft: &mut ScriptDraft, pace| draft.pace = pace)}
                ontype={draft.puts(|draft: &mut ScriptDraft, pace| draft.pace = pace)}
            />
        </FormFrame>
    }
}

fn submit(page: &Page, picture: &Picture, program: Option<ProgramId>, draft: &Draft<ScriptDraft>) {
    let typed = draft.get().clone();
    let mut wrongs = Wrongs::new(page.lang);
    wrongs.name(&typed.name);
    let pace_ms = duration(&mut wrongs, Spot::Timeout, &typed.pace);
    if !wrongs.is_empty() || Script::parse(&typed.text).is_err() {
        draft.change(|draft| draft.tried = true);
        return;
    }
    // What was not touched is still that of its form.
    let form = program
        .and_then(|id| find(picture, id))
        .and_then(|view| view.form.clone())
        .filter(|form| form.script() == typed.text);
    let spec = ProgramSpec {
        pace_ms,
        form,
        ..ProgramSpec::new(&typed.name, typed.kind, &typed.text)
    };
    put(page, picture, program, spec, None);
}

/// Numbers beside the lines, the faulty one marked, and the fault below.
fn editor(
    page: &Page,
    draft: &Draft<ScriptDraft>,
    error: Option<&ScriptError>,
    fault_id: &AttrValue,
) -> Html {
    let (t, p) = (page.t(), page.lang.programs());
    let typed = draft.get();
    let rows = (typed.text.lines().count() + 1).max(LEAST_ROWS);
    let numbers = (1..=rows).map(|number| {
        let wrong = error.is_some_and(|error| error.line == number);
        html! { <li key={number} class={classes!(wrong.then_some("wrong"))} /> }
    });
    let oninput = draft.puts(|draft: &mut ScriptDraft, event: InputEvent| {
        if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
            draft.text = area.value();
        }
    });
    let fix = error.and_then(|error| Some((error.problem.near()?, mended(&typed.text, error)?)));
    let fix = fix.map(|(near, text)| {
        let onclick = draft.puts(move |draft: &mut ScriptDraft, _: MouseEvent| {
            draft.text.clone_from(&text);
        });
        html! { <Button kind={ButtonKind::Quiet} label={fill_plain(p.use_word, &[&near])} {onclick} /> }
    });
    html! {
        <div class="code-field">
            <span class="field-label" aria-hidden="true">{ t.script }</span>
            <div class="code-editor">
                <ol class="code-lines" aria-hidden="true">{ for numbers }</ol>
                <textarea
                    class="code-text" aria-label={t.script} rows={rows.to_string()} wrap="off" spellcheck="false"
                    autocapitalize="off" autocomplete="off" value={typed.text.clone()} {oninput}
                    aria-invalid={error.is_some().then_some("true")} aria-describedby={fault_id.clone()}
                />
            </div>
            <p id={fault_id.clone()} class="field-error" role="status">
                { for error.map(|error| script::error(error, page.lang)) }{ " " }{ for fix }
            </p>
        </div>
    }
}

/// The text with the word at the fault replaced by the one that was probably meant.
fn mended(text: &str, error: &ScriptError) -> Option<String> {
    let near = error.problem.near()?;
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    let line = lines.get_mut(error.line.checked_sub(1)?)?;
    let start = line.char_indices().nth(error.column.checked_sub(1)?)?.0;
    let rest = &line[start..];
    let length = match rest.find('{') {
        // A misspelt place stands somewhere inside its text.
        Some(_) if near.len() < rest.len() && rest.starts_with(['"', '\'']) => return None,
        _ => rest
            .find(|c: char| c.is_whitespace() || c == '=' || c == ';')
            .unwrap_or(rest.len()),
    };
    line.replace_range(start..start + length, near);
    Some(lines.join("\n") + "\n")
}

fn kind_word(kind: ProgramKind) -> &'static str {
    match kind {
        ProgramKind::Producer => "producer",
        ProgramKind::Consumer => "consumer",
        ProgramKind::Program => "program",
    }
}

fn kind_of(word: &str) -> ProgramKind {
    match word {
        "producer" => ProgramKind::Producer,
        "consumer" => ProgramKind::Consumer,
        _ => ProgramKind::Program,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_meant_is_put_in() {
        let cases = [
            ("connect\n  pulbish a 'x'\n", "connect\n  publish a 'x'\n"),
            ("queue q durabel\n", "queue q durable\n"),
            ("queue q tll=5s\n", "queue q ttl=5s\n"),
        ];
        for (text, expected) in cases {
            let error = Script::parse(text).expect_err("a fault");
            assert_eq!(mended(text, &error).as_deref(), Some(expected));
        }
    }
}
