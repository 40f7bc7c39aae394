//! The Programs tab: all programs side by side, each with its script, the line it is at, and what it printed last.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::actors::{ProgramState, ProgramView};
use crate::ui::amqp::ids;
use crate::ui::amqp::page::use_page;
use crate::ui::amqp::paint::state_words;
use crate::ui::amqp::picture::Picture;
use crate::ui::shared::Shared;
use crate::ui::text::said;

/// So many of the last printed lines are shown.
const PRINTED: usize = 5;

#[derive(Properties, PartialEq)]
pub struct ScriptsProps {
    pub picture: Shared<Picture>,
}

/// All programs with their scripts.
#[component]
pub fn Scripts(props: &ScriptsProps) -> Html {
    let page = use_page();
    let programs = &props.picture.world.programs;
    if programs.is_empty() {
        return html! { <p class="muted log-none">{ page.lang.dock().programs_none }</p> };
    }
    html! {
        <div class="scripts">
            { for programs.iter().map(|program| html! {
                <ScriptCard key={program.id.0} program={program.clone()} />
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ScriptCardProps {
    program: ProgramView,
}

/// One program.
#[component]
fn ScriptCard(props: &ScriptCardProps) -> Html {
    let page = use_page();
    let program = &props.program;
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with(program.current_line, move |_| keep_in_sight(&list));
    }
    let node = ids::program(program);
    let onclick = page.on(move |page, _: MouseEvent| page.show_node(&node, None));
    let lines = program.lines.iter().enumerate().map(|(index, line)| {
        let current = program.current_line == Some(index);
        html! {
            <li key={index} class={classes!(current.then_some("current"))} aria-current={current.then_some("step")}>
                <code>{ &**line }</code>
            </li>
        }
    });
    let surplus = program.printed.len().saturating_sub(PRINTED);
    let printed = program.printed.iter().skip(surplus);
    html! {
        <section class="script-card" aria-label={program.name.to_string()}>
            <header>
                <button type="button" class="script-name" {onclick}><code>{ &*program.name }</code></button>
                <span class="muted">{ state_words(&program.state, page.lang) }</span>
            </header>
            if let ProgramState::Failed(text) = &program.state { <code class="reply">{ &**text }</code> }
            <ol ref={list} class="script" tabindex="0" aria-label={page.t().script}>{ for lines }</ol>
            if !program.printed.is_empty() {
                <pre class="printed" tabindex="0" aria-label={page.t().printed}>
                    { for printed.map(|line| html! { <>{ said::printed(line, page.lang) }{ "\n" }</> }) }
                </pre>
            }
        </section>
    }
}

/// Scrolls a script, and nothing around it, so that the current line is seen.
fn keep_in_sight(list: &NodeRef) {
    let Some(list) = list.cast::<HtmlElement>() else {
        return;
    };
    let Ok(Some(line)) = list.query_selector(".current") else {
        return;
    };
    let Ok(line) = line.dyn_into::<HtmlElement>() else {
        return;
    };
    let (frame, place) = (
        list.get_bounding_client_rect(),
        line.get_bounding_client_rect(),
    );
    if place.top() < frame.top() || place.bottom() > frame.bottom() {
        let middle = place.top() - frame.top() - frame.height() / 2.0;
        list.set_scroll_top(list.scroll_top() + middle as i32);
    }
}
