// The autosave of a scorecard: every change is sent within two seconds, repeated until it is answered, and merged field
// by field with what came from another tab. It says "saved" when the server has it on disk, and never before.

const PAUSE = 700; // milliseconds of quiet before a change is sent ...
const LATEST = 1400; // ... which it is at the latest, however fast somebody types
const PATIENCE = 15_000; // milliseconds for an answer
const BACK_OFF = [1, 2, 4, 8, 10]; // seconds between attempts
const NO_FIELDS = new Set(["csrf_token", "version", "do", "accept_unsupported", ""]);

// What the form holds now; or as it came from the server, for somebody may type before this script has run.
export function readForm(form, { asItCame = false } = {}) {
  const fields = {};
  for (const one of form.elements) {
    if (NO_FIELDS.has(one.name ?? "") || (one.type === "radio" && !(asItCame ? one.defaultChecked : one.checked))) continue;
    fields[one.name] = asItCame && one.type !== "radio" ? one.defaultValue : one.value;
  }
  return fields;
}

const pick = (fields, names) => Object.fromEntries(names.map((name) => [name, fields[name]]));

// hears: what the page does about it: say(state, text, link), blame(faults), write(name, value), part(differences),
// signedOut(is), close(), time(moment).
export class Saver {
  #timer = 0;
  #sending = null;
  #since = null; // when the oldest unsent change was made
  #pending = null; // what is on its way, under its name, until it is answered
  #displaced = {}; // texts that a person gave up for the other version: they become a revision first, so that they can come back
  #failures = 0;
  #why = ""; // nothing could be sent
  #refused = false; // the server won't take it as it is; the next change tries again
  halted = false; // two versions exist, or the card is closed: nothing is sent until a person has chosen

  constructor(form, base, hears) {
    this.form = form;
    this.base = base; // the fields as the server last said that it has them
    this.hears = hears;
    this.vault = null;
  }

  get version() {
    return this.form.elements.version.value;
  }

  get dirty() {
    const fields = readForm(this.form);
    return Object.keys(fields).filter((name) => fields[name] !== this.base[name]);
  }

  get isSaved() {
    return !this.#pending && !this.dirty.length && !Object.keys(this.#displaced).length;
  }

  get mayGoOn() {
    return !this.isSaved && !this.#failures && !this.#refused && !this.halted;
  }

  get isRefused() {
    return this.#refused;
  }

