//! What is typed into the forms of producers and of consumers alike.

use yew::AttrValue;

use crate::actors::Form;
use crate::actors::chance::time;
use crate::ui::amqp::forms::consuming::ConsumerDraft;
use crate::ui::amqp::forms::described::{Spot, Wrongs, count, duration};
use crate::ui::amqp::forms::producing::ProducerDraft;
use crate::ui::text::Lang;

/// Its name, when it stops, and whether it connects again.
#[derive(Clone, Debug, PartialEq)]
pub struct Basics {
    pub name: AttrValue,
    /// Empty: it goes on.
    pub times: AttrValue,
    pub reconnect: bool,
    pub reconnect_after: AttrValue,
}

impl Basics {
    /// Of a new program.
    pub fn new(name: String) -> Basics {
        Basics {
            name: name.into(),
            times: AttrValue::default(),
            reconnect: false,
            reconnect_after: "1s".into(),
        }
    }

    /// Of one that is there.
    pub fn of(name: &str, times: Option<u32>, reconnect_ms: Option<u64>) -> Basics {
        let new = Basics::new(name.to_string());
        Basics {
            times: times.map_or(String::new(), |n| n.to_string()).into(),
            reconnect: reconnect_ms.is_some(),
            reconnect_after: reconnect_ms.map_or(new.reconnect_after.clone(), |ms| time(ms).into()),
            ..new
        }
    }

    /// After how many it stops.
    pub fn read_times(&self, wrongs: &mut Wrongs) -> Option<u32> {
        count(wrongs, Spot::Times, &self.times)
    }

    /// After how long it connects again, if it does.
    pub fn read_reconnect(&self, wrongs: &mut Wrongs) -> Option<u64> {
        self.reconnect
            .then(|| duration(wrongs, Spot::ReconnectAfter, &self.reconnect_after))
    }
}

/// What is typed into the form of a program.
pub trait ProgramDraft: 'static {
    /// What every such form has.
    fn basics(&self) -> &Basics;
    /// The same, to be changed.
    fn basics_mut(&mut self) -> &mut Basics;
    /// The form, if it can be read, and what is wrong with it.
    fn read(&self, lang: Lang) -> (Option<Form>, Wrongs);
}

impl ProgramDraft for ProducerDraft {
    fn basics(&self) -> &Basics {
        &self.basics
    }

    fn basics_mut(&mut self) -> &mut Basics {
        &mut self.basics
    }

    fn read(&self, lang: Lang) -> (Option<Form>, Wrongs) {
        ProducerDraft::read(self, lang)
    }
}

impl ProgramDraft for ConsumerDraft {
    fn basics(&self) -> &Basics {
        &self.basics
    }

    fn basics_mut(&mut self) -> &mut Basics {
        &mut self.basics
    }

    fn read(&self, lang: Lang) -> (Option<Form>, Wrongs) {
        ConsumerDraft::read(self, lang)
    }
}
