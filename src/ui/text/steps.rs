//! The words of going event by event through a command, and of comparing in slices.

use super::Lang;
use super::columns::texts;

texts! {
    /// The size of a step, the sign that one is inside a command, and how far a comparison is.
    StepTexts {
        size,
        by_command,
        by_event,
        size_help,
        within,
        inside,
        next,
        finish,
        coming,
        event_forward,
        event_back,
        comparing,
        compare_cancel,
    }
}

const EN: StepTexts = StepTexts {
    size: "Size of a step",
    by_command: "Step: command",
    by_event: "Step: event",
    size_help: "A step is a command with everything it causes, or one event of it",
    within: "Inside a command: {0} of {1} events have happened.",
    inside: "You are inside a command at {0}: {1} of {2} events have happened.",
    next: "Next:",
    finish: "Finish the command",
    coming: "Still to come of this command: {0}",
    event_forward: "One event forward",
    event_back: "One event back",
    comparing: "Comparing the branches: {0} of {1} steps read.",
    compare_cancel: "Stop comparing",
};

const ZH: StepTexts = StepTexts {
    size: "单步的大小",
    by_command: "单步：命令 command",
    by_event: "单步：事件 event",
    size_help: "一步可以是一条命令及其全部后果，也可以只是其中的一个事件",
    within: "位于一条命令之中：{1} 个事件里已发生 {0} 个。",
    inside: "你在 {0} 的一条命令之中：{2} 个事件里已发生 {1} 个。",
    next: "接下来：",
    finish: "完成这条命令",
    coming: "这条命令还将发生：{0}",
    event_forward: "前进一个事件",
    event_back: "后退一个事件",
    comparing: "正在比较分支：已读 {0} / {1} 步。",
    compare_cancel: "停止比较",
};

impl Lang {
    /// The words of going event by event.
    pub const fn steps(self) -> &'static StepTexts {
        match self {
            Lang::En => &EN,
            Lang::Zh => &ZH,
        }
    }
}
