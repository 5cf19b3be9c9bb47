// Contact sheets of every character: node tools/avatar/sheets.mjs OUT_DIR [visemes,expressions,states,speech]
import { mkdirSync } from "node:fs";
import path from "node:path";
import { withPages } from "./harness.mjs";

const [out, only = "visemes,expressions,states,speech"] = process.argv.slice(2);
if (!out) {
  console.error("usage: node tools/avatar/sheets.mjs OUT_DIR [visemes,expressions,states,speech]");
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const EXPRESSIONS = [
  ["rest", {}],
  ["half blink", { blinkL: 0.5, blinkR: 0.5 }],
  ["closed", { blinkL: 1, blinkR: 1 }],
  ["gaze left", { gazeX: -1 }],
  ["gaze right", { gazeX: 1 }],
  ["gaze up", { gazeY: -1 }],
  ["gaze down", { gazeY: 0.8, blinkL: 0.12, blinkR: 0.12 }],
  ["brow raise", { brow: 1 }],
  ["smile", { smile: 1, squint: 0.2, brow: 0.15 }],
  [
    "greeting, teeth",
    { smile: 1, squint: 0.25, brow: 0.3, jaw: 0.1, upper: 0.35, teeth: 0.75, width: 0.3, lower: 0.1 },
  ],
  ["concern", { frown: 0.15, browIn: 1, smile: 0, pitch: 0.3, roll: 2 }],
  ["nod down", { pitch: 1, roll: 0.5 }],
  ["nod up", { pitch: -0.8 }],
  ["turn left", { yaw: -1 }],
  ["turn right", { yaw: 1 }],
  ["tilt left", { roll: -4 }],
  ["tilt right", { roll: 4 }],
  ["speaking, open", { jaw: 0.75, upper: 0.22, lower: 0.45, teeth: 0.4, tongue: 0.2 }],
  ["speaking, spread", { jaw: 0.22, width: 0.45, upper: 0.15, lower: 0.2, teeth: 0.65 }],
  ["speaking, round", { jaw: 0.14, width: -0.6, round: 1, upper: 0.1, lower: 0.1 }],
];
// "Tell me about a project you are proud of", each sound and its length in ms
const SENTENCE =
  "t 70,ˈɛ 90,l 60,m 70,i 80,ɐ 50,b 70,ˈaʊ 150,t 50,ɐ 40,p 90,ɹ 50,ˈɑː 130,dʒ 80,ɛ 80,k 60,t 50,j 50,uː 90,ɚ 70,p 90,ɹ 50,ˈaʊ 170,d 60,ə 50,v 90";

/** In the page: the cells of one sheet as { label, pose, state? }. */
async function cellsOf([kind, expressions, sentence]) {
  const { VISEMES, CHANNELS } = await import("/src/avatar/visemes.ts");
  const { Behaviour } = await import("/src/avatar/behaviour.ts");
  const { REST, MOUTH_REST } = await import("/src/avatar/types.ts");
  const { buildTrack, poseAt } = await import("/src/avatar/timing.ts");
  if (kind === "expressions") return expressions.map(([label, pose]) => ({ label, pose }));
  if (kind === "visemes")
    return Object.entries(VISEMES).map(([label, v]) => ({
      label,
      pose: { ...Object.fromEntries(CHANNELS.map((c, i) => [c, v.shape[i]])), press: label === "PP" ? 1 : 0 },
    }));
  if (kind === "states")
    return ["idle", "listening", "thinking", "speaking", "smiling"].flatMap((state) => {
      const b = new Behaviour(3);
      const pose = { ...REST };
      const cells = [];
      const input = { state, candidateVoice: false, speechIn: Infinity, beat: 0, jaw: 0 };
      for (let f = 0; f <= 300; f++) {
        b.update(f / 60, input, pose);
        if ([60, 180, 300].includes(f)) cells.push({ label: `${state} ${f / 60} s`, pose: { ...pose }, room: true });
      }
      return cells;
    });
  let t = 0.2;
  const events = sentence.split(",").map((x) => {
    const [phoneme, ms] = x.split(" ");
    const start = t;
    return { phoneme, start, end: (t += Number(ms) / 1000) };
  });
  const track = buildTrack(events);
  return Array.from({ length: 18 }, (_, i) => {
    const at = 0.1 + ((t + 0.05) * i) / 17;
    const now = events.find((e) => at >= e.start && at < e.end);
    return { label: `${Math.round(at * 1000)} ms  ${now?.phoneme ?? "-"}`, pose: poseAt(track, at, { ...MOUTH_REST }) };
  });
}

/** In the page: draws the sheet and returns its size. */
async function drawSheet([character, cells, columns, cell, crop]) {
  const { stillSvg } = await import("/src/avatar/rig/still.ts");
  const { VIEW } = await import("/src/avatar/rig/frame.ts");
  const { CHARACTERS } = await import("/src/avatar/characters/index.ts");
  const box = crop ?? VIEW;
  const height = Math.round((cell * box[3]) / box[2]);
  const room = "linear-gradient(100deg,#f4f0e1,#cdddde 40%,#aec2c6)";
  document.body.style.cssText = `margin:0;width:${columns * cell}px;font:600 12px system-ui;text-align:center`;
  document.body.innerHTML = cells
    .map((c, i) => {
      const svg = stillSvg(CHARACTERS[character], c.pose, `u${i}_`, box);
      const size = `width:${cell}px;height:${height}px;overflow:hidden`;
      return `<div style="float:left"><div style="${size};background:${room}">${svg}</div><div style="height:20px;line-height:20px">${c.label}</div></div>`;
    })
    .join("");
  return { width: columns * cell, height: Math.ceil(cells.length / columns) * (height + 20) };
}

const LAYOUT = {
  visemes: [5, 250, [220, 300, 360, 270]],
  expressions: [5, 250, [150, 70, 500, 500]],
  states: [3, 320, null],
  speech: [6, 220, [170, 150, 460, 430]],
};

await withPages(async (newPage) => {
  for (const kind of only.split(",")) {
    for (const character of ["daniel", "amara"]) {
      const page = await newPage({ width: 1400, height: 1000 });
      const cells = await page.evaluate(cellsOf, [kind, EXPRESSIONS, SENTENCE]);
      const size = await page.evaluate(drawSheet, [character, cells, ...LAYOUT[kind]]);
      await page.setViewportSize(size);
      const file = path.join(out, `${kind}_${character}.png`);
      await page.screenshot({ path: file });
      console.log(file);
      await page.close();
    }
  }
});
