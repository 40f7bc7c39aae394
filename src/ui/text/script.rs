//! What is wrong in a script, in the words of a language. English is the core's own.

use super::Lang;
use crate::actors::script::{Need, ScriptError, ScriptProblem};

/// What is wrong and what to do, without the place.
pub fn problem(problem: &ScriptProblem, lang: Lang) -> String {
    match lang {
        Lang::En => {
            let what = problem.what();
            let mut letters = what.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            let what: String = first.into_iter().chain(letters).collect();
            format!("{what}. {}", problem.hint())
        }
        Lang::Zh => format!("{}。{}", what(problem), hint(problem)),
    }
}

/// The same, with line and column before it.
pub fn error(error: &ScriptError, lang: Lang) -> String {
    let said = problem(&error.problem, lang);
    let (line, column) = (error.line, error.column);
    match lang {
        Lang::En => format!("Line {line}, column {column}: {said}"),
        Lang::Zh => format!("第 {line} 行第 {column} 列：{said}"),
    }
}

fn need(need: Need) -> &'static str {
    match need {
        Need::Name => "名称",
        Need::Type => "类型",
        Need::Exchange => "交换机 exchange",
        Need::TargetExchange => "交换机 exchange（\"\" 为默认交换机）",
        Need::Destination => "队列，或 `exchange` 加名称",
        Need::Arrow => "->",
        Need::Time => "时间",
        Need::Count => "数量",
        Need::CountOrForever => "次数，或 `forever`",
        Need::Text => "文本",
        Need::ConsumerTag => "消费者标签 consumer tag",
        Need::PrefetchCount => "预取数 prefetch",
        Need::QueueOrExchange => "`queue` 或 `exchange`",
        Need::TxVerb => "select、commit 或 rollback",
        Need::OnOrOff => "on 或 off",
        Need::Rate => "每秒多少条",
        Need::Points => "至少两个点",
        Need::Percentage => "百分比",
        Need::Event => "message、nack、return 或 blocked",
        Need::Reaction => "ignore、retry 或 stop",
        Need::Awaited => "reply 或 confirms",
        Need::Fault => "要出的故障",
        Need::Program => "程序名",
        Need::Every => "every=时间",
        Need::AckMode => "auto、by-hand、before-work、after-work 或 batch=10",
        Need::Mishap => "失败之后怎样：nack requeue、reject discard、crash 等",
    }
}

fn what(problem: &ScriptProblem) -> String {
    match problem {
        ScriptProblem::NoStatement => "每行以要做的事开头".to_string(),
        ScriptProblem::UnknownStatement { word, .. } => format!("没有 `{word}` 这个语句"),
        ScriptProblem::UnknownWord {
            statement, word, ..
        } => format!("`{statement}` 不认识 `{word}`"),
        ScriptProblem::OpenText { .. } => "这段文本没有结尾".to_string(),
        ScriptProblem::Missing {
            statement,
            need: missing,
            ..
        } => format!("`{statement}` 缺少{}", need(*missing)),
        ScriptProblem::NotANumber { of, text, .. } => format!("`{of}` 不能是 `{text}`"),
        ScriptProblem::NotATime { text } => format!("`{text}` 不是时间"),
        ScriptProblem::NotADeliveryTag { text } => format!("`{text}` 不是投递标签 delivery tag"),
        ScriptProblem::NotACount { text } => format!("`{text}` 不是次数"),
        ScriptProblem::NotAPrefetch { text } => format!("`{text}` 不是预取数 prefetch"),
        ScriptProblem::NotARate { text, .. } => format!("`{text}` 不是速率"),
        ScriptProblem::NotAPercentage { text } => format!("`{text}` 不是百分比"),
        ScriptProblem::CurveBackwards { text } => format!("`{text}` 不晚于前一个点"),
        ScriptProblem::NoOutcome { statement } => {
            format!("`{statement}` 必须说明消息的去向")
        }
        ScriptProblem::NothingToEnd { word: "else" } => {
            "这个 `else` 不属于任何 `chance`".to_string()
        }
        ScriptProblem::NothingToEnd { word } => format!("这个 `{word}` 没有对应的开头"),
        ScriptProblem::NoEnd { statement } => format!("这个 `{statement}` 没有 `end`"),
        ScriptProblem::OnlyWithMessage { statement } => {
            format!("`{statement}` 只能写在 `on message` 里面")
        }
        ScriptProblem::NotInside { statement } => format!("`{statement}` 不能写在别的块里面"),
        ScriptProblem::Twice { statement } => format!("已经有一个 `{statement}` 了"),
        ScriptProblem::BadPlace { place, .. } => format!("`{place}` 不是可以填充的占位符"),
        ScriptProblem::TooManyLines { .. } | ScriptProblem::TooManyBytes { .. } => {
            "脚本太长".to_string()
        }
    }
}

