/** Undo on the pages for reading: the page is loaded anew when it is done, since the undoing is history too. */
import "./actor.js";
import { undo } from "./changes.js";

for (const form of document.querySelectorAll("form[data-undo]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) return;
    undo(form.action, new FormData(form), () => setTimeout(() => location.reload(), 900));
  });
}
