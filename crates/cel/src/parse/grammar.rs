//! CEL's grammar as data: a transition network that the recognizer walks.
//!
//! The network has the states and decisions that a generated LL(*) parser has for the published grammar, because
//! the texts of syntax errors (which tokens were expected, what was skipped) follow from them.

use std::sync::LazyLock;

/// Kinds of tokens, in the order in which messages list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Token {
    End,
    Equals,
    NotEquals,
    In,
    Less,
    LessEquals,
    GreaterEquals,
    Greater,
    LogicalAnd,
    LogicalOr,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    LeftParen,
    RightParen,
    Dot,
    Comma,
    Minus,
    Exclam,
    QuestionMark,
    Colon,
    Plus,
    Star,
    Slash,
    Percent,
    True,
    False,
    Null,
    Float,
    Int,
    Uint,
    String,
    Bytes,
    Identifier,
    EscapedIdentifier,
}

/// How messages name the tokens.
const NAMES: [&str; 36] = [
    "<EOF>",
    "'=='",
    "'!='",
    "'in'",
    "'<'",
    "'<='",
    "'>='",
    "'>'",
    "'&&'",
    "'||'",
    "'['",
    "']'",
    "'{'",
    "'}'",
    "'('",
    "')'",
    "'.'",
    "','",
    "'-'",
    "'!'",
    "'?'",
    "':'",
    "'+'",
    "'*'",
    "'/'",
    "'%'",
    "'true'",
    "'false'",
    "'null'",
    "NUM_FLOAT",
    "NUM_INT",
    "NUM_UINT",
    "STRING",
    "BYTES",
    "IDENTIFIER",
    "ESC_IDENTIFIER",
];

/// A set of tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenSet(u64);

impl TokenSet {
    const END_OF_RULE: u64 = 1 << 63;

    pub fn of(tokens: &[Token]) -> TokenSet {
        TokenSet(tokens.iter().fold(0, |set, token| set | 1 << *token as u8))
    }
    pub fn contains(self, token: Token) -> bool {
        self.0 & (1 << token as u8) != 0
    }
    pub fn union(self, other: TokenSet) -> TokenSet {
        TokenSet(self.0 | other.0)
    }
    /// Whether the rule may end here.
    pub fn ends_rule(self) -> bool {
        self.0 & TokenSet::END_OF_RULE != 0
    }
    pub fn without_end_of_rule(self) -> TokenSet {
        TokenSet(self.0 & !TokenSet::END_OF_RULE)
    }
}

impl std::fmt::Display for TokenSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> =
            (0..NAMES.len()).filter(|bit| self.0 & (1 << bit) != 0).map(|bit| NAMES[bit]).collect();
        match names.as_slice() {
            [one] => f.write_str(one),
            several => write!(f, "{{{}}}", several.join(", ")),
        }
    }
}

/// The rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Rule {
    Start,
    Expr,
    ConditionalOr,
    ConditionalAnd,
    Relation,
    Calc,
    Unary,
    Member,
    Primary,
    ExprList,
    ListInit,
    FieldInitializerList,
    OptField,
    MapInitializerList,
    EscapeIdent,
    OptExpr,
    Literal,
}

/// How many rules there are.
pub(crate) const RULES: usize = 17;

/// The alternative of a rule that a node was made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alternative {
    /// The rule has none, or none was chosen.
    Plain,
    MemberExpr,
    LogicalNot,
    Negate,
    Select,
    MemberCall,
    Index,
    Ident,
    GlobalCall,
    Nested,
    CreateList,
    CreateStruct,
    CreateMessage,
    ConstantLiteral,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    True,
    False,
    Null,
}

/// What a child is to its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Nothing,
    Operand,
    Operator,
    Then,
    Else,
    Rest,
    Id,
    Optional,
    Open,
    Arguments,
    Index,
    LeadingDot,
    Elements,
    Entries,
    Key,
    Value,
    Colon,
    Sign,
    Literal,
}

