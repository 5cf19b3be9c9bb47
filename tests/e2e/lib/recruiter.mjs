// What a recruiter does, through the screens.

import { ADMIN } from './server.mjs';

export async function logIn(page, origin) {
  await page.goto(`${origin}/login`);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
}

/** Creates an interview with questions out of the bank, opens it, and gives its link. */
export async function createInterview(page, origin, questions) {
  await page.goto(`${origin}/interviews/new`);
  await page.getByLabel('Name of the interview').fill('Operations analyst');
  await page.getByLabel('Role', { exact: true }).fill('Operations analyst');
  await page.getByLabel('Organisation').fill('Halden Water');
  await page.getByLabel('About the role').fill('Keeps the figures of the pumping stations honest.');
  await page.getByLabel('Questions', { exact: true }).fill(String(questions));
  await page
    .getByLabel('Follow-up questions')
    .selectOption('None'); /* each clip is the answer to a question of its own */
  await page.getByLabel('Problem solving').check();
  await page.getByLabel('Communication').check();
  await page.getByRole('button', { name: 'Draft the questions' }).click();
  await page.waitForURL(/\/edit\?step=questions/);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByRole('button', { name: 'Open and copy the link' }).click();
  await page.getByRole('heading', { name: 'Candidates can come in by this link' }).waitFor();
  const address = await page.getByRole('link', { name: 'Open it' }).getAttribute('href');
  const id = /interviews\/([^/]+)\/edit/.exec(page.url())[1];
  return { id, link: address.split('/i/')[1] };
}
