// Every state of the candidate's screens against the fake server: axe and a picture of each at three widths in light and dark;
// and in windows of all kinds, nothing that cannot be pressed and no sideways scrolling.

import { WIDTHS, openBrowser } from '../lib/browser.mjs';
import { enterRoom, register } from '../lib/candidate.mjs';
import { FakeServer } from '../lib/fakeServer.mjs';
import { axe, listen, setTheme, shot } from '../lib/page.mjs';
import { allReachable } from '../lib/reach.mjs';
import { assert, test, until } from '../lib/runner.mjs';

const HEARD =
  'At Norrland Grid I owned the weekly pump efficiency report, and one Monday two stations came out above a hundred percent. It turned out a firmware update had switched one flow sensor from litres';

/** The state in all sizes and both themes. */
async function look(page, name) {
  for (const [width, size] of Object.entries(WIDTHS)) {
    await page.setViewportSize(size);
    await page.waitForTimeout(150);
    for (const theme of ['light', 'dark']) {
      await setTheme(page, theme);
      await shot(page, `${name}-${width}-${theme}`);
      const found = await axe(page);
      assert(found.length === 0, `${name} ${width} ${theme}: ${found.join('; ')}`);
    }
  }
  await setTheme(page, 'light');
  await allReachable(page, name);
}

async function withPage(dist, options, fn) {
  const server = await new FakeServer(dist).start();
  Object.assign(server.options, options.server ?? {});
  const browser = await openBrowser(options.browser ?? {});
  const context = await browser.newContext({ viewport: WIDTHS[1440] });
  const page = await context.newPage();
  const problems = listen(page);
  try {
    await fn(page, server, context);
    assert(problems.length === 0, problems.join('\n'));
  } finally {
    await browser.close();
    await server.stop();
  }
}

