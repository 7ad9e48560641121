//! What pages share changes nothing: random macros over random navs give each page the
//! same bytes as if it were the only one.

use std::sync::Arc;

use serde_json::{Map, json};

use super::theme;
use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use crate::languages::Alternate;
use crate::markdown::{Body, TocItem};
use crate::nav::{
    Group, Label, LabelledList, Nav, OpenSections, PageEntry, PageNav, ShownNav, Target,
    lists_around,
};
use crate::theme::store::PageReuse;
use crate::theme::{Listed, PageContext, SiteContext, Theme};
use crate::url::Address;

/// Numbers that look random and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % end
    }

    fn one_of<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }
}

/// Paths of pages, which are alike in their folders.
const PATHS: [&str; 14] = [
    "index.md",
    "a.md",
    "b.md",
    "a/index.md",
    "a/a.md",
    "a/b.md",
    "a/b/index.md",
    "a/b/a.md",
    "a/b/c.md",
    "b/a.md",
    "b/b.md",
    "b/c/d.md",
    "c.d/e.md",
    "é f/g.md",
];

/// What macros may do with an item `x`, another one `y`, a text `p` and a number `n`.
const STEPS: [&str; 46] = [
    "{{ x.proofroom.number }}{{ x.proofroom.first }}{% for z in x.proofroom.items %}{{ name(z) }}{% endfor %}",
    "{{ x.title }}",
    "{{ x.url | url }}",
    "{{ y.url | url }}",
    "{{ 'assets/a.css' | url }}{{ '../a/' | url }}{{ 'https://x.example/' | url }}",
    "{% if x.active %}[active]{% endif %}",
    "{% if x == page %}[here]{% endif %}",
    "{% if page == y %}[there]{% endif %}",
    "{% if page in (x.children or []) %}[parent]{% endif %}",
    "{% if x < page %}[before]{% endif %}{% if page >= y %}[after]{% endif %}",
    "{{ [page, x] | sort | map(attribute='title') | join(' ') }}",
    "{% for z in x.children %}{{ item(z, p ~ '_' ~ loop.index, n + 1, x) }}{% endfor %}",
    "{% for z in x.children %}{{ item(z, p ~ '_' ~ loop.index, n + 1) }}{% endfor %}",
    "{% for z in x.children %}{{ name(z, x) }}{% endfor %}",
    "{{ name(x) }}",
    "{{ name(y, x) }}",
    "{{ name(x, ref=y) }}",
    "{{ name(x, page) }}",
    "{{ name(nav.homepage) }}",
    "{{ spare(p, n) }}",
    "{{ ((x.children or [x]) | first).url | url }}{{ (x.children or []) | length }}",
    "{{ x.meta.icon }}{{ x.is_index }}{{ x.parent.title }}",
    "{{ x.previous_page.title }}{{ x.next_page.url | url }}",
    "{% if x.is_page %}{{ x.file.src_uri }}{{ x.file.url_relative_to(page) }}{% endif %}",
    "{% if x.file == page.file %}[file]{% endif %}",
    "{{ x.ancestors | map(attribute='title') | join('/') }}",
    "{{ x }}{{ y }}",
    "{{ page.title }}",
    "{{ page.parent.title }}",
    "{% if x.parent == page.parent %}[sibling]{% endif %}",
    "{{ page.url }}{{ base_url }}",
    "{{ page.toc | length }}{{ page.content }}",
    "{{ tags }}",
    "{% if lang %}{{ lang.t('a') }}{% endif %}",
    "{{ lang }}",
    "{{ words.features | join }}",
    "{% if 'b' in (features or []) %}[b]{% endif %}",
    "{% include 'part' ~ n ~ '.html' ignore missing %}",
    "{% include 'part1.html' %}",
    "{% import 'module.html' as m with context %}{{ m.t(p) }}{{ m.u(x) }}",
    "{% set ns = namespace(c=0, d=dict(e=1), f=range(2)) %}{% for z in x.children %}{% set ns.c = ns.c + n %}{% endfor %}{{ ns.c }}",
    "{% set page = x %}{{ page.url | url }}",
    "{{ config.site_name }}{{ config.extra.a.b }}",
    "{{ config.extra.alternate }}",
    "{{ extra_css | join(' ') }}{{ outer }}",
    "{{ pages | length }}{% for z in pages %}{{ z.page.active }}{% endfor %}",
];

