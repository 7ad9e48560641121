// Which page a link led to that is not part of the review.
const page = new URLSearchParams(location.search).get("page");
if (page !== null) document.querySelector("#unchanged code").textContent = page || "/";
// What was seen is kept by the pages; they may be gone through in other tabs.
const count = () => {
  let seen = [];
  try { seen = JSON.parse(localStorage.getItem("proofroom-seen")) ?? []; } catch { /* nothing is remembered */ }
  proofroomList.count(new Set(seen));
};
addEventListener("storage", count);
addEventListener("pageshow", count);
