//! A line of text as words with their columns.

use super::error::{ScriptError, ScriptProblem};

/// One word of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Counted from 1, in characters.
    pub column: usize,
    pub kind: TokenKind,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Word(Text),
    /// `key=value`; the key may be quoted too.
    Pair {
        key: String,
        value: Text,
    },
    /// `->`
    Arrow,
}

/// A text and whether it stood in quotes, where nothing has a meaning of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    pub quoted: bool,
}

/// The statements of one line: `;` separates them, `#` at the start of a word ends the line.
pub fn statements(line: &str, number: usize) -> Result<Vec<Vec<Token>>, ScriptError> {
    let mut cursor = Cursor {
        chars: line.chars().collect(),
        at: 0,
        line: number,
    };
    let mut statements = vec![Vec::new()];
    loop {
        cursor.skip_space();
        let column = cursor.at + 1;
        let Some(first) = cursor.peek() else { break };
        match first {
            // A topic pattern may begin with `#`: then it stands in quotes or after `key=`.
            '#' => break,
            ';' => {
                cursor.at += 1;
                statements.push(Vec::new());
            }
            _ => {
                let kind = cursor.token()?;
                if let Some(statement) = statements.last_mut() {
                    statement.push(Token { column, kind });
                }
            }
        }
    }
    statements.retain(|statement| !statement.is_empty());
    Ok(statements)
}

struct Cursor {
    chars: Vec<char>,
    at: usize,
    line: usize,
}

impl Cursor {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn token(&mut self) -> Result<TokenKind, ScriptError> {
        let first = self.text(|c| c == '=')?;
        if !first.quoted && first.text == "->" {
            return Ok(TokenKind::Arrow);
        }
        if self.peek() != Some('=') {
            return Ok(TokenKind::Word(first));
        }
        self.at += 1;
        let value = self.text(|_| false)?;
        Ok(TokenKind::Pair {
            key: first.text,
            value,
        })
    }

    /// A quoted text, or everything up to a space, a `;` or where `stop` says so.
    fn text(&mut self, stop: impl Fn(char) -> bool) -> Result<Text, ScriptError> {
        if let Some(quote @ ('"' | '\'')) = self.peek() {
            return self.quoted(quote);
        }
        let start = self.at;
        while self
            .peek()
            .is_some_and(|c| !c.is_whitespace() && c != ';' && !stop(c))
        {
            self.at += 1;
        }
        Ok(Text {
            text: self.chars[start..self.at].iter().collect(),
            quoted: false,
        })
    }

    fn quoted(&mut self, quote: char) -> Result<Text, ScriptError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            if c == quote {
                return Ok(Text { text, quoted: true });
            }
            if c != '\\' {
                text.push(c);
                continue;
            }
            let Some(escaped) = self.peek() else { break };
            self.at += 1;
            text.push(match escaped {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                other => other,
            });
        }
        Err(ScriptError {
            line: self.line,
            column: start + 1,
            problem: ScriptProblem::OpenText { quote },
        })
    }
}