export async function screens(dist) {
  await test('screens: practice before the interview, and again', () =>
    withPage(dist, { server: { hearing: HEARD, practice: true } }, async (page, server) => {
      await register(page, server.origin, 'demo');
      await page.getByRole('meter').waitFor();
      await enterRoom(page, async () => {
        await page.getByRole('heading', { name: 'Your turn' }).waitFor({ timeout: 60_000 });
        await look(page, 'practice');
        await page.getByRole('button', { name: 'I’m done' }).click();
        await page.getByRole('heading', { name: 'That is how it goes' }).waitFor();
        await look(page, 'practice-heard');
        await page.getByText('weekly pump efficiency').waitFor();
        await page.getByRole('button', { name: 'Hear myself' }).click();
        await page.getByRole('button', { name: 'Stop' }).waitFor();
        await page.getByRole('button', { name: 'Try once more' }).click();
        await page.getByRole('heading', { name: 'Your turn' }).waitFor({ timeout: 60_000 });
        await page.getByRole('button', { name: 'Skip practice' }).click();
      });
      await page.getByRole('heading', { name: 'Daniel says hello' }).waitFor();
      assert(server.finished.length === 0 && server.chunks.size === 0, 'nothing of practice was recorded');
    }));
  await test(
    'screens: from the link to the receipt',
    () =>
      withPage(dist, { server: { hearing: HEARD } }, async (page, server) => {
        await page.goto(`${server.origin}/i/demo`);
        await page.getByRole('button', { name: 'Go on to consent' }).waitFor();
        await look(page, 'welcome');
        await page.getByRole('button', { name: 'Go on to consent' }).click();
        await look(page, 'consent');
        await page.getByRole('button', { name: 'Go on to the device check' }).click();
        await page.getByText('Enter your name.').waitFor();
        await look(page, 'consent-errors');
        await register(page, server.origin, 'demo');
        await page.getByRole('meter').waitFor();
        await page.waitForTimeout(2500);
        await look(page, 'device-check');
        await enterRoom(page);
        await page.getByRole('heading', { name: 'Daniel says hello' }).waitFor();
        await page.waitForTimeout(1000);
        await look(page, 'room-greeting');
        await page.getByRole('heading', { name: 'Your turn' }).waitFor({ timeout: 60_000 });
        await page.getByText('weekly pump efficiency').waitFor();
        await look(page, 'room-listening');
        assert(server.frames > 20, `microphone frames arrived: ${server.frames}`);
        await page.getByRole('button', { name: 'Type instead' }).click();
        await look(page, 'room-typing');
        await page.getByRole('button', { name: 'Speak again' }).click();
        await page.getByRole('button', { name: 'Settings' }).click();
        await page.getByRole('radio', { name: 'Large' }).check({ force: true });
        await look(page, 'room-options');
        await page.keyboard.press('Escape');
        await look(page, 'room-large-captions');
        await page.getByRole('button', { name: 'Help' }).filter({ visible: true }).click();
        await look(page, 'room-help');
        await page.keyboard.press('Escape');
        for (let question = 1; question <= 3; question++) {
          await page.getByRole('heading', { name: 'Your turn' }).waitFor({ timeout: 60_000 });
          await page.getByRole('button', { name: /I’m done/ }).click();
          if (question === 1) {
            await page.getByRole('heading', { name: 'Daniel is asking' }).waitFor();
            await page.waitForTimeout(2500);
            await look(page, 'room-asking');
          }
        }
        await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 60_000 });
        await look(page, 'receipt');
        assert(server.finished.length >= 3, `segments finished: ${JSON.stringify(server.finished)}`);
        for (const { key, chunks } of server.finished)
          assert(server.chunks.get(key).length === chunks, `${key} is whole`);
      }),
    300_000,
  );

  await test(
    'screens: the queue, time to think, the last minute, a break, skipping',
    () =>
      withPage(dist, { server: { queue: 3, thinkMs: 90_000, hearing: HEARD } }, async (page, server) => {
        await register(page, server.origin, 'demo');
        await page.getByRole('meter').waitFor();
        await enterRoom(page);
        await page.getByRole('heading', { name: 'You are number 3 in the queue' }).waitFor();
        await look(page, 'room-queue');
        server.admit();
        await page.getByRole('heading', { name: 'Time to think' }).waitFor({ timeout: 60_000 });
        await look(page, 'room-thinking');
        await page.getByRole('button', { name: 'I’m ready' }).click();
        await page.getByRole('heading', { name: 'Your turn' }).waitFor();
        await page.getByRole('button', { name: 'More', exact: true }).click();
        await look(page, 'room-more');
        await page.getByRole('button', { name: /^Skip this question/ }).click();
        await look(page, 'room-skip');
        await page.getByRole('button', { name: 'Stay' }).click();
        server.options.leftMs = 40_000;
        server.time(server.ws, server.open());
        await page.getByRole('button', { name: '2 more minutes' }).waitFor();
        await look(page, 'room-last-minute');
        server.send(server.ws, {
          type: 'captions.degraded',
          degraded: true,
          message: 'Captions are delayed because the server is busy. Your answer is heard all the same.',
        });
        await page.getByText('Captions are delayed').waitFor();
        await look(page, 'room-captions-late');
        await page.getByRole('button', { name: 'Pause', exact: true }).click();
        await look(page, 'room-break');
        await page.getByRole('button', { name: 'Pause here' }).click();
        await page.getByRole('heading', { name: 'Paused' }).waitFor();
        await look(page, 'room-paused');
        await page.getByRole('button', { name: 'Go on', exact: true }).click();
        await page.getByRole('heading', { name: 'Your turn' }).waitFor();
      }),
    300_000,
  );

  await test(
    'screens: a follow-up, by voice and in writing, and a queue before writing',
    async () => {
      const followUp = 'Could you tell me a little about telling the people who used the figures?';
      await withPage(dist, { server: { followUp, hearing: HEARD } }, async (page, server) => {
        await register(page, server.origin, 'demo');
        await page.getByRole('meter').waitFor();
        await enterRoom(page);
        await page.getByRole('heading', { name: 'Your turn' }).waitFor({ timeout: 60_000 });
        await page.getByRole('button', { name: /I’m done/ }).click();
        await page.getByRole('heading', { name: 'Daniel has a short follow-up' }).waitFor();
        await page.waitForTimeout(1500);
        await shot(page, 'room-follow-up-asked');
        await page.getByRole('heading', { name: 'Your turn' }).waitFor({ timeout: 60_000 });
        await page.locator('.plate', { hasText: 'asked as a short follow-up' }).waitFor();
        await look(page, 'room-follow-up');
      });
      await withPage(dist, { server: { followUp, refuseSockets: true, queue: 2 } }, async (page, server) => {
        await register(page, server.origin, 'demo');
        await page.getByRole('meter').waitFor();
        await enterRoom(page);
        await page.getByText('The live connection is blocked here').waitFor({ timeout: 60_000 });
        await look(page, 'room-blocked');
        await page.getByRole('button', { name: 'Answer in writing' }).click();
        await page.getByText('You are number 2 in the queue').waitFor();
        await look(page, 'written-queue');
        server.options.queue = 0;
        await page.getByRole('button', { name: 'Try again' }).click();
        const box = page.getByLabel('Your answer in writing');
        await box.fill('I like clear water and clear figures.');
        await look(page, 'written');
        await page.getByRole('button', { name: 'Send my answer' }).click();
        await page.getByRole('heading', { name: 'Question 1 of 3, a short follow-up' }).waitFor();
        await page.getByText(followUp).waitFor();
        assert((await box.inputValue()) === '', 'a follow-up has a box of its own');
        await look(page, 'written-follow-up');
        await box.fill('I phoned them, one after the other.');
        await page.getByRole('button', { name: 'Send my answer' }).click();
        await page.getByRole('heading', { name: 'Question 2 of 3' }).waitFor();
      });
    },
    300_000,
  );

  for (const [link, title] of [
    ['unknown', 'We do not know this link'],
    ['closed', 'This interview is closed'],
  ])
    await test(`screens: ${link} link`, () =>
      withPage(dist, { server: { link } }, async (page, server) => {
        await page.goto(`${server.origin}/i/x`);
        await page.getByRole('heading', { name: title }).waitFor();
        await look(page, `link-${link}`);
      }));

  await test(
    'screens: no microphone, the whole interview in writing',
    () =>
      withPage(dist, { browser: { devices: false } }, async (page, server) => {
        await register(page, server.origin, 'demo');
        await page.getByText('No microphone is connected').or(page.getByText('blocks the microphone')).waitFor();
        await look(page, 'device-check-none');
        await page.getByRole('button', { name: 'Type my answers' }).click();
        for (let question = 1; question <= 3; question++) {
          const box = page.getByLabel('Your answer in writing');
          await box.waitFor({ timeout: 60_000 });
          if (question === 1) await look(page, 'room-writing');
          await box.fill(`This is my written answer to question ${question}.`);
          await page.getByRole('button', { name: 'Send my answer' }).click();
          await box.waitFor({ state: 'detached' });
        }
        await page.getByRole('heading', { name: /^Done/ }).waitFor({ timeout: 60_000 });
        await page.getByLabel('Age').selectOption('40 to 49');
        await look(page, 'about-asked');
        await page.setViewportSize(WIDTHS[360]);
        await page.getByRole('button', { name: 'Send these answers' }).scrollIntoViewIfNeeded();
        await shot(page, 'about-asked-360-form');
        await page.getByRole('button', { name: 'Send these answers' }).click();
        await page.getByText('These are your answers.').waitFor();
        assert(server.said.age_band === '40_49' && server.said.gender === 'not_given', 'what was said and nothing else');
        await look(page, 'about-given');
        await page.getByRole('button', { name: 'Take them back' }).click();
        await page.getByText('Your answers are erased.').waitFor();
        const written = server.session.answers.map((a) => a.mode).join();
        assert(written === 'text,text,text', `all answers are written: ${written}`);
      }),
    240_000,
  );

  await test(
    'screens: engines unavailable, offline, replaced, resumed',
    () =>
      withPage(dist, { server: { engines: false, hearing: HEARD } }, async (page, server, context) => {
        await page.goto(`${server.origin}/i/demo`);
        await page.getByText('Speech is not available right now').waitFor();
        await look(page, 'welcome-no-engines');
        await register(page, server.origin, 'demo');
        await enterRoom(page);
        await page.getByText('Daniel cannot hear at the moment').waitFor();
        await page.getByLabel('Your answer in writing').waitFor({ timeout: 60_000 });
        await look(page, 'room-no-engines');
        server.options.engines = true;
        await context.setOffline(true);
        await page.getByText('You are offline').waitFor();
        await look(page, 'room-offline');
        await context.setOffline(false);
        await page.getByText('You are offline').waitFor({ state: 'detached' });
        server.options.refuseSockets = true;
        server.ws.terminate();
        await page.getByText('The connection dropped').waitFor();
        await look(page, 'room-reconnecting');
        server.options.refuseSockets = false;
        await page.getByText('The connection dropped').waitFor({ state: 'detached', timeout: 60_000 });
        await page.getByRole('heading', { name: 'Your turn' }).waitFor();
        server.ws.close(4409);
        await page.getByRole('heading', { name: 'The interview goes on somewhere else' }).waitFor();
        await look(page, 'replaced');
        await page.reload();
        await page.getByRole('heading', { name: 'You are at question 1, where you left off' }).waitFor();
        await look(page, 'resume');
        await page.getByRole('button', { name: 'Go on with question 1' }).click();
        await page.getByRole('heading', { name: 'Your turn' }).waitFor();
        await page.getByText('To begin, what drew you to this role?').waitFor();
        await until(
          () => [...server.chunks.keys()].some((k) => k === 'answer-1/2' || k === 'answer-1/1'),
          'a new segment after the reload',
        );
      }),
    300_000,
  );
}
