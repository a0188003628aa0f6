/** A road with its plates and a line from each plate to its foot on the road; a click asks for a number there. */
import { Labels } from "./labels.js";
import { RegisterLayers } from "./layers.js";
import { AFTER, LEVEL_COLOURS, SELECTED } from "./styles.js";

const L = window.L;
const PANES = { land: 300, ways: 320, points: 340, labels: 400, bones: 420 };
const DOTS_TO = 15;
const tokens = getComputedStyle(document.documentElement);
const PLATE = tokens.getPropertyValue("--map-plate").trim();

export class Fishbones {
  /** `point(plate or null)` and `ask(latlng)` tell what the visitor does. */
  constructor(map, { point, ask }) {
    this.map = map;
    this.told = point;
    map.attributionControl.setPrefix("Leaflet");
    L.control.scale({ imperial: false }).addTo(map);
    for (const [name, height] of Object.entries(PANES)) map.createPane(name).style.zIndex = height;
    for (const name of ["land", "ways", "points", "labels"]) map.getPane(name).style.pointerEvents = "none";
    const labels = new Labels({ pane: "labels" }).addTo(map);
    this.records = new RegisterLayers(map, labels, () => {});
    this.renderer = L.canvas({ pane: "bones", tolerance: 4 });
    this.bones = L.layerGroup().addTo(map);
    this.marked = L.layerGroup().addTo(map);
    this.signs = new Map();
    map.on("click", ({ latlng }) => ask(latlng));
    map.on("zoomend", () => this.#size());
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(map.getContainer());
  }

  draw({ lines, plates }, { move }) {
    const flipped = ([lng, lat]) => [lat, lng];
    const drawn = { renderer: this.renderer, pane: "bones" };
    this.bones.clearLayers();
    this.signs.clear();
    const way = L.polyline(lines.map((line) => line.map(flipped)), { ...drawn, color: SELECTED, weight: 3, opacity: 0.75, interactive: false });
    this.bones.addLayer(way);
    for (const plate of plates) {
      const colour = plate.against ? LEVEL_COLOURS.error : PLATE;
      const [at, foot] = [flipped(plate.point), flipped(plate.foot)];
      this.bones.addLayer(L.polyline([at, foot], { ...drawn, color: colour, weight: 1.4, opacity: 0.8, interactive: false }));
      const reserved = plate.status === "reserved";
      const sign = L.circleMarker(at, { ...drawn, radius: 5, color: colour, weight: 1.6, fillColor: reserved ? "#fff" : colour, fillOpacity: 0.9, bubblingMouseEvents: true });
      const className = plate.against ? "plate-number wrong" : "plate-number";
      sign.bindTooltip(plate.number, { permanent: plate.against, direction: "top", offset: [0, -5], className });
      sign.on("mouseover", () => this.told(plate.id)).on("mouseout", () => this.told(null));
      this.signs.set(plate.id, { sign, plate });
      this.bones.addLayer(sign);
    }
    this.#size();
    if (!move) return;
    const places = plates.length > 1 ? plates.flatMap(({ point, foot }) => [point, foot]) : lines.flat();
    const box = L.latLngBounds(places.map(flipped)).pad(0.1);
    this.map.fitBounds(box, { maxZoom: 18, padding: [24, 24] });
  }

  /** Dots are small where the map is far; the label layer names plates, doubtful ones keep their number in red. */
  #size() {
    this.radius = this.map.getZoom() > DOTS_TO ? 5 : 3;
    for (const { sign } of this.signs.values()) sign.setRadius(this.radius);
  }

  /** Ring a plate. */
  point(id) {
    for (const { sign, plate } of this.signs.values()) sign.setRadius(plate.id === id ? this.radius + 4 : this.radius);
  }

  /** Mark the place that a number was asked for; null takes the mark away. */
  mark(place) {
    this.marked.clearLayers();
    if (place) L.circleMarker(place, { radius: 9, weight: 3, ...AFTER, fillOpacity: 0.35, interactive: false, pane: "bones" }).addTo(this.marked);
  }
}
