//! Saving as one goes, and the offer of what pages that are gone left.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use yew::prelude::*;

use crate::engine::share;
use crate::scenario::Scenario;
use crate::ui::amqp::files;
use crate::ui::amqp::page::{Page, Sheet, use_page};
use crate::ui::canvas::layout::Pins;
use crate::ui::canvas::scene::Tone;
use crate::ui::canvas::sketch::Sketch;
use crate::ui::components::{Button, ButtonKind};
use crate::ui::dom;
use crate::ui::saving::{Entry, GONE_AFTER_MS, HEARTBEAT_MS, Shelf};
use crate::ui::shared::Shared;
use crate::ui::store::Board;
use crate::ui::text::{Lang, fill_plain};

/// A run of more steps is kept without its messages: to go on with it, all of it has to be played again.
const RUN_STEPS: usize = 5_000;
/// The same for one that takes more room than this; browsers give a page about five million characters.
const RUN_BYTES: usize = 400_000;
/// How long it waits for more before it saves.
const QUIET_MS: u32 = 1_200;
/// … and, for every millisecond that the last saving took, so many: of a long run it takes its time.
const REST: f64 = 50.0;
/// Nobody loses more than this, whatever saving takes.
const LONGEST_MS: f64 = 10_000.0;

/// What saves, from the first render on.
#[derive(Default)]
struct Saver {
    shelf: Option<Shelf>,
    pending: Option<Timeout>,
    kept: String,
    drawn: (Shared<Pins>, Shared<Sketch>),
    has_failed: bool,
    /// What the last saving took, in milliseconds.
    cost: f64,
    _beat: Option<Interval>,
    _leave: Option<EventListener>,
}

/// A handle to what saves; equal to itself only.
#[derive(Clone)]
pub struct Saving {
    saver: Rc<RefCell<Saver>>,
    /// When it last did, in milliseconds since 1970.
    pub at: Option<f64>,
}

impl PartialEq for Saving {
    fn eq(&self, other: &Saving) -> bool {
        Rc::ptr_eq(&self.saver, &other.saver)
    }
}

impl Saving {
    /// Goes on with what another page left.
    fn adopt(&self, page: &Page, entry: &Entry) {
        begin(&self.saver, page);
        let mut inside = self.saver.borrow_mut();
        inside.kept.clone_from(&entry.text);
        if let Some(shelf) = &mut inside.shelf {
            shelf.adopt(&entry.id);
        }
    }
}

/// Saves the work of `page` while `is_on`; says when it last did.
#[hook]
pub fn use_saving(
    page: &Page,
    is_on: bool,
    is_dirty: bool,
    index: usize,
    layout: &Board,
) -> Saving {
    let saver = use_mut_ref(Saver::default);
    let saved_at = use_state(|| None::<f64>);
    let drawn = (layout.pins().clone(), layout.sketch().clone());
    saver.borrow_mut().drawn = drawn.clone();
    {
        let (saver, page, saved_at) = (Rc::clone(&saver), page.clone(), saved_at.clone());
        use_effect_with((is_on && is_dirty, index, drawn), move |(wanted, ..)| {
            if *wanted {
                later(&saver, &page, &saved_at);
            }
        });
    }
    Saving {
        saver,
        at: *saved_at,
    }
}

/// Saves once things are quiet; while they are not, still every so often.
fn later(saver: &Rc<RefCell<Saver>>, page: &Page, saved_at: &UseStateHandle<Option<f64>>) {
    if saver.borrow().pending.is_some() {
        return;
    }
    let (weak, page, setter) = (Rc::downgrade(saver), page.clone(), saved_at.setter());
    let wait = f64::from(QUIET_MS).max((saver.borrow().cost * REST).min(LONGEST_MS));
    let timer = Timeout::new(wait as u32, move || {
        if let Some(saver) = weak.upgrade() {
            saver.borrow_mut().pending = None;
            let begun = dom::now_ms();
            let saved = save(&saver, &page);
            saver.borrow_mut().cost = dom::now_ms() - begun;
            if let Some(at) = saved {
                setter.set(Some(at));
            }
        }
    });
    saver.borrow_mut().pending = Some(timer);
}

/// Saves now, if anything changed; says when.
fn save(saver: &Rc<RefCell<Saver>>, page: &Page) -> Option<f64> {
    let (pins, sketch) = saver.borrow().drawn.clone();
    let (about, text) = work(page, &pins, &sketch);
    if saver.borrow().kept == text {
        return None;
    }
    begin(saver, page);
    let mut inside = saver.borrow_mut();
    let is_kept = inside
        .shelf
        .as_ref()
        .is_some_and(|shelf| shelf.put(&about, &text).is_ok());
    if is_kept {
        inside.kept = text;
        inside.has_failed = false;
        return Some(js_sys::Date::now());
    }
    if !std::mem::replace(&mut inside.has_failed, true) {
        drop(inside);
        page.notify(Tone::Warning, page.lang.inspect().save_failed, None);
    }
    None
}

/// What is kept: the run with its messages, or, when it is too long for that, what stands without them; and a line about it.
fn work(page: &Page, pins: &Pins, sketch: &Sketch) -> (String, String) {
    let scenario = page.driver.export();
    let about = about(&scenario);
    let (run, waiting) = page.driver.kept_run(RUN_STEPS);
    match run.filter(|run| waiting > 0 && run.len() <= RUN_BYTES) {
        Some(run) => (format!("{about} {waiting} with"), run),
        None => {
            let text = files::to_text(scenario, pins, sketch);
            (format!("{about} {waiting} without"), text)
        }
    }
}

