"use strict";
// The offline form of a field trip: answers and photographs stay in this browser until they are saved as one zip.
const trip = JSON.parse(document.getElementById("trip").textContent);
const STORE = `diming-${trip.id}`;
const ENGLISH = "diming-english";
let english = localStorage.getItem(ENGLISH) === "yes";
let database;
const answers = new Map(); // marker → fields
const pictures = new Map(); // marker → [{key, name, blob}]
let common = { inspected_on: new Date().toLocaleDateString("sv"), inspector: "", parties: [] };

const t = (zh, en) => (english ? en : zh);
const told = (text) => { document.getElementById("told").textContent = text; };

const CONDITIONS = [
  ["intact", "完好", "intact"], ["text_faded", "字迹模糊", "text faded"], ["damaged", "损坏", "damaged"],
  ["moved", "移动", "moved"], ["lost", "丢失", "lost"], ["not_found", "未找到", "not found"],
  ["endangered", "危及", "endangered"], ["reference_missing", "方位物不齐", "references missing"],
  ["rebuilt", "重建", "rebuilt"],
];
const FIXES = [["single", "单点（手机、手持机）", "single (phone, handset)"], ["dgnss", "差分", "differential"], ["rtk", "RTK", "RTK"], ["none", "没有测", "none"]];
const NEED_PROOF = new Set(trip.need_proof);

