// Gathers what the browser loads: our own modules and styles, and those of the packages, all side by side, compressed.
// Their version is a hash of all of them, so that an address never changes its content. Argument: the folder that gets them.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const packages = {
  // Its build for the browser holds all that it depends on, so the lock file names none of that: it would be 280 packages.
  "api-reference.js": "@scalar/api-reference/dist/browser/standalone.js",
  "echarts.js": "echarts/dist/echarts.esm.min.mjs",
  "turbo.js": "@hotwired/turbo/dist/turbo.es2017-esm.js",
};

const folder = process.argv[2];
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const files = [
  ...readdirSync("Client").map((name) => [name, readFileSync(join("Client", name))]),
  ...Object.entries(packages).map(([name, path]) => [name, readFileSync(join("node_modules", path))]),
].sort(([x], [y]) => (x < y ? -1 : 1));
const version = createHash("sha256");
for (const [name, content] of files) {
  version.update(name).update(content);
  const size = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length, [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS };
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params: size }));
}
writeFileSync(join(folder, "version"), version.digest("hex").slice(0, 16));
