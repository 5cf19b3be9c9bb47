import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../utils/errorHandler';
import type { SegmentRef, UploadApi } from '../api';
import { MemoryStore, openStore } from './store';
import type { ChunkStore } from './store';
import { Uploader } from './uploader';

const SESSION = 's1';
const segment = (n: number, answerId = 'a1') => ({
  sessionId: SESSION,
  answerId,
  segment: n,
  mediaType: 'video/webm',
  offsetMs: 120,
});
const bytes = (n: number) => Uint8Array.of(n).buffer;
const fault = (
  status: number,
  code: string,
  details: Record<string, unknown> | null = null,
  retryAfterS: number | null = null,
) => new ApiError({ status, code, message: code, details, retryAfterS });

/** The server's side of the contract: contiguous, idempotent, strict about hashes. */
class FakeServer implements UploadApi {
  segments = new Map<string, { data: number[]; mediaType: string; offsetMs: number; finished: number | null }>();
  faults: (ApiError | null)[] = [];
  calls: string[] = [];
  inFlight = 0;
  mostInFlight = 0;
  hold: (() => Promise<void>) | null = null;

  static key = (ref: SegmentRef) => `${ref.answerId}/${ref.segment}`;

  private trip(): void {
    const next = this.faults.shift();
    if (next) throw next;
  }

  createSegment(ref: SegmentRef, mediaType: string, offsetMs: number): Promise<number> {
    this.calls.push(`create ${FakeServer.key(ref)}`);
    const known = this.segments.get(FakeServer.key(ref));
    if (known) return Promise.resolve(known.data.length);
    this.segments.set(FakeServer.key(ref), { data: [], mediaType, offsetMs, finished: null });
    return Promise.resolve(0);
  }

  async putChunk(ref: SegmentRef, seq: number, data: ArrayBuffer, sha256: string): Promise<number> {
    this.calls.push(`put ${FakeServer.key(ref)} ${seq}`);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      await this.hold?.();
      this.trip();
      const value = new Uint8Array(data)[0] ?? -1;
      if (sha256 !== `hash ${value}`) throw fault(422, 'chunk_hash');
      const s = this.segments.get(FakeServer.key(ref));
      if (!s) throw fault(404, 'not_found');
      if (seq > s.data.length) throw fault(409, 'chunk_gap', { expected: s.data.length });
      if (seq === s.data.length) s.data.push(value);
      else if (s.data[seq] !== value) throw fault(409, 'chunk_differs');
      return s.data.length;
    } finally {
      this.inFlight -= 1;
    }
  }

  finishSegment(ref: SegmentRef, chunks: number): Promise<void> {
    this.calls.push(`finish ${FakeServer.key(ref)} ${chunks}`);
    const s = this.segments.get(FakeServer.key(ref));
    if (!s || chunks > s.data.length) return Promise.reject(fault(409, 'chunk_gap', { expected: s?.data.length ?? 0 }));
    s.finished = chunks;
    return Promise.resolve();
  }

  data(key: string): number[] | undefined {
    return this.segments.get(key)?.data;
  }
}

/** Shut until it is opened. */
function gate(): [Promise<void>, () => void] {
  let open: () => void = () => undefined;
  return [new Promise<void>((resolve) => (open = resolve)), open];
}

let server: FakeServer;
let waits: number[];

function uploader(store: ChunkStore, over: Partial<ConstructorParameters<typeof Uploader>[0]> = {}): Uploader {
  return new Uploader({
    sessionId: SESSION,
    store,
    api: server,
    hash: (data) => Promise.resolve(`hash ${new Uint8Array(data)[0] ?? -1}`),
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 1,
    ...over,
  });
}

beforeEach(() => {
  server = new FakeServer();
  waits = [];
});

const stores: [string, () => Promise<ChunkStore>][] = [
  ['IndexedDB', async () => (await openStore(new IDBFactory())).store],
  ['memory', () => Promise.resolve(new MemoryStore())],
];

