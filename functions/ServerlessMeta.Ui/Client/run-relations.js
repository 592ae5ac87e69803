// How params and metrics of many runs hang together: side by side with brushing, two against each other with the trade-off front, and a metric over two params.
import { base, ink, palette } from "./chart.js";
import { front, surface, text } from "./run-series.js";
import { show } from "./table-visit.js";

const mostAxes = 9, gridSize = 40;
const isNumber = (value) => value !== undefined && value !== "" && Number.isFinite(Number(value));
const nameOf = (run) => run.run_name || run.run_id;

// A field of the export is a number where every run that has it has a number.
function fieldsOf(host) {
  const { metrics, params } = host.model;
  const all = [...params.map((name) => ({ key: `params.${name}`, name, isMetric: false })), ...metrics.map((metric) => ({ key: `metrics.${metric.name}`, name: metric.name, isMetric: true, isMore: metric.moreIsBetter ?? true }))];
  return all.map((field) => {
    const values = host.runs.map((run) => run[field.key]).filter((value) => value !== undefined);
    return { ...field, isNumeric: values.length > 0 && values.every(isNumber), values: [...new Set(values)] };
  }).filter(({ values }) => values.length > 0);
}

function choose(select, fields, wanted) {
  const before = select.value;
  select.replaceChildren(...fields.map(({ key, name }) => new Option(name, key)));
  select.value = fields.some(({ key }) => key === before) ? before : wanted ?? fields[0]?.key ?? "";
}

// Once: what a card does when its choices change.
function follow(card, redraw) {
  card.redraw = redraw;
  if (card.dataset.follows) return;
  card.dataset.follows = "yes";
  card.querySelector("form")?.addEventListener("input", () => card.redraw());
}

function quoted(field) {
  const [kind, name] = [field.key.slice(0, field.key.indexOf(".")), field.name];
  return `${kind}.${/^[\p{L}\p{N}_]+(\.[\p{L}\p{N}_]+)*$/u.test(name) ? name : `\`${name.replaceAll("`", "``")}\``}`;
}

function clause(field, [low, high]) {
  if (field.isNumeric) return `${quoted(field)} >= ${Number(low.toPrecision(6))} AND ${quoted(field)} <= ${Number(high.toPrecision(6))}`;
  const kept = field.values.filter((_, place) => place >= Math.round(low) && place <= Math.round(high));
  return `(${kept.map((value) => `${quoted(field)} = '${String(value).replaceAll("'", "''")}'`).join(" OR ")})`;
}

export async function drawParallel(host, card) {
  const fields = fieldsOf(host);
  const varied = fields.filter(({ values }) => values.length > 1);
  const metrics = varied.filter(({ isMetric, isNumeric }) => isMetric && isNumeric);
  const shown = [...varied.filter(({ isMetric, isNumeric, values }) => !isMetric && (isNumeric || values.length <= 30)).slice(0, mostAxes - Math.min(3, metrics.length)), ...metrics.slice(0, 3).reverse()];
  const button = card.querySelector("[data-do=filter]");
  if (shown.length < 2) {
    host.say(card, "Runs have to differ in two params or metrics at least.");
    return;
  }
  const main = shown.findLastIndex(({ isMetric }) => isMetric);
  const rows = host.runs.map((run) => shown.map(({ key, isNumeric }) => run[key] === undefined ? NaN : isNumeric ? Number(run[key]) : String(run[key])));
  const chart = await host.show(card, () => {
    const { option, axis } = base();
    const colours = palette();
    const range = main < 0 ? null : rows.map((row) => row[main]).filter(Number.isFinite);
    return {
      ...option,
      parallel: { left: 48, right: 64, top: 34, bottom: 24, parallelAxisDefault: { ...axis, axisLabel: { ...axis.axisLabel, backgroundColor: ink("card"), padding: [1, 3], borderRadius: 3 }, splitLine: { show: false }, nameTextStyle: { color: option.textStyle.color, fontSize: 12 }, areaSelectStyle: { width: 18, color: colours[0], opacity: 0.3 } } },
      parallelAxis: shown.map((field, dim) => ({ dim, name: field.name, ...(field.isNumeric ? { type: "value", scale: true } : { type: "category", data: field.values.map(String) }) })),
      visualMap: range?.length ? { show: false, type: "continuous", dimension: main, min: Math.min(...range), max: Math.max(...range), inRange: { color: [colours[1], colours[0]] } } : undefined,
      series: [{ type: "parallel", data: rows, lineStyle: { width: 1.2, opacity: host.runs.length > 200 ? 0.25 : 0.6 }, inactiveOpacity: 0.04, activeOpacity: 0.9, progressive: 400 }],
    };
  });
  const words = `${host.runs.length} runs over ${shown.map(({ name }) => name).join(", ")}${main < 0 ? "" : `; coloured by ${shown[main].name}`}.`;
  host.say(card, words);
  const brushed = () => chart.getOption().parallelAxis.map((one, dim) => ({ field: shown[dim], intervals: chart.getModel().getComponent("parallelAxis", dim).activeIntervals })).filter(({ intervals }) => intervals.length > 0);
  chart.off("axisareaselected");
  chart.on("axisareaselected", () => {
    const kept = chart.getModel().getSeries()[0].getRawIndicesByActiveState("active");
    const isBrushed = brushed().length > 0;
    button.disabled = !isBrushed;
    host.say(card, isBrushed ? `${kept.length} of ${host.runs.length} runs pass there.` : words);
  });
  button.onclick = () => {
    const clauses = brushed().flatMap(({ field, intervals }) => intervals.slice(0, 1).map((interval) => clause(field, interval)));
    const address = new URL(location.href);
    const before = address.searchParams.get("filter");
    for (const name of ["view", "runs"]) address.searchParams.delete(name);
    address.searchParams.set("filter", [before && `(${before})`, ...clauses].filter(Boolean).join(" AND "));
    show(address.pathname + address.search);
  };
}

