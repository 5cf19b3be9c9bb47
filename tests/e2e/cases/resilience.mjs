// What happens to a conversation when network, page, device, server or clock do not hold: it goes on at the same question, nothing
// that was acknowledged is lost or said twice, what is said meanwhile is heard, and the page says what happens. Engines are the
// fakes, by name (the ones that hear real speech through a drop are in interview.mjs and tests/http/test_live.py): speech is a tone,
// and how much of it was heard is measured to a fraction of a second. The lengths of the drops are what is tried: nothing else waits.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WIDTHS, openBrowser } from '../lib/browser.mjs';
import { enterRoom, question, register, turn } from '../lib/candidate.mjs';
import { listen, shot } from '../lib/page.mjs';
import { Proxy } from '../lib/proxy.mjs';
import { assert, assertEqual, test, until } from '../lib/runner.mjs';
import { Server } from '../lib/server.mjs';
import { duration } from '../lib/speech.mjs';
import { freeze, openSleeper, thaw } from '../lib/sleeper.mjs';
import { speak, tone, voiceInPage } from '../lib/voice.mjs';

const FAKES = {
  STT_PROVIDER: 'fake',
  TTS_PROVIDER: 'fake',
  VAD_PROVIDER: 'fake',
  TURN_PROVIDER: 'fake',
  EMBED_PROVIDER: 'fake',
  /* Pauses end no answers: they are open while things break. */
  END_SILENCE_SURE_MS: '60000',
  END_SILENCE_MS: '60000',
  END_SILENCE_HANGING_MS: '60000',
};
const QUESTIONS = ['Why us?', 'And then?'];
const KEPT_S = 30; /* what the page keeps of the sound while nobody can be reached */
const HEARD_MS = 300; /* of each stretch of speech, frames and edges aside */
const AT_ONCE = 6; /* pages, on two cores */

const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const dropped = (page) => page.getByText('The connection dropped');

/** Everything the server said over the socket, over all connections of the page. */
function overhear(page) {
  const said = [];
  page.on('websocket', (ws) =>
    ws.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') said.push(JSON.parse(payload));
    }),
  );
  return said;
}

/** A candidate's page that reaches the server through a network of its own. */
async function candidate(browser, server, email, inPage = () => undefined) {
  const proxy = await new Proxy(server.port).start();
  const context = await browser.newContext({ viewport: WIDTHS[768], reducedMotion: 'reduce' });
  const page = await context.newPage();
  const person = { page, context, proxy, email, said: overhear(page), problems: listen(page), spoken: 0 };
  await page.addInitScript(voiceInPage);
  await page.addInitScript(inPage);
  await page.addInitScript(() => localStorage.setItem('viva.room', '{"soundOnly":true,"still":true}'));
  person.speak = (seconds) => {
    person.spoken += seconds * 1000;
    return speak(page, tone(seconds));
  };
  person.close = async () => {
    await context.close();
    await proxy.stop();
  };
  return person;
}

/** Through greeting and question to an open answer. */
async function toAnswer({ page }, n) {
  const skip = page.getByRole('button', { name: 'Start my answer' });
  const mine = page.getByRole('heading', { name: 'Your turn', exact: true });
  await until(
    async () => {
      if ((await mine.isVisible()) && (await question(page)) === n) return true;
      if (await skip.isVisible()) await skip.click({ timeout: 500 }).catch(() => undefined);
      return false;
    },
    `the turn to answer question ${n}`,
    60_000,
    200,
  );
}

const settledText = (page) =>
  page.evaluate(() => document.querySelector('[data-testid=settled]')?.textContent.trim() ?? '');

/** Into the first answer, with two seconds said, heard and stored. */
async function intoAnswer(person, link) {
  const { page, proxy, email } = person;
  await register(page, proxy.origin, link, email);
  await page.getByRole('meter').waitFor();
  await enterRoom(page);
  person.said.length = 0; /* practice has a question too */
  await toAnswer(person, 1);
  await person.speak(2);
  await until(() => settledText(page), 'what was said to be settled', 30_000);
}

