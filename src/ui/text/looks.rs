//! The words of what is touched rather than read: notices that unfold, a page that is locked.

use super::Lang;
use super::columns::texts;

texts! {
    /// Notices, and what a page for watching says.
    LooksTexts {
        unfold_notice,
        in_vhost,
    }
}

const EN: LooksTexts = LooksTexts {
    unfold_notice: "Show all of it",
    in_vhost: "In virtual host `{0}`.",
};

const ZH: LooksTexts = LooksTexts {
    unfold_notice: "显示全文",
    in_vhost: "在虚拟主机 vhost `{0}`。",
};

impl Lang {
    /// The words of what is touched.
    pub const fn looks(self) -> &'static LooksTexts {
        match self {
            Lang::En => &EN,
            Lang::Zh => &ZH,
        }
    }
}
