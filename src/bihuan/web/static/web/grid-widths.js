// The edge of a head can be dragged; the width is kept for the person, on whatever machine they sign in.
"use strict";

(() => {
  const NARROWEST = 60;
  const WIDEST = 900;
  const column = (key) => document.querySelector(`#grid col[data-key="${key}"]`);
  const width = (col) => Number(col.dataset.least || parseInt(col.style.width, 10));

  function fit() {
    const table = ledgerGrid.table();
    const columns = [...table.querySelectorAll("col[data-key]")];
    const all = columns.reduce((sum, col) => sum + width(col), parseInt(table.querySelector(".col-pick").style.width, 10));
    table.style.width = `max(100%, ${all}px)`;
    table.style.setProperty("--no", `${width(columns[0])}px`);
  }

  function set(key, pixels) {
    const col = column(key);
    const within = Math.min(Math.max(Math.round(pixels), NARROWEST), WIDEST);
    if (col.dataset.least) col.dataset.least = String(within);
    else col.style.width = `${within}px`;
    const field = document.querySelector(`.picker [name="w-${key}"]`);
    if (field) field.value = String(within);
    fit();
    return within;
  }

  function keep(key, pixels) {
    const form = document.querySelector(".picker");
    const sent = new FormData();
    sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    sent.set("widths", "1");
    sent.set(`w-${key}`, String(pixels));
    fetch(form.action, { method: "POST", body: sent, credentials: "same-origin" });
  }

  function grip(head) {
    const handle = document.createElement("span");
    handle.className = "grip";
    handle.setAttribute("aria-hidden", "true");
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      handle.classList.add("is-held");
      const from = event.clientX;
      const before = head.getBoundingClientRect().width;
      let now = before;
      const drag = (moved) => (now = set(head.dataset.key, before + moved.clientX - from));
      handle.addEventListener("pointermove", drag);
      handle.addEventListener(
        "lostpointercapture",
        () => {
          handle.removeEventListener("pointermove", drag);
          handle.classList.remove("is-held");
          if (now !== before) keep(head.dataset.key, now);
        },
        { once: true },
      );
    });
    head.append(handle);
  }

  function setUp() {
    for (const head of document.querySelectorAll("#grid thead th[data-key]")) {
      if (!head.querySelector(".grip")) grip(head);
    }
  }
  document.addEventListener("DOMContentLoaded", setUp);
  document.addEventListener("htmx:afterSwap", setUp);
})();
