//! Rules of names and addresses: no input panics, and the rules imply one another where they should.
#![no_main]

use libfuzzer_sys::fuzz_target;
use meta::names;
use status::Path;

fuzz_target!(|text: &str| {
    if names::dns1035_label(text).is_empty() {
        assert!(names::dns1123_label(text).is_empty());
    }
    if names::dns1123_label(text).is_empty() {
        assert!(names::dns1123_subdomain(text).is_empty() && names::label_value(text).is_empty());
    }
    if names::env_var_name(text).is_empty() {
        assert!(names::relaxed_env_var_name(text).is_empty());
    }
    if names::ip(text).is_empty() {
        assert_eq!(text.parse().ok(), names::parse_ip(text));
    }
    let _ = (names::qualified_name(text), names::wildcard_dns1123_subdomain(text), names::port_name(text));
    let _ = (names::cidr(text), names::interface_address(text), names::mask_trailing_dash(text));
    let path = Path::new("field");
    let _ = (names::cidr_warnings(&path, text), names::ip_warning(&path, text));
    let _ = (names::domain_prefixed_path(&path, text), names::fully_qualified_domain_name(&path, text));
});
