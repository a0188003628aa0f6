/** The pre-test: draw the place, see what sounds alike, get an answer while typing. */
import "../actor.js";
import { getJson } from "../http.js";
import { t } from "../language.js";
import { ReviewMap } from "../map/review-map.js";
import { SELECTED } from "../map/styles.js";

const L = window.L;
const WAIT_MS = 120;
const ALIKE = { color: getComputedStyle(document.documentElement).getPropertyValue("--accent").trim(), weight: 5, opacity: 0.9 };

document.body.classList.add("scripted");
const map = window.map_register;
new ReviewMap(map, { choose() {}, pointAt() {}, moved() {} });
map.getContainer().classList.add("drawing");
const form = document.querySelector(".names form");
const { names, kind, width_m: width, points } = form.elements;
const told = document.querySelector(".answer");
const place = L.layerGroup().addTo(map);
const alike = L.layerGroup().addTo(map);

/** The corners in the text of coordinates, `null` where a line is no point. */
const corners = () =>
  points.value
    .split("\n")
    .map((line) => line.trim().replace("，", ",").split(",").map(Number))
    .map(([lon, lat]) => (Number.isFinite(lon) && Number.isFinite(lat) ? [lat, lon] : null));

function drawPlace() {
  place.clearLayers();
  const runs = [[]];
  for (const corner of corners()) corner ? runs.at(-1).push(corner) : runs.push([]);
  const look = { color: SELECTED, pane: "chosen", interactive: false };
  for (const run of runs) {
    if (run.length > 1) L.polyline(run, { ...look, weight: 5 }).addTo(place);
    for (const corner of run) L.circleMarker(corner, { ...look, radius: 5, weight: 2, fillColor: "#fff", fillOpacity: 1 }).addTo(place);
  }
}

function drawAlike({ neighbours = [] }) {
  alike.clearLayers();
  for (const { geometry, label, band } of neighbours) {
    const ring = (feature, latlng) => L.circleMarker(latlng, { ...ALIKE, pane: "chosen", radius: 9, fillOpacity: 0.2 });
    L.geoJSON(geometry, { style: ALIKE, pointToLayer: ring, pane: "chosen", interactive: false })
      .bindTooltip(`${label} · ${band}`, { permanent: true, direction: "top", className: "around-label" })
      .addTo(alike);
  }
}

function show(around) {
  drawPlace();
  drawAlike(around);
  const all = L.featureGroup([...place.getLayers(), ...alike.getLayers()]);
  if (all.getLayers().length) map.fitBounds(all.getBounds(), { padding: [50, 50], maxZoom: 17 });
}

let waiting;
let running;
const typed = () => names.value.slice(0, names.selectionStart).split("\n").at(-1) + names.value.slice(names.selectionStart).split("\n")[0];

function ask() {
  clearTimeout(waiting);
  waiting = setTimeout(answer, WAIT_MS);
}

async function answer() {
  running?.abort();
  running = new AbortController();
  const query = new URLSearchParams({ name: typed().trim(), kind: kind.value, width_m: width.value, points: points.value });
  try {
    tell(await getJson(`${form.dataset.answer}?${query}`, running.signal));
  } catch (fault) {
    if (fault.name !== "AbortError") tell({ error: fault.message });
  }
}

function line(text, className = "") {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  paragraph.className = className;
  return paragraph;
}

function tell({ name, sentence, verdict, pinyin, findings = [], neighbours = [], around, error }) {
  told.hidden = !name && !error;
  told.replaceChildren();
  if (error) return told.append(line(error, "error-text"));
  if (!name) return undefined;
  const head = line(`${name}  ${pinyin}  `);
  const badge = document.createElement("span");
  badge.className = `verdict ${verdict}`;
  badge.textContent = sentence;
  head.append(badge);
  told.append(head, ...findings.slice(0, 4).map((one) => line(`${one.rule} ${one.message}`)));
  if (neighbours.length) told.append(line(t("音近形近：", "Alike: ") + neighbours.slice(0, 6).map((one) => one.name).join(t("、", ", ")), "muted"));
  return drawAlike(around);
}

for (const field of [names, kind, width]) field.addEventListener("input", ask);
points.addEventListener("input", () => {
  drawPlace();
  ask();
});
function setPoints(text) {
  points.value = text;
  drawPlace();
  ask();
}
map.on("click", ({ latlng }) => {
  const before = points.value.trim();
  setPoints(`${before ? `${before}\n` : ""}${latlng.lng.toFixed(7)},${latlng.lat.toFixed(7)}`);
});
form.querySelector("[data-undo]").addEventListener("click", () => setPoints(points.value.trim().split("\n").slice(0, -1).join("\n")));
form.querySelector("[data-clear]").addEventListener("click", () => setPoints(""));
answer();
show(JSON.parse(document.querySelector(".map-pane").dataset.around));
