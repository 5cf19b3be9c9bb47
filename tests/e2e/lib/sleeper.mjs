// A browser that can be put to sleep as a laptop is: all its processes stop at once, the kernel keeps its connections.

import { chromium } from 'playwright-core';
import fs from 'node:fs';
import { browserArguments } from './browser.mjs';

export async function openSleeper() {
  const host = await chromium.launchServer(browserArguments({ devices: true }));
  const browser = await chromium.connect(host.wsEndpoint());
  return { host, browser, pid: host.process().pid, close: () => host.close() };
}

/** The process and all that come from it. */
function family(pid) {
  const children = new Map();
  for (const name of fs.readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      /* it has ended */
    }
  }
  const all = [pid];
  for (let i = 0; i < all.length; i++) all.push(...(children.get(all[i]) ?? []));
  return all;
}

export function freeze(sleeper) {
  sleeper.frozen = family(sleeper.pid);
  for (const pid of sleeper.frozen) process.kill(pid, 'SIGSTOP');
}

export function thaw(sleeper) {
  for (const pid of sleeper.frozen ?? []) process.kill(pid, 'SIGCONT');
  sleeper.frozen = null;
}
