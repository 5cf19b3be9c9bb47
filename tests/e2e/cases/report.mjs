// The report of an interview that was just held, as the people who decide meet it: a quote is heard, a level set, the report
// signed off, kept as a PDF, and read by a link without an account.

import { execFileSync } from 'node:child_process';
import { WIDTHS } from '../lib/browser.mjs';
import { axe, listen, shot } from '../lib/page.mjs';
import { allReachable } from '../lib/reach.mjs';
import { assert, assertEqual, until } from '../lib/runner.mjs';

/** What the speech of the cases has in it, in other words: every question asks for it, so that quotes are found. */
export const POINTS = [
  'Likes the account that he gave of himself',
  'Tells that he had been a shop boy',
  'Says that a book could be written about the restaurant',
];

/** Gives every question of an interview these points. */
export async function askFor(server, id, points) {
  const token = await server.admin();
  const { questions } = await server.call('GET', `/interviews/${id}`, undefined, token);
  for (const { id: question } of questions)
    await server.call('PATCH', `/interviews/${id}/questions/${question}`, { points }, token);
}

async function clean(page, name) {
  const found = await axe(page);
  assert(found.length === 0, `${name}: ${found.join('; ')}`);
}

/** In every window all can be pressed and nothing scrolls sideways, and axe finds nothing. */
async function cleanAtAllWidths(page, name) {
  for (const [width, size] of Object.entries(WIDTHS)) {
    await page.setViewportSize(size);
    await clean(page, `${name} ${width}`);
    await shot(page, `${name}-${width}`);
  }
  await page.setViewportSize(WIDTHS[1440]);
  await allReachable(page, name);
}

/** On a page that is shorter than its window the bar is as low as on others, at the window's end. */
async function shortPage(page, server) {
  await page.setViewportSize(WIDTHS[768]);
  await page.goto(`${server.origin}/nowhere`);
  const bar = await page.getByRole('navigation', { name: 'Main, small screen' }).boundingBox();
  assert(bar.height < 80, `the bar is ${bar.height} px high`);
  assertEqual(Math.round(bar.y + bar.height), WIDTHS[768].height, 'where the bar ends');
  await page.setViewportSize(WIDTHS[1440]);
}

/** The quote plays: the recording stands where the words were said, goes on, and is not silent. */
async function hearQuote(page, session) {
  const question = session.report.questions.find((q) => q.points.some((p) => p.quote !== null && p.start_ms !== null));
  assert(question, 'a quote with its time in the report');
  const point = question.points.find((p) => p.quote !== null && p.start_ms !== null);
  const answer = session.answers.find((a) => a.id === question.answer_id);
  const [first] = answer.recordings;
  const from = (point.start_ms - first.offset_ms + first.lead_ms) / 1000;
  const card = page.locator('details', { has: page.locator('summary', { hasText: answer.question_text }) });
  await card.locator('summary').click();
  await card.getByRole('button', { name: new RegExp(`^Play from .*${point.text}`) }).click();
  const video = page.locator('video');
  const heard = () =>
    video.evaluate((v) => ({ at: v.currentTime, paused: v.paused, muted: v.muted, error: v.error?.message ?? null }));
  const begun = await until(
    async () => {
      const now = await heard();
      return !now.paused && now.at >= from - 0.3 && now.at < from + 3 ? now : null;
    },
    `the recording at ${from.toFixed(2)} s, where the quote is`,
  );
  assert(!begun.muted && begun.error === null, `the recording is heard: ${JSON.stringify(begun)}`);
  await until(async () => (await heard()).at > begun.at + 0.3, 'the recording to go on');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  return card;
}

async function decide(page, card) {
  await card.getByText('5', { exact: true }).last().click();
  await card.getByLabel('Why').fill('The account was told in full.');
  await card.getByRole('button', { name: 'Save level' }).click();
  await card.getByText(/ set 5$/).waitFor();
  await page
    .getByRole('region', { name: 'Levels that people set' })
    .getByText('The account was told in full.')
    .waitFor();
  await clean(page, 'report with a level of a person');
  await page.getByRole('button', { name: 'Sign off' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What follows for the candidate').selectOption('advance');
  await clean(page, 'signing off');
  await dialog.getByRole('button', { name: 'Sign off' }).click();
  await page.getByText(/^Signed off on version/).waitFor();
}

const textOf = (file) => execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' });

async function keepPdf(page, session) {
  await page.getByRole('button', { name: 'PDF' }).click();
  await clean(page, 'the dialog of the PDF');
  const coming = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Save PDF' }).click();
  const download = await coming;
  assertEqual(download.suggestedFilename(), `${session.candidate.full_name}.pdf`, 'name of the file');
  const text = textOf(await download.path());
  for (const part of [session.candidate.full_name, 'The account was told in full.', 'Signed off'])
    assert(text.includes(part), `“${part}” in the PDF`);
}

/** The address of a link without names, made on the page. */
async function makeLink(page) {
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('No link was made yet.').waitFor();
  await dialog.getByLabel('Hide names').check();
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  await dialog.getByText('The link is made').waitFor();
  await dialog.getByText(/^Works until/).waitFor();
  await cleanAtAllWidths(page, 'report-share');
  return dialog.getByText(/\/r\/[\w-]+$/).textContent();
}

async function readByLink(page, server, browser, session) {
  const address = new URL((await makeLink(page)).trim());
  const context = await browser.newContext({ viewport: WIDTHS[1440] });
  const guest = await context.newPage();
  const problems = listen(guest);
  await guest.goto(`${server.origin}${address.pathname}`);
  await guest.getByRole('heading', { level: 1, name: 'Candidate' }).waitFor();
  await guest.locator('summary', { hasText: session.answers[0].question_text }).click();
  await guest.getByText('Transcript').first().click();
  await cleanAtAllWidths(guest, 'report-shared');
  const words = await guest.locator('body').textContent();
  assert(!words.includes(session.candidate.full_name), 'the name is hidden');
  assert(words.includes('Signed off on version'), 'the sign-off is told');
  assertEqual(await guest.locator('video, audio').count(), 0, 'recordings');
  const coming = guest.waitForEvent('download');
  await guest.getByRole('link', { name: 'PDF' }).click();
  const text = textOf(await (await coming).path());
  assert(!text.includes(session.candidate.full_name) && text.includes('The account was told'), 'the PDF without names');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^End the link/ }).click();
  await dialog.getByText(/^Ended today/).waitFor();
  await guest.reload();
  await guest.getByText('This link does not work, or not any more').waitFor();
  await clean(guest, 'a link that was ended');
  assert(problems.length === 0, problems.join('\n'));
  await context.close();
  await dialog.getByRole('button', { name: 'Done' }).click();
}

export async function checkReport(page, server, browser, session) {
  await page.goto(`${server.origin}/sessions/${session.id}`);
  await page.getByRole('heading', { name: session.candidate.full_name }).waitFor();
  const card = await hearQuote(page, session);
  await cleanAtAllWidths(page, 'report');
  await decide(page, card);
  await keepPdf(page, session);
  await readByLink(page, server, browser, session);
  await shortPage(page, server);
}
