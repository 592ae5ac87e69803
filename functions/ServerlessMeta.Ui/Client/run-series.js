// Arithmetic of charts over runs; nothing here draws.

/** Exponential moving average that does not lag at its beginning; gaps stay gaps. */
export function smooth(points, weight) {
  if (!weight) return points;
  let last = 0, count = 0;
  return points.map(([x, y]) => {
    if (!Number.isFinite(y)) return [x, y];
    last = last * weight + (1 - weight) * y;
    count++;
    return [x, last / (1 - weight ** count)];
  });
}

/** Mean and standard deviation of some lines, at most so many places; each line is read between its points. */
export function band(lines, places = 200) {
  const drawn = lines.map((line) => line.filter(([, y]) => Number.isFinite(y))).filter((line) => line.length > 0);
  const every = [...new Set(drawn.flatMap((line) => line.map(([x]) => x)))].sort((x, y) => x - y);
  const step = Math.max(1, Math.ceil(every.length / places));
  return every.filter((_, at) => at % step === 0 || at === every.length - 1).map((x) => {
    const values = drawn.map((line) => between(line, x)).filter((value) => value !== null);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = values.length > 1 ? Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)) : 0;
    return { x, mean, deviation, runs: values.length };
  }).filter(({ runs }) => runs > 0);
}

function between(line, x) {
  let low = 0, high = line.length - 1;
  if (x < line[0][0] || x > line[high][0]) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (line[middle][0] <= x) low = middle;
    else high = middle;
  }
  const [[x0, y0], [x1, y1]] = [line[low], line[high]];
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

/** Those points that no other is as good as in both and better in one; by the first. `more` says of each which end is better. */
export function front(points, more) {
  const [signX, signY] = more.map((isMore) => (isMore ? 1 : -1));
  const sorted = [...points].sort((p, q) => signX * (q.x - p.x) || signY * (q.y - p.y));
  let best = -Infinity;
  return sorted.filter((point) => signY * point.y > best && (best = signY * point.y, true)).reverse();
}

/** A surface through points by weights that fall with distance: [column, row, value] of a grid. */
export function surface(points, columns, rows) {
  const spread = (values) => { const low = Math.min(...values), high = Math.max(...values); return { low, size: high - low || 1 }; };
  const [xs, ys] = [spread(points.map(({ x }) => x)), spread(points.map(({ y }) => y))];
  const cells = [];
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      let sum = 0, weights = 0;
      for (const { x, y, z } of points) {
        const distance = ((x - xs.low) / xs.size - column / (columns - 1)) ** 2 + ((y - ys.low) / ys.size - row / (rows - 1)) ** 2;
        const weight = 1 / (distance + 1e-4) ** 1.5;
        sum += weight * z;
        weights += weight;
      }
      cells.push([column, row, sum / weights]);
    }
  }
  return { cells, across: (column) => xs.low + (xs.size * column) / (columns - 1), up: (row) => ys.low + (ys.size * row) / (rows - 1) };
}

/** A number with as many digits as tell something. */
export const text = (value) => Number.isFinite(value) ? String(Number(value.toPrecision(5))) : String(value);
