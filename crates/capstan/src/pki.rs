//! The certificates and keys a new data directory gets: a CA, the serving certificate, the administrator's client
//! certificate, and the key that signs service account tokens. What is there is kept.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize, SanType,
};
use time::{Duration, OffsetDateTime};

/// How long certificates made here are valid.
const VALIDITY: Duration = Duration::days(3650);
/// How far back validity begins, for clocks that are not quite in step.
const BACKDATE: Duration = Duration::hours(1);

/// A directory of certificates and keys.
#[derive(Clone, Debug)]
pub struct Pki {
    directory: PathBuf,
}

/// The name in the certificate that this server proves itself with to aggregated API servers.
pub const FRONT_PROXY_NAME: &str = "front-proxy-client";

/// Who signs certificates.
struct Authority {
    /// Its files, without their ending.
    file: &'static str,
    name: &'static str,
}

impl Authority {
    /// That of the server and its clients.
    const CLUSTER: Authority = Authority { file: "ca", name: "capstan-ca" };
    /// That of this server as a proxy: another one, lest clients could pass for it.
    const FRONT_PROXY: Authority = Authority { file: "front-proxy-ca", name: "capstan-front-proxy-ca" };
}

/// Who a certificate is for.
struct Subject<'a> {
    common_name: &'a str,
    organization: Option<&'a str>,
    usage: ExtendedKeyUsagePurpose,
    names: Vec<SanType>,
}

impl Pki {
    /// The directory, made (readable by its owner alone) if it is not there.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn open(directory: &Path) -> io::Result<Pki> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        Ok(Pki { directory: directory.to_owned() })
    }

    /// A file of the directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    fn read(&self, name: &str) -> io::Result<String> {
        fs::read_to_string(self.path(name))
    }

    fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// The CA's certificate, in PEM. The CA is made if there is none.
    ///
    /// # Errors
    /// If files can't be read or written.
    pub fn authority(&self) -> io::Result<String> {
        self.authority_of(&Authority::CLUSTER)
    }

    fn authority_of(&self, authority: &Authority) -> io::Result<String> {
        let [certificate_file, key_file] = ["crt", "key"].map(|end| format!("{}.{end}", authority.file));
        if !self.has(&certificate_file) || !self.has(&key_file) {
            let key = KeyPair::generate().map_err(io::Error::other)?;
            let certificate = authority_parameters(authority)?.self_signed(&key).map_err(io::Error::other)?;
            write_private(&self.path(&key_file), &key.serialize_pem())?;
            write_private(&self.path(&certificate_file), &certificate.pem())?;
        }
        self.read(&certificate_file)
    }

    /// What proves to aggregated API servers that a request comes from this server: the certificate (for
    /// [`FRONT_PROXY_NAME`]) and its key, and the CA that they are to trust with it, in PEM.
    ///
    /// # Errors
    /// If files can't be read or written.
    pub fn front_proxy(&self) -> io::Result<(String, String, String)> {
        let authority = self.authority_of(&Authority::FRONT_PROXY)?;
        if let (Ok(certificate), Ok(key)) =
            (self.read("front-proxy-client.crt"), self.read("front-proxy-client.key"))
        {
            return Ok((certificate, key, authority));
        }
        let subject = Subject {
            common_name: FRONT_PROXY_NAME,
            organization: None,
            usage: ExtendedKeyUsagePurpose::ClientAuth,
            names: Vec::new(),
        };
        let (certificate, key) = self.issue_by(&Authority::FRONT_PROXY, "front-proxy-client", subject)?;
        Ok((certificate, key, authority))
    }

    /// The serving certificate and its key, in PEM, for `names`. Made anew when the names have changed.
    ///
    /// # Errors
    /// If files can't be read or written.
    pub fn serving(&self, names: &[String]) -> io::Result<(String, String)> {
        let wanted = names.join("\n");
        if self.read("serving.names").is_ok_and(|known| known == wanted)
            && let (Ok(certificate), Ok(key)) = (self.read("serving.crt"), self.read("serving.key"))
        {
            return Ok((certificate, key));
        }
        let alternatives = names.iter().map(|name| alternative(name)).collect::<io::Result<_>>()?;
        let made = self.issue(
            "serving",
            Subject {
                common_name: "kube-apiserver",
                organization: None,
                usage: ExtendedKeyUsagePurpose::ServerAuth,
                names: alternatives,
            },
        )?;
        write_private(&self.path("serving.names"), &wanted)?;
        Ok(made)
    }

    /// The administrator's certificate (group `system:masters`) and its key, in PEM.
    ///
    /// # Errors
    /// If files can't be read or written.
    pub fn administrator(&self) -> io::Result<(String, String)> {
        if let (Ok(certificate), Ok(key)) = (self.read("admin.crt"), self.read("admin.key")) {
            return Ok((certificate, key));
        }
        self.issue(
            "admin",
            Subject {
                common_name: "kubernetes-admin",
                organization: Some("system:masters"),
                usage: ExtendedKeyUsagePurpose::ClientAuth,
                names: Vec::new(),
            },
        )
    }

    /// The key that signs service account tokens (RSA), in PEM.
    ///
    /// # Errors
    /// If files can't be read or written.
    pub fn service_account_key(&self) -> io::Result<String> {
        if !self.has("service-account.key") {
            let key =
                KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).map_err(io::Error::other)?;
            write_private(&self.path("service-account.key"), &key.serialize_pem())?;
        }
        self.read("service-account.key")
    }

    fn issue(&self, file: &str, subject: Subject<'_>) -> io::Result<(String, String)> {
        self.issue_by(&Authority::CLUSTER, file, subject)
    }

    fn issue_by(
        &self,
        authority: &Authority,
        file: &str,
        subject: Subject<'_>,
    ) -> io::Result<(String, String)> {
        self.authority_of(authority)?;
        let authority_key = self.read(&format!("{}.key", authority.file))?;
        let authority_key = KeyPair::from_pem(&authority_key).map_err(io::Error::other)?;
        let issuer = Issuer::new(authority_parameters(authority)?, authority_key);
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let mut params = parameters(subject.common_name, subject.organization)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![subject.usage];
        params.subject_alt_names = subject.names;
        let certificate = params.signed_by(&key, &issuer).map_err(io::Error::other)?;
        let (certificate, key) = (certificate.pem(), key.serialize_pem());
        write_private(&self.path(&format!("{file}.key")), &key)?;
        write_private(&self.path(&format!("{file}.crt")), &certificate)?;
        Ok((certificate, key))
    }
}

