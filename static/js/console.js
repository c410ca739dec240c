// Keys and short ways of the scorecard: made for typing while listening.

const FOCUS = "focus-mode";
const SINGLE = "single-keys";

// Preferences of this browser, nothing about anybody; where nothing may be kept, they last as long as the page.
function prefer(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch {
    return null;
  }
}

export function listen({ form, changed, save }) {
  const keys = document.getElementById("keys");
  const singleKeys = document.getElementById(SINGLE);
  const submitButton = form.querySelector('[name="do"][value="submit"]');
  const announcer = form.querySelector("[data-announce]");
  const focusButton = form.querySelector("[data-focus-mode]");
  const blocks = [...form.querySelectorAll("[data-block]")];
  const blockOf = (element) => element?.closest?.("[data-block]");

  function go(block) {
    if (!block) return;
    for (const one of blocks) one.toggleAttribute("data-current", one === block);
    block.focus();
    block.scrollIntoView({ block: "start" });
  }

  const move = (block, step) => go(blocks[block ? blocks.indexOf(block) + step : 0]);

  function choose(block, value) {
    const radio = [...(block?.querySelectorAll(".answers [type=radio]") ?? [])].find((one) => one.value === value);
    if (!radio || !block.dataset.skill) return;
    radio.checked = true;
    radio.focus();
    changed(radio.name);
  }

  // The next skill without a mark, or else what is missing on the whole.
  function findUnfinished(block) {
    const open = blocks.filter((one) => (one.dataset.skill ? !form.elements[`given-${one.dataset.skill}`].value : one.id === "whole" && !isWhole()));
    return open.find((one) => blocks.indexOf(one) > blocks.indexOf(block)) ?? open[0];
  }

  const isWhole = () => form.elements.recommendation.value && form.elements.summary.value.trim();

  function setFocusMode(on) {
    document.body.classList.toggle("one-at-a-time", on);
    focusButton.setAttribute("aria-pressed", String(on));
    prefer(FOCUS, on ? "on" : "off");
    go(blocks.find((one) => one.hasAttribute("data-current")) ?? blocks[0]);
  }

  // A text becomes evidence of a skill, on a line of its own; what stands there stays.
  function addEvidence(skill, text) {
    const evidence = form.elements[`evidence-${skill}`];
    evidence.value = [evidence.value.trimEnd(), text.trim()].filter(Boolean).join("\n");
    changed(evidence.name);
    return evidence;
  }

  // What is selected in a question's notes, or else the line that the cursor is on.
  function pointed(notes) {
    const { value, selectionStart: from, selectionEnd: to } = notes;
    if (to > from) return value.slice(from, to);
    const begin = value.lastIndexOf("\n", from - 1) + 1;
    const end = value.indexOf("\n", from);
    return value.slice(begin, end < 0 ? value.length : end);
  }

  form.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.lift) addEvidence(button.closest("[data-skill]").dataset.skill, form.elements[`notes-${button.dataset.lift}`].value).focus();
    else if (button?.dataset.point) {
      const text = pointed(blockOf(button).querySelector("textarea"));
      if (text.trim()) addEvidence(button.dataset.point, text);
      announcer.textContent = text.trim() ? `Added to the evidence of ${button.textContent}` : "Select what you noted, or put the cursor on its line";
      button.dataset.done = text.trim() ? "yes" : "";
    }
  });
  form.addEventListener("focusin", ({ target }) => {
    const current = blockOf(target);
    if (current) for (const one of blocks) one.toggleAttribute("data-current", one === current);
    for (const button of current?.querySelectorAll("[data-done]") ?? []) if (target.matches("textarea")) delete button.dataset.done;
  });
  // In focus mode a link to a block that is not shown has to bring it there.
  document.addEventListener("click", ({ target }) => {
    const wanted = blockOf(document.getElementById(target.closest?.('a[href^="#"]')?.hash.slice(1)));
    if (wanted) go(wanted);
  });

  const acts = {
    "?": () => keys.showModal(),
    j: (block) => move(block, 1),
    k: (block) => move(block, -1),
    n: (block) => choose(block, "no evidence"),
    e: (block) => block?.querySelector("textarea")?.focus(),
    u: (block) => go(findUnfinished(block)),
    f: () => setFocusMode(!document.body.classList.contains("one-at-a-time")),
    p: (block) => block?.querySelector("[data-point]")?.focus(),
    t: () => form.querySelector("[data-clock-next]").click(),
  };

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const block = blockOf(target);
    const typing = target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");
    const control = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (control && key === "s") {
      event.preventDefault();
      save();
    } else if (control && key === "Enter" && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      form.requestSubmit(submitButton);
    } else if (key === "Escape" && typing) block?.focus();
    if (typing || control || event.altKey || document.querySelector("dialog[open]") || !singleKeys.checked) return;
    const act = acts[key.toLowerCase()];
    if (act) {
      event.preventDefault();
      act(block ?? blocks.find((one) => one.hasAttribute("data-current")));
    } else if (/^[1-5]$/.test(key)) choose(block, key);
  });

  // Held upright, a phone shows the question first; what is unmarked stands in the bar.
  if (matchMedia("(max-width: 39.99rem)").matches) form.querySelector(".plan-fold").open = false;
  for (const button of form.querySelectorAll("[data-show-keys], [data-focus-mode]")) button.hidden = false;
  form.querySelector("[data-show-keys]").addEventListener("click", () => keys.showModal());
  focusButton.addEventListener("click", () => setFocusMode(!document.body.classList.contains("one-at-a-time")));
  singleKeys.checked = prefer(SINGLE) !== "off";
  singleKeys.addEventListener("change", () => prefer(SINGLE, singleKeys.checked ? "on" : "off"));
  if (prefer(FOCUS) === "on") setFocusMode(true);
}