// ---- storage ----
function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(STORE, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("answers");
      asked.result.createObjectStore("photos", { autoIncrement: true });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

function ask(store, mode, call) {
  return new Promise((done, failed) => {
    const change = database.transaction(store, mode);
    const asked = call(change.objectStore(store));
    change.oncomplete = () => done(asked && asked.result);
    change.onerror = () => failed(change.error);
    change.onabort = () => failed(change.error);
  });
}

async function keep(key, value) {
  try {
    await ask("answers", "readwrite", (store) => store.put(value, key));
    told("");
  } catch (fault) {
    told(t(`没有存住（${fault.message}），请立即保存成果文件。`, `It could not be kept (${fault.message}); save the file now.`));
  }
}

async function recall() {
  const keys = await ask("answers", "readonly", (store) => store.getAllKeys());
  const values = await ask("answers", "readonly", (store) => store.getAll());
  keys.forEach((key, place) => (key === "*" ? (common = values[place]) : answers.set(key, values[place])));
  const photoKeys = await ask("photos", "readonly", (store) => store.getAllKeys());
  const photos = await ask("photos", "readonly", (store) => store.getAll());
  photos.forEach((one, place) => {
    pictures.set(one.marker, [...(pictures.get(one.marker) || []), { ...one, key: photoKeys[place] }]);
  });
}

// ---- building the page ----
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function field(title, input) {
  return element("label", {}, element("span", { textContent: title }), input);
}

function choice(name, options, value, empty) {
  const made = element("select", { name });
  if (empty) made.append(element("option", { value: "", textContent: empty }));
  options.forEach(([key, zh, en]) => made.append(element("option", { value: key, textContent: t(zh, en) })));
  made.value = value || "";
  return made;
}

function text(name, value, more = {}) {
  return element("input", { name, value: value || "", autocomplete: "off", ...more });
}

function drawCommon() {
  const box = document.getElementById("common");
  box.replaceChildren(
    field(t("检查日期", "Day"), text("inspected_on", common.inspected_on, { type: "date" })),
    field(t("检查人", "Inspector"), text("inspector", common.inspector)),
    element("p", { className: "about", textContent: t("到场各方", "Sides present") }),
    ...trip.sides.map(([code, name]) =>
      element("label", { className: "check" }, element("input", { type: "checkbox", name: "party", value: code, checked: common.parties.includes(code) }), name)),
  );
  box.onchange = () => {
    common = {
      inspected_on: box.querySelector('[name="inspected_on"]').value,
      inspector: box.querySelector('[name="inspector"]').value.trim(),
      parties: [...box.querySelectorAll('[name="party"]:checked')].map((one) => one.value),
    };
    keep("*", common);
  };
}

function drawStone(stone) {
  const given = answers.get(stone.id) || {};
  const box = element("details", { id: `stone-${stone.place}` });
  box.dataset.marker = stone.id;
  const camera = element("input", { type: "file", accept: "image/*", multiple: true, name: "camera" });
  const here = element("button", { type: "button", textContent: t("取当前位置", "Take the place here") });
  box.append(
    element("summary", {}, `${stone.place}. ${stone.name} `, element("span", { className: "state" })),
    element("p", { className: "about", textContent: [stone.number, stone.location, ...stone.witnesses].filter(Boolean).join("；") }),
    field(t("现状", "Condition"), choice("condition", CONDITIONS, given.condition, t("（未填）", "(not filled in)"))),
    element("p", { className: "about warn" }),
    field(t("方位物", "Witness objects"), choice("witness_ok", [["是", "齐全完好", "all there"], ["否", "有缺失", "some missing"]], given.witness_ok, t("（未填）", "(not filled in)"))),
    field(t("定位方式", "Position fix"), choice("fix_type", FIXES, given.fix_type || "single")),
    element("div", { className: "pair" },
      field(t("经度", "Longitude"), text("lon", given.lon, { inputMode: "decimal" })),
      field(t("纬度", "Latitude"), text("lat", given.lat, { inputMode: "decimal" }))),
    field(t("定位精度（米）", "Accuracy, m"), text("accuracy_m", given.accuracy_m, { inputMode: "decimal" })),
    here,
    field(t("照片（交原图）", "Photographs (originals)"), camera),
    element("ul", { className: "photos" }),
    field(t("处理", "Action"), text("action", given.action)),
    field(t("说明", "Note"), element("textarea", { name: "note", value: given.note || "" })),
  );
  box.onchange = (event) => (event.target === camera ? take(stone, camera) : read(stone, box));
  here.onclick = () => locate(stone, box);
  refresh(stone, box);
  return box;
}

function read(stone, box) {
  const given = {};
  box.querySelectorAll("[name]:not([type=file])").forEach((one) => { if (one.value.trim()) given[one.name] = one.value.trim(); });
  answers.set(stone.id, given);
  keep(stone.id, given);
  refresh(stone, box);
}

function refresh(stone, box) {
  const given = answers.get(stone.id) || {};
  const own = pictures.get(stone.id) || [];
  const known = CONDITIONS.find(([key]) => key === given.condition);
  box.classList.toggle("done", Boolean(known));
  box.querySelector(".state").textContent = known ? `✓ ${t(known[1], known[2])}` : t("未查", "to do");
  const unproved = NEED_PROOF.has(given.condition) && !own.length && !given.note;
  box.querySelector(".warn").textContent = unproved
    ? t("移动、损坏、丢失须有照片或说明。没找到请填“未找到”。", "Moved, damaged and lost need a photograph or a note. If it was not found, say so.")
    : "";
  box.querySelector(".photos").replaceChildren(...own.map((one) => {
    const drop = element("button", { type: "button", textContent: t("删除", "Remove") });
    drop.onclick = async () => {
      await ask("photos", "readwrite", (store) => store.delete(one.key));
      pictures.set(stone.id, pictures.get(stone.id).filter((other) => other !== one));
      refresh(stone, box);
    };
    return element("li", {}, element("img", { src: URL.createObjectURL(one.blob), alt: one.name }), drop);
  }));
  const done = trip.stones.filter((one) => (answers.get(one.id) || {}).condition).length;
  document.getElementById("progress").textContent = t(`已填 ${done} / ${trip.stones.length} 颗`, `${done} of ${trip.stones.length} filled in`);
}

async function take(stone, camera) {
  for (const file of camera.files) {
    const number = (pictures.get(stone.id) || []).reduce((most, one) => Math.max(most, one.number), 0) + 1;
    const ending = (file.name.match(/\.[A-Za-z0-9]+$/) || [".jpg"])[0].toLowerCase();
    const one = { marker: stone.id, number, name: `${trip.id}_${stone.place}_${number}${ending}`, blob: file };
    try {
      one.key = await ask("photos", "readwrite", (store) => store.add({ ...one }));
    } catch (fault) {
      told(t(`照片没有存住：${fault.message}`, `The photograph could not be kept: ${fault.message}`));
      break;
    }
    pictures.set(stone.id, [...(pictures.get(stone.id) || []), one]);
  }
  camera.value = "";
  refresh(stone, document.getElementById(`stone-${stone.place}`));
}

function locate(stone, box) {
  if (!navigator.geolocation) {
    told(t("这台设备不能定位，请手工填写经纬度。", "This device gives no place; type the degrees."));
    return;
  }
  told(t("正在定位…", "Finding the place…"));
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      box.querySelector('[name="lon"]').value = coords.longitude.toFixed(7);
      box.querySelector('[name="lat"]').value = coords.latitude.toFixed(7);
      box.querySelector('[name="accuracy_m"]').value = coords.accuracy.toFixed(1);
      told("");
      read(stone, box);
    },
    (fault) => told(t(`没有取到位置（${fault.message}），请手工填写经纬度。`, `No place was found (${fault.message}); type the degrees.`)),
    { enableHighAccuracy: true, timeout: 30000 },
  );
}

// ---- handing in: one zip, stored without compression ----
const CRC = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ CRC[(value ^ byte) & 255];
  return (value ^ 0xffffffff) >>> 0;
}