fn authority_parameters(authority: &Authority) -> io::Result<CertificateParams> {
    let mut params = parameters(authority.name, None)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages =
        vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn parameters(common_name: &str, organization: Option<&str>) -> io::Result<CertificateParams> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, common_name);
    if let Some(organization) = organization {
        params.distinguished_name.push(DnType::OrganizationName, organization);
    }
    let now = OffsetDateTime::now_utc();
    params.not_before = now - BACKDATE;
    params.not_after = now + VALIDITY;
    Ok(params)
}

fn alternative(name: &str) -> io::Result<SanType> {
    match name.parse::<IpAddr>() {
        Ok(address) => Ok(SanType::IpAddress(address)),
        Err(_) => Ok(SanType::DnsName(name.try_into().map_err(io::Error::other)?)),
    }
}

/// Writes a file that only its owner can read; whole or not at all.
///
/// # Errors
/// If the file can't be written.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_made_is_kept_and_private() {
        let directory = std::env::temp_dir().join(format!("capstan-pki-{}", std::process::id()));
        let pki = Pki::open(&directory).unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let serving = pki.serving(&names).unwrap();
        let admin = pki.administrator().unwrap();
        let proxy = pki.front_proxy().unwrap();
        assert_eq!(pki.front_proxy().unwrap(), proxy);
        assert_ne!(pki.authority().unwrap(), proxy.2);
        assert_eq!(pki.serving(&names).unwrap(), serving);
        assert_eq!(pki.administrator().unwrap(), admin);
        assert_ne!(pki.serving(&names[..1]).unwrap(), serving);
        for file in fs::read_dir(&directory).unwrap() {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::remove_dir_all(&directory).unwrap();
    }
}