/// Kinds of states, as far as error recovery treats them differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateKind {
    Basic,
    RuleStop,
    BlockStart,
    PlusBlockStart,
    StarLoopEntry,
    /// The entry of a left-recursive rule's loop.
    RecursionEntry,
    StarLoopBack,
    PlusLoopBack,
}

pub(crate) type StateId = u16;

/// What a transition needs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Edge {
    Epsilon,
    /// One of these tokens.
    Match(TokenSet, Label),
    /// A whole rule, with the least precedence of its loops.
    Call(Rule, u8, Label),
    /// The current rule was called with at most this precedence.
    Precedence(u8),
    /// What was recognized so far becomes the operand of a new node.
    Recurse(Alternative),
    /// Sets the alternative of the node.
    Choose(Alternative),
}

#[derive(Debug)]
pub(crate) struct State {
    pub kind: StateKind,
    pub rule: Rule,
    pub next: Vec<(Edge, StateId)>,
    /// The tokens that can come next, within the rule.
    pub look: TokenSet,
    /// For a decision: what each alternative can begin with, what follows the rule included.
    pub choices: Vec<TokenSet>,
}

/// The network.
pub(crate) struct Network {
    pub states: Vec<State>,
    pub starts: [StateId; RULES],
    pub stops: [StateId; RULES],
    /// Where each rule returns to, over all its calls.
    pub returns: [Vec<StateId>; RULES],
}

/// The network of CEL.
pub(crate) static NETWORK: LazyLock<Network> = LazyLock::new(|| Builder::new().build());

/// A piece of a rule.
enum Piece {
    Token(Vec<Token>, Label),
    Rule(Rule, u8, Label),
    Sequence(Vec<Piece>),
    Optional(Box<Piece>),
    Star(Box<Piece>),
    Plus(Box<Piece>),
    Choice(Vec<(Alternative, Piece)>),
    /// A left-recursive rule: its beginning, then (precedence, alternative, rest) any number of times.
    Recursive(Box<Piece>, Vec<(u8, Alternative, Piece)>),
}

fn token(token: Token, label: Label) -> Piece {
    Piece::Token(vec![token], label)
}
fn rule(rule: Rule, label: Label) -> Piece {
    Piece::Rule(rule, 0, label)
}
fn sequence<const N: usize>(pieces: [Piece; N]) -> Piece {
    Piece::Sequence(pieces.into())
}
fn optional(piece: Piece) -> Piece {
    Piece::Optional(Box::new(piece))
}
fn star(piece: Piece) -> Piece {
    Piece::Star(Box::new(piece))
}
fn plus(piece: Piece) -> Piece {
    Piece::Plus(Box::new(piece))
}
/// `first (',' rest)*`
fn comma_list(first: Piece, rest: Piece) -> Piece {
    sequence([first, star(sequence([token(Token::Comma, Label::Nothing), rest]))])
}

