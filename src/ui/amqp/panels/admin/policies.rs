//! Policies and operator policies: what each sets, for whom it is in force, and the form that adds or changes one.

use yew::prelude::*;

use crate::amqp::command::{ApplyTo, Policy};
use crate::amqp::{OperatorCommand, VhostName, is_pattern};
use crate::ui::amqp::forms::{Problems, arguments, rows};
use crate::ui::amqp::page::{Page, use_page};
use crate::ui::amqp::panels::admin::{AdminProps, form, line};
use crate::ui::amqp::panels::parts::{row_errors, row_kinds, row_words, use_draft};
use crate::ui::amqp::picture::Picture;
use crate::ui::components::{
    Button, Choice, Icon, IconButton, Row, RowsEditor, Select, TextField, TextInput,
};
use crate::ui::shared::Shared;
use crate::ui::text::{AdminTexts, fill_plain};

#[component]
pub fn Policies(props: &AdminProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let picture = &props.picture;
    let broker = &picture.world.broker;
    let here = &picture.world.login.vhost;
    html! {
        <>
            <h3>{ t.user_policies }</h3>
            { list(&page, picture, here, &broker.policies, false) }
            <SetPolicy picture={picture.clone()} operator=false />
            <h3>{ t.operator_policies }</h3>
            <p class="field-help">{ t.operator_help }</p>
            { list(&page, picture, here, &broker.operator_policies, true) }
            <SetPolicy picture={picture.clone()} operator=true />
        </>
    }
}

fn apply_word(apply_to: ApplyTo, t: &AdminTexts) -> &'static str {
    match apply_to {
        ApplyTo::All => t.apply_all,
        ApplyTo::Exchanges => t.apply_exchanges,
        ApplyTo::Queues => t.apply_queues,
        ApplyTo::ClassicQueues => t.apply_classic,
        ApplyTo::QuorumQueues => t.apply_quorum,
        ApplyTo::Streams => t.apply_streams,
    }
}

fn list(
    page: &Page,
    picture: &Picture,
    here: &VhostName,
    policies: &[Policy],
    operator: bool,
) -> Html {
    let t = page.lang.admin();
    let mut policies: Vec<&Policy> = policies.iter().filter(|it| it.vhost == *here).collect();
    if policies.is_empty() {
        return html! { <p class="muted">{ t.policies_none }</p> };
    }
    // The one that is asked first stands first.
    policies.sort_by_key(|policy| std::cmp::Reverse(policy.priority));
    let items = policies.iter().map(|policy| {
        let (vhost, name) = (policy.vhost.clone(), policy.name.clone());
        let onclick = page.on(move |page, _: MouseEvent| {
            let (vhost, name) = (vhost.clone(), name.clone());
            page.driver.operate(match operator {
                false => OperatorCommand::ClearPolicy { vhost, name },
                true => OperatorCommand::ClearOperatorPolicy { vhost, name },
            });
        });
        let in_force = in_force(picture, &policy.name, operator);
        html! {
            <li key={policy.name.clone()} class="admin-item">
                <h4>
                    <code>{ &policy.name }</code>
                    <IconButton icon={Icon::Trash} label={fill_plain(t.policy_clear, &[&policy.name])} {onclick} />
                </h4>
                <dl class="facts">
                    <dt>{ t.policy_pattern }</dt><dd><code>{ &policy.pattern }</code></dd>
                    <dt>{ t.policy_apply }</dt><dd>{ apply_word(policy.apply_to, t) }</dd>
                    <dt>{ t.policy_priority }</dt><dd>{ policy.priority }</dd>
                    <dt>{ t.policy_definition }</dt>
                    <dd>{ for policy.definition.0.iter().map(|(key, value)| html! {
                        <div><code>{ format!("{}={}", key.to_text(), crate::wire::fields::text(value)) }</code></div>
                    }) }</dd>
                </dl>
                <p class="muted">
                    if in_force.is_empty() { { t.policy_matches_none } } else { { fill_plain(t.policy_wins, &[&in_force]) } }
                </p>
            </li>
        }
    });
    html! { <ul class="admin-list">{ for items }</ul> }
}

/// The names of what a policy is in force for.
fn in_force(picture: &Picture, name: &str, operator: bool) -> String {
    let broker = &picture.world.broker;
    let queues = broker.queues.iter().filter(|queue| {
        let policy = match operator {
            false => &queue.policy,
            true => &queue.operator_policy,
        };
        policy.as_deref() == Some(name)
    });
    let exchanges = broker.exchanges.iter();
    let exchanges = exchanges.filter(|it| !operator && it.policy.as_deref() == Some(name));
    let names: Vec<String> = queues
        .map(|queue| queue.id.as_str().to_string())
        .chain(exchanges.map(|it| it.id.as_str().to_string()))
        .collect();
    names.join(", ")
}

