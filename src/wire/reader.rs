//! A cursor over the octets of one frame's payload.

use crate::amqp::{ShortString, Table};
use crate::wire::table;

/// Why octets cannot be read as what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// They end too early, or go on too long.
    Length,
    /// A short string of a method is not UTF-8 (semantics 2.12).
    Utf8,
    /// A field table has an unknown tag, ends too early, or is nested too deeply.
    Table,
}

/// What is left of a payload.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads `octets` from the beginning.
    pub fn new(octets: &'a [u8]) -> Reader<'a> {
        Reader { rest: octets }
    }

    /// Whether everything was read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// All that is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next `count` octets.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let Some((head, rest)) = self.rest.split_at_checked(count) else {
            return Err(Malformed::Length);
        };
        self.rest = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let Some((head, rest)) = self.rest.split_first_chunk::<N>() else {
            return Err(Malformed::Length);
        };
        self.rest = rest;
        Ok(*head)
    }

    /// An octet.
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    /// A short integer.
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    /// A long integer.
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// A long long integer.
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    /// An octet of packed bits, the first bit in the lowest place (semantics 2.2).
    pub fn bits(&mut self) -> Result<Bits, Malformed> {
        Ok(Bits(self.u8()?))
    }

    /// A short string as it came.
    pub fn short(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.u8()?;
        self.take(length.into())
    }

    /// A short string that need not be UTF-8.
    pub fn short_string(&mut self) -> Result<ShortString, Malformed> {
        Ok(ShortString::from(self.short()?))
    }

    /// A long string as it came; also the octets of a table.
    pub fn long(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.u32()?;
        self.take(usize::try_from(length).map_err(|_| Malformed::Length)?)
    }

    /// A field table.
    pub fn table(&mut self) -> Result<Table, Malformed> {
        let octets = self.long()?;
        table::decode(octets)
    }

    /// Says that nothing may be left.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.is_empty() {
            return Ok(());
        }
        Err(Malformed::Length)
    }
}

/// Up to eight bit arguments that share an octet.
#[derive(Clone, Copy, Debug)]
pub struct Bits(u8);

impl Bits {
    /// The bit argument at `place`, counted from 0.
    pub fn get(self, place: u8) -> bool {
        self.0 & (1 << place) != 0
    }
}

/// The text of a short string that must be UTF-8 (semantics 2.12).
pub fn utf8(octets: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(octets).map_err(|_| Malformed::Utf8)
}
