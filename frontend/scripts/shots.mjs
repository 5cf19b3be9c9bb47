/*
 * Screenshots of the recruiter's screens at 360, 768 and 1440 px, light and dark, with axe run on each:
 *   BASE=http://localhost:8000 EMAIL=… PASSWORD=… node scripts/shots.mjs OUT_DIR [name,name] [light,dark] [360,768,1440]
 * Prints one line a shot; exits 1 when a page is wider than its window, axe finds something, or the console has an error.
 */
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [out = 'shots', only = 'all', themes = 'light,dark', widths = '360,768,1440'] = process.argv.slice(2);
const base = process.env.BASE ?? 'http://localhost:5173';
const HEIGHTS = { 360: 760, 768: 1024, 1440: 900 };
const ARGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const axe = fs.readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
fs.mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS.split(' ') });
let faults = 0;

async function logIn(page) {
  await page.goto(`${base}/login`);
  await page.getByLabel('E-mail').fill(process.env.EMAIL ?? 'ana.duarte@halden.example');
  await page.getByLabel('Password', { exact: true }).fill(process.env.PASSWORD ?? 'a long enough password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Log in' }).waitFor();
}

/* Goes to a screen within the page, as a person would: a reload would log in again each time. */
async function open(page, address) {
  await page.evaluate((to) => {
    window.history.pushState(null, '', to);
    window.dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }, address);
}

async function firstLink(page, list, pattern) {
  await open(page, list);
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  const links = page.locator(`a[href*="${pattern}"]`);
  await links
    .first()
    .waitFor({ state: 'attached', timeout: 5000 })
    .catch(() => undefined);
  return (await links.count()) > 0 ? links.first().getAttribute('href') : null;
}

/* A full-page picture shows bars that stick in its middle; they stand still for it. */
const pin = (page, position) =>
  page.evaluate((value) => {
    for (const bar of document.querySelectorAll('.tabbar, .topbar')) bar.style.position = value;
  }, position);

async function shoot(page, name, theme, width) {
  await page
    .locator('[aria-busy=true]')
    .first()
    .waitFor({ state: 'detached', timeout: 8000 })
    .catch(() => undefined);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState('networkidle');
  await pin(page, 'static'); // what lies under a bar just now can be scrolled out from there
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.screenshot({ path: path.join(out, `${name}-${width}-${theme}.png`), fullPage: true });
  await pin(page, '');
  const words = found.violations.map(
    (v) =>
      `${v.id}: ${v.nodes
        .slice(0, 3)
        .map((n) => n.target.join(' '))
        .join(' | ')}`,
  );
  if (wide > width || words.length > 0) faults++;
  process.stdout.write(`${name} ${width} ${theme}${wide > width ? ` OVERFLOW ${wide}` : ''} ${words.join('; ')}\n`);
}

for (const theme of themes.split(','))
  for (const width of widths.split(',').map(Number)) {
    const context = await browser.newContext({
      viewport: { width, height: HEIGHTS[width] ?? 900 },
      colorScheme: theme,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() !== 'error' || message.text().includes('favicon')) return;
      faults++;
      process.stdout.write(`console: ${message.text()} ${message.location().url}\n`);
    });
    page.on('pageerror', (error) => {
      faults++;
      process.stdout.write(`page error: ${error.message}\n`);
    });
    await page.goto(`${base}/login`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    const wanted = (name) => only === 'all' || only.split(',').includes(name);
    if (wanted('login')) await shoot(page, 'login', theme, width);
    if (wanted('forgot')) {
      await open(page, '/forgot');
      await page.getByRole('heading', { name: 'Forgotten password' }).waitFor();
      await shoot(page, 'forgot', theme, width);
    }
    await logIn(page);
    const screens = {
      dashboard: async () => '/',
      interviews: async () => '/interviews',
      new: async () => '/interviews/new',
      editor: async () => firstLink(page, '/interviews?status=draft', '/edit'),
      detail: async () => firstLink(page, '/interviews?status=open', '/interviews/0'),
      figures: async () => {
        const detail = await firstLink(page, '/interviews?status=open', '/interviews/0');
        return detail && `${detail}/figures`;
      },
      sessions: async () => '/sessions',
      session: async () => firstLink(page, '/sessions?status=completed', '/sessions/'),
      person: async () => '/people/new',
      system: async () => '/admin/system',
      audit: async () => '/admin/audit',
      settings: async () => '/admin/settings',
      people: async () => '/people',
      account: async () => '/account',
      missing: async () => '/nothing-here',
    };
    for (const [name, address] of Object.entries(screens)) {
      if (!wanted(name)) continue;
      const to = await address();
      if (to === null) {
        process.stdout.write(`${name}: nothing to show\n`);
        continue;
      }
      await open(page, to);
      await page.locator('main h1').first().waitFor();
      if (name === 'session')
        await page
          .locator('details summary')
          .nth(2)
          .click({ timeout: 3000 })
          .catch(() => undefined);
      if (name === 'figures') {
        await page.getByRole('button', { name: 'Show the table' }).click();
        await page.getByRole('heading', { level: 3 }).first().waitFor({ timeout: 5000 });
        await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
      }
      await shoot(page, name, theme, width);
    }
    await context.close();
  }
await browser.close();
process.exit(faults > 0 ? 1 : 0);
