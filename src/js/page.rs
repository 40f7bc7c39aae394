//! A playground on a page, as JavaScript holds it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::{AppHandle, AttrValue, Callback};

use crate::actors::ProgramId;
use crate::engine::{Engine, ProgramCommand, StepRecord, WorldCommand, commands, share};
use crate::js::dto;
use crate::js::error::ApiError;
use crate::js::options::{self, Options};
use crate::js::value::{number, out, take};
use crate::machine::SimTime;
use crate::scenario::Scenario;
use crate::ui::amqp::course::StepSize;
use crate::ui::amqp::files;
use crate::ui::amqp::page::Page;
use crate::ui::amqp::still;
use crate::ui::app::{App, AppProps, Opening};
use crate::ui::driver::{Driver, EMPTY};
use crate::ui::panic_card;
use crate::ui::store::{Action, Drawn};
use crate::ui::text::Lang;

thread_local! {
    /// Every page that lives, so that a panic can be told on each: one instance of the code serves them all.
    static ALIVE: RefCell<Vec<Alive>> = const { RefCell::new(Vec::new()) };
}

struct Alive {
    number: u32,
    root: Element,
    driver: Option<Driver>,
}

/// Steps that wait to be told; beyond this they are only counted.
const MOST_WAITING: usize = 20_000;

#[derive(Default)]
struct Waiting {
    steps: Vec<StepRecord>,
    /// Steps that came when it was full.
    missed: usize,
    /// The past changed since the last time.
    is_void: bool,
    asked: bool,
}

/// A playground on a page.
#[wasm_bindgen]
pub struct Playground {
    root: Element,
    app: Option<AppHandle<App>>,
    number: u32,
    page: Rc<RefCell<Option<Page>>>,
    waiting: Rc<RefCell<Waiting>>,
}

/// Starts a playground inside `root`. `notify` is called with `ready` once, and with `events` when something waits in
/// [`Playground::drain`] (once until it was called).
#[wasm_bindgen]
pub fn start(root: Element, options: JsValue, notify: Function) -> Result<Playground, JsValue> {
    yew::set_custom_panic_hook(Box::new(on_panic));
    let options = Options::read(options)?;
    let number = ALIVE.with_borrow_mut(|alive| {
        let number = alive.last().map_or(1, |last| last.number + 1);
        alive.push(Alive {
            number,
            root: root.clone(),
            driver: None,
        });
        number
    });
    let page: Rc<RefCell<Option<Page>>> = Rc::default();
    let waiting: Rc<RefCell<Waiting>> = Rc::default();
    let onpage = {
        let (page, waiting) = (Rc::clone(&page), Rc::clone(&waiting));
        let (speed, until) = (options.speed, options.until);
        Callback::from(move |started: Page| {
            remember(number, &started.driver);
            started.driver.set_until(until);
            if let Some(speed) = speed {
                started.driver.set_speed(speed);
            }
            listen(&started.driver, &waiting, &notify);
            *page.borrow_mut() = Some(started);
            // A page that throws in its callback has told the console already.
            let _ = notify.call1(&JsValue::NULL, &"ready".into());
        })
    };
    let saves = root.has_attribute("data-save");
    let props = AppProps {
        lang: options.lang,
        theme: options.theme,
        scenario: options.slug.map(AttrValue::from),
        start: options.start,
        saves,
        is_alone: root.has_attribute("data-alone"),
        // `root` is on no page yet: who starts it says how wide its place is.
        is_narrow: root.has_attribute("data-narrow"),
        is_low: root.has_attribute("data-low"),
        drawn: drawn(&root),
        opening: Opening(Rc::new(RefCell::new(options.engine))),
        is_demo: options.is_demo,
        onpage,
    };
    let app = yew::Renderer::<App>::with_root_and_props(root.clone(), props).render();
    Ok(Playground {
        root,
        app: Some(app),
        number,
        page,
        waiting,
    })
}

/// Whether it is for watching: `mode="demo"`.
fn is_demo(root: &Element) -> bool {
    root.get_attribute("data-mode").as_deref() == Some("demo")
}

/// What the attributes of a root say about what is drawn: `www/embed.css` hides the same.
fn drawn(root: &Element) -> Drawn {
    let says = |name: &str| root.get_attribute(name).unwrap_or_default();
    let panes = says("data-panes");
    let wants =
        |pane: &str| panes.is_empty() || panes.split_ascii_whitespace().any(|it| it == pane);
    Drawn {
        page: !root.has_attribute("data-rests"),
        before: wants("palette") && !is_demo(root),
        after: wants("inspector"),
        below: wants("log"),
    }
}

