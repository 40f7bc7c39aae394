//! Links: a scenario, and if wanted the run up to here, as a short text that goes into the hash of an address.
//!
//! A token is `1.DATA` or, with a run, `1r.DATA`. DATA is base64url of a raw deflate stream of a scenario in
//! either of its forms, so that anybody can make one (Node.js: `zlib.deflateRawSync`, Python: `zlib.compressobj(wbits=-15)`). Every version that was
//! ever given out keeps being read: `tests/broker/links` holds links of each.

mod base64;
mod compact;
mod run;

use std::fmt;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use crate::engine::Engine;
use crate::scenario::{MAX_BYTES, Scenario, ScenarioError};

pub use run::Run;

/// The newest version of links, and the one that is made.
pub const VERSION: u32 = 1;

/// Many chats cut or refuse addresses longer than this.
pub const LONG_LINK: usize = 2_000;

/// The longest token that is looked at: a scenario of the largest size, not compressed at all.
const MAX_TOKEN: usize = MAX_BYTES / 3 * 4 + 64;

/// zlib's best.
const LEVEL: u8 = 9;

/// What a link carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    pub scenario: Scenario,
    /// The run up to the moment the link was made at.
    pub run: Option<Run>,
}

/// Why a link is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareError {
    /// Longer than any link that this page makes.
    TooLong { characters: usize, limit: usize },
    /// It does not begin as links do.
    NotALink,
    /// Made by a newer playground.
    Newer { version: u32 },
    /// Cut off or changed on its way.
    Damaged,
    /// What it unpacks to is larger than any scenario may be.
    TooLarge { limit: usize },
    /// What is in it is no sound scenario.
    Scenario(ScenarioError),
    /// The run in it cannot be played again.
    Run { reason: String },
}

impl fmt::Display for ShareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShareError::TooLong { characters, limit } => write!(
                f,
                "this link has {characters} characters, and {limit} is the limit. Share it as a file."
            ),
            ShareError::NotALink => f.write_str(
                "this is no link of a playground: it should begin with \"1.\". Copy the whole link again.",
            ),
            ShareError::Newer { version } => write!(
                f,
                "this link was made by a newer playground: it is of version {version}, and this page reads up to \
                 {VERSION}. Reload the page to get the newest one."
            ),
            ShareError::Damaged => f.write_str(
                "this link is damaged: a part of it is missing or changed. Copy the whole link again.",
            ),
            ShareError::TooLarge { limit } => write!(
                f,
                "what is in this link is larger than {limit} bytes, more than any scenario may have. It was not opened."
            ),
            ShareError::Scenario(error) => error.fmt(f),
            ShareError::Run { reason } => write!(
                f,
                "the run in this link cannot be played again: {reason}. Open the link without it."
            ),
        }
    }
}

impl std::error::Error for ShareError {}

impl From<ScenarioError> for ShareError {
    fn from(error: ScenarioError) -> ShareError {
        ShareError::Scenario(error)
    }
}

/// A link to a scenario.
pub fn link(scenario: &Scenario) -> String {
    let tokens = compact::forms(scenario)
        .into_iter()
        .map(|form| pack("1.", &form));
    tokens.min_by_key(String::len).unwrap_or_default()
}

/// A link to this very moment of this very run. `origin` is what the run began with, with the places of today.
pub fn link_to_run(engine: &Engine, origin: &Scenario) -> Result<String, ShareError> {
    let run = run::of(engine)?;
    Ok(pack("1r.", &compact::with_run(origin, &run)?))
}

fn pack(prefix: &str, json: &str) -> String {
    let mut token = prefix.to_string();
    base64::encode(&compress_to_vec(json.as_bytes(), LEVEL), &mut token);
    token
}

/// Reads a token; bounded, and refused whole.
pub fn read(token: &str) -> Result<Shared, ShareError> {
    if token.len() > MAX_TOKEN {
        return Err(ShareError::TooLong {
            characters: token.len(),
            limit: MAX_TOKEN,
        });
    }
    let (version, data) = token.split_once('.').ok_or(ShareError::NotALink)?;
    let (version, has_run) = match version.strip_suffix('r') {
        Some(version) => (version, true),
        None => (version, false),
    };
    match version.parse::<u32>() {
        Ok(VERSION) => {}
        Ok(version) if version > VERSION => return Err(ShareError::Newer { version }),
        Ok(_) | Err(_) => return Err(ShareError::NotALink),
    }
    let packed = base64::decode(data).ok_or(ShareError::Damaged)?;
    let bytes =
        decompress_to_vec_with_limit(&packed, MAX_BYTES).map_err(|error| match error.status {
            TINFLStatus::HasMoreOutput => ShareError::TooLarge { limit: MAX_BYTES },
            _ => ShareError::Damaged,
        })?;
    let text = String::from_utf8(bytes).map_err(|_| ShareError::Damaged)?;
    match has_run {
        true => compact::read_with_run(&text),
        false => Ok(Shared {
            scenario: Scenario::parse_any(&text)?,
            run: None,
        }),
    }
}

/// The playground that a link leads to, paused, at the moment it was made at.
pub fn open(shared: &Shared) -> Result<Engine, ShareError> {
    let mut engine = Engine::load(&shared.scenario)?;
    if let Some(run) = &shared.run {
        run::play(&mut engine, run)?;
    }
    Ok(engine)
}
