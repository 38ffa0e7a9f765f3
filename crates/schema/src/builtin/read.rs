//! Text to declarations: lines and words, no meaning yet.

use std::rc::Rc;

/// A package: its name, and the names it knows others by.
pub(super) struct Package<'t> {
    pub name: &'t str,
    pub imports: Vec<(&'t str, &'t str)>,
}

/// One `type` line and what belongs to it.
pub(super) struct Declaration<'t> {
    pub package: Rc<Package<'t>>,
    pub name: &'t str,
    pub body: Body<'t>,
}

/// What a type is.
pub(super) enum Body<'t> {
    /// `type Name struct attributes`, and its members.
    Struct { attributes: Vec<&'t str>, members: Vec<Member<'t>> },
    /// `type Name expression = value | value`.
    Named { expression: &'t str, values: Vec<&'t str> },
}

/// One line of a struct.
pub(super) struct Member<'t> {
    pub name: &'t str,
    /// The protobuf number, 0 where there is none.
    pub number: u32,
    pub expression: &'t str,
    pub attributes: Vec<&'t str>,
}

/// Appends the declarations of `text`.
pub(super) fn read<'t>(text: &'t str, declarations: &mut Vec<Declaration<'t>>) -> Result<(), String> {
    let mut package = Rc::new(Package { name: "", imports: Vec::new() });
    for line in text.lines() {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let indented = line.starts_with(' ');
        match words.as_slice() {
            [] => {}
            ["package", name] => package = Rc::new(Package { name, imports: Vec::new() }),
            ["import", short, full] => Rc::get_mut(&mut package)
                .ok_or_else(|| format!("{line}: imports stand before types"))?
                .imports
                .push((short, full)),
            ["type", name, "struct", attributes @ ..] if !indented => {
                let body = Body::Struct { attributes: attributes.to_vec(), members: Vec::new() };
                declarations.push(Declaration { package: package.clone(), name, body });
            }
            ["type", name, expression, ..] if !indented => {
                let values = line.split_once(" = ").map(|(_, values)| values.split(" | ").collect());
                let body = Body::Named { expression, values: values.unwrap_or_default() };
                declarations.push(Declaration { package: package.clone(), name, body });
            }
            [name, number, expression, attributes @ ..] if indented => {
                let number = if *number == "-" { Ok(0) } else { number.parse() };
                let number = number.map_err(|_| format!("{line}: no protobuf number"))?;
                let member = Member { name, number, expression, attributes: attributes.to_vec() };
                match declarations.last_mut().map(|last| &mut last.body) {
                    Some(Body::Struct { members, .. }) => members.push(member),
                    _ => return Err(format!("{line}: a member of no struct")),
                }
            }
            _ => return Err(format!("{line}: not understood")),
        }
    }
    Ok(())
}
