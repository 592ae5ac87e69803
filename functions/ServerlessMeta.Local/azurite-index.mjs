// Azurite goes through all that a table holds for each query and through a whole partition for each entity that it reads or writes, and through all blobs for each blob: an experiment of ten thousand runs took
// many minutes to fill. Here the same documents are found by an index of the keys that name them, which never change. Queries that do not name one partition are left to Azurite.
import { createRequire } from 'node:module';

const blobKey = ['accountName', 'containerName', 'name', 'snapshot'];
const entityKey = ['PartitionKey', 'RowKey'];
const mostInChunk = 128;

/** Texts in the order of UTF-16, which is that of Azure; in chunks, so that one more moves few of the others. */
class SortedTexts {
  #chunks = [[]];

  add(text) {
    const at = this.#chunkOf(text), chunk = this.#chunks[at];
    chunk.splice(placeOf(chunk, text), 0, text);
    if (chunk.length > mostInChunk) this.#chunks.splice(at + 1, 0, chunk.splice(mostInChunk / 2));
  }

  remove(text) {
    const at = this.#chunkOf(text), chunk = this.#chunks[at];
    chunk.splice(placeOf(chunk, text), 1);
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(at, 1);
  }

  *from(low) {
    for (let at = this.#chunkOf(low); at < this.#chunks.length; at++) {
      const chunk = this.#chunks[at];
      for (let place = placeOf(chunk, low); place < chunk.length; place++) yield chunk[place];
    }
  }

  // The last chunk that begins no later; only the first may be empty, or begin later.
  #chunkOf(text) {
    let [from, to] = [0, this.#chunks.length - 1];
    while (from < to) {
      const middle = (from + to + 1) >> 1;
      if (this.#chunks[middle][0] <= text) from = middle;
      else to = middle - 1;
    }
    return from;
  }
}

/** The entities of a table by partition and row key. */
class Entities {
  #partitions = new Map();

  constructor(collection) {
    this.collection = collection;
    // They are kept up by going through all rows at each write, and nothing asks them any more.
    for (const name of entityKey) delete collection.binaryIndices[name];
    for (const entity of collection.data) this.#add(entity);
    collection.on('insert', (entities) => [entities].flat().forEach((entity) => this.#add(entity)));
    collection.on('delete', (entity) => this.#remove(entity));
  }

  find({ PartitionKey, RowKey }) {
    const id = this.#partitions.get(PartitionKey)?.ids.get(RowKey);
    return id === undefined ? null : this.collection.get(id);
  }

  *range({ partition, low, high }) {
    const known = this.#partitions.get(partition);
    if (!known) return;
    for (const key of known.keys.from(low ?? '')) {
      if (high !== undefined && key > high) return;
      yield this.collection.get(known.ids.get(key));
    }
  }

  #partition(key) {
    if (!this.#partitions.has(key)) this.#partitions.set(key, { ids: new Map(), keys: new SortedTexts() });
    return this.#partitions.get(key);
  }

  #add({ PartitionKey, RowKey, $loki }) {
    const { ids, keys } = this.#partition(PartitionKey);
    if (!ids.has(RowKey)) keys.add(RowKey);
    ids.set(RowKey, $loki);
  }

  #remove({ PartitionKey, RowKey, $loki }) {
    const { ids, keys } = this.#partition(PartitionKey);
    if (ids.get(RowKey) !== $loki) return;
    ids.delete(RowKey);
    keys.remove(RowKey);
  }
}

/** The blobs of all containers. */
class Blobs {
  #ids;

  constructor(collection) {
    this.collection = collection;
    this.#ids = new Map(collection.data.map((blob) => [Blobs.#keyOf(blob), blob.$loki]));
    collection.on('insert', (blobs) => [blobs].flat().forEach((blob) => this.#ids.set(Blobs.#keyOf(blob), blob.$loki)));
    collection.on('delete', (blob) => this.#ids.delete(Blobs.#keyOf(blob)));
  }

  find(blob) {
    const id = this.#ids.get(Blobs.#keyOf(blob));
    return id === undefined ? null : this.collection.get(id);
  }

  static #keyOf(blob) {
    return blobKey.map((property) => blob[property]).join('\0');
  }
}

// Where a key stands, or would stand.
function placeOf(keys, key) {
  let [from, to] = [0, keys.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (keys[middle] < key) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The one partition that a query names and the row keys between which its answers are; undefined when it names none. Whether an entity between them is an answer is for the query to say. */
function rangeOf(node, range = {}) {
  if (node.name === 'and') {
    rangeOf(node.left, range);
    rangeOf(node.right, range);
  } else if (node.left?.name === 'id' && node.right?.name === 'constant' && typeof node.right.value === 'string') {
    const { left: { identifier }, right: { value } } = node;
    if (identifier === 'PartitionKey' && node.name === 'eq') range.partition = value;
    if (identifier === 'RowKey' && ['eq', 'ge', 'gt'].includes(node.name) && (range.low === undefined || range.low < value)) range.low = value;
    if (identifier === 'RowKey' && ['eq', 'le', 'lt'].includes(node.name) && (range.high === undefined || range.high > value)) range.high = value;
  }
  return range.partition === undefined ? undefined : range;
}

const indexes = new WeakMap();

function indexOf(collection, kind) {
  if (!indexes.has(collection)) indexes.set(collection, new kind(collection));
  return indexes.get(collection);
}

const names = (query, key) => Object.keys(query).length === key.length && key.every((property) => typeof query[property] === 'string');

/** Makes the Azurite that a module would load find by index. */
export function findByIndex(azurite) {
  const require = createRequire(azurite);
  const { Collection } = require('lokijs');
  const { findOne } = Collection.prototype;
  Collection.prototype.findOne = function (query = {}) {
    if (names(query, entityKey)) return indexOf(this, Entities).find(query);
    return names(query, blobKey) ? indexOf(this, Blobs).find(query) : findOne.call(this, query);
  };

  const persistence = './table/persistence';
  const parse = require(`${persistence}/QueryInterpreter/QueryParser.js`).default;
  const generator = require(`${persistence}/LokiTableStoreQueryGenerator.js`).default;
  const tables = require(`${persistence}/LokiTableMetadataStore.js`).default.prototype;
  const { queryTableEntities } = tables;
  tables.queryTableEntities = async function (context, account, table, options, nextPartition, nextRow) {
    // Throws what Azurite says of a query that it does not understand.
    const matches = generator.generateQueryForPersistenceLayer(options, context);
    const range = options.filter ? rangeOf(parse(options.filter)) : undefined;
    if (!range || (nextPartition !== undefined && this.decodeContinuationHeader(nextPartition) !== range.partition)) {
      return queryTableEntities.call(this, context, account, table, options, nextPartition, nextRow);
    }
    const next = this.decodeContinuationHeader(nextRow);
    if (next !== undefined && (range.low === undefined || range.low < next)) range.low = next;
    const most = this.getMaxResultsOption(options), found = [];
    for (const entity of indexOf(this.getEntityCollection(account, table, context), Entities).range(range)) {
      if (found.length > most) break;
      if (matches(entity)) found.push(entity);
    }
    const { nextPartitionKeyResponse, nextRowKeyResponse } = this.adjustQueryResultforTop(found, most);
    return [found, nextPartitionKeyResponse, nextRowKeyResponse];
  };
}
