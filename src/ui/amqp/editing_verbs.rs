//! What the gestures and menus of the canvas ask for, with all that it takes at hand.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen_futures::JsFuture;
use yew::prelude::*;

use crate::ordered::Set;
use crate::ui::amqp::editing::asked::{Asked, put, put_piece};
use crate::ui::amqp::editing::hangs::removal;
use crate::ui::amqp::editing::pieces::{self, Reach};
use crate::ui::amqp::editing::wire;
use crate::ui::amqp::page::Page;
use crate::ui::amqp::picture::Picture;
use crate::ui::amqp::verbs;
use crate::ui::canvas::Anchor;
use crate::ui::canvas::geometry::Point;
use crate::ui::canvas::layout::{Layout, Pins};
use crate::ui::canvas::scene::{NodeId, Target, Tone};
use crate::ui::canvas::sketch::Sketch;
use crate::ui::shared::Shared;
use crate::ui::text::fill_plain;

/// The page, the picture, what is selected and where everything stands.
#[derive(Clone)]
pub struct Editor {
    pub page: Page,
    pub picture: Shared<Picture>,
    pub chosen: Shared<Set<Target>>,
    pub sketch: Shared<Sketch>,
    pub places: Rc<RefCell<Shared<Layout>>>,
    /// Asks a question on the canvas.
    pub ask: Callback<Option<Asked>>,
}

/// The canvas's editor while there is a canvas: what is chosen elsewhere on the page may have to be asked there.
#[derive(Clone, Default)]
pub struct EditorSlot(Rc<RefCell<Option<Editor>>>);

impl PartialEq for EditorSlot {
    fn eq(&self, other: &EditorSlot) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl EditorSlot {
    /// The editor of this moment.
    pub fn get(&self) -> Option<Editor> {
        self.0.borrow().clone()
    }

    /// Another editor, or none when the canvas goes.
    pub fn put(&self, editor: Option<Editor>) {
        *self.0.borrow_mut() = editor;
    }
}

impl Editor {
    /// A callback that has all this at hand.
    pub fn on<E: 'static>(&self, act: impl Fn(&Editor, E) + 'static) -> Callback<E> {
        let editor = self.clone();
        Callback::from(move |event| act(&editor, event))
    }

    /// The middle of every node.
    pub fn centers(&self) -> Pins {
        let layout = self.layout();
        let places = layout.places.iter();
        places
            .map(|(id, place)| (id.clone(), place.center))
            .collect()
    }

    /// An edge was drawn: what it does, or what it has to know first.
    pub fn connect(&self, from: NodeId, to: NodeId) {
        if let Some(form) = wire::connect(&self.page, &self.picture, &from, &to) {
            self.ask.emit(Some(Asked::Wire(form, from, to)));
        }
    }

    /// Beside what a question is about.
    fn beside(&self, target: Option<&Target>) -> Anchor {
        let layout = self.layout();
        let place = target
            .and_then(Target::node)
            .and_then(|id| layout.places.get(id));
        let edge = match target {
            Some(Target::Edge(id)) => layout.wires.get(id).map(|wire| wire.mark),
            _ => None,
        };
        let below = place.map(|place| Point::new(place.center.x, place.rect.bottom));
        Anchor::At(below.or(edge).unwrap_or_else(|| layout.bounds.center()))
    }

    /// Deletes at once what nothing hangs on; all else only after it was said what goes with it.
    pub fn delete(&self, targets: &[Target]) {
        if self.page.driver.refuses() {
            return;
        }
        let removal = removal(&self.page, &self.picture, targets);
        if removal.goes_too.is_empty() {
            removal.carry_out(&self.page);
            return;
        }
        let anchor = self.beside(targets.first());
        self.ask.emit(Some(Asked::Remove(removal, anchor)));
    }

