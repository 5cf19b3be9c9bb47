/* Carries recorded chunks to the server: in order within a segment, two on their way at once, and deletes each here only when
 * the server has said that it has it. One worker per segment; each ends by telling the server how many chunks there were. */

import { Backoff } from '../backoff';
import { ApiError } from '../../utils/errorHandler';
import type { UploadApi } from '../api';
import type { ChunkStore, SegmentKey, SegmentRecord } from './store';
import { sha256Hex } from './sha256';

export interface UploadProgress {
  /** Chunks recorded on this page or found on this device, and those of them the server has. */
  total: number;
  sent: number;
  pendingBytes: number;
  /** The last try failed and another is being waited for. */
  waiting: boolean;
  /** The server does not take this session's recordings any more; what is left stays on this device. */
  refused: boolean;
  /** A segment that could not be saved whole. */
  damaged: number;
}

export interface UploaderOptions {
  sessionId: string;
  store: ChunkStore;
  api: UploadApi;
  hash?: (data: ArrayBuffer) => Promise<string>;
  wait?: (ms: number, wake: Promise<void>) => Promise<void>;
  random?: () => number;
  /** True while another tab of this browser still records into the segment. */
  ownedElsewhere?: (key: SegmentKey) => Promise<boolean>;
}

const IN_FLIGHT = 2;
const AGAIN_MAX = 5; /* a server that keeps naming the same number is not asked in a tight loop */
const BACKOFF = { minMs: 1000, maxMs: 30_000 };

type Verdict = 'sent' | 'again' | 'later' | 'refused' | 'broken';

interface Job {
  key: SegmentKey;
  record: SegmentRecord;
  backoff: Backoff;
  created: boolean;
  next: number; /* chunk to send next */
  acked: number; /* the server has said that it has every chunk before this one */
  again: number; /* rounds in a row that only moved the number */
  retryAfterMs: number | null;
  running: boolean;
}