const MODULE: &str = "{% macro t(a) %}{{ a }}{{ outer }}{% endmacro %}\
    {% macro u(x) %}{{ t(x.title) }}{{ t(page.title) }}{% endmacro %}";

fn templates(random: &mut Random) -> Vec<(&'static str, String)> {
    let mut steps = |count: usize| -> String {
        let steps = (0..count).map(|_| *random.one_of(&STEPS));
        steps.collect::<Vec<_>>().join("")
    };
    let macros = format!(
        "{{% macro name(x, ref) %}}{{% set y = ref or x %}}{{% set n = 9 %}}{}{{% endmacro %}}\n\
         {{%- macro spare(p, n) -%}} {{% set x = nav.homepage %}}{{{{ p }}}}{} {{%- endmacro -%}}\n\
         {{% macro item(x, p, n, y) %}}<li {{{{ p }}}}>{{% if n < 5 %}}\
         {{% for z in x.children %}}{{{{ item(z, p ~ loop.index, n + 1, x) }}}}{{% endfor %}}\
         {{{{ name(x) }}}}{}{{% endif %}}</li>{{% endmacro %}}\n",
        // Without recursion.
        steps(2)
            .replace("{{ name(", "{{ spare(")
            .replace("{{ item(", "{{ spare("),
        "",
        steps(3).replace("{{ item(z, p ~ '_' ~ loop.index, n + 1", "{{ name(z"),
    );
    let features = *random.one_of(&["['a', 'b']", "page.meta.features or []", "nav", "lang"]);
    let context = *random.one_of(&[" with context", ""]);
    let main = format!(
        "{{% import 'module.html' as lang with context %}}{{% set features = {features} %}}\
         {{% set words = namespace(features=features) if not page.title else {{'features': [1]}} %}}\
         {{% set outer = {} %}}\
         {{% import 'item.html' as it{context} %}}\
         {{% for x in nav.items %}}{{% set p = '_' ~ loop.index %}}{{{{ it.item(x, p, 1) }}}}{{% endfor %}}\
         {{{{ it.name(page) }}}}{{{{ it.spare('q', 1.5) }}}}\
         {{% from 'item.html' import item with context %}}{{{{ item(nav.homepage, '', 4) }}}}",
        random.one_of(&[
            "1",
            "page.title",
            "page",
            "base_url",
            "nothing",
            "namespace(a=1)"
        ]),
    );
    vec![
        ("main.html", main),
        ("item.html", macros),
        ("module.html", MODULE.to_owned()),
        (
            "part1.html",
            "{% if lang %}{{ lang.t('b') }}{% endif %}{{ x.title }}".to_owned(),
        ),
        ("part2.html", "{{ page.title }}".to_owned()),
        ("part3.html", "{{ p }}{{ x.url | url }}".to_owned()),
    ]
}

fn site(random: &mut Random) -> (Vec<PageContext>, SiteContext) {
    let (pages, nav) = pages(random);
    let listed = |page: &PageContext| Listed {
        typeset: None,
        source: page.source.clone(),
        path: page.path.clone(),
        url: page.url.clone(),
        title: page.title.clone(),
        meta: Arc::default(),
    };
    let listed: Vec<Listed> = pages.iter().map(listed).collect();
    let label = |place: usize| label(&nav, place);
    let shown = Arc::new(ShownNav::whole(&nav, &label, nav.home(None)));
    let site = SiteContext::new(shown, None, None, Some(Arc::new(listed)), Arc::default());
    (pages, site)
}

