// A candidate is interviewed by the real server and its real engines, with real speech at the microphone; and what happens when
// page, network or server die in the middle of it.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { WIDTHS, openBrowser } from '../lib/browser.mjs';
import { enterRoom, question, register, turn } from '../lib/candidate.mjs';
import { mouthAhead, watchInPage } from '../lib/lips.mjs';
import { axe, listen, setTheme, shot } from '../lib/page.mjs';
import { createInterview, logIn } from '../lib/recruiter.mjs';
import { assert, assertEqual, test, until } from '../lib/runner.mjs';
import { Server } from '../lib/server.mjs';
import { clipPath, cut, duration, microphone, references, silence, streams, wer } from '../lib/speech.mjs';
import { decode, speak, speakAndHear, voiceInPage } from '../lib/voice.mjs';
import { POINTS, askFor, checkReport } from './report.mjs';

const CLIPS = ['1688-142285-0003.flac', '367-130732-0004.flac', '1688-142285-0004.flac'];
const PERIOD = 30; /* one clip in each; the rest is silence, in which answers end and questions are asked */
const LEAD = 1;
const WER_MAX = 0.3; /* of one answer; the average has to be under WER_MEAN */
const WER_MEAN = 0.2;
const SHORT_WER_MAX = 0.5; /* of one sentence under the interviewer's voice: that it is there, and from its first word */
const AHEAD_S = 2; /* a busy page says late when a recording began */

async function room(dist, options, fn) {
  const server = await new Server({ dist, env: options.env }).start();
  const browser = await openBrowser({ microphone: options.microphone, devices: options.devices ?? true });
  const context = await browser.newContext({ viewport: WIDTHS[1440] });
  const page = await context.newPage();
  const problems = listen(page);
  try {
    await fn({ page, server, context, browser });
    assert(problems.length === 0, problems.join('\n'));
  } catch (error) {
    await shot(page, 'failed').catch(() => undefined);
    error.message += `\nserver: ${server.output.split('\n').slice(-8).join('\n')}`;
    throw error;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** When the microphone's file began, by the page's own clock. */
function watchMicrophone() {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await ask(wish);
    globalThis.__micSince = performance.now();
    return stream;
  };
}
const micPhase = (page) => page.evaluate(() => (performance.now() - globalThis.__micSince) / 1000);

/** Waits until the file is just past a clip, so that a whole silence lies ahead. */
async function afterClip(page, clipSeconds) {
  await until(
    async () => {
      const phase = (await micPhase(page)) % PERIOD;
      return phase > LEAD + clipSeconds && phase < LEAD + clipSeconds + 4;
    },
    'the pause after a clip',
    (PERIOD + 5) * 1000,
  );
}

async function fetchMedia(server, recording, dir) {
  const reply = await fetch(`${server.origin}${recording.media_url}`);
  assert(reply.ok, `media: ${reply.status}`);
  const part = await fetch(`${server.origin}${recording.media_url}`, { headers: { Range: 'bytes=0-99' } });
  assertEqual(part.status, 206, 'a range of the recording');
  const file = path.join(dir, `segment-${recording.segment}`);
  fs.writeFileSync(file, Buffer.from(await reply.arrayBuffer()));
  return file;
}

/** The session as the recruiter gets it, once everything has settled. */
const settled = (server, id, token) =>
  until(
    async () => {
      const s = await server.session(id, token);
      const quiet = s?.answers.every((a) => a.recordings.every((r) => r.status === 'ready' || r.status === 'failed'));
      return s?.status === 'completed' && quiet && s.report?.status === 'ready' ? s : null;
    },
    'recordings and report to be ready',
    60_000,
    500,
  );

function checkTranscripts(session) {
  const said = CLIPS.map((clip) => references().get(clip));
  const rates = session.answers.map((answer) => Math.min(...said.map((text) => wer(text, answer.text))));
  process.stdout.write(`      word error rate: ${rates.map((r) => r.toFixed(2)).join(', ')}\n`);
  session.answers.forEach((a, i) =>
    assert(rates[i] <= WER_MAX, `question ${a.position}: ${rates[i].toFixed(2)} in “${a.text}”`),
  );
  assert(rates.reduce((x, y) => x + y, 0) / rates.length <= WER_MEAN, 'the average word error rate');
}

async function checkRecordings(server, session) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'viva-media-'));
  for (const answer of session.answers) {
    assertEqual(answer.recordings.length, 1, `recordings of question ${answer.position}`);
    const [recording] = answer.recordings;
    assertEqual(recording.status, 'ready', `recording of question ${answer.position}`);
    const file = await fetchMedia(server, recording, dir);
    const seconds = duration(file);
    const expected = (answer.duration_ms - recording.offset_ms + recording.lead_ms) / 1000;
    process.stdout.write(
      `      recording ${answer.position}: ${seconds.toFixed(2)} s, answer ${expected.toFixed(2)} s\n`,
    );
    assert(
      Math.abs(seconds - expected) < 2,
      `recording ${answer.position}: ${seconds} s for an answer of ${expected} s`,
    );
    assertEqual(streams(file).join(), 'audio,video', 'sound and picture');
  }
  fs.rmSync(dir, { recursive: true, force: true });
}

