/** Points drawn on Leaflet's canvas as shapes, because a colour alone does not tell a level. */
import { LEVEL_COLOURS } from "./styles.js";

const L = window.L;

const PATHS = {
  error: (c, x, y, r) => polygon(c, [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]),
  warning: (c, x, y, r) => polygon(c, [[x, y - r], [x + r, y + r * 0.85], [x - r, y + r * 0.85]]),
  question: (c, x, y, r) => c.arc(x, y, r * 0.9, 0, 2 * Math.PI),
  info: (c, x, y, r) => c.rect(x - r * 0.75, y - r * 0.75, r * 1.5, r * 1.5),
  dot: (c, x, y, r) => c.arc(x, y, r, 0, 2 * Math.PI),
  place: (c, x, y, r) => polygon(c, [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]),
  stone: (c, x, y, r) => c.rect(x - r, y - r, 2 * r, 2 * r),
};

function polygon(context, corners) {
  corners.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

/** A point with the option `shape` (a key of PATHS) and, for several findings at one place, `count`. */
export const ShapePoint = L.CircleMarker.extend({
  _updatePath() {
    const renderer = this._renderer;
    if (!renderer._drawing || this._empty()) return;
    const context = renderer._ctx;
    const { x, y } = this._point;
    context.beginPath();
    PATHS[this.options.shape](context, x, y, this._radius);
    renderer._fillStroke(context, this);
    if (this.options.count > 1) badge(context, x + this._radius, y - this._radius, this.options.count);
  },
});

function badge(context, x, y, count) {
  const text = count > 999 ? "999+" : String(count);
  context.font = "600 10px sans-serif";
  const half = context.measureText(text).width / 2 + 4;
  context.beginPath();
  context.roundRect(x - half, y - 7, 2 * half, 14, 7);
  context.fillStyle = "#1f2b35";
  context.fill();
  context.fillStyle = "#fff";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y + 0.5);
}

/** The point of a finding (or of several: `count`) of a level. */
export function findingPoint(latlng, level, count, options) {
  return new ShapePoint(latlng, {
    shape: level, count, radius: 9, color: "#fff", weight: 2, fillColor: LEVEL_COLOURS[level], fillOpacity: 1, ...options,
  });
}