/** From the first answer to the end; then what is there. */
async function toTheEnd(person, server, { id, token }, wait) {
  const { page } = person;
  await toAnswer(person, 1);
  await page.getByRole('button', { name: /I’m done/ }).click();
  await toAnswer(person, 2);
  await page.getByRole('button', { name: 'Type instead' }).click();
  await page.getByLabel('Your answer in writing').fill('I compared the logs with the meter readings.');
  await page.getByRole('button', { name: 'Send my answer' }).click();
  await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 60_000 });
  return settled(server, id, token, person.email, wait);
}

async function sessionOf(server, interview, token, email) {
  const { items } = await server.call('GET', `/interviews/${interview}/sessions?page_size=100`, undefined, token);
  const mine = items.find((s) => s.candidate.email === email);
  return mine ? server.call('GET', `/sessions/${mine.id}`, undefined, token) : null;
}

const done = (r) => r.status === 'ready' || r.status === 'failed';

const settled = (server, interview, token, email, recordings = (list) => list.every(done)) =>
  until(
    async () => {
      const s = await sessionOf(server, interview, token, email);
      const quiet = s?.answers.every((a) => recordings(a.recordings));
      return s?.status === 'completed' && quiet && s.report?.status === 'ready' ? s : null;
    },
    'recordings and report to be ready',
    60_000,
    500,
  );

/** Nothing that was acknowledged is lost, nothing is there twice, no question was asked twice or never. */
function checkKept({ said }, session) {
  const [first] = session.answers;
  const stored = first.utterances.filter((u) => u.speaker === 'candidate');
  for (const m of said.filter((e) => e.type.endsWith('transcription.completed') && e.transcript !== ''))
    assert(
      stored.some((u) => u.start_ms === m.start_ms && u.end_ms === m.end_ms && u.text === m.transcript),
      `acknowledged and gone: ${JSON.stringify(m)}`,
    );
  for (const m of said.filter((e) => e.type === 'answer.ended'))
    assertEqual(session.answers[m.position - 1].text, m.text, `the answer to question ${m.position}`);
  for (let i = 1; i < stored.length; i++)
    assert(stored[i].start_ms >= stored[i - 1].end_ms, `heard twice: ${JSON.stringify(stored)}`);
  for (let n = 1; n <= QUESTIONS.length; n++) {
    const asked = said.filter((e) => e.type === 'utterance.created' && e.kind === 'question' && e.position === n);
    assertEqual(asked.length, 1, `how often question ${n} was asked`);
  }
  assert(session.answers[1].text.includes('meter readings'), 'the typed answer');
  assertEqual(session.partial, false, 'partial');
}

const heardMs = (session) =>
  session.answers[0].utterances
    .filter((u) => u.speaker === 'candidate')
    .reduce((sum, u) => sum + u.end_ms - u.start_ms, 0);

/** All that was said was heard, and nothing twice. lost: milliseconds that may be missing. */
function checkHeard(person, session, { lost = 0 } = {}) {
  const heard = heardMs(session);
  const parts = session.answers[0].utterances.length + 1;
  process.stdout.write(`      ${person.email}: ${heard} ms heard of ${person.spoken} ms said\n`);
  assert(heard >= person.spoken - lost - HEARD_MS, `${person.spoken - heard} ms of ${person.spoken} were not heard`);
  assert(heard <= person.spoken + parts * HEARD_MS, `${heard - person.spoken} ms more were heard than said`);
}

/** The recording plays, is all there, and lies where it should. */
async function checkRecordings(server, session, segments) {
  const [answer] = session.answers;
  assertEqual(answer.recordings.length, segments, 'segments of the recording');
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'viva-resilience-'));
  let end = 0;
  for (const r of answer.recordings) {
    assertEqual(r.status, 'ready', `segment ${r.segment}`);
    const begin = r.offset_ms - r.lead_ms;
    assert(begin >= end - 1000, `segment ${r.segment} begins at ${begin}, the one before ended at ${end}`);
    const file = path.join(dir, String(r.segment));
    const reply = await fetch(`${server.origin}${r.media_url}`);
    assert(reply.ok, `media: ${reply.status}`);
    fs.writeFileSync(file, Buffer.from(await reply.arrayBuffer()));
    const seconds = duration(file);
    assert(
      Math.abs(seconds * 1000 - r.duration_ms) < 500,
      `segment ${r.segment}: ${seconds} s, said to be ${r.duration_ms} ms`,
    );
    end = begin + seconds * 1000;
  }
  fs.rmSync(dir, { recursive: true, force: true });
  return end;
}