async function checkRecruiterPage(page, server, session) {
  await page.goto(`${server.origin}/sessions/${session.id}`);
  const video = page.locator('video').first();
  await video.waitFor();
  const at = await video.evaluate(async (v) => {
    if (v.readyState < 1) await new Promise((done) => v.addEventListener('loadedmetadata', done, { once: true }));
    const middle = v.duration / 2;
    v.currentTime = middle;
    await new Promise((done) => v.addEventListener('seeked', done, { once: true }));
    return { duration: v.duration, asked: middle, at: v.currentTime, error: v.error?.message ?? null };
  });
  assert(Number.isFinite(at.duration) && at.duration > 2, `the player knows the duration: ${JSON.stringify(at)}`);
  assert(at.error === null && Math.abs(at.at - at.asked) < 0.5, `the player seeks: ${JSON.stringify(at)}`);
  await page.getByText(session.answers[0].question_text).first().waitFor();
  const found = await axe(page);
  assert(found.length === 0, `session page: ${found.join('; ')}`);
  await shot(page, 'recruiter-session-1440-light');
}

async function wholeInterview(dist) {
  const wav = microphone(path.join(os.tmpdir(), `viva-mic-${process.pid}.wav`), CLIPS, { period: PERIOD, lead: LEAD });
  await room(dist, { microphone: wav }, async ({ page, server, browser }) => {
    const staff = await (await browser.newContext({ viewport: WIDTHS[1440] })).newPage();
    await logIn(staff, server.origin);
    const { id, link } = await createInterview(staff, server.origin, 3);
    await askFor(server, id, POINTS);

    await page.addInitScript(watchInPage);
    await page.addInitScript(watchMicrophone);
    await register(page, server.origin, link);
    await page.getByRole('meter').waitFor();
    await afterClip(page, 6);
    await enterRoom(page);
    await turn(page, 'Daniel says hello');
    for (let n = 1; n <= 3; n++) {
      await until(async () => (await question(page)) === n, `question ${n}`, 90_000);
      await turn(page, 'Your turn', 60_000);
      if (n === 1) {
        await until(
          () =>
            page
              .locator('.voice')
              .first()
              .textContent()
              .then((t) => t.trim().length > 10),
          'live words',
          60_000,
        );
        for (const theme of ['light', 'dark']) {
          await setTheme(page, theme);
          await shot(page, `interview-real-1440-${theme}`);
        }
        const found = await axe(page);
        assert(found.length === 0, `room: ${found.join('; ')}`);
      }
      /* "Take your time" may be said in between; the question stays. */
      if (n < 3) await until(async () => (await question(page)) !== n, `the end of answer ${n}`, 90_000);
    }
    await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 120_000 });

    const lips = await page.evaluate(() => globalThis.__lips);
    assert(lips.played > 100, `the interviewer was heard: ${lips.played} frames with sound`);
    const sync = mouthAhead(lips.samples);
    process.stdout.write(
      `      mouth ${sync.ahead.toFixed(0)} ms ahead of the sound (r ${sync.r.toFixed(2)}, output latency ${sync.latencyMs.toFixed(0)} ms, ${sync.samples} frames)\n`,
    );
    assert(sync.r > 0.3, `mouth and sound belong together: r ${sync.r}`);
    assert(sync.ahead >= -20 && sync.ahead <= 90, `the mouth is ${sync.ahead} ms ahead of the sound`);

    const session = await settled(server, id, await server.admin());
    assertEqual(session.answers.length, 3, 'answers');
    checkTranscripts(session);
    await checkRecordings(server, session);
    assertEqual(session.report.questions.length, 3, 'questions in the report');
    await checkRecruiterPage(staff, server, session);
    await checkReport(staff, server, browser, session);
  });
  fs.rmSync(wav, { force: true });
}

