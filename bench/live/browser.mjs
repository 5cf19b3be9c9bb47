#!/usr/bin/env node
// One candidate in a real browser is interviewed by a real server and its real engines. See README.md in this folder.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { WIDTHS, openBrowser } from '../../tests/e2e/lib/browser.mjs';
import { enterRoom, question, register, turn } from '../../tests/e2e/lib/candidate.mjs';
import { until } from '../../tests/e2e/lib/runner.mjs';
import { Server } from '../../tests/e2e/lib/server.mjs';
import { RATE, decode, speakAndHear, voiceInPage } from '../../tests/e2e/lib/voice.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CACHE =
  process.env.VIVA_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'viva');
const TOPICS = [
  'plans',
  'tools',
  'mistakes',
  'teams',
  'tests',
  'deadlines',
  'customers',
  'reviews',
  'meetings',
  'data',
  'training',
  'budgets',
  'reports',
  'risks',
  'changes',
  'priorities',
  'safety',
  'feedback',
  'writing',
  'success',
];

const { values: args } = parseArgs({
  options: {
    turns: { type: 'string', default: '20' },
    binary: { type: 'string', default: path.join(ROOT, 'build/release/viva') },
    speech: { type: 'string', default: path.join(ROOT, '../shared/data/speech') },
    longest: { type: 'string', default: '8' },
    'end-silence': { type: 'string' },
    recorded: { type: 'boolean', default: false },
    button: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const turns = Math.min(20, Math.max(1, Number(args.turns)));

/** English speech, shortest first: a turn ends the same way after five seconds as after fifty. */
function clips(folder, longest) {
  const table = path.join(folder, 'transcripts.tsv');
  const foreign = fs.existsSync(table)
    ? new Set(
        fs
          .readFileSync(table, 'utf8')
          .split('\n')
          .map((row) => row.split('\t'))
          .filter(([, l]) => l !== 'en')
          .map(([f]) => f),
      )
    : new Set();
  const found = fs
    .readdirSync(folder)
    .filter((name) => /\.(flac|wav)$/.test(name) && !foreign.has(name))
    .sort();
  const sounds = found.map((name) => ({ name, pcm: decode(path.join(folder, name)) }));
  return sounds.filter(({ pcm }) => pcm.length > RATE && pcm.length < longest * RATE);
}

/** Whole answers of some length in the installed voice, without thinking pauses: with the settings as they are, few words and
 * a voice that reads on are waited for, and that is no time of the machine's. */
function spoken(binary, wanted) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'viva-browser-'));
  const env = { ...process.env, MODELS_DIR: process.env.VIVA_TEST_MODELS_DIR };
  try {
    const lines = fs.readFileSync(path.join(ROOT, 'bench/endpoint/answers.txt'), 'utf8').split('\n');
    const texts = lines.filter((l) => !l.startsWith('#')).map((l) => l.replace(/ [|/%](?= )/g, ''));
    return texts
      .filter((text) => text.split(' ').length >= 24 && !/\b(um|uh)\b/i.test(text))
      .slice(0, wanted)
      .map((text, i) => {
        const file = path.join(dir, `${i}.wav`);
        execFileSync(binary, ['say', text, '--out', file], { env });
        return { name: `answer ${i + 1}`, pcm: decode(file) };
      });
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}

/** What the server says over the socket: which line a sound belongs to, and how the answer before it ended. */
function listen(page) {
  const heard = { lines: [], ends: [], words: '' };
  page.on('websocket', (ws) =>
    ws.on('framereceived', ({ payload }) => {
      if (typeof payload !== 'string') return;
      const m = JSON.parse(payload);
      if (m.type === 'utterance.created') heard.lines.push(m.kind);
      if (m.type === 'answer.ended') heard.ends.push(m);
      if (m.type.startsWith('conversation.item.')) heard.words = m.transcript;
    }),
  );
  return heard;
}

async function oneTurn(page, n, clip, said) {
  await until(async () => (await question(page)) === n, `question ${n}`, 60_000, 50);
  await turn(page, 'Your turn', 60_000);
  const lines = said.lines.length;
  const t = await speakAndHear(page, clip.pcm, { button: args.button ? 'I’m done' : null }).catch((error) => {
    const answer = said.ends[n - 1] ? `its answer ended (${said.ends[n - 1].reason})` : 'its answer did not end';
    throw new Error(`turn ${n}, ${clip.name}: ${error.message}; ${answer}; heard “${said.words}”`);
  });
  const end = said.ends[n - 1];
  const kind = said.lines[lines];
  /* An answer that ended in a pause of the clip, or a prompt in between, is no turn from the end of speech. */
  const clean =
    end !== undefined && end.text !== '' && (kind === 'question' || kind === 'farewell') && t.heard > t.ended + 0.05;
  const ms = 1000 * (t.heard - (args.button ? t.pressed : t.ended));
  if (args.verbose || !clean)
    process.stdout.write(
      `  ${clean ? 'turn' : 'LEFT OUT'} ${n}: ${ms.toFixed(0)} ms, ${clip.name}, ${kind ?? 'no line'}, ${end?.reason ?? 'not ended'}: ${end?.text ?? ''}\n`,
    );
  return { ms, clean, output: 1000 * t.output };
}

async function interview(server, sounds) {
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext({ viewport: WIDTHS[1440] })).newPage();
    const said = listen(page);
    await page.addInitScript(voiceInPage);
    const { link } = await server.interview(
      TOPICS.slice(0, turns).map((topic) => `What did you learn about ${topic}?`),
    );
    await register(page, server.origin, link);
    await page.getByRole('meter').waitFor();
    await enterRoom(page);
    const measured = [];
    for (let n = 1; n <= turns; n++) measured.push(await oneTurn(page, n, sounds[n % sounds.length], said));
    await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 60_000 });
    return measured;
  } finally {
    await browser.close();
  }
}

