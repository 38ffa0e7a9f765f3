//! Any bytes are answered, and what was read is written and read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use object::json;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = json::parse(bytes) else { return };
    let mut written = Vec::new();
    json::write(&mut written, &value);
    let again = json::parse(&written).expect("what was written is well formed");
    let mut rewritten = Vec::new();
    json::write(&mut rewritten, &again);
    assert_eq!(written, rewritten);
});
