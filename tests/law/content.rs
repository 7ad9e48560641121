//! What random sites are made of: few paths and texts, so that edits meet.

/// Paths that edits choose from: few, so that they meet.
pub const PAGES: [&str; 13] = [
    "docs/b.he.md",
    "i18n/en/sub/b.md",
    "docs/sub/c.en.md",
    "i18n/he/index.md",
    "i18n/he/b.md",
    "docs/he/a.md",
    "docs/index.md",
    "docs/README.md",
    "docs/a.md",
    "docs/b.md",
    "docs/sub/index.md",
    "docs/sub/c.md",
    "docs/.hidden.md",
];
/// Paths of other files.
pub const OTHERS: [&str; 18] = [
    ".cache/plugin/privacy/assets/external/x.example/a.svg",
    ".cache/plugin/privacy/assets/external/x.example/b",
    "docs/sheet.css",
    "snippet.txt",
    "includes/part.md",
    "docs/img.svg",
    "docs/sub/data.txt",
    "overrides/main.html",
    "overrides/partials/footer.html",
    "overrides/assets/x.css",
    "overrides/img/y.svg",
    "icons/mine/star.svg",
    "static/robots.txt",
    "docs/extra.txt",
    "package/templates/mkdocs_theme.yml",
    "package/templates/main.html",
    "package/templates/assets/z.css",
    "package/templates/.icons/material/account.svg",
];

