//! The few pages that people see. No script, no picture, one style that the page names by its hash.
use std::sync::LazyLock;

use actix_web::{
    HttpResponse,
    cookie::Cookie,
    http::{StatusCode, header::ContentType},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::answer::common_headers;

const STYLE: &str = include_str!("pages/page.css");
const TEMPLATE: &str = include_str!("pages/page.html");
const RESET_FORM: &str = include_str!("pages/reset.html");
const HOMEWARD: &str = r#"<meta http-equiv="refresh" content="3;url=/">"#;

static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
});

/// What one page says. Only texts of this server go in, never a visitor's: nothing is escaped.
#[derive(Default)]
pub(super) struct Page<'a> {
    pub title: &'static str,
    pub text: &'a str,
    /// Whether the browser moves on to `/` by itself.
    pub leads_home: bool,
    /// Asks for a new password, which this token allows.
    pub reset_token: Option<&'a str>,
}

pub(super) fn respond(status: StatusCode, page: &Page<'_>, cookies: &[Cookie<'static>]) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    common_headers(&mut response, &POLICY);
    for cookie in cookies {
        response.cookie(cookie.clone());
    }
    response.insert_header(ContentType::html()).body(page.render())
}

impl Page<'_> {
    fn render(&self) -> String {
        let form = self.reset_token.map(|token| RESET_FORM.replace("{{token}}", token)).unwrap_or_default();
        TEMPLATE
            .replace("{{title}}", self.title)
            .replace("{{text}}", self.text)
            .replace("{{homeward}}", if self.leads_home { HOMEWARD } else { "" })
            .replace("{{form}}", &form)
            .replace("{{style}}", STYLE)
    }
}
