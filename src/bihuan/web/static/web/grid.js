// The Ledger's table as a grid: from cell to cell by key, copying to Excel and pasting from it, filters undone.
// Without this script it is a table with links, and nothing is missing but the keys.
"use strict";

const ledgerGrid = (() => {
  const wide = window.matchMedia("(min-width: 48.01rem)");
  const RESUME = "bihuan.grid.resume";
  const UNDONE = "bihuan.grid.undone";
  const STEP = 10;

  const table = () => document.getElementById("grid");
  const list = () => document.getElementById("list");
  const shownRows = () => [...table().rows].filter((row) => !row.hidden);
  const isField = (element) => element.matches("textarea, select, input:not([type=checkbox])");

  // What takes the focus in a cell: its one control where it has one that is no link to a matter, else the cell.
  const target = (cell) => {
    if (cell.closest("thead")) return cell.querySelector("a, input:not([hidden])") || cell;
    return cell.querySelector("input, .group-fold") || cell;
  };
  const cellOf = (element) => element.closest("#grid td, #grid th");

  function setUp() {
    if (!table()) return;
    const on = wide.matches;
    if (on) table().setAttribute("role", "grid");
    else table().removeAttribute("role");
    for (const link of table().querySelectorAll("a, button, input")) {
      if (on) link.tabIndex = -1;
      else link.removeAttribute("tabindex");
    }
    for (const row of table().rows) {
      for (const cell of row.cells) {
        if (on) target(cell).tabIndex = -1;
        else cell.removeAttribute("tabindex");
      }
    }
    if (on) rove(table().querySelector("tr.is-open .c-title") || table().querySelector("tbody .c-title"));
  }

  // One cell of the grid is in the tab order: the last that was focused.
  function rove(cell) {
    if (!cell) return;
    for (const old of table().querySelectorAll('[tabindex="0"]')) old.tabIndex = -1;
    target(cell).tabIndex = 0;
  }

  function focus(cell) {
    if (!cell) return;
    rove(cell);
    target(cell).focus();
  }

  function at(row, column) {
    const rows = shownRows();
    const found = rows[Math.min(Math.max(row, 0), rows.length - 1)];
    return found.cells[Math.min(Math.max(column, 0), found.cells.length - 1)];
  }

  // The way on at the end of a page: the address of the next one, and where the focus shall be there.
  function turn(address, row, column) {
    if (!address) return false;
    sessionStorage.setItem(RESUME, JSON.stringify({ row, column }));
    window.location.assign(address);
    return true;
  }

  let kept = 1;
  function move(cell, event) {
    const rows = shownRows();
    const row = rows.indexOf(cell.parentElement);
    const column = cell.parentElement.matches(".group") ? kept : cell.cellIndex;
    const last = rows.length - 1;
    const first = rows.findIndex((each) => each.closest("tbody"));
    const end = cell.parentElement.cells.length - 1;
    const { next, previous } = list().dataset;
    kept = column;
    switch (event.key) {
      case "ArrowDown": return at(row + 1, column);
      case "ArrowUp": return at(row - 1, column);
      case "ArrowRight": return at(row, cell.cellIndex + 1);
      case "ArrowLeft": return at(row, cell.cellIndex - 1);
      case "Home": return event.ctrlKey ? at(first, 0) : at(row, 0);
      case "End": return event.ctrlKey ? at(last, Infinity) : at(row, end);
      case "PageDown": return row === last && turn(next, "first", column) ? null : at(row + STEP, column);
      case "PageUp": return row <= first && turn(previous, "last", column) ? null : at(Math.max(row - STEP, first), column);
    }
    return undefined;
  }

  document.addEventListener("keydown", (event) => {
    const cell = event.target instanceof Element && cellOf(event.target);
    if (!cell || !wide.matches || event.altKey || event.metaKey) return;
    const to = move(cell, event);
    if (to !== undefined) {
      event.preventDefault();
      if (to) focus(to);
      return;
    }
    if (event.key === "Enter" && !event.target.matches("a, button")) {
      const link = cell.parentElement.querySelector("a[data-open]");
      if (link) {
        event.preventDefault();
        link.click();
      }
    }
  });

  document.addEventListener("focusin", (event) => {
    const cell = cellOf(event.target);
    if (cell && wide.matches && event.target === target(cell)) rove(cell);
  });
  document.addEventListener("click", (event) => {
    const cell = cellOf(event.target);
    if (!cell || !wide.matches || event.target.closest("a, button, input")) return;
    if (window.getSelection().isCollapsed) focus(cell);
  });
  document.addEventListener("dblclick", (event) => {
    const cell = cellOf(event.target);
    if (cell && !event.target.closest("a, button, input")) cell.parentElement.querySelector("a[data-open]")?.click();
  });

  // The heads of units open and close the rows under them.
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".group-fold");
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    for (const row of button.closest("tbody").rows) {
      if (!row.matches(".group")) row.hidden = !open;
    }
  });

  // Rows as Excel takes them: a tab between cells, quotes round what holds tabs, lines or quotes. What could be
  // taken for a formula gets an apostrophe in front, for texts come from many hands.
  const guarded = (text) => (/^[=@]|^[+-](?![\d.,]+$)/.test(text) ? `'${text}` : text);
  const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const words = (cell) => [...cell.querySelectorAll(cell.matches(".c-day") ? ".cell" : ".cell, .tag")];
  const copied = (cell) =>
    (cell.dataset.copy ?? words(cell).map((each) => each.textContent.trim()).join(" "))
      .split("\t")
      .map((text) => (text === "—" ? "" : text));
  function line(row) {
    const cells = [...row.cells].slice(1);
    return cells.flatMap((cell) => (cell.closest("thead") ? cell.dataset.copy.split("\t") : amounts(cell).map(guarded))).map(quoted).join("\t");
  }
  // An amount goes out without its separators, so that Excel counts with it.
  const amounts = (cell) => (cell.matches(".number") ? copied(cell).map((text) => text.replaceAll(",", "")) : copied(cell));
  const header = () => line(table().tHead.rows[0]);

  document.addEventListener("copy", (event) => {
    const cell = document.activeElement && cellOf(document.activeElement);
    if (!table() || !event.clipboardData || !(window.getSelection().isCollapsed || ledgerGrid.copying)) return;
    if (!cell && !ledgerGrid.copying) return;
    const rows = ledgerGrid.picked?.lines() ?? [];
    const own = cell?.closest("tbody") && cell.parentElement.dataset.matter ? [line(cell.parentElement)] : [];
    const text = rows.length ? rows : own;
    if (!text.length) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", [header(), ...text].join("\r\n"));
    ledgerGrid.picked?.told(text.length);
  });

  document.addEventListener("paste", (event) => {
    const form = document.getElementById("pasted");
    const active = document.activeElement || document.body;
    if (!form || isField(active) || document.querySelector("dialog[open]")) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const cell = cellOf(active);
    if (!text.trim() || (!cell && !text.includes("\t"))) return;
    event.preventDefault();
    const keys = table().dataset.columns.trim().split(" ");
    const from = cell && !cell.parentElement.matches(".group") ? Math.max(cell.cellIndex - 1, 0) : 0;
    for (const key of keys.slice(from)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "column", value: key });
      form.append(field);
    }
    form.elements.text.value = text;
    form.submit();
  });

  // A filter that was taken off can be put back.
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("a[data-chip]");
    if (!chip) return;
    const words = chip.dataset.chip || chip.firstChild.textContent.trim();
    sessionStorage.setItem(UNDONE, JSON.stringify({ from: window.location.href, to: chip.href, words }));
  });
  function offerUndo() {
    const made = JSON.parse(sessionStorage.getItem(UNDONE) || "null");
    const note = document.getElementById("undone");
    sessionStorage.removeItem(UNDONE);
    if (!made || !note || made.to !== window.location.href) return;
    const words = note.querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("%s", made.words);
    const link = note.querySelector("a");
    link.href = made.from;
    note.hidden = false;
    link.focus({ preventScroll: true });
  }

  function resume() {
    const wanted = JSON.parse(sessionStorage.getItem(RESUME) || "null");
    sessionStorage.removeItem(RESUME);
    if (!wanted || !table()) return;
    const rows = [...table().querySelectorAll("tr[data-matter]")];
    const row = wanted.row === "first" ? rows[0] : rows[rows.length - 1];
    focus(row?.cells[Math.min(wanted.column, row.cells.length - 1)]);
  }

  // A fold that somebody opened stays open on the next page, and one that an address names opens.
  function unfold() {
    for (const fold of document.querySelectorAll("details[data-remember]")) {
      fold.open = localStorage.getItem(fold.dataset.remember) === "open";
      fold.addEventListener("toggle", () => localStorage.setItem(fold.dataset.remember, fold.open ? "open" : ""));
    }
    const named = window.location.hash && document.querySelector(`details${window.location.hash}`);
    if (!named) return;
    named.open = true;
    named.querySelector("summary").focus();
  }
  window.addEventListener("hashchange", unfold);

  wide.addEventListener("change", setUp);
  document.addEventListener("DOMContentLoaded", () => {
    setUp();
    unfold();
    offerUndo();
    resume();
  });
  return { setUp, focus, line, wide, table, list, copying: false, picked: null };
})();
