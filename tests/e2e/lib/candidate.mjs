// What a candidate does, through the screens.

export async function register(page, origin, link, email = 'sam@example.org') {
  await page.goto(`${origin}/i/${link}`);
  await page.getByRole('button', { name: 'Go on to consent' }).click();
  await page.getByLabel('Record my answers').check();
  await page.getByLabel('Let an AI ask').check();
  await page.getByLabel('Your name').fill('Sam Okafor');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Go on to the device check' }).click();
  await page.getByRole('heading', { name: 'Can we see and hear you?' }).waitFor();
}

/** From the device check into the interview; `practice` is done in the practice before it, if there is one. */
export async function enterRoom(page, practice = (p) => p.getByRole('button', { name: 'Skip practice' }).click()) {
  const start = page.getByRole('button', { name: 'Start the interview' });
  const first = page.getByRole('button', { name: 'Go on to practice' });
  await start.or(first).waitFor();
  if (await first.isVisible()) {
    await first.click();
    await practice(page);
  } else await start.click();
  await page.getByRole('progressbar', { name: 'Questions' }).waitFor();
  await page.locator('.room').waitFor();
}

export const turn = (page, name, timeout = 60_000) =>
  page.getByRole('heading', { name, exact: true }).waitFor({ timeout });

/** The number of the question, as the page says it. */
export async function question(page) {
  const title = await page.title();
  return Number(/Question (\d+)/.exec(title)?.[1]);
}
