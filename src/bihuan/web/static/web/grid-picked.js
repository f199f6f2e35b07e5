// The ticked matters: kept from page to page of the same list, counted in the bar, sent with whatever is done.
"use strict";

(() => {
  const form = () => document.getElementById("picked");
  const boxes = () => [...document.querySelectorAll('#grid input[name="m"]')];
  const list = () => document.getElementById("list");
  const key = () => `bihuan.ticked ${list().dataset.filter} ${ledgerGrid.table()?.dataset.columns ?? ""}`;
  let picked = new Map();
  let last = null;

  const read = () => new Map(JSON.parse(sessionStorage.getItem(key()) || "[]"));
  function keep() {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith("bihuan.ticked ") && name !== key()) sessionStorage.removeItem(name);
    }
    sessionStorage.setItem(key(), JSON.stringify([...picked]));
  }

  function pick(box, on) {
    box.checked = on;
    const row = box.closest("tr");
    if (on) picked.set(box.value, { line: ledgerGrid.line(row), step: row.dataset.step ?? "" });
    else picked.delete(box.value);
  }

  // The step that leads on is offered where all that is meant waits for the same one.
  function offer() {
    const all = form().querySelector("[data-all]").checked;
    const steps = new Set([...picked.values()].map((each) => each.step));
    for (const button of form().querySelectorAll("[data-step]")) {
      button.hidden = all ? !("whole" in button.dataset) : steps.size !== 1 || !steps.has(button.dataset.step);
    }
  }

  function show() {
    if (!form()) return;
    for (const box of boxes()) {
      const row = box.closest("tr");
      row.classList.toggle("is-picked", picked.has(box.value));
      if (ledgerGrid.wide.matches) row.setAttribute("aria-selected", String(picked.has(box.value)));
      box.checked = picked.has(box.value);
    }
    const head = document.getElementById("pick-all");
    head.hidden = false;
    head.checked = boxes().length > 0 && boxes().every((box) => box.checked);
    head.indeterminate = !head.checked && boxes().some((box) => box.checked);
    form().classList.toggle("is-on", picked.size > 0);
    offer();
    for (const control of form().querySelectorAll("[data-copy-picked], [data-clear], .picked-all")) control.hidden = false;
    const words = picked.size === 1 ? form().dataset.one : form().dataset.many;
    form().querySelector("[data-count]").textContent = words.replace("%s", String(picked.size));
  }

  function setUp() {
    if (!ledgerGrid.table()) return;
    picked = read();
    last = null;
    show();
  }

  function range(box, on) {
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    for (const each of all.slice(Math.max(from, 0), to + 1)) pick(each, on);
  }

  function toggle(box, on, event) {
    if (event.shiftKey && last) range(box, on);
    else pick(box, on);
    last = box;
    keep();
    show();
  }

  document.addEventListener("click", (event) => {
    if (event.target.matches('#grid input[name="m"]')) toggle(event.target, event.target.checked, event);
    if (event.target.id === "pick-all") {
      for (const box of boxes()) pick(box, event.target.checked);
      keep();
      show();
    }
    if (event.target.closest("[data-clear]")) {
      picked.clear();
      keep();
      show();
      document.querySelector('#grid [tabindex="0"]')?.focus();
    }
    if (event.target.closest("[data-copy-picked]")) {
      ledgerGrid.copying = true;
      document.execCommand("copy");
      ledgerGrid.copying = false;
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("#picked [data-all]")) offer();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !ledgerGrid.wide.matches || event.target.matches("input, button, a, textarea, select")) return;
    const box = event.target.closest("#grid tr")?.querySelector('input[name="m"]');
    if (!box) return;
    event.preventDefault();
    toggle(box, !box.checked, event);
  });

  // What is sent: the ticked matters of all pages, or none where all that fit the filter are meant.
  document.addEventListener("formdata", (event) => {
    if (event.target !== form()) return;
    event.formData.delete("m");
    if (form().querySelector("[data-all]").checked) return;
    for (const number of picked.keys()) event.formData.append("m", number);
  });

  ledgerGrid.picked = {
    setUp,
    lines: () => [...picked.values()].map((each) => each.line),
    told: (number) => {
      const place = form()?.querySelector("[data-count]");
      if (place) place.textContent = form().dataset.copied.replace("%s", String(number));
    },
  };
  document.addEventListener("DOMContentLoaded", setUp);
})();
