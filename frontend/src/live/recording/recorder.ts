/* Records one answer at a time: a fresh MediaRecorder per segment (its chunks only decode in a row from their first), chunks
 * of two seconds handed on in order. A new stream or a reload of the page means a new segment.
 *
 * Whoever speaks over the question has begun the answer before we are told so: while a question is asked, a recording runs
 * in memory. It becomes the answer's when that has begun already, and is thrown away when it has not. */

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
  /** Bits a second that the picture may take, asked for with each segment. */
  videoBits?: () => number;
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
/* An answer that began less long ago begins now: nothing before it is kept. */
const NOW_MS = 100;
/* A page that is busy says late that a recording has begun. */
const BEGUN_MS = 500;
/* What was recorded in advance for so long is begun anew with the next question. */
const AHEAD_MS = 20_000;
/* The server takes no recording that begins longer before its answer. */
const LEAD_MAX_MS = 60_000;
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

/** A MediaRecorder that runs. Until it belongs to an answer its chunks stay here. */
interface Take {
  recorder: MediaRecorder;
  source: MediaStream;
  video: boolean;
  startedAt: number;
  chunks: Blob[];
  hand: ((chunk: Blob) => void) | null;
  stopped: Promise<void>;
}

interface Running {
  key: SegmentKey;
  take: Take;
  queue: Promise<void>; /* chunks in the order they were made */
  release: () => void;
}

export class AnswerRecorder {
  private readonly options: RecorderOptions;
  private running: Running | null = null;
  private ahead: Take | null = null;
  private serial: Promise<void> = Promise.resolve();
  private readonly used = new Map<string, number>();

  constructor(options: RecorderOptions) {
    this.options = options;
  }

  /** Begins a segment (ending the one that runs). Calls are worked off one after the other. */
  start(request: RecordingStart): Promise<void> {
    return this.enqueue(() => this.begin(request));
  }

  /** Ends what runs; resolves when the last chunk of a segment is safe on this device. */
  stop(): Promise<void> {
    return this.enqueue(async () => {
      this.forget();
      await this.finish();
    });
  }

  /** No answer is open: records in advance of the next. */
  wait(source: MediaStream, video: boolean): Promise<void> {
    return this.enqueue(async () => {
      await this.finish();
      const { ahead } = this;
      if (ahead && this.fits(ahead, source, video) && this.now() - ahead.startedAt < AHEAD_MS) return;
      this.forget();
      this.ahead = this.take(source, video);
    });
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.serial = this.serial.then(work).catch(() => {
      this.options.onProblem?.('The recording could not be kept on this device.');
    });
    return this.serial;
  }

  private now(): number {
    return (this.options.now ?? (() => performance.now()))();
  }

  private fits(take: Take, source: MediaStream, video: boolean): boolean {
    return take.source === source && take.video === video && take.recorder.state === 'recording';
  }

  private forget(): void {
    const { ahead } = this;
    this.ahead = null;
    if (ahead && ahead.recorder.state !== 'inactive') ahead.recorder.stop();
  }

  private async begin(request: RecordingStart): Promise<void> {
    await this.finish();
    const { answerId, stream, video, zeroAt } = request;
    const { sessionId, sink } = this.options;
    const { ahead } = this;
    const begun = ahead !== null && this.now() - zeroAt > NOW_MS && zeroAt - ahead.startedAt <= LEAD_MAX_MS;
    if (!begun || !this.fits(ahead, stream, video)) {
      this.forget();
      this.ahead = this.take(stream, video);
    }
    const take = this.ahead;
    if (!take) return;
    const segment = Math.max(request.minSegment, (this.used.get(answerId) ?? -1) + 1, await sink.nextSegment(answerId));
    this.used.set(answerId, segment);
    const key: SegmentKey = { sessionId, answerId, segment };
    sink.begin(key);
    const release = (await this.options.own?.(key)) ?? (() => undefined);
    this.ahead = null;
    this.running = this.keep(key, take, zeroAt, release);
  }

  /* Null when there is nothing to record, or no way to. */
  private take(source: MediaStream, video: boolean): Take | null {
    const isTypeSupported = this.options.isTypeSupported ?? ((t: string) => MediaRecorder.isTypeSupported(t));
    const tracks = source.getTracks().filter((t) => t.readyState === 'live');
    const wanted = video ? tracks : tracks.filter((t) => t.kind === 'audio');
    if (wanted.length === 0) return null;
    const hasVideo = wanted.some((t) => t.kind === 'video');
    const mimeType = pickType(hasVideo, isTypeSupported);
    if (mimeType === null) {
      this.options.onProblem?.('This browser cannot record. Your answer is heard and written down all the same.');
      return null;
    }
    const create = this.options.create ?? ((s: MediaStream, o: MediaRecorderOptions) => new MediaRecorder(s, o));
    const stream = wanted.length === source.getTracks().length ? source : new MediaStream(wanted);
    const recorder = create(stream, {
      mimeType,
      videoBitsPerSecond: this.options.videoBits?.() ?? VIDEO_BITS,
      audioBitsPerSecond: AUDIO_BITS,
    });
    let stopped: () => void = () => undefined;
    const take: Take = {
      recorder,
      source,
      video,
      startedAt: this.now(),
      chunks: [],
      hand: null,
      stopped: new Promise((resolve) => (stopped = resolve)),
    };
    const latest = take.startedAt + BEGUN_MS;
    recorder.onstart = () => {
      take.startedAt = Math.min(this.now(), latest);
    };
    recorder.ondataavailable = ({ data }) => {
      if (data.size === 0) return;
      if (take.hand) take.hand(data);
      else take.chunks.push(data);
    };
    recorder.onstop = () => stopped();
    recorder.onerror = () => stopped();
    recorder.start(SLICE_MS);
    return take;
  }

  private keep(key: SegmentKey, take: Take, zeroAt: number, release: () => void): Running {
    const running: Running = { key, take, queue: Promise.resolve(), release };
    take.hand = (chunk) => {
      const mediaType = containerOf(take.recorder.mimeType || chunk.type);
      running.queue = running.queue.then(async () => {
        const offsetMs = Math.round(take.startedAt - zeroAt);
        for (const piece of split(await chunk.arrayBuffer()))
          await this.options.sink.add({ ...key, mediaType, offsetMs }, piece);
      });
      running.queue.catch(() => this.options.onProblem?.('The recording could not be kept on this device.'));
    };
    take.chunks.splice(0).forEach(take.hand);
    return running;
  }

  private async finish(): Promise<void> {
    const running = this.running;
    if (!running) return;
    this.running = null;
    const { recorder, stopped } = running.take;
    /* A recorder whose tracks all ended has stopped by itself. */
    if (recorder.state !== 'inactive') {
      recorder.stop();
      await stopped;
    }
    await running.queue.catch(() => undefined);
    await this.options.sink.end(running.key);
    running.release();
  }
}
