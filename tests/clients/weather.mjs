// Whether it rains in Seattle: the data set, its features, and a logistic regression trained by gradient descent.
import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';

/** The nearest file or folder of that name, beside this file or above it. */
export function nearest(name) {
  for (let folder = new URL('./', import.meta.url); ; folder = new URL('../', folder)) {
    const found = new URL(name, folder);
    if (existsSync(found)) return found;
    if (folder.pathname === new URL('../', folder).pathname) throw new Error(`${name} is neither beside the training job nor above it: npm ci installs what it needs.`);
  }
}

export const featureNames = ['temp_max', 'temp_min', 'temp_range', 'wind', 'season_sin', 'season_cos', 'rained_before', 'precipitation_before'];

export function load() {
  // The package exports no single files.
  const shipped = nearest('node_modules/vega-datasets/');
  const bytes = readFileSync(new URL('data/seattle-weather.csv', shipped));
  const [head, ...lines] = bytes.toString('utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  const days = lines.map((line) => Object.fromEntries(line.split(',').map((text, i) => [names[i], text])));
  // Of the day itself only what a thermometer and an anemometer say; its precipitation would give the answer away.
  const rows = days.slice(1).map((day, i) => {
    const before = days[i];
    const season = (2 * Math.PI * dayOfYear(day.date)) / 365.25;
    const [max, min] = [Number(day.temp_max), Number(day.temp_min)];
    return {
      x: [max, min, max - min, Number(day.wind), Math.sin(season), Math.cos(season), before.weather === 'rain' ? 1 : 0, Math.log1p(Number(before.precipitation))],
      y: day.weather === 'rain' ? 1 : 0,
    };
  });
  return { rows, bytes, columns: names, md5: createHash('md5').update(bytes).digest('hex'), version: JSON.parse(readFileSync(new URL('package.json', shipped), 'utf8')).version };
}

function dayOfYear(date) {
  const day = new Date(`${date}T00:00:00Z`);
  return (day - Date.UTC(day.getUTCFullYear(), 0, 1)) / 86_400_000;
}

/** A fixed sequence of numbers in [0, 1) for a seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function split(rows, holdoutShare, next) {
  const mixed = [...rows];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  const count = Math.round(mixed.length * holdoutShare);
  const [holdout, training] = [mixed.slice(0, count), mixed.slice(count)];
  const scale = featureNames.map((_, k) => {
    const mean = training.reduce((sum, row) => sum + row.x[k], 0) / training.length;
    const variance = training.reduce((sum, row) => sum + (row.x[k] - mean) ** 2, 0) / training.length;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
  const standard = (row) => ({ y: row.y, x: row.x.map((value, k) => (value - scale[k].mean) / scale[k].deviation) });
  return { training: training.map(standard), holdout: holdout.map(standard), scale };
}

/** Full-batch gradient descent; yields the scores and the model after each epoch. */
export function* train({ training, holdout, scale }, { learningRate, l2, epochs }, next) {
  const weights = featureNames.map(() => (next() - 0.5) * 0.01);
  let bias = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const gradient = weights.map((weight) => l2 * weight);
    let biasGradient = 0;
    for (const { x, y } of training) {
      const error = (chance(weights, bias, x) - y) / training.length;
      x.forEach((value, k) => { gradient[k] += error * value; });
      biasGradient += error;
    }
    gradient.forEach((slope, k) => { weights[k] -= learningRate * slope; });
    bias -= learningRate * biasGradient;
    yield { epoch, train: score(weights, bias, training), holdout: score(weights, bias, holdout), model: { features: featureNames, scale, weights: [...weights], bias } };
  }
}

const chance = (weights, bias, x) => 1 / (1 + Math.exp(-x.reduce((sum, value, k) => sum + value * weights[k], bias)));

/** What a model says of days that it has not seen: the chance of rain beside what the weather was. */
export const predict = ({ weights, bias }, rows) => rows.map(({ x, y }) => ({ chance: chance(weights, bias, x), rained: y }));

function score(weights, bias, rows) {
  let loss = 0, right = 0, hits = 0, falseAlarms = 0, misses = 0;
  for (const { x, y } of rows) {
    const p = Math.min(Math.max(chance(weights, bias, x), 1e-12), 1 - 1e-12);
    loss -= y === 1 ? Math.log(p) : Math.log(1 - p);
    const said = p >= 0.5 ? 1 : 0;
    right += said === y ? 1 : 0;
    hits += said === 1 && y === 1 ? 1 : 0;
    falseAlarms += said === 1 && y === 0 ? 1 : 0;
    misses += said === 0 && y === 1 ? 1 : 0;
  }
  return { loss: loss / rows.length, accuracy: right / rows.length, f1: (2 * hits) / (2 * hits + falseAlarms + misses || 1) };
}
