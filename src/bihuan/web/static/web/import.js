// Dropping a file, and showing how far it has been sent. The form works without this.
"use strict";

const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const drop = document.querySelector("[data-drop]");
    if (!drop || !holdsFiles(event)) return;
    event.preventDefault();
    drop.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.querySelector("[data-drop]")?.classList.remove("over");
});
// A file that misses the frame must not replace the page, so the whole page takes it.
document.addEventListener("drop", (event) => {
  const drop = document.querySelector("[data-drop]");
  if (!drop || !holdsFiles(event)) return;
  event.preventDefault();
  drop.classList.remove("over");
  const input = drop.querySelector("input[type=file]");
  const one = new DataTransfer();
  one.items.add(event.dataTransfer.files[0]);
  input.files = one.files;
  input.closest("form").requestSubmit();
});

// A refusal comes with status 409 or 422 and is shown like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (![409, 422].includes(event.detail.xhr.status)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

const part = (form, name) => form.querySelector(`[data-phase=${name}]`);
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("[data-upload]");
  if (form) form.querySelector("[data-sending]").hidden = false;
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const form = event.target.closest("[data-upload]");
  if (!form || !event.detail.lengthComputable) return;
  const bar = form.querySelector("[data-sent]");
  const all = event.detail.loaded >= event.detail.total;
  if (all) bar.removeAttribute("value");
  else bar.value = (100 * event.detail.loaded) / event.detail.total;
  part(form, "sending").hidden = all;
  part(form, "reading").hidden = !all;
});
