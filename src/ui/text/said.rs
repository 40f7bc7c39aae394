//! What programs print, why something is not done to them, and the names of limits, in the words of a language. English
//! is the core's own.

use super::{Lang, script};
use crate::actors::{Awaited, MAX_PROGRAMS, Printed, Refusal};
use crate::amqp::Idle;

/// A line that a program printed. The words of its script stay as they are.
pub fn printed(line: &Printed, lang: Lang) -> String {
    if lang == Lang::En {
        return line.to_string();
    }
    match line {
        Printed::Text(text) => text.to_string(),
        Printed::Received { body, redelivered } => {
            let again = if *redelivered {
                "（重新投递 redelivered）"
            } else {
                ""
            };
            format!("[x] 收到 Received {body}{again}")
        }
        Printed::Done => "[x] 处理完 Done".to_string(),
        Printed::Returned { body } => format!("[!] 被退回 Returned，NO_ROUTE：{body}"),
        Printed::NotConfirmed { publish } => format!("[!] 未被确认：第 {publish} 次发布"),
        Printed::Cancelled => "[!] 服务器取消了消费者 basic.cancel".to_string(),
        Printed::Late(Awaited::Answer) => "[!] 没有按时收到回复".to_string(),
        Printed::Late(Awaited::Confirms) => "[!] 没有按时全部得到确认".to_string(),
        Printed::Late(Awaited::Unblocked) => "[!] 仍被阻塞".to_string(),
        Printed::NoReplyTo => "[!] 消息没有写明 reply_to".to_string(),
        Printed::NotFilled(problem) => format!("[!] {}", script::problem(problem, lang)),
        Printed::Failed(text) => format!("[!] {text}"),
    }
}

/// Why something is not done to a program.
pub fn refusal(why: &Refusal, lang: Lang) -> String {
    if lang == Lang::En {
        return match why {
            Refusal::Script(error) => script::error(error, lang),
            why => why.to_string(),
        };
    }
    match why {
        Refusal::NoSuchProgram => "没有这个程序".to_string(),
        Refusal::NoProgramNamed(name) => format!("没有名为“{name}”的程序"),
        Refusal::TooMany => format!("已有 {MAX_PROGRAMS} 个程序，达到上限"),
        Refusal::ThereAlready(program) => format!("{program} 已经存在"),
        Refusal::Script(error) => script::error(error, lang),
        Refusal::NothingFor(fault) => format!("没有可以出故障 {fault} 的东西"),
    }
}

/// Why nothing was done.
pub fn idle(why: &Idle, lang: Lang) -> String {
    if lang == Lang::En {
        return why.to_string();
    }
    match why {
        Idle::NoVhost(vhost) => format!("没有虚拟主机 vhost “{vhost}”"),
        Idle::VhostExists(vhost) => format!("虚拟主机 vhost “{vhost}” 已经存在"),
        Idle::NoUser(user) => format!("没有用户 user “{user}”"),
        Idle::NoPolicy { name, vhost } => {
            format!("虚拟主机 vhost “{vhost}” 里没有策略 policy “{name}”")
        }
        Idle::NotAPattern(pattern) => format!("“{pattern}” 不是正则表达式"),
        Idle::Refused(why) => why.to_string(),
        Idle::NoDefaultQueueType => "RabbitMQ 3.10 没有默认队列类型 default queue type".to_string(),
        Idle::OpenAlready(connection) => format!("{connection} 已经打开"),
        Idle::NotOpen(connection) => format!("{connection} 没有打开"),
    }
}

/// What a limit of the playground is on, by the core's name for it.
pub fn limit(what: &'static str, lang: Lang) -> &'static str {
    if lang == Lang::En {
        return what;
    }
    LIMITS
        .iter()
        .find(|(known, _)| *known == what)
        .map_or(what, |(_, words)| words)
}

/// The core's names for its limits, and ours.
const LIMITS: [(&str, &str); 11] = [
    ("connections", "连接 connection"),
    ("channels of a connection", "一个连接的信道 channel"),
    ("consumers", "消费者 consumer"),
    ("exchanges", "交换机 exchange"),
    ("queues", "队列 queue"),
    ("bindings of one exchange", "一个交换机的绑定 binding"),
    ("messages in one queue", "一个队列里的消息"),
    ("bytes of messages in one queue", "一个队列里消息的字节"),
    ("messages in all queues", "所有队列里的消息"),
    ("consequences of one step", "一步引起的后果"),
    (
        "publishes of a blocked connection",
        "被阻塞连接上待发布的消息",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::{Fault, ProgramId, Script};
    use crate::amqp::{ConnectionId, DeliveryTag};

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c))
    }

    #[test]
    fn why_nothing_was_done_is_said_in_chinese() {
        let reasons = [
            Idle::NoVhost("orders".into()),
            Idle::VhostExists("orders".into()),
            Idle::NoUser("ann".into()),
            Idle::NoPolicy {
                name: "short".into(),
                vhost: "/".into(),
            },
            Idle::NotAPattern("(".into()),
            Idle::NoDefaultQueueType,
            Idle::OpenAlready(ConnectionId(3)),
            Idle::NotOpen(ConnectionId(3)),
        ];
        for why in reasons {
            let said = idle(&why, Lang::Zh);
            assert!(is_chinese(&said), "{said}");
            assert!(!is_chinese(&idle(&why, Lang::En)));
        }
        let own = Idle::Refused("-1 is not a valid maximum length".into());
        assert_eq!(idle(&own, Lang::Zh), own.to_string());
    }

    #[test]
    fn what_programs_print_by_themselves_is_said_in_chinese() {
        let body: std::rc::Rc<str> = "Hello".into();
        let fault = Script::parse("publsh logs 'x'").expect_err("a fault");
        let lines = [
            Printed::Received {
                body: body.clone(),
                redelivered: true,
            },
            Printed::Done,
            Printed::Returned { body: body.clone() },
            Printed::NotConfirmed {
                publish: DeliveryTag(3),
            },
            Printed::Cancelled,
            Printed::Late(Awaited::Answer),
            Printed::Late(Awaited::Confirms),
            Printed::Late(Awaited::Unblocked),
            Printed::NoReplyTo,
            Printed::NotFilled(fault.problem.clone().into()),
        ];
        for line in lines {
            assert!(is_chinese(&printed(&line, Lang::Zh)), "{line}");
            assert_eq!(printed(&line, Lang::En), line.to_string());
        }
        let own = Printed::Text(body);
        assert_eq!(
            printed(&own, Lang::Zh),
            "Hello",
            "what a script says is its own"
        );
        let whys = [
            Refusal::NoSuchProgram,
            Refusal::NoProgramNamed("shop".into()),
            Refusal::TooMany,
            Refusal::ThereAlready(ProgramId(1)),
            Refusal::Script(fault.into()),
            Refusal::NothingFor(Fault::Kill),
        ];
        for why in whys {
            assert!(is_chinese(&refusal(&why, Lang::Zh)), "{why}");
        }
        for (name, _) in LIMITS {
            assert!(is_chinese(limit(name, Lang::Zh)), "{name}");
            assert_eq!(limit(name, Lang::En), name);
        }
    }
}
