/* Records one answer at a time: a fresh MediaRecorder per segment (its chunks only decode in a row from their first), chunks
 * of two seconds handed on in order. A new stream or a reload of the page means a new segment. */

import type { SegmentKey } from './store';

export interface ChunkSink {
  nextSegment(answerId: string): Promise<number>;
  begin(key: SegmentKey): void;
  add(segment: SegmentKey & { mediaType: string; offsetMs: number }, data: ArrayBuffer): Promise<void>;
  end(key: SegmentKey): Promise<void>;
}

export interface RecorderOptions {
  sessionId: string;
  sink: ChunkSink;
  now?: () => number;
  create?: (stream: MediaStream, options: MediaRecorderOptions) => MediaRecorder;
  isTypeSupported?: (type: string) => boolean;
  /** Says that this tab records into the segment, until the returned promise's function is called. */
  own?: (key: SegmentKey) => Promise<() => void>;
  onProblem?: (message: string) => void;
}

export interface RecordingStart {
  answerId: string;
  /** Time (of now()) at which the answer's own clock stood at zero. */
  zeroAt: number;
  stream: MediaStream;
  video: boolean;
  /** The server's idea of the next free segment. */
  minSegment: number;
}

const SLICE_MS = 2000;
export const CHUNK_MAX = 1024 * 1024;
const VIDEO_BITS = 600_000;
const AUDIO_BITS = 32_000;

const VIDEO_TYPES = [
  'video/webm;codecs=vp8,opus' /* VP8 first: half the CPU of VP9, and the machine also draws a face */,
  'video/webm;codecs=vp9,opus',
  'video/webm',
  'video/mp4;codecs=avc1.42E01E,mp4a.40.2',
  'video/mp4',
];
const AUDIO_TYPES = [
  'audio/webm;codecs=opus',
  'audio/webm',
  'audio/mp4;codecs=mp4a.40.2',
  'audio/mp4',
  'audio/ogg;codecs=opus',
];

export function pickType(video: boolean, isTypeSupported: (type: string) => boolean): string | null {
  return (video ? VIDEO_TYPES : AUDIO_TYPES).find((t) => isTypeSupported(t)) ?? null;
}

/** The container without its codecs: what the server is told. */
export const containerOf = (type: string) => type.split(';')[0] ?? type;

/** Pieces of at most max bytes: after a pause some browsers hand over tens of megabytes at once. */
export function split(data: ArrayBuffer, max: number = CHUNK_MAX): ArrayBuffer[] {
  const out: ArrayBuffer[] = [];
  for (let at = 0; at < data.byteLength; at += max) out.push(data.slice(at, Math.min(data.byteLength, at + max)));
  return out;
}

interface Running {
  key: SegmentKey;
  recorder: MediaRecorder;
  queue: Promise<void>; /* chunks in the order they were made */
  stopped: Promise<void>;
  release: () => void;
}

export class AnswerRecorder {
  private readonly options: RecorderOptions;
  private running: Running | null = null;
  private serial: Promise<void> = Promise.resolve();
  private readonly used = new Map<string, number>();

  constructor(options: RecorderOptions) {
    this.options = options;
  }

  get recordingAnswer(): string | null {
    return this.running?.key.answerId ?? null;
  }

  /** Begins a segment (ending the one that runs). Calls are worked off one after the other. */
  start(request: RecordingStart): Promise<void> {
    return this.enqueue(() => this.begin(request));
  }

  /** Ends the segment that runs; resolves when its last chunk is safe on this device. */
  stop(): Promise<void> {
    return this.enqueue(() => this.finish());
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.serial = this.serial.then(work).catch(() => {
      this.options.onProblem?.('The recording could not be kept on this device.');
    });
    return this.serial;
  }

  private async begin(request: RecordingStart): Promise<void> {
    await this.finish();
    const { sessionId, sink } = this.options;
    const isTypeSupported = this.options.isTypeSupported ?? ((t: string) => MediaRecorder.isTypeSupported(t));
    const tracks = request.stream.getTracks().filter((t) => t.readyState === 'live');
    const wanted = request.video ? tracks : tracks.filter((t) => t.kind === 'audio');
    if (wanted.length === 0) return;
    const hasVideo = wanted.some((t) => t.kind === 'video');
    const mimeType = pickType(hasVideo, isTypeSupported);
    if (mimeType === null) {
      this.options.onProblem?.('This browser cannot record. Your answer is heard and written down all the same.');
      return;
    }
    const segment = Math.max(
      request.minSegment,
      (this.used.get(request.answerId) ?? -1) + 1,
      await sink.nextSegment(request.answerId),
    );
    this.used.set(request.answerId, segment);
    const key: SegmentKey = { sessionId, answerId: request.answerId, segment };
    const create = this.options.create ?? ((s: MediaStream, o: MediaRecorderOptions) => new MediaRecorder(s, o));
    const stream = wanted.length === request.stream.getTracks().length ? request.stream : new MediaStream(wanted);
    const recorder = create(stream, { mimeType, videoBitsPerSecond: VIDEO_BITS, audioBitsPerSecond: AUDIO_BITS });
    sink.begin(key);
    const release = (await this.options.own?.(key)) ?? (() => undefined);
    this.running = this.wire(key, recorder, request.zeroAt, release);
    recorder.start(SLICE_MS);
  }

  private wire(key: SegmentKey, recorder: MediaRecorder, zeroAt: number, release: () => void): Running {
    const now = this.options.now ?? (() => performance.now());
    let offsetMs = now() - zeroAt;
    let stopped: () => void = () => undefined;
    const running: Running = {
      key,
      recorder,
      queue: Promise.resolve(),
      stopped: new Promise((resolve) => (stopped = resolve)),
      release,
    };
    recorder.onstart = () => {
      offsetMs = now() - zeroAt;
    };
    recorder.ondataavailable = (ev) => {
      if (ev.data.size === 0) return;
      const mediaType = containerOf(recorder.mimeType || ev.data.type);
      running.queue = running.queue.then(async () => {
        for (const piece of split(await ev.data.arrayBuffer()))
          await this.options.sink.add({ ...key, mediaType, offsetMs: Math.max(0, Math.round(offsetMs)) }, piece);
      });
      running.queue.catch(() => this.options.onProblem?.('The recording could not be kept on this device.'));
    };
    recorder.onstop = () => stopped();
    recorder.onerror = () => stopped();
    return running;
  }

  private async finish(): Promise<void> {
    const running = this.running;
    if (!running) return;
    this.running = null;
    /* A recorder whose tracks all ended has stopped by itself. */
    if (running.recorder.state !== 'inactive') {
      running.recorder.stop();
      await running.stopped;
    }
    await running.queue.catch(() => undefined);
    await this.options.sink.end(running.key);
    running.release();
  }
}
