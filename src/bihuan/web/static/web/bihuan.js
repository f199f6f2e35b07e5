// What a page does beyond links and forms. Everything works without it.
"use strict";

// Esc and a click elsewhere close an open menu.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A form that holds something typed asks before it is left; sending it is no leaving.
const touched = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keep]");
  if (form) touched.add(form);
});
document.addEventListener("submit", (event) => touched.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  if ([...touched].some((form) => form.isConnected)) event.preventDefault();
});

// One more line for a field that holds several.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-more]");
  if (!button) return;
  const lines = button.closest(".field").querySelectorAll("[data-line]");
  const last = lines[lines.length - 1];
  const next = last.cloneNode(true);
  const input = next.querySelector("input");
  input.value = "";
  input.id = `${input.name}-${lines.length}`;
  last.after(next);
  input.focus();
});

// Sending takes a while with files: say so, and let nobody send twice.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.target.method !== "post" || event.defaultPrevented) return;
  setTimeout(() => {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
  });
  setTimeout(() => {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }, 8000);
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
});

// The button for one more line does nothing without this script, so it is shown by it.
for (const button of document.querySelectorAll("[data-more]")) button.hidden = false;

// Where there is room, filters stand open.
if (window.matchMedia("(min-width: 48rem)").matches) {
  for (const details of document.querySelectorAll("[data-open-wide]")) details.open = true;
}

// A list's address holds what is chosen, and nothing that is not.
document.addEventListener("htmx:configRequest", (event) => {
  const parameters = event.detail.parameters;
  for (const name of [...parameters.keys()]) {
    if (!parameters.get(name)) parameters.delete(name);
  }
});
