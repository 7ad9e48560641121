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
        ("{% include \"./inc/part.md\" %}", "Included Widget"),
        ("{% include \"inc/../inc/part.md\" ignore missing %}-", "-"),
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

/// The diagnostics of a whole site, one for each cause.
fn messages(site: &Site) -> Vec<String> {
    let found = proofroom::diagnostic::by_cause(queries::all_diagnostics(&site.db));
    found.into_iter().map(|it| it.message).collect()
}

#[test]
fn what_only_python_defines_stays_as_written() {
    let syntax = "j2_variable_start_string: '{{{', j2_variable_end_string: '}}}'";
    for (page, expected) in [
        ("a {{{ v }}} b {{{extra.x}}}", "a {{{ v }}} b 1"),
        (
            "{{{f('a', b=[1])  | upper}}}",
            "{{{f('a', b=[1])  | upper}}}",
        ),
        ("{{{ v | urlencode }}}", "{{{ v | urlencode }}}"),
        (
            "{{{ v.split('+') | first }}}",
            "{{{ v.split('+') | first }}}",
        ),
        ("{{{ 'a' | ljust(3) }}}", "{{{ 'a' | ljust(3) }}}"),
        ("{{{ 1 is strange }}}", "{{{ 1 is strange }}}"),
        ("{{{ v | default('w') }}}", "w"),
        ("{% if v %}a{% else %}b{% endif %}", "b"),
        // What depends on it stays too, and the assignment prints nothing.
        (
            "{% set a = v + '1' -%}\n{{{ a }}} {{{ a | length }}}{% set a = f(\n1) %}{{{ a }}}",
            "{{{ a }}} {{{ a | length }}}{{{ a }}}",
        ),
        (
            "{% for i in [1, 2] %}{{{ i }}}{{{ f(i) }}}{% endfor %}",
            "1{{{ f(i) }}}2{{{ f(i) }}}",
        ),
        // A block whose own tag cannot be evaluated stays as a whole.
        (
            "a {% if f() %}{{{ extra.x }}}{% else %}\\\"{% endif %} {{{ extra.x }}}",
            "a {% if f() %}{{{ extra.x }}}{% else %}\\\"{% endif %} 1",
        ),
        (
            "{% for a in v %}{{{ a }}}{% endfor %}",
            "{% for a in v %}{{{ a }}}{% endfor %}",
        ),
        ("{% for a in page.meta.none %}{{{ a }}}{% endfor %}-", "-"),
        (
            "{% filter upper %}a{{{ f('b') }}}{% endfilter %}",
            "A{{{ F('B') }}}",
        ),
        ("{{{ .Name }}} {{{ extra.x }}}", "{{{ .Name }}} 1"),
        ("{% include 'part.md' %}", "1 {{{ f() }}}\n{{{ v }}}"),
        ("{% import 'part.md' as p %}{{{ p.m() }}}", "m{{{ v }}}"),
        (
            "{% include 'missing.md' %} {{{ extra.x }}}",
            "{% include 'missing.md' %} 1",
        ),
    ] {
        let site = Site::with(
            &format!("plugins:\n  - macros: {{{syntax}, modules: [m]}}\nextra: {{x: 1}}\n"),
            &[
                ("docs/index.md", page),
                (
                    "docs/part.md",
                    "{{{ extra.x }}} {{{ f() }}}\n{{{ v }}}{% macro m() %}m{{{ v }}}{% endmacro %}\n",
                ),
            ],
        );
        assert_eq!(text_of(&site, page).trim_end(), expected, "{page}");
    }
}

/// The text of `index.md`, written as `page`, as Markdown reads it.
fn text_of(site: &Site, page: &str) -> String {
    let entry = proofroom::site::Db::entry(&site.db, &"docs/index.md".into());
    let prepared = queries::prepared(&site.db, entry);
    let generated = prepared.generated.as_ref();
    generated.map_or(page, |text| text.as_str()).to_owned()
}

