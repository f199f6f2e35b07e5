// The files of a form are sent one by one as soon as they are chosen, in pieces: where a link breaks, a file goes on
// where it stopped. The form then only names them. Without this script they go with the form itself.
"use strict";

(() => {
  const words = document.currentScript.dataset;
  const WAITS = [1, 2, 4, 8, 15, 30];
  const SMALLEST = 32 << 10;
  const LARGEST = 1 << 20;
  const PATIENCE = 60000;
  const ways = new Map(); // list item of a file that was chosen here -> promise of whether it arrived
  let last = Promise.resolve();

  const megabytes = (bytes) => `${(bytes / 1048576).toFixed(bytes < 10485760 ? 1 : 0)} MB`;
  const amount = (file, sent) => words.amount
    .replace("{sent}", megabytes(sent)).replace("{size}", megabytes(file.size))
    .replace("{percent}", Math.floor((100 * sent) / file.size));

  const pause = (seconds) => new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    window.addEventListener("online", end);
  });

  const addressOf = (box, sha256, query = "") => {
    const [path, asked] = box.dataset.uploads.split("?");
    return `${path}${sha256}/?${[asked, query].filter(Boolean).join("&")}`;
  };
  const tokenOf = (box) => box.closest("form").elements.csrfmiddlewaretoken.value;

  // Answers that cannot get better by asking again.
  class Refused extends Error {}

  class Upload {
    constructor(box, file, item) {
      Object.assign(this, { box, file, item, sent: 0, piece: 4 * SMALLEST, tries: 0 });
      this.bar = item.querySelector("progress");
      this.line = item.querySelector("[data-state]");
    }

    // `spoken` is read out; how far it is, is only shown.
    say(text, spoken = false) {
      this.line.textContent = text;
      if (spoken) this.box.querySelector("[data-spoken]").textContent = `${this.file.name} ${text}`;
    }

    progress() {
      this.bar.value = this.file.size ? this.sent / this.file.size : 0;
      this.say(amount(this.file, this.sent));
    }

    async run() {
      try {
        this.say(words.reading);
        this.sha256 = await this.hash();
        for (const same of this.box.querySelectorAll(`[data-sha256="${this.sha256}"]`)) same.remove();
        this.item.dataset.sha256 = this.sha256;
        await this.persist();
        if (!this.item.isConnected) return true;
        this.bar.remove();
        this.say(words.arrived, true);
        const kept = document.createElement("input");
        Object.assign(kept, { type: "hidden", name: "kept", value: this.sha256 });
        this.item.append(kept);
        return true;
      } catch (refused) {
        this.bar.remove();
        this.item.classList.add("wrong");
        this.say(refused instanceof Refused ? refused.message : words.unreadable, true);
        return !this.item.isConnected;
      }
    }

    async hash() {
      const digest = window.sha256.create();
      for (let at = 0; at < this.file.size; at += LARGEST) {
        digest.update(await this.file.slice(at, at + LARGEST).arrayBuffer());
      }
      return digest.hex();
    }

    // Begin, or begin again, until the file is there or is no longer wanted.
    async persist() {
      let again = true;
      while (again && this.item.isConnected) {
        again = false;
        try {
          let told = await this.begin();
          while (!told.whole && this.item.isConnected) {
            this.sent = told.received;
            this.progress();
            told = await this.next();
            this.tries = 0;
          }
        } catch (broken) {
          if (broken instanceof Refused || (broken instanceof DOMException && broken.name === "NotReadableError")) throw broken;
          again = true;
          this.piece = Math.max(SMALLEST, this.piece / 2);
          this.say(`${words.broken} ${amount(this.file, this.sent)}`, this.tries === 0);
          await pause(WAITS[Math.min(this.tries, WAITS.length - 1)]);
          this.tries += 1;
        }
      }
    }

    begin() {
      const form = new URLSearchParams({ name: this.file.name, size: this.file.size, sha256: this.sha256 });
      return this.ask(this.box.dataset.uploads, "POST", form);
    }

    async next() {
      const began = performance.now();
      const piece = await this.file.slice(this.sent, this.sent + this.piece).arrayBuffer();
      const told = await this.ask(addressOf(this.box, this.sha256, `at=${this.sent}`), "POST", new Blob([piece]));
      if (performance.now() - began < 1500) this.piece = Math.min(LARGEST, this.piece * 2);
      return told;
    }

    async ask(address, method, body) {
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), PATIENCE);
      try {
        const headers = { "X-CSRFToken": tokenOf(this.box) };
        const answer = await fetch(address, { method, body, headers, signal: stop.signal });
        if (answer.status === 401) throw new Refused(words.signedOut);
        const known = (answer.headers.get("Content-Type") ?? "").includes("json");
        if ([403, 404, 413].includes(answer.status) || (answer.status === 400)) throw new Refused(words.refused);
        if (!known) throw new Error(String(answer.status));
        const told = await answer.json();
        if (answer.status !== 422) return told;
        if (["damaged", "not_begun"].includes(told.rule) && this.tries < 3) throw new Error(told.rule);
        throw new Refused(told.refused);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  const line = (box, file) => {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.className = "file-name";
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", file.name);
    const state = document.createElement("span");
    state.className = "quiet small";
    state.dataset.state = "";
    item.append(name, " ", bar, " ", state, " ", removal(file.name));
    box.querySelector("[data-files]").append(item);
    return item;
  };
  const removal = (name) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn btn-sm", textContent: words.remove });
    button.setAttribute("aria-label", `${words.remove} ${name}`);
    button.dataset.removes = "";
    return button;
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    const box = input.closest("[data-uploads]");
    if (!box || input.type !== "file") return;
    for (const file of input.files) {
      for (const same of box.querySelectorAll("[data-part]")) if (same.dataset.part === file.name) same.remove();
      const item = line(box, file);
      const upload = new Upload(box, file, item);
      upload.say(words.queued);
      last = last.then(() => (item.isConnected ? upload.run() : true));
      ways.set(item, last);
    }
    input.value = "";
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-removes]");
    if (!button) return;
    const item = button.closest("li");
    const box = button.closest("[data-uploads]");
    const { sha256 } = item.dataset;
    item.remove();
    box.querySelector("input[type=file]:not(.sr)")?.focus();
    if (!sha256 || !box.dataset.uploads) return;
    // What cannot be removed now is swept away later; it is not sent with the form any more.
    const headers = { "X-CSRFToken": tokenOf(box) };
    await fetch(addressOf(box, sha256), { method: "DELETE", headers }).catch(() => null);
  });

  document.addEventListener("bihuan:before-send", (event) => {
    for (const [item, way] of ways) {
      if (item.isConnected && event.target.contains(item)) event.detail.waits.push(way);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    for (const [item] of ways) {
      if (item.isConnected && item.querySelector("progress")) event.preventDefault();
    }
  });
})();
