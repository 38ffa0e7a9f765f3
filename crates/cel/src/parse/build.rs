//! From syntax tree to expressions.

use super::grammar::{Alternative, Label, Rule, Token};
use super::macros;
use super::recognizer::{MAX_DEPTH, Node, NodeId, Part, Tree};
use super::unescape::unescape;
use crate::ast::{Ast, Expr, ExprId, FieldEntry, Kind, Literal, MapEntry, operator};
use crate::source::{Issues, NOWHERE, Offset};

/// Words that no identifier may be.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "package",
    "namespace",
    "null",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// A limit was passed and has been reported.
pub(super) struct TooDeep;
type Result<T> = std::result::Result<T, TooDeep>;

/// The expression of `tree`; nothing when it is nested too deeply.
pub(super) fn build(source: &str, tree: &Tree, issues: &mut Issues) -> Option<Ast> {
    let mut builder = Builder { source, tree, issues, offsets: vec![NOWHERE], depth: 0 };
    let root = builder.visit(0).ok()?;
    Some(Ast { root, offsets: builder.offsets })
}

pub(super) struct Builder<'a> {
    source: &'a str,
    tree: &'a Tree,
    pub issues: &'a mut Issues,
    pub offsets: Vec<Offset>,
    depth: u16,
}

impl<'a> Builder<'a> {
    fn node(&self, id: NodeId) -> &'a Node {
        &self.tree.nodes[id as usize]
    }

    fn token_of(&self, node: &Node, label: Label) -> Option<u32> {
        node.parts.iter().find_map(|(found, part)| match part {
            Part::Token(token) if *found == label => Some(*token),
            _ => None,
        })
    }

    fn child_of(&self, node: &Node, label: Label) -> Option<NodeId> {
        self.children_of(node, label).next()
    }

    fn children_of<'n>(&self, node: &'n Node, label: Label) -> impl Iterator<Item = NodeId> + use<'n> {
        node.parts.iter().filter_map(move |(found, part)| match part {
            Part::Node(child) if *found == label => Some(*child),
            _ => None,
        })
    }

    fn tokens_of<'n>(&self, node: &'n Node, label: Label) -> impl Iterator<Item = u32> + use<'n> {
        node.parts.iter().filter_map(move |(found, part)| match part {
            Part::Token(token) if *found == label => Some(*token),
            _ => None,
        })
    }

    fn text(&self, token: u32) -> &'a str {
        let token = &self.tree.tokens[token as usize];
        &self.source[token.start as usize..token.end as usize]
    }

    fn token_offset(&self, token: u32) -> Offset {
        self.tree.tokens[token as usize].offset
    }

    pub fn id(&mut self, offset: Offset) -> ExprId {
        self.offsets.push(offset);
        (self.offsets.len() - 1) as ExprId
    }

    fn id_at(&mut self, token: u32) -> ExprId {
        self.id(self.token_offset(token))
    }

    fn id_of(&mut self, node: &Node) -> ExprId {
        self.id_at(node.first)
    }

    pub fn expr(&mut self, offset: Offset, kind: Kind) -> Expr {
        Expr { id: self.id(offset), kind }
    }

    pub fn error(&mut self, offset: Offset, message: impl Into<String>) -> Expr {
        self.issues.report(offset, message);
        self.expr(offset, Kind::Unspecified)
    }

    fn error_at(&mut self, node: &Node, message: impl Into<String>) -> Expr {
        self.error(self.token_offset(node.first), message)
    }

    fn unspecified(&mut self) -> Expr {
        self.expr(NOWHERE, Kind::Unspecified)
    }

    /// Down through nodes that only hold another one.
    fn unnest(&self, mut id: NodeId) -> Option<NodeId> {
        loop {
            let node = self.node(id);
            let holds_one = match node.rule {
                Rule::Start => true,
                Rule::Expr | Rule::ConditionalOr | Rule::ConditionalAnd | Rule::Relation | Rule::Calc => {
                    self.token_of(node, Label::Operator).is_none()
                }
                _ => matches!(
                    node.alternative,
                    Alternative::MemberExpr | Alternative::Nested | Alternative::ConstantLiteral
                ),
            };
            let member = node.rule == Rule::Member && node.alternative == Alternative::Plain;
            if !holds_one && !member {
                return Some(id);
            }
            id = self.child_of(node, Label::Operand)?;
        }
    }

    fn visit_child(&mut self, node: &Node, label: Label) -> Result<Expr> {
        match self.child_of(node, label) {
            Some(child) => self.visit(child),
            None => Ok(self.unspecified()),
        }
    }

    fn visit(&mut self, id: NodeId) -> Result<Expr> {
        let Some(id) = self.unnest(id) else { return Ok(self.unspecified()) };
        let node = self.node(id);
        let counted = matches!(node.rule, Rule::Expr | Rule::Relation | Rule::Calc | Rule::Member);
        if counted {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                self.issues.report(NOWHERE, "max recursion depth exceeded");
                return Err(TooDeep);
            }
        }
        let expr = self.visit_node(node);
        if counted {
            self.depth -= 1;
        }
        expr
    }

    fn visit_node(&mut self, node: &Node) -> Result<Expr> {
        match (node.rule, node.alternative) {
            (Rule::Expr, _) => self.conditional(node),
            (Rule::ConditionalOr, _) => self.logical(node, operator::OR),
            (Rule::ConditionalAnd, _) => self.logical(node, operator::AND),
            (Rule::Relation | Rule::Calc, _) => self.binary(node),
            (Rule::Unary, Alternative::LogicalNot) => self.unary(node, operator::NOT),
            (Rule::Unary, Alternative::Negate) => self.unary(node, operator::NEGATE),
            (Rule::Member, Alternative::Select) => self.select(node),
            (Rule::Member, Alternative::MemberCall) => self.member_call(node),
            (Rule::Member, Alternative::Index) => self.index(node),
            (Rule::Primary, Alternative::Ident | Alternative::GlobalCall) => self.ident_or_call(node),
            (Rule::Primary, Alternative::CreateList) => self.list(node),
            (Rule::Primary, Alternative::CreateStruct) => self.map(node),
            (Rule::Primary, Alternative::CreateMessage) => self.message(node),
            (Rule::Literal, _) => Ok(self.literal(node)),
            _ => Ok(self.unspecified()),
        }
    }

    fn call(&mut self, id: ExprId, function: &str, target: Option<Expr>, arguments: Vec<Expr>) -> Expr {
        match macros::expand(self, id, function, target, arguments) {
            macros::Expanded::Macro(expr) => expr,
            macros::Expanded::Call(target, arguments) => Expr {
                id,
                kind: Kind::Call { function: function.to_owned(), target: target.map(Box::new), arguments },
            },
        }
    }

    fn conditional(&mut self, node: &Node) -> Result<Expr> {
        let condition = self.visit_child(node, Label::Operand)?;
        let id = self.operator_id(node);
        let then = self.visit_child(node, Label::Then)?;
        let otherwise = self.visit_child(node, Label::Else)?;
        Ok(self.call(id, operator::CONDITIONAL, None, vec![condition, then, otherwise]))
    }

    fn operator_id(&mut self, node: &Node) -> ExprId {
        match self.token_of(node, Label::Operator) {
            Some(token) => self.id_at(token),
            None => self.id_of(node),
        }
    }

    /// `a || b || c`, as a balanced tree so that long chains do not nest deeply.
    fn logical(&mut self, node: &Node, function: &str) -> Result<Expr> {
        let mut terms = vec![self.visit_child(node, Label::Operand)?];
        let mut ids = Vec::new();
        let operators: Vec<u32> = self.tokens_of(node, Label::Operator).collect();
        let rest: Vec<NodeId> = self.children_of(node, Label::Rest).collect();
        for (index, operator) in operators.into_iter().enumerate() {
            let Some(next) = rest.get(index) else {
                let sign = &function[1..3];
                return Ok(self.error_at(node, format!("unexpected character, wanted '{sign}'")));
            };
            terms.push(self.visit(*next)?);
            ids.push(self.id_at(operator));
        }
        let mut terms: Vec<Option<Expr>> = terms.into_iter().map(Some).collect();
        let last = ids.len() - 1;
        Ok(self.balance(function, &mut terms, &ids, 0, last))
    }

    fn balance(
        &mut self,
        function: &str,
        terms: &mut [Option<Expr>],
        ids: &[ExprId],
        low: usize,
        high: usize,
    ) -> Expr {
        let middle = (low + high).div_ceil(2);
        let left = if middle == low {
            self.taken(terms, middle)
        } else {
            self.balance(function, terms, ids, low, middle - 1)
        };
        let right = if middle == high {
            self.taken(terms, middle + 1)
        } else {
            self.balance(function, terms, ids, middle + 1, high)
        };
        let kind = Kind::Call { function: function.to_owned(), target: None, arguments: vec![left, right] };
        Expr { id: ids[middle], kind }
    }

    fn taken(&mut self, terms: &mut [Option<Expr>], index: usize) -> Expr {
        match terms.get_mut(index).and_then(Option::take) {
            Some(term) => term,
            None => self.unspecified(),
        }
    }

    fn binary(&mut self, node: &Node) -> Result<Expr> {
        let function =
            match self.token_of(node, Label::Operator).map(|token| self.tree.tokens[token as usize].kind) {
                Some(Token::Equals) => operator::EQUALS,
                Some(Token::NotEquals) => operator::NOT_EQUALS,
                Some(Token::In) => operator::IN,
                Some(Token::Less) => operator::LESS,
                Some(Token::LessEquals) => operator::LESS_EQUALS,
                Some(Token::Greater) => operator::GREATER,
                Some(Token::GreaterEquals) => operator::GREATER_EQUALS,
                Some(Token::Plus) => operator::ADD,
                Some(Token::Minus) => operator::SUBTRACT,
                Some(Token::Star) => operator::MULTIPLY,
                Some(Token::Slash) => operator::DIVIDE,
                Some(Token::Percent) => operator::MODULO,
                _ => return Ok(self.error_at(node, "operator not found")),
            };
        let left = self.visit_child(node, Label::Operand)?;
        let id = self.operator_id(node);
        let right = self.visit_child(node, Label::Rest)?;
        Ok(self.call(id, function, None, vec![left, right]))
    }

    fn unary(&mut self, node: &Node, function: &str) -> Result<Expr> {
        if self.tokens_of(node, Label::Operator).count().is_multiple_of(2) {
            return self.visit_child(node, Label::Operand);
        }
        let id = self.operator_id(node);
        let operand = self.visit_child(node, Label::Operand)?;
        Ok(self.call(id, function, None, vec![operand]))
    }

    /// The name in an identifier that may be escaped, and where it stands.
    fn name(&mut self, id: NodeId) -> (String, Offset) {
        let node = self.node(id);
        let offset = self.token_offset(node.first);
        let Some(token) = self.token_of(node, Label::Id) else { return (String::new(), offset) };
        if self.tree.tokens[token as usize].kind == Token::EscapedIdentifier {
            self.issues.report(offset, "unsupported syntax: '`'");
            return (String::new(), offset);
        }
        (self.text(token).to_owned(), offset)
    }

    fn select(&mut self, node: &Node) -> Result<Expr> {
        let operand = self.visit_child(node, Label::Operand)?;
        let (Some(name), Some(dot)) = (self.child_of(node, Label::Id), self.token_of(node, Label::Operator))
        else {
            return Ok(self.unspecified());
        };
        let (field, name_at) = self.name(name);
        let offset = self.token_offset(dot);
        if self.token_of(node, Label::Optional).is_some() {
            let id = self.id(offset);
            let literal = self.expr(name_at, Kind::Literal(Literal::String(field.into())));
            let kind = Kind::Call {
                function: operator::OPTIONAL_SELECT.to_owned(),
                target: None,
                arguments: vec![operand, literal],
            };
            return Ok(Expr { id, kind });
        }
        Ok(self.expr(offset, Kind::Select { operand: Box::new(operand), field, test_only: false }))
    }

    fn member_call(&mut self, node: &Node) -> Result<Expr> {
        let operand = self.visit_child(node, Label::Operand)?;
        let (Some(name), Some(open)) = (self.token_of(node, Label::Id), self.token_of(node, Label::Open))
        else {
            return Ok(self.unspecified());
        };
        let id = self.id_at(open);
        let arguments = self.arguments(node)?;
        Ok(self.call(id, self.text(name), Some(operand), arguments))
    }

    fn arguments(&mut self, node: &Node) -> Result<Vec<Expr>> {
        let Some(list) = self.child_of(node, Label::Arguments) else { return Ok(Vec::new()) };
        self.children_of(self.node(list), Label::Elements).map(|element| self.visit(element)).collect()
    }

    fn index(&mut self, node: &Node) -> Result<Expr> {
        let operand = self.visit_child(node, Label::Operand)?;
        let id = self.operator_id(node);
        let index = self.visit_child(node, Label::Index)?;
        let optional = self.token_of(node, Label::Optional).is_some();
        let function = if optional { operator::OPTIONAL_INDEX } else { operator::INDEX };
        Ok(self.call(id, function, None, vec![operand, index]))
    }

    fn ident_or_call(&mut self, node: &Node) -> Result<Expr> {
        let Some(token) = self.token_of(node, Label::Id) else { return Ok(self.unspecified()) };
        let word = self.text(token);
        if RESERVED.contains(&word) {
            return Ok(self.error_at(node, format!("reserved identifier: {word}")));
        }
        let dot = if self.token_of(node, Label::LeadingDot).is_some() { "." } else { "" };
        let name = format!("{dot}{word}");
        if node.alternative == Alternative::Ident {
            return Ok(self.expr(self.token_offset(token), Kind::Ident(name)));
        }
        let id = match self.token_of(node, Label::Open) {
            Some(open) => self.id_at(open),
            None => self.id_of(node),
        };
        let arguments = self.arguments(node)?;
        Ok(self.call(id, &name, None, arguments))
    }

    fn list(&mut self, node: &Node) -> Result<Expr> {
        let id = self.operator_id(node);
        let (mut elements, mut optional) = (Vec::new(), Vec::new());
        if let Some(list) = self.child_of(node, Label::Elements) {
            for (index, element) in self.children_of(self.node(list), Label::Elements).enumerate() {
                let element = self.node(element);
                if self.token_of(element, Label::Optional).is_some() {
                    optional.push(index);
                }
                elements.push(self.visit_child(element, Label::Operand)?);
            }
        }
        Ok(Expr { id, kind: Kind::List { elements, optional } })
    }

    /// The complete (key, colon, value) entries of an initializer list.
    fn entries(&self, node: &Node) -> Vec<(NodeId, u32, NodeId)> {
        let Some(list) = self.child_of(node, Label::Entries) else { return Vec::new() };
        let list = self.node(list);
        self.children_of(list, Label::Key)
            .zip(self.tokens_of(list, Label::Colon))
            .zip(self.children_of(list, Label::Value))
            .map(|((key, colon), value)| (key, colon, value))
            .collect()
    }

    fn map(&mut self, node: &Node) -> Result<Expr> {
        let id = self.operator_id(node);
        let mut entries = Vec::new();
        for (key, colon, value) in self.entries(node) {
            let entry_id = self.id_at(colon);
            let key = self.node(key);
            let optional = self.token_of(key, Label::Optional).is_some();
            let key = self.visit_child(key, Label::Operand)?;
            entries.push(MapEntry { id: entry_id, key, value: self.visit(value)?, optional });
        }
        Ok(Expr { id, kind: Kind::Map(entries) })
    }

    fn message(&mut self, node: &Node) -> Result<Expr> {
        let dot = if self.token_of(node, Label::LeadingDot).is_some() { "." } else { "" };
        let parts: Vec<&str> = self.tokens_of(node, Label::Id).map(|token| self.text(token)).collect();
        let name = format!("{dot}{}", parts.join("."));
        let id = self.operator_id(node);
        let mut fields = Vec::new();
        for (key, colon, value) in self.entries(node) {
            let entry_id = self.id_at(colon);
            let key = self.node(key);
            let optional = self.token_of(key, Label::Optional).is_some();
            let field = self.child_of(key, Label::Id).map(|id| self.name(id).0).unwrap_or_default();
            fields.push(FieldEntry { id: entry_id, name: field, value: self.visit(value)?, optional });
        }
        Ok(Expr { id, kind: Kind::Struct { name, fields } })
    }

    fn literal(&mut self, node: &Node) -> Expr {
        let Some(token) = self.token_of(node, Label::Literal) else { return self.unspecified() };
        let text = self.text(token);
        let sign = if self.token_of(node, Label::Sign).is_some() { "-" } else { "" };
        let literal = match node.alternative {
            Alternative::Int => {
                integer(sign, text, i64::from_str_radix).map(Literal::Int).ok_or("invalid int literal")
            }
            Alternative::Uint => {
                let text = &text[..text.len() - 1];
                integer("", text, u64::from_str_radix).map(Literal::Uint).ok_or("invalid uint literal")
            }
            Alternative::Double => match format!("{sign}{text}").parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Literal::Double(number)),
                _ => Err("invalid double literal"),
            },
            Alternative::String => unescape(text, false)
                .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "invalid unicode code point"))
                .map(|text| Literal::String(text.into())),
            Alternative::Bytes => unescape(&text[1..], true).map(|bytes| Literal::Bytes(bytes.into())),
            Alternative::True => Ok(Literal::Bool(true)),
            Alternative::False => Ok(Literal::Bool(false)),
            _ => Ok(Literal::Null),
        };
        match literal {
            Ok(literal) => {
                let offset = self.token_offset(node.first);
                self.expr(offset, Kind::Literal(literal))
            }
            Err(message) => self.error_at(node, message),
        }
    }
}

fn integer<T>(sign: &str, text: &str, parse: fn(&str, u32) -> Parsed<T>) -> Option<T> {
    match text.strip_prefix("0x") {
        Some(digits) => parse(&format!("{sign}{digits}"), 16).ok(),
        None => parse(&format!("{sign}{text}"), 10).ok(),
    }
}

/// What parsing an integer gives.
type Parsed<T> = std::result::Result<T, std::num::ParseIntError>;
