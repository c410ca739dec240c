// The scorecard while it is filled: what the page shows of its own fields, its conflicts, and its sign-in.

import { startClock } from "./clock.js";
import { listen } from "./console.js";
import { readForm, Saver } from "./saving.js";
import { Vault } from "./vault.js";

const form = document.getElementById("card");
const line = form.querySelector("[data-status]");
const announcer = form.querySelector("[data-announce]");
const conflict = document.getElementById("conflict");
const signing = document.getElementById("signing");
const signedOut = form.querySelector("[data-signed-out]");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: form.dataset.zone });
const labels = JSON.parse(form.dataset.labels);
const longest = Number(form.dataset.longest);
let blamed = []; // the fields that the server named
let leaving = false;

const find = (what, id) => form.querySelector(`[data-${what}="${CSS.escape(id)}"]`);

function say(state, text, link = "") {
  if (line.dataset.state === state && line.textContent === text) return;
  if ((state === "bad") !== (line.dataset.state === "bad")) announcer.textContent = text; // each save would be too much to hear
  line.dataset.state = state;
  line.textContent = link ? "" : text;
  if (!link) return;
  const anchor = document.createElement("a");
  anchor.href = link;
  anchor.textContent = text;
  if (!link.startsWith("#")) anchor.target = "_blank";
  line.append(anchor);
}

function showFault(name, sentence) {
  const fault = find("fault", name);
  if (!fault) return;
  fault.textContent = sentence;
  fault.hidden = !sentence;
  fault.closest("[data-field]")?.classList.toggle("wrong", Boolean(sentence));
  document.getElementById(name)?.setAttribute("aria-invalid", String(Boolean(sentence)));
}

function blame(faults) {
  for (const name of blamed) if (!(name in faults)) showFault(name, "");
  for (const [name, sentence] of Object.entries(faults)) showFault(name, sentence);
  blamed = Object.keys(faults);
}

function write(name, value) {
  form.elements[name].value = value;
  mirror(name);
}

const inWords = (value) => ({ yes: "Asked", no: "Not asked", "": "Not filled in yet" })[value] ?? value;

function part(differences) {
  const list = conflict.querySelector("[data-differences]");
  if (conflict.hidden) list.replaceChildren();
  for (const { name, mine, kept } of differences) {
    const row = document.getElementById("difference").content.cloneNode(true);
    const [here, there] = row.querySelectorAll("blockquote");
    row.firstElementChild.dataset.difference = name;
    row.querySelector("h3").textContent = labels[name];
    here.textContent = inWords(mine);
    there.textContent = inWords(kept);
    there.dataset.kept = kept;
    list.append(row);
  }
  showConflict();
}

function showConflict() {
  conflict.hidden = false;
  for (const button of conflict.querySelectorAll("button")) button.hidden = false;
}

const hears = {
  say,
  blame,
  write,
  part,
  time: (moment) => clock.format(moment),
  signedOut: (is) => (signedOut.hidden = !is), // no dialog by itself: it would catch what is being typed
  close: () => (form.querySelector(".desk").inert = true),
};
const saver = new Saver(form, form.dataset.kept ? JSON.parse(form.dataset.kept) : readForm(form, { asItCame: true }), hears);

conflict.addEventListener("click", ({ target }) => {
  if (target.matches("[data-take]")) {
    const name = target.closest("[data-difference]").dataset.difference;
    saver.displace(name);
    write(name, target.parentElement.querySelector("[data-kept]").dataset.kept);
    saver.touch();
    target.textContent = "Taken";
    target.disabled = true;
  } else if (target.matches("[data-settle]")) {
    conflict.hidden = true;
    form.querySelector("[data-block]").focus();
    saver.settle();
  }
});

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
  } else if (kind === "minutes") {
    find("used-of", id).textContent = value ? `${value} of ` : "";
  } else if (kind === "given") mirrorMark(id, value);
}

function mirrorMark(id, value) {
  find("given-of", id).textContent = value || "open";
  find("given-of", id).toggleAttribute("data-mark", Boolean(value));
  find("left", id).hidden = Boolean(value);
  const all = form.querySelectorAll("[data-left]");
  const open = [...all].filter((one) => !one.hidden).length;
  form.querySelector("[data-left-count]").textContent = open ? `${open} of ${all.length} skill${all.length === 1 ? "" : "s"} open` : "All skills filled in";
}

function changed(name) {
  mirror(name);
  if (find("fault", name)?.textContent) showFault(name, ""); // it was about what stood there before
  saver.touch();
}

form.addEventListener("input", ({ target }) => target.name && changed(target.name));

form.addEventListener("submit", async (event) => {
  if (leaving) return;
  event.preventDefault();
  if (saver.halted && !conflict.hidden) return conflict.focus();
  do await saver.save();
  while (saver.mayGoOn);
  if (saver.isRefused) form.querySelector(".wrong textarea, .wrong input")?.focus();
  if (!saver.isSaved || event.submitter?.value !== "submit") return;
  leaving = true;
  setTimeout(() => form.requestSubmit(event.submitter)); // not at once: a browser ignores it while this event still runs
});

signedOut.querySelector("button").addEventListener("click", () => signing.showModal());
signing.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { elements, action } = event.target;
  const fault = signing.querySelector("[data-signing-fault]");
  try {
    const page = new DOMParser().parseFromString(await (await fetch(form.dataset.signIn)).text(), "text/html");
    const body = new URLSearchParams({ csrf_token: page.querySelector("[name=csrf_token]").value, email: elements.email.value, password: elements.password.value });
    const answer = await fetch(action, { method: "POST", body, headers: { Accept: "application/json" } });
    const said = await answer.json();
    fault.textContent = answer.ok ? "" : said.error;
    if (!answer.ok) return elements.password.select();
    for (const token of document.querySelectorAll("[name=csrf_token]")) token.value = said.csrf_token;
    elements.password.value = "";
    signing.close();
    saver.retryNow();
  } catch {
    fault.textContent = "The server does not answer. What you typed is still here; try again in a moment.";
  }
});

window.addEventListener("beforeunload", (event) => {
  if (!leaving && !saver.isSaved) event.preventDefault();
});
for (const what of ["online", "focus"]) window.addEventListener(what, () => saver.retryNow());
document.addEventListener("visibilitychange", () => document.hidden && saver.save());

// What this browser kept of a page that is gone comes back into the form, and is let go of only when this page keeps it.
async function openVault() {
  try {
    saver.vault = await Vault.open(form.dataset.card, form.dataset.key);
    await saver.vault.inherit((left) => {
      saver.restore(left);
      form.querySelector("[data-restored]").hidden = false;
      return saver.keep();
    });
    await saver.keep();
  } catch {
    announcer.textContent = "This browser keeps no unsaved text: don’t close the page before it says that all is saved.";
  }
}

document.body.classList.add("live");
say(line.dataset.standingState, line.dataset.standing);
for (const { name } of form.elements) if (name) mirror(name);
listen({ form, changed, save: () => saver.save() });
startClock(form, changed);
if ("conflict" in form.dataset) {
  saver.halted = true;
  showConflict();
  conflict.focus();
  say("bad", "Not saved: changed elsewhere. Compare both versions", "#conflict");
} else saver.touch();
await openVault();
