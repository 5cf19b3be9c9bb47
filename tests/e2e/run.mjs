// node run.mjs [screens|interview|resilience]...   all without an argument. Ends with "N passed, M failed".
//   VIVA_BINARY            the server (default: build/release/viva of this repository)
//   VIVA_DIST              the built frontend (default: frontend/dist)
//   VIVA_TEST_MODELS_DIR   models as `viva models fetch` left them; needed by the interview cases
//   VIVA_SHARED            where data/speech lies (default: ../shared beside the repository)
//   VIVA_E2E_ONLY          run only the cases whose name contains this

import fs from 'node:fs';
import path from 'node:path';
import { interviews } from './cases/interview.mjs';
import { screens } from './cases/screens.mjs';
import { resilience } from './cases/resilience.mjs';
import { summary } from './lib/runner.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const dist = path.resolve(process.env.VIVA_DIST ?? path.join(root, 'frontend/dist'));
const wanted = process.argv.slice(2);
const all = { screens: () => screens(dist), interview: () => interviews(dist), resilience: () => resilience(dist) };

if (!fs.existsSync(path.join(dist, 'index.html'))) {
  process.stderr.write(`No built frontend in ${dist}: run "npm run build" in frontend first.\n`);
  process.exit(2);
}
if (
  process.env.VIVA_TEST_MODELS_DIR === undefined &&
  !(wanted.length > 0 && wanted.every((name) => name === 'screens' || name === 'resilience'))
) {
  process.stderr.write('VIVA_TEST_MODELS_DIR is not set: the interview cases need the speech models.\n');
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : Object.keys(all)) {
  if (!(name in all)) {
    process.stderr.write(`There is no group "${name}"; there are: ${Object.keys(all).join(', ')}\n`);
    process.exit(2);
  }
  await all[name]();
}
process.exit(summary() ? 0 : 1);
