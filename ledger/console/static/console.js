// The console's whole script: sliders that stop where something changes, the panel with reasons, plots of tables.
"use strict";

document.documentElement.classList.add("with-script");

// Sliders: positions are places in a list of days; the date field beside each one is what is sent.

const daysOf = (range) => range.dataset.days.split(" ").filter(Boolean);

function moved(field) {
  field.form.dispatchEvent(new CustomEvent("moved"));
}

function slide(range) {
  const day = daysOf(range)[Number(range.value)];
  const field = document.getElementById(range.dataset.for);
  if (!day || field.value === day) return;
  field.value = day;
  range.setAttribute("aria-valuetext", day);
  moved(field);
}

function follow(field) {
  const range = document.getElementById(`${field.id}-range`);
  if (!range || !field.value) return;
  const days = daysOf(range);
  const after = days.findIndex((day) => day > field.value);
  range.value = String(after < 0 ? days.length - 1 : Math.max(after - 1, 0));
  range.setAttribute("aria-valuetext", field.value);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("input[type=range][data-days]")) slide(event.target);
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches(".dates[hx-get] input.day") || !field.validity.valid || !field.value) return;
  follow(field);
  moved(field);
});

// Links inside the panels that only change a date move the sliders instead of loading the page anew.

document.addEventListener("click", (event) => {
  const link = event.target.closest("#panels a.since");
  const form = document.getElementById("dates");
  if (!link || !form || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const asked = new URL(link.href).searchParams;
  for (const name of ["on", "known"]) {
    const field = document.getElementById(name);
    field.value = asked.get(name);
    follow(field);
  }
  moved(document.getElementById("known"));
});

// The panel with the reason of a cell: opens beside the page, takes the focus, gives it back when closed.

let asked = null;

function close() {
  const panel = document.getElementById("why");
  if (!panel || !panel.classList.contains("open")) return;
  panel.classList.remove("open");
  panel.replaceChildren();
  document.body.classList.remove("asking");
  const back = asked && document.contains(asked) ? asked : document.getElementById("main");
  asked = null;
  back.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-why]");
  if (link) asked = link;
  if (event.target.closest("[data-close-why]")) close();
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});

document.addEventListener("htmx:afterSwap", (event) => {
  const panel = event.detail.target;
  if (panel.id !== "why") return;
  panel.classList.add("open");
  document.body.classList.add("asking");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain close";
  button.dataset.closeWhy = "";
  button.textContent = panel.dataset.close;
  panel.prepend(button);
  panel.scrollTop = 0;
  panel.querySelector("h2")?.focus({ preventScroll: window.innerWidth > 1000 });
});

document.addEventListener("htmx:beforeOnLoad", (event) => {
  // A refusal is a page of its own kind: show it where the answer would have stood.
  const status = event.detail.xhr.status;
  if (status >= 400 && event.detail.target.id === "why") event.detail.shouldSwap = true;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "dates") close();
});

// Plots are drawn from the tables under them, which say the same and more.

function plots() {
  for (const place of document.querySelectorAll("[data-plot]")) {
    if (place.firstChild) continue;
    const table = document.getElementById(place.dataset.plot);
    const rows = [...table.tBodies[0].rows].reverse();
    if (rows.length < 2 || !rows[0].cells[1]) continue;
    const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
    const times = rows.map((row) => Date.parse(row.querySelector("time").dateTime) / 1000);
    const lines = names.map((_, n) => rows.map((row) => Number(row.cells[n + 1].dataset.fen)));
    draw(place, names, [times, ...lines]);
  }
}

function draw(place, names, data) {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--faint").trim();
  const grid = { stroke: style.getPropertyValue("--line").trim(), width: 1 };
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const colours = ["--covered", "--seal", "--link", "--waiting", "--ink"];
  const axis = { stroke: ink, grid, ticks: { ...grid, size: 4 }, font };
  const chinese = document.documentElement.lang.startsWith("zh");
  const step = Math.ceil((data[0].length * 64) / place.clientWidth);
  const short = (fen) => (chinese ? `${(fen / 1e6).toLocaleString("en")} 万` : `${(fen / 1e5).toLocaleString("en")}k`);
  const month = (second) => new Date(second * 1000).toISOString().slice(0, 7);
  new uPlot(
    {
      width: place.clientWidth,
      height: 220,
      cursor: { show: false },
      legend: { show: true, live: false },
      fmtDate: () => () => "",
      series: [
        {},
        ...names.map((label, n) => ({
          label,
          stroke: style.getPropertyValue(colours[n % colours.length]).trim(),
          width: 2,
          dash: n % 2 ? [6, 4] : undefined,
          points: { show: true, size: 5 },
        })),
      ],
      axes: [
        { ...axis, splits: () => data[0].filter((_, n) => (data[0].length - 1 - n) % step === 0), values: (_, seconds) => seconds.map(month) },
        { ...axis, size: 62, values: (_, values) => values.map(short) },
      ],
    },
    data,
    place,
  );
}

addEventListener("resize", () => {
  for (const place of document.querySelectorAll("[data-plot]")) place.replaceChildren();
  plots();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("resize")));
document.addEventListener("DOMContentLoaded", plots);
