// A measure over windows: a line with the band of its interval, what was estimated without labels, and the baseline's value. The same stands below it as a table.
import { base, draw, ink, palette } from "./chart.js";
import { visit } from "./turbo.js";

const short = (value) => Number(value.toPrecision(4)).toString();

customElements.define("window-chart", class extends HTMLElement {
  static observedAttributes = ["data-points"];

  connectedCallback() {
    this.start();
  }

  // The page was read anew and merged: the same chart shows the new windows.
  attributeChangedCallback() {
    this.drawn?.redraw();
  }

  disconnectedCallback() {
    this.drawn?.dispose();
    this.drawn = undefined;
  }

  async start() {
    const place = document.createElement("div");
    place.style.height = "100%";
    // Out of sight of whoever merges the page with a newer one.
    (this.shadowRoot ?? this.attachShadow({ mode: "open" })).replaceChildren(place);
    const drawn = await draw(place, () => this.option());
    if (!this.isConnected) {
      drawn.dispose();
      return;
    }
    this.drawn = drawn;
    drawn.chart.on("click", ({ dataIndex }) => visit(this.points[dataIndex].address));
  }

  option() {
    const points = this.points = JSON.parse(this.dataset.points);
    const { axis, option } = base();
    const [line, estimate] = palette();
    const has = (name) => points.some((point) => point[name] != null);
    const of = (name) => points.map((point) => point[name] ?? null);
    const band = (low, high, colour, name) => [
      { name: `${name} from`, type: "line", data: of(low), stack: name, stackStrategy: "all", symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } },
      { name: `${name} to`, type: "line", data: points.map((point) => point[low] == null || point[high] == null ? null : point[high] - point[low]), stack: name, stackStrategy: "all", symbol: "none", lineStyle: { opacity: 0 }, areaStyle: { color: colour, opacity: .18 }, silent: true, tooltip: { show: false } },
    ];
    const numbers = points.flatMap((point) => [point.value, point.low, point.high, point.reference, point.estimated]).filter((value) => value != null);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    const room = (most - least || Math.abs(most) || 1) * .08;
    const names = [this.dataset.measure, ...has("estimated") ? ["estimated"] : [], ...has("reference") ? ["baseline"] : []];
    return {
      ...option,
      grid: { left: 8, right: 28, top: 34, bottom: 8, containLabel: true },
      legend: { data: names, top: 0, left: 0, textStyle: { color: ink("ink") } },
      tooltip: {
        ...option.tooltip, trigger: "axis",
        formatter: ([{ dataIndex }]) => {
          const point = points[dataIndex];
          const box = document.createElement("div");
          const say = (text, strong) => box.append(Object.assign(document.createElement(strong ? "strong" : "div"), { textContent: text }));
          say(point.window, true);
          say(new Date(point.start).toLocaleString());
          if (point.value != null) say(`${this.dataset.measure} ${short(point.value)}${point.low == null || point.high == null ? "" : ` (${short(point.low)} to ${short(point.high)})`}, ${point.labels} labels: ${point.verdict}`);
          if (point.estimated != null) say(`estimated ${short(point.estimated)}`);
          if (point.reference != null) say(`baseline ${short(point.reference)}`);
          return box;
        },
      },
      xAxis: { ...axis, type: "category", data: points.map((point) => new Date(point.start).toLocaleDateString(undefined, { month: "short", day: "numeric" })), boundaryGap: points.length < 3 },
      yAxis: { ...axis, type: "value", min: least - room, max: most + room, axisLabel: { ...axis.axisLabel, formatter: short, showMinLabel: false, showMaxLabel: false } },
      series: [
        ...has("low") ? band("low", "high", line, "interval") : [],
        ...has("estimatedLow") ? band("estimatedLow", "estimatedHigh", estimate, "estimate") : [],
        { name: this.dataset.measure, type: "line", data: points.map((point) => ({ value: point.value ?? null, itemStyle: point.kind === "bad" ? { color: ink("bad") } : undefined })), symbol: "circle", symbolSize: 8, connectNulls: true, lineStyle: { color: line, width: 2 }, itemStyle: { color: line }, z: 5 },
        ...has("estimated") ? [{ name: "estimated", type: "line", data: of("estimated"), symbol: "emptyCircle", connectNulls: true, lineStyle: { color: estimate, type: "dashed" }, itemStyle: { color: estimate } }] : [],
        ...has("reference") ? [{ name: "baseline", type: "line", data: of("reference"), symbol: "none", connectNulls: true, lineStyle: { color: ink("soft"), type: "dotted" }, itemStyle: { color: ink("soft") } }] : [],
      ],
    };
  }
});
