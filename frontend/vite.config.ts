import { defineConfig } from 'vitest/config';
import react from '@vitejs/plugin-react';
import tailwindcss from '@tailwindcss/vite';
import { mockApi } from './dev/mockApi.ts';

const server = process.env.VIVA_SERVER ?? 'http://localhost:8000';

export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwindcss(), ...(mode === 'mock' ? [mockApi()] : [])],
  build: {
    outDir: 'dist',
    // budget.mjs reads the manifest to see which files a candidate loads first
    manifest: true,
    // a font or an icon inlined as data: would be loaded by everybody and break a strict content security policy
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    ...(mode === 'mock' ? {} : { proxy: { '/api': { target: server, ws: true } } }),
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['./src/test/setup.ts'],
    restoreMocks: true,
    testTimeout: 60_000,
  },
}));