/** A case: a candidate in the middle of the first answer, something that breaks, and the end. */
async function broken(
  { browser, server, interview },
  name,
  breakIt,
  { segments = 1, lost = 0, whole = true, inPage } = {},
) {
  const person = await candidate(browser, server, `${name.replaceAll(' ', '-')}@example.org`, inPage);
  try {
    await intoAnswer(person, interview.link);
    const before = await settledText(person.page);
    await breakIt(person);
    await toAnswer(person, 1);
    await until(async () => (await settledText(person.page)).includes(before), 'what was said before to be shown');
    const session = await toTheEnd(person, server, interview);
    checkKept(person, session);
    checkHeard(person, session, { lost });
    const end = await checkRecordings(server, session, segments);
    const [answer] = session.answers;
    /* This microphone gives a recorder nothing while nobody speaks, so a silence at the end is missing. A busy machine loses
     * sound here and there; what stopped with the connection would miss the whole drop. */
    const spoken = Math.max(...answer.utterances.filter((u) => u.speaker === 'candidate').map((u) => u.end_ms));
    const some = Math.max(2500, answer.duration_ms / 8);
    if (whole)
      assert(
        end > spoken - some && end < answer.duration_ms + some,
        `recorded up to ${end} of ${answer.duration_ms} ms, spoken up to ${spoken}`,
      );
    assert(person.problems.length === 0, person.problems.join('\n'));
    return { person, session };
  } catch (error) {
    await shot(person.page, `failed-${name.replaceAll(' ', '-')}`).catch(() => undefined);
    error.message += `\nserver: ${server.output.split('\n').slice(-6).join('\n')}`;
    throw error;
  } finally {
    await person.close();
  }
}

// ---------- the network ----------

/** A drop of so many seconds, spoken through. */
const dropOf = (seconds, how) => async (person) => {
  const { page, proxy } = person;
  const speech = person.speak(seconds + 3);
  await sleep(1);
  proxy.drop(how);
  if (how === 'reset') await dropped(page).waitFor({ timeout: 5000 });
  await sleep(seconds);
  proxy.mend();
  await speech;
  await dropped(page).waitFor({ state: 'detached', timeout: 60_000 });
};

/** Longer than the page keeps sound: what is said at its end is heard, what is older is in the recording alone. */
const longDrop = (how) => async (person) => {
  const { page, proxy } = person;
  proxy.drop(how);
  const early = person.speak(8);
  const wait = sleep(60);
  await dropped(page).waitFor({ timeout: 30_000 });
  await early;
  await sleep(42);
  await person.speak(7);
  await wait;
  proxy.mend();
  await dropped(page).waitFor({ state: 'detached', timeout: 60_000 });
  await person.speak(2);
};

/** A slow machine's encoder: sound leaves it four times as fast as it is said, in its order. */
function slowEncoderInPage() {
  const PACKET_MS = 5;
  const Native = globalThis.AudioEncoder;
  globalThis.AudioEncoder = class extends Native {
    constructor({ output, error }) {
      const packets = [];
      super({ output: (chunk, metadata) => packets.push([chunk, metadata]), error });
      this.packets = packets;
      this.timer = setInterval(() => {
        const next = packets.shift();
        if (next) output(...next);
      }, PACKET_MS);
    }
    async flush() {
      await super.flush();
      while (this.packets.length > 0) await new Promise((done) => setTimeout(done, PACKET_MS));
    }
    close() {
      clearInterval(this.timer);
      super.close();
    }
  };
}

// ---------- page and device ----------

async function reload(person) {
  await person.page.reload();
  await person.page.getByRole('button', { name: 'Go on with question 1' }).click();
  await toAnswer(person, 1);
  await person.speak(2);
}

