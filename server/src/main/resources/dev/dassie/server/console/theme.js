// Before anything is painted: the reader's own choice of light or dark, where there is one.
const chosen = localStorage.getItem("theme");
if (chosen === "dark" || chosen === "light") {
  document.documentElement.dataset.theme = chosen;
}