describe.each(stores)('with %s', (_, open) => {
  it('sends every chunk in order and finishes with their count', async () => {
    const store = await open();
    const up = uploader(store);
    for (let i = 0; i < 7; i++) await up.add(segment(0), bytes(i));
    await up.end(segment(0));
    await up.idle();
    expect(server.data('a1/0')).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(server.segments.get('a1/0')).toMatchObject({ finished: 7, mediaType: 'video/webm', offsetMs: 120 });
    expect(await store.segments(SESSION)).toEqual([]);
    expect(up.snapshot()).toMatchObject({ total: 7, sent: 7, pendingBytes: 0, damaged: 0 });
  });

  it('has at most two chunks of a segment on the way', async () => {
    const store = await open();
    const [allAdded, added] = gate();
    const [bothThere, meet] = gate();
    server.hold = () => {
      if (server.calls.at(-1) === 'put a1/0 0') return allAdded;
      /* a third that was asked of the store with them would be there before the store's next reply */
      if (server.inFlight === 2) void store.held(segment(0)).then(meet);
      return bothThere;
    };
    const up = uploader(store);
    for (let i = 0; i < 6; i++) await up.add(segment(0), bytes(i));
    added();
    await up.end(segment(0));
    await up.idle();
    expect(server.mostInFlight).toBe(2);
  });

  it('keeps a chunk until the server has it', async () => {
    const store = await open();
    const [held, release] = gate();
    server.hold = () => held;
    const up = uploader(store);
    await up.add(segment(0), bytes(1));
    await Promise.resolve();
    expect(await store.held(segment(0))).toEqual([0]);
    release();
    await up.end(segment(0));
    await up.idle();
    expect(await store.held(segment(0))).toEqual([]);
  });

  it('takes up what a crashed page left: unsent chunks, and the end that was never told', async () => {
    const store = await open();
    for (let i = 0; i < 5; i++) await store.add(segment(0), bytes(i));
    await server.createSegment(segment(0), 'video/webm', 120);
    for (let i = 0; i < 3; i++) await server.putChunk(segment(0), i, bytes(i), `hash ${i}`);
    await store.dropChunk(segment(0), 0); /* two acknowledgements had arrived */
    await store.dropChunk(segment(0), 1);
    const up = uploader(store);
    await up.recover();
    await up.idle();
    expect(server.data('a1/0')).toEqual([0, 1, 2, 3, 4]);
    expect(server.segments.get('a1/0')?.finished).toBe(5);
    expect(await store.segments(SESSION)).toEqual([]);
  });

  it('finishes a segment whose chunks all arrived but whose end did not', async () => {
    const store = await open();
    await store.add(segment(0), bytes(9));
    await store.dropChunk(segment(0), 0);
    await server.createSegment(segment(0), 'video/webm', 0);
    await server.putChunk(segment(0), 0, bytes(9), 'hash 9');
    const up = uploader(store);
    await up.recover();
    await up.idle();
    expect(server.segments.get('a1/0')?.finished).toBe(1);
  });

  it('leaves a segment alone that another tab still records into', async () => {
    const store = await open();
    await store.add(segment(0), bytes(1));
    const up = uploader(store, { ownedElsewhere: () => Promise.resolve(true) });
    await up.recover();
    expect(server.calls).toEqual([]);
    expect((await store.segments(SESSION))[0]?.ended).toBe(false);
  });

  it('counts the next segment from what lies on the device', async () => {
    const store = await open();
    await store.add(segment(0), bytes(1));
    await store.add(segment(2), bytes(1));
    await store.add(segment(5, 'other'), bytes(1));
    const up = uploader(store);
    expect(await up.nextSegment('a1')).toBe(3);
    expect(await up.nextSegment('new')).toBe(0);
  });

  it('does not mix sessions', async () => {
    const store = await open();
    await store.add({ ...segment(0), sessionId: 's0' }, bytes(1));
    await store.add({ ...segment(0), sessionId: 's10' }, bytes(1));
    const up = uploader(store);
    await up.recover();
    await up.idle();
    expect(server.calls).toEqual([]);
  });
});

it('is not idle while a segment is recorded, even before its first chunk', async () => {
  const up = uploader(new MemoryStore());
  up.begin(segment(0));
  expect(up.isIdle).toBe(false);
  const told: number[] = [];
  const stop = up.subscribe((p) => told.push(p.sent));
  await up.end(segment(0));
  await up.idle();
  expect(told).toEqual([0]);
  stop();
  await up.recover();
  expect(told).toEqual([0]);
});

