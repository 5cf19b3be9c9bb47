// Helpers around a page: axe in the state it is in, screenshots, and an ear on everything that goes wrong in it.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const ARTIFACTS = path.resolve(import.meta.dirname, '../artifacts');

/** Uncaught errors and refusals of the content security policy, collected; a case fails on any. */
export function listen(page) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(`pageerror: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Refused to|Uncaught/.test(message.text()))
      problems.push(`console: ${message.text()}`);
  });
  return problems;
}

/** What fades in is looked at when it is there. */
export const atRest = (page) =>
  page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((a) => a.effect?.getComputedTiming().endTime !== Infinity)
        .map((a) => a.finished),
    ).then(() => undefined),
  );

/** Violations as lines, in the state the page is in. Injected as source, so that the page's own policy stays as it is. */
export async function axe(page) {
  await atRest(page);
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return violations.map(
    (v) =>
      `${v.id} (${v.impact}): ${v.nodes
        .map((n) => n.target.join(' '))
        .slice(0, 4)
        .join(' | ')}`,
  );
}

export async function shot(page, name) {
  fs.mkdirSync(ARTIFACTS, { recursive: true });
  const file = path.join(ARTIFACTS, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled' });
  return file;
}

export async function setTheme(page, theme) {
  await page.evaluate((t) => {
    document.documentElement.dataset.theme = t;
  }, theme);
  await page.waitForTimeout(50);
}

/** The page scrolls sideways: never. */
export const overflows = (page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
