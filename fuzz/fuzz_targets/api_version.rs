//! API versions: what is read prints, and reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use meta::GroupVersion;

fuzz_target!(|text: &str| {
    let Ok(read) = GroupVersion::parse(text) else { return };
    assert_eq!(GroupVersion::parse(&read.to_string()), Ok(read));
});
