/** Undo on the pages for reading: the page is loaded anew when it is done, since the undoing is history too. */
import "./actor.js";
import { undo } from "./changes.js";

for (const form of document.querySelectorAll("form[data-undo]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    undo(form.action, new FormData(form), () => setTimeout(() => location.reload(), 900));
  });
}
