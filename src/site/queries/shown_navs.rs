//! The nav as templates see it: all of it, or what one page shows.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::docs_files::address;
use super::settings::{config, docs, folders, languages};
use super::views::nav_page;
use super::{files, meta, nav, templates};
use crate::nav::{
    Group, Label, LabelledList, Lists, ListsBySection, Nav, OpenSections, PageNav, Parts,
    ShownList, ShownNav, Target, lists_around, lists_of_part,
};
use crate::site::{Db, Entry};
use crate::theme::Listed;

/// The keys of the front matter that a nav shows.
const SHOWN_IN_NAV: [&str; 4] = ["icon", "status", "subtitle", "hide"];

/// A nav with more items than this is divided into parts. Below, a page with all of them
/// is smaller than one with parts of them and the scripts to load the others.
const LARGE: usize = 250;

/// What a page says about itself for navs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OwnLabel {
    title: String,
    typeset: Option<String>,
    meta: Arc<Map<String, Value>>,
}

#[salsa::tracked(returns(clone))]
fn own_label(db: &dyn Db, page: Entry) -> Arc<OwnLabel> {
    let meta = meta(db, page);
    let front = meta.front.iter();
    let shown = front.filter(|(key, _)| SHOWN_IN_NAV.contains(&key.as_str()));
    Arc::new(OwnLabel {
        title: meta.title.clone(),
        typeset: meta.typeset.clone(),
        meta: Arc::new(
            shown
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        ),
    })
}

/// A page's title as readers see it: a title in the nav takes precedence.
#[salsa::tracked(returns(clone))]
pub(super) fn title(db: &dyn Db, page: Entry) -> String {
    let nav = nav(db);
    let place = nav.place(&page.path(db));
    let given = place.and_then(|place| nav.items[place].title.clone());
    given.unwrap_or_else(|| meta(db, page).title.clone())
}

/// The title as a plugin shows it: only a title from the page's own text is.
#[salsa::tracked(returns(clone))]
pub(super) fn typeset_title(db: &dyn Db, page: Entry) -> Option<String> {
    let typeset = meta(db, page).typeset.clone()?;
    let nav = nav(db);
    let place = nav.place(&page.path(db));
    let is_given = place.is_some_and(|place| nav.items[place].title.is_some());
    (!is_given).then_some(typeset)
}

/// How the nav is divided, if pages hold only a part of it.
#[salsa::tracked(returns(clone))]
pub(super) fn nav_parts(db: &dyn Db) -> Option<Arc<Parts>> {
    let features = nav_features(db);
    let is_large = || nav(db).items.len() > LARGE;
    let is_divided = features.can_divide && (features.prune || is_large());
    is_divided.then(|| Arc::new(Parts::new(&nav(db))))
}

/// What the theme and its settings say about the nav.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct NavFeatures {
    /// Whether the templates that print it are the built-in ones.
    can_divide: bool,
    /// Whether even a small nav is divided.
    prune: bool,
    open: OpenSections,
}

#[salsa::tracked(returns(copy))]
fn nav_features(db: &dyn Db) -> NavFeatures {
    let is_builtin = folders(db).is_some_and(|folders| folders.packages.is_empty());
    let own = templates(db);
    let prints_nav = ["partials/nav.html", "partials/nav-item.html"];
    let settings = config(db).map(|config| config.theme.settings.clone());
    let features = settings.and_then(|settings| settings.get("features").cloned());
    let has = |name: &str| {
        let features = features.as_ref().and_then(Value::as_array);
        features.is_some_and(|features| features.iter().any(|feature| feature == name))
    };
    NavFeatures {
        can_divide: is_builtin && !prints_nav.iter().any(|name| own.contains_key(*name)),
        prune: has("navigation.prune"),
        open: OpenSections {
            tabs: has("navigation.tabs"),
            sections: has("navigation.sections"),
        },
    }
}

