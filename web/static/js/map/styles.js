/** How records look on the map; colours come from css/tokens.css. */
const tokens = getComputedStyle(document.documentElement);
const colour = (name) => tokens.getPropertyValue(`--${name}`).trim();

export const LEVEL_COLOURS = {
  error: colour("error"),
  warning: colour("warning-sign"),
  question: colour("question"),
  info: colour("info"),
};
export const LEVELS = Object.keys(LEVEL_COLOURS);
export const SELECTED = colour("map-selected");
export const BEFORE = { color: colour("old"), fillColor: colour("old") };
export const AFTER = { color: colour("new"), fillColor: colour("new") };
export const LABELS = {
  county: { font: "700 15px", fill: "#6d3a67", weight: 5 },
  township: { font: "600 14px", fill: "#3f4b56", weight: 4 },
  village: { font: "11.5px", fill: "#737d86", weight: 1 },
  road: { font: "600 12px", fill: "#7a4d0c", weight: 3 },
  place: { font: "12px", fill: colour("map-place"), weight: 2 },
  marker: { font: "11.5px", fill: colour("map-marker"), weight: 2 },
  plate: { font: "11px", fill: colour("map-plate"), weight: 0 },
};

const TINTS = ["#f8f4e9", "#eef4ec", "#f5f0f4", "#ecf2f6", "#f8f0ea", "#f1f2e6"];
const ROAD_WIDTHS = { arterial: 6, secondary: 5, branch: 4, village: 3, lane: 2.5 };

/** Style of a division's outline; townships have a pale tint of their own so that they can be told apart. */
export function division({ level, code }) {
  const fill = { fill: true, fillOpacity: 1 };
  switch (level) {
    case "village":
      return { color: colour("map-village"), weight: 1, dashArray: "3 3", fill: false };
    case "township":
      return { color: colour("map-township"), weight: 1.7, ...fill, fillColor: TINTS[Number(code.slice(6, 9)) % TINTS.length] };
    default:
      return { color: colour("map-county"), weight: 3, opacity: 0.75, ...fill, fillColor: colour("map-land") };
  }
}

export const boundaryLine = () => ({ color: colour("map-county"), weight: 2, opacity: 0.9, dashArray: "10 4 2 4", fill: false });

export const area = () => ({ color: "#c9a9a0", weight: 1, fill: true, fillColor: "#e9d5cc", fillOpacity: 0.35 });

/** Roads are drawn twice: an edge, and the road on it. Width grows with the zoom. */
export function road({ road_class: kind, status }, zoom) {
  const grown = (ROAD_WIDTHS[kind] ?? 3) * Math.min(1.6, Math.max(0.35, (zoom - 9) / 6));
  const planned = status === "planned" ? { dashArray: "6 5" } : {};
  return {
    edge: { color: colour("map-road-edge"), weight: grown + 1.4, opacity: 0.75, ...planned },
    surface: { color: kind === "lane" || kind === "village" ? "#f5dfb5" : colour("map-road"), weight: grown, ...planned },
  };
}

export const POINTS = {
  doorplates: { shape: "dot", colour: colour("map-plate"), size: 3 },
  place_names: { shape: "place", colour: colour("map-place"), size: 4 },
  markers: { shape: "stone", colour: colour("map-marker"), size: 5 },
};