function header(signature, fields) {
  const size = fields.reduce((sum, [width]) => sum + width, 4);
  const view = new DataView(new ArrayBuffer(size));
  view.setUint32(0, signature, true);
  let place = 4;
  fields.forEach(([width, value]) => {
    if (width === 2) view.setUint16(place, value, true);
    else view.setUint32(place, value, true);
    place += width;
  });
  return new Uint8Array(view.buffer);
}

function zip(members) {
  const parts = [];
  const directory = [];
  let offset = 0;
  members.forEach(([name, bytes]) => {
    const path = new TextEncoder().encode(name);
    const shared = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, path.length], [2, 0]];
    const local = header(0x04034b50, shared);
    directory.push(header(0x02014b50, [[2, 20], ...shared, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), path);
    parts.push(local, path, bytes);
    offset += local.length + path.length + bytes.length;
  });
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = header(0x06054b50, [[2, 0], [2, 0], [2, members.length], [2, members.length], [4, size], [4, offset], [2, 0]]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

function feature(stone) {
  const { lon, lat, accuracy_m: accuracy, ...given } = answers.get(stone.id);
  const x = Number(lon);
  const y = Number(lat);
  const placed = lon && lat && Number.isFinite(x) && Number.isFinite(y);
  return {
    type: "Feature",
    properties: {
      id: `${trip.id}-${stone.id}`, marker_id: stone.id, line_code: trip.line, round: trip.round, source: trip.id,
      inspected_on: common.inspected_on, inspector: common.inspector, parties: common.parties.join(";"),
      ...given,
      fix_type: placed ? given.fix_type : "none",
      accuracy_m: accuracy && Number.isFinite(Number(accuracy)) ? Number(accuracy) : null,
      photos: (pictures.get(stone.id) || []).map((one) => one.name).join(";"),
    },
    geometry: placed ? { type: "Point", coordinates: [x, y] } : null,
  };
}

async function save() {
  const done = trip.stones.filter((stone) => (answers.get(stone.id) || {}).condition);
  if (!done.length) {
    told(t("还没有填任何一颗界桩的现状。", "No condition has been filled in yet."));
    return;
  }
  const collection = { type: "FeatureCollection", features: done.map(feature) };
  const members = [["inspections.geojson", new TextEncoder().encode(JSON.stringify(collection))]];
  for (const stone of done) {
    for (const one of pictures.get(stone.id) || []) {
      members.push([`photos/${one.name}`, new Uint8Array(await one.blob.arrayBuffer())]);
    }
  }
  const name = `${trip.id}-${common.inspected_on}.zip`;
  const link = element("a", { href: URL.createObjectURL(zip(members)), download: name });
  link.click();
  told(t(`已保存 ${name}（${done.length} 颗）。交回并确认收到后再清空。`, `Saved ${name} (${done.length} stones). Clear only when it has been handed in.`));
}

async function clearAll() {
  if (!window.confirm(t("成果文件已经交回了吗？清空后不能恢复。", "Has the file been handed in? Cleared answers do not come back."))) return;
  await ask("answers", "readwrite", (store) => store.clear());
  await ask("photos", "readwrite", (store) => store.clear());
  answers.clear();
  pictures.clear();
  draw();
}

function draw() {
  document.documentElement.lang = english ? "en" : "zh-CN";
  document.getElementById("language").textContent = english ? "中文" : "English";
  document.getElementById("title").textContent = `${trip.name} · ${trip.id}`;
  document.getElementById("about").textContent = t(
    "不联网也能填；填的内容和照片存在这台手机的浏览器里。回来后点“保存成果文件”，把得到的 zip 交回。",
    "It works without network; answers and photographs stay in this phone's browser. Afterwards save the file and hand in the zip.");
  document.getElementById("save").textContent = t("保存成果文件", "Save the file to hand in");
  document.getElementById("clear").textContent = t("清空", "Clear");
  drawCommon();
  const open = new Set([...document.querySelectorAll("details[open]")].map((one) => one.dataset.marker));
  document.getElementById("stones").replaceChildren(...trip.stones.map(drawStone));
  document.querySelectorAll("details").forEach((one) => { one.open = open.has(one.dataset.marker); });
}

async function start() {
  try {
    database = await open();
    await recall();
  } catch (fault) {
    told(t(`浏览器不能保存（${fault.message}）：关掉页面会丢失所填内容。`, `This browser cannot keep answers (${fault.message}): closing the page loses them.`));
  }
  draw();
  document.getElementById("language").onclick = () => {
    english = !english;
    localStorage.setItem(ENGLISH, english ? "yes" : "no");
    draw();
  };
  document.getElementById("save").onclick = save;
  document.getElementById("clear").onclick = clearAll;
  document.body.classList.add("ready");
}

start();
