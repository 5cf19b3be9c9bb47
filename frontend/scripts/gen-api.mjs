// Writes src/services/openapi.d.ts from the server's own description: `npm run gen:api [-- URL-or-FILE]`.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const source = process.argv[2] ?? 'http://localhost:8000/api/openapi.json';
const tool = path.join(root, 'node_modules/openapi-typescript/bin/cli.js');
execFileSync(process.execPath, [tool, source, '--output', 'src/services/openapi.d.ts'], {
  cwd: root,
  stdio: 'inherit',
});
