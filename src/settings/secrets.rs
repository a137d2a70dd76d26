//! What nobody may see of the settings: the secret, and passwords in URLs.

/// Stands in place of what is not shown.
pub(super) const MASK: &str = "********";

/// Whether a key's value may never be shown whole.
pub(super) fn is_secret(key: &str) -> bool {
    matches!(key, "auth.secret" | "files.s3_secret_key" | "database.url" | "mail.smtp_url")
}

/// A text as anybody may see it. Whatever looks like a URL loses its passwords, under whichever key it stands.
pub(super) fn masked(key: &str, text: &str) -> String {
    let has_none = text.is_empty() || text.starts_with("sqlite:");
    match key {
        "auth.secret" | "files.s3_secret_key" if !text.is_empty() => MASK.into(),
        _ if is_secret(key) && !has_none && !text.contains("://") => MASK.into(),
        _ => without_password(text),
    }
}

/// A URL without the password before the last `@` and without those among the parameters; any other text as it is.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.into() };
    let (user, place) = match rest.rsplit_once('@') {
        Some((credentials, place)) => match credentials.split_once(':') {
            Some((user, _)) => (format!("{user}:{MASK}@"), place),
            None => (format!("{credentials}@"), place),
        },
        None => (String::new(), rest),
    };
    let parameter = |text: &str| match text.split_once('=') {
        Some((name, _)) if name.to_lowercase().contains("pass") => format!("{name}={MASK}"),
        _ => text.into(),
    };
    let query = place.split_once('?').map(|(_, query)| query.split('&').map(parameter).collect::<Vec<_>>().join("&"));
    let place = place.split('?').next().unwrap_or_default();
    format!("{scheme}://{user}{place}{}", query.map(|query| format!("?{query}")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_passwords_in_urls_are_masked_and_the_rest_is_not() {
        assert_eq!(masked("auth.secret", "s3cr3t"), MASK);
        assert_eq!(masked("auth.secret", ""), "");
        assert_eq!(masked("database.url", "postgres://me:p@ss@db/x"), format!("postgres://me:{MASK}@db/x"));
        assert_eq!(masked("database.url", "sqlite://data/x.db"), "sqlite://data/x.db");
        assert_eq!(masked("database.url", "sqlite:x.db"), "sqlite:x.db");
        assert_eq!(masked("database.url", "postgres://me@db/x"), "postgres://me@db/x");
        assert_eq!(masked("mail.smtp_url", "smtps://u:p@host"), format!("smtps://u:{MASK}@host"));
        assert_eq!(masked("server.public_url", "https://x.org/chat?a=b"), "https://x.org/chat?a=b");
        assert_eq!(masked("server.public_url", "https://u:p@x.org"), format!("https://u:{MASK}@x.org"));
        assert_eq!(masked("database.url", "mysql://u:p?@@h/x"), format!("mysql://u:{MASK}@h/x"));
        let parameters = masked("database.url", "postgres://h/x?user=me&password=p&sslmode=require");
        assert_eq!(parameters, format!("postgres://h/x?user=me&password={MASK}&sslmode=require"));
    }
}
