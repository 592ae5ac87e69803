// Asks Azurite's table store the same questions with the index of ServerlessMeta.Local and without it, while entities come, change, go and transactions are undone: every page of every answer must be the same.
// Argument: the folder of ServerlessMeta.Local. Prints how much was compared.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const azurite = createRequire(join(folder, "azurite-host.mjs")).resolve("azurite/dist/src/azurite.js");
const Tables = createRequire(azurite)("./table/persistence/LokiTableMetadataStore.js").default;
const { queryTableEntities: plainly } = Tables.prototype;
const { findByIndex } = await import(pathToFileURL(join(folder, "azurite-index.mjs")).href);
findByIndex(azurite);
assert.notEqual(Tables.prototype.queryTableEntities, plainly);

let seed = 7;
function below(count) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >> 8) % count;
}
const pick = (list) => list[below(list.length)];
const parts = ["a", "b", "B", "ä", "Z", "~", "1", "10", "2", "|", "a|b", "'", "\u{1F600}", "\uFFFD", ""];
const key = () => pick(parts) + pick(parts);
const literal = (text) => `'${text.replaceAll("'", "''")}'`;

const store = new Tables(join(tmpdir(), "azurite-index.json"), true);
await store.init();
const context = {}, account = "account", table = "table";
await store.createTable(context, { account, table });

function entity(PartitionKey, RowKey) {
  return { PartitionKey, RowKey, properties: { PartitionKey, RowKey, n: below(5) }, lastModifiedTime: "2026-01-01T00:00:00Z", eTag: String(below(1e9)) };
}

const writes = [
  (p, r) => store.insertTableEntity(context, table, account, entity(p, r), ""),
  (p, r) => store.insertTableEntity(context, table, account, entity(p, r), ""),
  (p, r) => store.deleteTableEntity(context, table, account, p, r, "*", ""),
  (p, r) => store.insertOrUpdateTableEntity(context, table, account, entity(p, r), undefined, ""),
  (p, r) => store.insertOrMergeTableEntity(context, table, account, entity(p, r), undefined, ""),
  async (p, r) => {
    await store.beginBatchTransaction("batch");
    let isDone = below(2) === 0;
    try {
      await store.insertOrUpdateTableEntity(context, table, account, entity(p, r), undefined, "batch");
      await store.insertTableEntity(context, table, account, entity(p, key()), "batch");
      await store.deleteTableEntity(context, table, account, p, key(), "*", "batch");
    } catch {
      isDone = false;
    } finally {
      await store.endBatchTransaction(account, table, "batch", context, isDone);
    }
  },
];

const filters = [
  (p) => `PartitionKey eq ${p}`,
  (p, r, s) => `PartitionKey eq ${p} and RowKey ge ${r} and RowKey lt ${s}`,
  (p, r, s) => `RowKey gt ${r} and (PartitionKey eq ${p} and RowKey le ${s})`,
  (p, r) => `(PartitionKey eq ${p}) and (RowKey eq ${r})`,
  (p, r, s) => `PartitionKey eq ${p} and (RowKey eq ${r} or RowKey ge ${s}) and n ge 2`,
  (p, r) => `PartitionKey eq ${p} and not (RowKey ge ${r})`,
  (p, r) => `${r} le RowKey and PartitionKey eq ${p}`,
  (p) => `PartitionKey eq ${p} or PartitionKey eq 'q'`,
  (p) => `PartitionKey ge ${p}`,
  (p) => `not (PartitionKey eq ${p})`,
  () => undefined,
];

let [pages, entities] = [0, 0];
for (let turn = 0; turn < 6_000; turn++) {
  // What is there already or not there is refused, as it should be.
  await pick(writes)(pick(["p", "q", ""]), key()).catch(() => {});
  if (turn % 4 > 0) continue;
  const options = { filter: pick(filters)(literal(pick(["p", "q", ""])), literal(key()), literal(key())), top: 1 + below(60) };
  let next = [];
  do {
    const expected = await plainly.call(store, context, account, table, options, ...next);
    assert.deepEqual(await store.queryTableEntities(context, account, table, options, ...next), expected, JSON.stringify(options));
    next = expected.slice(1);
    pages++;
    entities += expected[0].length;
  } while (next[0] !== undefined);
}
console.log(JSON.stringify({ pages, entities }));
process.exit(0);
