//! What the system knows of this process (Prometheus' process collector), from Linux's `/proc`; nothing elsewhere.

use std::fmt::Write;
use std::fs;

/// The length of a clock tick in `/proc`: a hundredth of a second for every program (`USER_HZ`).
const TICKS: f64 = 100.0;

/// Writes `process_*`.
pub(super) fn write(out: &mut String) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name, in parentheses, may hold anything.
    let fields: Vec<f64> = stat.rsplit_once(") ").map_or(Vec::new(), |(_, rest)| {
        rest.split_whitespace().map(|field| field.parse().unwrap_or(0.0)).collect()
    });
    let field = |number: usize| fields.get(number - 3).copied();
    let cpu = field(14).zip(field(15)).map(|(user, system)| (user + system) / TICKS);
    let started = field(22).zip(boot_time()).map(|(ticks, boot)| boot + ticks / TICKS);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let descriptors = fs::read_dir("/proc/self/fd").ok().map(|files| files.count() as f64);
    for (name, kind, help, value) in [
        ("process_cpu_seconds_total", "counter", "Processor time used, in seconds.", cpu),
        ("process_max_fds", "gauge", "File descriptors at most.", number(&limits, "Max open files", 1.0)),
        ("process_open_fds", "gauge", "File descriptors in use.", descriptors),
        ("process_resident_memory_bytes", "gauge", "Memory in use.", number(&status, "VmRSS:", 1024.0)),
        ("process_start_time_seconds", "gauge", "When the process began, since 1970.", started),
        ("process_virtual_memory_bytes", "gauge", "Addresses in use.", number(&status, "VmSize:", 1024.0)),
    ] {
        if let Some(value) = value {
            super::head(out, name, kind, help);
            let _ = writeln!(out, "{name} {value}");
        }
    }
}

/// The first number of the line of `text` that begins with `name`, times `unit`.
fn number(text: &str, name: &str, unit: f64) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? * unit)
}

/// When the system was started, in seconds since 1970.
fn boot_time() -> Option<f64> {
    number(&fs::read_to_string("/proc/stat").ok()?, "btime", 1.0)
}
