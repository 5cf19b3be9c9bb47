import { beforeEach, describe, expect, it } from 'vitest';
import { AnswerRecorder, CHUNK_MAX, containerOf, pickType, split } from './recorder';
import type { ChunkSink } from './recorder';
import type { SegmentKey } from './store';

class FakeRecorder {
  state = 'inactive';
  mimeType: string;
  onstart: (() => void) | null = null;
  onstop: (() => void) | null = null;
  onerror: (() => void) | null = null;
  ondataavailable:
    ((ev: { data: { size: number; type: string; arrayBuffer: () => Promise<ArrayBuffer> } }) => void) | null = null;
  slice = 0;
  readonly stream: MediaStream;
  constructor(stream: MediaStream, options: MediaRecorderOptions) {
    this.stream = stream;
    this.mimeType = options.mimeType ?? '';
  }
  start(slice: number): void {
    this.slice = slice;
    this.state = 'recording';
    this.onstart?.();
  }
  chunk(size: number): void {
    this.ondataavailable?.({ data: { size, type: 'x', arrayBuffer: () => Promise.resolve(new ArrayBuffer(size)) } });
  }
  stop(): void {
    this.state = 'inactive';
    this.chunk(3);
    this.onstop?.();
  }
}

class FakeSink implements ChunkSink {
  log: string[] = [];
  known = 0;
  begun: number[] = [];
  fail = false;
  nextSegment(): Promise<number> {
    return Promise.resolve(this.known);
  }
  begin(key: SegmentKey): void {
    this.begun.push(key.segment);
  }
  add(s: SegmentKey & { mediaType: string; offsetMs: number }, data: ArrayBuffer): Promise<void> {
    if (this.fail) return Promise.reject(new Error('full'));
    this.log.push(`${s.answerId}/${s.segment} ${s.mediaType} +${s.offsetMs} ${data.byteLength}`);
    return Promise.resolve();
  }
  end(key: SegmentKey): Promise<void> {
    this.log.push(`end ${key.answerId}/${key.segment}`);
    return Promise.resolve();
  }
}

const track = (kind: string, readyState = 'live') => ({ kind, readyState });
const stream = (...tracks: object[]) => ({ getTracks: () => tracks }) as unknown as MediaStream;
const AV = stream(track('video'), track('audio'));

let sink: FakeSink;
let made: FakeRecorder[];
let problems: string[];
let time: number;
let owned: string[];

function recorder(supported: (t: string) => boolean = (t) => t.startsWith('video/webm') || t.startsWith('audio/webm')) {
  return new AnswerRecorder({
    sessionId: 's',
    sink,
    now: () => time,
    isTypeSupported: supported,
    create: (s, o) => {
      const r = new FakeRecorder(s, o);
      made.push(r);
      return r as unknown as MediaRecorder;
    },
    own: (key) => {
      owned.push(`own ${key.segment}`);
      return Promise.resolve(() => owned.push(`free ${key.segment}`));
    },
    onProblem: (m) => problems.push(m),
  });
}

beforeEach(() => {
  sink = new FakeSink();
  made = [];
  problems = [];
  owned = [];
  time = 5000;
});

const ask = (over = {}) => ({ answerId: 'a', zeroAt: 4000, stream: AV, video: true, minSegment: 0, ...over });

describe('the picture', () => {
  it('takes as many bits as the connection carries when a segment begins', async () => {
    let bits = 600_000;
    const options: MediaRecorderOptions[] = [];
    const r = new AnswerRecorder({
      sessionId: 's',
      sink,
      isTypeSupported: () => true,
      videoBits: () => bits,
      create: (s, o) => {
        options.push(o);
        return new FakeRecorder(s, o) as unknown as MediaRecorder;
      },
    });
    await r.start(ask());
    bits = 240_000;
    await r.start(ask());
    expect(options.map((o) => o.videoBitsPerSecond)).toEqual([600_000, 240_000]);
  });
});

describe('recording', () => {
  it('writes chunks of two seconds with the place of their start, and the last before the end', async () => {
    const r = recorder();
    await r.start(ask());
    expect(made[0]?.slice).toBe(2000);
    made[0]?.chunk(100);
    await r.stop();
    expect(sink.log).toEqual(['a/0 video/webm +1000 100', 'a/0 video/webm +1000 3', 'end a/0']);
    expect(owned).toEqual(['own 0', 'free 0']);
    expect(sink.begun).toEqual([0]);
  });

  it('a fresh recorder and a new number for each segment of an answer', async () => {
    const r = recorder();
    await r.start(ask());
    time = 9000;
    await r.start(ask());
    await r.stop();
    expect(made).toHaveLength(2);
    expect(sink.log).toEqual(['a/0 video/webm +1000 3', 'end a/0', 'a/1 video/webm +5000 3', 'end a/1']);
  });

  it('after a reload takes the highest of what server, device and page know', async () => {
    const r = recorder();
    sink.known = 2;
    await r.start(ask({ minSegment: 4 }));
    await r.start(ask({ minSegment: 0 }));
    await r.stop();
    expect(sink.log.filter((l) => l.startsWith('end'))).toEqual(['end a/4', 'end a/5']);
  });

  it('calls that overlap are worked off in order', async () => {
    const r = recorder();
    await Promise.all([r.start(ask()), r.stop(), r.start(ask({ answerId: 'b' })), r.stop()]);
    expect(sink.log.filter((l) => l.startsWith('end'))).toEqual(['end a/0', 'end b/0']);
  });

  it('a microphone that is gone leaves the picture, and the other way round', async () => {
    const r = recorder();
    await r.start(ask({ stream: stream(track('audio', 'ended')) }));
    expect(made).toHaveLength(0);
    await r.start(ask({ stream: stream(track('audio')), video: true }));
    expect(made[0]?.mimeType).toBe('audio/webm;codecs=opus');
    await r.stop();
  });

  it('a recorder that stopped by itself is closed without waiting', async () => {
    const r = recorder();
    await r.start(ask());
    const first = made[0];
    if (first) first.state = 'inactive';
    await r.stop();
    expect(sink.log).toEqual(['end a/0']);
  });

  it('says when it cannot record or keep', async () => {
    const none = recorder(() => false);
    await none.start(ask());
    expect(problems[0]).toMatch(/cannot record/);
    const r = recorder();
    sink.fail = true;
    await r.start(ask());
    made[0]?.chunk(10);
    await r.stop();
    expect(problems.at(-1)).toMatch(/could not be kept/);
    expect(sink.log).toEqual(['end a/0']);
  });
});

