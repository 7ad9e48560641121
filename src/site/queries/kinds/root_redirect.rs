use super::Listed;
use crate::html;
use crate::languages::Addresses;
use crate::site::{Output, OutputKind, OutputOrigin, Produced};

/// A page at the root that redirects to the default language. Its name is the
/// path of that language.
static KIND: OutputKind = OutputKind::new("lead-home", OutputOrigin::Site, |_, output| {
    Produced::text(html::redirect(&output.name))
});

pub(super) fn list(addresses: &Addresses) -> Listed {
    let output = Output::named(&KIND, addresses.main().prefix());
    vec![("index.html".to_owned(), output)]
}