/// What pages begin with.
pub const FRONTS: [&str; 14] = [
    "---\nproofroom: {ignore: [missing-page, missing-alt]}\nstatus: nwe\n---\n",
    "---\ntemplate: landing.html\nhero: {text: 'see [c](sub/c.md)', badge: :mine-star:}\nactions: [{text: a, link: b.md, icon: mine/star}, {text: b, link: nowhere.md}]\npicture: img.svg\ncode: {language: py, text: a}\nfeatures: [{title: x, icon: material/nothing}, {}]\n---\n",
    "---\ntitle: 隱私 & more\nicon: mine/star\nsocial: {cards_layout_options: {color: '#fff8'}}\n---\n",
    "---\nsocial: {cards: false, cards_layout: nowhere}\n---\n",
    "---\ntags: [one, two]\n---\n",
    "---\ndate: 2024-01-31\ncategories: [One, two]\nauthors: [ann, nobody]\n---\n",
    "---\ndate: {created: 2023-05-01, updated: 2024-01-01}\ncategories: [two]\npin: true\ndraft: true\nlinks: [a.md#below, Part: [sub/c.md]]\n---\n",
    "---\nsearch:\n  exclude: true\nrender_macros: false\n---\n",
    "",
    "---\ntitle: From front matter\n---\n",
    "---\ntitle: Другой\nicon: material/account\n---\n",
    "---\ntemplate: special.html\n---\n",
    "---\ntitle: [broken\n---\n",
    "---\nstatus: new\nhide:\n  - toc\n---\n",
];
/// What their bodies are made of.
pub const PARTS: [&str; 31] = [
    "[own](https://example.org/x/b/#below) [gone](https://example.org/x/nowhere/) [plain](http://a.b/)\n\n",
    "![](img.svg) [unused]: b.md\n\n[label]: b.md\n\n#### Deep {#below}\n\n",
    "[gone](nowhere.md) <!-- proofroom: ignore missing-page, nothing -->\n\n",
    "![a](https://x.example/a.svg) <img src='//x.example/b'> [out](https://x.example/){target=_blank} url(https://x.example/a.svg)\n\n",
    "{{ git_revision_date_localized }} {{ git_creation_date_localized }} {{ git_page_authors }}\n\n",
    "<!-- more -->\n\n",
    "{{ title }} {{ color }} {{ unknown }}\n\n",
    "[one][below] [Heading][] [`below`][] [two][other] [three][nowhere] [](){#other}\n\n",
    "{{ part }} {{ below.name }} {{ below.deep }}\n\n",
    "{% include \"sub/data.txt\" %}\n\n",
    "{% include-markdown \"./a.md\" heading-offset=1 %}\n\n",
    "{% include-markdown \"../includes/*.md\" %}\n\n",
    "## Tags\n\n<!-- material/tags -->\n\n",
    "[there](b.md#nowhere) and [here](#heading) and [absolute](/a.md)\n\n",
    "# Heading\n\n",
    "# A `heading` as *written*\n\n",
    "# 另一個標題\n\n",
    "## Below {#below}\n\n",
    "Text with **bold** words.\n\n",
    "[a](a.md) and [b](b.md#below) and [home](index.md)\n\n",
    "[c](sub/c.md) and [up](../a.md)\n\n",
    "[gone](nowhere.md)\n\n",
    "![image](img.svg) and ![theirs](img/y.svg)\n\n",
    "--8<-- \"snippet.txt\"\n\n",
    "--8<-- \"includes/part.md\"\n\n",
    ":mine-star: and :material-account:\n\n",
    "<div class=\"admonition note\" markdown>\n\ninside [a](a.md)\n\n</div>\n\n",
    "!!! note\n\n    text[^1]\n\n[^1]: note\n\n",
    "*[HTML]: Hyper Text\n\nHTML\n\n",
    "- one\n    - two\n\n",
    "```rust\nfn main() {}\n```\n\n",
];
/// Templates, some of them broken.
pub const TEMPLATES: [&str; 9] = [
    "{% extends \"base.html\" %}",
    "{% extends \"base.html\" %}{% block content %}<b>{{ page.title }}</b>{{ page.content }}{% endblock %}",
    "{{ page.content }}{% for item in nav %}{{ item.title }}{% endfor %}",
    "{% include \"partials/footer.html\" %}{{ page.content }}",
    "{% if broken %}",
    "{% include \".icons/material/account.svg\" %}{{ page.content }}",
    "{% for file in pages %}{{ file.page.title }} {{ file.url }};{% endfor %}{{ config.theme.direction }}",
    "{% include \"gone.html\" %}",
    "{{ page.content }}{% for view in page.views %}{{ view.name }} {{ view.url }}{% for post in view.posts %}{{ post.title }} {{ post.meta }} {{ post.file.src_uri }} {{ post.config.links }} {{ post.next_page }}{% endfor %}{% endfor %}",
];
/// Configurations, by their files.
pub const CONFIGS: [(&str, &str); 25] = [
    (
        "mkdocs.yml",
        "site_name: Private\nsite_url: https://example.org/x/\nextra_css: [sheet.css, 'https://x.example/b']\nplugins: [search, glightbox, privacy: {links_attr_map: {data-out: '1'}, assets_exclude: ['*/c']}]\nmarkdown_extensions: [attr_list]\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Cards\nsite_url: https://example.org/x/\nplugins: [meta, tags, {social: {cards_layout: small, cache_dir: cache, cards_exclude: ['*c.md']}}, {blog: {blog_dir: ., post_dir: sub}}]\ntheme: {custom_dir: overrides}\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Named\nplugins:\n  - search\n  - i18n:\n      languages:\n        - {locale: en, name: E, default: true}\n        - {locale: he, name: H, site_name: Other}\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Beside\ndocs_dir: i18n\nplugins:\n  - i18n:\n      docs_structure: folder\n      languages:\n        - {locale: en, name: E, default: true}\n        - {locale: he, name: H, nav_translations: {Sub: Below}}\n",
    ),
    (
        "proofroom.toml",
        "site_name = \"All\"\nsite_url = \"https://example.org/x/\"\n[languages]\neach = { docs = \"i18n/{lang}\" }\nen = { docs = \"docs\" }\nhe = { env_file = \"includes/part.md\", env = { NAME = \"he\" } }\n",
    ),
    (
        "proofroom.toml",
        "base = \"mkdocs.yml\"\n[languages]\nen = {}\nhe = { docs = \"docs/he\", name = \"עברית\" }\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Plugins\nplugins: [search, typeset, tags, meta, include-markdown, macros, awesome-nav, section-index, autorefs, {mkdocstrings: {handlers: {python: {inventories: [{url: snippet.txt, base_url: 'https://a.example/'}]}}}}]\nextra: {color: red}\nmacros: {variables: {part: {file: includes/part.md}, below: {name: {env: NAME, default: none}, deep: {file: docs/extra.txt}}}}\n",
    ),
    (
        "mkdocs.yml",
        "site_name: More\nplugins:\n  - search\n  - offline\n  - macros\n  - awesome-pages: {strict: false}\n  - exclude: {glob: 'sub/*.txt'}\n  - redirects: {redirect_maps: {old.md: a.md}}\n  - minify: {minify_html: true}\n  - git-revision-date-localized\n  - autorefs: {resolve_closest: true}\nmarkdown_extensions: [attr_list]\nvalidation: {anchors: warn, absolute_links: relative_to_docs}\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Blog\nplugins: [search, typeset, tags, meta, {blog: {blog_dir: ., post_dir: sub, pagination_per_page: 1, authors_profiles: true, blog_toc: true, draft_if_future_date: true, draft_on_serve: false}}]\nmarkdown_extensions: [footnotes]\ntheme: {custom_dir: overrides}\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Blogs\nuse_directory_urls: false\nplugins: [blog: {blog_dir: sub, post_dir: '{blog}/c', post_url_format: '{categories}/{slug}', pagination_keep_content: true, draft: true}, blog: {blog_dir: other, post_dir: b, post_excerpt: required}]\nnav: [sub/index.md, Part: [other/index.md, a.md]]\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Feeds\nsite_url: https://example.org/x/\nplugins: [tags, glightbox: {auto_caption: true}, blog: {blog_dir: ., post_dir: sub}, rss: {abstract_chars_count: -1, categories: [tags], length: 2, date_from_meta: {as_creation: date.created}}, rss: {match_path: '.*b', use_git: false, feeds_filenames: {rss_created: b.xml, rss_updated: c.xml}}]\n",
    ),
    (
        "proofroom.toml",
        "site_name = \"Fed\"\nsite_url = \"https://example.org/\"\nplugins = [\"glightbox\"]\n[feeds]\nrss = true\njson = \"a/feed.json\"\ncontent = \"whole\"\npages = [\"*.md\", \"!b.md\"]\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Rest\nplugins: [awesome-pages, tags, {exclude: {regex: 'b.*'}}]\nnav:\n  - a.md\n  - ... | flat | sub/*\n  - ...\n",
    ),
    (
        "mkdocs.yml",
        "site_name: One\ntheme:\n  name: material\n  custom_dir: overrides\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Two\nuse_directory_urls: false\nnav:\n  - index.md\n  - Part:\n      - a.md\n      - Named: sub/c.md\n  - Gone: gone.md\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Three\nmarkdown_extensions:\n  - admonition\n  - pymdownx.snippets:\n      auto_append: [snippet.txt]\n  - pymdownx.emoji:\n      options:\n        custom_icons: [icons]\n",
    ),
    (
        "mkdocs.yml",
        "site_name: !ENV [NAME, Four]\nnav:\n  - b.md\n  - a.md\n  - sub/index.md\nexclude_docs: |\n  b.md\n",
    ),
    ("mkdocs.yml", "site_name: [broken\n"),
    ("mkdocs.yml", "docs_dir: elsewhere\nsite_name: Five\n"),
    (
        "docs/proofroom.toml",
        "site_name = \"Six\"\n[theme]\ncustom_dir = \"overrides\"\n",
    ),
    ("docs/proofroom.toml", "site_name = \n"),
    (
        "proofroom.toml",
        "site_name = \"Seven\"\nextra_templates = [\"extra.txt\"]\n[theme]\npath = \"package\"\n",
    ),
    (
        "proofroom.toml",
        "site_name = \"Searched\"\nplugins = [\"search\", \"offline\"]\n[theme]\nlanguage = \"zh-Hant\"\n[search]\nwhole_index = true\n",
    ),
    (
        "proofroom.toml",
        "base = \"mkdocs.yml\"\n[theme]\npath = \"package/templates\"\ncustom_dir = \"overrides\"\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Divided\ntheme:\n  custom_dir: overrides\n  features: [navigation.prune, navigation.tabs, navigation.indexes, navigation.path]\nplugins: [search, section-index]\n",
    ),
];

