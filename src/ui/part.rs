//! One Yew component that runs all others.
//!
//! Yew compiles its whole machinery of scopes and properties anew for every component: three to four kilobytes each,
//! for forty of them. [`part!`](crate::part) mounts a function component through the one in this file instead; what
//! is left of it in the wasm is its own function.

use std::any::{Any, TypeId};
use std::rc::Rc;

use yew::functional::{FunctionComponent, FunctionProvider, HookContext};
use yew::html::{BaseComponent, HtmlResult};
use yew::prelude::*;
use yew::virtual_dom::{Key, VChild};

/// Mounts a function component: `part! { <Button {label} {onclick} /> }`, with a key in a list:
/// `part! { key = id; <Button {label} {onclick} /> }`.
#[macro_export]
macro_rules! part {
    (key = $key:expr; $($tag:tt)*) => {
        $crate::ui::part::mount(::yew::html_nested! { $($tag)* }, Some(::yew::virtual_dom::Key::from($key)))
    };
    ($($tag:tt)*) => { $crate::ui::part::mount(::yew::html_nested! { $($tag)* }, None) };
}

/// A function component with its props, whichever they are.
#[derive(Properties)]
pub struct PartProps {
    which: TypeId,
    run: fn(&mut HookContext, &dyn Any) -> HtmlResult,
    same: fn(&dyn Any, &dyn Any) -> bool,
    props: Rc<dyn Any>,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &PartProps) -> bool {
        self.which == other.which
            && (Rc::ptr_eq(&self.props, &other.props) || (self.same)(&*self.props, &*other.props))
    }
}

/// What [`part!`](crate::part) expands to.
pub fn mount<P: Properties + PartialEq + 'static, C>(child: VChild<C>, key: Option<Key>) -> Html
where
    C: BaseComponent<Properties = P> + FunctionProvider<Properties = P>,
{
    erased(
        PartProps {
            which: TypeId::of::<C>(),
            run: run::<C>,
            same: same::<P>,
            props: child.props,
        },
        key,
    )
}

#[inline(never)]
fn erased(props: PartProps, key: Option<Key>) -> Html {
    VChild::<Part>::new(props, key).into()
}

fn run<C: FunctionProvider>(ctx: &mut HookContext, props: &dyn Any) -> HtmlResult
where
    C::Properties: 'static,
{
    let props = props.downcast_ref::<C::Properties>();
    C::run(ctx, props.expect("run and props come from one component"))
}

fn same<P: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    one.downcast_ref::<P>() == other.downcast_ref::<P>()
}

/// The component.
struct Part {
    inner: FunctionComponent<Part>,
    /// Another component has come to this place: what the last one drew leaves the page before the new one begins, as
    /// Yew does it for components of different types. Else the fields of one form would keep what was typed into
    /// those of another.
    leaving: bool,
}

impl FunctionProvider for Part {
    type Properties = PartProps;

    fn run(ctx: &mut HookContext, props: &PartProps) -> HtmlResult {
        (props.run)(ctx, &*props.props)
    }
}

impl BaseComponent for Part {
    type Message = ();
    type Properties = PartProps;

    fn create(ctx: &Context<Part>) -> Part {
        Part {
            inner: FunctionComponent::new(ctx),
            leaving: false,
        }
    }

    fn update(&mut self, _: &Context<Part>, (): ()) -> bool {
        true
    }

    fn changed(&mut self, ctx: &Context<Part>, old: &PartProps) -> bool {
        if ctx.props().which != old.which {
            self.inner.destroy();
            self.inner = FunctionComponent::new(ctx);
            self.leaving = true;
        }
        true
    }

    fn view(&self, ctx: &Context<Part>) -> HtmlResult {
        if self.leaving {
            return Ok(Html::default());
        }
        self.inner.render(ctx.props())
    }

    fn rendered(&mut self, ctx: &Context<Part>, _: bool) {
        if self.leaving {
            self.leaving = false;
            ctx.link().send_message(());
        } else {
            self.inner.rendered();
        }
    }

    fn destroy(&mut self, _: &Context<Part>) {
        self.inner.destroy();
    }

    fn prepare_state(&self) -> Option<String> {
        None
    }
}
