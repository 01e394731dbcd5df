// What is wider than the screen can be scrolled by keys, and screen readers say what it is.
const KINDS = { Text: "pre", Table: ".table-wrapper", Formula: ".math-wrapper", Figure: ".picture" };

function reach() {
  for (const box of document.querySelectorAll(Object.values(KINDS).join())) {
    const wide = box.scrollWidth > box.clientWidth;
    if (wide) box.tabIndex = 0; else box.removeAttribute("tabindex");
    if (wide) box.setAttribute("role", "group"); else box.removeAttribute("role");
    const kind = Object.keys(KINDS).find((name) => box.matches(KINDS[name]));
    if (wide) box.setAttribute("aria-label", `${kind}, wider than the page`); else box.removeAttribute("aria-label");
  }
}
// Printed sentences are wrapped; what is set in columns keeps them.
for (const box of document.querySelectorAll(".output pre")) {
  const long = box.textContent.split("\n").some((line) => line.length > 90);
  box.classList.toggle("sentences", long);
}
reach();
addEventListener("resize", reach);
addEventListener("toggle", reach, true); // what is folded has no width yet
