/** The finding that is shown beside the map. */
import { getText } from "./http.js";
import * as list from "./list.js";
import { complain } from "./toast.js";

const bench = document.querySelector(".bench");
const pane = document.querySelector(".finding-pane");
let current = bench.dataset.selected ?? null;

export const selected = () => current;
export const form = () => pane.querySelector("form.repair");

/** Show a pane on a phone: list, map or finding. On a desk all are there, `finding` makes room for the third. */
export function showPane(name) {
  bench.dataset.show = name;
  for (const button of document.querySelectorAll(".switch button")) button.setAttribute("aria-pressed", button.dataset.show === name);
}

/** Show a finding; answers whether it is there. */
export async function open(fingerprint) {
  try {
    pane.innerHTML = await getText(`/findings/${fingerprint}/part${list.filterQuery("view", "offset")}`);
  } catch (fault) {
    complain(fault);
    return false;
  }
  current = fingerprint;
  pane.hidden = false;
  pane.scrollTop = 0;
  showPane("finding");
  list.mark(fingerprint);
  history.replaceState(null, "", `/findings/${fingerprint}${list.filterQuery()}`);
  return true;
}

export function close() {
  current = null;
  pane.hidden = true;
  showPane("list");
  list.mark(null);
  history.replaceState(null, "", `/${list.filterQuery()}`);
}

/** The finding after (1) or before (-1) the shown one in the list, null when there is none. */
export function neighbour(step) {
  const order = list.items().map((one) => one.dataset.fingerprint);
  const place = order.indexOf(current);
  if (place < 0) return order[0] ?? null;
  return order[place + step] ?? null;
}
