/** Writing to the register: accept a repair, take a change back. One at a time. */
import { post } from "./http.js";
import { t } from "./language.js";
import { complain, toast } from "./toast.js";

let busy = false;
let lastChange = null;

/** Accept by the form of a finding; `done(outcome)` is called when it is written. */
export function accept(form, done) {
  return write(form.action, new FormData(form), (outcome) => {
    lastChange = outcome.change_id;
    toast(outcome.sentence, { action: { label: t("撤销", "Undo"), key: "u", run: () => undoLast(done) } });
    done(outcome);
  });
}

/** Take back the change that this page made last. */
export function undoLast(done) {
  if (lastChange === null) {
    toast(t("这一页还没有做过修改；更早的修改可在“历史”里撤销。", "Nothing was changed from this page yet; older changes can be undone under History."));
    return Promise.resolve();
  }
  return undo(`/changes/${lastChange}/undo`, new FormData(), (outcome) => {
    lastChange = null;
    done(outcome);
  });
}

export function undo(url, form, done) {
  return write(url, form, (outcome) => {
    toast(outcome.sentence);
    done(outcome);
  });
}

async function write(url, form, written) {
  if (busy) return;
  busy = true;
  document.body.classList.add("writing");
  try {
    written(await post(url, form));
  } catch (fault) {
    const actor = document.querySelector(".actor");
    const nameless = !actor.elements.actor.value.trim();
    actor.classList.toggle("missing", nameless);
    if (nameless) actor.elements.actor.focus();
    complain(fault);
  } finally {
    busy = false;
    document.body.classList.remove("writing");
  }
}
