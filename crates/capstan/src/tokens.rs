//! Static tokens (`--token-auth-file`): lines of token, user, uid and groups.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use registry::{User, Warnings};
use server::access::{Answer, Authentication, Authenticator, Credentials};

/// Why a token file can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFileError {
    line: usize,
}

impl fmt::Display for TokenFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} must have at least 3 columns (token, user name, user uid)", self.line)
    }
}

impl std::error::Error for TokenFileError {}

/// The tokens of a file.
#[derive(Debug, Default)]
pub struct StaticTokens(HashMap<String, Arc<User>>);

impl StaticTokens {
    /// Reads the text of a token file.
    ///
    /// # Errors
    /// If a line has too few columns.
    pub fn parse(text: &str) -> Result<StaticTokens, TokenFileError> {
        let mut tokens = HashMap::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let columns = columns(line);
            let [token, name, uid, rest @ ..] = columns.as_slice() else {
                return Err(TokenFileError { line: index + 1 });
            };
            let groups = rest.first().map_or("", String::as_str);
            let groups = groups.split(',').map(str::trim).filter(|group| !group.is_empty());
            let mut groups: Vec<String> = groups.map(str::to_owned).collect();
            groups.push("system:authenticated".to_owned());
            let user = User { name: name.clone(), uid: uid.clone(), groups, extra: Vec::new() };
            tokens.insert(token.clone(), Arc::new(user));
        }
        Ok(StaticTokens(tokens))
    }
}

/// The columns of a line, which may be quoted.
fn columns(line: &str) -> Vec<String> {
    let mut quoted = false;
    let cells = line.split(|c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    cells.map(|cell| cell.trim().trim_matches('"').trim().to_owned()).collect()
}

impl Authenticator for StaticTokens {
    fn authenticate<'a>(
        &'a self,
        credentials: &'a Credentials<'a>,
        warnings: &'a mut Warnings,
    ) -> Answer<'a, Authentication> {
        let header = credentials.headers.get("authorization").and_then(|value| value.to_str().ok());
        let mut words = header.unwrap_or("").trim().split(' ');
        let scheme = words.next().unwrap_or("");
        let authentication = match words.next() {
            Some("") if scheme.eq_ignore_ascii_case("bearer") && words.next().is_some() => {
                warnings.add(
                    "the provided Authorization header contains extra space before the bearer token, and is ignored",
                );
                Authentication::Nobody
            }
            Some(token) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => {
                match self.0.get(token) {
                    Some(user) => Authentication::User(Arc::clone(user)),
                    None => Authentication::Failed,
                }
            }
            _ => Authentication::Nobody,
        };
        Box::pin(std::future::ready(authentication))
    }
}
