// Dropping many files at once, and counting what is ticked. The forms work without this.
"use strict";

const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const drop = document.querySelector("[data-drop-many]");
    if (!drop || !holdsFiles(event)) return;
    event.preventDefault();
    drop.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.querySelector("[data-drop-many]")?.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  const drop = document.querySelector("[data-drop-many]");
  if (!drop || !holdsFiles(event)) return;
  event.preventDefault();
  drop.classList.remove("over");
  const input = drop.querySelector("input[type=file]");
  input.files = event.dataTransfer.files;
  input.closest("form").requestSubmit();
});
document.addEventListener("submit", (event) => {
  const note = event.target.querySelector("[data-sending]");
  if (note) note.hidden = false;
});

const form = document.querySelector("[data-decide]");
const shown = form?.querySelector("[data-count]");
const count = () => {
  if (!shown) return;
  shown.hidden = false;
  shown.querySelector("strong").textContent = form.querySelectorAll("input[name=p]:checked").length;
};
if (form) {
  count();
  form.addEventListener("change", count);
}