    /// An entry of the menu of a node or edge.
    pub fn choose(&self, target: &Target, choice: &str) {
        match (target, choice) {
            (_, "delete" | "remove" | "unbind" | "cancel") => {
                self.delete(std::slice::from_ref(target));
            }
            (Target::Node(node), "rename") => {
                let anchor = self.beside(Some(target));
                self.ask.emit(Some(Asked::Rename(node.clone(), anchor)));
            }
            (Target::Node(_), "copy") => self.copy(&Set::from([target.clone()])),
            (Target::Node(_), "duplicate") => self.duplicate(&Set::from([target.clone()])),
            (Target::Node(node), _) => {
                verbs::choose_node(&self.page, &self.picture, node, choice);
            }
            _ => {}
        }
    }

    /// An entry of the menu of several things.
    pub fn choose_many(&self, choice: &str) {
        match choice {
            "copy" => self.copy(&self.chosen),
            "duplicate" => self.duplicate(&self.chosen),
            "delete" => {
                let targets: Vec<Target> = self.chosen.iter().cloned().collect();
                self.delete(&targets);
            }
            _ => {}
        }
    }

    /// An entry of the menu of empty space.
    pub fn on_ground(&self, choice: &str, at: Point) {
        if choice == "paste" {
            self.paste(at);
        } else {
            self.new_thing(choice, at, None);
        }
    }

    /// What is selected as scenario text, if anything of it can be copied.
    pub fn copied(&self) -> Option<String> {
        self.copied_of(&self.chosen)
    }

    fn copied_of(&self, chosen: &Set<Target>) -> Option<String> {
        let w = self.page.lang.wiring();
        let piece = pieces::cut_out(
            self.page.driver.export(),
            chosen,
            &self.centers(),
            &self.sketch,
            Reach::Inner,
        );
        let size = pieces::size(&piece);
        if size == 0 {
            if !chosen.is_empty() {
                self.page.notify(Tone::Warning, w.copied_nothing, None);
            }
            return None;
        }
        self.page.say.emit(fill_plain(w.copied, &[&size]).into());
        Some(piece.to_json())
    }

    /// Copies by the menu: where the clipboard is not allowed, the text is shown to be copied by hand.
    fn copy(&self, chosen: &Set<Target>) {
        let Some(text) = self.copied_of(chosen) else {
            return;
        };
        let ask = self.ask.clone();
        let anchor = self.beside(chosen.first());
        let Some(clipboard) = clipboard() else {
            ask.emit(Some(Asked::Copied(text, anchor)));
            return;
        };
        let written = clipboard.write_text(&text);
        wasm_bindgen_futures::spawn_local(async move {
            if JsFuture::from(written).await.is_err() {
                ask.emit(Some(Asked::Copied(text, anchor)));
            }
        });
    }

    /// Pastes by the menu: where the clipboard is not allowed, a field asks for the text.
    fn paste(&self, at: Point) {
        let Some(clipboard) = clipboard() else {
            self.ask.emit(Some(Asked::Paste(at)));
            return;
        };
        let editor = self.clone();
        let read = clipboard.read_text();
        wasm_bindgen_futures::spawn_local(async move {
            match JsFuture::from(read).await.map(|text| text.as_string()) {
                Ok(Some(text)) if !text.trim().is_empty() => {
                    put(
                        &editor.page,
                        &editor.picture,
                        &text,
                        Some(at),
                        &editor.sketch,
                    );
                }
                Ok(_) | Err(_) => editor.ask.emit(Some(Asked::Paste(at))),
            }
        });
    }

    /// The same again, beside it, wired as the original is.
    fn duplicate(&self, chosen: &Set<Target>) {
        if self.page.driver.refuses() {
            return;
        }
        let w = self.page.lang.wiring();
        let piece = pieces::cut_out(
            self.page.driver.export(),
            chosen,
            &self.centers(),
            &self.sketch,
            Reach::Outer,
        );
        if pieces::size(&piece) == 0 {
            self.page.notify(Tone::Warning, w.copied_nothing, None);
            return;
        }
        put_piece(&self.page, &self.picture, &piece, None, &self.sketch);
    }
}

/// The clipboard, where the browser gives it to this page: not in a frame without leave, nor without a secure address.
fn clipboard() -> Option<web_sys::Clipboard> {
    let navigator = web_sys::window()?.navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).ok()?;
    (!clipboard.is_undefined()).then(|| wasm_bindgen::JsCast::unchecked_into(clipboard))
}
