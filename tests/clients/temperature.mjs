// How warm it is in Seattle, told from the hour, the air pressure and the wind, by a linear model that knows nothing of seasons.
// The data are hourly climate normals (NOAA, in the npm package vega-datasets): for each hour of the year the mean of about thirty years. So they are smoother than any year was,
// and what changes with the seasons stands out more clearly than in readings of one station.
import { readFileSync } from 'node:fs';
import { nearest } from './weather.mjs';

const hour = 3_600_000;
export const week = 7 * 24 * hour;

/** The hours of the year, in their order: { at, hour, pressure, wind, temperature }. A normal year has no date of its own: its first hour is put where it is asked to be. */
export function load(firstHour) {
  const [, ...lines] = readFileSync(new URL('data/seattle-weather-hourly-normals.csv', nearest('node_modules/vega-datasets/')), 'utf8').trim().split(/\r?\n/);
  const first = Date.UTC(2010, 0, 1);
  return lines.map((line) => {
    const [date, pressure, temperature, wind] = line.split(',');
    const since = Date.parse(`${date}Z`) - first;
    return { at: firstHour + since, week: Math.floor(since / week), hour: (since / hour) % 24, pressure: Number(pressure), wind: Number(wind), temperature: Number(temperature) };
  });
}

const features = ({ hour: h, pressure, wind }) => {
  const turn = (2 * Math.PI * h) / 24;
  return [1, Math.sin(turn), Math.cos(turn), Math.sin(2 * turn), Math.cos(2 * turn), pressure - 1017, wind - 3.5];
};

/** Least squares with a little weight decay, by the normal equations. */
export function train(rows) {
  const xs = rows.map(features);
  const size = xs[0].length;
  const a = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => xs.reduce((sum, x) => sum + x[i] * x[j], 0) + (i === j && i > 0 ? 0.001 * rows.length : 0)),
    xs.reduce((sum, x, k) => sum + x[i] * rows[k].temperature, 0),
  ]);
  for (let i = 0; i < size; i++) {
    const pivot = a.slice(i).reduce((best, row, k) => (Math.abs(row[i]) > Math.abs(a[best][i]) ? i + k : best), i);
    [a[i], a[pivot]] = [a[pivot], a[i]];
    a.forEach((row, k) => {
      if (k === i) return;
      const factor = row[i] / a[i][i];
      for (let c = i; c <= size; c++) row[c] -= factor * a[i][c];
    });
  }
  return { features: ['1', 'sin(hour)', 'cos(hour)', 'sin(2 hour)', 'cos(2 hour)', 'pressure', 'wind'], weights: a.map((row, i) => row[size] / row[i]) };
}

export const predict = (model, row) => features(row).reduce((sum, x, i) => sum + x * model.weights[i], 0);

export const rmse = (model, rows) => Math.sqrt(rows.reduce((sum, row) => sum + (predict(model, row) - row.temperature) ** 2, 0) / rows.length);
