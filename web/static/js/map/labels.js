/** Names on the map, drawn on one canvas: heavier names first, none over another, roads written along their line. */
import { LABELS } from "./styles.js";

const L = window.L;
const FAMILY = getComputedStyle(document.documentElement).getPropertyValue("--font");
const MARGIN = 0.15;

/** Holds candidates { text, kind, at: [lat, lng] } or { text, kind, line: [[lat, lng] …] } by layer. */
export const Labels = L.Layer.extend({
  initialize(options) {
    L.setOptions(this, options);
    this._candidates = new Map();
  },
  onAdd(map) {
    this._canvas = L.DomUtil.create("canvas", "", map.getPane(this.options.pane));
    map.on("moveend resize", this.draw, this);
    map.on("zoomstart", this._clear, this);
  },
  onRemove(map) {
    this._canvas.remove();
    map.off("moveend resize", this.draw, this).off("zoomstart", this._clear, this);
  },
  setCandidates(layer, candidates) {
    this._candidates.set(layer, candidates);
    cancelAnimationFrame(this._frame);
    this._frame = requestAnimationFrame(() => this.draw());
  },
  _clear() {
    this._canvas.getContext("2d").clearRect(0, 0, this._canvas.width, this._canvas.height);
  },
  draw() {
    const map = this._map;
    if (!map) return;
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint([-size.x * MARGIN, -size.y * MARGIN]).round();
    const wide = size.multiplyBy(1 + 2 * MARGIN).round();
    const dense = window.devicePixelRatio || 1;
    Object.assign(this._canvas, { width: wide.x * dense, height: wide.y * dense });
    Object.assign(this._canvas.style, { width: `${wide.x}px`, height: `${wide.y}px` });
    L.DomUtil.setPosition(this._canvas, corner);
    const context = this._canvas.getContext("2d");
    context.scale(dense, dense);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    const taken = new Taken();
    const place = (latlng) => map.latLngToLayerPoint(latlng).subtract(corner);
    const all = [...this._candidates.values()].flat().sort((a, b) => LABELS[b.kind].weight - LABELS[a.kind].weight);
    for (const one of all) (one.line ? alongLine : atPoint)(context, one, place, taken, wide);
  },
});

/** Boxes that are written on already. */
class Taken {
  #boxes = [];
  add(boxes) {
    const free = boxes.every(([a, b, c, d]) => this.#boxes.every(([e, f, g, h]) => c < e || g < a || d < f || h < b));
    if (free) this.#boxes.push(...boxes);
    return free;
  }
}

function write(context, text, x, y) {
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

function prepare(context, kind) {
  const style = LABELS[kind];
  context.font = `${style.font} ${FAMILY}`;
  context.fillStyle = style.fill;
  context.strokeStyle = "rgb(255 255 255 / 88%)";
  context.lineWidth = 3;
  return Number.parseFloat(style.font.match(/([\d.]+)px/)[1]);
}

function atPoint(context, { text, kind, at, beside }, place, taken, wide) {
  const { x, y } = place(at);
  if (x < 0 || y < 0 || x > wide.x || y > wide.y) return;
  const height = prepare(context, kind);
  const width = context.measureText(text).width;
  const dx = beside ? width / 2 + 7 : 0;
  if (taken.add([[x + dx - width / 2 - 2, y - height / 2 - 1, x + dx + width / 2 + 2, y + height / 2 + 1]])) write(context, text, x + dx, y);
}

/** Write each character on the line, in the middle of what is visible of it, never upside down. */
function alongLine(context, { text, kind, line }, place, taken, wide) {
  const path = visible(line.map(place), wide);
  const size = prepare(context, kind);
  const widths = [...text].map((sign) => context.measureText(sign).width + 1);
  const need = widths.reduce((sum, width) => sum + width, 0);
  const have = lengthOf(path);
  if (have < need * 1.15) return;
  if (at(path, have / 2 + need / 2).x < at(path, have / 2 - need / 2).x) path.reverse();
  let run = have / 2 - need / 2;
  const signs = [...text].map((sign, number) => {
    const middle = at(path, run + widths[number] / 2);
    run += widths[number];
    return { sign, ...middle };
  });
  if (signs.some((one, number) => number && Math.abs(turn(one.angle - signs[number - 1].angle)) > 0.6)) return;
  const half = size / 2 + 1;
  if (!taken.add(signs.map(({ x, y }) => [x - half, y - half, x + half, y + half]).filter((box, n, all) => !n || far(box, all[n - 1])))) return;
  for (const pass of ["strokeText", "fillText"]) {
    for (const { sign, x, y, angle } of signs) {
      context.save();
      context.translate(x, y);
      context.rotate(angle);
      context[pass](sign, 0, 0);
      context.restore();
    }
  }
}

const far = (box, other) => box[0] !== other[0] || box[1] !== other[1];
const turn = (angle) => Math.atan2(Math.sin(angle), Math.cos(angle));
const gap = (a, b) => Math.hypot(b.x - a.x, b.y - a.y);
const lengthOf = (path) => path.reduce((sum, point, place) => sum + (place ? gap(path[place - 1], point) : 0), 0);

/** Point and direction at a distance along a path. */
function at(path, distance) {
  let left = Math.max(0, distance);
  for (let place = 1; place < path.length; place += 1) {
    const [a, b] = [path[place - 1], path[place]];
    const length = gap(a, b);
    if (left <= length || place === path.length - 1) {
      const part = length ? Math.min(1, left / length) : 0;
      return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part, angle: Math.atan2(b.y - a.y, b.x - a.x) };
    }
    left -= length;
  }
  return { ...path[0], angle: 0 };
}

/** The longest run of vertices that are on the canvas. */
function visible(path, wide) {
  const runs = [[]];
  path.forEach((point) => {
    const inside = point.x >= 0 && point.y >= 0 && point.x <= wide.x && point.y <= wide.y;
    if (inside) runs.at(-1).push(point);
    else if (runs.at(-1).length) runs.push([]);
  });
  const best = runs.sort((a, b) => lengthOf(b) - lengthOf(a))[0];
  return best.length > 1 ? best : path.length === 2 ? path : best;
}
