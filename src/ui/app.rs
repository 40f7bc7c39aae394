//! The page: it puts driver, store, canvas and panels together and knows the keys that work everywhere.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::engine::Engine;
use crate::ui::amqp::course::StepSize;
use crate::ui::amqp::editing_verbs::EditorSlot;
use crate::ui::amqp::files;
use crate::ui::amqp::news::news;
use crate::ui::amqp::page::{Folds, Page, Sheet};
use crate::ui::amqp::panels::{
    Card, Commands, Dock, DockProps, Keys, Palette, Restore, Side, TableView, TimeBar, Toolbar,
    has_sign, use_saving,
};
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::sentence::Teller;
use crate::ui::amqp::stage_view::StageView;
use crate::ui::amqp::voice::Voice;
use crate::ui::canvas::Stage;
use crate::ui::canvas::scene::Tone;
use crate::ui::choreography::Motion;
use crate::ui::components::{Announcer, Notices};
use crate::ui::dom;
use crate::ui::driver::{Driver, Outlets, Said, Shown};
use crate::ui::store::{Action, Area, Drawn, Face, Store, Theme};
use crate::ui::text::Lang;
use crate::ui::timeline::Follower;
use crate::ui::whole::use_whole;

/// Whether the first scenario begins by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// It waits for Play or a step.
    #[default]
    Manual,
    Auto,
}

/// What the element says about the page.
#[derive(Clone, Debug, Default, PartialEq, Properties)]
pub struct AppProps {
    #[prop_or_default]
    pub lang: Lang,
    #[prop_or_default]
    pub theme: Theme,
    /// The name of the built-in scenario; without one, the first.
    #[prop_or_default]
    pub scenario: Option<AttrValue>,
    #[prop_or_default]
    pub start: Start,
    /// Below this width the table comes first.
    #[prop_or_default]
    pub is_narrow: bool,
    /// Another page has given it little height: the drawing comes first, and the log is one press away.
    #[prop_or_default]
    pub is_low: bool,
    /// The playground is the whole page: one finger moves the drawing, for nothing else is there to be scrolled.
    #[prop_or_default]
    pub is_alone: bool,
    /// Work is kept in the browser and offered back.
    #[prop_or_default]
    pub saves: bool,
    /// What of it is drawn at first.
    #[prop_or_default]
    pub drawn: Drawn,
    /// The run to begin with, instead of a built-in scenario.
    #[prop_or_default]
    pub opening: Opening,
    /// Whether it is for watching only.
    #[prop_or_default]
    pub is_demo: bool,
    /// Gets the page, once: for scripts, and for reports about a run that broke.
    #[prop_or_default]
    pub onpage: Callback<Page>,
}

/// A run that is handed over once.
#[derive(Clone, Default)]
pub struct Opening(pub Rc<RefCell<Option<Engine>>>);

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opening")
    }
}