/// The rules, one by one.
fn rules() -> Vec<(Rule, Piece)> {
    use Alternative as A;
    use Label as L;
    use Token as T;
    let trailing_comma = || optional(token(T::Comma, L::Nothing));
    let leading_dot = || optional(token(T::Dot, L::LeadingDot));
    let sign = || optional(token(T::Minus, L::Sign));
    let binary = |tokens: &[Token], of: Rule, level: u8| {
        sequence([Piece::Token(tokens.to_vec(), L::Operator), Piece::Rule(of, level + 1, L::Rest)])
    };
    let joined = |of: Rule, operator: Token| {
        sequence([rule(of, L::Operand), star(sequence([token(operator, L::Operator), rule(of, L::Rest)]))])
    };
    let arguments = || {
        sequence([
            token(T::LeftParen, L::Open),
            optional(rule(Rule::ExprList, L::Arguments)),
            token(T::RightParen, L::Nothing),
        ])
    };
    let map_entry =
        || sequence([rule(Rule::OptExpr, L::Key), token(T::Colon, L::Colon), rule(Rule::Expr, L::Value)]);
    let field =
        || sequence([rule(Rule::OptField, L::Key), token(T::Colon, L::Colon), rule(Rule::Expr, L::Value)]);
    let literal = |kind: Token| token(kind, L::Literal);
    vec![
        (Rule::Start, sequence([rule(Rule::Expr, L::Operand), token(T::End, L::Nothing)])),
        (
            Rule::Expr,
            sequence([
                rule(Rule::ConditionalOr, L::Operand),
                optional(sequence([
                    token(T::QuestionMark, L::Operator),
                    rule(Rule::ConditionalOr, L::Then),
                    token(T::Colon, L::Nothing),
                    rule(Rule::Expr, L::Else),
                ])),
            ]),
        ),
        (Rule::ConditionalOr, joined(Rule::ConditionalAnd, T::LogicalOr)),
        (Rule::ConditionalAnd, joined(Rule::Relation, T::LogicalAnd)),
        (
            Rule::Relation,
            Piece::Recursive(
                Box::new(rule(Rule::Calc, L::Operand)),
                vec![(
                    1,
                    A::Plain,
                    binary(
                        &[
                            T::Equals,
                            T::NotEquals,
                            T::In,
                            T::Less,
                            T::LessEquals,
                            T::GreaterEquals,
                            T::Greater,
                        ],
                        Rule::Relation,
                        1,
                    ),
                )],
            ),
        ),
        (
            Rule::Calc,
            Piece::Recursive(
                Box::new(rule(Rule::Unary, L::Operand)),
                vec![
                    (2, A::Plain, binary(&[T::Star, T::Slash, T::Percent], Rule::Calc, 2)),
                    (1, A::Plain, binary(&[T::Minus, T::Plus], Rule::Calc, 1)),
                ],
            ),
        ),
        (
            Rule::Unary,
            Piece::Choice(vec![
                (A::MemberExpr, rule(Rule::Member, L::Operand)),
                (
                    A::LogicalNot,
                    sequence([plus(token(T::Exclam, L::Operator)), rule(Rule::Member, L::Operand)]),
                ),
                (A::Negate, sequence([plus(token(T::Minus, L::Operator)), rule(Rule::Member, L::Operand)])),
            ]),
        ),
        (
            Rule::Member,
            Piece::Recursive(
                Box::new(rule(Rule::Primary, L::Operand)),
                vec![
                    (
                        3,
                        A::Select,
                        sequence([
                            token(T::Dot, L::Operator),
                            optional(token(T::QuestionMark, L::Optional)),
                            rule(Rule::EscapeIdent, L::Id),
                        ]),
                    ),
                    (
                        2,
                        A::MemberCall,
                        sequence([token(T::Dot, L::Operator), token(T::Identifier, L::Id), arguments()]),
                    ),
                    (
                        1,
                        A::Index,
                        sequence([
                            token(T::LeftBracket, L::Operator),
                            optional(token(T::QuestionMark, L::Optional)),
                            rule(Rule::Expr, L::Index),
                            token(T::RightBracket, L::Nothing),
                        ]),
                    ),
                ],
            ),
        ),
        (
            Rule::Primary,
            Piece::Choice(vec![
                (A::Ident, sequence([leading_dot(), token(T::Identifier, L::Id)])),
                (A::GlobalCall, sequence([leading_dot(), token(T::Identifier, L::Id), arguments()])),
                (
                    A::Nested,
                    sequence([
                        token(T::LeftParen, L::Nothing),
                        rule(Rule::Expr, L::Operand),
                        token(T::RightParen, L::Nothing),
                    ]),
                ),
                (
                    A::CreateList,
                    sequence([
                        token(T::LeftBracket, L::Operator),
                        optional(rule(Rule::ListInit, L::Elements)),
                        trailing_comma(),
                        token(T::RightBracket, L::Nothing),
                    ]),
                ),
                (
                    A::CreateStruct,
                    sequence([
                        token(T::LeftBrace, L::Operator),
                        optional(rule(Rule::MapInitializerList, L::Entries)),
                        trailing_comma(),
                        token(T::RightBrace, L::Nothing),
                    ]),
                ),
                (
                    A::CreateMessage,
                    sequence([
                        leading_dot(),
                        token(T::Identifier, L::Id),
                        star(sequence([token(T::Dot, L::Nothing), token(T::Identifier, L::Id)])),
                        token(T::LeftBrace, L::Operator),
                        optional(rule(Rule::FieldInitializerList, L::Entries)),
                        trailing_comma(),
                        token(T::RightBrace, L::Nothing),
                    ]),
                ),
                (A::ConstantLiteral, rule(Rule::Literal, L::Operand)),
            ]),
        ),
        (Rule::ExprList, comma_list(rule(Rule::Expr, L::Elements), rule(Rule::Expr, L::Elements))),
        (Rule::ListInit, comma_list(rule(Rule::OptExpr, L::Elements), rule(Rule::OptExpr, L::Elements))),
        (Rule::FieldInitializerList, comma_list(field(), field())),
        (
            Rule::OptField,
            sequence([optional(token(T::QuestionMark, L::Optional)), rule(Rule::EscapeIdent, L::Id)]),
        ),
        (Rule::MapInitializerList, comma_list(map_entry(), map_entry())),
        (
            Rule::EscapeIdent,
            Piece::Choice(vec![
                (A::Plain, token(T::Identifier, L::Id)),
                (A::Plain, token(T::EscapedIdentifier, L::Id)),
            ]),
        ),
        (
            Rule::OptExpr,
            sequence([optional(token(T::QuestionMark, L::Optional)), rule(Rule::Expr, L::Operand)]),
        ),
        (
            Rule::Literal,
            Piece::Choice(vec![
                (A::Int, sequence([sign(), literal(T::Int)])),
                (A::Uint, literal(T::Uint)),
                (A::Double, sequence([sign(), literal(T::Float)])),
                (A::String, literal(T::String)),
                (A::Bytes, literal(T::Bytes)),
                (A::True, literal(T::True)),
                (A::False, literal(T::False)),
                (A::Null, literal(T::Null)),
            ]),
        ),
    ]
}

