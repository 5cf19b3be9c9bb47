// What can be pressed, seen as a pointer sees it: nothing that takes a press lies beneath a bar, is cut off, or stands outside
// the window, wherever the page is scrolled to.

import { atRest, overflows } from './page.mjs';
import { assert } from './runner.mjs';

/* Runs in the page. */
function look() {
  const MODAL = document.querySelector('dialog:modal');
  const CONTROLS =
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=slider], [tabindex="0"]';
  const EDGE = 1; /* px that rounding may take */
  /* Where it is pressed, in parts of its width and height. */
  const PLACES = [0.5, 0.15, 0.85].flatMap((x) => (x === 0.5 ? [[x, x]] : [[x, 0.15], [x, 0.85]])); // prettier-ignore

  const name = (el) => {
    const words = (el.getAttribute('aria-label') ?? el.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40);
    const kind = el.classList.length > 0 ? `.${el.classList[0]}` : '';
    return `${el.localName}${kind}${words === '' ? '' : ` “${words}”`}`;
  };

  /* An input may be unseen, and its label pressed instead. */
  const pressed = (el) => {
    const { width, height } = el.getBoundingClientRect();
    return width > 2 && height > 2 ? el : (el.labels?.[0] ?? null);
  };

  /* Cut off by a box whose rest nobody can scroll to. */
  const cut = (el) => {
    const own = el.getBoundingClientRect();
    let box = { left: own.left, right: own.right, top: own.top, bottom: own.bottom };
    let position = getComputedStyle(el).position;
    for (let p = el.parentElement; p && p !== document.body; p = p.parentElement) {
      const style = getComputedStyle(p);
      if (position === 'fixed') return null;
      if (position === 'absolute' && style.position === 'static') continue;
      position = style.position;
      const outer = p.getBoundingClientRect();
      const rest = { x: /auto|scroll/.test(style.overflowX), y: /auto|scroll/.test(style.overflowY) };
      const hides = { x: /hidden|clip/.test(style.overflowX), y: /hidden|clip/.test(style.overflowY) };
      if (hides.x && (box.left < outer.left - EDGE || box.right > outer.right + EDGE)) return p;
      if (hides.y && (box.top < outer.top - EDGE || box.bottom > outer.bottom + EDGE)) return p;
      if (rest.x) box = { ...box, left: outer.left, right: outer.right };
      if (rest.y) box = { ...box, top: outer.top, bottom: outer.bottom };
    }
    return null;
  };

  /* A panel that was opened lies over what is beneath it for as long as it is wanted. */
  const panels = [...document.querySelectorAll('[aria-expanded=true][aria-controls]')]
    .map((button) => document.getElementById(button.getAttribute('aria-controls')))
    .filter((panel) => panel !== null);
  const passing = (hit, el) =>
    hit.closest('.toasts') !== null || panels.some((panel) => panel.contains(hit) && !panel.contains(el));

  const covered = (el) => {
    el.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const rect = [...el.getClientRects()].sort((a, b) => b.width * b.height - a.width * a.height)[0];
    const { left, top, width, height } = rect;
    for (const [fx, fy] of PLACES) {
      const hit = document.elementFromPoint(left + fx * width, top + fy * height);
      if (hit === null) return 'outside the window';
      const middle = fx === 0.5;
      if (el.contains(hit) || hit.closest('label')?.control === el) continue;
      if (hit.contains(el) && !middle) continue; /* a round corner */
      if (!passing(hit, el)) return `beneath ${name(hit)}`;
    }
    return null;
  };

  const scrolled = [document.scrollingElement, ...document.querySelectorAll('*')]
    .filter((el) => el.scrollTop !== 0 || el.scrollLeft !== 0)
    .map((el) => [el, el.scrollLeft, el.scrollTop]);
  const top = [window.scrollX, window.scrollY];
  const problems = [];
  for (const control of (MODAL ?? document).querySelectorAll(CONTROLS)) {
    if (control.matches(':disabled, .skip') || control.closest('[inert]')) continue;
    if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: false })) continue;
    const el = pressed(control);
    if (el === null) continue;
    const box = cut(el);
    const how = box === null ? covered(el) : `cut off by ${name(box)}`;
    if (how !== null) problems.push(`${name(el)} is ${how}`);
  }
  window.scrollTo({ left: top[0], top: top[1], behavior: 'instant' });
  for (const [el, x, y] of scrolled) el.scrollTo({ left: x, top: y, behavior: 'instant' });
  return [...new Set(problems)];
}

/** Lines about what cannot be pressed; none is good. */
export const unreachable = (page) => page.evaluate(look);

/** Telephones, tablets, low and wide windows; 720 x 450 is 1440 x 900 at twice the size. */
export const WINDOWS = [
  [360, 640],
  [390, 844],
  [720, 450],
  [768, 1024],
  [1024, 768],
  [1280, 720],
  [1366, 768],
  [1440, 900],
];

/** In each of them everything can be pressed and the page does not scroll sideways; the window is what it was then. */
export async function allReachable(page, name) {
  const before = page.viewportSize();
  const problems = [];
  for (const [width, height] of WINDOWS) {
    await page.setViewportSize({ width, height });
    await atRest(page);
    if (await overflows(page)) problems.push(`${width} x ${height}: the page scrolls sideways`);
    problems.push(...(await unreachable(page)).map((line) => `${width} x ${height}: ${line}`));
  }
  await page.setViewportSize(before);
  assert(problems.length === 0, `${name}\n${problems.join('\n')}`);
}
