// The scorecard while it is filled: it saves by itself, keeps every letter that was typed, and answers to keys.
// Nothing is kept in the browser but whether single keys are on: notes on candidates belong on the server alone.

const PAUSE = 700; // milliseconds of quiet before a change is sent ...
const LATEST = 1400; // ... which it is at the latest, however fast somebody types
const PATIENCE = 15_000; // milliseconds for an answer
const BACK_OFF = [1, 2, 4, 8, 16, 30]; // seconds between attempts

const form = document.getElementById("card");
const line = form.querySelector("[data-status]");
const conflict = document.getElementById("conflict");
const keys = document.getElementById("keys");
const submitButton = form.querySelector('[name="do"][value="submit"]');
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: form.dataset.zone });
const longest = Number(form.dataset.longest);

let changes = 0; // counts up with every change; `saved` is the count that the server has
let saved = 0;
let since = null; // when the oldest unsent change was made
let timer = 0;
let sending = null;
let failures = 0;
let refused = false; // the server won't take it as it is; the next change tries again
let blamed = []; // the fields that it named
let halted = false; // two versions exist, or the card is closed: nothing is sent until a person has chosen
let leaving = false;
let otherVersion = form.elements.version.value;
let unanswered = []; // what was sent without an answer may have arrived all the same

function say(state, text, link = "") {
  if (line.dataset.state === state && line.textContent === text) return;
  line.dataset.state = state;
  line.textContent = link ? "" : text;
  if (!link) return;
  const anchor = document.createElement("a");
  anchor.href = link;
  anchor.textContent = text;
  if (!link.startsWith("#")) anchor.target = "_blank";
  line.append(anchor);
}

function touch() {
  changes += 1;
  refused = false;
  if (halted) return;
  since ??= performance.now();
  if (failures) return; // the next attempt is on its way
  say("busy", "Saving…");
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(PAUSE, LATEST - (performance.now() - since))));
}

function save() {
  clearTimeout(timer);
  if (sending) return sending;
  if (halted || changes === saved) return Promise.resolve();
  sending = send().finally(() => {
    sending = null;
    if (changes > saved && !failures && !refused && !halted) timer = setTimeout(save, PAUSE);
  });
  return sending;
}

async function send() {
  const count = changes;
  const body = new FormData(form);
  const sent = Object.fromEntries(body);
  since = null;
  let [status, said] = [0, {}];
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    status = answer.status;
    said = await answer.json();
  } catch {
    status = 0; // no answer, or none that is ours
  }
  if (status === 200) return settle(count, said);
  if (status === 409 && said.differences?.length) return part(said);
  if (status === 422) return refuse(said);
  if (status === 401) return retry("Not saved: you are signed out. Sign in in another tab; your text stays here", form.dataset.signIn);
  if (status === 400) await renewToken();
  else if (status >= 402 && status < 500 && status !== 408 && status !== 429) return halt(`Not saved: ${said.error}`);
  else unanswered = [...unanswered.slice(-20), sent];
  return retry("Not saved, retrying");
}

function halt(text, link) {
  halted = true;
  say("bad", text, link);
}

function settle(count, said) {
  saved = count;
  failures = 0;
  unanswered = [];
  form.elements.version.value = otherVersion = said.version;
  for (const name of blamed.splice(0)) showFault(name, "");
  if (changes === saved) say("good", `Saved ${clock.format(new Date(said.saved_at))} · revision ${said.version}`);
}

function retry(text, link = "") {
  say("bad", text, link);
  timer = setTimeout(save, BACK_OFF[Math.min(failures, BACK_OFF.length - 1)] * 1000);
  failures += 1;
}

function refuse(said) {
  refused = true;
  failures = 0;
  for (const [name, sentence] of Object.entries(said.fields)) showFault(name, sentence);
  blamed = Object.keys(said.fields);
  say("bad", `Not saved: ${said.error}`, blamed.length ? `#${blamed[0]}` : "");
}

// After a new sign-in the form's token is worth nothing: any page of ours carries a fresh one.
async function renewToken() {
  try {
    const page = await (await fetch(location.pathname)).text();
    const token = new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrf_token]");
    if (token) form.elements.csrf_token.value = token.value;
  } catch {
    // No network: the next attempt comes here again.
  }
}

// Where the other version is what this very page sent, but heard no answer to, nobody else wrote.
function part(said) {
  otherVersion = said.version;
  if (said.differences.every((one) => unanswered.some((sent) => sent[one.field] === one.kept))) {
    form.elements.version.value = otherVersion;
    failures = 0;
    return;
  }
  conflict.querySelector("[data-differences]").replaceChildren();
  for (const one of said.differences) {
    const row = document.getElementById("difference").content.cloneNode(true);
    const [mine, kept] = row.querySelectorAll("blockquote");
    row.firstElementChild.dataset.difference = one.field;
    row.querySelector("h3").textContent = one.label;
    mine.textContent = inWords(one.mine);
    kept.textContent = inWords(one.kept);
    kept.dataset.kept = one.kept;
    conflict.querySelector("[data-differences]").append(row);
  }
  showConflict();
}

function showConflict() {
  conflict.hidden = false;
  for (const button of conflict.querySelectorAll("button")) button.hidden = false;
  halt("Not saved: changed elsewhere. Compare both versions", "#conflict");
}

const inWords = (value) => ({ yes: "Asked", no: "Not asked", "": "Not filled in yet" })[value] ?? value;