/// Goes on with what was kept.
fn read(page: &Page, when: &str, text: &str) {
    // Scenarios begin with a brace, runs with the version of their form.
    if text.trim_start().starts_with('{') {
        files::read(page, when, text);
        return;
    }
    match share::read(text).and_then(|shared| share::open(&shared)) {
        Ok(engine) => {
            page.open.emit(Sheet::Inspector);
            files::adopt(page, engine);
        }
        Err(_) => {
            let text = fill_plain(page.t().file_unreadable, &[&when]);
            page.notify(Tone::Error, text, None);
        }
    }
}

/// From the first saving on this page says that it is there, and saves once more when it goes.
fn begin(saver: &Rc<RefCell<Saver>>, page: &Page) {
    let mut inside = saver.borrow_mut();
    if inside.shelf.is_some() {
        return;
    }
    inside.shelf = Shelf::open();
    let weak = Rc::downgrade(saver);
    inside._beat = Some(Interval::new(HEARTBEAT_MS, move || {
        if let Some(saver) = weak.upgrade()
            && let Some(shelf) = &saver.borrow().shelf
        {
            shelf.beat();
        }
    }));
    let (weak, page) = (Rc::downgrade(saver), page.clone());
    inside._leave = web_sys::window().map(|window| {
        EventListener::new(&window, "pagehide", move |_| {
            if let Some(saver) = weak.upgrade() {
                if saver.borrow().pending.is_some() {
                    save(&saver, &page);
                }
                if let Some(shelf) = &saver.borrow().shelf {
                    shelf.leave();
                }
            }
        })
    });
}

/// The numbers that tell one piece of work from another, in no language.
fn about(scenario: &Scenario) -> String {
    let topology = &scenario.topology;
    format!(
        "{} {} {} {}",
        topology.exchanges.len(),
        topology.queues.len(),
        topology.bindings.len(),
        scenario.programs.len()
    )
}

/// The hour and minute in the words of the place and language.
pub fn hour(at: f64, lang: Lang) -> String {
    written(at, lang, &[("timeStyle", "short")])
}

/// A moment in the words of the place and language.
pub fn moment(at: f64, lang: Lang) -> String {
    written(at, lang, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

fn written(at: f64, lang: Lang, how: &[(&str, &str)]) -> String {
    let options = js_sys::Object::new();
    for (name, value) in how {
        // Setting a property of a fresh object cannot fail.
        let _ = js_sys::Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    js_sys::Date::new(&at.into())
        .to_locale_string(lang.tag(), &options)
        .into()
}

#[derive(Properties, PartialEq)]
pub struct RestoreProps {
    /// Whether this page keeps work at all.
    pub is_on: bool,
    pub saving: Saving,
}

/// The offer of what was saved; nothing when there is nothing.
#[component]
pub fn Restore(props: &RestoreProps) -> Html {
    let page = use_page();
    let i = page.i();
    let offers = use_state(Vec::<Entry>::new);
    let look = {
        let offers = offers.clone();
        move || {
            let found = Shelf::open()
                .map(|shelf| shelf.offers())
                .unwrap_or_default();
            offers.set(found);
        }
    };
    {
        let (look, is_on) = (look.clone(), props.is_on);
        use_effect_with((), move |()| {
            if is_on {
                look();
            }
            // A page that crashed a moment ago still looks open.
            let again = is_on.then(|| Timeout::new(GONE_AFTER_MS + 1_000, look));
            move || drop(again)
        });
    }
    if offers.is_empty() {
        return Html::default();
    }
    let later = {
        let offers = offers.clone();
        Callback::from(move |_: MouseEvent| offers.set(Vec::new()))
    };
    let rows = offers.iter().map(|entry| {
        let when = moment(entry.saved_at, page.lang);
        let restore = {
            let (entry, offers, when) = (entry.clone(), offers.clone(), when.clone());
            let saving = props.saving.clone();
            page.on(move |page, _: MouseEvent| {
                read(page, &when, &entry.text);
                saving.adopt(page, &entry);
                page.notify(Tone::Success, fill_plain(page.i().restored, &[&when]), None);
                offers.set(Vec::new());
            })
        };
        let discard = {
            let (id, offers) = (entry.id.clone(), offers.clone());
            Callback::from(move |_: MouseEvent| {
                if let Some(shelf) = Shelf::open() {
                    shelf.forget(&id);
                }
                let left = offers.iter().filter(|other| other.id != id);
                offers.set(left.cloned().collect());
            })
        };
        html! {
            <li key={entry.id.clone()}>
                <span><b>{ when.clone() }</b><br />{ numbers(entry, &page) }</span>
                <span class="card-buttons">
                    <Button kind={ButtonKind::Primary} label={i.restore} title={fill_plain(i.restore_entry, &[&when])} onclick={restore} />
                    <Button label={i.discard} title={fill_plain(i.discard_entry, &[&when])} onclick={discard} />
                </span>
            </li>
        }
    });
    html! {
        <section class="restore" aria-label={i.restore_title}>
            <div class="restore-words"><h2>{ i.restore_title }</h2><p class="muted">{ i.restore_lead }</p></div>
            <ul>{ for rows }</ul>
            <Button kind={ButtonKind::Quiet} label={i.restore_later} onclick={later} />
        </section>
    }
}

fn numbers(entry: &Entry, page: &Page) -> String {
    let mut numbers = entry
        .about
        .split(' ')
        .map(|number| number.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    let (exchanges, queues, bindings, programs) = (next(), next(), next(), next());
    let i = page.i();
    let mut about = fill_plain(
        i.restore_about,
        &[&exchanges, &queues, &bindings, &programs],
    );
    let messages = next();
    if messages > 0 {
        let is_with = entry.about.ends_with("with");
        let words = if is_with {
            i.restore_messages
        } else {
            i.restore_no_messages
        };
        about += &fill_plain(words, &[&messages, &RUN_STEPS]);
    }
    about
}
