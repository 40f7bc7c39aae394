//! The list of keys.

use yew::prelude::*;

use crate::ui::amqp::page::use_page;
use crate::ui::components::Dialog;
use crate::ui::text::{InspectTexts, ProgramTexts, StepTexts, Texts, TimeTexts, WiringTexts};

#[derive(Properties, PartialEq)]
pub struct KeysProps {
    pub open: bool,
    pub onclose: Callback<()>,
}

/// The list of keys, in a dialog.
#[component]
pub fn Keys(props: &KeysProps) -> Html {
    let page = use_page();
    let t = page.t();
    html! {
        <Dialog open={props.open} title={t.keys_title} close_label={t.close} onclose={props.onclose.clone()}>
            <h3 tabindex="0">{ t.keys_everywhere }</h3>
            { list(&everywhere(t, page.i(), page.lang.time())) }
            { list(&by_event(page.lang.steps())) }
            <h3>{ t.keys_graph }</h3>
            { list(&on_canvas(t, page.lang.programs())) }
            { list(&editing(page.lang.wiring())) }
            <h3>{ page.i().keys_tables }</h3>
            { list(&in_tables(page.i())) }
            <p class="muted">{ t.keys_note }</p>
        </Dialog>
    }
}

fn list(keys: &[(&'static str, &'static str)]) -> Html {
    html! {
        <dl class="keys">
            { for keys.iter().map(|(key, what)| html! { <div><dt><kbd>{ *key }</kbd></dt><dd>{ *what }</dd></div> }) }
        </dl>
    }
}

fn everywhere(t: &Texts, i: &InspectTexts, time: &TimeTexts) -> [(&'static str, &'static str); 10] {
    [
        ("Ctrl+K", i.key_commands),
        ("Space", t.key_space),
        (".", t.key_step),
        (",", time.back),
        ("Home End", time.to_start_end),
        ("Ctrl+Z", t.key_undo),
        ("Ctrl+Shift+Z", i.key_redo),
        ("e q o u b", t.key_add),
        ("Esc", t.key_escape),
        ("?", t.key_help),
    ]
}

fn by_event(s: &StepTexts) -> [(&'static str, &'static str); 2] {
    [("Shift+.", s.event_forward), ("Shift+,", s.event_back)]
}

fn on_canvas(t: &Texts, p: &ProgramTexts) -> [(&'static str, &'static str); 8] {
    [
        ("← ↑ → ↓", t.key_arrows),
        ("[ ]", t.key_brackets),
        ("Enter", t.key_enter),
        ("c", t.key_connect),
        ("p", t.key_publish),
        ("s", p.key_script),
        ("m", p.key_menu),
        ("Delete", t.key_delete),
    ]
}

fn in_tables(i: &InspectTexts) -> [(&'static str, &'static str); 2] {
    [
        ("↑ ↓ Home End", i.key_table_rows),
        ("Enter", i.key_table_open),
    ]
}

fn editing(w: &WiringTexts) -> [(&'static str, &'static str); 8] {
    [
        ("F2", w.key_rename),
        ("w", w.key_why),
        ("Shift+←→", w.key_extend),
        ("Alt+←→", w.key_move),
        ("Ctrl+A", w.key_all),
        ("Ctrl+C X V D", w.key_copy),
        ("+ − 0", w.key_zoom),
        ("m", w.key_menu),
    ]
}
