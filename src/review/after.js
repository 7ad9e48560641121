{
  const { page } = JSON.parse(document.querySelector("script[data-proofroom-changes]").textContent);
  const { proofroomMode } = document.querySelector("script[data-proofroom-mode]").dataset;
  proofroomReview.show({ proofroomMode, proofroomPage: page });
}
