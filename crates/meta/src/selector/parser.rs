//! The grammar of label selectors in query strings.

use status::Path;

use super::lexer::{Kind, Token, tokens};
use super::requirement::key_error;
use super::{Operator, Requirement, SelectorError};

pub(super) fn parse(text: &str) -> Result<Vec<Requirement>, SelectorError> {
    Parser { tokens: tokens(text), position: 0 }.requirements()
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    position: usize,
}

type Parsed<T> = Result<T, SelectorError>;

fn unexpected<T>(found: &str, expected: &str) -> Parsed<T> {
    Err(SelectorError::new(format!("found '{found}', expected: {expected}")))
}

impl<'a> Parser<'a> {
    /// The next token as it is; past the end there are only ends.
    fn peek_raw(&self) -> Token<'a> {
        self.tokens.get(self.position).copied().unwrap_or(Token { kind: Kind::End, text: "" })
    }

    /// The next token where `in` and `notin` are words like any other.
    fn peek(&self) -> Token<'a> {
        let token = self.peek_raw();
        match token.kind {
            Kind::In | Kind::NotIn => Token { kind: Kind::Identifier, ..token },
            _ => token,
        }
    }

    fn take(&mut self) -> Token<'a> {
        let token = self.peek();
        self.position += 1;
        token
    }

    fn requirements(mut self) -> Parsed<Vec<Requirement>> {
        let mut requirements = Vec::new();
        loop {
            let token = self.peek();
            match token.kind {
                Kind::Identifier | Kind::DoesNotExist => {}
                Kind::End => return Ok(requirements),
                _ => return unexpected(token.text, "!, identifier, or 'end of string'"),
            }
            let requirement = self
                .requirement()
                .map_err(|error| SelectorError::new(format!("unable to parse requirement: {error}")))?;
            requirements.push(requirement);
            let separator = self.take();
            match separator.kind {
                Kind::End => return Ok(requirements),
                Kind::Comma => {
                    let token = self.peek();
                    if !matches!(token.kind, Kind::Identifier | Kind::DoesNotExist) {
                        return unexpected(token.text, "identifier after ','");
                    }
                }
                _ => return unexpected(separator.text, "',' or 'end of string'"),
            }
        }
    }

    fn requirement(&mut self) -> Parsed<Requirement> {
        let (key, unary) = self.key()?;
        if let Some(operator) = unary {
            return Requirement::new(key, operator, []);
        }
        let operator = self.operator()?;
        let mut values = match operator {
            Operator::In | Operator::NotIn => self.values()?,
            _ => vec![self.exact_value()?],
        };
        values.sort_unstable();
        values.dedup();
        Requirement::new(key, operator, values)
    }

    /// The key, and the operator if it has no values.
    fn key(&mut self) -> Parsed<(&'a str, Option<Operator>)> {
        let mut token = self.take();
        let mut operator = None;
        if token.kind == Kind::DoesNotExist {
            operator = Some(Operator::DoesNotExist);
            token = self.take();
        }
        if token.kind != Kind::Identifier {
            return unexpected(token.text, "identifier");
        }
        // The original has no path for this one, and prints that.
        if let Some(error) = key_error(&Path::new("<nil>"), token.text) {
            return Err(SelectorError::new(error.message()));
        }
        if matches!(self.peek().kind, Kind::End | Kind::Comma) {
            operator = operator.or(Some(Operator::Exists));
        }
        Ok((token.text, operator))
    }

    fn operator(&mut self) -> Parsed<Operator> {
        let token = self.peek_raw();
        self.position += 1;
        Ok(match token.kind {
            Kind::In => Operator::In,
            Kind::NotIn => Operator::NotIn,
            Kind::Equals => Operator::Equals,
            Kind::DoubleEquals => Operator::DoubleEquals,
            Kind::NotEquals => Operator::NotEquals,
            Kind::GreaterThan => Operator::GreaterThan,
            Kind::LessThan => Operator::LessThan,
            _ => return unexpected(token.text, "in, notin, =, ==, !=, gt, lt"),
        })
    }

    /// The value after a comparison; nothing is the empty one.
    fn exact_value(&mut self) -> Parsed<&'a str> {
        if matches!(self.peek().kind, Kind::End | Kind::Comma) {
            return Ok("");
        }
        let token = self.take();
        if token.kind == Kind::Identifier { Ok(token.text) } else { unexpected(token.text, "identifier") }
    }

    /// The values in parentheses.
    fn values(&mut self) -> Parsed<Vec<&'a str>> {
        let open = self.take();
        if open.kind != Kind::OpenParenthesis {
            return Err(SelectorError::new(format!("found '{}' expected: '('", open.text)));
        }
        let first = self.peek();
        match first.kind {
            Kind::Identifier | Kind::Comma => {
                let values = self.value_list()?;
                if self.take().kind == Kind::ClosedParenthesis {
                    Ok(values)
                } else {
                    unexpected(first.text, "')'")
                }
            }
            Kind::ClosedParenthesis => {
                self.take();
                Ok(vec![""])
            }
            _ => unexpected(first.text, "',', ')' or identifier"),
        }
    }

    /// Words with commas between them, where nothing is the empty value, up to a closing parenthesis.
    fn value_list(&mut self) -> Parsed<Vec<&'a str>> {
        let mut values = Vec::new();
        loop {
            let token = self.take();
            match token.kind {
                Kind::Identifier => {
                    values.push(token.text);
                    let next = self.peek();
                    match next.kind {
                        Kind::Comma => {}
                        Kind::ClosedParenthesis => return Ok(values),
                        _ => return unexpected(next.text, "',' or ')'"),
                    }
                }
                Kind::Comma => {
                    if values.is_empty() {
                        values.push("");
                    }
                    match self.peek().kind {
                        Kind::ClosedParenthesis => {
                            values.push("");
                            return Ok(values);
                        }
                        Kind::Comma => {
                            self.take();
                            values.push("");
                        }
                        _ => {}
                    }
                }
                _ => return unexpected(token.text, "',', or identifier"),
            }
        }
    }
}
