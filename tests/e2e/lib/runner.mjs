// A small runner: cases run one after the other (two cores, real engines), each with its own time limit; a summary at the end.

const results = [];

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

export function assertEqual(actual, expected, message) {
  if (actual !== expected)
    throw new Error(`${message}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

/** Polls until fn gives something truthy; a clear message instead of a hang. */
export async function until(fn, what, timeoutMs = 20_000, everyMs = 100) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await fn();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((done) => setTimeout(done, everyMs));
  }
}

export async function test(name, fn, timeoutMs = 120_000) {
  const filter = process.env.VIVA_E2E_ONLY;
  if (filter && !name.includes(filter)) return;
  const from = Date.now();
  let timer;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took longer than ${timeoutMs / 1000} s`)), timeoutMs);
    });
    await Promise.race([fn(), late]);
    results.push({ name, ok: true });
    process.stdout.write(`ok    ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)\n`);
  } catch (error) {
    results.push({ name, ok: false });
    process.stdout.write(
      `FAIL  ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)\n      ${String(error.stack ?? error).replace(/\n/g, '\n      ')}\n`,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Prints the summary; true when all passed. */
export function summary() {
  const failed = results.filter((r) => !r.ok).length;
  process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 && results.length > 0;
}
