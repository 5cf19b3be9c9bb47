// Writes FILE.gz and FILE.br next to each text file of dist, for a server that sends them as they are.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const DIST = path.resolve(import.meta.dirname, '../dist');
const TEXT = /\.(html|js|mjs|css|svg|json|txt|ico|wasm|map)$/;

const files = fs
  .readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && TEXT.test(entry.name))
  .map((entry) => path.join(entry.parentPath, entry.name));

let before = 0;
let after = 0;
for (const file of files) {
  const data = fs.readFileSync(file);
  const brotli = zlib.brotliCompressSync(data, {
    params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: data.length },
  });
  fs.writeFileSync(`${file}.gz`, zlib.gzipSync(data, { level: 9 }));
  fs.writeFileSync(`${file}.br`, brotli);
  before += data.length;
  after += brotli.length;
}
process.stdout.write(`compressed ${files.length} files: ${before} -> ${after} bytes (brotli)\n`);
