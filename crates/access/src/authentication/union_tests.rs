use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use meta::time::{ManualClock, SystemClock, Time};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, KeyPair,
};
use rustls_pki_types::CertificateDer;

use super::super::{ClientCertificates, TokenFile};
use super::*;
use crate::testing::user;

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn key() -> KeyPair {
    KeyPair::generate().expect("keys can be made")
}

fn authority(name: &str) -> Issuer {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, key()).expect("the authority is good")
}

fn client(issuer: &Issuer, name: &str, organization: &str) -> CertificateDer<'static> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, organization);
    if !name.is_empty() {
        params.distinguished_name.push(DnType::CommonName, name);
    }
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.signed_by(&key(), issuer).expect("the certificate is good").der().clone()
}

fn authorities(issuer: &Issuer) -> Authorities {
    Authorities::new(issuer.pem().as_bytes()).expect("the file is good")
}

fn tokens() -> Arc<Tokens> {
    let own = vec!["api".to_owned()];
    let file = TokenFile::new("t,bob,bob-uid", own.clone()).expect("the file is good");
    Arc::new(Tokens::new(vec![Arc::new(file)], own))
}

async fn authenticate(
    union: &Union,
    certificates: &[CertificateDer<'static>],
    headers: &HeaderMap,
) -> (Authentication, Option<User>) {
    let certificates = &ClientCertificates::new(certificates.to_vec());
    let credentials = Credentials { headers, certificates };
    let answer = union.authenticate(&credentials, &mut Warnings::default()).await;
    let user = match &answer {
        Authentication::User(user) => Some((**user).clone()),
        _ => None,
    };
    (answer, user)
}

fn bearer(token: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(token))])
}

#[tokio::test]
async fn the_first_good_credential_decides_and_a_wrong_one_fails() {
    let (ours, theirs) = (authority("ours"), authority("theirs"));
    let clock = Arc::new(SystemClock);
    let union = Union::new(clock).with_certificates(authorities(&ours)).with_tokens(tokens());
    let good = [client(&ours, "jane", "dev")];
    let wrong = [client(&theirs, "jane", "dev")];
    let nameless = [client(&ours, "", "dev")];
    for (certificates, header, name) in [
        (&[][..], "", Ok(None)),
        (&[], "Bearer t", Ok(Some("bob"))),
        (&[], "Bearer x", Err(())),
        (&[], "Basic x", Ok(None)),
        (&good, "", Ok(Some("jane"))),
        (&good, "Bearer t", Ok(Some("jane"))),
        (&good, "Bearer x", Ok(Some("jane"))),
        (&wrong, "", Err(())),
        (&wrong, "Bearer t", Ok(Some("bob"))),
        (&nameless, "", Ok(None)),
    ] {
        let (answer, user) = authenticate(&union, certificates, &bearer(header)).await;
        let found = match answer {
            Authentication::Failed => Err(()),
            _ => Ok(user.as_ref().map(|user| user.name.as_str())),
        };
        assert_eq!(found, name, "{} certificates, {header}", certificates.len());
    }
}

#[tokio::test]
async fn a_certificate_names_user_groups_and_itself() {
    let issuer = authority("ours");
    let union = Union::new(Arc::new(SystemClock)).with_certificates(authorities(&issuer));
    let (_, found) = authenticate(&union, &[client(&issuer, "jane", "dev")], &HeaderMap::new()).await;
    let found = found.expect("the certificate is good");
    let fingerprint = crate::users::extra_value(&found, crate::users::CREDENTIAL_ID).to_owned();
    assert_eq!((&fingerprint[..11], fingerprint.len()), ("X509SHA256=", 75));
    assert_eq!(User { extra: Vec::new(), ..found }, user("jane", &["dev", "system:authenticated"]));
}

#[tokio::test]
async fn a_proxy_in_front_is_believed_by_its_certificate() {
    let (proxies, clients) = (authority("proxies"), authority("clients"));
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let union = Union::new(Arc::new(SystemClock)).with_certificates(authorities(&clients)).with_front_proxy(
        FrontProxy {
            authorities: authorities(&proxies),
            allowed_names: names(&["front"]),
            username_headers: names(&["X-Remote-User"]),
            uid_headers: names(&["X-Remote-Uid"]),
            group_headers: names(&["X-Remote-Group"]),
            extra_prefixes: names(&["X-Remote-Extra-"]),
        },
    );
    let mut headers = HeaderMap::new();
    for (name, value) in [("x-remote-user", "eve"), ("x-remote-group", "g"), ("x-remote-extra-a%2fb", "c")] {
        headers.append(name, HeaderValue::from_static(value));
    }
    let expected = User {
        extra: vec![("a/b".to_owned(), vec!["c".to_owned()])],
        ..user("eve", &["g", "system:authenticated"])
    };
    let front = [client(&proxies, "front", "x")];
    assert_eq!(authenticate(&union, &front, &headers).await.1, Some(expected));
    let other = [client(&proxies, "other", "x")];
    assert_eq!(authenticate(&union, &other, &headers).await.0, Authentication::Failed);
    let (_, direct) = authenticate(&union, &[client(&clients, "jane", "x")], &headers).await;
    assert_eq!(direct.map(|user| user.name).as_deref(), Some("jane"));
}

#[tokio::test]
async fn a_user_found_is_found_until_the_certificate_expires() {
    let issuer = authority("ours");
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "jane");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    (params.not_before, params.not_after) =
        (rcgen::date_time_ymd(2026, 1, 1), rcgen::date_time_ymd(2026, 1, 2));
    let own = params.signed_by(&key(), &issuer).expect("the certificate is good").der().clone();
    let last = params.not_after.unix_timestamp();
    let clock = Arc::new(ManualClock::new(Time::from_unix(last - 100)));
    let union = Union::new(Arc::<ManualClock>::clone(&clock)).with_certificates(authorities(&issuer));
    let (headers, certificates) = (HeaderMap::new(), ClientCertificates::new(vec![own]));
    for (now, good) in [(last - 90_000, false), (last - 100, true), (last, true), (last + 1, false)] {
        clock.set(Time::from_unix(now));
        let credentials = Credentials { headers: &headers, certificates: &certificates };
        let answer = union.authenticate(&credentials, &mut Warnings::default()).await;
        assert_eq!(matches!(answer, Authentication::User(_)), good, "{now}");
    }
}
