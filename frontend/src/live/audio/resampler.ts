/* Streaming sample-rate conversion between any two integer rates: a windowed-sinc low-pass (Kaiser) cut into exact phases
 * of the reduced ratio, so positions are integers and never drift. Mono. Runs in the AudioWorklet and in tests alike.
 * The filter is down 80 dB from the lower of the two Nyquist frequencies on, flat within 0.1 dB up to 4/5 of it. */

const ZERO_CROSSINGS = 24; /* each side, at the lower rate: sets the width of the transition */
const BETA = 8; /* Kaiser: about 80 dB */
const ROLLOFF = 0.895; /* centre of the transition as a part of the lower Nyquist frequency */

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Modified Bessel function of the first kind, order 0. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 60 && term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/* phases x taps; row p holds the weights for an output that lies p/phases after an input sample. */
function buildTable(phases: number, half: number, cutoff: number): Float32Array {
  const taps = 2 * half;
  const table = new Float32Array(phases * taps);
  const norm = bessel0(BETA);
  for (let p = 0; p < phases; p++) {
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const t = k - half + 1 - p / phases; /* input sample k relative to the output, in input samples */
      const x = Math.PI * t * cutoff;
      const r = t / half;
      const window = Math.abs(r) >= 1 ? 0 : bessel0(BETA * Math.sqrt(1 - r * r)) / norm;
      const w = (Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x) * cutoff * window;
      table[p * taps + k] = w;
      sum += w;
    }
    for (let k = 0; k < taps; k++)
      table[p * taps + k] = (table[p * taps + k] ?? 0) / sum; /* unity at 0 Hz in every phase */
  }
  return table;
}

export class Resampler {
  readonly from: number;
  readonly to: number;
  private readonly up: number;
  private readonly down: number;
  private readonly half: number;
  private readonly table: Float32Array;
  private buffer: Float32Array;
  private filled: number;
  private phase = 0;

  constructor(from: number, to: number) {
    if (!Number.isInteger(from) || !Number.isInteger(to) || from <= 0 || to <= 0)
      throw new RangeError('sample rates are positive integers');
    this.from = from;
    this.to = to;
    const g = gcd(from, to);
    this.up = to / g;
    this.down = from / g;
    const narrow = Math.min(1, to / from);
    this.half = Math.ceil(ZERO_CROSSINGS / narrow);
    this.table = from === to ? new Float32Array(0) : buildTable(this.up, this.half, ROLLOFF * narrow);
    this.buffer = new Float32Array(4 * this.half + 1024);
    this.filled = this.half - 1; /* silence before the first sample: output starts in time with the input */
  }

  /** The output that the input so far determines. The rest comes with later input, or with flush. */
  process(input: Float32Array): Float32Array {
    if (this.from === this.to) return input.slice();
    this.append(input);
    const taps = 2 * this.half;
    const out = new Float32Array(Math.max(0, Math.ceil(((this.filled - taps + 1) * this.up) / this.down) + 1));
    let n = 0;
    let at = 0;
    while (at + taps <= this.filled) {
      const row = this.phase * taps;
      let acc = 0;
      for (let k = 0; k < taps; k++) acc += (this.table[row + k] ?? 0) * (this.buffer[at + k] ?? 0);
      out[n++] = acc;
      this.phase += this.down;
      at += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
    this.buffer.copyWithin(0, at, this.filled); /* a step is always shorter than the filter, so at <= filled */
    this.filled -= at;
    return out.subarray(0, n);
  }

  /** What is still in the filter, as if silence followed; then ready for a new stream. */
  flush(): Float32Array {
    if (this.from === this.to) return new Float32Array(0);
    const tail = this.process(new Float32Array(this.half)).slice();
    this.reset();
    return tail;
  }

  reset(): void {
    this.buffer.fill(0);
    this.filled = this.half - 1;
    this.phase = 0;
  }

  private append(fresh: Float32Array): void {
    if (this.filled + fresh.length > this.buffer.length) {
      const grown = new Float32Array(2 * (this.filled + fresh.length));
      grown.set(this.buffer.subarray(0, this.filled));
      this.buffer = grown;
    }
    this.buffer.set(fresh, this.filled);
    this.filled += fresh.length;
  }
}

/** -1..1 to 16 bit, rounded and clamped. */
export function toPcm16(samples: Float32Array): Int16Array<ArrayBuffer> {
  const out = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const v = Math.round((samples[i] ?? 0) * 32767);
    out[i] = v > 32767 ? 32767 : v < -32768 ? -32768 : v;
  }
  return out;
}

export function fromPcm16(pcm: Int16Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) out[i] = (pcm[i] ?? 0) / 32768;
  return out;
}