fn listen(driver: &Driver, waiting: &Rc<RefCell<Waiting>>, notify: &Function) {
    let (waiting, notify) = (Rc::clone(waiting), notify.clone());
    driver.listen(Box::new(move |steps, is_void| {
        let is_new = {
            let mut waiting = waiting.borrow_mut();
            if is_void {
                waiting.steps.clear();
                waiting.is_void = true;
            }
            let room = MOST_WAITING - waiting.steps.len().min(MOST_WAITING);
            waiting.missed += steps.len().saturating_sub(room);
            waiting.steps.extend(steps.iter().take(room).cloned());
            !std::mem::replace(&mut waiting.asked, true)
        };
        if is_new {
            let _ = notify.call1(&JsValue::NULL, &"events".into());
        }
    }));
}

#[wasm_bindgen]
impl Playground {
    /// Takes the playground off its page and frees it.
    pub fn destroy(&mut self) {
        if let Some(app) = self.app.take() {
            app.destroy();
        }
        self.page.borrow_mut().take();
        *self.waiting.borrow_mut() = Waiting::default();
        let number = self.number;
        ALIVE.with_borrow_mut(|alive| alive.retain(|page| page.number != number));
    }

    /// Where the run stands.
    pub fn state(&self) -> Result<JsValue, JsValue> {
        let cursor = self.page()?.driver.ask(Engine::cursor);
        Ok(out(&json!({
            "now": number(cursor.now.as_ms()),
            "steps": cursor.index,
            "recorded": cursor.recorded,
            "end": number(cursor.end.as_ms()),
            "playing": cursor.playing,
            "speed": cursor.speed,
            "atEnd": cursor.at_end,
            "within": cursor.within.map(|it| json!({ "done": it.done, "of": it.of })),
        }))?)
    }

    /// Begins a scenario given as text in either form.
    pub fn load(&self, text: &str) -> Result<(), JsValue> {
        let engine = Scenario::parse_any(text).and_then(|scenario| Engine::load(&scenario));
        files::adopt(&self.page()?, engine.map_err(ApiError::from)?);
        Ok(())
    }

    /// Opens a link's token, or a built-in scenario by its name.
    pub fn open(&self, token: &str) -> Result<(), JsValue> {
        let page = self.page()?;
        if options::built_in(token) {
            files::begin(&page, token);
            return Ok(());
        }
        if !token.contains('.') {
            return Err(options::unknown(token).into());
        }
        let shared = share::read(token).map_err(ApiError::from)?;
        files::adopt(&page, share::open(&shared).map_err(ApiError::from)?);
        Ok(())
    }

    /// What stands now, as JSON text.
    #[wasm_bindgen(js_name = scenarioJson)]
    pub fn scenario_json(&self) -> Result<String, JsValue> {
        Ok(self.page()?.driver.shared_scenario().to_json())
    }

    /// What stands now in the short text form, if it can be said so.
    #[wasm_bindgen(js_name = scenarioText)]
    pub fn scenario_text(&self) -> Result<Option<String>, JsValue> {
        Ok(self.page()?.driver.shared_scenario().to_text())
    }

    pub fn run(&self) -> Result<(), JsValue> {
        self.page()?.driver.play();
        Ok(())
    }

    pub fn pause(&self) -> Result<(), JsValue> {
        self.page()?.driver.pause();
        Ok(())
    }

    /// Some steps; gives the events they caused.
    pub fn step(&self, times: u32) -> Result<JsValue, JsValue> {
        self.steps(times, StepSize::Command)
    }

    /// Some events, and those alone.
    #[wasm_bindgen(js_name = stepEvents)]
    pub fn step_events(&self, times: u32) -> Result<JsValue, JsValue> {
        self.steps(times, StepSize::Event)
    }

    /// One step back; false at the beginning.
    pub fn back(&self) -> Result<bool, JsValue> {
        Ok(self.page()?.driver.api_back(StepSize::Command))
    }

    /// One event back; false at the beginning.
    #[wasm_bindgen(js_name = backEvent)]
    pub fn back_event(&self) -> Result<bool, JsValue> {
        Ok(self.page()?.driver.api_back(StepSize::Event))
    }

    /// To a recorded time, paused; what happened at that very moment has happened.
    pub fn seek(&self, ms: f64) -> Result<(), JsValue> {
        self.page()?.driver.api_seek(SimTime(ms.max(0.0) as u64));
        Ok(())
    }

    /// The scenario from its beginning.
    pub fn reset(&self) -> Result<(), JsValue> {
        Ok(self.page()?.driver.reset().map_err(ApiError::from)?)
    }

