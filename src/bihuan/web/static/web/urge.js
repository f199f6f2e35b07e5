// Copying the messages. On an intranet without TLS browsers offer no clipboard, so the old way stands behind the new.
"use strict";
(() => {
  const form = document.querySelector(".urge");
  if (!form) return;

  function copyTheOldWay(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    field.style.position = "fixed";
    field.style.top = "0";
    field.style.opacity = "0";
    document.body.append(field);
    field.select();
    field.setSelectionRange(0, text.length);
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }

  async function copy(text) {
    if (window.isSecureContext && navigator.clipboard) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        return copyTheOldWay(text); // the browser asked and was refused
      }
    }
    return copyTheOldWay(text);
  }

  const texts = (within) => [...within.querySelectorAll("textarea")].map((field) => field.value);

  form.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-all]");
    if (!button) return;
    const within = button.hasAttribute("data-copy") ? button.closest("[data-part]") : form;
    const done = await copy(texts(within).join("\n\n"));
    button.focus();
    for (const word of form.querySelectorAll(".copied")) word.textContent = "";
    if (done) button.parentElement.querySelector(".copied").textContent = form.dataset.copied;
    else within.querySelector("textarea").select(); // at least it is marked for the keys
  });

  form.addEventListener("input", (event) => {
    const counter = event.target.closest("[data-part]")?.querySelector("[data-length]");
    if (counter) counter.textContent = event.target.value.length;
  });

  for (const button of form.querySelectorAll("[data-copy], [data-copy-all]")) button.hidden = false;
})();
