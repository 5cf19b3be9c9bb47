// node tools/readme-shot.mjs [OUT.png]   the picture of README.md, by hand, after a change of the candidate's room.
// A real interview with the real engines in the middle of its third question. The candidate's picture is a drawing, and the
// candidate's voice is the server's own reading the answers below, written down again by its recognition.
//   VIVA_TEST_MODELS_DIR   models as `viva models fetch` left them (default: the cache)

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WIDTHS, openBrowser } from '../lib/browser.mjs';
import { enterRoom, question, register, turn } from '../lib/candidate.mjs';
import { until } from '../lib/runner.mjs';
import { Server } from '../lib/server.mjs';
import { decode, speakAndHear, voiceInPage } from '../lib/voice.mjs';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const OUT = path.resolve(process.argv[2] ?? path.join(ROOT, 'docs/interview.png'));
const CACHE =
  process.env.VIVA_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'viva');
const MAX_BYTES = 350_000;
const LIT = [0.45, 0.75]; /* how much of the question has been said in the picture */

const QUESTIONS = [
  'To begin, what drew you to this role?',
  'What does a normal week of yours look like?',
  'Tell me about a time you found a mistake in data that other people already trusted. What did you do?',
  'How do you explain a number to somebody who does not like numbers?',
  'You have two reports due today and time for one of them. What do you do?',
  'What would you like to ask us?',
];
const ANSWERS = [
  'I like work where the figures describe something real. Water is about as real as it gets.',
  'Since then the managers open the report themselves, so I hardly get asked for numbers on a Monday any more.',
];

const PORTRAIT = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-67 0 534 300" width="1280" height="720">
<defs><linearGradient id="w" x2="1" y2=".6"><stop stop-color="#e2dfd6"/><stop offset="1" stop-color="#cfccc2"/></linearGradient>
<linearGradient id="s" x2="1" y2=".3"><stop offset=".2" stop-color="#b07e5d"/><stop offset="1" stop-color="#9a6a4c"/></linearGradient>
<linearGradient id="c" x2="1" y2=".3"><stop stop-color="#87624f"/><stop offset="1" stop-color="#6f4f43"/></linearGradient></defs>
<path d="M-67 0h534v300H-67z" fill="url(#w)"/><path d="M-67 0H88v300H-67z" fill="#c6c4ba"/>
<path d="M292 36h124v88H292z" fill="#c6c4ba"/><path d="M302 46h104v68H302z" fill="#eceae3"/><path d="M302 96l34-26 26 18 20-12 24 20v18H302z" fill="#d3d6cb"/>
<path d="M84 302c4-62 36-80 84-90l12-6h40l12 6c48 10 80 28 84 90z" fill="url(#c)"/>
<path d="M179 168h42v42c-4 14-12 20-21 20s-17-6-21-20z" fill="#8b5f44"/>
<path d="M168 212l12-6c3 16 11 28 20 34 9-6 17-18 20-34l12 6-22 44-10-12-10 12z" fill="#eef1ec"/>
<path d="M152 128c-6-50 14-78 48-78s54 28 48 78z" fill="#2a2220"/>
<path d="M156 126c0-32 16-50 44-50s44 18 44 50c0 40-20 68-44 68s-44-28-44-68z" fill="url(#s)"/>
<path d="M153 128c-4-22 3-42 15-54 20 12 48 12 68 2 10 14 14 30 11 52 11-42-7-78-47-78s-59 36-47 78z" fill="#2a2220"/>
<g fill="none" stroke="#2a2220" stroke-linecap="round"><path d="M173 121q8-5 16-1M211 120q8-4 16 1" stroke-width="3"/>
<path d="M199 134q-4 13-3 16 4 3 8 0" stroke="#7d5238" stroke-width="2"/><path d="M186 165q14 9 28 0" stroke="#6b3b2c" stroke-width="3"/></g>
<circle cx="181" cy="131" r="3.4" fill="#221a18"/><circle cx="219" cy="131" r="3.4" fill="#221a18"/></svg>`;

/** A film of the drawing for Chromium's fake camera. */
async function camera(dir) {
  const browser = await openBrowser({ devices: false });
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${PORTRAIT}`);
  const still = path.join(dir, 'portrait.png');
  await page.screenshot({ path: still });
  await browser.close();
  const film = path.join(dir, 'portrait.mjpeg');
  const input = ['-loop', '1', '-framerate', '24', '-t', '2', '-i', still];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, '-pix_fmt', 'yuvj420p', '-q:v', '2', '-f', 'mjpeg', film]);
  return film;
}

async function voice(server, token, text, file) {
  const reply = await fetch(`${server.origin}/api/v1/ai/tts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ text }),
  });
  if (!reply.ok) throw new Error(`tts: ${reply.status}`);
  fs.writeFileSync(file, Buffer.from(await reply.arrayBuffer()));
  return decode(file);
}

/** Words are lit, more are to come, and the mouth is open. */
const speaking = (page) =>
  page.waitForFunction(
    ([from, to]) => {
      const plate = document.querySelector('.plate-text');
      const dim = plate?.querySelector('span')?.textContent.length ?? 0;
      const lit = plate ? 1 - dim / plate.textContent.length : 0;
      const mouth = Number(document.querySelector('[data-viseme-open]')?.dataset.visemeOpen ?? 0);
      return dim > 0 && lit > from && lit < to && mouth > 0.3;
    },
    LIT,
    { polling: 'raf', timeout: 60_000 },
  );

function optimise(file) {
  if (fs.statSync(file).size <= MAX_BYTES) return;
  execFileSync('convert', [
    file,
    '-dither',
    'None',
    '-colors',
    '256',
    '-define',
    'png:compression-level=9',
    `PNG8:${file}`,
  ]);
  const { size } = fs.statSync(file);
  if (size > MAX_BYTES) throw new Error(`${file} has ${size} bytes, more than ${MAX_BYTES}`);
}

async function take(server, film, dir) {
  const token = await server.admin();
  const { link } = await server.interview(QUESTIONS);
  const browser = await openBrowser({ flags: [`--use-file-for-fake-video-capture=${film}`] });
  try {
    const context = await browser.newContext({ viewport: WIDTHS[1440], deviceScaleFactor: 1, colorScheme: 'light' });
    const page = await context.newPage();
    await page.addInitScript(voiceInPage);
    await page.addInitScript(() => localStorage.setItem('viva.probe', '1'));
    await register(page, server.origin, link);
    await page.getByRole('meter').waitFor();
    await enterRoom(page);
    for (const [i, text] of ANSWERS.entries()) {
      const pcm = await voice(server, token, text, path.join(dir, `answer-${i}.wav`));
      await until(async () => (await question(page)) === i + 1, `question ${i + 1}`, 60_000);
      await turn(page, 'Your turn');
      await speakAndHear(page, pcm, { timeoutMs: 60_000 });
    }
    await until(async () => (await question(page)) === ANSWERS.length + 1, 'the question of the picture', 60_000);
    await speaking(page);
    fs.mkdirSync(path.dirname(OUT), { recursive: true });
    await page.screenshot({ path: OUT });
  } finally {
    await browser.close();
  }
}

process.env.VIVA_TEST_MODELS_DIR ??= process.env.MODELS_DIR ?? path.join(CACHE, 'models');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'viva-shot-'));
const server = new Server({ dist: path.resolve(process.env.VIVA_DIST ?? path.join(ROOT, 'frontend/dist')) });
try {
  await server.start();
  await take(server, await camera(dir), dir);
  optimise(OUT);
  process.stdout.write(`${OUT}: ${fs.statSync(OUT).size} bytes\n`);
} finally {
  await server.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
