/** Records of the register in view: fetched by extent and zoom, drawn on canvas, named by the label layer. */
import { getJson } from "../http.js";
import { t } from "../language.js";
import { ShapePoint } from "./shapes.js";
import * as styles from "./styles.js";

const L = window.L;
const PADDING = 0.3;
const REACH = 10;
const DIVISION_ORDER = ["province", "prefecture", "county", "township", "village"];

/** Layers from the ground up. `from`: zoom at which it is asked for; `labels`: candidates for names. */
const LAYERS = [
  { name: "divisions", from: 0, pane: "land", draw: drawDivisions, labels: divisionLabels },
  { name: "areas", from: 12, pane: "land", draw: (group, features) => lines(group, features, styles.area, "land") },
  { name: "boundary_lines", from: 0, pane: "land", draw: (group, features) => lines(group, features, styles.boundaryLine, "land") },
  { name: "roads", from: 11, pane: "ways", draw: drawRoads, labels: roadLabels },
  { name: "place_names", from: 12, pane: "points", draw: drawPoints, labels: pointLabels("place", 13, ({ name }) => name) },
  { name: "doorplates", from: 15, pane: "points", draw: drawPoints, labels: pointLabels("plate", 17, ({ number }) => number) },
  { name: "markers", from: 9, pane: "points", draw: drawPoints, labels: pointLabels("marker", 12, ({ name, number }) => name ?? number) },
];

export class RegisterLayers {
  constructor(map, labels, note) {
    Object.assign(this, { map, labels, note });
    this.layers = LAYERS.map((layer) => ({ ...layer, group: L.layerGroup().addTo(map), box: null, zoom: null, running: null }));
    map.on("moveend", () => this.update());
    map.on("click", (event) => this.#open(event.latlng));
    this.update();
  }

  /** Ask again for everything, after the register changed. */
  reload() {
    for (const layer of this.layers) layer.box = null;
    return this.update();
  }

  update() {
    return Promise.all(this.layers.map((layer) => this.#update(layer)));
  }

  /** Name the record point nearest to a click and lead to its page. */
  #open(latlng) {
    const spot = this.map.latLngToLayerPoint(latlng);
    const near = this.layers
      .flatMap(({ name, group }) => group.getLayers().filter((one) => one.record).map((one) => ({ name, one })))
      .map(({ name, one }) => ({ name, one, far: spot.distanceTo(this.map.latLngToLayerPoint(one.getLatLng())) }))
      .filter(({ far }) => far <= REACH)
      .sort((a, b) => a.far - b.far)[0];
    if (near) L.popup({ closeButton: false }).setLatLng(near.one.getLatLng()).setContent(recordLink(near.name, near.one.record)).openOn(this.map);
  }

  async #update(layer) {
    const zoom = this.map.getZoom();
    const step = Math.floor(zoom);
    const view = this.map.getBounds();
    if (zoom < layer.from) return this.#draw(layer, [], zoom);
    if (layer.box?.contains(view) && layer.step === step) return undefined;
    layer.running?.abort();
    layer.running = new AbortController();
    const box = view.pad(PADDING);
    try {
      const found = await getJson(`/api/layers/${layer.name}?bbox=${boxText(box)}&zoom=${step}`, layer.running.signal);
      Object.assign(layer, { box, step });
      this.#draw(layer, found.features, zoom);
      if (found.truncated) this.note(t("这里记录太多，只画出一部分；请放大地图。", "Too many records here: some are not drawn. Zoom in."));
    } catch (fault) {
      if (fault.name !== "AbortError") this.note(fault.message);
    }
    return undefined;
  }

  #draw(layer, features, zoom) {
    if (!features.length) Object.assign(layer, { box: null });
    layer.group.clearLayers();
    layer.draw(layer.group, features, layer, zoom);
    this.labels.setCandidates(layer.name, layer.labels ? layer.labels(features, zoom) : []);
  }
}

/** `west,south,east,north` of bounds, within the globe. */
export function boxText(bounds) {
  const clip = (value, most) => Math.min(most, Math.max(-most, value)).toFixed(6);
  return [clip(bounds.getWest(), 180), clip(bounds.getSouth(), 90), clip(bounds.getEast(), 180), clip(bounds.getNorth(), 90)].join(",");
}

const lines = (group, features, style, pane) => L.geoJSON(features, { style: ({ properties }) => style(properties), interactive: false, pane }).addTo(group);

