// Draws with ECharts, which is loaded when a chart is first drawn. Colours are the page's own, in light and dark.
let loading;

export function loadCharts() {
  return loading ??= import("./echarts.js");
}

const dark = matchMedia("(prefers-color-scheme: dark)");
export const calm = matchMedia("(prefers-reduced-motion: reduce)");

// Told apart by people who see few colours, too; each has contrast 3:1 on its ground.
const inks = {
  light: ["#0b5cad", "#b45309", "#15803d", "#a21caf", "#0e7490", "#be123c", "#6d28d9", "#57534e", "#4d7c0f", "#9f1239"],
  dark: ["#74b6ff", "#fbbf24", "#4ade80", "#f0abfc", "#22d3ee", "#fb7185", "#c4b5fd", "#d6d3d1", "#bef264", "#fda4af"],
};

export function palette() {
  return dark.matches ? inks.dark : inks.light;
}

export function ink(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

// What every chart shares.
export function base() {
  const [line, soft, text, card] = [ink("line"), ink("soft"), ink("ink"), ink("card")];
  const axis = { axisLine: { lineStyle: { color: line } }, axisLabel: { color: soft }, splitLine: { lineStyle: { color: line } }, nameTextStyle: { color: soft } };
  return {
    axis,
    option: {
      animation: false,
      color: palette(),
      textStyle: { fontFamily: "system-ui, sans-serif", color: text },
      backgroundColor: "transparent",
      tooltip: { backgroundColor: card, borderColor: line, textStyle: { color: text, fontSize: 12 }, confine: true },
    },
  };
}

/**
 * Draws into an element and draws again when its size or the colour scheme changes.
 * @param {HTMLElement} element - has a height.
 * @param {() => object} option - makes ECharts' option, anew each time.
 * @returns {Promise<{chart: object, redraw: () => void, dispose: () => void}>}
 */
export async function draw(element, option) {
  const { init } = await loadCharts();
  const chart = init(element, null, { renderer: "canvas" });
  const redraw = () => chart.setOption(option(), { replaceMerge: ["series"] });
  redraw();
  const sizes = new ResizeObserver(() => chart.resize());
  sizes.observe(element);
  dark.addEventListener("change", redraw);
  return {
    chart,
    redraw,
    dispose() {
      sizes.disconnect();
      dark.removeEventListener("change", redraw);
      chart.dispose();
    },
  };
}
