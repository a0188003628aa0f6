/** Names on the map, drawn on one canvas: heavier names first, none over another, roads written along their line. */
import { LABELS } from "./styles.js";

const L = window.L;
const FAMILY = getComputedStyle(document.documentElement).getPropertyValue("--font");
const MARGIN = 0.15;
const PLACES_ON_LINE = [0.5, 0.3, 0.7];
const SIGN_SIZE = 9;

/** Holds candidates { text, kind, at: [lat, lng] } or { text, kind, line: [[lat, lng] …] } by layer. */
export const Labels = L.Layer.extend({
  initialize(options) {
    L.setOptions(this, options);
    this._candidates = new Map();
    this._obstacles = [];
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
  /** Points that names keep clear of: the signs of findings. */
  setObstacles(signs) {
    this._obstacles = signs;
    this.draw();
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
    for (const sign of this._obstacles) {
      const { x, y } = place(sign.getLatLng());
      const badge = sign.options.count > 1 ? SIGN_SIZE : 0;
      taken.block([x - SIGN_SIZE, y - SIGN_SIZE - badge / 2, x + SIGN_SIZE + badge, y + SIGN_SIZE]);
    }
    const all = [...this._candidates.values()].flat().sort((a, b) => LABELS[b.kind].weight - LABELS[a.kind].weight);
    for (const one of all) (one.line ? alongLine : atPoint)(context, one, place, taken, wide);
  },
});

/** Boxes that are written on already. */
class Taken {
  #boxes = [];
  block(box) {
    this.#boxes.push(box);
  }
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
  const aside = width / 2 + (beside ? 8 : SIGN_SIZE);
  const above = height / 2 + SIGN_SIZE;
  const shifts = beside ? [[aside, 0], [-aside, 0]] : [[0, 0], [0, -above], [0, above], [aside, 0], [-aside, 0]];
  for (const [dx, dy] of shifts) {
    const box = [x + dx - width / 2 - 1, y + dy - height / 2, x + dx + width / 2 + 1, y + dy + height / 2];
    if (taken.add([box])) return write(context, text, x + dx, y + dy);
  }
}

/** Write each character on the line, in the middle of what is visible of it or, where that is taken, beside the middle. */
function alongLine(context, { text, kind, line }, place, taken, wide) {
  const path = visible(line.map(place), wide);
  const size = prepare(context, kind);
  const widths = [...text].map((sign) => context.measureText(sign).width + 1);
  const need = widths.reduce((sum, width) => sum + width, 0);
  const have = lengthOf(path);
  if (have < need * 1.15) return;
  for (const middle of PLACES_ON_LINE.map((part) => part * have)) {
    if (middle < need / 2 || have - middle < need / 2) continue;
    const signs = lettering([...text], widths, path, middle - need / 2, need);
    const half = size / 2 + 1;
    if (!signs || !taken.add(signs.map(({ x, y }) => [x - half, y - half, x + half, y + half]))) continue;
    for (const pass of ["strokeText", "fillText"]) for (const one of signs) turned(context, pass, one);
    return;
  }
}

/**
 * Each character with its place and turn. On a steep road characters stand upright one under the other, as Chinese is
 * written; else they follow the line from left to right. Null where the line bends too much to be read.
 */
function lettering(text, widths, path, start, need) {
  const [first, last] = [at(path, start), at(path, start + need)];
  const steep = Math.abs(last.y - first.y) > 1.4 * Math.abs(last.x - first.x);
  const backwards = steep ? last.y < first.y : last.x < first.x;
  let run = start;
  const order = backwards ? [...text.keys()].reverse() : [...text.keys()];
  const signs = order.map((number) => {
    const { x, y, angle } = at(path, run + widths[number] / 2);
    run += widths[number];
    return { sign: text[number], x, y, angle: turn(angle + (backwards ? Math.PI : 0) - (steep ? Math.PI / 2 : 0)) };
  });
  return signs.some((one, number) => number && Math.abs(turn(one.angle - signs[number - 1].angle)) > 0.6) ? null : signs;
}

function turned(context, pass, { sign, x, y, angle }) {
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context[pass](sign, 0, 0);
  context.restore();
}

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
