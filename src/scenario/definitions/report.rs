//! What is said of a definitions file that was read, in both languages: above all what did not come along.

use crate::amqp::VhostName;
use crate::scenario::error::ScenarioError;
use crate::scenario::model::{Localized, ScenarioUser};
use crate::scenario::node::Object;

pub(super) struct Report {
    version: String,
    /// Users whose passwords are missing.
    users: Vec<String>,
    /// Where guest may do more than in the file.
    pub(super) lent: Vec<VhostName>,
    /// Policies that this broker does not take, with the reason.
    pub(super) policies: Vec<String>,
    parameters: usize,
}

impl Report {
    pub(super) fn new(
        version: &str,
        users: &[ScenarioUser],
        root: &Object<'_>,
    ) -> Result<Report, ScenarioError> {
        let others = users.iter().filter(|user| user.name.as_str() != "guest");
        Ok(Report {
            version: version.to_string(),
            users: others.map(|user| user.name.to_string()).collect(),
            lent: Vec::new(),
            policies: Vec::new(),
            parameters: root.items("parameters")?.len(),
        })
    }

    pub(super) fn said(&self) -> Localized {
        let mut said = Localized {
            en: format!("The definitions of a RabbitMQ {}.", self.version),
            zh: format!("一个 RabbitMQ {} 的定义文件。", self.version),
        };
        let mut add = |en: String, zh: String| {
            said.en += " ";
            said.en += &en;
            said.zh += &zh;
        };
        if !self.users.is_empty() {
            let names = self.users.join(", ");
            add(
                format!(
                    "Passwords are not in such a file: {names} came with tags and rights, but without a password."
                ),
                format!(
                    "这种文件里没有密码：用户 {names} 带有标签 tags 和权限 permissions，但没有密码。"
                ),
            );
        }
        if !self.lent.is_empty() {
            let vhosts: Vec<&str> = self.lent.iter().map(VhostName::as_str).collect();
            let vhosts = vhosts.join(", ");
            add(
                format!("guest, as whom you act, was given all rights in {vhosts}."),
                format!("你以 guest 的身份操作，它在 {vhosts} 中得到了全部权限。"),
            );
        }
        if !self.policies.is_empty() {
            let policies = self.policies.join("; ");
            add(
                format!("Policies that the broker here does not take were left out: {policies}."),
                format!("这里的服务器不接受的策略 policy 已略去：{policies}。"),
            );
        }
        if self.parameters > 0 {
            let count = self.parameters;
            add(
                format!("Parameters of plugins ({count}) were left out."),
                format!("插件的参数 parameters（{count} 个）已略去。"),
            );
        }
        said
    }
}
