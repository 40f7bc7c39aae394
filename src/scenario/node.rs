//! A place in a JSON document, that is asked for what should be there and knows its path.

use serde_json::{Map, Value};

use crate::scenario::error::{ScenarioError, ScenarioProblem};

/// The longest name, in bytes of UTF-8 (AMQP 0-9-1: a short string).
const MAX_NAME_BYTES: usize = 255;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    path: String,
    value: &'a Value,
}

/// An object whose every field must be known.
#[derive(Clone, Debug)]
pub struct Object<'a> {
    path: String,
    fields: &'a Map<String, Value>,
}

impl<'a> Node<'a> {
    /// The whole document.
    pub fn root(value: &'a Value) -> Node<'a> {
        Node {
            path: "$".to_string(),
            value,
        }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// An object with no other fields than `known`.
    pub fn object(&self, known: &[&str]) -> Result<Object<'a>, ScenarioError> {
        let object = self.any_object()?;
        match object.fields.keys().find(|k| !known.contains(&k.as_str())) {
            Some(key) => Err(ScenarioError::shape(
                &format!("{}.{key}", self.path),
                format!(
                    "nothing is called \"{key}\" here; known are: {}.",
                    known.join(", ")
                ),
            )),
            None => Ok(object),
        }
    }

    /// An object with whatever fields.
    pub fn any_object(&self) -> Result<Object<'a>, ScenarioError> {
        match self.value {
            Value::Object(fields) => Ok(Object {
                path: self.path.clone(),
                fields,
            }),
            _ => Err(self.wrong("an object { … }")),
        }
    }

    /// The items of an array.
    pub fn items(&self) -> Result<Vec<Node<'a>>, ScenarioError> {
        let Value::Array(items) = self.value else {
            return Err(self.wrong("an array [ … ]"));
        };
        let item = |(index, value)| Node {
            path: format!("{}[{index}]", self.path),
            value,
        };
        Ok(items.iter().enumerate().map(item).collect())
    }

    pub fn text(&self) -> Result<&'a str, ScenarioError> {
        self.value.as_str().ok_or_else(|| self.wrong("a text"))
    }

    /// A text that fits a short string.
    pub fn name(&self) -> Result<&'a str, ScenarioError> {
        let name = self.text()?;
        if name.len() > MAX_NAME_BYTES {
            let problem = ScenarioProblem::NameTooLong {
                name: name.to_string(),
                bytes: name.len(),
            };
            return Err(ScenarioError::new(&self.path, problem));
        }
        Ok(name)
    }

    /// A name that somebody may declare: not empty and not the broker's own.
    pub fn own_name(&self) -> Result<&'a str, ScenarioError> {
        let name = self.name()?;
        if name.is_empty() {
            return Err(self.wrong("a name that is not empty"));
        }
        if name.starts_with("amq.") {
            let name = name.to_string();
            let problem = ScenarioProblem::ReservedName { name };
            return Err(ScenarioError::new(&self.path, problem));
        }
        Ok(name)
    }

    pub fn flag(&self) -> Result<bool, ScenarioError> {
        let flag = self.value.as_bool();
        flag.ok_or_else(|| self.wrong("true or false"))
    }

    /// A whole number of at most `most`.
    pub fn number(&self, most: u64) -> Result<u64, ScenarioError> {
        match self.value.as_u64() {
            Some(number) if number <= most => Ok(number),
            Some(_) | None => Err(self.wrong(&format!("a whole number from 0 to {most}"))),
        }
    }

    /// A whole number of 64 bits with its sign.
    pub fn integer(&self) -> Result<i64, ScenarioError> {
        let number = self.value.as_i64();
        number.ok_or_else(|| self.wrong("a whole number"))
    }

    /// A place on a canvas.
    pub fn coordinate(&self) -> Result<f64, ScenarioError> {
        const FAR: f64 = 1e6;
        match self.value.as_f64() {
            Some(number) if number.abs() <= FAR => Ok(number),
            Some(_) | None => Err(self.wrong("a number of at most a million")),
        }
    }

    /// Here should stand `expected`.
    pub fn wrong(&self, expected: &str) -> ScenarioError {
        let found = match self.value {
            Value::Null => "null".to_string(),
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => {
                let start: String = text.chars().take(40).collect();
                format!("\"{start}\"")
            }
            Value::Array(_) => "an array".to_string(),
            Value::Object(_) => "an object".to_string(),
        };
        ScenarioError::shape(
            &self.path,
            format!("here should be {expected}, not {found}."),
        )
    }
}

impl<'a> Object<'a> {
    /// The field `key`, if it is there.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.fields.get(key)?;
        Some(Node {
            path: format!("{}.{key}", self.path),
            value,
        })
    }

    /// The field `key`, which must be there.
    pub fn need(&self, key: &str) -> Result<Node<'a>, ScenarioError> {
        self.get(key).ok_or_else(|| {
            ScenarioError::shape(&self.path, format!("\"{key}\" is missing here. Add it."))
        })
    }

    /// The flag `key`; false if it is not there.
    pub fn flag(&self, key: &str) -> Result<bool, ScenarioError> {
        self.get(key).map_or(Ok(false), |node| node.flag())
    }

    /// The items of the array `key`; none if it is not there.
    pub fn items(&self, key: &str) -> Result<Vec<Node<'a>>, ScenarioError> {
        self.get(key).map_or(Ok(Vec::new()), |node| node.items())
    }

    /// Every field, in the order of their names.
    pub fn entries(&self) -> Vec<(&'a str, Node<'a>)> {
        let entry = |(key, value): (&'a String, &'a Value)| {
            let path = format!("{}.{key}", self.path);
            (key.as_str(), Node { path, value })
        };
        self.fields.iter().map(entry).collect()
    }
}