function waitOrWake(ms: number, wake: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void wake.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const idOf = (k: SegmentKey) => `${k.answerId}/${k.segment}`;

export class Uploader {
  private readonly options: UploaderOptions;
  private api: UploadApi;
  private readonly jobs = new Map<string, Job>();
  private readonly progress: UploadProgress = {
    total: 0,
    sent: 0,
    pendingBytes: 0,
    waiting: false,
    refused: false,
    damaged: 0,
  };
  private readonly sizes = new Map<string, number>();
  private readonly listeners = new Set<(p: UploadProgress) => void>();
  /** Segments this page is recording, also before their first chunk. */
  private readonly recording = new Set<string>();
  private idleWaiters: (() => void)[] = [];
  private wakeUp: () => void = () => undefined;
  private wakeSignal: Promise<void>;

  constructor(options: UploaderOptions) {
    this.options = options;
    this.api = options.api;
    this.wakeSignal = new Promise((resolve) => (this.wakeUp = resolve));
  }

  /** Takes up what an earlier page left: sends it on, and closes segments that nobody records into any more. */
  async recover(): Promise<void> {
    const { store, sessionId, ownedElsewhere } = this.options;
    for (const found of await store.segments(sessionId)) {
      if (this.jobs.has(idOf(found))) continue;
      if (!found.ended && ownedElsewhere && (await ownedElsewhere(found))) continue;
      const record = found.ended ? found : ((await store.end(found)) ?? found);
      const held = await store.held(record);
      this.progress.total += held.length;
      for (const seq of held) {
        const data = await store.chunk(record, seq);
        this.countIn(record, seq, data?.byteLength ?? 0);
      }
      this.run(this.job(record));
    }
    this.report();
  }

  /** Next free segment number of an answer as far as this device knows. */
  async nextSegment(answerId: string): Promise<number> {
    const known = await this.options.store.segments(this.options.sessionId);
    const stored = known.filter((s) => s.answerId === answerId).map((s) => s.segment);
    const seen = [...this.jobs.values()].filter((j) => j.key.answerId === answerId).map((j) => j.key.segment);
    return Math.max(-1, ...stored, ...seen) + 1;
  }

  /** A segment is about to be recorded: nothing is idle before its end. */
  begin(key: SegmentKey): void {
    this.recording.add(idOf(key));
  }

  /** Stores one chunk and sends it when its turn comes. Resolves when it is safe on this device. */
  async add(segment: SegmentKey & { mediaType: string; offsetMs: number }, data: ArrayBuffer): Promise<void> {
    const record = await this.options.store.add(segment, data);
    this.progress.total += 1;
    this.countIn(record, record.produced - 1, data.byteLength);
    const job = this.job(record);
    job.record = record;
    this.report();
    this.run(job);
  }

  /** The recording of this segment is over. */
  async end(key: SegmentKey): Promise<void> {
    const record = await this.options.store.end(key).finally(() => this.recording.delete(idOf(key)));
    if (!record) {
      this.report(); /* ended before its first chunk: the server never heard of it */
      return;
    }
    const job = this.job(record);
    job.record = record;
    this.run(job);
  }

  /** Resolves when everything is with the server or was refused. */
  idle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  get isIdle(): boolean {
    if (this.recording.size > 0) return false;
    return this.progress.refused || ![...this.jobs.values()].some((j) => j.running || !j.record.ended);
  }

  subscribe(fn: (p: UploadProgress) => void): () => void {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  }

  snapshot(): UploadProgress {
    return { ...this.progress };
  }

  /** Back online, or a person pressed "Try again": no more waiting. */
  wake(): void {
    const go = this.wakeUp;
    this.wakeSignal = new Promise((resolve) => (this.wakeUp = resolve));
    go();
  }

  /** A fresh token: refusals are tried anew. */
  setApi(api: UploadApi): void {
    this.api = api;
    this.progress.refused = false;
    for (const job of this.jobs.values()) this.run(job);
    this.wake();
  }

  private job(record: SegmentRecord): Job {
    const id = idOf(record);
    let job = this.jobs.get(id);
    if (!job) {
      const { sessionId, answerId, segment } = record;
      const backoff = new Backoff({ ...BACKOFF, ...(this.options.random ? { random: this.options.random } : {}) });
      const key = { sessionId, answerId, segment };
      job = { key, record, backoff, created: false, next: 0, acked: 0, again: 0, retryAfterMs: null, running: false };
      this.jobs.set(id, job);
    }
    return job;
  }

  private run(job: Job): void {
    if (job.running || this.progress.refused) return;
    job.running = true;
    void this.work(job).finally(() => {
      job.running = false;
      /* something may have been added between the last look and here */
      if (this.jobs.has(idOf(job.key)) && this.hasWork(job) && !this.progress.refused) this.run(job);
      this.report();
    });
  }

  private hasWork(job: Job): boolean {
    return job.record.ended || job.acked < job.record.produced;
  }

  private async work(job: Job): Promise<void> {
    while (!this.progress.refused && this.hasWork(job)) {
      const verdict = await this.round(job);
      if (verdict === 'refused') this.progress.refused = true;
      else if (verdict === 'broken') await this.abandon(job);
      else if (verdict === 'later') await this.pause(job);
      else if (job.record.ended && job.acked >= job.record.produced && (await this.close(job))) return;
      if (!this.jobs.has(idOf(job.key))) return;
    }
  }

  private async pause(job: Job): Promise<void> {
    this.progress.waiting = true;
    this.report();
    const ms = Math.max(job.backoff.next(), job.retryAfterMs ?? 0);
    job.retryAfterMs = null;
    await (this.options.wait ?? waitOrWake)(ms, this.wakeSignal);
    this.progress.waiting = false;
  }

  /* Up to two chunks at once; the worse of the two outcomes decides what comes next. */
  private async round(job: Job): Promise<Verdict> {
    if (!job.created) {
      const made = await this.create(job);
      if (made !== 'sent') return made;
    }
    const last = Math.min(job.next + IN_FLIGHT, job.record.produced);
    const sending: Promise<Verdict>[] = [];
    for (let seq = job.next; seq < last; seq++) sending.push(this.send(job, seq));
    const verdicts = await Promise.all(sending);
    const order: Verdict[] = ['refused', 'broken', 'later', 'again', 'sent'];
    const worst = order.find((v) => verdicts.includes(v)) ?? 'sent';
    job.next = Math.max(job.next, job.acked);
    job.again = worst === 'again' ? job.again + 1 : 0;
    return job.again > AGAIN_MAX ? 'later' : worst;
  }

  private async create(job: Job): Promise<Verdict> {
    try {
      const next = await this.api.createSegment(job.key, job.record.mediaType, job.record.offsetMs);
      if (next < job.acked) return 'broken'; /* it has lost what it had acknowledged, and so have we */
      job.created = true;
      await this.acknowledged(job, next);
      return 'sent';
    } catch (error) {
      return this.judge(job, error);
    }
  }

  private async send(job: Job, seq: number): Promise<Verdict> {
    const { store, hash = sha256Hex } = this.options;
    const data = await store.chunk(job.key, seq);
    if (!data) {
      if (seq < job.acked) return 'sent'; /* acknowledged while we were looking */
      return 'broken';
    }
    try {
      const next = await this.api.putChunk(job.key, seq, data, await hash(data));
      job.backoff.reset();
      await this.acknowledged(job, next);
      return 'sent';
    } catch (error) {
      return this.judge(job, error);
    }
  }

  private judge(job: Job, error: unknown): Verdict {
    if (!(error instanceof ApiError)) return 'later';
    job.retryAfterMs = error.retryAfterS === null ? null : error.retryAfterS * 1000;
    if (error.code === 'chunk_gap') return this.gap(job, error.details?.expected);
    if (error.code === 'chunk_hash') return 'later'; /* damaged on the way */
    if (error.status === 401 || error.status === 403 || error.status === 410) return 'refused';
    const passing = error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500;
    return passing ? 'later' : 'broken';
  }

  /* Usually the second of two chunks overtook the first: go on from the number the server names. A number below what it has
   * acknowledged is an old reply, or a loss; asking for the segment again tells which. */
  private gap(job: Job, expected: unknown): Verdict {
    if (typeof expected !== 'number' || expected > job.record.produced) return 'broken';
    if (expected < job.acked) job.created = false;
    else job.next = expected;
    return 'again';
  }

  private async acknowledged(job: Job, next: number): Promise<void> {
    job.acked = Math.max(job.acked, next);
    job.next = Math.max(job.next, job.acked);
    for (const held of await this.options.store.held(job.key)) {
      if (held >= job.acked) continue;
      await this.options.store.dropChunk(job.key, held);
      this.countOut(job.key, held);
    }
    this.report();
  }

  /* True when the segment is closed on the server and forgotten here. */
  private async close(job: Job): Promise<boolean> {
    try {
      if (job.record.produced > 0) await this.api.finishSegment(job.key, job.record.produced);
      await this.forget(job);
      return true;
    } catch (error) {
      const verdict = this.judge(job, error);
      if (verdict === 'refused') this.progress.refused = true;
      else if (verdict === 'broken') await this.abandon(job);
      else if (verdict === 'later') await this.pause(job);
      return false;
    }
  }

  /* What the server has contiguously is closed with its count; the rest of this segment cannot be placed behind it. */
  private async abandon(job: Job): Promise<void> {
    this.progress.damaged += 1;
    if (job.acked > 0) await this.api.finishSegment(job.key, job.acked).catch(() => undefined);
    await this.forget(job);
  }

  private async forget(job: Job): Promise<void> {
    for (const held of await this.options.store.held(job.key)) this.countOut(job.key, held);
    await this.options.store.dropSegment(job.key);
    this.jobs.delete(idOf(job.key));
    this.report();
  }

  private countIn(key: SegmentKey, seq: number, bytes: number): void {
    this.sizes.set(`${idOf(key)}/${seq}`, bytes);
    this.progress.pendingBytes += bytes;
  }

  private countOut(key: SegmentKey, seq: number): void {
    const id = `${idOf(key)}/${seq}`;
    const bytes = this.sizes.get(id);
    if (bytes === undefined) return;
    this.sizes.delete(id);
    this.progress.pendingBytes -= bytes;
    this.progress.sent += 1;
  }

  private report(): void {
    for (const fn of this.listeners) fn(this.snapshot());
    if (this.isIdle) {
      const waiters = this.idleWaiters;
      this.idleWaiters = [];
      for (const resolve of waiters) resolve();
    }
  }
}