function drawDivisions(group, features, layer, zoom) {
  const shown = features.filter(({ properties }) => properties.level !== "village" || zoom >= 11.5);
  const order = ({ properties }) => DIVISION_ORDER.indexOf(properties.level);
  lines(group, shown.filter((one) => order(one) < 3), styles.division, "land");
  lines(group, shown.filter((one) => order(one) === 3), styles.division, "land");
  lines(group, shown.filter((one) => order(one) > 3), styles.division, "land");
  const outline = (properties) => ({ ...styles.division(properties), fill: false });
  lines(group, shown.filter((one) => order(one) === 3), outline, "land");
  lines(group, shown.filter((one) => order(one) < 3), outline, "land");
}

function drawRoads(group, features, layer, zoom) {
  const ways = features.filter(({ geometry }) => geometry.type.includes("Line"));
  lines(group, ways, (properties) => styles.road(properties, zoom).edge, "ways");
  lines(group, ways, (properties) => styles.road(properties, zoom).surface, "ways");
}

function drawPoints(group, features, layer, zoom) {
  const { shape, colour, size } = styles.POINTS[layer.name];
  const look = shape === "stone" ? { color: colour, weight: 1.8, fillColor: "#fff" } : { color: "#fff", weight: 1, fillColor: colour };
  const radius = zoom < 12 ? size * 0.75 : size;
  for (const feature of features) {
    if (feature.geometry.type === "Point") {
      const [lng, lat] = feature.geometry.coordinates;
      const point = new ShapePoint([lat, lng], { ...look, pane: "points", shape, radius, fillOpacity: 1, interactive: false });
      point.record = feature;
      point.addTo(group);
    } else {
      lines(group, feature, () => ({ color: colour, weight: 1.2, fillOpacity: 0.08, dashArray: "2 3" }), "ways");
    }
  }
}

function recordLink(layer, { id, properties: { name, number } }) {
  const link = document.createElement("a");
  link.href = `/records/${layer}/${encodeURIComponent(id)}`;
  link.textContent = `${name ?? number ?? id} · ${t("看这条记录", "open the record")}`;
  return link;
}

function divisionLabels(features, zoom) {
  return features
    .filter(({ properties: { level } }) => (level === "village" ? zoom >= 12.5 : level === "township" ? zoom >= 9 && zoom < 15 : zoom < 10))
    .map(({ properties, geometry }) => ({ text: properties.name ?? "", kind: LABEL_KINDS[properties.level] ?? "county", at: centre(geometry) }))
    .filter(({ text, at }) => text && at);
}

const LABEL_KINDS = { village: "village", township: "township" };

function roadLabels(features, zoom) {
  return features
    .filter(({ properties }) => properties.name && zoom >= (properties.road_class === "lane" ? 15.5 : 13.5))
    .flatMap(({ properties, geometry }) => {
      const parts = geometry.type === "LineString" ? [geometry.coordinates] : geometry.type === "MultiLineString" ? geometry.coordinates : [];
      return parts.map((line) => ({ text: properties.name, kind: "road", line: line.map(([lng, lat]) => [lat, lng]) }));
    });
}

function pointLabels(kind, from, text) {
  return (features, zoom) =>
    zoom < from
      ? []
      : features
          .filter(({ properties, geometry }) => text(properties) && geometry)
          .map(({ properties, geometry }) => ({ text: text(properties), kind, beside: geometry.type === "Point", at: anchor(geometry) }))
          .filter(({ at }) => at);
}

function anchor(geometry) {
  if (geometry.type === "Point") return [geometry.coordinates[1], geometry.coordinates[0]];
  if (geometry.type.includes("Polygon")) return centre(geometry);
  const line = geometry.type === "LineString" ? geometry.coordinates : geometry.coordinates?.[0];
  const middle = line?.[Math.floor(line.length / 2)];
  return middle && Array.isArray(middle) ? [middle[1], middle[0]] : null;
}

/** Centre of gravity of the largest ring. */
function centre(geometry) {
  const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.type === "MultiPolygon" ? geometry.coordinates.map(([ring]) => ring) : [];
  let best = null;
  for (const ring of rings) {
    const [x0, y0] = ring[0];
    let [area, x, y] = [0, 0, 0];
    for (let i = 1; i < ring.length; i += 1) {
      const [ax, ay, bx, by] = [ring[i - 1][0] - x0, ring[i - 1][1] - y0, ring[i][0] - x0, ring[i][1] - y0];
      const cross = ax * by - bx * ay;
      area += cross;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
    }
    if (area && (!best || Math.abs(area) > best.size)) best = { size: Math.abs(area), at: [y0 + y / (3 * area), x0 + x / (3 * area)] };
  }
  return best?.at ?? null;
}