/// What navs show of the item at an index.
fn label(db: &dyn Db, nav: &Nav, parts: Option<&Parts>, place: usize) -> Arc<Label> {
    let item = &nav.items[place];
    let own = match &item.target {
        Target::Page(page) => Some(own_label(db, db.entry(&page.source))),
        Target::Section | Target::Link(_) => None,
    };
    let own_title = || own.as_ref().map(|own| own.title.clone());
    let own_typeset = || own.as_ref().and_then(|own| own.typeset.clone());
    let group = || Group {
        first: nav.first_address(place).map(str::to_owned),
        index: nav
            .index_of(place)
            .map(|index| label(db, nav, parts, index)),
        part: parts.map_or_else(Arc::default, |parts| parts.name(Some(place))),
    };
    Arc::new(Label {
        title: item.title.clone().or_else(own_title).unwrap_or_default(),
        typeset: match item.title {
            Some(_) => None,
            None => own_typeset(),
        },
        target: item.target.clone(),
        meta: own.map_or_else(Arc::default, |own| own.meta.clone()),
        group: (!item.children.is_empty()).then(group),
    })
}

/// A list as a query key.
#[salsa::interned(revisions = usize::MAX)]
struct ListKey<'db> {
    /// The index of its section in the nav; `None` is the top level.
    #[returns(copy)]
    section: Option<usize>,
    /// Which of the items are shown.
    #[returns(ref)]
    items: Range<usize>,
}

/// The labels of the items of a list. Pages that show the same list share them.
#[salsa::tracked(returns(clone))]
fn labels_in<'db>(db: &'db dyn Db, list: ListKey<'db>) -> Arc<[Arc<Label>]> {
    let (nav, parts) = (nav(db), nav_parts(db));
    // Of a nav that has changed meanwhile, nobody asks for a list that it has no more.
    let shown = nav.children(list.section(db)).get(list.items(db).clone());
    shown
        .unwrap_or_default()
        .iter()
        .map(|place| label(db, &nav, parts.as_deref(), *place))
        .collect()
}

/// The lists of a page with their labels.
fn labelled(db: &dyn Db, nav: &Nav, parts: &Parts, lists: &Lists) -> Arc<[LabelledList]> {
    let lists = lists.lists.iter().map(|list| LabelledList {
        of: list.of,
        labels: labels_in(db, ListKey::new(db, list.section, list.items.clone())),
        start: list.items.start,
        cut: nav.cut(parts, list),
    });
    lists.collect()
}

/// What a page shows of the nav, if pages hold only a part of it.
#[salsa::tracked(returns(clone))]
fn page_nav(db: &dyn Db, page: Entry) -> Option<Arc<PageNav>> {
    nav_around(db, Some(page)).map(Arc::new)
}

/// The same for a template that is no page.
#[salsa::tracked(returns(clone))]
fn nav_of_no_page(db: &dyn Db) -> Option<Arc<PageNav>> {
    nav_around(db, None).map(Arc::new)
}

/// What a page shows of the others, if that is what it shows of the nav; `None` if its
/// templates may show more.
pub fn shown_of_others(db: &dyn Db, page: Entry) -> Option<Arc<PageNav>> {
    templates(db)
        .is_empty()
        .then(|| page_nav(db, page))
        .flatten()
}

/// The lists that a page shows, or a template that is none.
fn lists_shown(db: &dyn Db, nav: &Nav, page: Option<Entry>) -> Lists {
    let place = page.and_then(|page| place_of(db, nav, page));
    lists_around(nav, place, nav_features(db).open)
}

/// The index of a page, or of the page that stands for it.
fn place_of(db: &dyn Db, nav: &Nav, page: Entry) -> Option<usize> {
    let place = nav.place(&page.path(db));
    place.or_else(|| nav.place(&nav_page(db, page)?))
}

fn nav_around(db: &dyn Db, page: Option<Entry>) -> Option<PageNav> {
    let parts = nav_parts(db)?;
    let nav = nav(db);
    let lists = lists_shown(db, &nav, page);
    let neighbours = page.map(|page| {
        let source = match nav.place(&page.path(db)) {
            Some(_) => None,
            None => nav_page(db, page),
        };
        nav.neighbours(&source.unwrap_or_else(|| page.path(db)))
    });
    let (previous, next) = neighbours.unwrap_or_default();
    let label = |place: usize| label(db, &nav, Some(&parts), place);
    Some(PageNav {
        lists: labelled(db, &nav, &parts, &lists),
        current: lists.current,
        previous: previous.map(label),
        next: next.map(label),
        home: home(db, &nav).map(label),
    })
}

