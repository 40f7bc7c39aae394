//! The suites that look at the finished page: journeys, the static site, its size.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use super::counts::{self, Counts};
use super::runners::counted;
use crate::page::{self, Flavour};
use crate::problem::{Result, io};
use crate::project::Project;
use crate::server::{self, Site};
use crate::{dist as site_dist, size as site_size, tools};

/// Serves a site on any free port until the process ends, and returns its address.
fn serve(root: PathBuf, base: &str) -> Result<String> {
    let listener = server::listen(0)?;
    let address = server::address(&listener, base);
    let site = Site {
        root,
        base: base.to_owned(),
        builds: None,
    };
    thread::spawn(move || server::serve(&listener, vec![site]));
    Ok(address)
}

fn node_tests(project: &Project, address: &str, files: &[&str]) -> Result<Counts> {
    let chromium = tools::chromium()?;
    tools::e2e_packages(project)?;
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=spec"])
        .args(files)
        .env("MQ_URL", address)
        .env("CHROMIUM", chromium.browser)
        .current_dir(project.e2e());
    counted(&mut command, counts::of_node)
}

pub fn e2e(project: &Project) -> Result<Counts> {
    page::build(project, Flavour::Release)?;
    let address = serve(project.root.clone(), "/")?;
    node_tests(project, &address, &[])
}

pub fn dist(project: &Project) -> Result<Counts> {
    page::build(project, Flavour::Release)?;
    let out = project.scratch()?.join("dist");
    site_dist::write(project, &out)?;
    let mut counts = relative_addresses_only(&out)?;
    let address = serve(out, "/some/deep/path/")?;
    counts += node_tests(project, &address, &["smoke.test.mjs"])?;
    Ok(counts)
}

pub fn packages(project: &Project) -> Result<Counts> {
    page::build(project, Flavour::Release)?;
    let out = project.scratch()?.join("dist-packages");
    let engine = site_dist::engine(project)?;
    site_dist::write(project, &out)?;
    site_dist::packages(project, &engine, &out)?;
    let chromium = tools::chromium()?;
    tools::e2e_packages(project)?;
    let mut command = Command::new("node");
    command
        .args([
            "--test",
            "--test-reporter=spec",
            "../packages/packages.test.mjs",
        ])
        .env("MQ_DIST", out)
        .env("MQ_CACHE", &project.cache)
        .env("CHROMIUM", chromium.browser)
        .current_dir(project.e2e());
    counted(&mut command, counts::of_node)
}

/// One check: nothing in the site's own text names another host or the root of its own.
fn relative_addresses_only(site: &Path) -> Result<Counts> {
    let mut counts = Counts::PASSED;
    let mut left = vec![site.to_path_buf()];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path).map_err(io("read", &path))? {
                left.push(entry.map_err(io("read", &path))?.path());
            }
            continue;
        }
        if !path
            .extension()
            .is_some_and(|ending| ["html", "css", "js"].iter().any(|known| ending == *known))
        {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(io("read", &path))?;
        for address in absolute_addresses(&text) {
            println!(
                "failed: {} loads {address} - write it relative to the file",
                path.display()
            );
            counts = Counts::FAILED;
        }
    }
    Ok(counts)
}

/// What a page would load from another host or from its host's root. Links to click and namespaces load nothing.
fn absolute_addresses(text: &str) -> Vec<String> {
    const LOADS: [&str; 9] = [
        "src=\"", "url(", "url(\"", "url('", "from '", "from \"", "import('", "import '", "fetch('",
    ];
    let mut found = Vec::new();
    for before in LOADS {
        for (at, _) in text.match_indices(before) {
            let address: String = text[at + before.len()..]
                .chars()
                .take_while(|letter| !"'\")\n".contains(*letter))
                .collect();
            if address.starts_with('/')
                || address.starts_with("http:")
                || address.starts_with("https:")
            {
                found.push(address);
            }
        }
    }
    let stylesheets = text
        .split("<link ")
        .skip(1)
        .filter_map(|tag| tag.split('>').next());
    for tag in stylesheets.filter(|tag| tag.contains("href=\"/") || tag.contains("href=\"http")) {
        found.push(tag.to_owned());
    }
    found
}

pub fn size(project: &Project) -> Result<Counts> {
    page::build(project, Flavour::Release)?;
    let sizes = site_size::measure(project)?;
    println!("{}{}", sizes.table(), sizes.line());
    if sizes.first_view() > site_size::CEILING {
        println!(
            "failed: the first view is too heavy - measure anew what it runs, and commit that: cargo xtask profile"
        );
        return Ok(Counts::FAILED);
    }
    Ok(Counts::PASSED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_would_break_below_a_path_are_found() {
        assert_eq!(
            absolute_addresses("<script src=\"/www/a.js\"></script>"),
            ["/www/a.js"]
        );
        assert_eq!(
            absolute_addresses("@import url('https://x.example/a.css');"),
            ["https://x.example/a.css"]
        );
        assert_eq!(
            absolute_addresses("import init from '/pkg/a.js'"),
            ["/pkg/a.js"]
        );
        assert_eq!(
            absolute_addresses("<link rel=\"stylesheet\" href=\"/a.css\">").len(),
            1
        );
    }

    #[test]
    fn relative_addresses_links_and_namespaces_are_fine() {
        let text = "<script src=\"www/a.js\"></script><a href=\"https://www.rabbitmq.com\">docs</a>\
            <link rel=\"icon\" href=\"data:,\"> createElementNS('http://www.w3.org/2000/svg') url(#arrow) import './x.js'";
        assert_eq!(absolute_addresses(text), Vec::<String>::new());
    }
}
