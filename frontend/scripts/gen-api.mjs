/*
 * Writes src/services/openapi.d.ts from the server's own description:
 *   npm run gen:api [-- [--check] URL-or-FILE]
 * With --check nothing is written; it exits 1 when the file is not what the server would give.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const file = path.join(root, 'src/services/openapi.d.ts');
const args = process.argv.slice(2);
const check = args.includes('--check');
const source = args.find((arg) => !arg.startsWith('--')) ?? 'http://localhost:8000/api/openapi.json';
const output = check ? path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'openapi-')), 'openapi.d.ts') : file;

const tool = path.join(root, 'node_modules/openapi-typescript/bin/cli.js');
execFileSync(process.execPath, [tool, source, '--output', output], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (check) {
  const same = fs.readFileSync(output, 'utf8') === fs.readFileSync(file, 'utf8');
  fs.rmSync(path.dirname(output), { recursive: true });
  process.stdout.write(same ? 'types are the server’s\n' : 'types differ from the server: run npm run gen:api\n');
  process.exitCode = same ? 0 : 1;
}
