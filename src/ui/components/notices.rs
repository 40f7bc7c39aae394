//! Notices: sentences that float in a corner until they are dismissed.

use yew::prelude::*;

use crate::ui::canvas::scene::{Text, Tone};
use crate::ui::components::button::IconButton;
use crate::ui::components::icon::Icon;
use crate::ui::shared::Shared;

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
