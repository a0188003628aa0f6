/** The name in the top bar is kept as soon as it is changed. */
import { post } from "./http.js";
import { complain } from "./toast.js";

const form = document.querySelector(".actor");

async function keep(event) {
  event.preventDefault();
  if (!form.elements.actor.value.trim()) return;
  try {
    await post(form.action, new FormData(form));
    form.classList.remove("missing");
  } catch (fault) {
    complain(fault);
  }
}

form.addEventListener("submit", keep);
form.elements.actor.addEventListener("change", keep);
