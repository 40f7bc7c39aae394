//! The scenarios that come with the page.

/// A scenario of the catalog.
#[derive(Clone, Copy, Debug)]
pub struct CatalogEntry {
    /// Its name in addresses: `logs`, `work-queue`.
    pub slug: &'static str,
    json: fn() -> &'static str,
}

impl CatalogEntry {
    /// The scenario itself, as [`crate::scenario::Scenario::parse`] reads it.
    pub fn json(&self) -> &'static str {
        // A function each, since the page's first view needs the text of one only.
        (self.json)()
    }
}

/// Every built-in scenario; the first is the one a page starts with.
pub const CATALOG: [CatalogEntry; 6] = [
    CatalogEntry {
        slug: "logs",
        json: || include_str!("../../www/scenarios/logs.json"),
    },
    CatalogEntry {
        slug: "work-queue",
        json: || include_str!("../../www/scenarios/work-queue.json"),
    },
    CatalogEntry {
        slug: "load-peak",
        json: || include_str!("../../www/scenarios/load-peak.json"),
    },
    CatalogEntry {
        slug: "pipeline",
        json: || include_str!("../../www/scenarios/pipeline.json"),
    },
    CatalogEntry {
        slug: "rpc",
        json: || include_str!("../../www/scenarios/rpc.json"),
    },
    CatalogEntry {
        slug: "retry",
        json: || include_str!("../../www/scenarios/retry.json"),
    },
];

/// The one called `slug`.
pub fn find(slug: &str) -> Option<CatalogEntry> {
    CATALOG.into_iter().find(|entry| entry.slug == slug)
}
