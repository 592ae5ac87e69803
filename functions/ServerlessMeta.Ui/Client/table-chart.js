// Draws the numbers of a table that stands on the same page: <table-chart data-table="its id" data-x="0" data-series="1" data-y="2">, by the places of columns whose cells have data-value. The table is
// what the chart says in words, so nothing is sent twice. data-low and data-high: intervals; data-type bar; data-line a level, data-line-name its name; data-mark the x that is looked at; data-format share.
import { base, draw, ink } from "./chart.js";

const shown = (format, value) => format === "share" ? `${Math.round(value * 1000) / 10} %` : `${Number(value.toPrecision(5))}`;

customElements.define("table-chart", class extends HTMLElement {
  async connectedCallback() {
    this.drawn ??= await draw(this, () => this.option());
  }

  disconnectedCallback() {
    this.drawn?.dispose();
    this.drawn = null;
  }

  // Each row as texts and numbers; a cell without a value is null.
  rows() {
    const { x, y, series, low, high } = this.dataset;
    const cell = (row, place) => place === undefined ? null : row.cells[place]?.dataset.value || null;
    const number = (row, place) => { const text = cell(row, place); return text === null ? null : Number(text); };
    return [...document.getElementById(this.dataset.table)?.tBodies[0].rows ?? []].map((row) => (
      { x: cell(row, x), series: cell(row, series) ?? "", y: number(row, y), low: number(row, low), high: number(row, high) }));
  }

  option() {
    const { axis, option } = base();
    const { type = "line", format, mark, line, lineName } = this.dataset;
    const rows = this.rows();
    const categories = [...new Set(rows.map((row) => row.x))];
    if (rows.some((row) => row.series)) categories.sort((one, other) => one - other);
    const names = [...new Set(rows.map((row) => row.series))];
    const series = names.flatMap((name, place) => {
      const own = new Map(rows.filter((row) => row.series === name).map((row) => [row.x, row]));
      const values = categories.map((x) => own.get(x)?.y ?? null);
      const colour = option.color[place % option.color.length];
      const main = { name, type, data: values, connectNulls: true, symbol: "circle", symbolSize: 7, itemStyle: { color: colour }, lineStyle: { color: colour, width: 2 }, barMaxWidth: 28 };
      if (place === 0 && (mark || line)) {
        main.markLine = {
          silent: true, symbol: "none", lineStyle: { color: ink("soft"), type: "dashed" }, label: { color: ink("soft"), formatter: "{b}", position: mark ? "end" : "insideEndTop" },
          data: [...mark && categories.includes(mark) ? [{ name: "this version", xAxis: mark }] : [], ...line ? [{ name: lineName ?? "", yAxis: Number(line) }] : []],
        };
      }
      const withInterval = [...own.values()].filter((row) => row.low !== null && row.high !== null);
      return withInterval.length === 0 ? [main] : [main, {
        name, type: "custom", silent: true, tooltip: { show: false }, itemStyle: { color: colour },
        data: withInterval.map((row) => [categories.indexOf(row.x), row.low, row.high]),
        renderItem: (_, api) => {
          const [bottom, top] = [api.coord([api.value(0), api.value(1)]), api.coord([api.value(0), api.value(2)])];
          const [from, to] = [bottom[0] - 4, bottom[0] + 4];
          const stroke = { stroke: colour, lineWidth: 1.5 };
          return { type: "group", children: [
            { type: "line", shape: { x1: bottom[0], y1: bottom[1], x2: top[0], y2: top[1] }, style: stroke },
            { type: "line", shape: { x1: from, y1: bottom[1], x2: to, y2: bottom[1] }, style: stroke },
            { type: "line", shape: { x1: from, y1: top[1], x2: to, y2: top[1] }, style: stroke },
          ] };
        },
        encode: { x: 0, y: [1, 2] },
      }];
    });
    const levels = rows.flatMap((row) => [row.y, row.low, row.high]).concat(line ? Number(line) : null).filter((one) => one !== null);
    const [least, most] = [Math.min(...levels), Math.max(...levels)];
    const room = (most - least || Math.abs(most) || 1) * 0.1;
    return {
      ...option,
      legend: { show: names.length > 1, type: "scroll", top: 0, textStyle: { color: ink("ink") }, pageTextStyle: { color: ink("soft") } },
      grid: { left: 8, right: 24, top: names.length > 1 ? 36 : 16, bottom: 8, containLabel: true },
      tooltip: { ...option.tooltip, trigger: "axis", valueFormatter: (value) => value === null || value === undefined ? "–" : shown(format, value) },
      xAxis: { type: "category", data: categories, ...axis },
      yAxis: {
        type: "value", ...axis, axisLabel: { ...axis.axisLabel, showMinLabel: type === "bar", showMaxLabel: type === "bar", formatter: (value) => shown(format, value) },
        ...type === "bar" ? { min: 0, ...format === "share" ? { max: 1 } : {} } : { min: Number((least - room).toPrecision(3)), max: Number((most + room).toPrecision(3)) },
      },
      series,
    };
  }
});