/// Files among the pages that plugins read, with their texts.
pub const BESIDE: [(&str, &str); 13] = [
    (
        "layouts/small.yml",
        "size: {width: 60, height: 30}\ntags: {'og:title': '{{ page.title }}', 'og:image': '{{ image.url }}'}\nlayers:\n- background: {color: '#123', image: docs/img.svg}\n- icon: {value: '{{ page.meta.icon or \"\" }}', color: red}\n- typography: {content: '{{ page.title }}', color: '{{ layout.color or \"\" }}', font: {style: Bold}}\n",
    ),
    (
        "layouts/small.yml",
        "size: {width: 20, height: 10}\ntags: {a: '{{ b | none }}'}\nlayers:\n- background: {color: '{{ nothing'}\n- icon: {value: no/icon}\n",
    ),
    ("layouts/small.yml", "layers: [broken\n"),
    ("docs/.meta.yml", "tags: [three]\ntitle: All\n"),
    ("docs/sub/.meta.yml", "hide: [toc]\nrender_macros: false\n"),
    ("docs/sub/.meta.yml", "- [broken"),
    (
        "docs/.nav.yml",
        "nav:\n  - b.md\n  - Part: sub\n  - \"*\"\n",
    ),
    ("docs/sub/.nav.yml", "title: Below\nhide: false\n"),
    ("docs/.pages", "nav:\n  - sub\n  - ...\n"),
    ("docs/sub/.pages", "title: Titled\norder: desc\n"),
    (
        "docs/.authors.yml",
        "authors:\n  ann: {name: Ann, description: Writes, avatar: img.svg}\n",
    ),
    (
        "docs/.authors.yml",
        "authors: {ann: {name: Ann}, nobody: 1}\n",
    ),
    (".git/HEAD", "0123\n"),
];

