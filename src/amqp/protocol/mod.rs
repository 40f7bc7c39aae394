//! Names and numbers of AMQP 0-9-1 with RabbitMQ's extensions. No behaviour.

pub mod method;
pub mod reply_code;

pub use method::{ClientMethod, MethodId, ServerMethod};
pub use reply_code::ReplyCode;