const QUESTIONS = ['What drew you to this role?', 'Tell me about a mistake you found.'];

/** Into the room and to the first answer, with words heard. */
async function intoAnswer(page, server, link) {
  await page.addInitScript(watchMicrophone);
  await register(page, server.origin, link);
  await page.getByRole('meter').waitFor();
  await afterClip(page, 6);
  await enterRoom(page);
  await turn(page, 'Your turn', 60_000);
  await until(
    () =>
      page
        .evaluate(() => document.querySelector('[data-testid=settled]')?.textContent.trim().length ?? 0)
        .then((n) => n > 0),
    'a finished piece of the first answer',
    60_000,
  );
}

const heardSoFar = (page) =>
  page.evaluate(() => document.querySelector('[data-testid=settled]')?.textContent.trim() ?? '');

/* Long pauses do not end answers here: the cases need the answer open while things break. */
const PATIENT = { END_SILENCE_SURE_MS: '60000', END_SILENCE_MS: '60000', END_SILENCE_HANGING_MS: '60000' };

async function brokenInterview(dist, name, breakIt, { segments }) {
  const wav = microphone(path.join(os.tmpdir(), `viva-mic-${name}-${process.pid}.wav`), CLIPS, {
    period: 18,
    lead: LEAD,
  });
  await room(dist, { microphone: wav, env: PATIENT }, async ({ page, server, context }) => {
    const { id, link, token } = await server.interview(QUESTIONS);
    await intoAnswer(page, server, link);
    const before = await heardSoFar(page);
    const stored = (await server.session(id, token)).answers[0].utterances.filter((u) => u.speaker === 'candidate');
    assert(stored.length > 0, 'what is shown as settled is stored');
    await breakIt({ page, server, context });
    await turn(page, 'Your turn', 90_000);
    assertEqual(await question(page), 1, 'the same question');
    await until(async () => (await heardSoFar(page)).includes(before), 'the words from before to be shown', 20_000);
    const plate = await page.locator('.plate-text').textContent();
    assert(plate.includes('What drew you'), `the question is still shown: ${plate}`);
    await page.getByRole('button', { name: /I’m done/ }).click();
    await turn(page, 'Your turn', 90_000);
    await until(async () => (await question(page)) === 2, 'the second question', 30_000);
    await page.getByRole('button', { name: 'Type instead' }).click();
    await page.getByLabel('Your answer in writing').fill('I compared the logs with the meter readings.');
    await page.getByRole('button', { name: 'Send my answer' }).click();
    await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 60_000 });
    const session = await settled(server, id, token);
    const now = session.answers[0].utterances.map((u) => u.text);
    for (const u of stored) assert(now.includes(u.text), `“${u.text}” was stored and is gone`);
    assertEqual(new Set(now).size, now.length, 'nothing is stored twice');
    assertEqual(session.answers[0].recordings.length, segments, 'recording segments of the first answer');
    for (const r of session.answers[0].recordings) assertEqual(r.status, 'ready', `segment ${r.segment}`);
    assert(session.answers[1].text.includes('meter readings'), 'the typed answer');
  });
  fs.rmSync(wav, { force: true });
}

