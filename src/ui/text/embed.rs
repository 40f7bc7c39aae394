//! The words of sharing and embedding: the share dialog, and what is said when a link or a text cannot be opened.

use super::Lang;
use super::columns::texts;

texts! {
    /// The words of sharing and embedding.
    EmbedTexts {
        // the dialog
        share,
        close,
        link,
        copy,
        copied,
        copy_by_hand,
        copy_refused,
        with_run,
        length,
        too_long,
        no_run,
        // what to copy
        embed,
        as_markdown,
        as_html,
        as_iframe,
        as_picture_link,
        as_text,
        as_json,
        // the picture
        picture,
        picture_title,
        picture_alt,
        copy_svg,
        copy_png,
        download_svg,
        download_png,
        download_scenario,
        qr,
        qr_too_long,
        // watching only
        demo_refused,
        // opening
        text_fault,
        the_scenario,
        link_none,
        link_long,
        link_newer,
        link_damaged,
        link_large,
        link_run,
    }
}

pub static EN: EmbedTexts = EmbedTexts {
    share: "Share",
    close: "Close",
    link: "Link to this playground",
    copy: "Copy",
    copied: "Copied.",
    copy_by_hand: "This page may not write to the clipboard. The text is selected: press Ctrl+C or ⌘C.",
    copy_refused: "This page may not write to the clipboard. Save the file instead.",
    with_run: "Include the run up to here, so that the link opens at this very moment",
    length: "{0} characters",
    too_long: "{0} characters: more than 2,000. Many chats cut such a link; better send the scenario as a file.",
    no_run: "The run cannot be part of a link: {0}",
    embed: "Put it into a page",
    as_markdown: "Markdown (fenced block)",
    as_html: "HTML (element)",
    as_iframe: "HTML (iframe)",
    as_picture_link: "Picture with a link",
    as_text: "Scenario as text",
    as_json: "Scenario as JSON",
    picture: "Picture",
    picture_title: "Title of the picture",
    picture_alt: "What it shows, for those who cannot see it",
    copy_svg: "Copy SVG",
    copy_png: "Copy PNG",
    download_svg: "Save SVG",
    download_png: "Save PNG",
    download_scenario: "Save scenario file",
    qr: "QR code of the link",
    qr_too_long: "This link is too long for a QR code that a telephone can read.",
    demo_refused: "This playground is for watching: it plays and explains, and changes nothing.",
    text_fault: "{0}, line {1}, column {2}: {3}",
    the_scenario: "This scenario",
    link_none: "This is no link of a playground: it should begin with \"1.\". Copy the whole link again.",
    link_long: "This link has {0} characters, and {1} is the limit. Share it as a file.",
    link_newer: "This link was made by a newer playground: it is of version {0}, and this page reads up to {1}. Reload the page to get the newest one.",
    link_damaged: "This link is damaged: a part of it is missing or changed. Copy the whole link again.",
    link_large: "What is in this link is larger than {0} bytes, more than any scenario may have. It was not opened.",
    link_run: "The run in this link cannot be played again: {0}. Open the link without it.",
};

pub static ZH: EmbedTexts = EmbedTexts {
    share: "分享",
    close: "关闭",
    link: "此演练场的链接",
    copy: "复制",
    copied: "已复制。",
    copy_by_hand: "本页不能写入剪贴板。文字已选中：请按 Ctrl+C 或 ⌘C。",
    copy_refused: "本页不能写入剪贴板。请改为保存文件。",
    with_run: "包含到目前为止的运行过程，打开链接时正好处于此刻",
    length: "{0} 个字符",
    too_long: "{0} 个字符，超过 2,000。许多聊天工具会截断这样的链接，最好把场景作为文件发送。",
    no_run: "运行过程不能放进链接：{0}",
    embed: "放进网页",
    as_markdown: "Markdown（代码块）",
    as_html: "HTML（元素）",
    as_iframe: "HTML（iframe）",
    as_picture_link: "图片加链接",
    as_text: "场景文本",
    as_json: "场景 JSON",
    picture: "图片",
    picture_title: "图片标题",
    picture_alt: "图片内容说明（供看不见图片的人使用）",
    copy_svg: "复制 SVG",
    copy_png: "复制 PNG",
    download_svg: "保存 SVG",
    download_png: "保存 PNG",
    download_scenario: "保存场景文件",
    qr: "链接的二维码",
    qr_too_long: "链接太长，手机无法读取这样的二维码。",
    demo_refused: "此演练场仅供观看：可以播放和查看解释，不能修改。",
    text_fault: "{0} 第 {1} 行第 {2} 列：{3}",
    the_scenario: "此场景",
    link_none: "这不是演练场的链接：链接应以“1.”开头。请重新复制完整的链接。",
    link_long: "此链接有 {0} 个字符，上限是 {1}。请用文件分享。",
    link_newer: "此链接由更新的演练场生成：它是第 {0} 版，本页最高支持第 {1} 版。请重新加载页面以获得最新版本。",
    link_damaged: "此链接已损坏：有一部分缺失或被改动。请重新复制完整的链接。",
    link_large: "此链接的内容超过 {0} 字节，超出场景的上限，因此没有打开。",
    link_run: "此链接中的运行过程无法重放：{0}。请打开不含运行过程的链接。",
};

impl Lang {
    /// The words of sharing and embedding.
    pub const fn embed(self) -> &'static EmbedTexts {
        match self {
            Lang::En => &EN,
            Lang::Zh => &ZH,
        }
    }
}
