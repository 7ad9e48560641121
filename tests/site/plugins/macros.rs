use super::Site;
use proofroom::site::queries;

const CONFIG: &str = "plugins:
  - macros: {include_yaml: [data.yml, {more: more.yml}]}
extra:
  product: {name: Widget, versions: [1.0, \"2.1\"]}
";

const FILES: [(&str, &str); 5] = [
    ("data.yml", "color: blue\n"),
    ("more.yml", "x: [1, 2]\n"),
    ("docs/inc/part.md", "Included {{ product.name }}\n"),
    (
        "docs/inc/lib.md",
        "{% macro hello(name) %}Hello **{{ name }}**{% endmacro %}\n",
    ),
    (
        "docs/off.md",
        "---\nrender_macros: false\n---\n# {{ product.name }}\n",
    ),
];

/// The text that a page becomes before Markdown reads it.
fn generated(site: &Site, page: &str) -> (String, Vec<u32>) {
    let path = format!("docs/{page}");
    let entry = proofroom::site::Db::entry(&site.db, &path.as_str().into());
    let prepared = queries::prepared(&site.db, entry);
    let generated = prepared.generated.as_ref().expect("it changes");
    (generated.as_str().to_owned(), generated.sources().to_vec())
}

/// Expected texts are what the plugin made of the same pages.
#[test]
fn texts_are_those_of_the_plugin() {
    for (page, expected) in [
        (
            "{{ product.name }} {{ extra.product.versions[1] }}",
            "Widget 2.1",
        ),
        (
            "---\ntitle: Mine\nlocal: here\n---\n{{ local }} {{ page.meta.local }} {{ page.title }} {{ config.site_name }} {{ color }} {{ more.x | join(\", \") }}",
            "here here Mine Example blue 1, 2",
        ),
        ("{% include \"inc/part.md\" %}", "Included Widget"),
        (
            "{% import \"inc/lib.md\" as lib %}{{ lib.hello(\"World\") }}",
            "Hello **World**",
        ),
        (
            "{{ unknown }} and {{  also }} {{ product.name.upper() }}",
            "{{ unknown }} and {{ also }} WIDGET",
        ),
        ("{% raw %}{{ raw }}{% endraw %}{# gone #}", "{{ raw }}"),
        (
            "{% set a = 5 %}{% if a > 3 %}big{% else %}small{% endif %} {{ \"%.2f\" | format(3.14159) }} {{ [3,1,2] | sort | list }} {{ {\"a\": 1} }} {{ none }} {{ fix_url(\"a.png\") }}",
            "big 3.14 [1, 2, 3] {'a': 1} None ../a.png",
        ),
        (
            "| a |\n|---|\n{% for v in product.versions -%}\n| {{ v }} |\n{% endfor %}",
            "| a |\n|---|\n| 1.0 |\n| 2.1 |\n",
        ),
    ] {
        let mut files = FILES.to_vec();
        files.push(("docs/index.md", page));
        let site = Site::with(CONFIG, &files);
        assert_eq!(generated(&site, "index.md").0, expected, "{page}");
    }
}

#[test]
fn lines_keep_their_numbers_and_faults_are_reported() {
    let mut files = FILES.to_vec();
    files.push((
        "docs/index.md",
        "# A\n\n{% for v in product.versions %}\n- {{ v }}\n{% endfor %}\n\n{% include \"inc/part.md\" %}\n\nlast\n",
    ));
    files.push(("docs/bad.md", "---\na: 1\n---\n# Bad\n\n{{ nofn() }}\n"));
    files.push(("main.py", "def define_env(env): pass\n"));
    let mut site = Site::with(CONFIG, &files);
    assert_eq!(
        site.said(),
        [
            "macro-error docs/bad.md:6",
            "unsupported-value mkdocs.yml:3"
        ]
    );
    assert!(site.body("off.md").contains("{{ product.name }}"));
    assert!(site.body("bad.md").contains("nofn()"));
    let (text, sources) = generated(&site, "index.md");
    let line = |what: &str| {
        let nth = text.lines().position(|line| line == what);
        sources[nth.unwrap_or_else(|| panic!("{what} in {text}"))]
    };
    assert_eq!((line("# A"), line("last")), (1, 9));
    assert!((3..=6).contains(&line("- 2.1")), "{sources:?}");
    site.write("docs/inc/part.md", "Edited {{ product.name }}\n");
    assert!(site.body("index.md").contains("Edited Widget"));
    site.write("data.yml", "product: {name: x}\n");
    assert!(
        site.body("index.md").contains("Edited Widget"),
        "extra goes first"
    );
}

#[test]
fn pages_may_choose_whether_macros_run() {
    let site = Site::with(
        "plugins:\n  - macros:\n      render_by_default: false\n      force_render_paths: forced/*.md\n      j2_variable_start_string: '[['\n      j2_variable_end_string: ']]'\n      on_undefined: strict\nextra: {x: 1}\n",
        &[
            ("docs/a.md", "[[ x ]]"),
            (
                "docs/b.md",
                "---\nrender_macros: true\n---\n[[ x ]] {{ x }}",
            ),
            ("docs/forced/c.md", "[[ x ]]"),
            ("docs/forced/d.md", "[[ y ]]"),
        ],
    );
    assert!(site.body("a.md").contains("[[ x ]]"));
    assert!(site.body("b.md").contains("<p>1 {{ x }}</p>"));
    assert!(site.body("forced/c.md").contains("<p>1</p>"));
    assert_eq!(site.said(), ["macro-error docs/forced/d.md:1"]);
}