/** Over the question: the interviewer stops, the answer has the first word, and so has its recording. */
async function spokenOver(dist) {
  const [clip] = CLIPS;
  await room(dist, { env: PATIENT }, async ({ page, server }) => {
    const { id, link, token } = await server.interview([
      'Tell me about a plan that you had made with others and that turned out to be wrong, and how you noticed it.',
    ]);
    await page.addInitScript(voiceInPage);
    await register(page, server.origin, link);
    await page.getByRole('meter').waitFor();
    await enterRoom(page);
    await turn(page, 'Daniel is asking');
    await page.waitForTimeout(2500);
    const said = speak(page, decode(clipPath(clip)));
    await turn(page, 'Your turn');
    await said;
    await page.getByRole('button', { name: /I’m done/ }).click();
    await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 60_000 });
    const session = await settled(server, id, token);
    const [answer] = session.answers;
    const rate = wer(references().get(clip), answer.text);
    assert(rate <= SHORT_WER_MAX, `${rate.toFixed(2)} in “${answer.text}”`);
    assertEqual(answer.recordings.length, 1, 'recordings');
    const [recording] = answer.recordings;
    assert(recording.lead_ms > 0, `the recording begins before the answer: ${JSON.stringify(recording)}`);
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'viva-media-'));
    const file = await fetchMedia(server, recording, dir);
    const first = answer.utterances.find((u) => u.speaker === 'candidate');
    const from = Math.max(0, (recording.lead_ms + first.start_ms) / 1000 - AHEAD_S);
    const heard = await server.run('transcribe', cut(file, path.join(dir, 'said.wav'), from, 10));
    process.stdout.write(`      ${recording.lead_ms} ms before the answer; at its first words: ${heard.trim()}\n`);
    for (const text of [answer.text, heard]) assert(/\bI really like/i.test(text), `from the first word: “${text}”`);
    assert(wer(references().get(clip), heard) <= SHORT_WER_MAX, `at the quote is heard: ${heard}`);
    fs.rmSync(dir, { recursive: true, force: true });
  });
}

const FOUND =
  'In the weekly sales report I noticed that one region had suddenly doubled. That is how I found the mistake.';
const TOLD =
  'I phoned Maria in planning, and the two others who used the figures every week. They stopped an order that rested on them.';

/** A point that the answer leaves out is asked about; what is said to it is part of the answer, and evidence in the report. */
async function followedUp(dist) {
  await room(dist, {}, async ({ page, server }) => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'viva-follow-up-'));
    const [found, told] = ['found.wav', 'told.wav'].map((name) => path.join(dir, name));
    await server.run('say', FOUND, '--out', found);
    await server.run('say', TOLD, '--out', told);
    const { id, link, token } = await server.interview(['Tell me about a mistake in data that other people trusted.']);
    await askFor(server, id, ['How the mistake was noticed', 'Telling the people who used the figures']);
    await page.addInitScript(voiceInPage);
    await register(page, server.origin, link);
    await page.getByRole('meter').waitFor();
    await enterRoom(page);
    await turn(page, 'Your turn');
    const { ended, heard } = await speakAndHear(page, decode(found));
    process.stdout.write(`      end of speech to the first sound of the follow-up: ${(heard - ended).toFixed(2)} s\n`);
    await turn(page, 'Daniel has a short follow-up');
    assertEqual(await question(page), 1, 'still the first question');
    const violations = await axe(page);
    assert(violations.length === 0, `room: ${violations.join('; ')}`);
    await turn(page, 'Your turn');
    await page.locator('.plate', { hasText: 'a short follow-up' }).waitFor();
    await speak(page, decode(told));
    await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 60_000 });
    const session = await settled(server, id, token);
    assertEqual(session.answers.length, 1, 'answers');
    const [answer] = session.answers;
    const asked = answer.utterances.find((u) => u.follow_up !== null);
    assertEqual(asked.text, 'Could you tell me a little about telling the people who used the figures?', 'asked');
    const [judged] = session.report.questions;
    assertEqual(judged.follow_ups.join(), asked.text, 'the report has it');
    const point = judged.points.find((p) => p.text === asked.follow_up);
    assert(point.met !== 'missed' && point.start_ms >= asked.end_ms, `evidence after it: ${JSON.stringify(point)}`);
    assertEqual(answer.recordings.length, 1, 'recordings');
    const [recording] = answer.recordings;
    const file = await fetchMedia(server, recording, dir);
    const from = (recording.lead_ms - recording.offset_ms + point.start_ms) / 1000;
    const said = await server.run('transcribe', cut(file, path.join(dir, 'quote.wav'), Math.max(0, from - 0.3), 8));
    process.stdout.write(`      ${point.met}: “${point.quote}”; at its moment: ${said.trim()}\n`);
    assert(/planning|figures|phoned/i.test(said), `at the quote is heard: ${said}`);
    fs.rmSync(dir, { recursive: true, force: true });
  });
}

