/** The map of the review page, on top of the map that folium built. */
import { getJson } from "../http.js";
import { t } from "../language.js";
import { FindingPoints } from "./findings.js";
import { Labels } from "./labels.js";
import { RegisterLayers, boxText } from "./layers.js";
import { AFTER, BEFORE, SELECTED } from "./styles.js";

const L = window.L;
const PANES = { land: 300, ways: 320, points: 340, labels: 400, chosen: 420, findings: 440 };
const POINT_ZOOM = 16;

export class ReviewMap {
  /** `map` is folium's Leaflet map; `choose`, `pointAt` and `moved` tell what the visitor does. */
  constructor(map, { choose, pointAt, moved }) {
    this.map = map;
    map.attributionControl.setPrefix("Leaflet");
    L.control.scale({ imperial: false }).addTo(map);
    for (const [name, height] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = height;
      if (name !== "findings") pane.style.pointerEvents = "none";
    }
    const labels = new Labels({ pane: "labels" }).addTo(map);
    this.records = new RegisterLayers(map, labels, (sentence) => this.#note(sentence));
    this.findings = new FindingPoints(map, labels, { choose, pointAt });
    this.chosen = L.layerGroup().addTo(map);
    this.pointed = L.layerGroup().addTo(map);
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(map.getContainer());
    this.#goTo(location.hash);
    map.on("moveend", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(moved, 250);
    });
  }

  /** `#zoom/lat/lng`: where a link wants the map to be. */
  #goTo(hash) {
    const [zoom, lat, lng] = hash.slice(1).split("/").map(Number);
    if ([zoom, lat, lng].every(Number.isFinite) && Math.abs(lat) <= 90 && Math.abs(lng) <= 180) this.map.setView([lat, lng], zoom);
  }

  box() {
    return boxText(this.map.getBounds());
  }

  /** Show the findings that fit a query string, unless they are shown already. */
  async show(query) {
    if (query === this.query) return;
    this.query = query;
    try {
      const found = await getJson(`/api/findings${query}`);
      if (query === this.query) this.findings.set(found.features);
    } catch (fault) {
      this.#note(fault.message);
    }
  }

  /** Ask again for records and findings, after the register changed. */
  reload(query) {
    this.query = null;
    return Promise.all([this.show(query), this.records.reload()]);
  }

  /** Ring the place of a finding while the mouse is on it in the list. */
  point(fingerprint) {
    this.pointed.clearLayers();
    const place = fingerprint && this.findings.place(fingerprint);
    if (place) L.circleMarker(place, { radius: 15, color: SELECTED, weight: 3, fill: false, pane: "chosen", interactive: false }).addTo(this.pointed);
  }

  /** Draw the shape of a finding and of the records it names, with what an `option` of its repair makes of them; `move`
   * brings it into view. */
  async select(fingerprint, { move = false, option = "" } = {}) {
    this.selected = fingerprint;
    this.option = option;
    this.chosen.clearLayers();
    this.point(null);
    if (!fingerprint) return;
    try {
      const { geometry, related, moves } = await getJson(`/api/findings/${fingerprint}?option=${encodeURIComponent(option)}`);
      if (this.selected !== fingerprint || this.option !== option) return;
      for (const one of related) if (one.geometry) this.#draw(one.geometry, { weight: 3, dashArray: "4 4", fillOpacity: 0.04 });
      if (geometry) this.#draw(geometry, { weight: 4, fillOpacity: 0.1 });
      for (const { before, after } of moves) {
        if (before) this.#draw(before, { ...BEFORE, weight: 3, dashArray: "5 5", fillOpacity: 0 }, 7);
        if (after) this.#draw(after, { ...AFTER, weight: 3, fillOpacity: 0.12 }, 7);
      }
      if (move) this.#bringIntoView([geometry, ...related.map((one) => one.geometry), ...moves.flatMap((one) => [one.before, one.after])]);
    } catch (fault) {
      this.#note(fault.message);
    }
  }

  #draw(geometry, style, radius = 14) {
    const look = { color: SELECTED, fillColor: SELECTED, pane: "chosen", interactive: false, ...style };
    const ring = (feature, latlng) => L.circleMarker(latlng, { ...look, radius, fill: false });
    L.geoJSON(geometry, { style: look, pointToLayer: ring, interactive: false, pane: "chosen" }).addTo(this.chosen);
  }

  #bringIntoView(all) {
    const shapes = all.filter(Boolean);
    if (!shapes.length) {
      this.#note(t("这条问题没有位置。", "This finding has no place on the map."));
      return;
    }
    const bounds = L.geoJSON(shapes).getBounds();
    const point = bounds.getNorthEast().equals(bounds.getSouthWest());
    const zoom = point ? Math.max(this.map.getZoom(), POINT_ZOOM) : Math.min(this.map.getBoundsZoom(bounds, false, [80, 80]), 18);
    this.map.setView(bounds.getCenter(), zoom);
  }

  #note(sentence) {
    const note = document.querySelector(".map-note");
    note.textContent = sentence;
    note.hidden = false;
    clearTimeout(this.noteTimer);
    this.noteTimer = setTimeout(() => (note.hidden = true), 5000);
  }
}