describe('an answer that has begun before we hear of it', () => {
  it('is recorded from before its first word', async () => {
    const r = recorder();
    await r.wait(AV, true);
    made[0]?.chunk(100);
    made[0]?.chunk(200);
    expect(sink.begun).toEqual([]);
    time = 9000;
    await r.start(ask({ zeroAt: 7500 }));
    made[0]?.chunk(300);
    await r.stop();
    expect(made).toHaveLength(1);
    expect(sink.log).toEqual([
      'a/0 video/webm +-2500 100',
      'a/0 video/webm +-2500 200',
      'a/0 video/webm +-2500 300',
      'a/0 video/webm +-2500 3',
      'end a/0',
    ]);
  });

  it('begins half a second after it was asked to at the latest, however late a busy page hears of it', async () => {
    const r = recorder();
    await r.wait(AV, true);
    time = 8000;
    made[0]?.onstart?.();
    await r.start(ask({ zeroAt: 7500 }));
    await r.stop();
    expect(sink.log[0]).toBe('a/0 video/webm +-2000 3');
  });

  it('goes on in a segment of its own when its end was taken back', async () => {
    const r = recorder();
    await r.start(ask());
    time = 9000;
    await r.wait(AV, true);
    time = 12_000;
    await r.start(ask());
    await r.stop();
    expect(made).toHaveLength(2);
    expect(sink.log).toEqual(['a/0 video/webm +1000 3', 'end a/0', 'a/1 video/webm +5000 3', 'end a/1']);
  });

  it('nothing of the time before is kept when it begins now, with other devices, or never', async () => {
    const r = recorder();
    await r.wait(AV, true);
    made[0]?.chunk(100);
    time = 9000;
    await r.start(ask({ zeroAt: 8950 }));
    expect(made[0]?.state).toBe('inactive');
    await r.wait(AV, true);
    await r.start(ask({ answerId: 'b', stream: stream(track('audio')), zeroAt: 7000 }));
    await r.wait(AV, true);
    await r.stop();
    expect(made.map((m) => m.state)).toEqual(Array(5).fill('inactive'));
    expect(sink.log).toEqual(['a/0 video/webm +50 3', 'end a/0', 'b/0 audio/webm +2000 3', 'end b/0']);
  });

  it('is recorded from now on when the question took longer than the server keeps of it', async () => {
    const r = recorder();
    await r.wait(AV, true);
    time = 68_000;
    await r.start(ask({ zeroAt: 66_000 }));
    await r.stop();
    expect(made.map((m) => m.state)).toEqual(['inactive', 'inactive']);
    expect(sink.log[0]).toBe('a/0 video/webm +2000 3');
  });

  it('one recording waits over bridge and question, but none for long', async () => {
    const r = recorder();
    await r.wait(AV, true);
    time += 19_000;
    await r.wait(AV, true);
    expect(made).toHaveLength(1);
    time += 2000;
    await r.wait(AV, true);
    expect(made.map((m) => m.state)).toEqual(['inactive', 'recording']);
    await r.stop();
  });
});

describe('formats', () => {
  it('prefers WebM and takes MP4 where there is no other', () => {
    expect(pickType(true, () => true)).toMatch(/^video\/webm/);
    expect(pickType(true, (t) => t.includes('mp4'))).toMatch(/^video\/mp4/);
    expect(pickType(false, (t) => t === 'audio/mp4')).toBe('audio/mp4');
    expect(pickType(false, () => false)).toBeNull();
    expect(containerOf('video/webm;codecs=vp8,opus')).toBe('video/webm');
  });

  it('cuts what is over a megabyte, byte for byte', () => {
    const big = new Uint8Array(2.5 * CHUNK_MAX).map((_, i) => i % 251);
    const parts = split(big.buffer);
    expect(parts.map((p) => p.byteLength)).toEqual([CHUNK_MAX, CHUNK_MAX, CHUNK_MAX / 2]);
    const whole = new Uint8Array(big.length);
    let at = 0;
    for (const p of parts) {
      whole.set(new Uint8Array(p), at);
      at += p.byteLength;
    }
    expect(whole.every((v, i) => v === big[i])).toBe(true);
  });
});