/** The microphone is pulled out in the middle of a sentence: the page says so, nobody is prompted, and it goes on when it is back. */
async function unplugged(person) {
  const { page, said } = person;
  const speech = person.speak(3);
  await sleep(1);
  await page.evaluate(() => globalThis.__voice.unplug());
  const gone = page.getByText('The microphone is gone');
  await gone.waitFor({ timeout: 5000 });
  await page.getByText('What you said so far is safe').waitFor();
  await speech;
  const before = said.length;
  await sleep(14); /* longer than the wait for the first prompt */
  const prompts = said.slice(before).filter((m) => m.type === 'utterance.created');
  assertEqual(prompts.length, 0, 'what was said meanwhile');
  await page.evaluate(() => globalThis.__voice.plug());
  await gone.waitFor({ state: 'detached', timeout: 10_000 });
  await person.speak(2);
}

/** The page's clock jumps by a day and back again: what is timed is timed by another one. */
async function clockOfThePage(person) {
  const { page } = person;
  const shift = (hours) => page.evaluate((h) => (globalThis.__clockShift = h * 3_600_000), hours);
  await shift(26);
  await person.speak(2);
  await shift(-26);
  await person.speak(2);
  assert(!(await dropped(page).isVisible()), 'nothing is said to be wrong');
}

function clockInPage() {
  globalThis.__clockShift = 0;
  const Native = Date;
  const now = () => Native.now() + globalThis.__clockShift;
  globalThis.Date = class extends Native {
    constructor(...args) {
      super(...(args.length > 0 ? args : [now()]));
    }
    static now() {
      return now();
    }
  };
}

/** The same link on another device: the interview goes on there, and the first says so. */
async function otherDevice({ browser, server, interview }) {
  const email = 'other-device@example.org';
  const first = await candidate(browser, server, email);
  const second = await candidate(browser, server, email);
  try {
    await intoAnswer(first, interview.link);
    const { page } = second;
    await page.goto(`${second.proxy.origin}/i/${interview.link}`);
    await page.getByRole('button', { name: 'Go on to consent' }).click();
    await page.getByLabel('Record my answers').check();
    await page.getByLabel('Let an AI ask').check();
    await page.getByLabel('Your name').fill('Sam Okafor');
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Go on to the device check' }).click();
    await page.getByRole('heading', { name: 'You are at question 1, where you left off' }).waitFor();
    await page.getByRole('button', { name: 'Go on with question 1' }).click();
    await first.page.getByRole('heading', { name: 'The interview goes on somewhere else' }).waitFor();
    await toAnswer(second, 1);
    assertEqual(await settledText(page), '', 'what was said elsewhere is not shown here');
    await second.speak(2);
    /* The first device's last piece cannot come any more: its segment is closed a while later (recording_close_abandoned). */
    const session = await toTheEnd(second, server, interview, (list) => list.length === 0 || done(list.at(-1)));
    second.said.unshift(...first.said);
    second.spoken += first.spoken;
    checkKept(second, session);
    checkHeard(second, session);
    const [earlier, later] = session.answers[0].recordings;
    assertEqual(`${earlier.status} ${later.status}`, 'uploading ready', 'segments of the recording');
    assert([...first.problems, ...second.problems].length === 0, [...first.problems, ...second.problems].join('\n'));
  } catch (error) {
    await shot(second.page, 'failed-other-device').catch(() => undefined);
    throw error;
  } finally {
    await first.close();
    await second.close();
  }
}

/** The laptop sleeps: every process of the browser stops, the server gives the connection up meanwhile. */
async function laptopSleeps({ server, interview }) {
  const sleeper = await openSleeper();
  try {
    const { session } = await broken(
      { browser: sleeper.browser, server, interview },
      'sleep',
      async (person) => {
        const connections = () => person.said.filter((m) => m.type === 'session.created').length;
        const before = connections();
        freeze(sleeper);
        await sleep(50);
        thaw(sleeper);
        await until(() => connections() > before, 'a new connection after waking up', 30_000);
        await toAnswer(person, 1);
        await person.speak(2);
      },
      { whole: false },
    );
    const said = session.answers[0].utterances.filter((u) => u.speaker === 'candidate');
    assert(said.at(-1).start_ms >= 50_000, `after the sleep time went on: ${JSON.stringify(said)}`);
  } finally {
    await sleeper.close();
  }
}