    /// A command; gives the events it caused.
    pub fn submit(&self, command: JsValue) -> Result<JsValue, JsValue> {
        let driver = self.page()?.driver;
        let json = take(command)?;
        let view = driver.ask(Engine::view);
        let command = commands::read_among(&view.programs, &json)
            .map_err(|error| ApiError::command(&error))?;
        let steps = match command {
            WorldCommand::Program(ProgramCommand::Add { spec, .. }) => driver
                .api_add_program((*spec).clone())
                .map_err(|error| ApiError::new("script", error.to_string()))?,
            command => driver.api_submit(command),
        };
        self.told(&driver, &steps)
    }

    /// The world as it is.
    pub fn snapshot(&self) -> Result<JsValue, JsValue> {
        let driver = self.page()?.driver;
        let (world, cursor) = driver.ask(|engine| (engine.view(), engine.cursor()));
        Ok(out(&dto::snapshot(&world, &cursor))?)
    }

    /// The whole run as lines of text.
    pub fn transcript(&self) -> Result<String, JsValue> {
        Ok(self.page()?.driver.transcript())
    }

    /// What the log tells, for paper: a time and a sentence in turns, at most `most` of both.
    pub fn story(&self, most: usize) -> Result<Vec<String>, JsValue> {
        let told = self.page()?.driver.story(most);
        Ok(told.into_iter().flat_map(|(at, said)| [at, said]).collect())
    }

    /// The drawing of this moment as an SVG file.
    #[wasm_bindgen(js_name = toSVG)]
    pub fn to_svg(
        &self,
        theme: &str,
        title: Option<String>,
        about: Option<String>,
    ) -> Result<String, JsValue> {
        let driver = self.page()?.driver;
        let origin = driver.ask(|engine| Rc::clone(engine.origin()));
        let words = still::Words::of(&origin, driver.lang(), title, about);
        let (pins, sketch) = driver.layout();
        let scene = driver.scene();
        Ok(still::drawing(&scene, &pins, &sketch, theme, &words))
    }

    /// The token of a link, with the run up to here if wanted.
    pub fn link(&self, with_run: bool) -> Result<String, JsValue> {
        let driver = self.page()?.driver;
        if !with_run {
            let is_untouched = driver.is_untouched();
            return Ok(match driver.slug().filter(|_| is_untouched) {
                Some(slug) => slug.to_string(),
                None => share::link(&driver.shared_scenario()),
            });
        }
        let origin = driver.shared_origin();
        let link = driver.ask(|engine| share::link_to_run(engine, &origin));
        Ok(link.map_err(ApiError::from)?)
    }

    #[wasm_bindgen(js_name = setLang)]
    pub fn set_lang(&self, tag: &str) -> Result<(), JsValue> {
        let page = self.page()?;
        if let Some(lang) = Lang::parse(tag) {
            page.dispatch.dispatch(Action::SetLang(lang));
            page.driver.set_lang(lang);
        }
        Ok(())
    }

    /// The language it speaks now.
    pub fn lang(&self) -> Result<String, JsValue> {
        Ok(self.page()?.driver.lang().tag().to_string())
    }

    #[wasm_bindgen(js_name = setTheme)]
    pub fn set_theme(&self, theme: &str) -> Result<(), JsValue> {
        let theme = options::theme(Some(theme));
        self.page()?.dispatch.dispatch(Action::SetTheme(theme));
        Ok(())
    }

    #[wasm_bindgen(js_name = setSpeed)]
    pub fn set_speed(&self, speed: f64) -> Result<(), JsValue> {
        self.page()?.driver.set_speed(speed);
        Ok(())
    }

    /// Nobody sees it: it does not work until somebody does.
    #[wasm_bindgen(js_name = setHidden)]
    pub fn set_hidden(&self, is_hidden: bool) -> Result<(), JsValue> {
        self.page()?.driver.set_hidden(is_hidden);
        Ok(())
    }

    /// Draws what the attributes of its root ask for now.
    pub fn look(&self) -> Result<(), JsValue> {
        let page = self.page()?;
        let drawn = drawn(&self.root);
        if drawn.page {
            page.driver.rested();
        }
        page.driver.set_demo(is_demo(&self.root));
        page.dispatch.dispatch(Action::Draw(drawn));
        Ok(())
    }

    /// Begins anew with what the element's attributes say now.
    pub fn again(&self, options: JsValue) -> Result<(), JsValue> {
        let options = Options::read(options)?;
        let page = self.page()?;
        match (options.engine, options.slug) {
            (Some(engine), _) => files::adopt(&page, engine),
            (None, slug) => files::begin(&page, slug.as_deref().unwrap_or(EMPTY)),
        }
        page.driver.set_until(options.until);
        Ok(())
    }

