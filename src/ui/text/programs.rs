//! The words of programs: their states, what goes wrong with them, and what the log says of it, in both languages.

use super::fields::texts;

texts! {
    /// The words of programs.
    ProgramTexts {
        // states
        state_blocked,
        state_hung,
        state_reconnecting,
        // the log
        log_edited,
        log_hung,
        log_reconnects,
        log_gave_up,
        notice_nack,
        notice_return,
        notice_blocked,
        log_killed,
        log_dropped,
        log_channel,
        log_hang,
        log_resume,
        log_slow,
        log_normal,
        log_before_ack,
        log_steps,
    }
}

pub static EN: ProgramTexts = ProgramTexts {
    state_blocked: "blocked by an alarm",
    state_hung: "hangs",
    state_reconnecting: "connects again soon",
    log_edited: "Program `{0}` has another script.",
    log_hung: "Program `{0}` hangs: it stands still with its connection open.",
    log_reconnects: "Program `{0}` connects again after {1} ms.",
    log_gave_up: "Program `{0}` gives up because of `{1}`, as its script says.",
    notice_nack: "basic.nack",
    notice_return: "basic.return",
    notice_blocked: "connection.blocked",
    log_killed: "Fault: program `{0}` is killed.",
    log_dropped: "Fault: the connection of `{0}` is cut.",
    log_channel: "Fault: `{0}` acknowledges a delivery that never was, so its channel is closed.",
    log_hang: "Fault: `{0}` hangs. What it holds stays unacked.",
    log_resume: "`{0}` goes on where it hung.",
    log_slow: "Fault: `{0}` takes {1} times as long for everything.",
    log_normal: "`{0}` is back at its own pace.",
    log_before_ack: "Fault: the connection of `{0}` will be lost just before its next ack.",
    log_steps: "The programs of this run have done `{0}` steps, and that is the limit: they rest now. Begin the scenario anew, or step back.",
};

pub static ZH: ProgramTexts = ProgramTexts {
    state_blocked: "被告警阻塞 blocked",
    state_hung: "卡住 hung",
    state_reconnecting: "即将重连",
    log_edited: "程序 `{0}` 换了脚本。",
    log_hung: "程序 `{0}` 卡住了：连接还开着，但什么也不做。",
    log_reconnects: "程序 `{0}` 将在 {1} 毫秒后重连。",
    log_gave_up: "程序 `{0}` 因 `{1}` 而放弃，脚本里就是这样写的。",
    notice_nack: "basic.nack",
    notice_return: "basic.return",
    notice_blocked: "connection.blocked",
    log_killed: "故障：程序 `{0}` 被杀死。",
    log_dropped: "故障：`{0}` 的连接断开。",
    log_channel: "故障：`{0}` 确认了一条不存在的投递，信道被关闭。",
    log_hang: "故障：`{0}` 卡住，手里的消息一直未确认 unacked。",
    log_resume: "`{0}` 从卡住的地方继续。",
    log_slow: "故障：`{0}` 做什么都要 {1} 倍的时间。",
    log_normal: "`{0}` 恢复原来的速度。",
    log_before_ack: "故障：`{0}` 下一次 ack 之前连接将会丢失。",
    log_steps: "本次运行中程序已经走了 `{0}` 步，到达上限：它们现在停下。请重新开始场景，或退回几步。",
};
