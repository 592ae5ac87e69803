// Runs Azurite in this process and ends it when standard input closes: that happens when the parent ends, however it ends,
// so Azurite never outlives it, and always shuts down gracefully, which flushes its files.
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findByIndex } from './azurite-index.mjs';

// While this file is there and fresh, an Azurite has the folder: the next start waits for it.
const location = process.argv.indexOf('--location');
if (location > 0) {
  const marker = join(process.argv[location + 1], 'azurite.pid');
  const beat = () => writeFileSync(marker, String(process.pid));
  beat();
  setInterval(beat, 2000).unref();
  process.on('exit', () => rmSync(marker, { force: true }));
}

// When the parent was killed nobody reads any more; the files must be written all the same.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

let closed = 0;
const log = console.log;
console.log = (...words) => {
  log(...words);
  if (String(words[0]).endsWith('successfully closed') && ++closed === 3) process.exit(0);
};

// Ctrl-C reaches the whole terminal group; the parent decides when storage ends.
process.on('SIGINT', () => {});

function end() {
  for (const listener of process.listeners('SIGTERM')) listener();
  setTimeout(() => process.exit(1), 15000).unref();
}
process.stdin.on('end', end).on('error', end).resume();

const require = createRequire(import.meta.url);
const azurite = require.resolve('azurite/dist/src/azurite.js');
findByIndex(azurite);
require(azurite);
const settle = setInterval(() => {
  if (process.listenerCount('SIGINT') > 1) {
    clearInterval(settle);
    process.removeAllListeners('SIGINT').on('SIGINT', () => {});
  }
}, 50);
