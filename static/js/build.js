// While a plan is being built: say every second how far the search has come, and take the plan when it is over.

const told = document.getElementById("told");
const form = document.getElementById("take");

async function ask() {
  try {
    const answer = await fetch(told.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.json();
    told.textContent = now.told;
    if (!now.running) {
      form.requestSubmit();
      return;
    }
  } catch {
    told.textContent = "The server does not answer just now; asking again.";
  }
  setTimeout(ask, 1000);
}

if (told.dataset.progress) setTimeout(ask, 1000);
