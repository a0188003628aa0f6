/** The list of findings: filters live in the address bar, the list is replaced without a page load. */
import { getText } from "./http.js";
import { complain } from "./toast.js";

const pane = document.querySelector(".list-pane");
const listeners = [];
let query = new URLSearchParams(location.search);
let running;

export const onListChange = (listener) => listeners.push(listener);

/** The filters as a query string; `without` names keys to leave out. */
export function filterQuery(...without) {
  const kept = new URLSearchParams(query);
  ["lang", ...without].forEach((key) => kept.delete(key));
  for (const [key, value] of [...kept]) if (!value) kept.delete(key);
  const text = kept.toString();
  return text ? `?${text}` : "";
}

/** Set some filters (null or empty: none), show the list that fits, and keep the filters in the address bar. */
export function filter(changes, { remember = true } = {}) {
  const next = new URLSearchParams(query);
  next.delete("offset");
  for (const [key, value] of Object.entries(changes)) value ? next.set(key, value) : next.delete(key);
  return show(next, remember);
}

export const reload = () => show(query, false);

export const items = () => [...pane.querySelectorAll(".item")];
export const item = (fingerprint) => pane.querySelector(`.item[data-fingerprint="${fingerprint}"]`);
export const nextPage = () => pane.querySelector('.pages a[rel="next"]');

/** Mark the finding that is shown, and bring it into view. */
export function mark(fingerprint) {
  for (const one of items()) one.toggleAttribute("aria-current", one.dataset.fingerprint === fingerprint);
  const chosen = fingerprint && item(fingerprint);
  if (chosen) {
    chosen.setAttribute("aria-current", "true");
    chosen.scrollIntoView({ block: "nearest" });
  }
}

/** Mark the finding that the mouse is on in the map. */
export function point(fingerprint) {
  for (const one of pane.querySelectorAll(".item.pointed")) one.classList.remove("pointed");
  if (fingerprint) item(fingerprint)?.classList.add("pointed");
}

async function show(next, remember) {
  query = next;
  if (remember) history.pushState(null, "", `/${filterQuery()}`);
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const typing = document.activeElement?.name === "text" ? document.activeElement.selectionStart : null;
  pane.classList.add("busy");
  try {
    const body = await getText(`/findings/list${filterQuery()}`, signal);
    pane.innerHTML = body;
    if (typing !== null) {
      const field = pane.querySelector('[name="text"]');
      field.focus();
      field.setSelectionRange(typing, typing);
    }
    listeners.forEach((listener) => listener());
  } catch (fault) {
    if (fault.name !== "AbortError") complain(fault);
  } finally {
    if (!signal.aborted) pane.classList.remove("busy");
  }
}

pane.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-filter]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(new URLSearchParams(new URL(link.href).search), true);
});
pane.addEventListener("submit", (event) => {
  event.preventDefault();
  filter({ text: event.target.elements.text.value.trim() });
});
pane.addEventListener("change", (event) => {
  if (event.target.matches("select")) filter({ [event.target.name]: event.target.value });
});
let waiting;
pane.addEventListener("input", (event) => {
  if (event.target.name !== "text" || event.isComposing) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => filter({ text: event.target.value.trim() }), 350);
});
pane.addEventListener("compositionend", (event) => filter({ text: event.target.value.trim() }));
window.addEventListener("popstate", () => show(new URLSearchParams(location.search), false));