conflict.addEventListener("click", ({ target }) => {
  if (target.matches("[data-take]")) {
    const name = target.closest("[data-difference]").dataset.difference;
    form.elements[name].value = target.parentElement.querySelector("[data-kept]").dataset.kept;
    changed(name);
    target.textContent = "Taken";
  } else if (target.matches("[data-settle]")) {
    form.elements.version.value = otherVersion;
    halted = false;
    conflict.hidden = true;
    form.querySelector("[data-block]").focus();
    touch();
  }
});

function showFault(name, sentence) {
  const fault = find("fault", name);
  if (!fault) return;
  fault.textContent = sentence;
  fault.hidden = !sentence;
  fault.closest("[data-field]")?.classList.toggle("wrong", Boolean(sentence));
  document.getElementById(name)?.setAttribute("aria-invalid", String(Boolean(sentence)));
}

function find(what, id) {
  return form.querySelector(`[data-${what}="${CSS.escape(id)}"]`);
}

// What the page shows of its own fields: counters, standing, notes beside the skill that they speak to.
function mirror(name) {
  const [kind, id] = [name.split("-", 1)[0], name.slice(name.indexOf("-") + 1)];
  const value = form.elements[name]?.value ?? "";
  const counter = find("count", name);
  if (counter) {
    const length = [...value].length;
    counter.hidden = length < longest * 0.9;
    counter.classList.toggle("over", length > longest);
    counter.textContent = `${length.toLocaleString("en-GB")} of ${longest.toLocaleString("en-GB")} characters${length > longest ? ": too long to be saved" : ""}`;
  }
  if (kind === "notes") {
    for (const echo of form.querySelectorAll(`[data-echo="${CSS.escape(id)}"]`)) echo.textContent = value || "No notes yet.";
    for (const button of form.querySelectorAll(`[data-lift="${CSS.escape(id)}"]`)) button.hidden = !value.trim();
  } else if (kind === "asked") {
    find("asked-of", id).textContent = { yes: "✓ asked", no: "not asked" }[value] ?? "";
  } else if (kind === "given") {
    find("given-of", id).textContent = value || "open";
    find("given-of", id).toggleAttribute("data-mark", Boolean(value));
    find("left", id).hidden = Boolean(value);
    const all = form.querySelectorAll("[data-left]");
    const open = [...all].filter((one) => !one.hidden).length;
    form.querySelector("[data-left-count]").textContent = open ? `${open} of ${all.length} skill${all.length === 1 ? "" : "s"} open` : "All skills filled in";
  }
}

function changed(name) {
  mirror(name);
  if (find("fault", name)?.textContent) showFault(name, ""); // it was about what stood there before
  touch();
}

form.addEventListener("input", ({ target }) => target.name && changed(target.name));

form.addEventListener("click", ({ target }) => {
  if (!target.matches("[data-lift]")) return;
  const name = `evidence-${target.closest("[data-skill]").dataset.skill}`;
  const evidence = form.elements[name];
  evidence.value = [evidence.value.trimEnd(), form.elements[`notes-${target.dataset.lift}`].value].filter(Boolean).join("\n");
  evidence.focus();
  changed(name);
});

form.addEventListener("submit", async (event) => {
  if (leaving) return;
  event.preventDefault();
  if (halted && !conflict.hidden) return conflict.focus();
  halted = false;
  do await save();
  while (changes > saved && !failures && !refused && !halted);
  if (refused) form.querySelector(".wrong textarea, .wrong input")?.focus();
  if (changes > saved) return;
  if (event.submitter?.value !== "submit") return;
  leaving = true;
  setTimeout(() => form.requestSubmit(event.submitter)); // not at once: a browser ignores it while this event still runs
});

window.addEventListener("beforeunload", (event) => {
  if (!leaving && changes > saved) event.preventDefault();
});
for (const what of ["online", "focus"]) window.addEventListener(what, () => failures && save());

const singleKeys = document.getElementById("single-keys");
singleKeys.addEventListener("change", () => localStorage.setItem("single-keys", singleKeys.checked ? "on" : "off"));

const blocks = [...form.querySelectorAll("[data-block]")];

function move(block, step) {
  const next = blocks[block ? blocks.indexOf(block) + step : 0];
  next?.focus();
  next?.scrollIntoView({ block: "start" });
}

function choose(block, value) {
  const radio = [...(block?.querySelectorAll(".answers [type=radio]") ?? [])].find((one) => one.value === value);
  if (!radio || !block.dataset.skill) return;
  radio.checked = true;
  radio.focus();
  changed(radio.name);
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const block = target.closest?.("[data-block]");
  const typing = target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");
  if ((event.ctrlKey || event.metaKey) && !event.altKey && key === "s") {
    event.preventDefault();
    save();
  } else if ((event.ctrlKey || event.metaKey) && key === "Enter" && !keys.open) {
    event.preventDefault();
    form.requestSubmit(submitButton);
  } else if (key === "Escape" && typing) block?.focus();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || keys.open || !singleKeys.checked) return;
  const act = {
    "?": () => keys.showModal(),
    j: () => move(block, 1),
    k: () => move(block, -1),
    n: () => choose(block, "no evidence"),
    e: () => block?.querySelector("textarea")?.focus(),
  }[key.toLowerCase()];
  if (act) {
    event.preventDefault();
    act();
  } else if (/^[1-5]$/.test(key)) choose(block, key);
});

const showKeys = form.querySelector("[data-show-keys]");
showKeys.hidden = false;
showKeys.addEventListener("click", () => keys.showModal());
for (const { name } of form.elements) if (name) mirror(name);
if ("conflict" in form.dataset) {
  changes = 1;
  showConflict();
  conflict.focus();
} else if ("unsaved" in form.dataset) touch();
singleKeys.checked = localStorage.getItem("single-keys") !== "off"; // last: where nothing may be kept, this fails
