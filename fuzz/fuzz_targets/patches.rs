//! Any patch of any object is answered, and what comes out is well formed. A line of JSON is the object, the rest the
//! patch.
#![no_main]

use libfuzzer_sys::fuzz_target;
use object::{Value, json};

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let (Some(target), Some(patch)) = (parts.next(), parts.next()) else { return };
    let Ok(object @ Value::Object(_)) = json::parse(target) else { return };
    let target = json::to_vec(&object);
    for strict in [false, true] {
        let patched = [patch::json_patch(&target, patch, strict), patch::merge_patch(&target, patch, strict)];
        for patched in patched.into_iter().flatten() {
            // Number literals are taken over as they are; one beyond a float's range is the decoder's to refuse.
            let parsed = json::parse(&patched.json);
            assert!(
                parsed.is_ok()
                    || parsed.is_err_and(|error| error.message.starts_with("json: cannot unmarshal number"))
            );
        }
    }
    let schema = schema::builtin();
    let Some(pod) = schema.of_kind("", "v1", "Pod") else { return };
    let Ok((object, _)) = schema::decode(pod, object, &target) else { return };
    if let Ok(merged) = patch::strategic_merge_patch(pod, &object, patch, true) {
        let mut again = merged.object.clone();
        schema::normalise(pod, &mut again);
        assert_eq!(again, merged.object);
    }
});
