// <metric-chart data-key data-runs data-names>: a metric of one run or of several over step or time. <chart-controls> says how all charts of the page are drawn.
// Points are asked for when a chart comes into view, those of all charts together; when the page follows a run that goes on, no more than the points since the last ones.
import { base, draw } from "./chart.js";

const atOnce = 50, sampled = 1000;
const settings = { axis: "step", log: false, smoothing: 0 };
const known = new Map();
const charts = new Set();
let wanted = new Map(), flushing;

const seriesOf = (run, key) => known.get(run)?.get(key);
const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 5 });
const text = (value) => value == null ? "no number" : value !== 0 && (Math.abs(value) >= 1e7 || Math.abs(value) < 1e-4) ? value.toExponential(3) : number.format(value);

function want(run, key) {
  if (!wanted.has(run)) wanted.set(run, new Set());
  wanted.get(run).add(key);
  flushing ??= new Promise((then) => requestAnimationFrame(then)).then(flush);
}

async function flush() {
  const asked = wanted;
  [wanted, flushing] = [new Map(), undefined];
  await Promise.all([...asked].map(([run, keys]) => read(run, [...keys])));
}

async function read(run, keys) {
  for (let from = 0; from < keys.length; from += atOnce) {
    const some = keys.slice(from, from + atOnce);
    const lasts = some.map((key) => seriesOf(run, key)?.last);
    const since = lasts.includes(undefined) ? undefined : Math.min(...lasts);
    const query = new URLSearchParams(some.map((key) => ["key", key]));
    query.set("max", sampled);
    if (since !== undefined) query.set("since", since);
    try {
      const answer = await fetch(`/runs/${run}/series?${query}`);
      if (!answer.ok) throw new Error(`The store answered ${answer.status}.`);
      for (const { key, points } of (await answer.json()).series) merge(run, key, points);
      for (const chart of charts) if (chart.runs.includes(run) && some.includes(chart.dataset.key)) chart.redraw();
    } catch {
      for (const chart of charts) if (chart.runs.includes(run) && some.includes(chart.dataset.key)) chart.fail();
    }
  }
}

function merge(run, key, points) {
  if (!known.has(run)) known.set(run, new Map());
  const series = seriesOf(run, key) ?? { points: [], seen: new Set(), last: undefined };
  for (const point of points) {
    const name = point.join("|");
    if (series.seen.has(name)) continue;
    series.seen.add(name);
    series.points.push(point);
    series.last = Math.max(series.last ?? point[1], point[1]);
  }
  known.get(run).set(key, series);
}

// An average that forgets; early values are not pulled towards zero.
function smooth(points, weight) {
  let [sum, share] = [0, 0];
  return points.map(([x, y]) => {
    if (y == null) return [x, y];
    sum = sum * weight + (1 - weight) * y;
    share = share * weight + (1 - weight);
    return [x, sum / share];
  });
}

function line(series) {
  const { axis, log } = settings;
  const first = Math.min(...series.points.map(([, time]) => time));
  return series.points
    .map(([step, time, value]) => [axis === "step" ? step : axis === "time" ? time : (time - first) / 1000, log && value <= 0 ? null : value])
    .sort(([x], [y]) => x - y);
}

