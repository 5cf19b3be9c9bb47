// Serves frontend/src through Vite and opens a blank page of it in Debian's chromium: lets the other scripts here
// import the avatar's modules as the product would. Uses what `npm ci` in frontend/ installed.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const frontend = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../frontend");
const require = createRequire(path.join(frontend, "package.json"));
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const BLANK = '<!doctype html><meta charset="utf-8"><title>avatar</title><body style="margin:0">';

/** Runs fn with newPage(viewport) and cleans up after it, whatever happens. */
export async function withPages(fn) {
  const { createServer } = await load("vite");
  const playwright = await load("playwright-core");
  const blank = {
    name: "blank-page",
    configureServer: (s) =>
      void s.middlewares.use("/blank", (_, res) => res.setHeader("content-type", "text/html").end(BLANK)),
  };
  const server = await createServer({
    root: frontend,
    configFile: false,
    logLevel: "error",
    plugins: [blank],
    server: { port: 0, host: "127.0.0.1", hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  await server.listen();
  const { port } = server.httpServer.address();
  const chromium = playwright.chromium ?? playwright.default.chromium;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const newPage = async (viewport, options = {}) => {
    const page = await browser.newPage({ viewport, ...options });
    page.on("pageerror", (e) => console.error("page:", e.message));
    await page.goto(`http://127.0.0.1:${port}/blank`);
    return page;
  };
  try {
    return await fn(newPage);
  } finally {
    await browser.close();
    await server.close();
  }
}
