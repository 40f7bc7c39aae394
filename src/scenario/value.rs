//! Arguments as JSON: what JSON has is written plainly, every other type says its name.

use serde_json::{Map, Value as Json, json};

use crate::amqp::{Table, Value};
use crate::scenario::error::ScenarioError;
use crate::scenario::node::{Node, Object};

/// A field table from an object; the order is that of the names.
pub fn read_table(node: &Node<'_>) -> Result<Table, ScenarioError> {
    let mut table = Table::new();
    for (key, field) in node.any_object()?.entries() {
        table.push(key, read(&field)?);
    }
    Ok(table)
}

/// The field `arguments` of an object; the empty table if it is not there.
pub fn arguments(object: &Object<'_>) -> Result<Table, ScenarioError> {
    object
        .get("arguments")
        .map_or(Ok(Table::new()), |node| read_table(&node))
}

/// A value. `{ "$type": "short", "value": 5 }` is one of a type that JSON does not have.
pub fn read(node: &Node<'_>) -> Result<Value, ScenarioError> {
    Ok(match node.value() {
        Json::Null => Value::Void,
        Json::Bool(value) => Value::Bool(*value),
        Json::String(text) => Value::from(text.as_str()),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => i32::try_from(whole).map_or(Value::I64(whole), Value::I32),
            (None, Some(number)) if number.fract() != 0.0 => Value::F64(number),
            (None, _) => return Err(node.wrong("a number of at most 64 bits")),
        },
        Json::Array(_) => {
            let items = node.items()?;
            Value::Array(items.iter().map(read).collect::<Result<_, _>>()?)
        }
        Json::Object(fields) if fields.contains_key("$type") => typed(node)?,
        Json::Object(_) => Value::Table(read_table(node)?),
    })
}

fn typed(node: &Node<'_>) -> Result<Value, ScenarioError> {
    let object = node.object(&["$type", "value"])?;
    let kind = object.need("$type")?;
    let value = object.need("value")?;
    let integer = |least: i64, most: i64| match value.value().as_i64() {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        Some(_) | None => Err(value.wrong(&format!("a whole number from {least} to {most}"))),
    };
    let float = || {
        value
            .value()
            .as_f64()
            .ok_or_else(|| value.wrong("a number"))
    };
    Ok(match kind.text()? {
        "byte" => Value::I8(integer(-128, 127)? as i8),
        "unsignedbyte" => Value::U8(integer(0, 255)? as u8),
        "short" => Value::I16(integer(-32_768, 32_767)? as i16),
        "unsignedshort" => Value::U16(integer(0, 65_535)? as u16),
        "signedint" => Value::I32(integer(i32::MIN.into(), i32::MAX.into())? as i32),
        "unsignedint" => Value::U32(value.number(u32::MAX.into())? as u32),
        "long" => Value::I64(integer(i64::MIN, i64::MAX)?),
        "timestamp" => Value::Timestamp(value.number(u64::MAX)?),
        "float" => Value::F32(float()? as f32),
        "double" => Value::F64(float()?),
        "binary" => Value::Bytes(bytes(&value)?.into()),
        "longstr" => Value::LongString(bytes(&value)?.into()),
        "decimal" => match value.items()?.as_slice() {
            [scale, number] => Value::Decimal(
                scale.number(u8::MAX.into())? as u8,
                number.number(u32::MAX.into())? as u32,
            ),
            _ => return Err(value.wrong("an array of scale and number")),
        },
        _ => {
            return Err(kind.wrong(
                "byte, unsignedbyte, short, unsignedshort, signedint, unsignedint, long, timestamp, float, \
                 double, decimal, binary or longstr",
            ));
        }
    })
}

/// Bytes as an array of numbers: JSON's texts cannot hold them all.
fn bytes(node: &Node<'_>) -> Result<Vec<u8>, ScenarioError> {
    let byte = |item: &Node<'_>| Ok(item.number(u8::MAX.into())? as u8);
    node.items()?.iter().map(byte).collect()
}

/// A table as an object.
pub fn write_table(table: &Table) -> Json {
    let mut object = Map::new();
    for (key, value) in &table.0 {
        let key = key.to_text().into_owned();
        // A look-up finds the first entry of a name, so that one is kept.
        object.entry(key).or_insert_with(|| write(value));
    }
    Json::Object(object)
}

/// A value so that [`read`] gives it back.
pub fn write(value: &Value) -> Json {
    let typed = |json: Json| json!({ "$type": value.type_name(), "value": json });
    match value {
        Value::LongString(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => json!(text),
            Err(_) => typed(json!(bytes.to_vec())),
        },
        Value::I32(number) => json!(number),
        Value::I64(number) if i32::try_from(*number).is_err() => json!(number),
        Value::I64(number) => typed(json!(number)),
        Value::Bool(value) => json!(value),
        Value::F64(number) if number.is_finite() && number.fract() != 0.0 => json!(number),
        Value::F64(number) => typed(json!(number)),
        Value::F32(number) => typed(json!(number)),
        Value::Void => Json::Null,
        Value::Array(items) => Json::Array(items.iter().map(write).collect()),
        Value::Table(table) => write_table(table),
        Value::U32(number) => typed(json!(number)),
        Value::I8(number) => typed(json!(number)),
        Value::U8(number) => typed(json!(number)),
        Value::I16(number) => typed(json!(number)),
        Value::U16(number) => typed(json!(number)),
        Value::Timestamp(seconds) => typed(json!(seconds)),
        Value::Decimal(scale, number) => typed(json!([scale, number])),
        Value::Bytes(bytes) => typed(json!(bytes.to_vec())),
    }
}
