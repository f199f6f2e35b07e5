// What is typed into a form is kept in this browser until it is sent: a reload, a crash, a closed page lose nothing.
// Kept by account and address, so that the next person at this machine does not meet it; gone once the form is
// sent, after a week, or on signing out. Passwords and files are never kept.
"use strict";

(() => {
  const words = document.currentScript.dataset;
  const PREFIX = "bihuan-draft:";
  const SENT = "bihuan-sent";
  const WEEK = 7 * 24 * 3600 * 1000;
  const mine = () => `${PREFIX}${document.body.dataset.account}:`;
  const seen = new WeakSet();

  // Storage may be forbidden or full; the form then works as it does without this script.
  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const write = (key, draft) => {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  };
  const keys = (prefix) => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  };
  const forget = (key) => {
    try {
      localStorage.removeItem(key);
    } catch {
      // There was nothing to forget.
    }
  };

  const addressOf = (form) => {
    const address = new URL(form.getAttribute("action") || location.href, location.href);
    return address.pathname + address.search;
  };
  const keyOf = (form) => {
    const same = [...document.querySelectorAll("form[data-keep]")].filter((one) => addressOf(one) === addressOf(form));
    return `${mine()}${addressOf(form)}#${same.indexOf(form)}`;
  };

  const KEPT_TYPES = /^(text|textarea|search|tel|url|email|number|date|month|time|checkbox|radio|select-one)$/;
  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
  const fieldsOf = (form) =>
    [...form.elements].filter((field) => field.name && field.name !== "kept" && KEPT_TYPES.test(field.type));
  const stands = (field) => (isTicked(field) ? field.checked : field.value);
  const stood = (field) => {
    if (isTicked(field)) return field.defaultChecked;
    if (field.type !== "select-one") return field.defaultValue;
    return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
  };
  // A form that came back from the server holds what was typed as its own; then everything counts as typed.
  const cameBack = () => document.body.dataset.method === "POST";
  const typed = (form) => {
    const places = {};
    const found = [];
    for (const field of fieldsOf(form)) {
      const place = (places[field.name] = (places[field.name] ?? -1) + 1);
      const base = cameBack() && !isTicked(field) ? "" : stood(field);
      if (stands(field) !== base || (cameBack() && isTicked(field) && field.checked)) {
        found.push([field.name, place, stands(field)]);
      }
    }
    return found;
  };

  const save = (form) => {
    if (!document.body.dataset.account || !form.isConnected) return;
    const fields = typed(form);
    const key = keyOf(form);
    if (!fields.length) return forget(key);
    const title = form.dataset.title || document.title.split(" · ")[0];
    const version = form.elements.version?.value;
    const kept = write(key, { at: Date.now(), page: location.pathname + location.search, title, version, fields });
    if (kept) form.dataset.kept = "1";
  };

  const put = (form, [name, place, value]) => {
    const all = () => fieldsOf(form).filter((field) => field.name === name);
    const more = all()[0]?.closest(".field")?.querySelector("[data-more]");
    for (let tries = 0; more && place >= all().length && tries < 100; tries += 1) more.click();
    const field = all()[place];
    if (!field) return;
    if (isTicked(field)) field.checked = value;
    else field.value = value;
    const fold = field.closest("details");
    if (fold) fold.open = true;
  };

  const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, {
    month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(at);

  const restore = (form) => {
    const key = keyOf(form);
    const draft = read(key);
    if (!draft) return;
    // The server's version of what the text was written on: a change by others since then is still noticed.
    const version = form.elements.version;
    const now = version?.value;
    if (version && draft.version) version.value = draft.version;
    for (const each of draft.fields) put(form, each);
    form.dataset.kept = "1";
    const note = document.createElement("p");
    note.className = "note draft";
    note.setAttribute("role", "status");
    note.append(`${words.restored.replace("{when}", clock(draft.at))} `);
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn btn-sm", textContent: words.discard });
    button.addEventListener("click", () => {
      forget(key);
      form.reset();
      if (version) version.value = now;
      note.remove();
      form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    });
    note.append(button);
    form.prepend(note);
  };

  // After a form was sent and the browser stands elsewhere because of it, its draft has done its work.
  const settle = () => {
    const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
    sessionStorage.removeItem(SENT);
    if (!sent || cameBack()) return;
    const here = location.pathname + location.search;
    const followed = document.referrer && new URL(document.referrer).pathname === sent.page.split("?")[0];
    if (here === sent.page ? document.querySelector(".note-success") : followed) forget(sent.key);
  };

  const listDrafts = () => {
    const place = document.querySelector("[data-drafts]");
    const found = keys(mine()).map((key) => ({ key, ...read(key) })).filter((draft) => draft.page);
    if (!place || !found.length) return;
    const list = place.querySelector("ul");
    list.replaceChildren(...found.sort((one, two) => two.at - one.at).map((draft) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      Object.assign(link, { href: draft.page, textContent: draft.title });
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn btn-sm", textContent: words.discard });
      button.setAttribute("aria-label", `${words.discard} ${draft.title}`);
      button.addEventListener("click", () => {
        forget(draft.key);
        item.remove();
        place.hidden = !list.children.length;
      });
      item.append(link, ` ${clock(draft.at)} `, button);
      return item;
    }));
    place.hidden = false;
  };

  const begin = () => {
    for (const form of document.querySelectorAll("form[data-keep]")) {
      if (seen.has(form)) continue;
      seen.add(form);
      if (document.body.dataset.account && !cameBack()) restore(form);
    }
  };

  let waiting = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (!form) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      waiting = 0;
      save(form);
    }, 250);
  });
  const saveAll = () => {
    for (const form of document.querySelectorAll("form[data-keep]")) save(form);
  };
  // What was typed in the last moment before the page goes.
  document.addEventListener("visibilitychange", () => document.hidden && waiting && saveAll());
  window.addEventListener("pagehide", () => waiting && saveAll());

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-signs-out]")) return signOut(event);
    if (!form.matches("[data-keep]") || event.defaultPrevented) return undefined;
    clearTimeout(waiting);
    save(form);
    waiting = 0;
    sessionStorage.setItem(SENT, JSON.stringify({ key: keyOf(form), page: location.pathname + location.search }));
    return undefined;
  });
  const signOut = (event) => {
    const unsent = keys(mine());
    if (unsent.length && !window.confirm(words.signOut.replace("{count}", unsent.length))) {
      event.preventDefault();
      return;
    }
    clearTimeout(waiting);
    waiting = 0;
    for (const key of unsent) forget(key);
  };
  // A script that sends a form itself says when it was done.
  document.addEventListener("bihuan:done", (event) => {
    clearTimeout(waiting);
    waiting = 0;
    forget(keyOf(event.target));
  });
  document.addEventListener("bihuan:shown", begin);
  document.addEventListener("htmx:afterSettle", begin);

  for (const key of keys(PREFIX)) if (!(Date.now() - (read(key)?.at ?? 0) < WEEK)) forget(key);
  if (document.body.dataset.account) {
    settle();
    begin();
    listDrafts();
  }
})();