customElements.define("metric-chart", class extends HTMLElement {
  connectedCallback() {
    this.runs = this.dataset.runs.split(",");
    this.names = JSON.parse(this.dataset.names);
    charts.add(this);
    this.replaceChildren();
    this.watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.watch.disconnect();
      this.isSeen = true;
      for (const run of this.runs) want(run, this.dataset.key);
      this.redraw();
    }, { rootMargin: "300px" });
    this.watch.observe(this);
  }

  disconnectedCallback() {
    charts.delete(this);
    this.watch.disconnect();
    this.isSeen = false;
    this.drawn?.then((drawn) => drawn.dispose());
    this.drawn = undefined;
  }

  async redraw() {
    if (!this.isSeen || !this.runs.some((run) => seriesOf(run, this.dataset.key))) return;
    if (this.drawn) {
      (await this.drawn).redraw();
    } else {
      this.replaceChildren();
      this.drawn = draw(this, () => this.option());
      const { chart } = await this.drawn;
      chart.dispatchAction({ type: "takeGlobalCursor", key: "dataZoomSelect", dataZoomSelectActive: true });
      chart.getZr().on("dblclick", () => chart.dispatchAction({ type: "dataZoom", dataZoomIndex: 0, start: 0, end: 100 }));
    }
    const points = this.runs.reduce((sum, run) => sum + (seriesOf(run, this.dataset.key)?.points.length ?? 0), 0);
    this.dataset.points = points;
  }

  // The connection failed: the words beside the chart still say the last value.
  fail() {
    if (this.drawn) return;
    this.textContent = "The points could not be read. Load the page again.";
  }

  option() {
    const { axis, option } = base();
    const lines = this.runs.flatMap((run, place) => {
      const series = seriesOf(run, this.dataset.key);
      if (!series) return [];
      const colour = option.color[place % option.color.length];
      const data = line(series);
      const whole = { name: this.names[place], type: "line", color: colour, data, showSymbol: data.length < 3, symbolSize: 5, lineStyle: { width: 1.6 }, emphasis: { focus: "series" } };
      return settings.smoothing === 0 ? [whole] : [
        { ...whole, name: undefined, silent: true, showSymbol: false, lineStyle: { width: 1, opacity: 0.3 }, tooltip: { show: false }, emphasis: { disabled: true } },
        { ...whole, data: smooth(data, settings.smoothing) },
      ];
    });
    const several = this.runs.length > 1;
    return {
      ...option,
      grid: { left: 8, right: 14, top: several ? 34 : 10, bottom: 4, containLabel: true },
      legend: several ? { type: "scroll", top: 0, left: 0, right: 8, data: this.names, textStyle: { color: option.textStyle.color, fontSize: 11 }, itemWidth: 14, itemHeight: 8, pageTextStyle: { color: option.textStyle.color } } : { show: false },
      // Its buttons are out of sight: one drags over the chart to zoom in, and double-clicks to see all.
      toolbox: { top: -40, feature: { dataZoom: { yAxisIndex: "none" } } },
      xAxis: { ...axis, type: settings.axis === "time" ? "time" : "value", scale: true, splitLine: { show: false }, axisLabel: { ...axis.axisLabel, hideOverlap: true, formatter: settings.axis === "relative" ? (seconds) => `${text(seconds)} s` : undefined } },
      yAxis: { ...axis, type: settings.log ? "log" : "value", scale: true, axisLine: { show: false }, axisLabel: { ...axis.axisLabel, formatter: text } },
      tooltip: { ...option.tooltip, trigger: "axis", valueFormatter: text },
      series: lines,
    };
  }
});

customElements.define("chart-controls", class extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    this.innerHTML = `
      <label class="line">Over <select name="axis"><option value="step">step</option><option value="time">time</option><option value="relative">time since its start</option></select></label>
      <label class="line"><input type="checkbox" name="log"> Log scale</label>
      <label class="line">Smoothing <input type="range" name="smoothing" min="0" max="0.98" step="0.02"></label>
      <span class="soft">Drag over a chart to zoom in, double-click to see all.</span>`;
    this.querySelector("[name=axis]").value = settings.axis;
    this.querySelector("[name=log]").checked = settings.log;
    this.querySelector("[name=smoothing]").value = settings.smoothing;
    this.addEventListener("input", ({ target }) => {
      settings[target.name] = target.type === "checkbox" ? target.checked : target.type === "range" ? Number(target.value) : target.value;
      for (const chart of charts) chart.redraw();
    });
  }
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("button.enlarge");
  if (!button) return;
  const isLarge = button.closest("figure").classList.toggle("wide");
  button.setAttribute("aria-pressed", isLarge);
});

// What is drawn stays when the page is merged with a newer one; what it says in words is renewed.
document.addEventListener("turbo:before-morph-element", (event) => {
  const { target, detail: { newElement } } = event;
  if (target.localName !== "metric-chart" || newElement?.localName !== "metric-chart" || target.dataset.key !== newElement.dataset.key || target.dataset.runs !== newElement.dataset.runs) return;
  event.preventDefault();
  target.setAttribute("aria-label", newElement.getAttribute("aria-label"));
});
document.addEventListener("turbo:before-morph-attribute", (event) => {
  const { target, detail: { attributeName } } = event;
  if (attributeName === "class" && target.matches("figure:has(metric-chart)") || attributeName === "aria-pressed" && target.matches("button.enlarge")) event.preventDefault();
});

// Points of runs that no chart shows any more are let go.
document.addEventListener("turbo:load", () => {
  const shown = new Set([...charts].flatMap((chart) => chart.runs));
  for (const run of known.keys()) if (!shown.has(run)) known.delete(run);
});

document.addEventListener("live:changed", () => {
  for (const chart of charts) if (chart.isSeen) for (const run of chart.runs) want(run, chart.dataset.key);
});