  touch() {
    this.#refused = false;
    this.keep();
    if (this.halted) return;
    if (this.#failures) return this.#sayWaiting(); // the next attempt is on its way
    if (this.isSaved) return;
    this.#since ??= performance.now();
    this.hears.say("busy", "Saving…");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, LATEST - (performance.now() - this.#since))));
  }

  save() {
    clearTimeout(this.#timer);
    if (this.#sending) return this.#sending;
    if (this.halted || this.isSaved) return Promise.resolve();
    this.#sending = this.#send().finally(() => {
      this.#sending = null;
      if (this.mayGoOn) this.#timer = setTimeout(() => this.save(), PAUSE);
    });
    return this.#sending;
  }

  retryNow() {
    if (this.#failures) this.save();
  }

  // Adopt what a page that is gone had not saved, and part where the card has moved on since.
  restore({ base, fields, pending, displaced }) {
    const apart = [];
    const stands = readForm(this.form);
    Object.assign(this.#displaced, displaced);
    for (const [name, sent] of Object.entries(pending?.fields ?? {})) {
      if (sent !== fields[name] && sent !== stands[name]) this.#displaced[name] = sent;
    }
    for (const [name, mine] of Object.entries(fields)) {
      const kept = stands[name];
      if (kept === undefined || kept === mine) continue;
      if (kept !== base[name] && kept !== pending?.fields[name]) apart.push({ name, mine, kept });
      this.hears.write(name, mine);
    }
    if (apart.length) this.#part(apart);
    else this.touch();
  }

  displace(name) {
    this.#displaced[name] = readForm(this.form)[name];
  }

  // A person has chosen between two versions: the form goes over the other one.
  settle() {
    this.halted = false;
    this.touch();
    if (this.isSaved) this.hears.say("good", `Saved · revision ${this.version}`);
  }

  #state() {
    const names = [...new Set([...this.dirty, ...Object.keys(this.#pending?.fields ?? {})])];
    return { at: Date.now(), base: pick(this.base, names), fields: pick(readForm(this.form), names), pending: this.#pending, displaced: this.#displaced };
  }

  // To be waited for where something else is let go of only afterwards.
  keep() {
    return this.vault?.keep(this.isSaved ? null : this.#state()).catch(() => (this.vault = null)); // storage is full or forbidden
  }

  async #send() {
    this.#since = null;
    if (!this.#pending) {
      const goesFirst = Object.keys(this.#displaced).length > 0;
      const fields = goesFirst ? this.#displaced : pick(readForm(this.form), this.dirty);
      if (goesFirst) this.#displaced = {};
      this.#pending = { key: crypto.randomUUID(), version: this.version, fields };
    }
    const { key, version, fields } = this.#pending;
    const body = new URLSearchParams({ ...fields, key, version, csrf_token: this.form.elements.csrf_token.value });
    let [status, said] = [0, {}];
    try {
      const answer = await fetch(this.form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
      status = answer.status;
      said = await answer.json();
    } catch {
      status = 0; // no answer, or none that is ours
    }
    return this.#hear(status, said);
  }

  async #hear(status, said) {
    if (status) this.hears.signedOut(status === 401);
    if (status === 200) return this.#settle(said);
    if (status === 409 && said.kept) return this.#merge(said);
    if (status === 409) return this.#close(said);
    if (status === 422) return this.#refuse(said);
    if (status === 401) return this.#retry("you are signed out", "Sign in again, and it is saved");
    if (status === 400) await this.#renewToken();
    else if (status >= 402 && status < 500 && status !== 408 && status !== 429) return this.#halt(`Not saved: ${said.error}`);
    return this.#retry({ 400: "you signed in anew", 503: "the server can’t write just now" }[status] ?? "no answer");
  }

  #settle(said) {
    Object.assign(this.base, this.#pending.fields);
    this.#pending = null;
    this.#failures = 0;
    this.form.elements.version.value = said.version;
    this.hears.blame({});
    this.keep();
    if (this.isSaved) this.hears.say("good", `Saved ${this.hears.time(new Date(said.saved_at))} · revision ${said.version}`);
  }

  // Field by field: what only one side changed is taken from that side; what both changed, a person decides.
  #merge(said) {
    const apart = [];
    const stands = readForm(this.form);
    for (const [name, kept] of Object.entries(said.kept)) {
      const [mine, was] = [stands[name], this.base[name]];
      this.base[name] = kept;
      if (mine === undefined || mine === kept || kept === was) continue;
      if (mine === was) this.hears.write(name, kept);
      else apart.push({ name, mine, kept });
    }
    this.#pending = null;
    this.#failures = 0;
    this.form.elements.version.value = said.version;
    this.keep();
    if (apart.length) this.#part(apart);
    else if (this.isSaved) this.hears.say("good", `Saved · revision ${said.version}`);
  }

  #part(apart) {
    this.halted = true;
    this.keep();
    this.hears.part(apart);
    this.hears.say("bad", "Not saved: changed elsewhere. Compare both versions", "#conflict");
  }

  // The card takes nothing any more; the server has kept for its author what it refused.
  #close(said) {
    this.#pending = null;
    this.halted = true;
    this.vault?.keep(null);
    this.hears.say("bad", `${said.error} What you typed is kept under Earlier versions`, this.form.dataset.revisions);
    this.hears.close();
  }

  #refuse(said) {
    this.#pending = null;
    this.#refused = true;
    this.#failures = 0;
    this.hears.blame(said.fields);
    const [first] = Object.keys(said.fields);
    this.hears.say("bad", `Not saved: ${said.error}`, first ? `#${first}` : "");
  }

  #halt(text) {
    this.halted = true;
    this.hears.say("bad", text);
  }

  #retry(why, then = "It is sent again by itself") {
    this.#why = `${why}. ${then}`;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), BACK_OFF[Math.min(this.#failures, BACK_OFF.length - 1)] * 1000);
    this.#failures += 1;
    this.keep();
    this.#sayWaiting();
  }

  #sayWaiting() {
    const count = new Set([...this.dirty, ...Object.keys(this.#pending?.fields ?? {})]).size;
    this.hears.say("bad", `${count} change${count === 1 ? "" : "s"} waiting: ${this.#why}`);
  }

  // After a new sign-in the form's token is worth nothing: any page of ours carries a fresh one.
  async #renewToken() {
    try {
      const page = await (await fetch(location.pathname)).text();
      const token = new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrf_token]");
      if (token) this.form.elements.csrf_token.value = token.value;
    } catch {
      // No network: the next attempt comes here again.
    }
  }
}
