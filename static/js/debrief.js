// The debrief: Escape closes the evidence; the cell that was opened stays in sight above it.

const openDrawer = () => (location.hash.startsWith("#e-") ? document.getElementById(location.hash.slice(1)) : null);

function cellOf(drawer) {
  return document.getElementById(`c-${drawer.id.slice(2)}`);
}

function settle() {
  for (const cell of document.querySelectorAll(".grid td.open")) cell.classList.remove("open");
  const drawer = openDrawer();
  const cell = drawer && cellOf(drawer);
  if (!cell) return;
  cell.classList.add("open");
  drawer.focus({ preventScroll: true });
  const free = window.innerHeight - drawer.offsetHeight;
  const { top, bottom } = cell.getBoundingClientRect();
  if (top < 72 || bottom > free) window.scrollBy({ top: top - Math.max(72, free / 2) });
}

document.addEventListener("keydown", (event) => {
  const drawer = event.key === "Escape" && openDrawer();
  if (!drawer) return;
  const cell = cellOf(drawer);
  location.hash = `c-${drawer.id.slice(2)}`;
  cell?.querySelector("a")?.focus();
});

window.addEventListener("hashchange", settle);
settle();
