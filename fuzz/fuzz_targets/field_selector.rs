//! Field selectors: what is read prints, and reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use meta::FieldSelector;

fuzz_target!(|text: &str| {
    let Ok(selector) = FieldSelector::parse(text) else { return };
    let printed = selector.to_string();
    let again = FieldSelector::parse(&printed).map(|selector| selector.to_string());
    assert_eq!(again.as_ref().map(|text| text.len()), Ok(printed.len()));
    let _ = selector.matches(|field| Some(field).filter(|field| !field.is_empty()).map(|_| "1"));
});
