// Runs Azurite in this process and ends it when standard input closes: that happens when the parent ends, however it ends,
// so Azurite never outlives it, and always shuts down gracefully, which flushes its files.
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

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
indexEntitiesAndBlobs(createRequire(require.resolve('azurite/dist/src/azurite.js'))('lokijs').Collection);
require('azurite/dist/src/azurite.js');
const settle = setInterval(() => {
  if (process.listenerCount('SIGINT') > 1) {
    clearInterval(settle);
    process.removeAllListeners('SIGINT').on('SIGINT', () => {});
  }
}, 50);

// Azurite goes through a whole partition for each entity that it reads or writes, and through all blobs for each blob, so that a store of ten thousand runs took many minutes to fill. What it asks for is the same
// document, found by an index of the properties that name one; these never change.
function indexEntitiesAndBlobs(Collection) {
  const named = [['PartitionKey', 'RowKey'], ['accountName', 'containerName', 'name', 'snapshot']];
  const indexes = new WeakMap();
  const keyOf = (properties, document) => properties.map((property) => document[property]).join('\0');

  function indexOf(collection, properties) {
    const known = indexes.get(collection);
    if (known) return known;
    const index = new Map(collection.data.map((document) => [keyOf(properties, document), document.$loki]));
    collection.on('insert', (documents) => [documents].flat().forEach((document) => index.set(keyOf(properties, document), document.$loki)));
    collection.on('delete', (document) => index.delete(keyOf(properties, document)));
    indexes.set(collection, index);
    return index;
  }

  const { findOne } = Collection.prototype;
  Collection.prototype.findOne = function (query) {
    const properties = named.find((one) => one.length === Object.keys(query ?? {}).length && one.every((property) => typeof query[property] === 'string'));
    if (!properties) return findOne.call(this, query);
    const id = indexOf(this, properties).get(keyOf(properties, query));
    return id === undefined ? null : this.get(id);
  };
}
