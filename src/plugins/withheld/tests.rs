use serde_json::json;

use super::*;
use crate::config::withholdings;

/// Whether `plugin` with these options keeps a page with this front matter
/// and text back, on 2024-01-02.
fn keeps(plugin: &str, options: Value, path: &str, front: Value, text: &str) -> bool {
    let front = front.as_object().expect("a mapping").clone();
    let options = options.as_object().expect("a mapping").clone();
    let page = Page {
        path,
        front: &front,
        text: &|| text.into(),
        is_in_nav: &|| path == "listed.md",
        front_of: &|path| match path {
            "drafts/README.md" => json!({"publish": "draft"}).as_object().cloned(),
            "hidden/index.md" => json!({"publish": "hidden"}).as_object().cloned(),
            _ => None,
        },
        file: &|name| (name == "passwords.yml").then(|| "_global: 'x'\n".into()),
        now: Moment::new(1_704_153_600),
    };
    let rows = withholdings(plugin);
    assert!(!rows.is_empty(), "{plugin}");
    rows.iter().any(|row| is_withheld(&options, row, &page))
}

#[test]
fn each_plugin_keeps_back_what_it_would_have_kept_back() {
    let post = "blog/posts/a.md";
    for (plugin, options, path, front, expected) in [
        ("blog", json!({}), post, json!({"draft": true}), true),
        ("blog", json!({}), post, json!({"draft": false}), false),
        ("blog", json!({}), post, json!({}), false),
        ("blog", json!({}), "a.md", json!({"draft": true}), false),
        (
            "blog",
            json!({"draft": true}),
            post,
            json!({"draft": true}),
            false,
        ),
        (
            "blog",
            json!({"blog_dir": "."}),
            "posts/a.md",
            json!({"draft": true}),
            true,
        ),
        (
            "blog",
            json!({"post_dir": "{blog}/x"}),
            "blog/x/a.md",
            json!({"draft": true}),
            true,
        ),
        (
            "blog",
            json!({}),
            post,
            json!({"date": "2024-02-01"}),
            false,
        ),
        (
            "blog",
            json!({"draft_if_future_date": true}),
            post,
            json!({"date": "2024-02-01"}),
            true,
        ),
        (
            "blog",
            json!({"draft_if_future_date": true}),
            post,
            json!({"date": "2024-01-01"}),
            false,
        ),
        (
            "blog",
            json!({"draft_if_future_date": true}),
            post,
            json!({"date": {"created": "2024-01-02T01:00:00Z"}}),
            true,
        ),
        (
            "blog",
            json!({"draft_if_future_date": true}),
            post,
            json!({"date": "2024-02-01", "draft": false}),
            false,
        ),
        (
            "encryptcontent",
            json!({}),
            "a.md",
            json!({"password": "x"}),
            true,
        ),
        (
            "encryptcontent",
            json!({}),
            "a.md",
            json!({"password": 12}),
            true,
        ),
        (
            "encryptcontent",
            json!({}),
            "a.md",
            json!({"password": ""}),
            false,
        ),
        (
            "encryptcontent",
            json!({}),
            "a.md",
            json!({"level": "staff"}),
            true,
        ),
        (
            "encryptcontent",
            json!({"global_password": "x"}),
            "a.md",
            json!({}),
            true,
        ),
        (
            "encryptcontent",
            json!({"global_password": "x"}),
            "a.md",
            json!({"password": ""}),
            false,
        ),
        (
            "encryptcontent",
            json!({"password_inventory": {"_global": "x"}}),
            "a.md",
            json!({}),
            true,
        ),
        (
            "encryptcontent",
            json!({"password_file": "passwords.yml"}),
            "a.md",
            json!({}),
            true,
        ),
        (
            "encryptcontent",
            json!({"password_file": "other.yml"}),
            "a.md",
            json!({}),
            false,
        ),
        (
            "publish-control",
            json!({}),
            "a.md",
            json!({"hidden": true}),
            true,
        ),
        (
            "publish-control",
            json!({"show_all": true}),
            "a.md",
            json!({"hidden": true}),
            false,
        ),
        ("pub-meta", json!({}), "a.md", json!({}), true),
        (
            "pub-meta",
            json!({}),
            "a.md",
            json!({"publish": true}),
            false,
        ),
        (
            "pub-meta",
            json!({"publish": {"file_default": true}}),
            "a.md",
            json!({}),
            false,
        ),
        (
            "pub-meta",
            json!({"publish": {"key_name": "p"}}),
            "a.md",
            json!({"p": "draft"}),
            true,
        ),
        (
            "pub-meta",
            json!({}),
            "drafts/deep/a.md",
            json!({"publish": true}),
            true,
        ),
        (
            "pub-meta",
            json!({"dir_meta_file": "index.md"}),
            "drafts/a.md",
            json!({"publish": true}),
            false,
        ),
        (
            "pub-meta",
            json!({"dir_meta_file": "index.md"}),
            "hidden/a.md",
            json!({"publish": true}),
            false,
        ),
        (
            "pub-meta",
            json!({"publish": {"dir_default": false}}),
            "other/a.md",
            json!({"publish": true}),
            true,
        ),
        (
            "pub-blog",
            json!({}),
            post,
            json!({"publish": "published"}),
            false,
        ),
        ("pub-blog", json!({}), post, json!({}), true),
        ("pub-blog", json!({}), "a.md", json!({}), false),
        (
            "mkdocs_exclude_tagged_files",
            json!({"tags_to_exclude": ["secret"]}),
            "a.md",
            json!({"tags": ["#secret"]}),
            true,
        ),
        (
            "file_filter",
            json!({"exclude_tag": ["x"]}),
            "a.md",
            json!({"tags": ["x"]}),
            true,
        ),
        (
            "file-filter",
            json!({"exclude_glob": ["in*"]}),
            "internal/a.md",
            json!({}),
            true,
        ),
        (
            "excluder",
            json!({"regex": "in.*"}),
            "internal/a.md",
            json!({}),
            true,
        ),
        (
            "excluder",
            json!({"glob": ["*.txt"]}),
            "internal/a.md",
            json!({}),
            false,
        ),
        (
            "include_exclude_files",
            json!({"exclude": ["in"]}),
            "in/a.md",
            json!({}),
            true,
        ),
        ("mkdocs-exclude-unused", json!({}), "a.md", json!({}), true),
        (
            "mkdocs-exclude-unused",
            json!({}),
            "listed.md",
            json!({}),
            false,
        ),
        ("role-filter", json!({}), "a.md", json!({}), false),
        (
            "role-filter",
            json!({}),
            "a.md",
            json!({"role": "admin"}),
            true,
        ),
        (
            "role-filter",
            json!({"allowed_roles": ["admin"]}),
            "a.md",
            json!({}),
            true,
        ),
    ] {
        let found = keeps(plugin, options.clone(), path, front.clone(), "text");
        assert_eq!(found, expected, "{plugin} {options} {path} {front}");
    }
    for (plugin, options, text, expected) in [
        (
            "remove_sections",
            json!({}),
            "a\n<!-- remove:start -->\nb\n",
            true,
        ),
        ("remove_sections", json!({}), "## Private: plans\n", true),
        ("remove_sections", json!({}), "private: plans\n", false),
        ("remove_sections", json!({}), "a\n# private: plans\n", true),
        (
            "remove_sections",
            json!({"section_heading_pattern": "^Internal$"}),
            "## Internal \n",
            true,
        ),
        (
            "remove_sections",
            json!({"section_heading_pattern": "^Internal$"}),
            "## Private: plans\nInternal\n",
            false,
        ),
        (
            "remove_sections",
            json!({"section_heading_pattern": "^(?!Public)"}),
            "## Plans\n",
            true,
        ),
        ("render-stopper", json!({}), "a\n[stop]\nb\n", true),
        (
            "render-stopper",
            json!({"tag": "[END]"}),
            "a\n[END]\nb\n",
            true,
        ),
        (
            "platform-content",
            json!({}),
            "<!-- github-only-start -->",
            true,
        ),
    ] {
        let found = keeps(plugin, options.clone(), "a.md", json!({}), text);
        assert_eq!(found, expected, "{plugin} {options} {text}");
    }
}

#[test]
fn some_plugins_decide_by_code() {
    let unknown = |plugin: &str, options: Value| {
        let options = options.as_object().expect("a mapping").clone();
        withholdings(plugin)
            .iter()
            .any(|row| is_unknown(&options, row))
    };
    assert!(unknown("select-files", json!({})));
    assert!(unknown(
        "conditional_include",
        json!({"rules": [{"prefix": "a"}]})
    ));
    assert!(!unknown("conditional_include", json!({})));
    assert!(!unknown("blog", json!({})));
}
