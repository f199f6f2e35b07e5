// The matter beside the list, and the list's address: whatever is shown can be sent to somebody, and "back" goes back.
"use strict";

(() => {
  const roomy = window.matchMedia("(min-width: 64rem)");
  const side = () => document.getElementById("side");
  const split = () => document.querySelector(".ledger-split");
  const opened = () => new URLSearchParams(window.location.search).get("open");
  const bare = () => without(window.location.href, "open").href;
  let shown = bare();

  function without(address, name) {
    const url = new URL(address, window.location.href);
    url.searchParams.delete(name);
    return url;
  }
  function withOpen(number) {
    const url = new URL(window.location.href);
    url.searchParams.set("open", number);
    return url;
  }
  const row = (number) => document.querySelector(`#grid tr[data-matter="${CSS.escape(number)}"]`);

  function mark(number) {
    for (const each of document.querySelectorAll("#grid tr.is-open")) each.classList.remove("is-open");
    if (number) row(number)?.classList.add("is-open");
  }

  async function fill(link) {
    const answer = await fetch(link.dataset.open, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) {
      window.location.assign(link.href);
      return false;
    }
    side().innerHTML = await answer.text();
    side().hidden = false;
    split().classList.add("has-side");
    mark(link.closest("tr").dataset.matter);
    side().querySelector("h2").focus();
    side().scrollTop = 0;
    return true;
  }

  function hide() {
    const number = document.querySelector("#grid tr.is-open")?.dataset.matter;
    side().hidden = true;
    side().replaceChildren();
    split().classList.remove("has-side");
    mark(null);
    if (number) ledgerGrid.focus(row(number)?.querySelector(".c-title"));
  }

  async function open(link) {
    const number = link.closest("tr").dataset.matter;
    const was = opened();
    if (!(await fill(link))) return;
    if (was) window.history.replaceState(window.history.state, "", withOpen(number));
    else window.history.pushState({ side: true }, "", withOpen(number));
  }

  function close() {
    if (window.history.state?.side) {
      window.history.back();
      return;
    }
    window.history.replaceState(null, "", bare());
    hide();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#grid a[data-open]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (link && plain && roomy.matches) {
      event.preventDefault();
      open(link).catch(() => window.location.assign(link.href));
    }
    if (event.target.closest("[data-close]") && !side().hidden) {
      event.preventDefault();
      close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !side().hidden && !document.querySelector("details[data-menu][open]")) close();
  });

  window.addEventListener("popstate", () => {
    if (bare() !== shown) {
      window.location.reload();
      return;
    }
    const link = opened() && row(opened())?.querySelector("a[data-open]");
    if (link) fill(link).catch(() => window.location.reload());
    else if (opened()) window.location.reload();
    else if (!side().hidden) hide();
  });

  // The filter changes the list in its place, so that nobody loses theirs in the form; the address follows.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "list") return;
    side().hidden = true;
    side().replaceChildren();
    split().classList.remove("has-side");
    const address = without(event.detail.xhr.responseURL, "open");
    window.history.pushState(null, "", address);
    shown = bare();
    for (const field of document.querySelectorAll('[data-now="query"]')) field.value = address.search.slice(1);
    for (const view of document.querySelectorAll(".view[aria-current]")) view.removeAttribute("aria-current");
    ledgerGrid.setUp();
    ledgerGrid.picked.setUp();
  });

  // A phone has no room beside the list: there an address with a matter open is the matter's page.
  document.addEventListener("DOMContentLoaded", () => {
    const link = !roomy.matches && opened() && side().querySelector("h2 ~ p a");
    if (link) window.location.replace(link.href);
  });
})();