describe('faults', () => {
  const started = async (faults: (ApiError | null)[], chunks = 4) => {
    server.faults = faults;
    const store = new MemoryStore();
    const up = uploader(store);
    for (let i = 0; i < chunks; i++) await up.add(segment(0), bytes(i));
    await up.end(segment(0));
    await up.idle();
    return { up, store };
  };

  it('waits longer each time the network fails, then goes on where it was', async () => {
    await started([fault(0, 'network'), fault(0, 'network'), fault(503, 'unavailable'), fault(500, 'internal')]);
    expect(server.data('a1/0')).toEqual([0, 1, 2, 3]);
    expect(server.segments.get('a1/0')?.finished).toBe(4);
    expect(waits[0]).toBe(1000);
    for (const ms of waits) expect(ms).toBeLessThanOrEqual(30_000);
  });

  it('waits as long as the server asks', async () => {
    await started([fault(429, 'rate_limited', null, 17)], 1);
    expect(waits).toEqual([17_000]);
  });

  it('sends a chunk again that was damaged on the way', async () => {
    const store = new MemoryStore();
    let damaged = true;
    const up = uploader(store, {
      hash: (data) => {
        const good = `hash ${new Uint8Array(data)[0] ?? -1}`;
        const out = damaged ? 'wrong' : good;
        damaged = false;
        return Promise.resolve(out);
      },
    });
    await up.add(segment(0), bytes(5));
    await up.end(segment(0));
    await up.idle();
    expect(server.data('a1/0')).toEqual([5]);
    expect(waits).toHaveLength(1);
  });

  it('goes on from the number the server names when the second overtakes the first', async () => {
    /* The first of two is refused once, so the second arrives at a server that waits for the first. */
    const { up } = await started([fault(503, 'unavailable')]);
    expect(server.data('a1/0')).toEqual([0, 1, 2, 3]);
    expect(up.snapshot().damaged).toBe(0);
  });

  it('a gap reply older than the acknowledgement changes nothing', async () => {
    /* The server has 0 and 1; the reply to 1 comes back as a gap from before 0 was there. */
    const original = server.putChunk.bind(server);
    let first = true;
    server.putChunk = async (ref, seq, data, sha) => {
      const next = await original(ref, seq, data, sha);
      if (seq === 1 && first) {
        first = false;
        throw fault(409, 'chunk_gap', { expected: 0 });
      }
      return next;
    };
    const { up } = await started([]);
    expect(server.data('a1/0')).toEqual([0, 1, 2, 3]);
    expect(server.segments.get('a1/0')?.finished).toBe(4);
    expect(up.snapshot().damaged).toBe(0);
  });

  it('closes what is whole when the server has lost a chunk it had acknowledged', async () => {
    const store = new MemoryStore();
    const up = uploader(store);
    await up.add(segment(0), bytes(0));
    await up.add(segment(0), bytes(1));
    while (up.snapshot().sent < 2) await Promise.resolve();
    server.segments.get('a1/0')?.data.pop();
    await up.add(segment(0), bytes(2));
    await up.end(segment(0));
    await up.idle();
    expect(up.snapshot().damaged).toBe(1);
    expect(await store.segments(SESSION)).toEqual([]);
  });

  it('is not asked in a tight loop by a server that always names the same number', async () => {
    server.putChunk = () => {
      if (waits.length > 2) throw fault(404, 'not_found');
      throw fault(409, 'chunk_gap', { expected: 0 });
    };
    await started([]);
    expect(waits.length).toBeGreaterThan(2);
  });

  it('keeps everything on the device when the session refuses, and sends it with a fresh token', async () => {
    server.faults = [fault(401, 'token_invalid')];
    const store = new MemoryStore();
    const up = uploader(store);
    await up.add(segment(0), bytes(3));
    await up.end(segment(0));
    await up.idle();
    expect(up.snapshot().refused).toBe(true);
    expect(await store.held(segment(0))).toEqual([0]);
    up.setApi(server);
    await up.idle();
    expect(server.segments.get('a1/0')?.finished).toBe(1);
  });

  it('an answer that the server does not know gives up that segment only', async () => {
    const store = new MemoryStore();
    const up = uploader(store);
    server.faults = [fault(404, 'not_found')];
    await up.add(segment(0), bytes(0));
    await up.end(segment(0));
    await up.idle();
    await up.add(segment(0, 'a2'), bytes(7));
    await up.end(segment(0, 'a2'));
    await up.idle();
    expect(up.snapshot().damaged).toBe(1);
    expect(server.segments.get('a2/0')?.finished).toBe(1);
  });
});

it('falls back to memory where IndexedDB is closed, and says so', async () => {
  const closed = {
    open: () => {
      throw new DOMException('no', 'SecurityError');
    },
  } as unknown as IDBFactory;
  expect((await openStore(closed)).durable).toBe(false);
  expect((await openStore(new IDBFactory())).durable).toBe(true);
});
