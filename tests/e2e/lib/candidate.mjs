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

export async function enterRoom(page) {
  await page.getByRole('button', { name: 'Start the interview' }).click();
  await page.locator('.room').waitFor();
}

export const turn = (page, name, timeout = 60_000) =>
  page.getByRole('heading', { name, exact: true }).waitFor({ timeout });

/** The number of the question, as the page says it. */
export async function question(page) {
  const title = await page.title();
  return Number(/Question (\d+)/.exec(title)?.[1]);
}
