// Writes public/favicon.ico (16, 32 and 48 px, 32-bit) from the logo's five bars; no image library needed.
import fs from 'node:fs';

const BARS = [11, 18, 25, 18, 11].map((height, i) => ({ x: 1 + i * 6.25, y: 4, width: 5, height }));
const COLOUR = [0x6f, 0x60, 0x03]; // accent, as blue, green, red
const SAMPLES = 8;

const inside = (px, py) =>
  BARS.some(({ x, y, width, height }) => {
    const r = width / 2;
    const cy = Math.min(Math.max(py, y + r), y + height - r);
    return Math.hypot(px - (x + r), py - cy) <= r;
  });

function coverage(size, col, row) {
  let hits = 0;
  for (let i = 0; i < SAMPLES; i++)
    for (let j = 0; j < SAMPLES; j++)
      if (inside(((col + (i + 0.5) / SAMPLES) * 32) / size, ((row + (j + 0.5) / SAMPLES) * 32) / size)) hits++;
  return Math.round((255 * hits) / SAMPLES ** 2);
}

/* A DIB as icons hold it: header with doubled height, pixels bottom-up, then the (unused, zero) AND mask. */
function bitmap(size) {
  const maskBytes = Math.ceil(size / 32) * 4 * size;
  const out = Buffer.alloc(40 + size * size * 4 + maskBytes);
  out.writeUInt32LE(40, 0);
  out.writeInt32LE(size, 4);
  out.writeInt32LE(size * 2, 8);
  out.writeUInt16LE(1, 12);
  out.writeUInt16LE(32, 14);
  for (let row = 0; row < size; row++)
    for (let col = 0; col < size; col++)
      out.set([...COLOUR, coverage(size, col, row)], 40 + ((size - 1 - row) * size + col) * 4);
  return out;
}

const images = [16, 32, 48].map((size) => ({ size, data: bitmap(size) }));
const header = Buffer.alloc(6 + 16 * images.length);
header.writeUInt16LE(1, 2);
header.writeUInt16LE(images.length, 4);
let offset = header.length;
images.forEach(({ size, data }, i) => {
  const at = 6 + 16 * i;
  header.writeUInt8(size, at);
  header.writeUInt8(size, at + 1);
  header.writeUInt16LE(1, at + 4);
  header.writeUInt16LE(32, at + 6);
  header.writeUInt32LE(data.length, at + 8);
  header.writeUInt32LE(offset, at + 12);
  offset += data.length;
});
fs.writeFileSync(
  new URL('../public/favicon.ico', import.meta.url),
  Buffer.concat([header, ...images.map((i) => i.data)]),
);
