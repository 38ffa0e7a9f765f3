//! Any configuration applied to any object is answered; what comes out fits the type, applying it again changes nothing,
//! and an update of it is tracked. A line of JSON is the live object, the rest the configuration.
#![no_main]

use libfuzzer_sys::fuzz_target;
use object::{Value, json};
use patch::apply::{Context, Set, SingleVersion, apply, update};

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let (Some(live), Some(applied)) = (parts.next(), parts.next()) else { return };
    let (Ok(live @ Value::Object(_)), Ok(mut applied @ Value::Object(_))) =
        (json::parse(live), json::parse(applied))
    else {
        return;
    };
    let schema = schema::builtin();
    let Some(ty) = schema.of_kind("", "v1", "Pod") else { return };
    let text = json::to_vec(&live);
    let Ok((mut live, _)) = schema::decode(ty, live, &text) else { return };
    for object in [&mut live, &mut applied] {
        object.set("apiVersion", "v1");
        object.set("kind", "Pod");
    }
    let versions = SingleVersion { api_version: "v1", ty, reset_fields: Set::of_fields([["status"]]) };
    let context = Context {
        versions: &versions,
        api_version: "v1",
        kind: "Pod",
        manager: "fuzz",
        subresource: "",
        now: "2026-01-01T00:00:00Z",
    };
    let Ok(mut once) = apply(&context, Some(&live), applied.clone(), true) else { return };
    schema::normalise(ty, &mut once);
    if let Ok(mut twice) = apply(&context, Some(&once), applied, true) {
        schema::normalise(ty, &mut twice);
        assert_eq!(once, twice);
    }
    update(&context, Some(&once), &mut live);
});
