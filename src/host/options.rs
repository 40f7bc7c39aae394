//! The command line.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use lexopt::prelude::{Long, Short, Value, ValueExt};

use crate::amqp::Compatibility;

/// What `--help` prints.
pub const HELP: &str = "\
mq-playground: a message broker that behaves as RabbitMQ does

Usage: mq-playground amqp [options]

  --host ADDRESS     listen on this address (127.0.0.1); guest logs in from loopback only
  --port PORT        listen on this port (5672; 0 lets the system choose)
  --compat 3.10|4    behave as RabbitMQ 3.10.8 or 4.0.5 (4)
  --scenario FILE    start with this topology and these programs
  --log              print everything that happens as JSON, one event a line
  --help             print this
";

/// What the program is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Help,
    Serve(Options),
}

/// How to serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub host: IpAddr,
    pub port: u16,
    /// None: as the scenario says, else version 4.
    pub compatibility: Option<Compatibility>,
    pub scenario: Option<PathBuf>,
    pub log: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 5672,
            compatibility: None,
            scenario: None,
            log: false,
        }
    }
}

/// Reads the arguments, the program's own name not among them.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Request, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut options = Options::default();
    let mut has_command = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Value(command) if command == "amqp" && !has_command => has_command = true,
            Long("host") => options.host = parser.value()?.parse()?,
            Long("port") => options.port = parser.value()?.parse()?,
            Long("compat") => {
                options.compatibility = Some(parser.value()?.parse_with(compatibility)?);
            }
            Long("scenario") => options.scenario = Some(parser.value()?.into()),
            Long("log") => options.log = true,
            Long("help") | Short('h') => return Ok(Request::Help),
            other => return Err(other.unexpected()),
        }
    }
    if !has_command {
        return Err("say what to serve: mq-playground amqp (--help tells more)".into());
    }
    Ok(Request::Serve(options))
}

fn compatibility(text: &str) -> Result<Compatibility, &'static str> {
    match text {
        "3.10" => Ok(Compatibility::V3_10),
        "4" | "4.0" => Ok(Compatibility::V4),
        _ => Err("the versions are 3.10 and 4"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Request, String> {
        parse(line.split_whitespace().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn it_listens_on_loopback_unless_told_otherwise() {
        assert_eq!(read("amqp"), Ok(Request::Serve(Options::default())));
        assert!(Options::default().host.is_loopback());
        let Ok(Request::Serve(options)) = read("amqp --host 0.0.0.0 --port 0 --compat 3.10") else {
            panic!("these are good arguments");
        };
        assert_eq!(
            (options.host.to_string().as_str(), options.port),
            ("0.0.0.0", 0)
        );
        assert_eq!(options.compatibility, Some(Compatibility::V3_10));
    }

    #[test]
    fn a_wrong_argument_is_named() {
        assert!(read("amqp --prot 1").is_err_and(|text| text.contains("--prot")));
        assert!(read("amqp --compat 5").is_err_and(|text| text.contains("3.10 and 4")));
        assert!(read("").is_err_and(|text| text.contains("mq-playground amqp")));
    }
}
