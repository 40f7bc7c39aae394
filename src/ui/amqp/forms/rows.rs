//! Typed rows to a field table, with the types the management UI offers.

use crate::amqp::message::{Table, Value};
use crate::ui::amqp::forms::names::short_string;
use crate::ui::amqp::forms::{Field, Problem, Problems};
use crate::ui::components::Row;

/// The types a row can have, by the value of their `<option>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    String,
    Number,
    Boolean,
    List,
}

impl RowKind {
    /// Every type, in the order forms offer them.
    pub const ALL: [RowKind; 4] = [
        RowKind::String,
        RowKind::Number,
        RowKind::Boolean,
        RowKind::List,
    ];

    /// The value of its `<option>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            RowKind::String => "string",
            RowKind::Number => "number",
            RowKind::Boolean => "boolean",
            RowKind::List => "list",
        }
    }

    /// The type of that `<option>`; text when there is none.
    pub fn parse(text: &str) -> RowKind {
        RowKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .unwrap_or(RowKind::String)
    }
}

/// An empty row for `key`.
pub fn row(key: &'static str, kind: RowKind, value: &'static str) -> Row {
    Row {
        name: key.into(),
        kind: kind.as_str().into(),
        value: value.into(),
    }
}

/// Reads the rows. Rows in which nothing was written are passed over.
pub fn table(rows: &[Row], problems: &mut Problems) -> Table {
    let mut table = Table::new();
    for (index, row) in rows.iter().enumerate() {
        if row.name.is_empty() && row.value.is_empty() {
            continue;
        }
        let key = row.name.as_str();
        let wrong = if key.is_empty() {
            Some(Problem::KeyMissing { row: index })
        } else if table.get(key).is_some() {
            Some(Problem::KeyTwice {
                row: index,
                key: key.to_string(),
            })
        } else {
            short_string(key)
        };
        if let Some(wrong) = wrong {
            problems.push(Field::Row(index), wrong);
            continue;
        }
        match value(RowKind::parse(&row.kind), &row.value, index) {
            Ok(value) => table.push(key, value),
            Err(wrong) => problems.push(Field::Row(index), wrong),
        }
    }
    table
}

/// A value of one of the types; whole numbers become `long`, as the management plugin sends them.
fn value(kind: RowKind, text: &str, row: usize) -> Result<Value, Problem> {
    match kind {
        RowKind::String => Ok(Value::from(text)),
        RowKind::Number => number(text.trim()).ok_or_else(|| Problem::NotANumber {
            row,
            text: text.to_string(),
        }),
        RowKind::Boolean => match text.trim() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(Problem::NotABoolean {
                row,
                text: text.to_string(),
            }),
        },
        RowKind::List => Ok(Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(Value::from)
                .collect(),
        )),
    }
}

fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::I64(whole));
    }
    text.parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .map(Value::F64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &[(&'static str, RowKind, &'static str)]) -> (Table, Problems) {
        let rows: Vec<Row> = rows
            .iter()
            .map(|&(key, kind, value)| row(key, kind, value))
            .collect();
        let mut problems = Problems::default();
        (table(&rows, &mut problems), problems)
    }

    #[test]
    fn each_type_becomes_its_field() {
        let (table, problems) = read(&[
            ("x-message-ttl", RowKind::Number, " 5000 "),
            ("ratio", RowKind::Number, "0.5"),
            ("x-single-active-consumer", RowKind::Boolean, "true"),
            ("format", RowKind::String, "pdf"),
            ("CC", RowKind::List, "a, b,"),
            ("", RowKind::String, ""),
        ]);
        assert_eq!(problems, Problems::default());
        assert_eq!(table.get("x-message-ttl"), Some(&Value::I64(5000)));
        assert_eq!(table.get("ratio"), Some(&Value::F64(0.5)));
        assert_eq!(table.get("format"), Some(&Value::from("pdf")));
        let list = Value::Array(vec![Value::from("a"), Value::from("b")]);
        assert_eq!(table.get("CC"), Some(&list));
        assert_eq!(table.0.len(), 5);
    }

    #[test]
    fn a_broken_row_says_which_and_why() {
        let (table, problems) = read(&[
            ("ttl", RowKind::Number, "soon"),
            ("", RowKind::String, "x"),
            ("a", RowKind::Boolean, "yes"),
            ("b", RowKind::String, "1"),
            ("b", RowKind::String, "2"),
        ]);
        let fields: Vec<Field> = problems.0.iter().map(|(field, _)| *field).collect();
        assert_eq!(
            fields,
            [Field::Row(0), Field::Row(1), Field::Row(2), Field::Row(4)]
        );
        assert!(problems.forbids());
        assert_eq!(table.0.len(), 1);
        let t = crate::ui::text::Lang::En.texts();
        assert_eq!(
            problems.tell(Field::Row(0), t).as_deref(),
            Some("Row 1: “soon” is not a number. Write digits, or choose String as its type.")
        );
    }
}
