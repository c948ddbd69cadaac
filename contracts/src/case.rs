//! How names are written: the words of a name, and the ways to put them together.

use crate::model::RenameRule;

/// The words of an identifier: `user_id`, `userId` and `UserID` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split('_').filter(|part| !part.is_empty()) {
        let chars: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (at, &c) in chars.iter().enumerate() {
            let starts = c.is_ascii_uppercase()
                && at > 0
                && (!chars[at - 1].is_ascii_uppercase()
                    || chars.get(at + 1).is_some_and(char::is_ascii_lowercase));
            if starts {
                words.push(std::mem::take(&mut word));
            }
            word.push(c.to_ascii_lowercase());
        }
        words.push(word);
    }
    words
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + chars.as_str()
    })
}

/// The name as `rule` writes it.
pub(crate) fn rename(name: &str, rule: RenameRule) -> String {
    let words = words(name);
    if words.is_empty() {
        return name.to_owned();
    }
    match rule {
        RenameRule::Snake => words.join("_"),
        RenameRule::Kebab => words.join("-"),
        RenameRule::ScreamingSnake => words.join("_").to_ascii_uppercase(),
        RenameRule::Pascal => words.iter().map(|word| capital(word)).collect(),
        RenameRule::Camel => {
            words[0].clone()
                + &words[1..]
                    .iter()
                    .map(|word| capital(word))
                    .collect::<String>()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rename;
    use crate::model::RenameRule::{Camel, Kebab, Pascal, ScreamingSnake, Snake};

    #[test]
    fn names_are_rewritten_by_words() {
        for (name, rule, expected) in [
            ("user_id", Camel, "userId"),
            ("userId", Snake, "user_id"),
            ("get_user", Pascal, "GetUser"),
            ("EmailTaken", ScreamingSnake, "EMAIL_TAKEN"),
            ("EmailTaken", Kebab, "email-taken"),
            ("HTTPError", Snake, "http_error"),
            ("DirectoryDown", Camel, "directoryDown"),
            ("line2_text", Camel, "line2Text"),
            ("_hidden", Camel, "hidden"),
            ("__", Camel, "__"),
            ("id", Pascal, "Id"),
        ] {
            assert_eq!(rename(name, rule), expected, "{name}");
        }
    }
}
