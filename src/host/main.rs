//! `mq-playground amqp`: a broker on a TCP port.

use std::process::ExitCode;

use mq_playground::host::options::{self, HELP, Request};
use mq_playground::host::serve;

fn main() -> ExitCode {
    let request = match options::parse(std::env::args_os().skip(1)) {
        Ok(request) => request,
        Err(error) => {
            eprintln!("mq-playground: {error}");
            return ExitCode::from(2);
        }
    };
    let options = match request {
        Request::Help => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Request::Serve(options) => options,
    };
    match serve(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mq-playground: {error}");
            ExitCode::FAILURE
        }
    }
}