fn hint(problem: &ScriptProblem) -> String {
    match problem {
        ScriptProblem::NoStatement => "例如：publish logs \"Hello World!\"".to_string(),
        ScriptProblem::UnknownStatement { near, known, .. } => {
            meant(*near, || format!("可用的有：{}。", known.join("、")))
        }
        ScriptProblem::UnknownWord {
            near, known, word, ..
        } => meant(*near, || match known.is_empty() {
            true => format!("请删去，或加引号：\"{word}\"。"),
            false => format!("它认识：{}。", known.join("、")),
        }),
        ScriptProblem::OpenText { quote } => format!("请在同一行用 {quote} 结束。"),
        ScriptProblem::Missing { example, .. } => format!("例如：{example}"),
        ScriptProblem::NotANumber { most, .. } => format!("取值 0 到 {most}。"),
        ScriptProblem::NotATime { .. } => "请写数字加单位：500ms、2s、1.5s、1m。".to_string(),
        ScriptProblem::NotADeliveryTag { .. } => {
            "delivery tag 是数字；不写则指最近一条投递。".to_string()
        }
        ScriptProblem::NotACount { .. } => "例如：`repeat 3` 或 `repeat forever`。".to_string(),
        ScriptProblem::NotAPrefetch { .. } => "取值 0 到 65535。".to_string(),
        ScriptProblem::NotARate { most, .. } => {
            format!("请写每秒条数，大于 0，最多 {most}：这是一个程序的上限。")
        }
        ScriptProblem::NotAPercentage { .. } => "请写 0% 到 100%。".to_string(),
        ScriptProblem::CurveBackwards { .. } => "请按时间先后写各点。".to_string(),
        ScriptProblem::NoOutcome { .. } => {
            "请加 `requeue`（回到队列）或 `discard`（丢弃或进入死信）。".to_string()
        }
        ScriptProblem::NothingToEnd { word: "else" } => {
            "请写在 `chance 10%` 和它的 `end` 之间。".to_string()
        }
        ScriptProblem::NothingToEnd { .. } => {
            "块以 `repeat 3` 或 `repeat forever` 等开头。".to_string()
        }
        ScriptProblem::NoEnd { .. } => "请在要重复的内容之后单独写一行 `end`。".to_string(),
        ScriptProblem::OnlyWithMessage { .. } => {
            "请放到 `on message` 和它的 `end` 之间。".to_string()
        }
        ScriptProblem::NotInside { .. } => "请放到块的前面或后面。".to_string(),
        ScriptProblem::Twice { .. } => "请合并成一个。".to_string(),
        ScriptProblem::BadPlace { near, .. } => meant(*near, || {
            "例如：{random:1..6}、{pick:red|green}、{header:colour}。".to_string()
        }),
        ScriptProblem::TooManyLines { most } => {
            format!("一个脚本最多 {most} 行：请拆成几个程序。")
        }
        ScriptProblem::TooManyBytes { most } => {
            format!("一个脚本最多 {most} 字节：请拆成几个程序。")
        }
    }
}

fn meant(near: Option<&'static str>, otherwise: impl FnOnce() -> String) -> String {
    near.map_or_else(otherwise, |near| format!("你是不是要写 `{near}`？"))
}
