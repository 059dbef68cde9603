// Small behaviours of links and buttons.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  if (link.matches("[data-back]") && history.length > 1) {
    event.preventDefault();
    history.back();
  } else if (link.matches("[data-again]")) {
    event.preventDefault();
    location.reload();
  }
});