/// The index of the home page.
fn home(db: &dyn Db, nav: &Nav) -> Option<usize> {
    let languages = languages(db);
    let shared = languages.as_ref().filter(|it| it.one_site().is_some());
    nav.home(shared.map(|languages| languages.current().prefix.as_str()))
}

/// What a part of the nav shows, with the numbers of the sections that lead to it, from
/// 1; `None` if there is no such part.
pub(super) fn part_nav(db: &dyn Db, name: &str) -> Option<(PageNav, Vec<usize>)> {
    let parts = nav_parts(db)?;
    let owner = parts.named(name)?;
    let nav = nav(db);
    let lists = lists_of_part(&nav, &parts, owner);
    let mut above: Vec<usize> = owner.into_iter().collect();
    above.extend(owner.map_or_else(Vec::new, |owner| nav.ancestors(owner)));
    let numbers = above.iter().rev().map(|place| nav.number(*place) + 1);
    let shown = PageNav {
        lists: labelled(db, &nav, &parts, &lists),
        ..PageNav::default()
    };
    Some((shown, numbers.collect()))
}

/// The whole nav.
#[salsa::tracked(returns(clone))]
pub fn whole_nav(db: &dyn Db) -> Arc<ShownNav> {
    let (nav, parts) = (nav(db), nav_parts(db));
    let label = |place: usize| label(db, &nav, parts.as_deref(), place);
    Arc::new(ShownNav::whole(&nav, &label, home(db, &nav)))
}

/// What is known of the nav for a page, or for a template that is none.
pub(super) struct KnownNav {
    pub(super) nav: Arc<ShownNav>,
    /// The lists that it shows; `None` for all.
    pub(super) lists: Option<Arc<ListsBySection>>,
    /// These lists with their labels, if nothing else is known.
    pub(super) shared_lists: Option<Arc<[LabelledList]>>,
}

/// What a page shows of the nav, and nothing else; `None` if it shows all of it.
pub(super) fn known_to_page(db: &dyn Db, page: Option<Entry>) -> Option<KnownNav> {
    let nav = match page {
        Some(page) => page_nav(db, page),
        None => nav_of_no_page(db),
    };
    Some(known(&*nav?))
}

/// The nav of a page or part.
pub(super) fn known(nav: &PageNav) -> KnownNav {
    let shared_lists = Some(nav.lists.clone());
    let (nav, lists) = ShownNav::of_page(nav);
    KnownNav {
        nav: Arc::new(nav),
        lists: Some(Arc::new(lists)),
        shared_lists,
    }
}

/// The whole nav, with the lists that a page shows of it.
pub(super) fn all_known(db: &dyn Db, page: Option<Entry>) -> KnownNav {
    let lists = nav_parts(db).map(|parts| {
        let nav = nav(db);
        let lists = lists_shown(db, &nav, page).lists.into_iter();
        let lists = lists.map(|list| {
            let cut = nav.cut(&parts, &list);
            let items = list.items;
            (list.section, ShownList { items, cut })
        });
        Arc::new(lists.collect())
    });
    KnownNav {
        nav: whole_nav(db),
        lists,
        shared_lists: None,
    }
}

/// All pages for templates that list them, in the order of MkDocs.
#[salsa::tracked(returns(clone))]
pub fn listed(db: &dyn Db) -> Arc<Vec<Listed>> {
    let files = files(db);
    let listed = files.pages_in_order().into_iter().map(|page| Listed {
        title: title(db, db.entry(&page.source)),
        typeset: typeset_title(db, db.entry(&page.source)),
        source: page.source.clone(),
        path: page.path.clone(),
        url: page.address.url.clone(),
        meta: own_label(db, db.entry(&page.source)).meta.clone(),
    });
    Arc::new(listed.collect())
}

/// One page for templates that name it.
#[salsa::tracked(returns(clone))]
pub(super) fn listed_page(db: &dyn Db, page: Entry) -> Listed {
    let source = page.path(db);
    let path = docs(db).and_then(|docs| Some(docs.path(&source)?.into_owned()));
    Listed {
        title: title(db, page),
        typeset: typeset_title(db, page),
        path: path.unwrap_or_default(),
        url: address(db, page).map(|it| it.url).unwrap_or_default(),
        meta: own_label(db, page).meta.clone(),
        source,
    }
}