/// What a page shows of a nav, and nothing else.
fn site_of_page(nav: &Nav, page: &PageContext) -> SiteContext {
    let place = nav.place(&page.source);
    let around = lists_around(nav, place, OpenSections::default());
    let lists = around.lists.iter().map(|list| LabelledList {
        of: list.of,
        labels: nav.children(list.section)[list.items.clone()]
            .iter()
            .map(|place| label(nav, *place))
            .collect(),
        start: list.items.start,
        cut: None,
    });
    let (previous, next) = nav.neighbours(&page.source);
    let label = |place| label(nav, place);
    let page_nav = PageNav {
        lists: lists.collect(),
        current: around.current,
        previous: previous.map(label),
        next: next.map(label),
        home: nav.home(None).map(label),
    };
    let (shown, lists) = ShownNav::of_page(&page_nav);
    let (shown, lists) = (Arc::new(shown), Some(Arc::new(lists)));
    SiteContext::new(shown, lists, Some(page_nav.lists), None, Arc::default())
}

fn label(nav: &Nav, place: usize) -> Arc<Label> {
    let item = &nav.items[place];
    let icon = (place.is_multiple_of(3)).then(|| ("icon".to_owned(), json!("x")));
    Arc::new(Label {
        typeset: None,
        title: item.title.clone().unwrap_or_default(),
        target: item.target.clone(),
        meta: Arc::new(icon.into_iter().collect()),
        group: (!item.children.is_empty()).then(Group::default),
    })
}

fn pages(random: &mut Random) -> (Vec<PageContext>, Nav) {
    let directory_urls = random.below(3) > 0;
    let url = |path: &str| Address::of_page(path, directory_urls).url;
    let mut nav = Nav::default();
    let mut sections = vec![None];
    for nth in 0..6 + random.below(20) {
        let parent = *random.one_of(&sections);
        let target = match random.below(8) {
            0 | 1 => Target::Section,
            2 => Target::Link((*random.one_of(&["a/b/", "https://x.example/", "#x"])).to_owned()),
            _ => {
                let path = *random.one_of(&PATHS);
                Target::Page(Arc::new(PageEntry {
                    source: SourcePath::new(format!("docs/{path}")),
                    path: path.to_owned(),
                    url: url(path),
                }))
            }
        };
        let may_have_children = target == Target::Section || random.below(6) == 0;
        let place = nav.add(Some(format!("Item {nth}")), target, parent);
        if may_have_children {
            sections.push(Some(place));
        }
    }
    let page = |path: &&str| {
        let source = SourcePath::new(format!("docs/{path}"));
        let place = nav.place(&source);
        let title = place.and_then(|place| nav.items[place].title.clone());
        let title = title.unwrap_or_else(|| format!("Page {path}"));
        let id = "x".to_owned();
        let toc = path.len().is_multiple_of(2).then(|| TocItem {
            level: 1,
            typeset: None,
            title: id.clone(),
            id,
            children: Vec::new(),
        });
        let mut variables = Map::new();
        if path.len().is_multiple_of(3) {
            variables.insert("tags".to_owned(), json!([path]));
        }
        let alternates = path.len().is_multiple_of(5).then(|| Alternate {
            code: "de".to_owned(),
            name: "Deutsch".to_owned(),
            link: format!("../de/{path}"),
            canonical: None,
        });
        PageContext {
            typeset: None,
            title,
            body: Arc::new(Body {
                html: format!("<p>{path}</p>"),
                toc: toc.into_iter().collect(),
                ..Body::default()
            }),
            meta: match path.len() % 4 {
                0 => Arc::new(Map::from_iter([("features".to_owned(), json!(["b"]))])),
                _ => Arc::default(),
            },
            url: url(path),
            blog: None,
            path: (*path).to_owned(),
            alternates: alternates.into_iter().collect(),
            variables,
            source,
        }
    };
    let pages: Vec<PageContext> = PATHS.iter().map(page).collect();
    (pages, nav)
}

