//! The dock under the canvas: one panel at a time behind tabs, as high as a person likes it, or folded away.
//!
//! A new tab is a variant of [`DockTab`], its word in `text/dock.rs`, and a component in a file of its own.

use std::rc::Rc;

use yew::prelude::*;

use crate::ui::amqp::page::use_page;
use crate::ui::amqp::panels::charts::Charts;
use crate::ui::amqp::panels::frames::Frames;
use crate::ui::amqp::panels::life::Life;
use crate::ui::amqp::panels::log::Log;
use crate::ui::amqp::panels::scripts::Scripts;
use crate::ui::amqp::panels::time_tab::TimeTab;
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{Drawer, Icon, IconButton, Tab, TabPanel, Tabs};
use crate::ui::shared::Shared;
use crate::ui::store::{Action, Area, Looks};
use crate::ui::text::DockTexts;

/// What the dock can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DockTab {
    Log,
    Message,
    Programs,
    Charts,
    Time,
    Frames,
}

impl DockTab {
    /// All of them, in the order in which they stand.
    pub const ALL: [DockTab; 6] = [
        DockTab::Log,
        DockTab::Message,
        DockTab::Programs,
        DockTab::Charts,
        DockTab::Time,
        DockTab::Frames,
    ];

    /// Its name in the store and in the page.
    pub const fn id(self) -> &'static str {
        match self {
            DockTab::Log => "log",
            DockTab::Message => "message",
            DockTab::Programs => "programs",
            DockTab::Charts => "charts",
            DockTab::Time => "time",
            DockTab::Frames => "frames",
        }
    }

    /// The tab with that name; the first for a name nobody knows.
    pub fn parse(id: Option<&str>) -> DockTab {
        let found = DockTab::ALL.into_iter().find(|tab| Some(tab.id()) == id);
        found.unwrap_or(DockTab::Log)
    }

    const fn label(self, t: &DockTexts) -> &'static str {
        match self {
            DockTab::Log => t.tab_log,
            DockTab::Message => t.tab_message,
            DockTab::Programs => t.tab_programs,
            DockTab::Charts => t.tab_charts,
            DockTab::Time => t.tab_time,
            DockTab::Frames => t.tab_frames,
        }
    }

    fn show(self, props: &DockProps) -> Html {
        let picture = &props.picture;
        match self {
            DockTab::Log => html! { <Log {picture} needle={props.needle.clone()} /> },
            DockTab::Message => html! { <Life {picture} /> },
            DockTab::Programs => html! { <Scripts {picture} /> },
            DockTab::Charts => html! { <Charts {picture} /> },
            DockTab::Time => html! { <TimeTab {picture} /> },
            DockTab::Frames => html! { <Frames {picture} /> },
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct DockProps {
    pub picture: Shared<Picture>,
    pub tab: DockTab,
    pub folded: bool,
    /// The height a person chose, in pixels.
    pub height: Option<u16>,
    /// What the lines of the log must contain.
    pub needle: AttrValue,
}

impl DockProps {
    /// As the store has it.
    pub fn new(picture: &Shared<Picture>, looks: &Looks) -> DockProps {
        DockProps {
            picture: picture.clone(),
            tab: DockTab::parse(looks.panel(Area::Below)),
            folded: looks.is_folded(Area::Below),
            height: looks.size(Area::Below),
            needle: AttrValue::from(Rc::clone(&looks.filter)),
        }
    }
}

/// The dock under the canvas.
#[component]
pub fn Dock(props: &DockProps) -> Html {
    let page = use_page();
    let t = page.lang.dock();
    let tabs: Vec<Tab> = DockTab::ALL
        .into_iter()
        .map(|tab| Tab::new(tab.id(), tab.label(t)))
        .collect();
    let onselect = page.on(|page, tab: AttrValue| {
        page.dispatch
            .dispatch(Action::OpenPanel(Area::Below, tab.as_str().into()));
    });
    let onfold = page.on(|page, _: MouseEvent| page.dispatch.dispatch(Action::Fold(Area::Below)));
    let onresize = page.on(|page, height| {
        page.dispatch.dispatch(Action::Resize(Area::Below, height));
    });
    let (icon, label) = if props.folded {
        (Icon::ChevronUp, t.unfold)
    } else {
        (Icon::ChevronDown, t.fold)
    };
    let prefix = "dock";
    html! {
        <Drawer label={t.height} height={props.height} folded={props.folded} {onresize}>
            <div class="dock-head">
                <Tabs label={t.title} {prefix} {tabs} selected={props.tab.id()} {onselect} />
                <IconButton {icon} {label} onclick={onfold} />
            </div>
            <div class="dock-body" hidden={props.folded}>
                <TabPanel {prefix} tab={props.tab.id()}>
                    if !props.folded { { props.tab.show(props) } }
                </TabPanel>
            </div>
        </Drawer>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_is_found_by_its_name() {
        for tab in DockTab::ALL {
            assert_eq!(DockTab::parse(Some(tab.id())), tab);
        }
        assert_eq!(DockTab::parse(Some("tea")), DockTab::Log);
        assert_eq!(DockTab::parse(None), DockTab::Log);
    }
}
