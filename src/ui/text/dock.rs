//! The words of the dock under the canvas.

use super::Lang;
use super::columns::texts;

texts! {
    /// The dock: its tabs and what folds and sizes it.
    DockTexts {
        title,
        tab_log,
        tab_message,
        tab_programs,
        programs_none,
        tab_charts,
        tab_time,
        tab_frames,
        fold,
        unfold,
        height,
    }
}

const EN: DockTexts = DockTexts {
    title: "Panels under the canvas",
    tab_log: "Log",
    tab_message: "Message",
    tab_programs: "Programs",
    programs_none: "There are no programs yet. Add a producer, a consumer or a script, and watch it here line by line.",
    tab_charts: "Charts",
    tab_time: "History",
    tab_frames: "Frames",
    fold: "Fold the panels away",
    unfold: "Unfold the panels",
    height: "Height of the panels",
};

const ZH: DockTexts = DockTexts {
    title: "画布下方的面板",
    tab_log: "日志 Log",
    tab_message: "消息 Message",
    tab_programs: "程序 Programs",
    programs_none: "还没有程序。添加生产者、消费者或脚本，就能在这里逐行观看。",
    tab_charts: "图表 Charts",
    tab_time: "历史与分支 History",
    tab_frames: "帧 Frames",
    fold: "收起面板",
    unfold: "展开面板",
    height: "面板高度",
};

impl Lang {
    /// The words of the dock.
    pub const fn dock(self) -> &'static DockTexts {
        match self {
            Lang::En => &EN,
            Lang::Zh => &ZH,
        }
    }
}
