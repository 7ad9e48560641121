// Preserves what the reader chose and typed, by name and not by position: a
// patch pairs elements by position, so an element inserted before another would
// take over its state.
const proofroomReader = (() => {
  const labelOf = (set, input) => [...set.querySelectorAll("label[for]")].find((label) => label.htmlFor === input.id)?.textContent.trim();
  const choices = (set) => [...set.querySelectorAll(":scope > input[type=radio]")];
  const title = (details) => details.querySelector(":scope > summary")?.textContent.trim();
  const typed = () => [...document.querySelectorAll("article :is(input, textarea, select)[id]")].filter((field) => !field.closest(".tabbed-set") && field.type !== "file");
  const state = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value);

  // Maps names to elements; a name that several elements share maps to null.
  function named(all, name) {
    const found = new Map();
    for (const one of all) found.set(name(one), found.has(name(one)) ? null : one);
    return found;
  }
  const allDetails = (tree) => named(tree.querySelectorAll("article details"), title);

  function remember() {
    const sets = [...document.querySelectorAll(".tabbed-set")].map((set) => [set, labelOf(set, choices(set).find((one) => one.checked) ?? {})]);
    const open = new Map([...allDetails(document)].filter(([, one]) => one).map(([name, one]) => [name, one.open]));
    const fields = new Map(typed().map((field) => [field.id, state(field)]));
    return { sets, open, fields };
  }

  // Restores what `remember` saved; new elements start as in `next`.
  function restore({ sets, open, fields }, next) {
    for (const [set, label] of sets) {
      if (!set.isConnected) continue;
      const all = choices(set);
      const again = all.find((one) => label && labelOf(set, one) === label) ?? all.find((one) => one.checked) ?? all[0];
      if (again && !again.checked) again.checked = true;
    }
    const written = allDetails(next);
    for (const [name, one] of allDetails(document)) {
      if (one) one.open = open.get(name) ?? written.get(name)?.hasAttribute("open") ?? one.open;
    }
    for (const field of typed()) {
      const value = fields.has(field.id) ? fields.get(field.id) : undefined;
      if (value === undefined ? state(field) === (field.defaultValue ?? state(field)) : state(field) === value) continue;
      if (typeof state(field) === "boolean") field.checked = value ?? field.defaultChecked;
      else field.value = value ?? field.defaultValue ?? "";
    }
  }

  return { remember, restore };
})();
