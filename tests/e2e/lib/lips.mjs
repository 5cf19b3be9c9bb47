// Watches mouth and sound from outside: an ear on whatever the page plays, an eye on the mouth the avatar draws (its probe), and
// by how much one runs ahead of the other.

/** Runs in the page before its own scripts. The page is not changed: what it connects to the loudspeaker is connected to an
 *  analyser as well. */
export function watchInPage() {
  localStorage.setItem('viva.probe', '1');
  const seen = { samples: [], played: 0 };
  globalThis.__lips = seen;
  const connect = AudioNode.prototype.connect;
  const ears = new WeakMap();
  AudioNode.prototype.connect = function patched(target, ...rest) {
    if (target instanceof AudioDestinationNode && this instanceof GainNode && this.gain.value > 0) {
      let ear = ears.get(this.context);
      if (!ear) {
        ear = this.context.createAnalyser();
        ear.fftSize = 1024;
        ears.set(this.context, ear);
        const data = new Float32Array(ear.fftSize);
        const context = this.context;
        const window = Math.round(0.01 * context.sampleRate);
        const look = () => {
          ear.getFloatTimeDomainData(data);
          let sum = 0;
          for (let i = data.length - window; i < data.length; i++) sum += data[i] * data[i];
          const mouth = document.querySelector('[data-viseme-open]');
          const heard = mouth?.dataset.speechTime ?? '';
          if (mouth && heard !== '')
            seen.samples.push([
              context.currentTime,
              Math.sqrt(sum / window),
              Number(mouth.dataset.visemeOpen),
              context.outputLatency || 0,
            ]);
          if (sum > 1e-4) seen.played += 1;
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }
      connect.call(this, ear);
    }
    return connect.call(this, target, ...rest);
  };
}

function resample(samples, step) {
  const out = [];
  let k = 0;
  const end = samples[samples.length - 1][0];
  for (let t = samples[0][0]; t < end; t += step) {
    while (k + 1 < samples.length && samples[k + 1][0] <= t) k++;
    const a = samples[k];
    const b = samples[Math.min(k + 1, samples.length - 1)];
    /* A hole (nobody spoke) is not bridged. */
    if (b[0] - a[0] > 0.25) {
      out.push(null);
      continue;
    }
    const f = b[0] > a[0] ? (t - a[0]) / (b[0] - a[0]) : 0;
    out.push([a[1] + f * (b[1] - a[1]), a[2] + f * (b[2] - a[2])]);
  }
  return out;
}

function correlation(pairs) {
  const n = pairs.length;
  const mx = pairs.reduce((s, p) => s + p[0], 0) / n;
  const my = pairs.reduce((s, p) => s + p[1], 0) / n;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (const [x, y] of pairs) {
    xy += (x - mx) * (y - my);
    xx += (x - mx) ** 2;
    yy += (y - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy || 1);
}

/**
 * How many ms the mouth is ahead of the sound at the ear (negative: late): the shift at which opening and loudness agree best.
 * The analyser hears a sample when it is rendered; the candidate hears it the output latency later.
 */
export function mouthAhead(samples) {
  const step = 0.005;
  const grid = resample(samples, step);
  const latency = samples.reduce((s, x) => s + x[3], 0) / samples.length;
  const at = (shift) => {
    const pairs = [];
    for (let i = 0; i < grid.length; i++) {
      const sound = grid[i];
      const mouth = grid[i - shift];
      if (sound && mouth) pairs.push([Math.sqrt(sound[0]), mouth[1]]);
    }
    return pairs.length < 100 ? -1 : correlation(pairs);
  };
  let best = { ahead: 0, r: -1 };
  for (let shift = -60; shift <= 60; shift++) {
    const r = at(shift);
    if (r > best.r) best = { ahead: shift * step * 1000 + latency * 1000, r };
  }
  return { ...best, latencyMs: latency * 1000, samples: samples.length };
}