    /// What happened since the last call: `{ messages, changes, errors, missed, rewritten }`; `messages` is empty unless
    /// somebody listens to them.
    pub fn drain(&self, with_messages: bool) -> Result<JsValue, JsValue> {
        let heard = match with_messages {
            true => dto::Heard::Everything,
            false => dto::Heard::ChangesAndErrors,
        };
        let driver = self.page()?.driver;
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        let name = |id| name_of(&driver, id);
        let sorted = dto::events(&waiting.steps, &name, heard);
        Ok(out(&json!({
            "messages": sorted.messages,
            "changes": sorted.changes,
            "errors": sorted.errors,
            "missed": waiting.missed,
            "rewritten": waiting.is_void,
        }))?)
    }
}

impl Playground {
    fn steps(&self, times: u32, size: StepSize) -> Result<JsValue, JsValue> {
        let page = self.page()?;
        let mut steps = Vec::new();
        for _ in 0..times {
            let more = page.driver.forward(size);
            if more.is_empty() {
                break;
            }
            steps.extend(more);
        }
        self.told(&page.driver, &steps)
    }

    fn page(&self) -> Result<Page, ApiError> {
        let page = self.page.try_borrow().ok().and_then(|page| page.clone());
        page.ok_or_else(|| {
            let message =
                "The playground has not started, or it was taken off its page. Wait for `ready`.";
            ApiError::new("not-ready", message)
        })
    }

    fn told(&self, driver: &Driver, steps: &[StepRecord]) -> Result<JsValue, JsValue> {
        let sorted = dto::events(steps, &|id| name_of(driver, id), dto::Heard::Everything);
        let mut events = sorted.messages;
        events.extend(sorted.changes);
        events.extend(sorted.errors);
        events.sort_by_key(|event| event["step"].as_u64());
        Ok(out(&Value::Array(events))?)
    }
}

fn name_of(driver: &Driver, id: ProgramId) -> String {
    let view = driver.ask(Engine::view);
    let mut programs = view.programs.iter();
    let program = programs.find(|program| program.id == id);
    program.map_or_else(|| id.to_string(), |program| program.name.to_string())
}

/// A picture of a scenario without a page: `{ svg, title }`.
#[wasm_bindgen]
pub fn picture(options: JsValue) -> Result<JsValue, JsValue> {
    let options = Options::read(options)?;
    let theme = match options.theme.attribute() {
        Some("dark") => "dark",
        Some(_) | None => "light",
    };
    let engine = match (options.engine, options.slug) {
        (Some(engine), _) => engine,
        (None, slug) => still::built_in(slug.as_deref()).map_err(ApiError::from)?,
    };
    let svg = still::of_engine(engine, options.until, options.lang, theme);
    Ok(out(&json!({ "svg": svg }))?)
}

/// The words of sharing and embedding, by their names.
#[wasm_bindgen]
pub fn words(lang: &str) -> Result<JsValue, JsValue> {
    let table = Lang::parse(lang).unwrap_or_default().embed().all();
    let words: Map<String, Value> = table
        .into_iter()
        .map(|(name, text)| (name.to_string(), json!(text)))
        .collect();
    Ok(out(&Value::Object(words))?)
}

fn remember(number: u32, driver: &Driver) {
    ALIVE.with_borrow_mut(|alive| {
        if let Some(page) = alive.iter_mut().find(|page| page.number == number) {
            page.driver = Some(driver.clone());
        }
    });
}

/// Says it in the console and on every page that lived.
fn on_panic(info: &std::panic::PanicHookInfo<'_>) {
    let message = info.to_string();
    web_sys::console::error_1(&message.as_str().into());
    show_cards(&message);
}

/// The code stopped without a panic (it ran out of stack or of memory): the same card, as far as it still can be drawn.
#[wasm_bindgen]
pub fn stopped(message: &str) {
    show_cards(message);
}

fn show_cards(message: &str) {
    ALIVE.with(|alive| {
        // A panic while the list itself was in use leaves the console as the only witness.
        let Ok(alive) = alive.try_borrow() else {
            return;
        };
        for page in alive.iter() {
            let transcript = page.driver.as_ref().map(Driver::transcript);
            let lang = page.driver.as_ref().and_then(Driver::try_lang);
            panic_card::show(
                &page.root,
                message,
                &transcript.unwrap_or_default(),
                lang.unwrap_or_default(),
            );
        }
    });
}
