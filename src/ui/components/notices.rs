//! Notices: sentences in a corner until they are dismissed. One that only informs goes by itself with what a person does
//! next, once there was time to read it; no clock takes any away.

use gloo_events::EventListener;
use yew::prelude::*;

use crate::ui::canvas::scene::{Text, Tone};
use crate::ui::components::button::IconButton;
use crate::ui::components::icon::Icon;
use crate::ui::dom;
use crate::ui::shared::Shared;

/// So long a sentence stays whatever one does, in milliseconds, and so much longer for each of its bytes.
const READING_MS: (f64, f64) = (5_000.0, 40.0);

/// A notice, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoticeId(pub u32);

/// A sentence about something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub id: NoticeId,
    pub tone: Tone,
    /// Begins with what happened.
    pub text: Text,
    /// In monospace below: the exact words of an error, say.
    pub detail: Option<Text>,
    /// How often the same was said in a row.
    pub times: u32,
}

impl Notice {
    /// Whether it only informs: nothing failed, and nothing is to be done.
    fn only_informs(&self) -> bool {
        matches!(self.tone, Tone::Ink | Tone::Muted | Tone::Success) && self.detail.is_none()
    }

    /// How long it takes to read it, in milliseconds.
    fn reading_ms(&self) -> f64 {
        READING_MS.0 + READING_MS.1 * self.text.len() as f64
    }
}

#[derive(Properties, PartialEq)]
pub struct NoticesProps {
    /// Name of the region, for readers.
    pub label: AttrValue,
    pub dismiss_label: AttrValue,
    /// Where there is little room only the beginning of a sentence is seen; this shows all of it.
    pub unfold_label: AttrValue,
    pub notices: Vec<Shared<Notice>>,
    pub ondismiss: Callback<NoticeId>,
}

/// The region in which notices float. Not live: whoever puts one up says it by the announcer.
#[component]
pub fn Notices(props: &NoticesProps) -> Html {
    let notices = props.notices.iter().map(|notice| {
        html! {
            <NoticeCard
                key={notice.id.0} notice={notice.clone()} dismiss_label={props.dismiss_label.clone()}
                unfold_label={props.unfold_label.clone()} ondismiss={props.ondismiss.clone()}
            />
        }
    });
    html! {
        <div class="notices" role="region" aria-label={props.label.clone()}>{ for notices }</div>
    }
}

#[derive(Properties, PartialEq)]
struct NoticeCardProps {
    notice: Shared<Notice>,
    dismiss_label: AttrValue,
    unfold_label: AttrValue,
    ondismiss: Callback<NoticeId>,
}

/// One notice.
#[component]
fn NoticeCard(props: &NoticeCardProps) -> Html {
    let open = use_state(|| false);
    let notice = &props.notice;
    let id = notice.id;
    use_leaving(notice, &props.ondismiss);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let tone = format!("tone-{}", notice.tone.suffix());
    html! {
        <div class={classes!("notice", tone, open.then_some("is-open"))}>
            <div class="notice-words">
                <p>
                    { &*notice.text }
                    if notice.times > 1 { <span class="notice-times">{ format!("×{}", notice.times) }</span> }
                </p>
                if let Some(detail) = &notice.detail { <p class="code notice-detail">{ &**detail }</p> }
            </div>
            <IconButton
                icon={if *open { Icon::ChevronUp } else { Icon::ChevronDown }} label={props.unfold_label.clone()}
                pressed={Some(*open)} class="notice-more" onclick={toggle}
            />
            <IconButton
                icon={Icon::Close} label={props.dismiss_label.clone()}
                onclick={props.ondismiss.reform(move |_| id)}
            />
        </div>
    }
}

/// A notice that only informs goes with the first press or key beside it after it could be read. After the press, not
/// with it: what moves up then must not take it.
#[hook]
fn use_leaving(notice: &Shared<Notice>, ondismiss: &Callback<NoticeId>) {
    let ondismiss = ondismiss.clone();
    use_effect_with(notice.clone(), move |notice| {
        let (since, reading, id) = (dom::now_ms(), notice.reading_ms(), notice.id);
        let window = web_sys::window().filter(|_| notice.only_informs());
        let listen = |kind: &'static str| {
            let ondismiss = ondismiss.clone();
            window.as_ref().map(|window| {
                EventListener::new(window, kind, move |event| {
                    if dom::now_ms() - since > reading && !dom::is_inside(event, ".notices") {
                        ondismiss.emit(id);
                    }
                })
            })
        };
        let listeners = [listen("click"), listen("keydown")];
        move || drop(listeners)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_informs_goes_by_itself() {
        let notice = |tone, detail: Option<&str>| Notice {
            id: NoticeId(1),
            tone,
            text: "It was done.".into(),
            detail: detail.map(Into::into),
            times: 1,
        };
        assert!(notice(Tone::Success, None).only_informs());
        assert!(!notice(Tone::Ink, Some("406")).only_informs());
        for tone in [Tone::Warning, Tone::Error, Tone::Accent] {
            assert!(!notice(tone, None).only_informs());
        }
        assert!(notice(Tone::Ink, None).reading_ms() >= 5_000.0);
    }
}
