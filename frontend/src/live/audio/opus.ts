/* Opus through WebCodecs, where the browser has it and does what we need: 16 kHz mono, one 20 ms frame in each packet. That
 * is checked on real packets before it is promised to the server; anything else means PCM. */

import { FRAME_SAMPLES, UPLINK_RATE } from '../protocol';

const FRAME_US = 20_000;
const BITRATE = 24_000;
const PROBE_MS = 1500;

const CONFIG: AudioEncoderConfig = {
  codec: 'opus',
  sampleRate: UPLINK_RATE,
  numberOfChannels: 1,
  bitrate: BITRATE,
  opus: { frameDuration: FRAME_US },
};

/** Duration in ms of the one frame in an Opus packet, or 0 when it holds several (RFC 6716, 3.1). */
export function packetFrameMs(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined || (toc & 3) !== 0) return 0;
  const config = toc >> 3;
  if (config < 12) return [10, 20, 40, 60][config & 3] ?? 0;
  if (config < 16) return [10, 20][config & 1] ?? 0;
  return [2.5, 5, 10, 20][config & 3] ?? 0;
}

function audioData(pcm: Int16Array<ArrayBuffer>, index: number): AudioData {
  return new AudioData({
    format: 's16',
    sampleRate: UPLINK_RATE,
    numberOfFrames: pcm.length,
    numberOfChannels: 1,
    timestamp: index * FRAME_US,
    data: pcm,
  });
}

export class OpusEncoder {
  private readonly encoder: AudioEncoder;
  private index = 0;

  constructor(onPacket: (packet: Uint8Array) => void, onError: () => void) {
    this.encoder = new AudioEncoder({
      output: (chunk) => {
        const packet = new Uint8Array(chunk.byteLength);
        chunk.copyTo(packet);
        onPacket(packet);
      },
      error: onError,
    });
    this.encoder.configure(CONFIG);
  }

  encode(pcm: Int16Array<ArrayBuffer>): void {
    if (this.encoder.state !== 'configured') return;
    const data = audioData(pcm, this.index++);
    this.encoder.encode(data);
    data.close();
  }

  flush(): Promise<void> {
    return this.encoder.flush();
  }

  close(): void {
    if (this.encoder.state !== 'closed') this.encoder.close();
  }
}

/* Ten frames of a quiet tone through the real encoder. */
async function packetsAreOurs(): Promise<boolean> {
  const packets: Uint8Array[] = [];
  const errors: true[] = [];
  const encoder = new OpusEncoder(
    (p) => packets.push(p),
    () => errors.push(true),
  );
  const frames = 10;
  for (let f = 0; f < frames; f++) {
    const pcm = new Int16Array(FRAME_SAMPLES);
    for (let i = 0; i < FRAME_SAMPLES; i++) pcm[i] = 2000 * Math.sin(0.2 * (f * FRAME_SAMPLES + i));
    encoder.encode(pcm);
  }
  await encoder.flush();
  encoder.close();
  /* An encoder may hold back one frame, or append one to empty its delay. */
  return errors.length === 0 && Math.abs(packets.length - frames) <= 1 && packets.every((p) => packetFrameMs(p) === 20);
}

let verdict: Promise<boolean> | null = null;

/** Whether this browser's Opus can be sent. Asked once; never throws, never hangs. */
export function opusWorks(): Promise<boolean> {
  verdict ??= (async () => {
    try {
      if (typeof AudioEncoder === 'undefined' || typeof AudioData === 'undefined') return false;
      const { supported } = await AudioEncoder.isConfigSupported(CONFIG);
      if (supported !== true) return false;
      const late = new Promise<boolean>((resolve) => setTimeout(resolve, PROBE_MS, false));
      return await Promise.race([packetsAreOurs(), late]);
    } catch {
      return false;
    }
  })();
  return verdict;
}
