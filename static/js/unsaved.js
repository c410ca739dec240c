// Says which cards this browser still holds unsaved text of, and lets go of what nobody can open any more.

import { forget, listCards } from "./vault.js";

try {
  const cards = await listCards();
  for (const one of document.querySelectorAll("[data-unsaved-of]")) one.hidden = !cards.has(one.dataset.unsavedOf);
  for (const { dataset } of document.querySelectorAll("[data-submitted]")) if (cards.has(dataset.submitted)) await forget(dataset.submitted);
} catch {
  // Nothing may be kept in this browser, so nothing is.
}