/** Past the device check without any device. */
async function intoWriting(page, server, link, email) {
  await register(page, server.origin, link, email);
  await page.getByRole('button', { name: 'Type my answers' }).click();
  await page.getByLabel('Your answer in writing').waitFor({ timeout: 60_000 });
}

async function withoutEngines(dist) {
  const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'viva-no-models-'));
  await room(dist, { devices: false, env: { MODELS_DIR: empty } }, async ({ page, server, browser }) => {
    const { id, link, token } = await server.interview(QUESTIONS.slice(0, 1));
    await page.goto(`${server.origin}/i/${link}`);
    await page.getByText('Speech is not available right now').waitFor();
    await intoWriting(page, server, link);
    await page.getByText('Daniel cannot hear at the moment').waitFor();
    const plate = await page.locator('.plate-text').textContent();
    assert(plate.includes('What drew you'), `the question can be read: ${plate}`);
    await page.getByLabel('Your answer in writing').fill('Clear water.');
    await page.getByRole('button', { name: 'Send my answer' }).click();
    await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 60_000 });
    await settled(server, id, token);

    const other = await (await browser.newContext()).newPage();
    await other.goto(`${server.origin}/i/${link}`);
    await other.getByRole('button', { name: 'Go on to consent' }).click();
    await other.getByLabel('Record my answers').check();
    await other.getByLabel('Let an AI ask').check();
    await other.getByLabel('Your name').fill('Sam Okafor');
    await other.getByLabel('E-mail').fill('sam@example.org');
    await other.getByRole('button', { name: 'Go on to the device check' }).click();
    await other.getByRole('heading', { name: 'You have done this interview' }).waitFor();
  });
  fs.rmSync(empty, { recursive: true, force: true });
}

async function twoTabs(dist) {
  await room(dist, { devices: false }, async ({ page, server, context }) => {
    const { id, link, token } = await server.interview(QUESTIONS);
    await intoWriting(page, server, link);
    const second = await context.newPage();
    await second.goto(`${server.origin}/i/${link}`);
    await second.getByRole('heading', { name: 'You are at question 1, where you left off' }).waitFor();
    await second.getByRole('button', { name: 'type your answers' }).click();
    await page.getByRole('heading', { name: 'The interview goes on somewhere else' }).waitFor();
    await second.getByLabel('Your answer in writing').waitFor({ timeout: 60_000 });
    await second.getByRole('button', { name: 'Help' }).click();
    await second.getByRole('button', { name: 'Withdraw and erase my recordings' }).click();
    await second.getByRole('button', { name: 'Withdraw and erase', exact: true }).click();
    await second.getByRole('heading', { name: 'You withdrew from this interview' }).waitFor();
    assertEqual((await server.session(id, token)).status, 'withdrawn', 'status');
  });
}

async function typedInterview(dist) {
  await room(dist, { devices: false }, async ({ page, server }) => {
    const { id, link, token } = await server.interview(QUESTIONS);
    await register(page, server.origin, link);
    await page.getByText('No microphone is connected').or(page.getByText('blocks the microphone')).waitFor();
    await page.getByRole('button', { name: 'Type my answers' }).click();
    for (const text of ['I like clear water and clear figures.', 'Two stations came out above a hundred percent.']) {
      const box = page.getByLabel('Your answer in writing');
      await box.waitFor({ timeout: 60_000 });
      await box.fill(text);
      await page.getByRole('button', { name: 'Send my answer' }).click();
      await until(
        () =>
          box.inputValue({ timeout: 500 }).then(
            (v) => v === '',
            () => true,
          ),
        'the box to go',
        20_000,
      );
    }
    await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 60_000 });
    await page.reload();
    await page.getByRole('heading', { name: /^Done/ }).waitFor();
    const session = await settled(server, id, token);
    assertEqual(session.answers.map((a) => a.mode).join(), 'text,text', 'modes');
    assertEqual(session.answers[0].text, 'I like clear water and clear figures.', 'first answer');
  });
}

async function clean(page, state) {
  const violations = await axe(page);
  assert(violations.length === 0, `${state}: ${violations.join('; ')}`);
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize(WIDTHS[width]);
    await shot(page, `wishes-${state}-${width}`);
  }
}

const more = async (page, name) => {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name }).click();
};

