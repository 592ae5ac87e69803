// What every page has. Elements that only some pages have are loaded where they stand.
import "./turbo.js";
import "./live-dot.js";
import "./copy-button.js";
import "./api-form.js";
import "./keys.js";
import "./table-visit.js";
import { showTimes } from "./times.js";

// Element by module. A page names the element; whoever adds one adds a line.
const elements = {
  "found-list": "./found-list.js",
  "signed-in": "./signed-in.js",
  "chart-controls": "./metric-chart.js",
  "metric-chart": "./metric-chart.js",
  "table-chart": "./table-chart.js",
  "audit-check": "./audit-check.js",
  "window-chart": "./window-chart.js",
  "filter-box": "./filter-box.js",
  "run-charts": "./run-charts.js",
  "run-table": "./run-table.js",
  "view-changes": "./view-changes.js",
};

function arrive() {
  showTimes(document);
  for (const element of document.querySelectorAll(":not(:defined)")) {
    const name = element.localName;
    if (elements[name]) {
      import(elements[name]);
    }
  }
}

// Where one stands is in sight, also in a row of places that a phone is too narrow for.
function showPlace() {
  for (const here of document.querySelectorAll("nav [aria-current]")) {
    const row = here.closest("nav"), beyond = here.getBoundingClientRect().right - row.getBoundingClientRect().right;
    if (beyond > 0) row.scrollLeft += beyond;
  }
}

// What the reader opened stays open when the page is merged with a newer one.
document.addEventListener("turbo:before-morph-attribute", (event) => {
  if (event.target.localName === "details" && event.detail.attributeName === "open") event.preventDefault();
});
// What is drawn stays, too, and is drawn anew from what the page says now.
document.addEventListener("turbo:before-morph-element", (event) => {
  const { target, detail: { newElement } } = event;
  if (!target.matches("window-chart, table-chart") || newElement?.localName !== target.localName) return;
  for (const { name, value } of newElement.attributes) if (target.getAttribute(name) !== value) target.setAttribute(name, value);
  event.preventDefault();
});
document.addEventListener("turbo:render", () => {
  for (const chart of document.querySelectorAll("table-chart")) chart.drawn?.redraw();
});
document.addEventListener("turbo:load", arrive);
document.addEventListener("turbo:load", showPlace);
document.addEventListener("turbo:render", arrive);
// Rows that come later have times too.
document.addEventListener("rows:added", (event) => showTimes(event.target));