export async function drawScatter(host, card) {
  const fields = fieldsOf(host).filter(({ isNumeric }) => isNumeric);
  const metrics = fields.filter(({ isMetric }) => isMetric);
  const [across, up] = [card.querySelector("[name=across]"), card.querySelector("[name=up]")];
  choose(across, fields, (metrics[1] ?? fields[0])?.key);
  choose(up, fields, metrics[0]?.key);
  const redraw = async () => {
    const [x, y] = [across, up].map((select) => fields.find(({ key }) => key === select.value));
    if (!x || !y) {
      host.say(card, "Runs need two numbers to be compared by.");
      return;
    }
    const points = host.runs.filter((run) => isNumber(run[x.key]) && isNumber(run[y.key])).map((run) => ({ x: Number(run[x.key]), y: Number(run[y.key]), run }));
    // Of a param nobody says which end is better, so there is no front.
    const best = x.isMetric && y.isMetric && x !== y ? front(points, [x.isMore, y.isMore]) : [];
    const chart = await host.show(card, () => {
      const { option, axis } = base();
      const colours = palette();
      return {
        ...option,
        grid: { left: 62, right: 18, top: 30, bottom: 46 },
        tooltip: { ...option.tooltip, trigger: "item", formatter: ({ data }) => `${escape(nameOf(data.run))}<br>${escape(x.name)}: ${text(data.value[0])}<br>${escape(y.name)}: ${text(data.value[1])}` },
        xAxis: { ...axis, type: "value", scale: true, name: x.name, nameLocation: "middle", nameGap: 28 },
        yAxis: { ...axis, type: "value", scale: true, name: y.name, nameTextStyle: { ...axis.nameTextStyle, align: "left" } },
        series: [
          { type: "scatter", symbolSize: 7, itemStyle: { color: colours[0], opacity: 0.55 }, data: points.map((point) => ({ value: [point.x, point.y], run: point.run })) },
          { type: "line", symbolSize: 9, showSymbol: true, color: colours[1], lineStyle: { width: 2 }, data: best.map((point) => ({ value: [point.x, point.y], run: point.run })) },
        ],
      };
    });
    chart.off("click");
    chart.on("click", ({ data }) => { if (data?.run) location.assign(`/runs/${data.run.run_id}`); });
    const words = (field) => `${field.isMore ? "more" : "less"} ${field.name}`;
    host.say(card, `${points.length} runs.${best.length ? ` ${best.length} of them ${best.length === 1 ? "is" : "are"} on the front: no other has ${words(x)} and ${words(y)} at once. ${best.slice(0, 3).map(({ run }) => nameOf(run)).join(", ")}${best.length > 3 ? ", …" : ""}` : ""}`);
  };
  follow(card, redraw);
  await redraw();
}

export async function drawContour(host, card) {
  const fields = fieldsOf(host).filter(({ isNumeric, values }) => isNumeric && values.length > 1);
  const [params, metrics] = [fields.filter(({ isMetric }) => !isMetric), fields.filter(({ isMetric }) => isMetric)];
  const [across, up, metric] = ["across", "up", "metric"].map((name) => card.querySelector(`[name=${name}]`));
  choose(across, params, params[0]?.key);
  choose(up, params, (params[1] ?? params[0])?.key);
  choose(metric, metrics);
  const redraw = async () => {
    const [x, y, z] = [across, up, metric].map((select) => fields.find(({ key }) => key === select.value));
    const points = x && y && z ? host.runs.filter((run) => [x, y, z].every(({ key }) => isNumber(run[key]))).map((run) => ({ x: Number(run[x.key]), y: Number(run[y.key]), z: Number(run[z.key]) })) : [];
    if (points.length < 3 || x === y) {
      host.say(card, "Three runs or more are needed that differ in two params with numbers.");
      return;
    }
    const { cells, across: atX, up: atY } = surface(points, gridSize, gridSize);
    const values = points.map((point) => point.z);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    await host.show(card, () => {
      const { option, axis } = base();
      const labels = (at) => Array.from({ length: gridSize }, (_, place) => text(Number(at(place).toPrecision(3))));
      return {
        ...option,
        grid: { left: 62, right: 84, top: 30, bottom: 46 },
        tooltip: { ...option.tooltip, formatter: ({ value }) => `${escape(x.name)}: ${text(atX(value[0]))}<br>${escape(y.name)}: ${text(atY(value[1]))}<br>${escape(z.name)}: ${text(value[2])}` },
        xAxis: { ...axis, axisLabel: { ...axis.axisLabel, interval: 12 }, type: "category", data: labels(atX), name: x.name, nameLocation: "middle", nameGap: 28, splitLine: { show: false } },
        yAxis: { ...axis, axisLabel: { ...axis.axisLabel, interval: 7 }, type: "category", data: labels(atY), name: y.name, splitLine: { show: false } },
        visualMap: { min: low, max: high, calculable: true, right: 0, top: "middle", itemHeight: 110, precision: 3, textStyle: { color: option.textStyle.color }, inRange: { color: [ink("raised"), palette()[0]] } },
        series: [{ type: "heatmap", data: cells, progressive: 0, emphasis: { disabled: true } }],
      };
    });
    const best = points.reduce((one, other) => (z.isMore ? other.z > one.z : other.z < one.z) ? other : one);
    host.say(card, `${z.name} between ${text(low)} and ${text(high)} over ${points.length} runs; best at ${x.name} ${text(best.x)}, ${y.name} ${text(best.y)}. Between the runs it is estimated.`);
  };
  follow(card, redraw);
  await redraw();
}

const escape = (words) => String(words).replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