/// Manifests of a theme package.
pub const MANIFESTS: [&str; 3] = [
    "direction: rtl\nstatic_templates: [404.html]\n",
    "",
    "direction: [broken\n",
];

/// Languages of a project, as configurations name them; more and fewer, at other
/// places, with fallbacks and without, and as one site that all share.
pub const LANGUAGES: [(&str, &str); 9] = [
    (
        "proofroom.toml",
        "base = \"mkdocs.yml\"\n[languages]\neach = { docs = \"i18n/{lang}\" }\nen = { docs = \"docs\" }\nhe = {}\n",
    ),
    (
        "proofroom.toml",
        "base = \"mkdocs.yml\"\n[languages]\ndefault = \"he\"\neach = { docs = \"i18n/{lang}\" }\nen = { docs = \"docs\", prefix = \"english\" }\nhe = { fallback = false }\n",
    ),
    (
        "proofroom.toml",
        "site_name = \"Three\"\nsite_url = \"https://example.org/x/\"\n[languages]\nen = { docs = \"docs\" }\nhe = { docs = \"i18n/he\", name = \"עברית\" }\nfr = { docs = \"docs/sub\" }\n",
    ),
    (
        "proofroom.toml",
        "site_name = \"Prefixed\"\nsite_url = \"https://example.org/x/en/\"\n[languages]\nen = { docs = \"docs\", prefix = \"en\" }\nhe = { docs = \"i18n/he\", prefix = \"he\" }\n",
    ),
    (
        "proofroom.toml",
        "site_name = \"One\"\n[languages]\nen = { docs = \"docs\" }\n",
    ),
    (
        "proofroom.toml",
        "site_name = \"Wrong\"\n[languages]\nen = { docs = \"docs\" }\nhe = { prefix = \"../x\" }\n",
    ),
    (
        "proofroom.toml",
        "site_name = \"Variables\"\n[languages]\nen = { docs = \"docs\", env_file = \"snippet.txt\" }\nhe = { docs = \"i18n/he\", env = { NAME = \"he\" } }\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Shared\nplugins:\n  - search\n  - i18n:\n      languages:\n        - {locale: en, name: E, default: true}\n        - {locale: he, name: H}\n        - {locale: fr, name: F, build: true}\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Shared\nplugins:\n  - search\n  - tags\n  - i18n:\n      docs_structure: folder\n      languages:\n        - {locale: en, name: E, default: true}\n        - {locale: he, name: H, nav_translations: {Sub: Below}}\n",
    ),
];

/// Configurations of a site that shows what version control knows of its pages.
pub const DATED: [&str; 5] = [
    "site_name: Dated\nplugins:\n  - git-revision-date-localized: {enable_creation_date: true, type: iso_datetime}\n  - git-authors\n",
    "site_name: Dated\nplugins:\n  - git-revision-date-localized: {fallback_to_build_date: true, exclude: [a.md]}\n",
    "site_name: Authors\nplugins:\n  - git-authors: {show_contribution: true, show_line_count: true}\n",
    "site_name: Feeds\nsite_url: https://example.org/\nplugins:\n  - rss: {length: 3}\n",
    "site_name: Ignoring\nplugins:\n  - git-revision-date-localized: {enable_creation_date: true, enable_git_follow: false, ignored_commits_file: snippet.txt}\n  - git-authors\n",
];
