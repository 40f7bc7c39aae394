//! Field tables: 17 tags, order and repeated keys kept (semantics 2.14).

use crate::amqp::{ShortString, Table, Value};
use crate::wire::limits::TABLE_DEPTH;
use crate::wire::reader::{Malformed, Reader};

/// Reads the octets of a table, without its length.
pub fn decode(octets: &[u8]) -> Result<Table, Malformed> {
    decode_table(octets, TABLE_DEPTH).map_err(|_| Malformed::Table)
}

fn decode_table(octets: &[u8], depth: usize) -> Result<Table, Malformed> {
    let mut reader = Reader::new(octets);
    let mut table = Table::new();
    while !reader.is_empty() {
        let key = ShortString::from(reader.short()?);
        let value = decode_value(&mut reader, depth)?;
        table.0.push((key, value));
    }
    Ok(table)
}

fn decode_array(octets: &[u8], depth: usize) -> Result<Vec<Value>, Malformed> {
    let mut reader = Reader::new(octets);
    let mut values = Vec::new();
    while !reader.is_empty() {
        values.push(decode_value(&mut reader, depth)?);
    }
    Ok(values)
}

fn decode_value(reader: &mut Reader<'_>, depth: usize) -> Result<Value, Malformed> {
    let deeper = || depth.checked_sub(1).ok_or(Malformed::Table);
    Ok(match reader.u8()? {
        b'S' => Value::LongString(reader.long()?.into()),
        b'I' => Value::I32(reader.u32()? as i32),
        b'i' => Value::U32(reader.u32()?),
        b'D' => Value::Decimal(reader.u8()?, reader.u32()?),
        b'T' => Value::Timestamp(reader.u64()?),
        b'F' => Value::Table(decode_table(reader.long()?, deeper()?)?),
        b'A' => Value::Array(decode_array(reader.long()?, deeper()?)?),
        b'b' => Value::I8(reader.u8()? as i8),
        b'B' => Value::U8(reader.u8()?),
        b's' => Value::I16(reader.u16()? as i16),
        b'u' => Value::U16(reader.u16()?),
        b'l' | b'L' => Value::I64(reader.u64()? as i64),
        b't' => Value::Bool(reader.u8()? != 0),
        b'f' => Value::F32(f32::from_bits(reader.u32()?)),
        b'd' => Value::F64(f64::from_bits(reader.u64()?)),
        b'x' => Value::Bytes(reader.long()?.into()),
        b'V' => Value::Void,
        _ => return Err(Malformed::Table),
    })
}

/// Appends a table with its length.
pub fn encode(table: &Table, out: &mut Vec<u8>) {
    sized(out, |out| {
        for (key, value) in &table.0 {
            encode_short(key.as_bytes(), out);
            encode_value(value, out);
        }
    });
}

fn encode_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::LongString(text) => {
            out.push(b'S');
            encode_long(text, out);
        }
        Value::I32(n) => tagged(b'I', &n.to_be_bytes(), out),
        Value::U32(n) => tagged(b'i', &n.to_be_bytes(), out),
        Value::Decimal(scale, n) => {
            tagged(b'D', &[*scale], out);
            out.extend_from_slice(&n.to_be_bytes());
        }
        Value::Timestamp(n) => tagged(b'T', &n.to_be_bytes(), out),
        Value::Table(table) => {
            out.push(b'F');
            encode(table, out);
        }
        Value::Array(values) => {
            out.push(b'A');
            sized(out, |out| {
                for value in values {
                    encode_value(value, out);
                }
            });
        }
        Value::I8(n) => tagged(b'b', &n.to_be_bytes(), out),
        Value::U8(n) => tagged(b'B', &[*n], out),
        Value::I16(n) => tagged(b's', &n.to_be_bytes(), out),
        Value::U16(n) => tagged(b'u', &n.to_be_bytes(), out),
        Value::I64(n) => tagged(b'l', &n.to_be_bytes(), out),
        Value::Bool(on) => tagged(b't', &[u8::from(*on)], out),
        Value::F32(n) => tagged(b'f', &n.to_bits().to_be_bytes(), out),
        Value::F64(n) => tagged(b'd', &n.to_bits().to_be_bytes(), out),
        Value::Bytes(bytes) => {
            out.push(b'x');
            encode_long(bytes, out);
        }
        Value::Void => out.push(b'V'),
    }
}

fn tagged(tag: u8, octets: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    out.extend_from_slice(octets);
}

/// Appends a short string; what does not fit in its one octet of length is cut off.
pub fn encode_short(octets: &[u8], out: &mut Vec<u8>) {
    let length = octets.len().min(255);
    out.push(length as u8);
    out.extend_from_slice(&octets[..length]);
}

/// Appends a long string.
pub fn encode_long(octets: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(octets.len() as u32).to_be_bytes());
    out.extend_from_slice(octets);
}

/// Appends what `write` appends, with its length before it.
fn sized(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out);
    let length = (out.len() - start - 4) as u32;
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}
