/** Rows of a returned list: walked and decided by key; what was decided is shown without a page load. */
import "./actor.js";
import { getText, post } from "./http.js";
import { onKey } from "./keys.js";
import { t } from "./language.js";
import { complain, toast } from "./toast.js";

const page = document.querySelector(".returned-page");
let current = null;
let lastChange = null;
let busy = false;

const rows = () => [...page.querySelectorAll(".problem")];
const row = () => rows().find((one) => one.dataset.row === current);

function choose(found) {
  if (!found) return;
  for (const one of rows()) one.removeAttribute("aria-current");
  found.setAttribute("aria-current", "true");
  current = found.dataset.row;
  found.focus({ preventScroll: true });
  found.scrollIntoView({ block: "nearest" });
}

function move(by) {
  const all = rows();
  const place = all.findIndex((one) => one.dataset.row === current);
  choose(all[place < 0 ? 0 : Math.min(Math.max(place + by, 0), all.length - 1)]);
}

/** The queue as it stands now; the rest of the page stays. */
async function reload() {
  const fresh = new DOMParser().parseFromString(await getText(location.href), "text/html");
  page.querySelector(".queue").replaceWith(fresh.querySelector(".queue"));
  page.querySelector(".told")?.remove();
  choose(row());
}

async function act(url, form) {
  if (busy) return;
  busy = true;
  document.body.classList.add("writing");
  try {
    const outcome = await post(url, form);
    lastChange = outcome.change_id;
    const action = lastChange && { label: t("撤销", "Undo"), key: "u", run: takeBack };
    toast(outcome.sentence, { action });
    await reload();
  } catch (fault) {
    complain(fault);
  } finally {
    busy = false;
    document.body.classList.remove("writing");
  }
}

function takeBack() {
  if (lastChange === null) {
    const own = row()?.querySelector('form[data-act="u"]');
    if (own) return act(own.action, new FormData(own));
    return toast(t("这一页还没有做过修改。", "Nothing was changed from this page yet."));
  }
  const form = new FormData();
  form.set("change", lastChange);
  return act(page.dataset.undo, form);
}

function accept() {
  const form = row()?.querySelector('form[data-act="a"]');
  if (form) act(form.action, new FormData(form));
}

function ask(key) {
  const part = row()?.querySelector(`details[data-key="${key}"]`);
  if (!part) return;
  part.open = true;
  part.querySelector("input[name=reason]").focus();
}

page.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  current = form.closest(".problem")?.dataset.row ?? current;
  act(form.action, new FormData(form));
});
page.addEventListener("focusin", (event) => {
  const found = event.target.closest(".problem");
  if (found && found.dataset.row !== current) {
    for (const one of rows()) one.toggleAttribute("aria-current", false);
    found.setAttribute("aria-current", "true");
    current = found.dataset.row;
  }
});
onKey({
  j: () => move(1),
  k: () => move(-1),
  a: accept,
  r: () => ask("r"),
  e: () => ask("e"),
  u: takeBack,
  "/": () => page.querySelector('[name="text"]').focus(),
});
document.body.classList.add("scripted");
