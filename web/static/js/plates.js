/** One road: its plates on strip and map in step, and a number for the building that the visitor points at. */
import "./actor.js";
import { undo } from "./changes.js";
import { getJson, getText, post } from "./http.js";
import { onKey } from "./keys.js";
import { t } from "./language.js";
import { Fishbones } from "./map/fishbones.js";
import { complain, toast } from "./toast.js";

const page = document.querySelector(".plates-page");
const road = page.dataset.road;
const field = document.querySelector("#at");
const proposalPart = document.querySelector(".proposal-part");
const query = (more = {}) => `?${new URLSearchParams({ road, ...more })}`;
let lastChange = null;

const bones = new Fishbones(window.map_register, { point, ask: ({ lat, lng }) => ask(`${lng.toFixed(7)},${lat.toFixed(7)}`) });

async function draw({ move = false } = {}) {
  try {
    bones.draw(await getJson(`/api/plates${query()}`), { move });
  } catch (fault) {
    complain(fault);
  }
}

/** Ask for a number at a place; the card is written by the server. */
async function ask(at) {
  field.value = at;
  try {
    proposalPart.innerHTML = await getText(`/plates/proposal${query({ at })}`);
    const [lng, lat] = at.split(",").map(Number);
    bones.mark([lat, lng]);
  } catch (fault) {
    complain(fault);
  }
}

async function reserve(form) {
  try {
    const outcome = await post(form.action, new FormData(form));
    lastChange = outcome.change_id;
    proposalPart.replaceChildren();
    toast(outcome.sentence, { action: { label: t("撤销", "Undo"), key: "u", run: takeBack } });
    await reload();
  } catch (fault) {
    complain(fault);
    if (field.value) ask(field.value);
  }
}

function takeBack() {
  if (lastChange === null) return toast(t("这一页还没有预留过号码。", "No number was reserved from this page yet."));
  return undo(`/changes/${lastChange}/undo`, new FormData(), () => {
    lastChange = null;
    reload();
  });
}

async function reload() {
  document.querySelector(".strip-part").innerHTML = await getText(`/plates/strip${query()}`);
  bones.mark(null);
  await draw();
}

/** Show on the strip which plate the mouse is on in the map. */
function point(plate) {
  for (const sign of document.querySelectorAll(".strip .plate")) sign.classList.toggle("pointed", sign.dataset.plate === plate);
  document.querySelector(".strip .plate.pointed")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

document.querySelector(".ask").addEventListener("submit", (event) => {
  event.preventDefault();
  ask(field.value.trim());
});
proposalPart.addEventListener("submit", (event) => {
  event.preventDefault();
  reserve(event.target);
});
for (const kind of ["mouseover", "focusin"]) {
  page.addEventListener(kind, (event) => bones.point(event.target.closest?.(".strip .plate")?.dataset.plate ?? null));
}
onKey({ u: takeBack });
document.body.classList.add("scripted");
draw({ move: true }).then(() => field.value && bones.mark(field.value.split(",").map(Number).reverse()));
