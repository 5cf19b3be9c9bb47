// Chromium as in the house rules: headless, with a fake camera and a microphone that plays a file, a new profile each time.

import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=document-user-activation-required',
];

export function browserArguments({ microphone = null, devices = true, flags = [] } = {}) {
  const args = [...FLAGS, ...flags];
  if (devices) args.push('--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream');
  if (microphone) args.push(`--use-file-for-fake-audio-capture=${microphone}`);
  return {
    executablePath: process.env.VIVA_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args,
    ignoreDefaultArgs: ['--mute-audio'],
  };
}

export const openBrowser = (options) => chromium.launch(browserArguments(options));

export const WIDTHS = {
  360: { width: 360, height: 760 },
  768: { width: 768, height: 1024 },
  1440: { width: 1440, height: 900 },
};
