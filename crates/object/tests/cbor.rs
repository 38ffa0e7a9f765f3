//! Properties of the CBOR codec.

mod common;

use object::cbor;
use proptest::prelude::*;

proptest! {
    #[test]
    fn what_is_written_reads_back(value in common::values()) {
        prop_assert_eq!(cbor::parse(&cbor::to_vec(&value)), Ok(value));
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        if let Ok(value) = cbor::parse(&bytes) {
            prop_assert_eq!(cbor::parse(&cbor::to_vec(&value)), Ok(value));
        }
    }
}
