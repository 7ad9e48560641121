// Which page a link led to that is not part of the review.
const page = new URLSearchParams(location.search).get("page");
if (page !== null) document.querySelector("#unchanged code").textContent = page || "/";
