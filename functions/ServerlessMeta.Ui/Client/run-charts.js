// The charts of an experiment's runs: lines over time with smoothing and bands, and how params and metrics hang together.
import { base, draw, palette } from "./chart.js";
import { drawContour, drawParallel, drawScatter } from "./run-relations.js";
import { band, smooth, text } from "./run-series.js";

const mostPoints = 1000, mostAtOnce = 100;
// What lines begin with when nobody says otherwise; the metric is the first one.
const first = { x: "step", top: "10", band: "", smooth: "0", log: "" };

customElements.define("run-charts", class extends HTMLElement {
  static observedAttributes = ["chart"];
  #charts = new Map();
  #stop;

  async connectedCallback() {
    if (this.#stop) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.model = JSON.parse(this.getAttribute("chart"));
    this.lines = this.querySelector("[data-chart=lines]");
    const asked = new URLSearchParams(location.search);
    for (const field of this.lines.querySelector("form").elements) {
      if (!asked.has(field.name)) continue;
      if (field.type === "checkbox") field.checked = asked.get(field.name) === "on";
      else field.value = asked.get(field.name);
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = this.#firstOf(field);
    }
    this.lines.addEventListener("input", () => { this.#keep(); this.#showLines(); }, { signal });
    this.addEventListener("submit", (event) => event.preventDefault(), { signal });
    // What is drawn is the script's own: when the page is merged, only what the charts begin with changes.
    this.addEventListener("turbo:before-morph-element", (event) => { if (event.target !== this) event.preventDefault(); }, { signal });
    document.addEventListener("live:changed", (event) => { event.preventDefault(); this.refresh(); }, { signal });
    await this.refresh();
  }

  attributeChangedCallback(name, before, after) {
    if (before === null || before === after || !this.#stop) return;
    this.model = JSON.parse(after);
    this.lines.querySelector("[name=top]").closest("label").hidden = this.model.runs.length > 0;
    this.refresh();
  }

  disconnectedCallback() {
    this.#stop?.abort();
    this.#stop = undefined;
    for (const { dispose } of this.#charts.values()) dispose();
    this.#charts.clear();
  }

  /** Reads the numbers again and draws what changed. */
  async refresh() {
    const answer = await fetch(this.model.numbers);
    if (!answer.ok) {
      this.say(this.lines, `The runs could not be read: the store answered ${answer.status}.`);
      return;
    }
    const all = await answer.json();
    this.histories = new Map();
    this.runs = this.model.runs.length ? all.filter((run) => this.model.runs.includes(run.run_id)) : all;
    await this.#showLines();
    await drawParallel(this, this.querySelector("[data-chart=parallel]"));
    await drawScatter(this, this.querySelector("[data-chart=scatter]"));
    await drawContour(this, this.querySelector("[data-chart=contour]"));
  }

  get settings() { return Object.fromEntries(new FormData(this.lines.querySelector("form"))); }

  #firstOf(field) { return first[field.name] ?? field.options[0]?.value ?? ""; }

  // What was chosen stands in the address, so that the link shows the same. What lines begin with anyway need not, unless the saved view says it too: set back, the address is as it was.
  #keep() {
    const address = new URL(location.href), saved = new URLSearchParams(document.querySelector("view-changes")?.getAttribute("lines") ?? "");
    for (const field of this.lines.querySelector("form").elements) {
      const value = field.type === "checkbox" ? (field.checked ? "on" : "") : field.value;
      if (value !== this.#firstOf(field) || value === saved.get(field.name)) address.searchParams.set(field.name, value);
      else address.searchParams.delete(field.name);
    }
    history.replaceState(history.state, "", address);
    document.dispatchEvent(new Event("address:changed"));
  }

  async #historiesOf(metric, runs) {
    const known = this.histories.get(metric) ?? new Map();
    this.histories.set(metric, known);
    const wanted = runs.filter((run) => !known.has(run.run_id)).slice(0, mostAtOnce);
    if (wanted.length) {
      const query = new URLSearchParams([...wanted.map((run) => ["run_ids", run.run_id]), ["metric_key", metric], ["max_results", mostPoints]]);
      const answer = await fetch(`/api/2.0/mlflow/metrics/get-history-bulk-interval?${query}`);
      if (!answer.ok) return known;
      for (const run of wanted) known.set(run.run_id, []);
      for (const point of (await answer.json()).metrics ?? []) known.get(point.run_id)?.push([Number(point.step), Number(point.timestamp), Number(point.value)]);
    }
    return known;
  }

  async #showLines() {
    const { metric, x, band: by, smooth: weight, log, top } = this.settings;
    if (!metric) {
      this.say(this.lines, "No run of these has a metric yet.");
      return;
    }
    const runs = this.runs.slice(0, this.model.runs.length ? mostAtOnce : Number(top));
    const known = await this.#historiesOf(metric, runs);
    const isTime = x === "time";
    const lines = runs.map((run) => {
      const points = known.get(run.run_id) ?? [];
      const begin = points.length ? Math.min(...points.map(([, at]) => at)) : 0;
      return { run, line: smooth(points.map(([step, at, value]) => [x === "step" ? step : isTime ? at : (at - begin) / 1000, value]), Number(weight)) };
    }).filter(({ line }) => line.length > 0);
    const { option, axis } = base();
    const series = by ? this.#bands(lines, by) : lines.map(({ run, line }, at) => this.#line(run.run_name || run.run_id, line, at));
    await this.show(this.lines, () => ({
      ...option,
      grid: { left: 64, right: 18, top: series.length > 1 ? 44 : 16, bottom: 52 },
      legend: { type: "scroll", top: 0, textStyle: { color: option.textStyle.color }, data: [...new Set(series.filter(({ isHelp }) => !isHelp).map(({ name }) => name))] },
      tooltip: { ...option.tooltip, trigger: "axis", order: "valueDesc", valueFormatter: (value) => text(Number(value)) },
      dataZoom: [{ type: "inside", filterMode: "none" }],
      xAxis: { ...axis, type: isTime ? "time" : "value", name: x === "step" ? "step" : isTime ? "" : "seconds", nameLocation: "middle", nameGap: 30, min: isTime ? undefined : "dataMin", max: isTime ? undefined : "dataMax" },
      yAxis: { ...axis, type: log ? "log" : "value", scale: true, name: metric, nameTextStyle: { ...axis.nameTextStyle, align: "left" } },
      series,
    }));
    const ends = lines.map(({ run, line }) => ({ name: run.run_name || run.run_id, value: line.findLast(([, y]) => Number.isFinite(y))?.[1] })).filter(({ value }) => value !== undefined).sort((p, q) => q.value - p.value);
    this.say(this.lines, ends.length === 0 ? `None of these runs has ${metric}.`
      : `${metric} of ${ends.length} ${ends.length === 1 ? "run" : "runs"}: at its end the greatest is ${text(ends[0].value)} (${ends[0].name}), the least ${text(ends.at(-1).value)} (${ends.at(-1).name}).`);
  }

  #line(name, data, at, more = {}) {
    return { name, type: "line", data, showSymbol: data.length < 3, symbolSize: 5, lineStyle: { width: 1.6 }, emphasis: { focus: "series" }, color: palette()[at % palette().length], ...more };
  }

  // A group's mean, and one deviation to either side of it.
  #bands(lines, by) {
    const groups = Map.groupBy(lines, ({ run }) => run[`params.${by}`] ?? "not there");
    return [...groups].sort(([x], [y]) => x.localeCompare(y, undefined, { numeric: true })).flatMap(([value, members], at) => {
      const name = `${by} = ${value} (${members.length})`;
      const points = band(members.map(({ line }) => line));
      const colour = palette()[at % palette().length];
      const help = { type: "line", showSymbol: false, lineStyle: { width: 0 }, stack: `band ${at}`, stackStrategy: "all", silent: true, tooltip: { show: false }, isHelp: true, name };
      return [
        { ...help, data: points.map(({ x, mean, deviation }) => [x, mean - deviation]), color: colour },
        { ...help, data: points.map(({ x, deviation }) => [x, 2 * deviation]), areaStyle: { color: colour, opacity: 0.18 }, color: colour },
        this.#line(name, points.map(({ x, mean }) => [x, mean]), at),
      ];
    });
  }

  /** Draws a chart in its card, anew or for the first time. */
  async show(card, option) {
    const name = card.dataset.chart;
    const kept = this.#charts.get(name);
    if (kept) {
      kept.option = option;
      kept.redraw();
      return kept.chart;
    }
    const held = { option };
    this.#charts.set(name, held);
    Object.assign(held, await draw(card.querySelector(".chart"), () => held.option()));
    return held.chart;
  }

  /** What a chart shows, in words: below it, and for whoever does not see it. */
  say(card, words) {
    card.querySelector(".says").textContent = words;
    card.querySelector(".chart").setAttribute("aria-label", words);
  }
});
