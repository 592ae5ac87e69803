// Counts the rows of a CSV file on the edges of a baseline, and prints the profile that the store takes as a part of a window:
//   curl -H "Accept: application/vnd.serverlessmeta.profile+json" $STORE/api/v1/monitors/orders/baseline > baseline.json
//   node profile.mjs rows.csv baseline.json > part.json
// The rows themselves stay where they are. All columns of the baseline must be in the file; others are left out.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [csv, baseline] = process.argv.slice(2).map((path) => readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
const [head, ...rows] = records(csv);

function* records(text) {
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') yield row;
    row = [];
  }
}

const isMissing = (text) => /^(NA|N\/A|None|[Nn][Uu][Ll][Ll]|[Nn][Aa][Nn])?$/.test(text);
const isInfinite = (text) => /^[+-]?inf(inity)?$/i.test(text);
const isNumber = (text) => /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text);
const category = (text) =>
  isNumber(text) ? String(Number(text)) : /^(true|false)$/i.test(text) ? text.toLowerCase() : text.length <= 128 ? text : `sha256:${createHash('sha256').update(text).digest('hex')}`;

function numeric({ name, edges }, texts) {
  const x = texts.map((text) => (isNumber(text) ? Number(text) : fail(`Column ${name}: '${text}' is no number.`)));
  const counts = edges.slice(1).map(() => 0);
  let [min, max, below, above] = [Infinity, -Infinity, 0, 0];
  for (const value of x) {
    [min, max] = [Math.min(min, value), Math.max(max, value)];
    if (value < edges[0]) below++;
    else if (value > edges.at(-1)) above++;
    else counts[Math.min(edges.findLastIndex((edge) => edge <= value), counts.length - 1)]++;
  }
  const mean = x.reduce((sum, value) => sum + value / x.length, 0);
  const [m2, m3, m4] = [2, 3, 4].map((power) => x.reduce((sum, value) => sum + (value - mean) ** power, 0));
  return { ...(x.length ? { min, max, moments: { mean, m2, m3, m4 } } : {}), edges, counts, below, above };
}

function categorical(texts) {
  const categories = Object.create(null);
  for (const text of texts) categories[category(text)] = (categories[category(text)] ?? 0) + 1;
  return { categories, other: 0 };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const counted = JSON.parse(baseline).columns.filter((column) => column.edges ?? column.categories);
const columns = counted.map((column) => {
  const at = head.indexOf(column.name);
  const there = rows.map((row) => row[at] ?? fail(`There is no column ${column.name}.`)).filter((text) => !isMissing(text));
  const finite = there.filter((text) => !isInfinite(text));
  const common = { name: column.name, kind: column.kind, missing: rows.length - there.length, infinite: there.length - finite.length };
  return { ...common, ...(column.kind === 'numeric' ? numeric(column, finite) : categorical(finite)) };
});
console.log(JSON.stringify({ rows: rows.length, columns }));
