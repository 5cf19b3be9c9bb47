// Frame rate of the living, speaking avatar at 720 px wide: node tools/avatar/perf.mjs [seconds] [out_dir for a picture]
// Prints frames drawn per second, script time per frame and node count, at full speed and throttled four times.
import path from "node:path";
import { withPages } from "./harness.mjs";

const [seconds = "5", out] = process.argv.slice(2);

async function start(character) {
  const { createAvatar } = await import("/src/avatar/controller.ts");
  document.body.innerHTML =
    '<div id="host" style="width:720px;height:758px;background:linear-gradient(100deg,#f4f0e1,#cdddde 40%,#aec2c6)"></div>';
  const avatar = createAvatar(document.getElementById("host"), {
    character,
    label: character,
    seed: 1,
    reducedMotion: false,
  });
  const sounds = "t ɛ l m i ɐ b aʊ t ɐ p ɹ ɑː dʒ ɛ k t j uː ɚ p ɹ aʊ d ə v".split(" ");
  const phonemes = Array.from({ length: 400 }, (_, i) => ({
    phoneme: sounds[i % sounds.length],
    start: i * 0.085,
    end: (i + 1) * 0.085,
  }));
  const begin = performance.now();
  avatar.setState("speaking");
  avatar.speak({ phonemes, now: () => (performance.now() - begin) / 1000 });
  // a frame was drawn when the pose changed: breath and sway move in every one
  let last = -9;
  window.drawn = 0;
  const count = () => {
    const { yaw } = avatar.pose();
    if (yaw !== last) window.drawn++;
    last = yaw;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
}

await withPages(async (newPage) => {
  for (const character of ["daniel", "amara"]) {
    for (const rate of [1, 4]) {
      const page = await newPage({ width: 760, height: 760 });
      await page.evaluate(start, character);
      const cdp = await page.context().newCDPSession(page);
      await cdp.send("Emulation.setCPUThrottlingRate", { rate });
      await cdp.send("Performance.enable");
      await page.waitForTimeout(1500);
      const read = async () => {
        const { metrics } = await cdp.send("Performance.getMetrics");
        const m = Object.fromEntries(metrics.map((x) => [x.name, x.value]));
        return {
          ...(await page.evaluate(() => ({ drawn: window.drawn, t: performance.now() / 1000 }))),
          script: m.ScriptDuration,
          task: m.TaskDuration,
          heap: m.JSHeapUsedSize,
        };
      };
      const a = await read();
      await page.waitForTimeout(Number(seconds) * 1000);
      const b = await read();
      const frames = b.drawn - a.drawn;
      const nodes = await page.evaluate(() => document.querySelectorAll("svg *").length);
      console.log(
        `${character} ${rate}x: ${(frames / (b.t - a.t)).toFixed(1)} fps, ` +
          `${(((b.script - a.script) * 1000) / frames).toFixed(2)} ms script and ${(((b.task - a.task) * 1000) / frames).toFixed(2)} ms main thread a frame, ${nodes} nodes`,
      );
      if (out && rate === 1) await page.screenshot({ path: path.join(out, `live_${character}.png`) });
      await page.close();
    }
  }
});
