//! The words of the inspector, the tables, the command palette and saving, in both languages.

use super::fields::texts;

texts! {
    /// The words of the inspector, the tables, the command palette and saving.
    InspectTexts {
        // help
        help_example,
        help_link,
    }
}

pub static EN: InspectTexts = InspectTexts {
    help_example: "Example:",
    help_link: "RabbitMQ docs",
};

pub static ZH: InspectTexts = InspectTexts {
    help_example: "例如：",
    help_link: "RabbitMQ 文档",
};
