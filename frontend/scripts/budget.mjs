// Fails the build when what a candidate loads first is over budget. Figures are gzip, level 9, in bytes of 1000 a kB.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const DIST = path.resolve(import.meta.dirname, '../dist');
const PAGE = 'src/pages/public/PublicInterview.tsx';
/* Fetched while the first page is read. With it, and without the avatar, a candidate has all that an interview needs. */
const MEETING = 'src/pages/public/Meeting.tsx';
const BUDGET_KB = {
  'candidate JavaScript': 160,
  'with the interview': 175,
  'candidate CSS': 15,
  fonts: 40,
  avatar: 25,
};

const manifest = JSON.parse(fs.readFileSync(path.join(DIST, '.vite/manifest.json'), 'utf8'));
const gzip = (file) => zlib.gzipSync(fs.readFileSync(path.join(DIST, file)), { level: 9 }).length;

/* Everything that `key` needs before it runs: its chunk and its static imports, never its dynamic ones. */
function closure(key, seen = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined || seen.has(key)) return seen;
  seen.add(key);
  (chunk.imports ?? []).forEach((next) => closure(next, seen));
  return seen;
}

for (const page of [PAGE, MEETING]) {
  if (manifest[page] !== undefined) continue;
  process.stderr.write(`budget: ${page} is not a chunk of its own; it must be loaded lazily\n`);
  process.exit(1);
}
const keys = closure(PAGE, closure('index.html'));
const allKeys = closure(MEETING, new Set(keys));
const sum = (names) => [...new Set(names)].reduce((total, name) => total + gzip(name), 0);
const scripts = (of) => sum([...of].map((key) => manifest[key].file));
const avatar = Object.keys(manifest).filter((key) => key.startsWith('src/avatar/') && !allKeys.has(key));
const fonts = fs
  .readdirSync(path.join(DIST, 'assets'))
  .filter((name) => /^viva-(ui|voice)-(?!ext).*\.woff2$/.test(name));

const measured = {
  'candidate JavaScript': scripts(keys),
  'with the interview': scripts(allKeys),
  'candidate CSS': sum([...keys].flatMap((key) => manifest[key].css ?? [])),
  fonts: fonts.reduce((total, name) => total + fs.statSync(path.join(DIST, 'assets', name)).size, 0),
  avatar: sum(avatar.map((key) => manifest[key].file)),
};

let over = false;
for (const [name, bytes] of Object.entries(measured)) {
  const limit = BUDGET_KB[name];
  const kb = bytes / 1000;
  if (kb > limit) over = true;
  process.stdout.write(`${name.padEnd(22)} ${kb.toFixed(1).padStart(7)} kB of ${limit}${kb > limit ? '  OVER' : ''}\n`);
}
process.exit(over ? 1 : 0);
