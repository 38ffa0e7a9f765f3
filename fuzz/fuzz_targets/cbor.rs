//! Any bytes are answered, and what was read is written and read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use object::cbor;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = cbor::parse(bytes) else { return };
    let mut written = Vec::new();
    cbor::write(&mut written, &value);
    let again = cbor::parse(&written).expect("what was written is well formed");
    let mut rewritten = Vec::new();
    cbor::write(&mut rewritten, &again);
    assert_eq!(written, rewritten);
});
