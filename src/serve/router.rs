use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use super::{
    Server, ages, answer, editor, fix, frames, host_check, live, own_addresses, review, search,
    share, translations,
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// All routes. Everything is read-only, except that a page on this machine may
/// open the editor, apply fixes of problems, and put translations back.
pub(super) fn router(server: Arc<Server>) -> Router {
    let mut routes = Router::new()
        .route(
            "/__proofroom/client.js",
            get(|| asset("text/javascript", CLIENT_JS)),
        )
        .route(
            "/__proofroom/review-keys.js",
            get(|| asset("text/javascript", include_str!("browser/review-keys.js"))),
        )
        .route(
            "/__proofroom/problems.css",
            get(|| asset("text/css", PROBLEMS_CSS)),
        )
        .route(
            "/__proofroom/list.css",
            get(|| asset("text/css", review::LIST_CSS)),
        )
        .route(
            "/__proofroom/ages.css",
            get(|| asset("text/css", &ages::STYLE)),
        )
        .route(
            "/__proofroom/ages.js",
            get(|| asset("text/javascript", AGES_JS)),
        )
        .route("/__proofroom/ages", get(ages::ages))
        .route("/__proofroom/blame/{*file}", get(ages::blame))
        .route(
            "/__proofroom/translations.css",
            get(|| asset("text/css", translations::STYLE)),
        )
        .route(
            "/__proofroom/translations.js",
            get(|| asset("text/javascript", translations::SCRIPT)),
        )
        .route("/__proofroom/translations", get(translations::all))
        .route("/__proofroom/translated", get(translations::badge))
        .route(
            "/__proofroom/translations/{language}/{*of}",
            get(translations::one),
        )
        .route(
            "/__proofroom/lost/{language}/{*of}",
            get(translations::held),
        )
        .route("/__proofroom/search", get(search::search))
        .route("/__proofroom/review.json", get(review::json))
        .route("/__proofroom/changes", get(review::changes))
        .route("/__proofroom/bases", get(review::bases))
        .route(review::LIST, get(answer::answer).post(review::choose));
    if server.live {
        routes = routes
            .route("/__proofroom/live", get(live::live))
            .route("/__proofroom/edit", post(editor::edit))
            .route("/__proofroom/fix", post(fix::fix))
            .route("/__proofroom/recover", post(translations::put_back));
    }
    let routes = routes
        .fallback(get(answer::answer))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            PATIENCE,
        ))
        .with_state(server.clone());
    // The path that routes are chosen by may be another than the one that was sent.
    Router::new()
        .fallback_service(routes)
        .layer(from_fn_with_state(server.clone(), own_addresses::reroute))
        .layer(from_fn_with_state(server.clone(), share::share))
        .layer(from_fn_with_state(server.clone(), frames::frames))
        .layer(from_fn_with_state(server.clone(), host_check::gate))
        .layer(SetResponseHeaderLayer::overriding(
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-cache"),
        ))
        .layer(SetResponseHeaderLayer::overriding(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(CatchPanicLayer::new())
}

/// The style sheet of the page shown in place of one that cannot be rendered. What the
/// server's own pages look like is never part of them: a proxy may have browsers obey a
/// policy that forbids that.
const PROBLEMS_CSS: &str = include_str!("browser/problems.css");

/// The code of the list of ages.
const AGES_JS: &str = include_str!("browser/ages.js");

/// The code that runs in the browser.
const CLIENT_JS: &str = concat!(
    "const proofroomStyles = { page: String.raw`",
    include_str!("browser/page.css"),
    "`, overlay: String.raw`",
    include_str!("browser/overlay.css"),
    "`, bar: String.raw`",
    include_str!("browser/review.css"),
    "`, marks: String.raw`",
    include_str!("browser/review-marks.css"),
    "` };\n",
    include_str!("browser/addresses.js"),
    include_str!("browser/look.js"),
    include_str!("browser/loads.js"),
    include_str!("browser/caches.js"),
    include_str!("browser/typing.js"),
    include_str!("browser/morph.js"),
    include_str!("browser/drawings.js"),
    include_str!("browser/reader.js"),
    include_str!("browser/scripts.js"),
    include_str!("browser/overlay.js"),
    include_str!("browser/editor.js"),
    include_str!("browser/follow.js"),
    include_str!("browser/age.js"),
    include_str!("browser/desk.js"),
    include_str!("browser/review-place.js"),
    include_str!("browser/review-marks.js"),
    include_str!("browser/review-pictures.js"),
    include_str!("browser/review-map.js"),
    include_str!("browser/review-sides.js"),
    include_str!("browser/review-bar.js"),
    include_str!("browser/review-list.js"),
    include_str!("browser/review.js"),
    include_str!("browser/client.js"),
);

async fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))],
        text,
    )
}
