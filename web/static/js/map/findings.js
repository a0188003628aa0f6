/** Findings on the map: one sign each; those that would cover each other are one sign with their number. */
import { findingPoint } from "./shapes.js";
import { LEVELS } from "./styles.js";

const L = window.L;
const CELL = 40;
const APART_FROM = 18;

export class FindingPoints {
  /** `choose(fingerprint)` and `pointAt(fingerprint or null)` tell what the visitor does. */
  constructor(map, labels, { choose, pointAt }) {
    Object.assign(this, { map, labels, choose, pointAt, features: [], group: L.layerGroup().addTo(map) });
    map.on("zoomend", () => this.draw());
  }

  set(features) {
    this.features = features;
    this.places = new Map(features.map(({ id, geometry: { coordinates: [lng, lat] } }) => [id, L.latLng(lat, lng)]));
    this.draw();
  }

  place(fingerprint) {
    return this.places?.get(fingerprint) ?? null;
  }

  draw() {
    this.group.clearLayers();
    const signs = this.#cells().map((members) => this.#sign(members).addTo(this.group));
    this.labels.setObstacles(signs);
  }

  /** Findings by cell of the screen, heaviest level first in each; single cells where the map is near enough. */
  #cells() {
    const zoom = this.map.getZoom();
    const size = zoom >= APART_FROM ? 1 : CELL;
    const cells = new Map();
    for (const one of this.features) {
      const { x, y } = this.map.project(this.places.get(one.id), zoom).divideBy(size).floor();
      const key = `${x}:${y}`;
      if (cells.has(key)) cells.get(key).push(one);
      else cells.set(key, [one]);
    }
    const weight = ({ properties }) => LEVELS.indexOf(properties.level);
    const sorted = [...cells.values()].map((members) => members.sort((a, b) => weight(a) - weight(b)));
    return sorted.sort((a, b) => weight(b[0]) - weight(a[0]));
  }

  #sign(members) {
    const [first] = members;
    const sign = findingPoint(this.places.get(first.id), first.properties.level, members.length, { pane: "findings" });
    sign.bindTooltip(() => summary(members), { direction: "top", offset: [0, -8] });
    sign.on("mouseover", () => this.pointAt(first.id));
    sign.on("mouseout", () => this.pointAt(null));
    sign.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      const box = L.latLngBounds(members.map(({ id }) => this.places.get(id)));
      const apart = members.length > 1 && this.map.getZoom() < APART_FROM && !box.getNorthEast().equals(box.getSouthWest());
      if (apart) this.map.fitBounds(box, { maxZoom: APART_FROM, padding: [60, 60] });
      else this.choose(first.id);
    });
    return sign;
  }
}

function summary(members) {
  const box = document.createElement("div");
  for (const { properties } of members.slice(0, 4)) {
    const line = document.createElement("div");
    line.textContent = members.length > 1 ? `${properties.rule} ${properties.title}` : properties.label;
    box.append(line);
  }
  if (members.length > 4) box.append(`… +${members.length - 4}`);
  return box;
}