/** What a candidate may want beside answering, over a reload too. */
async function wishes(dist) {
  const wav = silence(path.join(os.tmpdir(), `viva-mic-wishes-${process.pid}.wav`), 20);
  await room(dist, { microphone: wav, env: PATIENT }, async ({ page, server }) => {
    const { id, link, token } = await server.interview(QUESTIONS, { think_time_s: 120 }, 60);
    await register(page, server.origin, link);
    await page.getByRole('meter').waitFor();
    await enterRoom(page);
    await turn(page, 'Time to think');
    await clean(page, 'thinking');
    await page.getByRole('button', { name: 'I’m ready' }).click();
    await turn(page, 'Your turn');
    const extend = page.getByRole('button', { name: '2 more minutes' });
    await extend.waitFor();
    await clean(page, 'last-minute');
    await extend.click();
    await extend.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await clean(page, 'break');
    await page.getByRole('button', { name: 'Pause here' }).click();
    await turn(page, 'Paused');
    await clean(page, 'paused');
    assertEqual(await page.getByText('Recording', { exact: true }).count(), 0, 'signs of recording in a pause');
    await page.reload();
    await page.getByRole('button', { name: 'Go on with question 1' }).click();
    await turn(page, 'Paused');
    await page.getByRole('button', { name: 'Go on', exact: true }).click();
    await turn(page, 'Daniel is asking');
    await turn(page, 'Your turn');

    await page.getByRole('button', { name: 'More', exact: true }).click();
    await clean(page, 'more');
    await page.getByRole('button', { name: /^In other words/ }).click();
    await page.locator('.plate-text', { hasText: 'another way' }).waitFor();
    await turn(page, 'Your turn');
    await more(page, /^Slower voice/);
    await turn(page, 'Daniel is asking'); /* again, slower: nothing was said yet */
    await turn(page, 'Your turn');
    await more(page, /^Skip this question/);
    await clean(page, 'skip');
    await page.getByRole('button', { name: 'Skip it' }).click();
    await until(async () => (await question(page)) === 2, 'the second question', 30_000);
    await turn(page, 'Daniel is asking');
    await more(page, /^Skip this question/);
    await page.getByRole('button', { name: 'Skip it' }).click();
    await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 60_000 });
    const session = await settled(server, id, token);
    assertEqual(session.answers.map((a) => a.skipped).join(), 'true,true', 'skipped');
    assertEqual(session.answers[0].extended_s, 120, 'more time');
    for (const q of session.report.questions) {
      assertEqual(q.score, null, `score of question ${q.position}`);
      assert(q.reason_not_scored.includes('skipped'), q.reason_not_scored);
    }
  });
  fs.rmSync(wav, { force: true });
}

export async function interviews(dist) {
  await test('interview: recruiter creates, candidate speaks, recruiter sees', () => wholeInterview(dist), 420_000);
  await test('interview: time to think, more time, a pause, other words, skipping', () => wishes(dist), 240_000);
  await test('interview: the candidate speaks over the question', () => spokenOver(dist), 240_000);
  await test('interview: what an answer left out is followed up', () => followedUp(dist), 240_000);
  await test('interview: in writing, without a microphone', () => typedInterview(dist), 180_000);
  await test('interview: no engine on the server, and a link that is done', () => withoutEngines(dist), 180_000);
  await test('interview: a second tab takes over, and withdraws', () => twoTabs(dist), 180_000);
  await test(
    'interview: reload in the middle of an answer',
    () =>
      brokenInterview(
        dist,
        'reload',
        async ({ page }) => {
          await page.reload();
          await page.getByRole('button', { name: 'Go on with question 1' }).click();
        },
        { segments: 2 },
      ),
    300_000,
  );
  await test(
    'interview: the network drops in the middle of an answer',
    () =>
      brokenInterview(
        dist,
        'drop',
        async ({ page, context }) => {
          await context.setOffline(true);
          await page.getByText('You are offline').waitFor();
          await page.waitForTimeout(3000);
          await context.setOffline(false);
        },
        { segments: 1 },
      ),
    300_000,
  );
  await test(
    'interview: kill -9 of the server in the middle of an answer',
    () =>
      brokenInterview(
        dist,
        'kill',
        async ({ page, server }) => {
          await server.kill();
          await page.getByText('The connection dropped').waitFor();
          await server.start();
        },
        { segments: 1 },
      ),
    300_000,
  );
}
