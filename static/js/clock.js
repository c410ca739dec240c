// A quiet clock for the hour and for the question: it tells the time and fills in the minutes of what was asked.
// Its beginnings are kept for this tab alone, so that a reload does not stop it; they say nothing about anybody.

const MINUTE = 60_000;
const written = (milliseconds) => `${Math.floor(milliseconds / MINUTE)}:${String(Math.floor((milliseconds % MINUTE) / 1000)).padStart(2, "0")}`;

export function startClock(form, changed) {
  const bar = form.querySelector("[data-clock]");
  const [hour, question] = [bar.querySelector("[data-clock-hour]"), bar.querySelector("[data-clock-question]")];
  const [next, stop] = [bar.querySelector("[data-clock-next]"), bar.querySelector("[data-clock-stop]")];
  const places = [...form.querySelectorAll("[data-question]")];
  const name = `clock-${form.dataset.card}`;
  let state = read(); // since: when the hour began; place and from: the question that runs, and since when

  function read() {
    try {
      return JSON.parse(sessionStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function keep() {
    try {
      if (state) sessionStorage.setItem(name, JSON.stringify(state));
      else sessionStorage.removeItem(name);
    } catch {
      // Nothing may be kept here: then the clock lasts as long as the page.
    }
    draw();
  }

  // The question is over: its minutes are what the clock counted on top of what stands there, and it was asked.
  function finish() {
    const running = places.find((one) => one.dataset.question === state?.place);
    if (!running) return;
    const minutes = form.elements[`minutes-${state.place}`];
    const before = /^\d{1,3}$/.test(minutes.value) ? Number(minutes.value) : 0;
    minutes.value = String(Math.min(240, before + Math.max(1, Math.round((Date.now() - state.from) / MINUTE))));
    changed(minutes.name);
    if (!form.elements[`asked-${state.place}`].value) {
      form.elements[`asked-${state.place}`].value = "yes";
      changed(`asked-${state.place}`);
    }
  }

  // The question that one looks at, if it does not run yet; else the one after the one that runs.
  function findNext() {
    const current = places.find((one) => one.hasAttribute("data-current"));
    const runs = places.findIndex((one) => one.dataset.question === state?.place);
    return current && current !== places[runs] ? current : places[runs + 1];
  }

  function draw() {
    const now = Date.now();
    const runs = places.find((one) => one.dataset.question === state?.place);
    for (const one of form.querySelectorAll("[data-hour-of]")) one.toggleAttribute("data-running", one.dataset.hourOf === state?.place);
    bar.hidden = !places.length;
    stop.hidden = !state;
    hour.textContent = state ? `${written(now - state.since)} of ${bar.dataset.minutes} min` : "";
    question.textContent = runs ? `Question ${places.indexOf(runs) + 1}: ${written(now - state.from)} of ${runs.dataset.minutes} min` : "";
    question.toggleAttribute("data-over", Boolean(runs) && now - state.from > runs.dataset.minutes * MINUTE);
    const after = findNext();
    next.hidden = !after;
    if (after) next.textContent = state ? `Go to question ${places.indexOf(after) + 1}` : "Start the clock";
  }

  next.addEventListener("click", () => {
    const after = findNext();
    if (!after) return;
    finish();
    state = { since: state?.since ?? Date.now(), place: after.dataset.question, from: Date.now() };
    keep();
    after.focus();
    after.scrollIntoView({ block: "start" });
  });
  stop.addEventListener("click", () => {
    finish();
    state = null;
    keep();
  });
  form.addEventListener("focusin", draw);
  setInterval(draw, 1000);
  draw();
}
