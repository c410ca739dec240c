// Copies the text of a field and says so, beside the button and to a screen reader. Without a script the field selects itself.

const status = document.getElementById("copied");

async function copy(field) {
  field.select();
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // The browser asked and was refused: the older way below may still be allowed.
    }
  }
  return document.execCommand("copy"); // the only way where the page came over plain http
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = (await copy(document.getElementById(button.dataset.copy)))
      ? "Copied"
      : "Not copied: the text is selected, copy it by keyboard";
    const beside = button.parentElement.querySelector(".copied");
    status.textContent = "";
    for (const other of document.querySelectorAll(".copied")) other.textContent = "";
    beside.textContent = said;
    button.focus();
    setTimeout(() => (status.textContent = said), 100); // said anew also where it was said before
  });
}