#[derive(Properties, PartialEq)]
struct SetPolicyProps {
    picture: Shared<Picture>,
    operator: bool,
}

#[derive(Clone)]
struct Draft {
    name: String,
    pattern: String,
    apply_to: ApplyTo,
    priority: String,
    rows: Vec<Row>,
    tried: bool,
}

impl Draft {
    fn new(operator: bool) -> Draft {
        Draft {
            name: String::new(),
            pattern: String::new(),
            apply_to: if operator {
                ApplyTo::Queues
            } else {
                ApplyTo::All
            },
            priority: "0".to_string(),
            rows: Vec::new(),
            tried: false,
        }
    }

    /// The policy it asks for, if nothing is wrong with it.
    fn read(&self, vhost: &VhostName, problems: &mut Problems) -> Option<Policy> {
        let definition = rows::table(&self.rows, problems);
        let priority = self.priority.trim().parse().ok()?;
        let is_good = !self.name.trim().is_empty()
            && is_pattern(&self.pattern)
            && !definition.is_empty()
            && !problems.forbids();
        is_good.then(|| Policy {
            vhost: vhost.clone(),
            name: self.name.trim().to_string(),
            pattern: self.pattern.clone(),
            apply_to: self.apply_to,
            priority,
            definition,
        })
    }
}

#[component]
fn SetPolicy(props: &SetPolicyProps) -> Html {
    let page = use_page();
    let t = page.lang.admin();
    let operator = props.operator;
    let draft = use_draft(|| Draft::new(operator));
    let here = props.picture.world.login.vhost.clone();
    let onsubmit = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |()| {
            let policy = draft.get().read(&here, &mut Problems::default());
            let Some(policy) = policy else {
                return draft.change(|draft| draft.tried = true);
            };
            page.driver.operate(match operator {
                false => OperatorCommand::SetPolicy(policy),
                true => OperatorCommand::SetOperatorPolicy(policy),
            });
            draft.change(|draft| *draft = Draft::new(operator));
        })
    };
    let state = draft.get().clone();
    let mut problems = Problems::default();
    let definition = rows::table(&state.rows, &mut problems);
    let no_name = (state.tried && state.name.trim().is_empty()).then_some(t.wrong_name);
    let no_regex = (!is_pattern(&state.pattern)).then_some(t.not_a_regex);
    let no_number = state.priority.trim().parse::<i64>().is_err();
    let no_key = state.tried && definition.is_empty();
    let apply: Vec<Choice> = ApplyTo::ALL
        .into_iter()
        .filter(|it| !operator || !matches!(it, ApplyTo::All | ApplyTo::Exchanges))
        .map(|it| Choice::new(it.as_str(), apply_word(it, t)))
        .collect();
    let name = draft.puts(|draft: &mut Draft, it: AttrValue| draft.name = it.to_string());
    let pattern = draft.puts(|draft: &mut Draft, it: AttrValue| draft.pattern = it.to_string());
    let priority = draft.puts(|draft: &mut Draft, it: AttrValue| draft.priority = it.to_string());
    let onapply = draft.puts(|draft: &mut Draft, it: AttrValue| {
        draft.apply_to = ApplyTo::parse(&it).unwrap_or(ApplyTo::All);
    });
    let onrows = draft.puts(|draft: &mut Draft, rows: Vec<Row>| draft.rows = rows);
    let inside = html! {
        <>
            { line(t.policy_name, None, &state.name, no_name, name) }
            { line(t.policy_pattern, Some(t.policy_pattern_help), &state.pattern, no_regex, pattern) }
            <Select label={t.policy_apply} choices={apply} selected={state.apply_to.as_str()} onselect={onapply} />
            <TextField
                label={t.policy_priority} input={TextInput::Number} value={state.priority.clone()}
                help={t.policy_priority_help} error={no_number.then(|| AttrValue::from(t.wrong_number))}
                oncommit={priority.clone()} ontype={priority}
            />
            <RowsEditor
                label={t.policy_definition} words={row_words(page.t(), t.add_key)} kinds={row_kinds(page.t())}
                rows={state.rows.clone()} errors={row_errors(&problems, page.t())} hints={arguments::of_policy(&page, operator)}
                onchange={onrows}
            />
            <p class="field-help">{ t.policy_definition_help }</p>
            if no_key { <p class="field-error" role="alert">{ t.policy_needs_key }</p> }
            <Button
                submits=true label={if operator { t.operator_add_button } else { t.policy_add_button }} onclick={|_| ()}
            />
        </>
    };
    form(
        if operator {
            t.operator_add
        } else {
            t.policy_add
        },
        onsubmit,
        inside,
    )
}