/// Expected texts are what the plugin made of the same pages, or the tag where it
/// fails.
#[test]
fn undefined_names_are_those_of_the_plugin() {
    for (page, keep, silent, lax) in [
        ("{{x}}", "{{ x }}", "", ""),
        ("{{ x | upper }}", "{{ X }}", "", ""),
        ("{{ x | default('a') }}", "a", "a", "a"),
        ("{{ x ~ 'a' }}", "{{ x }}a", "a", "a"),
        ("{{ x | length }}", "0", "0", "0"),
        ("{% if x %}y{% else %}n{% endif %}", "n", "n", "n"),
        ("{% for i in x %}i{% endfor %}e", "e", "e", "e"),
        (
            "{{ x + 'a' }}",
            "{{ x + 'a' }}",
            "{{ x + 'a' }}",
            "{{ x + 'a' }}",
        ),
        ("{{ x.y }}", "{{ x.y }}", "{{ x.y }}", ""),
        ("{{ x() }}", "{{ x() }}", "{{ x() }}", "{{ x() }}"),
        ("{% set v = x %}[{{ v }}]", "[{{ x }}]", "[]", "[]"),
        ("{{ x is defined }}", "False", "False", "False"),
        ("{{ x or 'b' }}", "b", "b", "b"),
        ("{{ x | join(',') }}", "", "", ""),
        ("{{ x | replace('x', 'y') }}", "{{ y }}", "", ""),
        ("{{ x | trim }}", "{{ x }}", "", ""),
        ("{{ 'a' if false }}-", "-", "-", "-"),
        ("{{ '%s' | format(x) }}", "{{ x }}", "", ""),
    ] {
        for (behaviour, expected) in [("keep", keep), ("silent", silent), ("lax", lax)] {
            let config = format!("plugins: [macros: {{on_undefined: {behaviour}}}]\n");
            let site = Site::with(&config, &[("docs/index.md", page)]);
            assert_eq!(text_of(&site, page), expected, "{behaviour}: {page}");
        }
    }
}

#[test]
fn each_cause_is_told_once_with_the_number_of_places() {
    let site = Site::with(
        "plugins:\n  - macros\n",
        &[
            ("main.py", "def define_env(env): pass\n"),
            ("docs/index.md", "{{ f(1) }}\n\n{{ f(2) }} {{ v }}\n"),
            (
                "docs/b.md",
                "{% set w = v + 'x' %}\n{{ w }}\n\n{{ f(3) }}\n",
            ),
        ],
    );
    assert_eq!(
        messages(&site),
        [
            "`v` is not defined: the Jinja stays as written (3 places on 2 pages)",
            "the function `f` is not defined: the Jinja stays as written (3 places on 2 pages)",
            "the macros of the Python module `main` are not run",
        ]
    );
    // Each page still knows its own places.
    assert_eq!(site.said().len(), 7);
}

/// Expected texts are what the plugin made of the same pages.
#[test]
fn options_of_jinja_are_read() {
    for (options, page, expected) in [
        (
            "j2_line_comment_prefix: '//'",
            "a\n// gone {{ x }}\nb",
            "a\n\nb",
        ),
        (
            "j2_line_statement_prefix: '%%'",
            "%% for i in [1, 2]\n- {{ i }}\n%% endfor\nend",
            "- 1\n- 2\nend",
        ),
        (
            "j2_trim_blocks: true",
            "{% if true %}\na{% endif %}\nb",
            "ab",
        ),
        (
            "j2_lstrip_blocks: true",
            "a\n  {% if true %}b{% endif %}",
            "a\nb",
        ),
        ("j2_keep_trailing_newline: true", "{{ 1 }}\n", "1\n"),
        ("j2_autoescape: true", "{{ '<' }}", "&lt;"),
        (
            "j2_extensions: [jinja2.ext.loopcontrols]",
            "{% for i in [1, 2] %}{% break %}{% endfor %}-",
            "-",
        ),
    ] {
        let config = format!("plugins: [macros: {{{options}}}]\n");
        let site = Site::with(&config, &[("docs/index.md", page)]);
        assert_eq!(text_of(&site, page), expected, "{options}");
        assert_eq!(site.said(), [""; 0], "{options}");
    }
}
