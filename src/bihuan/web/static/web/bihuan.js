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
  // What is kept in this browser (drafts.js) is there again afterwards, so nothing need be asked.
  if ([...touched].some((form) => form.isConnected && !form.dataset.kept)) event.preventDefault();
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

// A button that fills in a field: a day to choose instead of one to type.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fills]");
  if (!button) return;
  const field = document.getElementById(button.dataset.fills);
  field.value = button.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  for (const one of button.parentElement.querySelectorAll("[data-fills]")) one.setAttribute("aria-pressed", one === button);
});

const prepare = () => {
  // These buttons do nothing without this script, so they are shown by it.
  for (const button of document.querySelectorAll("[data-more], [data-fills]")) button.hidden = false;
  // Where there is room, filters and further fields stand open.
  if (window.matchMedia("(min-width: 48rem)").matches) {
    for (const details of document.querySelectorAll("[data-open-wide]")) details.open = true;
  }
};
prepare();
document.addEventListener("bihuan:shown", prepare);

// A list's address holds what is chosen, and nothing that is not.
document.addEventListener("htmx:configRequest", (event) => {
  const parameters = event.detail.parameters;
  for (const name of [...parameters.keys()]) {
    if (!parameters.get(name)) parameters.delete(name);
  }
});