// ---------- the server ----------

async function withServer(env, fn) {
  const server = await new Server({ ...env, env: { ...FAKES, ...env.env } }).start();
  try {
    return await fn(server, await server.interview(QUESTIONS));
  } finally {
    await server.stop();
  }
}

/** The server goes away in the middle of a sentence and comes back. */
const serverRestarts = (dist, browser, name, away) =>
  withServer({ dist }, (server, interview) =>
    broken({ browser, server, interview }, name, async (person) => {
      const speech = person.speak(8);
      await sleep(1);
      await away(server);
      await dropped(person.page).waitFor({ timeout: 5000 });
      await server.start();
      await speech;
      await dropped(person.page).waitFor({ state: 'detached', timeout: 60_000 });
    }),
  );

/** The server's clock is set, forwards and back: nobody is thrown out, nothing stands still. */
async function clockOfTheServer(dist, browser) {
  assert(FAKETIME, 'the Debian package faketime is installed');
  const file = path.join(os.tmpdir(), `viva-clock-${process.pid}`);
  const set = (offset) => fs.writeFileSync(file, offset);
  set('+0');
  const env = {
    LD_PRELOAD: FAKETIME,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_FORCE_MONOTONIC_FIX: '0',
  };
  await withServer({ dist, env }, async (server, interview) => {
    const { session } = await broken(
      { browser, server, interview },
      'clock of the server',
      async (person) => {
        set('+10m');
        await person.speak(2);
        set('-3h');
        await person.speak(2);
        assert(!(await dropped(person.page).isVisible()), 'nothing is said to be wrong');
        /* Before staff's tokens of that hour are asked for: theirs expire by the clock. */
        interview.token = await server.admin();
      },
      { whole: false },
    );
    const behind = Date.now() - Date.parse(session.completed_at);
    assert(behind > 2.9 * 3_600_000, `the server's clock was set: ${session.completed_at}`);
  });
  fs.rmSync(file, { force: true });
}

const FAKETIME = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((file) => fs.existsSync(file));

/** Runs them, so many at once, in their order. */
async function concurrently(cases, atOnce) {
  const waiting = [...cases];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

export async function resilience(dist) {
  const browser = await openBrowser({ devices: true });
  const server = await new Server({ dist, env: FAKES }).start();
  const interview = await server.interview(QUESTIONS);
  const on = { browser, server, interview };
  const run = (name, fn) => () => test(`resilience: ${name}`, fn, 240_000);
  const drop = (name, breakIt, over) => run(name, () => broken(on, name, breakIt, over));
  await concurrently(
    [
      drop('network reset for 60 s', longDrop('reset'), { lost: 8000 }),
      drop('network silent for 60 s', longDrop('silent'), { lost: 8000, inPage: slowEncoderInPage }),
      run('laptop sleep', () => laptopSleeps(on)),
      run('server stopped and started', () => serverRestarts(dist, browser, 'sigterm', (s) => s.interrupt())),
      run('server killed and started', () => serverRestarts(dist, browser, 'sigkill', (s) => s.kill())),
      run('clock of the server', () => clockOfTheServer(dist, browser)),
      drop('network reset for 10 s', dropOf(10, 'reset')),
      drop('network silent for 10 s', dropOf(10, 'silent')),
      drop('network reset for 2 s', dropOf(2, 'reset')),
      drop('network silent for 2 s', dropOf(2, 'silent')),
      drop('tab reload', reload, { segments: 2 }),
      drop('device unplugged', unplugged, { segments: 2, lost: 2500 }),
      run('other device', () => otherDevice(on)),
      run('clock of the page', () => broken(on, 'clock of the page', clockOfThePage)),
    ],
    AT_ONCE,
  );
  await browser.close();
  await server.stop();
}