const ms = (value) => `${value.toFixed(0).padStart(6)} ms`;
const row = (name, value) => process.stdout.write(`  ${name.padEnd(34)} ${value}\n`);

function print(measured) {
  const clean = measured
    .filter((m) => m.clean)
    .map((m) => m.ms)
    .sort((a, b) => a - b);
  const cpu = os.cpus();
  process.stdout.write(`${cpu.length} x ${cpu[0]?.model}, Linux ${os.release()}; server and browser both on it\n`);
  row('load average before the run', before.toFixed(2).padStart(6));
  row('turns measured', `${clean.length} of ${measured.length}`);
  if (clean.length === 0) return;
  const median = (clean[(clean.length - 1) >> 1] + clean[clean.length >> 1]) / 2;
  const p95 = clean[Math.ceil(0.95 * clean.length) - 1];
  const from = args.button ? 'I’m done -> first sound' : 'end of speech -> first sound';
  row(`${from}, median`, ms(median));
  row(`${from}, p95`, ms(p95));
  row('  least', ms(clean[0]));
  row('  most', ms(clean.at(-1)));
  if (!args.button && silence !== null) {
    row('silence waited for (END_SILENCE_MS)', ms(silence));
    row('the rest, median', ms(median - silence));
    row('the rest, p95', ms(p95 - silence));
  }
  row('not counted: output of the machine', ms(Math.max(...measured.map((m) => m.output))));
}

process.env.VIVA_TEST_MODELS_DIR ??= process.env.MODELS_DIR ?? path.join(CACHE, 'models');
const silence = args['end-silence'] === undefined ? null : Number(args['end-silence']);
const sounds = args.recorded
  ? clips(args.speech, Number(args.longest))
  : spoken(path.resolve(args.binary), Math.min(turns, 8));
if (sounds.length === 0) {
  process.stderr.write(`No speech of 1 to ${args.longest} s in ${args.speech}.\n`);
  process.exit(2);
}
const before = os.loadavg()[0];
const server = new Server({
  dist: path.resolve(process.env.VIVA_DIST ?? path.join(ROOT, 'frontend/dist')),
  binary: path.resolve(args.binary),
  env: silence === null ? {} : { END_SILENCE_SURE_MS: String(silence), END_SILENCE_MS: String(silence) },
});
try {
  await server.start();
  print(await interview(server, sounds));
} finally {
  await server.stop();
}
