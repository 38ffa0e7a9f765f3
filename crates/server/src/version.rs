//! `/version`: which release of Kubernetes this server behaves as.

use crate::json::JsonWriter;

/// The release whose API is served.
pub const KUBERNETES: &str = "v1.36.2";

/// The document at `/version` (`version.Info`).
pub fn document() -> String {
    let mut numbers = KUBERNETES.trim_start_matches('v').split('.');
    let (major, minor) = (numbers.next().unwrap_or(""), numbers.next().unwrap_or(""));
    JsonWriter::document(|json| {
        json.text("major", major);
        json.text("minor", minor);
        json.text("emulationMajor", major);
        json.text("emulationMinor", minor);
        json.text("minCompatibilityMajor", major);
        json.text("minCompatibilityMinor", "35");
        json.text("gitVersion", &format!("{KUBERNETES}+capstan-{}", env!("CARGO_PKG_VERSION")));
        json.text("gitCommit", "");
        json.text("gitTreeState", "clean");
        json.text("buildDate", "1970-01-01T00:00:00Z");
        json.text("goVersion", "");
        json.text("compiler", "rustc");
        json.text("platform", &format!("{}/{}", std::env::consts::OS, platform()));
    })
}

/// The architecture in Go's words.
fn platform() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
