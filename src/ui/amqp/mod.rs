//! RabbitMQ on the page: its nodes, forms, panels and sentences. The rest of the page knows no broker.

pub mod book;
pub mod forms;
pub mod hops;
pub mod ids;
pub mod log_lines;
pub mod paint;
pub mod sentence;
pub mod why;
