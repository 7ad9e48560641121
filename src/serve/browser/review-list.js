"use strict";
// The list of changed pages: how many changes of each are still to be seen.
const proofroomList = {
  count(seen) {
    for (const entry of document.querySelectorAll("[data-proofroom-keys]")) {
      const keys = entry.dataset.proofroomKeys.split(" ").filter(Boolean);
      const many = keys.filter((key) => !seen.has(key)).length;
      let place = entry.querySelector("[data-proofroom-unseen]");
      if (!place) {
        place = document.createElement("span");
        place.dataset.proofroom = place.dataset.proofroomUnseen = "";
        (entry.querySelector("p") ?? entry).append(" ", place);
      }
      place.textContent = !keys.length ? "" : many ? `· ${many} not seen` : "· all seen";
      entry.toggleAttribute("data-proofroom-seen", keys.length > 0 && !many);
    }
    document.documentElement.dataset.proofroomChanges = "counted";
  },
};
