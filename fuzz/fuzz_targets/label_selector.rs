//! Label selectors: what is read prints, and reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use meta::LabelSelector;

fuzz_target!(|text: &str| {
    let Ok(selector) = LabelSelector::parse(text) else { return };
    assert_eq!(LabelSelector::parse(&selector.to_string()), Ok(selector.clone()));
    let _ = selector.matches_sorted(&[("a", "1"), ("b", "")]);
});
