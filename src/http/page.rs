//! The few pages that people see. No script, no picture, one style that the page names by its hash.
use std::sync::LazyLock;

use actix_web::{
    HttpResponse,
    cookie::Cookie,
    http::{StatusCode, header::ContentType},
};
use askama::Template;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::answer::common_headers;

pub(in crate::http) const STYLE: &str = include_str!("pages/page.css");

static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
});

/// What one page says. Whatever goes in is escaped.
#[derive(Default, Template)]
#[template(path = "http/pages/page.html")]
pub(in crate::http) struct Page<'a> {
    pub title: &'static str,
    pub text: &'a str,
    /// Whether the browser moves on to `/` by itself.
    pub leads_home: bool,
    /// Asks for a new password, which this token allows.
    pub reset_token: Option<&'a str>,
}

pub(in crate::http) fn respond(status: StatusCode, page: &impl Template, cookies: &[Cookie<'static>]) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    common_headers(&mut response, &POLICY);
    for cookie in cookies {
        response.cookie(cookie.clone());
    }
    response.insert_header(ContentType::html()).body(page.render().expect("a text takes all that is written to it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_into_a_page_is_text_and_never_markup() {
        let mark = "\"'><script>&";
        let page = Page { text: mark, reset_token: Some(mark), ..Page::default() }.render().unwrap();
        let escaped = "&#34;&#39;&#62;&#60;script&#62;&#38;";
        assert!(page.contains(&format!("<p>{escaped}</p>")), "{page}");
        assert!(page.contains(&format!("name=\"token\" value=\"{escaped}\"")), "{page}");
        assert!(!page.contains("<script"), "{page}");
    }

    #[test]
    fn a_page_moves_on_or_asks_for_a_password_only_if_it_is_told_to() {
        let plain = Page { title: "Title", ..Page::default() };
        let page = plain.render().unwrap();
        assert!(page.contains("<title>Title</title>") && page.contains("<h1>Title</h1>"), "{page}");
        assert!(page.contains(&format!("<style>{STYLE}</style>")), "the style is what the policy names");
        assert!(!page.contains("refresh") && !page.contains("<form"), "{page}");
        let page = Page { leads_home: true, reset_token: Some("t"), ..plain }.render().unwrap();
        assert!(page.contains(r#"<meta http-equiv="refresh" content="3;url=/">"#) && page.contains("<form"), "{page}");
    }
}
