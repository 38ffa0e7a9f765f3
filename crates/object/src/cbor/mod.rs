//! CBOR in and out, in the subset that Kubernetes agreed on (KEP-4222): maps with text keys, no NaN or infinity,
//! texts as byte strings, the self-described tag in front.

mod half;
mod read;
mod write;

pub use read::{MAX_DEPTH, parse};
pub use write::{to_vec, write};

/// The self-described tag (RFC 8949, section 3.4.6), which every encoded object begins with.
pub(crate) const SELF_DESCRIBED: [u8; 3] = [0xd9, 0xd9, 0xf7];

/// Major types of RFC 8949, shifted to where the initial byte has them.
mod major {
    pub const UNSIGNED: u8 = 0 << 5;
    pub const NEGATIVE: u8 = 1 << 5;
    pub const BYTES: u8 = 2 << 5;
    pub const TEXT: u8 = 3 << 5;
    pub const ARRAY: u8 = 4 << 5;
    pub const MAP: u8 = 5 << 5;
    pub const TAG: u8 = 6 << 5;
    pub const SIMPLE: u8 = 7 << 5;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Value, json};

    #[test]
    fn encodings_are_the_shortest() {
        let cases: &[(&str, &[u8])] = &[
            ("0", &[0x00]),
            ("23", &[0x17]),
            ("24", &[0x18, 24]),
            ("-1", &[0x20]),
            ("-256", &[0x38, 0xff]),
            ("65536", &[0x1a, 0, 1, 0, 0]),
            ("9223372036854775807", &[0x1b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            ("1.5", &[0xf9, 0x3e, 0x00]),
            ("100000.5", &[0xfa, 0x47, 0xc3, 0x50, 0x40]),
            ("0.1", &[0xfb, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a]),
            ("[true,false,null]", &[0x83, 0xf5, 0xf4, 0xf6]),
            (r#"{"b":"x","aa":{}}"#, &[0xa2, 0x41, b'b', 0x41, b'x', 0x42, b'a', b'a', 0xa0]),
        ];
        for (text, bytes) in cases {
            let value = json::parse(text.as_bytes()).unwrap();
            let encoded = to_vec(&value);
            assert_eq!(encoded, [&SELF_DESCRIBED, *bytes].concat(), "{text}");
            assert_eq!(parse(&encoded), Ok(value));
        }
    }

    #[test]
    fn other_encodings_are_understood() {
        let cases: &[(&[u8], Value)] = &[
            (&[0x61, b'a'], Value::from("a")),
            (&[0x7f, 0x61, b'a', 0x61, b'b', 0xff], Value::from("ab")),
            (&[0x9f, 0x01, 0xff], Value::Array(vec![Value::Int(1)])),
            (&[0xbf, 0x61, b'a', 0x01, 0xff], json::parse(br#"{"a":1}"#).unwrap()),
            (&[0x18, 0x01], Value::Int(1)),
            (&[0xf9, 0x42, 0x00], Value::Float(3.0)),
            (&[0xf9, 0x00, 0x01], Value::Float(2_f64.powi(-24))),
            (&[0xd6, 0x42, b'h', b'i'], Value::from("aGk=")),
            (&[0xd5, 0x41, 0xfb], Value::from("-w")),
            (&[0xd7, 0x42, 0x0a, 0xff], Value::from("0AFF")),
            (&[0xc9, 0x01], Value::Int(1)),
        ];
        for (bytes, value) in cases {
            assert_eq!(parse(bytes).as_ref(), Ok(value), "{bytes:02x?}");
        }
    }

    #[test]
    fn duplicates_are_found_in_maps_of_any_size() {
        for size in 1..40_u8 {
            for copied in 0..size {
                let mut bytes = vec![0xb8, size + 1];
                (0..size).for_each(|key| bytes.extend([0x41, key + 1, 0]));
                bytes.extend([0x41, copied + 1, 0]);
                let error = parse(&bytes).unwrap_err().message;
                assert!(error.ends_with(&format!("at map element index {size}")), "{error}");
            }
        }
    }

    #[test]
    fn what_is_outside_the_subset_is_refused() {
        let deep = [0x81; 65];
        let cases: &[(&[u8], &str)] = &[
            (&[], "unexpected EOF"),
            (&[0x82, 0x01], "unexpected EOF"),
            (&[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "unexpected EOF"),
            (&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "unexpected EOF"),
            (&[0x01, 0x02], "cbor: 1 bytes of extraneous data starting at index 1"),
            (&[0x61, 0xff], "cbor: invalid UTF-8 string"),
            (&[0xa1, 0x01, 0x02], "cbor: map keys must be strings"),
            (
                &[0xa2, 0x61, b'a', 1, 0x61, b'a', 2],
                "cbor: found duplicate map key \"a\" at map element index 1",
            ),
            (&[0xf9, 0x7e, 0x00], "cbor: NaN and infinity are not allowed"),
            (&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "cbor: integer overflows int64"),
            (&[0xf7], "cbor: simple value 23 is not allowed"),
            (&[0xff], "cbor: unexpected \"break\" code"),
            (&[0x1c], "cbor: invalid additional information 28"),
            (&deep, "cbor: exceeded max nested level 64"),
        ];
        for (bytes, message) in cases {
            assert_eq!(
                parse(bytes).map_err(|error| error.message),
                Err((*message).to_owned()),
                "{bytes:02x?}"
            );
        }
    }
}
