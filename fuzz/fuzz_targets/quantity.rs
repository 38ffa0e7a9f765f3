//! Quantities: what is read keeps its order under arithmetic, and canonical forms are stable.
#![no_main]

use libfuzzer_sys::fuzz_target;
use meta::Quantity;

fuzz_target!(|text: &str| {
    let Ok(quantity) = Quantity::decode(text) else { return };
    let _ = (quantity.value(), quantity.milli_value(), quantity.as_i64(), quantity.as_f64());
    assert_eq!(quantity.sub(&quantity).signum(), 0);
    assert_eq!(quantity.negate().negate(), quantity);
    let rounded = quantity.clone().round_up_to_milli();
    assert!(rounded == quantity || (rounded > quantity) == (quantity.signum() > 0));
    if let Ok(again) = Quantity::parse(&quantity.canonical()) {
        assert_eq!(again.canonical(), quantity.canonical());
    }
});
