//! RabbitMQ on the page: its nodes, forms, panels and sentences. The rest of the page knows no broker.

pub mod beginnings;
pub mod book;
pub mod bound;
pub mod captions;
pub mod course;
pub mod editing;
pub mod editing_verbs;
pub mod faults;
pub mod files;
pub mod forms;
pub mod hops;
pub mod ids;
mod in_vhost;
pub mod log_lines;
pub mod news;
pub mod one_vhost;
pub mod page;
pub mod paint;
pub mod panels;
pub mod picture;
pub mod rates;
pub mod sentence;
pub mod stage_view;
pub mod still;
pub mod verbs;
pub mod voice;
pub mod why;