struct Builder {
    states: Vec<State>,
}

impl Builder {
    fn new() -> Builder {
        Builder { states: Vec::new() }
    }

    fn state(&mut self, kind: StateKind, rule: Rule) -> StateId {
        self.states.push(State {
            kind,
            rule,
            next: Vec::new(),
            look: TokenSet::default(),
            choices: Vec::new(),
        });
        (self.states.len() - 1) as StateId
    }

    fn edge(&mut self, from: StateId, edge: Edge, to: StateId) {
        self.states[from as usize].next.push((edge, to));
    }

    /// Adds `piece` after state `from`, and returns the state it ends in.
    fn add(&mut self, piece: &Piece, from: StateId, rule: Rule) -> StateId {
        use StateKind as K;
        let end = match piece {
            Piece::Sequence(pieces) => {
                return pieces.iter().fold(from, |at, piece| self.add(piece, at, rule));
            }
            _ => self.state(K::Basic, rule),
        };
        match piece {
            Piece::Sequence(_) => {}
            Piece::Token(tokens, label) => self.edge(from, Edge::Match(TokenSet::of(tokens), *label), end),
            Piece::Rule(called, level, label) => self.edge(from, Edge::Call(*called, *level, *label), end),
            Piece::Optional(body) => {
                self.states[from as usize].kind = K::BlockStart;
                self.branch(body, from, end, Edge::Epsilon, rule);
                self.edge(from, Edge::Epsilon, end);
            }
            Piece::Choice(alternatives) => {
                self.states[from as usize].kind = K::BlockStart;
                for (alternative, body) in alternatives {
                    self.branch(body, from, end, Edge::Choose(*alternative), rule);
                }
            }
            Piece::Star(body) => {
                self.states[from as usize].kind = K::StarLoopEntry;
                let back = self.state(K::StarLoopBack, rule);
                self.branch(body, from, back, Edge::Epsilon, rule);
                self.edge(back, Edge::Epsilon, from);
                self.edge(from, Edge::Epsilon, end);
            }
            Piece::Plus(body) => {
                self.states[from as usize].kind = K::PlusBlockStart;
                let back = self.state(K::PlusLoopBack, rule);
                self.branch(body, from, back, Edge::Epsilon, rule);
                self.edge(back, Edge::Epsilon, from);
                self.edge(back, Edge::Epsilon, end);
            }
            Piece::Recursive(first, rest) => {
                let entry = self.add(first, from, rule);
                self.states[entry as usize].kind = K::RecursionEntry;
                let block = self.state(if rest.len() > 1 { K::BlockStart } else { K::Basic }, rule);
                let back = self.state(K::StarLoopBack, rule);
                self.edge(entry, Edge::Epsilon, block);
                self.edge(entry, Edge::Epsilon, end);
                for (level, alternative, body) in rest {
                    let recursing = self.state(K::Basic, rule);
                    let checked = self.state(K::Basic, rule);
                    self.edge(block, Edge::Precedence(*level), recursing);
                    self.edge(recursing, Edge::Recurse(*alternative), checked);
                    let last = self.add(body, checked, rule);
                    self.edge(last, Edge::Epsilon, back);
                }
                self.edge(back, Edge::Epsilon, entry);
            }
        }
        end
    }

