// A microphone that the driver speaks into, and an ear on the interviewer, on one clock: the page's own AudioContext. So a turn
// begins when the driver wants it, and its end and the first sound after it are known to a few samples however late the page is.

import { execFileSync } from 'node:child_process';

export const RATE = 16000;
const FRAME = 320;
const QUIET = 150; /* mean of |sample| over 20 ms */
const BELOW = 8; /* 18 dB under the loud parts of a clip: breath, echo and the noise of the room are under it */

/** A sound file as 16 kHz mono, cut after its last loud 20 ms: what comes after would count as speech here and not to the server. */
export function decode(file) {
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-ac', '1', '-ar', String(RATE), '-f', 's16le', '-'], {
    maxBuffer: 1 << 28,
  });
  const pcm = new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength - (raw.byteLength % 2)));
  const loudness = Array.from({ length: Math.floor(pcm.length / FRAME) }, (_, frame) => {
    let sum = 0;
    for (let i = frame * FRAME; i < (frame + 1) * FRAME; i++) sum += Math.abs(pcm[i]);
    return sum / FRAME;
  });
  const loud = loudness.toSorted((a, b) => a - b)[Math.floor(0.95 * loudness.length)] ?? 0;
  const last = loudness.findLastIndex((value) => value > Math.max(QUIET, loud / BELOW));
  return pcm.subarray(0, (last + 1) * FRAME);
}

/** Runs in the page before its own scripts. Camera and permission stay the browser's; only the sound of the microphone is ours. */
export function voiceInPage() {
  const EAR = 32768; /* samples that the ear looks back: 0.68 s, so a busy page misses nothing */
  const AUDIBLE = 1e-3;
  const voice = { ctx: null, microphone: null, ear: null, given: [] };
  globalThis.__voice = voice;

  const Native = globalThis.AudioContext;
  globalThis.AudioContext = class extends Native {
    constructor(options) {
      super(options);
      voice.ctx = this;
      voice.microphone = super.createMediaStreamDestination();
      voice.ear = super.createAnalyser();
      voice.ear.fftSize = EAR;
    }
  };

  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const real = await ask(wish);
    if (!wish.audio) return real;
    const [device] = real.getAudioTracks().map((track) => track.getSettings().deviceId);
    real.getAudioTracks().forEach((track) => track.stop());
    voice.given = voice.microphone.stream.clone().getAudioTracks();
    for (const track of voice.given) {
      const settings = track.getSettings();
      track.getSettings = () => ({ ...settings, deviceId: device }); /* known again when it comes back */
    }
    return new MediaStream([...real.getVideoTracks(), ...voice.given]);
  };

  /** As when the device is pulled out: the browser ends its tracks and says so; and when it is there again. */
  voice.unplug = () => {
    for (const track of voice.given) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  };
  voice.plug = () => navigator.mediaDevices.dispatchEvent(new Event('devicechange'));

  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function patched(target, ...rest) {
    if (target instanceof AudioDestinationNode && this.context === voice.ctx) connect.call(this, voice.ear);
    return connect.call(this, target, ...rest);
  };

  /** Speaks; resolves with the context's time of the sample after the last. */
  voice.speak = async (base64, rate) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const pcm = new Int16Array(bytes.buffer);
    const buffer = voice.ctx.createBuffer(1, pcm.length, rate);
    buffer.copyToChannel(
      Float32Array.from(pcm, (s) => s / 32768),
      0,
    );
    const source = voice.ctx.createBufferSource();
    source.buffer = buffer;
    connect.call(source, voice.microphone);
    const at = voice.ctx.currentTime + 0.3;
    const ended = new Promise((done) => (source.onended = done));
    source.start(at);
    await ended;
    return at + pcm.length / rate;
  };

  /** Resolves with the context's time of the first sound of the interviewer after `since`. */
  voice.firstSound = (since, timeoutMs) =>
    new Promise((done, fail) => {
      const data = new Float32Array(EAR);
      const late = performance.now() + timeoutMs;
      const look = () => {
        const now = voice.ctx.currentTime;
        voice.ear.getFloatTimeDomainData(data);
        const begin = now - EAR / voice.ctx.sampleRate;
        const from = Math.min(EAR, Math.max(0, Math.ceil((since - begin) * voice.ctx.sampleRate)));
        for (let i = from; i < EAR; i++) if (Math.abs(data[i]) > AUDIBLE) return done(begin + i / voice.ctx.sampleRate);
        if (performance.now() > late) return fail(new Error(`no sound of the interviewer in ${timeoutMs} ms`));
        setTimeout(look, 50);
      };
      look();
    });
}

/** A tone, for ears that take whatever is loud for speech. */
export function tone(seconds) {
  const pcm = new Int16Array(seconds * RATE);
  for (let i = 0; i < pcm.length; i++) pcm[i] = 8000 * Math.sin((2 * Math.PI * 400 * i) / RATE);
  return pcm;
}

const base64 = (pcm) => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');

/** Speaks into the page's microphone. */
export const speak = (page, pcm) =>
  page.evaluate(([sound, rate]) => globalThis.__voice.speak(sound, rate), [base64(pcm), RATE]);

/** Speaks, and waits for the interviewer: times in seconds of the page's sound clock, and what the output adds to the second. */
export const speakAndHear = (page, pcm, { button = null, timeoutMs = 30_000 } = {}) =>
  page.evaluate(
    async ([sound, rate, name, timeout]) => {
      const { speak: say, firstSound, ctx } = globalThis.__voice;
      const ended = await say(sound, rate);
      const press = name && [...document.querySelectorAll('button')].find((b) => b.textContent.includes(name));
      if (name && !press) throw new Error(`no button "${name}"`);
      const pressed = ctx.currentTime;
      press?.click();
      return { ended, pressed, heard: await firstSound(ended, timeout), output: ctx.outputLatency || 0 };
    },
    [base64(pcm), RATE, button, timeoutMs],
  );
