/** The review page: list, map and finding in step. */
import "./actor.js";
import * as changes from "./changes.js";
import * as finding from "./finding.js";
import { onKey } from "./keys.js";
import * as list from "./list.js";
import { ReviewMap } from "./map/review-map.js";

document.body.classList.add("scripted");
const map = new ReviewMap(window.map_register, {
  choose: (fingerprint) => select(fingerprint, { move: false }),
  pointAt: list.point,
  moved: () => withMap() && list.filter({ box: map.box() }, { remember: false }),
});

const withMap = () => document.querySelector("#with-map")?.checked;
const findingsQuery = () => list.filterQuery("box", "view", "offset");

async function select(fingerprint, { move = true } = {}) {
  if (!fingerprint || !(await finding.open(fingerprint))) return;
  if (!list.items().length) await list.filter({ view: "list" }, { remember: false });
  list.mark(fingerprint);
  map.select(fingerprint, { move: move && !withMap() });
}

function close() {
  finding.close();
  map.select(null);
}

async function step(by) {
  if (!list.items().length) await list.filter({ view: "list" });
  const next = finding.neighbour(by);
  if (next) return select(next);
  if (by > 0 && list.nextPage()) {
    await list.filter({ view: "list", offset: new URL(list.nextPage().href).searchParams.get("offset") });
    return select(finding.neighbour(1));
  }
}

/** After a write: a shorter (or longer) list, a new map, and the next thing to look at. */
async function refresh(next) {
  await Promise.all([list.reload(), map.reload(findingsQuery())]);
  if (next && list.item(next)) await select(next);
  else close();
}

function accept() {
  const form = finding.form();
  if (!(form instanceof HTMLFormElement)) return;
  const next = finding.neighbour(1) ?? finding.neighbour(-1);
  changes.accept(form, (outcome) => refresh(outcome.change_id && outcome.new[0] ? outcome.new[0] : afterwards(outcome, next)));
}

/** The next finding, unless the same change settled it too. */
const afterwards = (outcome, next) => (outcome.gone.includes(next) ? null : next);

const undo = () => changes.undoLast((outcome) => refresh(outcome.new[0] ?? null));

document.querySelector(".list-pane").addEventListener("click", (event) => {
  const link = event.target.closest("a.item");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  select(link.dataset.fingerprint);
});
document.querySelector(".list-pane").addEventListener("mouseover", (event) => map.point(event.target.closest(".item")?.dataset.fingerprint));
document.querySelector(".list-pane").addEventListener("mouseleave", () => map.point(null));
document.querySelector(".list-pane").addEventListener("change", (event) => {
  if (event.target.id === "with-map") list.filter({ box: event.target.checked ? map.box() : "" });
});
document.querySelector(".finding-pane").addEventListener("submit", (event) => {
  event.preventDefault();
  accept();
});
document.querySelector(".finding-pane").addEventListener("change", (event) => {
  if (event.target.name === "option") map.select(finding.selected(), { option: event.target.value });
});
document.querySelector(".finding-pane").addEventListener("click", (event) => {
  const stepped = event.target.closest("[data-step]");
  if (stepped || event.target.closest("[data-close]")) event.preventDefault();
  if (stepped) step(stepped.dataset.step === "following" ? 1 : -1);
  else if (event.target.closest("[data-close]")) close();
});
for (const button of document.querySelectorAll(".switch button")) button.addEventListener("click", () => finding.showPane(button.dataset.show));

const help = document.querySelector("dialog.keys");
onKey({
  j: () => step(1),
  k: () => step(-1),
  a: accept,
  u: undo,
  m: () => map.select(finding.selected(), { move: true }),
  f: () => document.querySelector("#with-map").click(),
  "/": () => document.querySelector('.filters [name="text"]').focus(),
  Escape: close,
  "?": () => help.showModal(),
});

list.onListChange(() => {
  list.mark(finding.selected());
  map.show(findingsQuery());
});
finding.showPane(document.querySelector(".bench").dataset.show);
map.show(findingsQuery());
if (finding.selected()) {
  list.mark(finding.selected());
  if (!list.items().length) select(finding.selected());
  else map.select(finding.selected(), { move: true });
}