impl PartialEq for Opening {
    fn eq(&self, other: &Opening) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What the parts of the page are wired with.
struct Wiring {
    page: Page,
    stage: Stage,
    root: NodeRef,
    clock: NodeRef,
}

#[hook]
fn use_driver(
    dispatch: UseReducerDispatcher<Store<Picture>>,
    say: Callback<AttrValue>,
    lang: Lang,
    ends: (NodeRef, NodeRef, Stage),
) -> Driver {
    let driver = use_memo((), move |()| {
        let (root, clock, stage) = ends;
        let follower = Follower::default();
        let tick = move |now: crate::machine::SimTime| {
            if let Some(root) = root.cast::<HtmlElement>() {
                // An element that left the page shows no clock.
                let _ = root.set_attribute("data-sim-time", &now.as_ms().to_string());
            }
            if let Some(clock) = clock.cast::<HtmlElement>() {
                clock.set_text_content(Some(&now.to_string()));
            }
            if let Some(root) = root.cast::<HtmlElement>() {
                follower.follow(&root, now.as_ms());
            }
        };
        let (teller, voice) = (dispatch.clone(), say.clone());
        let notify = move |tone, text: String| {
            voice.emit(text.clone().into());
            teller.dispatch(Action::Notify {
                tone,
                text: text.into(),
                detail: None,
            });
        };
        let refused = {
            let (dispatch, say) = (dispatch.clone(), say.clone());
            move || {
                let text = lang.embed().demo_refused;
                say.emit(text.into());
                dispatch.dispatch(Action::Notify {
                    tone: Tone::Warning,
                    text: text.into(),
                    detail: None,
                });
            }
        };
        let voice = RefCell::new(Voice::default());
        let show = move |shown: Shown<'_>| take(&dispatch, (&say, &voice), shown);
        Driver::new(
            lang,
            Outlets {
                show: Box::new(show),
                tick: Box::new(tick),
                refused: Box::new(refused),
                notify: Box::new(notify),
                stage,
            },
        )
    });
    (*driver).clone()
}

/// A picture goes to the store; what must not be missed becomes notices, the rest a sentence for readers.
fn take(
    dispatch: &UseReducerDispatcher<Store<Picture>>,
    (say, voice): (&Callback<AttrValue>, &RefCell<Voice>),
    shown: Shown<'_>,
) {
    let t = shown.lang.texts();
    let picture = shown.picture;
    if let Some(said) = shown.jump {
        voice.borrow_mut().forget();
        if let Said::Words(text) = said {
            say.emit(text.into());
        }
    } else if !shown.steps.is_empty() {
        let book = picture.book();
        let teller = Teller::new(&book, shown.lang);
        let mut told = None;
        for news in news(shown.steps, &picture.world, teller, t) {
            told = Some(format!(
                "{} {}",
                news.text,
                news.detail.as_deref().unwrap_or_default()
            ));
            dispatch.dispatch(Action::Notify {
                tone: news.tone,
                text: news.text,
                detail: news.detail,
            });
        }
        let (playing, now) = (picture.cursor.playing, dom::now_ms());
        let said = voice
            .borrow_mut()
            .hear(shown.steps, playing, now, teller, t);
        // A notice is what must not be missed.
        if let Some(said) = told.or(said) {
            say.emit(said.into());
        }
    }
    dispatch.dispatch(Action::Picture(picture));
}

/// The page.
#[component]
pub fn App(props: &AppProps) -> Html {
    let store = use_reducer(|| {
        let mut store = Store::<Picture>::default();
        store.looks.drawn = props.drawn;
        store
    });
    let sheet = use_state(Sheet::default);
    let said = use_state(AttrValue::default);
    let wiring = use_wiring(props, &store, &sheet, &said);
    let side = use_node_ref();
    let keys = use_state(|| false);
    let commands = use_state(|| false);
    let dropping = use_state(|| false);
    let whole = use_whole();
    let page = &wiring.page;
    let onkeydown = {
        let (keys, commands) = (keys.clone(), commands.clone());
        let picture = store.picture.clone();
        page.on(move |page, event: KeyboardEvent| {
            page.driver.hand();
            everywhere(
                page,
                &picture,
                &event,
                || keys.set(true),
                || commands.set(!*commands),
            );
        })
    };
    use_keys_of_nobody(props.saves, onkeydown.clone());
    let onpointermove = page.on(|page, event: PointerEvent| {
        if event.buttons() != 0 {
            page.driver.hand();
        }
    });
    let onscenario = page.on(|page, slug: AttrValue| files::begin(page, &slug));
    let onlang = {
        let lang = page.lang;
        page.on(move |page, ()| {
            page.dispatch.dispatch(Action::SetLang(lang.other()));
            page.driver.set_lang(lang.other());
        })
    };
    let onfile = page.on(|page, file: web_sys::File| files::open(page, file));
    let toggle_keys = {
        let keys = keys.clone();
        Callback::from(move |()| keys.set(!*keys))
    };
    let toggle_commands = {
        let commands = commands.clone();
        Callback::from(move |()| commands.set(!*commands))
    };
    {
        let driver = page.driver.clone();
        // Effects of a page come after everything in it is drawn.
        use_effect_with(store.picture.clone(), move |_| driver.drawn());
    }
    let zone = drop_zone(page, &dropping);
    let t = page.t();
    let picture = &store.picture;
    let is_dirty = picture.can_undo || store.layout.can_undo();
    let saving = use_saving(
        page,
        props.saves,
        is_dirty,
        picture.cursor.index,
        &store.layout,
    );
    let saved_at = saving.at;
    let drawn = store.looks.drawn;
    let stage_view = match store.looks.face {
        Face::Graph => html! {
            <StageView
                {picture} stage={wiring.stage.clone()} layout={store.layout.clone()} looks={store.looks.clone()}
                is_alone={props.is_alone} side={side.clone()} ondetails={details(&wiring.root)}
            />
        },
        Face::Table => html! { <TableView {picture} selected={store.looks.selected.clone()} /> },
    };
    // Over the drawing or below the side: the looks show one of both.
    let notices = html! {
        <Notices
            label={t.notices_name} dismiss_label={t.close} unfold_label={unfold_label(page, &store)}
            notices={store.notices.list().to_vec()}
            ondismiss={page.on(|page, id| page.dispatch.dispatch(Action::Dismiss(id)))}
        />
    };
    let is_aside = *sheet != Sheet::Inspector || store.looks.selected.is_some();
    // What makes way for what: looked up here, for `:has()` costs a busy page a walk through all of it at each change.
    let class = classes!(
        "mq-root",
        "page",
        (!store.notices.list().is_empty()).then_some("has-notices"),
        has_sign(picture).then_some("has-sign"),
        is_aside.then_some("has-side"),
        (store.looks.face == Face::Graph).then_some("has-graph"),
        store.looks.is_leading.then_some("is-leading"),
    );
    html! {
        <ContextProvider<Page> context={page.clone()}>
            <div
                ref={wiring.root.clone()} {class} lang={page.lang.tag()}
                data-theme={store.settings.theme.attribute()} {onkeydown} {onpointermove}
                ondragover={zone.over} ondragleave={zone.leave} ondrop={zone.drop}
            >
                if drawn.page {
                    <Toolbar
                        {picture} settings={store.settings} face={store.looks.face} clock={wiring.clock.clone()}
                        {onscenario} {onlang} {onfile} onkeys={toggle_keys.clone()} oncommands={toggle_commands.clone()}
                    />
                    if whole { <Restore is_on={props.saves} {saving} /> }
                    <div class="work">
                        if whole && drawn.before {
                            <Palette sheet={(*sheet).clone()} {saved_at} />
                        } else {
                            <div class="palette-side"><div class="palette" /></div>
                        }
                        <div class="stage" part="stage">
                            { stage_view }
                            if whole && store.looks.face == Face::Graph { <Card {picture} /> }
                            { notices.clone() }
                        </div>
                        if whole && drawn.after {
                            <Side {picture} sheet={(*sheet).clone()} selected={store.looks.selected.clone()} node={side} />
                        } else {
                            <div class="side side-empty" part="inspector" />
                        }
                        { notices }
                    </div>
                    if whole { <TimeBar {picture} saves={props.saves} /> } else { <div class="time"><div class="time-row" /></div> }
                    if whole && drawn.below { <Dock ..DockProps::new(picture, &store.looks) /> } else { <div class="drawer" part="log" /> }
                    if *dropping { <p class="drop-here">{ t.drop_here }</p> }
                    if whole {
                        <Commands {picture} open={*commands} onclose={toggle_commands} onkeys={toggle_keys.clone()} />
                        <Keys open={*keys} onclose={toggle_keys} />
                    }
                }
                <Announcer sentence={(*said).clone()} />
            </div>
        </ContextProvider<Page>>
    }
}

/// Asked for only while there are notices: the first view does without it.
fn unfold_label(page: &Page, store: &Store<Picture>) -> AttrValue {
    #[inline(never)]
    fn words(page: &Page) -> AttrValue {
        page.lang.looks().unfold_notice.into()
    }
    match store.notices.list() {
        [] => AttrValue::default(),
        _ => words(page),
    }
}

/// Builds driver and page once, and starts the first scenario.
#[hook]
fn use_wiring(
    props: &AppProps,
    store: &UseReducerHandle<Store<Picture>>,
    sheet: &UseStateHandle<Sheet>,
    said: &UseStateHandle<AttrValue>,
) -> Wiring {
    let (root, clock) = (use_node_ref(), use_node_ref());
    let stage = (*use_memo((), |()| Stage::default())).clone();
    let setter = said.setter();
    let say = Callback::from(move |sentence: AttrValue| setter.set(sentence));
    let dispatch = store.dispatcher();
    let ends = (root.clone(), clock.clone(), stage.clone());
    let driver = use_driver(dispatch.clone(), say.clone(), props.lang, ends);
    driver.note_layout(store.layout.pins(), store.layout.sketch());
    let setter = sheet.setter();
    let (pins, sketch) = (store.layout.pins().clone(), store.layout.sketch().clone());
    let save = {
        let driver = driver.clone();
        Callback::from(move |()| {
            let name = driver.lang().texts().saved_name;
            files::download(name, &files::to_text(driver.export(), &pins, &sketch));
        })
    };
    let open = {
        let driver = driver.clone();
        Callback::from(move |sheet: Sheet| {
            if sheet.only_looks() || !driver.refuses() {
                setter.set(sheet);
            }
        })
    };
    let page = Page {
        driver,
        dispatch,
        lang: store.settings.lang,
        times: store.layout.times(),
        editor: (*use_memo((), |()| EditorSlot::default())).clone(),
        open,
        save,
        say,
        folds: (*use_memo((), |()| Folds::default())).clone(),
    };
    {
        let (page, props, stage) = (page.clone(), props.clone(), stage.clone());
        use_effect_with((), move |()| begin(&page, &props, &stage));
    }
    Wiring {
        page,
        stage,
        root,
        clock,
    }
}

/// The first picture: settings as the element says, and the first scenario.
fn begin(page: &Page, props: &AppProps, stage: &Stage) {
    if props.is_demo {
        page.driver.set_demo(true);
    }
    props.onpage.emit(page.clone());
    page.dispatch.dispatch(Action::SetLang(props.lang));
    page.dispatch.dispatch(Action::SetTheme(props.theme));
    let is_still = dom::media_matches(dom::REDUCED_MOTION);
    if is_still {
        page.dispatch.dispatch(Action::SetMotion(Motion::Counting));
        stage.set_motion(Motion::Counting);
    }
    if props.is_narrow {
        page.dispatch.dispatch(Action::Show(Face::Table));
    }
    let is_low = || dom::media_matches("(max-height: 500px)");
    if props.is_low || (props.is_alone && (props.is_narrow || is_low())) {
        page.dispatch.dispatch(Action::Fold(Area::Below));
    }
    let first = crate::scenario::catalog::CATALOG.first();
    let slug = props.scenario.as_deref().or(first.map(|entry| entry.slug));
    match props.opening.0.take() {
        Some(engine) => files::adopt(page, engine),
        None => files::begin(page, slug.unwrap_or(crate::ui::driver::EMPTY)),
    }
    if props.start == Start::Auto && !is_still {
        page.driver.play();
    }
}

/// On a page of its own, keys count also while nothing has the focus.
#[hook]
fn use_keys_of_nobody(is_on: bool, onkeydown: Callback<KeyboardEvent>) {
    use_effect_with((is_on, onkeydown), |(is_on, onkeydown)| {
        let onkeydown = onkeydown.clone();
        let document = web_sys::window().and_then(|window| window.document());
        let listener = document.filter(|_| *is_on).map(|document| {
            dom::listen_active(&document, "keydown", move |event| {
                let event = event.dyn_ref::<KeyboardEvent>();
                let body = event.and_then(|event| event.target_dyn_into::<HtmlElement>());
                if let Some(event) =
                    event.filter(|_| body.is_some_and(|it| it.tag_name() == "BODY"))
                {
                    onkeydown.emit(event.clone());
                }
            })
        });
        move || drop(listener)
    });
}

/// Keys that work wherever one does not type.
fn everywhere(
    page: &Page,
    picture: &Picture,
    event: &KeyboardEvent,
    show_keys: impl Fn(),
    show_commands: impl Fn(),
) {
    let command = event.ctrl_key() || event.meta_key();
    // This one also while one types: its keys are no letter.
    if command && matches!(event.key().as_str(), "k" | "K") {
        event.prevent_default();
        show_commands();
        return;
    }
    if event.default_prevented() || dom::is_typing(event) {
        return;
    }
    // The canvas has these keys for itself; in a list that scrolls, Home and End scroll.
    let on_canvas = dom::is_inside(event, "[role=application]");
    let ends_are_free = !on_canvas && !dom::is_inside(event, ".dock-body, .side, .tables");
    match event.key().as_str() {
        "?" => show_keys(),
        // Whatever letter the keyboard has there with Shift.
        _ if !command && event.shift_key() && event.code() == "Period" => {
            page.driver.forward(StepSize::Event);
        }
        _ if !command && event.shift_key() && event.code() == "Comma" => {
            page.driver.backward(StepSize::Event);
        }
        "," if !command => page.driver.back(),
        "." if !command && !on_canvas => {
            page.driver.step();
        }
        "Home" if !command && ends_are_free => page.driver.to_start(),
        "End" if !command && ends_are_free => page.driver.to_end(),
        "z" | "Z" if command && event.shift_key() => page.redo(picture),
        "y" | "Y" if command => page.redo(picture),
        "z" | "Z" if command => page.undo(picture),
        _ => return,
    }
    event.prevent_default();
}

/// Enter on the canvas leads to the details of what is selected.
fn details(root: &NodeRef) -> Callback<()> {
    let root = root.clone();
    Callback::from(move |()| {
        let side = root
            .cast::<HtmlElement>()
            .and_then(|root| root.query_selector(".side").ok().flatten())
            .and_then(|side| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(side).ok());
        if let Some(side) = side {
            // A side that left the page needs no focus.
            let _ = side.focus();
        }
    })
}

/// A file may be dropped anywhere on the page.
struct DropZone {
    over: Callback<DragEvent>,
    leave: Callback<DragEvent>,
    drop: Callback<DragEvent>,
}

fn drop_zone(page: &Page, dropping: &UseStateHandle<bool>) -> DropZone {
    let (over, leave, dropped) = (dropping.clone(), dropping.clone(), dropping.setter());
    DropZone {
        over: Callback::from(move |event: DragEvent| {
            let is_file = event
                .data_transfer()
                .is_some_and(|data| data.types().includes(&"Files".into(), 0));
            if is_file {
                event.prevent_default();
                if !*over {
                    over.set(true);
                }
            }
        }),
        leave: Callback::from(move |event: DragEvent| {
            if event.related_target().is_none() && *leave {
                leave.set(false);
            }
        }),
        drop: page.on(move |page, event: DragEvent| {
            dropped.set(false);
            let data = event.data_transfer();
            if let Some(file) = data
                .and_then(|data| data.files())
                .and_then(|files| files.get(0))
            {
                event.prevent_default();
                files::open(page, file);
            }
        }),
    }
}
