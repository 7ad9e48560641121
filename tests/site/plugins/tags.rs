use super::Site;

const CONFIG: &str = "
markdown_extensions: [attr_list]
plugins:
  - search
  - tags: {tags_hierarchy: true, shadow_tags: [Hidden]}
  - meta
extra: {tags: {HTML: html}}
";

const FILES: [(&str, &str); 6] = [
    ("docs/index.md", "# Home\n"),
    (
        "docs/a.md",
        "---\ntags: [HTML, CSS/Grid, Hidden]\n---\n# Alpha\n",
    ),
    (
        "docs/sub/b.md",
        "---\ntags: [CSS/Grid/Sub, html5, \"CSS\"]\n---\n# Beta\n",
    ),
    ("docs/sub/.meta.yml", "tags: [Folder]\nhide: [toc]\n"),
    (
        "docs/tags.md",
        "# Tags\n\n## Some\n\n<!-- material/tags { include: [CSS/Grid] } -->\n\nafter\n",
    ),
    (
        "docs/sub/index.md",
        "# Sub\n\n<!-- material/tags { scope: true } -->\n",
    ),
];

/// The HTML without line breaks.
fn flat(html: &str) -> String {
    html.lines().collect()
}

#[test]
fn listings_are_those_of_the_plugin() {
    let mut site = Site::with(CONFIG, &FILES);
    assert_eq!(
        flat(&site.body("tags.md")),
        "<h1 id=\"tags\">Tags</h1><h2 id=\"some\">Some</h2>\
         <h3 id=\"tag:css\"><span class=\"md-tag md-tag-icon\">CSS</span></h3><ul>\
         <li style=\"list-style-type:none\"><h3 id=\"tag:css/grid\"><span class=\"md-tag md-tag-icon\">CSS/Grid</span></h3><ul>\
         <li><a href=\"../a/\">Alpha</a></li>\
         <li style=\"list-style-type:none\"><h3 id=\"tag:css/grid/sub\"><span class=\"md-tag md-tag-icon\">CSS/Grid/Sub</span></h3><ul>\
         <li><a href=\"../sub/b/\">Beta</a></li></ul></li></ul></li></ul><p>after</p>"
    );
    let scoped = flat(&site.body("sub/index.md"));
    assert!(scoped.contains("<h2 id=\"tag:folder\">"), "{scoped}");
    assert!(!scoped.contains("tag:html\""), "{scoped}");
    let page = site.output("a/index.html");
    for tag in [
        "<a href=\"../tags/#tag:css/grid\" class=\"md-tag md-tag-icon\">CSS/Grid</a>",
        "<span class=\"md-tag md-tag-icon md-tag--html\">HTML</span>",
        "<span class=\"md-tag md-tag-shadow md-tag-icon\">Hidden</span>",
    ] {
        assert!(page.contains(tag), "{tag} in {page}");
    }
    assert_eq!(
        site.output("tags.json"),
        "{\"mappings\": [{\"item\": {\"url\": \"a/\", \"title\": \"Alpha\"}, \"tags\": [\"CSS/Grid\", \"HTML\", \"Hidden\"]}, \
         {\"item\": {\"url\": \"sub/\", \"title\": \"Sub\"}, \"tags\": [\"Folder\"]}, \
         {\"item\": {\"url\": \"sub/b/\", \"title\": \"Beta\"}, \"tags\": [\"CSS\", \"CSS/Grid/Sub\", \"Folder\", \"html5\"]}]}"
    );
    // An edit of a page's tags reaches the listing, one of `.meta.yml` too.
    site.write("docs/a.md", "---\ntags: [CSS]\n---\n# Alpha\n");
    site.write("docs/sub/.meta.yml", "tags: [CSS/Grid]\n");
    let listing = flat(&site.body("tags.md"));
    assert!(
        !listing.contains("Alpha") && listing.contains("Beta"),
        "{listing}"
    );
}

#[test]
fn a_tags_file_needs_no_directive() {
    let files = [
        ("docs/a.md", "---\ntags: [x]\n---\n# A\n"),
        ("docs/tags.md", "# Tags\n\n[TAGS]\n"),
        ("docs/more.md", "# More\n"),
    ];
    let config = "plugins: [{tags: {tags_file: tags.md, tags_extra_files: {more.md: [y]}}}]\n";
    let site = Site::with(config, &files);
    assert!(site.body("tags.md").contains("<h2 id=\"tag:x\">"));
    assert_eq!(flat(&site.body("more.md")), "<h1 id=\"more\">More</h1>");
    assert_eq!(site.said(), [""; 0]);
}

#[test]
fn faults_of_directives_are_named() {
    let files = [("docs/a.md", "# A\n\n<!-- material/tags nowhere -->\n")];
    let site = Site::with("plugins: [tags]\n", &files);
    assert_eq!(site.said(), ["bad-value docs/a.md:3"]);
}
