//! Makes a table's columns, and what of them comes with the first view.

/// Makes a table's columns: a struct of sentences. Each area of the page has its own file with columns and both tables,
/// `EN` and `ZH`.
///
/// `first view, area: AreaTexts { … }` names the sentences that the first view shows. `lang.area()` then gives those, and
/// the others through `Deref`: whoever asks for another one needs the whole table, which is not in the first part of the
/// page's code. Nobody else sees a difference.
macro_rules! texts {
    (
        $(#[$doc:meta])* $name:ident { $($field:ident,)* } $(with $part:ident: $type:ident)?
        $(first view, $area:ident: $first:ident { $($shown:ident,)* })?
    ) => {
        $(#[$doc])*
        #[allow(missing_docs)]
        pub struct $name {
            $(pub $field: &'static str,)*
            $(pub $part: $type,)?
        }

        impl $name {
            /// Every sentence with its name.
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                #[allow(unused_mut)]
                let mut all = vec![$((stringify!($field), self.$field),)*];
                $(all.extend(self.$part.all());)?
                all
            }
        }

        $(
            #[doc = concat!("What the first view shows of [`", stringify!($name), "`], and by its `Deref` all of it.")]
            #[allow(missing_docs)]
            pub struct $first {
                lang: $crate::ui::text::Lang,
                $(pub $shown: &'static str,)*
            }

            impl $first {
                const fn of(lang: $crate::ui::text::Lang, all: &$name) -> $first {
                    $first { lang, $($shown: all.$shown,)* }
                }
            }

            impl std::ops::Deref for $first {
                type Target = $name;

                #[inline(never)]
                fn deref(&self) -> &$name {
                    match self.lang {
                        $crate::ui::text::Lang::En => &EN,
                        $crate::ui::text::Lang::Zh => &ZH,
                    }
                }
            }

            impl $crate::ui::text::Lang {
                #[doc = concat!("The sentences of [`", stringify!($name), "`].")]
                pub const fn $area(self) -> &'static $first {
                    use $crate::ui::text::Lang;
                    static FIRST_EN: $first = $first::of(Lang::En, &EN);
                    static FIRST_ZH: $first = $first::of(Lang::Zh, &ZH);
                    match self {
                        Lang::En => &FIRST_EN,
                        Lang::Zh => &FIRST_ZH,
                    }
                }
            }
        )?
    };
}

pub(super) use texts;