    fn branch(&mut self, body: &Piece, from: StateId, to: StateId, edge: Edge, rule: Rule) {
        let first = self.state(StateKind::Basic, rule);
        self.edge(from, edge, first);
        let last = self.add(body, first, rule);
        self.edge(last, Edge::Epsilon, to);
    }

    fn build(mut self) -> Network {
        let mut starts = [0; RULES];
        let mut stops = [0; RULES];
        for (rule, piece) in rules() {
            let start = self.state(StateKind::Basic, rule);
            let last = self.add(&piece, start, rule);
            let stop = self.state(StateKind::RuleStop, rule);
            self.edge(last, Edge::Epsilon, stop);
            starts[rule as usize] = start;
            stops[rule as usize] = stop;
        }
        let mut network =
            Network { states: self.states, starts, stops, returns: std::array::from_fn(|_| Vec::new()) };
        network.compute();
        network
    }
}

impl Network {
    /// Fills in what states look like from outside: first sets, follow sets, returns.
    fn compute(&mut self) {
        let count = self.states.len();
        for id in 0..count {
            self.states[id].look = self.look_from(id as StateId, &mut vec![false; count]);
            for (edge, target) in self.states[id].next.clone() {
                if let Edge::Call(rule, ..) = edge {
                    self.returns[rule as usize].push(target);
                }
            }
        }
        let follow = self.follow_sets();
        for id in 0..count {
            let state = &self.states[id];
            let choices = state.next.iter().map(|(edge, target)| {
                let look = match edge {
                    Edge::Match(set, _) => *set,
                    _ => self.states[*target as usize].look,
                };
                if look.ends_rule() { look.union(follow[state.rule as usize]) } else { look }
            });
            self.states[id].choices = choices.collect();
        }
    }

    fn look_from(&self, id: StateId, seen: &mut [bool]) -> TokenSet {
        let state = &self.states[id as usize];
        if std::mem::replace(&mut seen[id as usize], true) {
            return TokenSet::default();
        }
        if state.kind == StateKind::RuleStop {
            return TokenSet(TokenSet::END_OF_RULE);
        }
        state.next.iter().fold(TokenSet::default(), |set, (edge, target)| {
            set.union(match edge {
                Edge::Match(tokens, _) => *tokens,
                // No rule of the grammar matches nothing, so what follows the call does not show here.
                Edge::Call(rule, ..) => self.look_from(self.starts[*rule as usize], seen),
                _ => self.look_from(*target, seen),
            })
        })
    }

    fn follow_sets(&self) -> [TokenSet; RULES] {
        let mut follow = [TokenSet::default(); RULES];
        loop {
            let before = follow;
            for rule in 0..RULES {
                for target in &self.returns[rule] {
                    let state = &self.states[*target as usize];
                    follow[rule] = follow[rule].union(state.look.without_end_of_rule());
                    if state.look.ends_rule() {
                        follow[rule] = follow[rule].union(follow[state.rule as usize]);
                    }
                }
            }
            if follow == before {
                return follow;
            }
        }
    }
}
