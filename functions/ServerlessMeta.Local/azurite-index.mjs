// Azurite goes through all that a table holds for each query and through a whole partition for each entity that it reads or writes, and through all blobs for each blob: an experiment of ten thousand runs took
// many minutes to fill. Here the same documents are found by an index of the keys that name them, which never change. Queries that do not name one partition are left to Azurite.
import { createRequire } from 'node:module';

const blobKey = ['accountName', 'containerName', 'name', 'snapshot'];
const entityKey = ['PartitionKey', 'RowKey'];

/** The entities of a table by partition; the row keys of each in the order of Azure, which is that of UTF-16. */
class Entities {
  #partitions = new Map();

  constructor(collection) {
    this.collection = collection;
    // They are kept up by going through all rows at each write, and nothing asks them any more.
    for (const name of entityKey) delete collection.binaryIndices[name];
    for (const entity of collection.data) this.#partition(entity.PartitionKey).ids.set(entity.RowKey, entity.$loki);
    for (const partition of this.#partitions.values()) partition.keys = [...partition.ids.keys()].sort(inOrder);
    collection.on('insert', (entities) => [entities].flat().forEach((entity) => this.#add(entity)));
    collection.on('delete', (entity) => this.#remove(entity));
  }

  find({ PartitionKey, RowKey }) {
    const id = this.#partitions.get(PartitionKey)?.ids.get(RowKey);
    return id === undefined ? null : this.collection.get(id);
  }

  *range({ partition, low, high }) {
    const { keys, ids } = this.#partitions.get(partition) ?? { keys: [] };
    for (let at = low === undefined ? 0 : placeOf(keys, low); at < keys.length && (high === undefined || keys[at] <= high); at++) yield this.collection.get(ids.get(keys[at]));
  }

  #partition(key) {
    if (!this.#partitions.has(key)) this.#partitions.set(key, { ids: new Map(), keys: [] });
    return this.#partitions.get(key);
  }

  #add({ PartitionKey, RowKey, $loki }) {
    const { ids, keys } = this.#partition(PartitionKey);
    if (!ids.has(RowKey)) keys.splice(placeOf(keys, RowKey), 0, RowKey);
    ids.set(RowKey, $loki);
  }

  #remove({ PartitionKey, RowKey, $loki }) {
    const { ids, keys } = this.#partition(PartitionKey);
    if (ids.get(RowKey) !== $loki) return;
    ids.delete(RowKey);
    keys.splice(placeOf(keys, RowKey), 1);
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

const inOrder = (x, y) => (x < y ? -1 : x > y ? 1 : 0);

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
