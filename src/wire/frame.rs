//! Frames: type, channel, size, payload, end octet (semantics 2.1). Splits a stream of octets; writes frames.

use std::ops::Range;

use crate::wire::limits::FRAME_OVERHEAD;

/// The last octet of every frame.
pub const FRAME_END: u8 = 0xCE;

const HEADER_LEN: usize = 7;

/// The types of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    Method,
    Header,
    Body,
    Heartbeat,
}

impl FrameKind {
    /// The octet on the wire.
    pub const fn octet(self) -> u8 {
        match self {
            FrameKind::Method => 1,
            FrameKind::Header => 2,
            FrameKind::Body => 3,
            FrameKind::Heartbeat => 8,
        }
    }

    /// The type with this octet.
    pub const fn from_octet(octet: u8) -> Option<FrameKind> {
        match octet {
            1 => Some(FrameKind::Method),
            2 => Some(FrameKind::Header),
            3 => Some(FrameKind::Body),
            8 => Some(FrameKind::Heartbeat),
            _ => None,
        }
    }
}

/// A whole frame in the splitter's octets. Its type is not yet known to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawFrame {
    pub kind: u8,
    pub channel: u16,
    /// Where its payload stands; good until the splitter takes new octets.
    pub payload: Range<usize>,
}

/// What makes a stream of octets unreadable from here on (semantics 2.3, 2.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    TooLarge {
        kind: u8,
        size: u32,
        limit: u32,
    },
    EndMarker {
        kind: u8,
        payload: Range<usize>,
        found: u8,
    },
}

/// The octets of one direction of a connection, cut into frames.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    octets: Vec<u8>,
    /// How many of them were used up.
    used: usize,
}

impl Splitter {
    /// Takes what came from the peer.
    pub fn push(&mut self, octets: &[u8]) {
        if self.used > 0 {
            self.octets.drain(..self.used);
            self.used = 0;
        }
        self.octets.extend_from_slice(octets);
    }

    /// How many octets wait.
    pub fn len(&self) -> usize {
        self.octets.len() - self.used
    }

    /// Whether none wait.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The octets of a payload.
    pub fn payload(&self, range: &Range<usize>) -> &[u8] {
        &self.octets[range.clone()]
    }

    /// Forgets all octets.
    pub fn clear(&mut self) {
        *self = Splitter::default();
    }

    /// The next `count` octets, if they are there; for the protocol header, which is no frame.
    pub fn take(&mut self, count: usize) -> Option<&[u8]> {
        let taken = self.octets.get(self.used..self.used + count)?;
        self.used += count;
        Some(taken)
    }

    /// The next whole frame. A frame may be as large as `frame_max` and eight octets more (semantics 2.3).
    pub fn next_frame(&mut self, frame_max: u32) -> Result<Option<RawFrame>, Broken> {
        let rest = &self.octets[self.used..];
        let Some(&[kind, c1, c0, s3, s2, s1, s0]) = rest.first_chunk::<HEADER_LEN>() else {
            return Ok(None);
        };
        let size = u32::from_be_bytes([s3, s2, s1, s0]);
        if size > frame_max {
            let limit = frame_max.saturating_sub(FRAME_OVERHEAD);
            return Err(Broken::TooLarge { kind, size, limit });
        }
        let start = self.used + HEADER_LEN;
        let payload = start..start + size as usize;
        let Some(&end) = self.octets.get(payload.end) else {
            return Ok(None);
        };
        self.used = payload.end + 1;
        if end != FRAME_END {
            return Err(Broken::EndMarker {
                kind,
                payload,
                found: end,
            });
        }
        let channel = u16::from_be_bytes([c1, c0]);
        Ok(Some(RawFrame {
            kind,
            channel,
            payload,
        }))
    }
}

/// Appends one frame whose payload `write` appends.
pub fn write_frame(
    kind: FrameKind,
    channel: u16,
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>),
) {
    let start = out.len();
    let [c1, c0] = channel.to_be_bytes();
    out.extend_from_slice(&[kind.octet(), c1, c0, 0, 0, 0, 0]);
    write(out);
    let size = (out.len() - start - HEADER_LEN) as u32;
    out[start + 3..start + HEADER_LEN].copy_from_slice(&size.to_be_bytes());
    out.push(FRAME_END);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: FrameKind, payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write_frame(kind, 513, &mut out, |out| out.extend_from_slice(payload));
        out
    }

    /// Semantics 2.1.
    #[test]
    fn a_frame_comes_out_whole_however_its_octets_arrive() {
        let octets = frame(FrameKind::Body, b"hello");
        for cut in 0..octets.len() {
            let mut splitter = Splitter::default();
            splitter.push(&octets[..cut]);
            assert_eq!(splitter.next_frame(4096), Ok(None));
            splitter.push(&octets[cut..]);
            let found = splitter.next_frame(4096).expect("whole").expect("there");
            assert_eq!((found.kind, found.channel), (3, 513));
            assert_eq!(splitter.payload(&found.payload), b"hello");
            assert!(splitter.is_empty());
        }
    }

    #[test]
    fn a_frame_is_too_large_only_above_frame_max_plus_its_overhead() {
        let mut splitter = Splitter::default();
        splitter.push(&[3, 0, 1, 0, 0, 16, 0]);
        assert_eq!(splitter.next_frame(4096), Ok(None));
        splitter.clear();
        splitter.push(&[3, 0, 1, 0, 0, 16, 1]);
        let too_large = Broken::TooLarge {
            kind: 3,
            size: 4097,
            limit: 4088,
        };
        assert_eq!(splitter.next_frame(4096), Err(too_large));
    }

    #[test]
    fn a_wrong_end_octet_is_told_apart() {
        let mut octets = frame(FrameKind::Method, b"1234");
        *octets.last_mut().expect("not empty") = 7;
        let mut splitter = Splitter::default();
        splitter.push(&octets);
        assert!(matches!(
            splitter.next_frame(4096),
            Err(Broken::EndMarker { found: 7, .. })
        ));
    }
}
