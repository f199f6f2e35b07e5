// Sending a form over a link that may break: it is sent again until there is an answer. The server does what it
// asks once, however often it comes. Without this script the form is sent as any other.
"use strict";

(() => {
  const words = document.currentScript.dataset;
  const WAITS = [2, 4, 8, 15, 30];
  const PATIENCE = 60000;
  const busy = new WeakSet();

  const status = (form) => {
    let line = form.querySelector("[data-send-status]");
    if (!line) {
      line = document.createElement("p");
      line.dataset.sendStatus = "";
      line.className = "note send-status";
      line.setAttribute("role", "status");
      form.append(line);
    }
    return line;
  };
  const say = (form, text, tone = "") => {
    const line = status(form);
    line.className = `note send-status${tone ? ` note-${tone}` : ""}`;
    line.hidden = !text;
    line.textContent = text;
    return line;
  };

  // Wait some seconds, or until the browser says that the link is back.
  const pause = (seconds, stopped) => new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    window.addEventListener("online", end);
    stopped.addEventListener("abort", end);
  });

  const post = async (form, body, stopped) => {
    for (let tries = 0; ; tries += 1) {
      try {
        const limit = AbortSignal.any ? AbortSignal.any([stopped, AbortSignal.timeout(PATIENCE)]) : stopped;
        const answer = await fetch(form.getAttribute("action") || location.href, {
          method: "POST", body, headers: { "X-Bihuan-Send": "1" }, signal: limit,
        });
        if (![502, 503, 504].includes(answer.status)) return answer;
      } catch (broken) {
        if (stopped.aborted) return null;
      }
      const line = say(form, words.broken, "warning");
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn btn-sm", textContent: words.stop });
      button.addEventListener("click", () => form.dispatchEvent(new CustomEvent("bihuan:stop")));
      line.append(" ", button);
      await pause(WAITS[Math.min(tries, WAITS.length - 1)], stopped);
      if (stopped.aborted) return null;
      say(form, words.again);
    }
  };

  // An answer that is a page (something is wrong, something has changed) takes this page's place.
  const show = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    if (!main) return location.reload();
    document.body.dataset.method = "POST";
    document.title = page.title;
    document.querySelector("main").replaceWith(document.importNode(main, true));
    document.dispatchEvent(new CustomEvent("bihuan:shown"));
    window.scrollTo(0, 0);
    return document.querySelector("main").focus();
  };

  const send = async (form, button) => {
    const stop = new AbortController();
    form.addEventListener("bihuan:stop", () => stop.abort(), { once: true });
    const waits = [];
    form.dispatchEvent(new CustomEvent("bihuan:before-send", { bubbles: true, detail: { waits } }));
    if (waits.length) {
      say(form, words.files);
      if (!(await Promise.all(waits)).every(Boolean)) return say(form, words.filesRefused, "error");
    }
    say(form, words.sending);
    const body = new FormData(form);
    if (button?.name) body.append(button.name, button.value);
    const answer = await post(form, body, stop.signal);
    if (!answer) return say(form, words.stopped);
    const next = answer.headers.get("X-Bihuan-Location") || (answer.redirected && answer.url);
    if (next) {
      form.dispatchEvent(new CustomEvent("bihuan:done", { bubbles: true }));
      return location.assign(next);
    }
    if (answer.status === 401) {
      // Signed out meanwhile: sent in the ordinary way, it is carried across the sign-in.
      say(form, "");
      return HTMLFormElement.prototype.submit.call(form);
    }
    return show(answer);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-send]")) return;
    event.preventDefault();
    if (busy.has(form)) return;
    busy.add(form);
    const button = event.submitter;
    button?.setAttribute("aria-disabled", "true");
    button?.setAttribute("aria-busy", "true");
    try {
      await send(form, button);
    } finally {
      busy.delete(form);
      button?.removeAttribute("aria-disabled");
      button?.removeAttribute("aria-busy");
    }
  }, true);
})();
