//! Getting a real RabbitMQ: Debian's package where it has the right version, else a Debian of the right age in a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Version;
use crate::problem::{Problem, Result, io, same_command};
use crate::process::{output_of, runs_with_clock};
use crate::project::Project;
use crate::tools;

/// Where the server's root is: None for this machine's own, or a folder.
pub fn root(project: &Project, version: Version) -> Result<Option<PathBuf>> {
    if version == Version::V3_10 && has_right_package()? {
        return Ok(None);
    }
    let suite = version.suite();
    let folder = project.cache.join(format!("rabbitmq-{suite}"));
    if !folder.join("usr/sbin/rabbitmq-server").exists() {
        debootstrap(suite, &folder)?;
    }
    Ok(Some(folder))
}

/// Whether this machine's own RabbitMQ is 3.10; installs it where apt offers that one.
fn has_right_package() -> Result<bool> {
    let query = ["-W", "-f", "${db:Status-Status} ${Version}", SERVER];
    let installed = output_of(Command::new("dpkg-query").args(query)).unwrap_or_default();
    if let Some(version) = installed.strip_prefix("installed ") {
        return Ok(version.starts_with("3.10."));
    }
    let policy = output_of(Command::new("apt-cache").args(["policy", SERVER])).unwrap_or_default();
    let offered = policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate: "));
    if !offered.is_some_and(|version| version.starts_with("3.10.")) {
        return Ok(false);
    }
    tools::debian_packages(&[SERVER], "the broker to compare with; 50 MB")?;
    Ok(true)
}

fn debootstrap(suite: &str, folder: &Path) -> Result<()> {
    if !Path::new("/usr/sbin/debootstrap").exists() {
        tools::debian_packages(&["debootstrap"], "puts a small Debian into a folder")?;
    }
    let Some(mirror) = mirror() else {
        return Err(Problem::new(
            format!("RabbitMQ comes from Debian {suite}, and apt knows no mirror of Debian here"),
            "name a broker of your own instead: --real-port 5672",
        ));
    };
    eprintln!(
        "==> Fetching Debian {suite} with its rabbitmq-server into {} (about a minute, 400 MB, once)",
        folder.display()
    );
    // Under another name until it is whole, so that half of one is never taken.
    let part = folder.with_extension("part");
    let words = tools::as_root()?;
    let as_root = |rest: &[&str]| {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(rest);
        command
    };
    let fetched = runs_with_clock(as_root(&["rm", "-rf"]).arg(&part))
        && runs_with_clock(
            as_root(&[
                "debootstrap",
                "--variant=minbase",
                "--include=rabbitmq-server",
                suite,
            ])
            .arg(&part)
            .arg(&mirror)
            .stdout(std::process::Stdio::null()),
        );
    if !fetched {
        return Err(Problem::new(
            format!("Debian {suite} could not be fetched from {mirror}"),
            format!(
                "check the network or the proxy, then run: {}",
                same_command()
            ),
        ));
    }
    fs::rename(&part, folder).map_err(io("rename", &part))
}

/// The mirror of Debian that apt uses.
fn mirror() -> Option<String> {
    let format = "$(LABEL) $(REPO_URI)";
    let targets = ["indextargets", "--format", format, "Created-By: Packages"];
    mirror_of(&output_of(Command::new("apt-get").args(targets))?)
}

fn mirror_of(targets: &str) -> Option<String> {
    let mut lines = targets.lines();
    lines
        .find_map(|line| line.strip_prefix("Debian "))
        .map(str::to_owned)
}

const SERVER: &str = "rabbitmq-server";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_that_of_debian_itself() {
        let targets = "Node Source https://deb.example/node_20.x/\n\
            Debian-Security http://deb.example/debian-security/\n\
            Debian http://deb.example/debian/\nDebian http://other.example/debian/";
        let expected = Some("http://deb.example/debian/".to_owned());
        assert_eq!(mirror_of(targets), expected);
        assert_eq!(mirror_of("Ubuntu http://archive.example/ubuntu/"), None);
    }
}