fn theme_of(templates: &[(&'static str, String)]) -> Theme {
    let templates: Vec<_> = templates
        .iter()
        .map(|(name, text)| (*name, &**text))
        .collect();
    theme(&templates)
}

/// A page that shares nothing with others.
fn alone(theme: &Theme, page: &PageContext, site: &SiteContext) -> Result<String, Box<Diagnostic>> {
    theme.render("main.html", theme.page_values(page, site, false).0, 0)
}

/// Whether a page shares something with others. It is what it is alone, in the second
/// site; what asks for more than is known has to do so there too, and means nothing.
fn shares(
    theme: &Theme,
    page: &PageContext,
    (site, own_site): (&SiteContext, &SiteContext),
    label: &dyn Fn() -> String,
) -> bool {
    let (values, view) = theme.page_values(page, site, true);
    let html = theme.render("main.html", values, 0);
    let expected = alone(theme, page, own_site);
    assert_eq!(site.wants_more(), own_site.wants_more(), "{}", label());
    if !site.wants_more() {
        assert_eq!(html, expected, "{}", label());
    }
    view.reuse.as_ref().is_some_and(PageReuse::has_reused)
}

#[test]
fn pages_that_share_outputs_are_as_if_they_were_alone() {
    let (mut shared, mut rendered) = (0, 0);
    for seed in 0..150 {
        let random = &mut Random(seed);
        let templates = templates(random);
        let theme = theme_of(&templates);
        let (pages, site) = site(random);
        for _ in 0..30 {
            let page = random.one_of(&pages);
            let label = || format!("seed {seed}, {}: {templates:#?}", page.source);
            rendered += 1;
            shared += usize::from(shares(&theme, page, (&site, &site), &label));
        }
    }
    assert!(
        shared > rendered / 3,
        "{shared} of {rendered} pages shared something"
    );
}

/// The same where pages know no more of the nav than they show. What they render means
/// nothing if they ask for more.
#[test]
fn pages_that_share_lists_are_as_if_they_were_alone() {
    let (mut shared, mut rendered) = (0, 0);
    for seed in 0..300 {
        let random = &mut Random(seed);
        let mut templates = templates(random);
        for (_, text) in &mut templates {
            *text = text.replace(".children", ".proofroom.items");
        }
        let theme = theme_of(&templates);
        let (pages, nav) = pages(random);
        for _ in 0..30 {
            let page = random.one_of(&pages);
            let (site, own_site) = (site_of_page(&nav, page), site_of_page(&nav, page));
            let label = || format!("seed {seed}, {}: {templates:#?}", page.source);
            let is_shared = shares(&theme, page, (&site, &own_site), &label);
            if !site.wants_more() {
                rendered += 1;
                shared += usize::from(is_shared);
            }
        }
    }
    assert!(
        rendered > 1000 && shared > rendered / 3,
        "{shared} of {rendered} pages shared something"
    );
}

/// The limits of a page do not depend on what was rendered before.
#[test]
fn what_is_not_called_again_costs_the_same() {
    let item = "{% macro nothing() %}{% endmacro %}{% macro item(x, n) %}{{ nothing() }}\
                {% set l = range(99999) | list | sort %}{% endmacro %}";
    let main = "{% import 'item.html' as it %}\
                {% for n in range(2 if page.file.src_uri == 'a.md' else 9) %}{{ it.item(none, n) }}{% endfor %}";
    let theme = theme(&[("main.html", main), ("item.html", item)]);
    let (pages, site) = site(&mut Random(1));
    let page = |path: &str| pages.iter().find(|page| page.path == path).expect("a page");
    let light = theme.page(page("a.md"), &site);
    assert!(light.is_ok(), "{light:?}");
    let error = theme.page(page("b.md"), &site).expect_err("too much work");
    assert!(
        error.message.starts_with("the template does more work"),
        "{error:?}"
    );
    let mut alone = alone(&theme, page("b.md"), &site).expect_err("too much work");
    alone.message = format!("{}, for the page `docs/b.md`", alone.message);
    assert_eq!(error, alone);
}
