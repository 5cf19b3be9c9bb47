/* Recording chunks that the server has not acknowledged, kept on this device: in IndexedDB, so that a crash of the tab loses at
 * most the two seconds being recorded. Sound and picture are stored as ArrayBuffer (Safari forgets Blobs). */

export interface SegmentKey {
  sessionId: string;
  answerId: string;
  segment: number;
}

export interface SegmentRecord extends SegmentKey {
  mediaType: string;
  /** Of its beginning from the answer's start; negative: it begins before that. */
  offsetMs: number;
  /** Chunks recorded so far. */
  produced: number;
  /** Set when the recording ended: produced is final then. */
  ended: boolean;
}

export interface ChunkRecord extends SegmentKey {
  seq: number;
  data: ArrayBuffer;
}

export interface ChunkStore {
  segments(sessionId: string): Promise<SegmentRecord[]>;
  /** Adds a chunk and counts it in its segment (created here if it is new), both or neither. */
  add(segment: Omit<SegmentRecord, 'produced' | 'ended'>, data: ArrayBuffer): Promise<SegmentRecord>;
  end(key: SegmentKey): Promise<SegmentRecord | null>;
  chunk(key: SegmentKey, seq: number): Promise<ArrayBuffer | null>;
  /** Numbers of the chunks still here, ascending. */
  held(key: SegmentKey): Promise<number[]>;
  dropChunk(key: SegmentKey, seq: number): Promise<void>;
  dropSegment(key: SegmentKey): Promise<void>;
}

const DB_NAME = 'viva-recordings';
const DB_VERSION = 1;

type SegmentPath = [string, string, number];
type ChunkPath = [string, string, number, number];

const pathOf = (k: SegmentKey): SegmentPath => [k.sessionId, k.answerId, k.segment];

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}

function finished(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new Error('IndexedDB aborted'));
    tx.onerror = () => reject(tx.error ?? new Error('IndexedDB'));
  });
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DB_NAME, DB_VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('segments', { keyPath: ['sessionId', 'answerId', 'segment'] });
    request.result.createObjectStore('chunks', { keyPath: ['sessionId', 'answerId', 'segment', 'seq'] });
  };
  return done(request);
}

const chunkRange = (k: SegmentKey) => IDBKeyRange.bound([...pathOf(k), 0], [...pathOf(k), Number.MAX_SAFE_INTEGER]);

class IndexedStore implements ChunkStore {
  private readonly db: IDBDatabase;

  constructor(db: IDBDatabase) {
    this.db = db;
  }

  async segments(sessionId: string): Promise<SegmentRecord[]> {
    const tx = this.db.transaction('segments', 'readonly');
    const range = IDBKeyRange.bound([sessionId], [sessionId, []]); /* an array sorts after every string */
    return (await done(tx.objectStore('segments').getAll(range))) as SegmentRecord[];
  }

  async add(segment: Omit<SegmentRecord, 'produced' | 'ended'>, data: ArrayBuffer): Promise<SegmentRecord> {
    const tx = this.db.transaction(['segments', 'chunks'], 'readwrite');
    const all = finished(tx);
    const store = tx.objectStore('segments');
    const known = (await done(store.get(pathOf(segment)))) as SegmentRecord | undefined;
    const record: SegmentRecord = known ?? { ...segment, produced: 0, ended: false };
    const chunk: ChunkRecord = {
      sessionId: segment.sessionId,
      answerId: segment.answerId,
      segment: segment.segment,
      seq: record.produced,
      data,
    };
    record.produced += 1;
    store.put(record);
    tx.objectStore('chunks').put(chunk);
    await all;
    return record;
  }

  async end(key: SegmentKey): Promise<SegmentRecord | null> {
    const tx = this.db.transaction('segments', 'readwrite');
    const all = finished(tx);
    const store = tx.objectStore('segments');
    const record = (await done(store.get(pathOf(key)))) as SegmentRecord | undefined;
    if (record) store.put({ ...record, ended: true });
    await all;
    return record ? { ...record, ended: true } : null;
  }

  async chunk(key: SegmentKey, seq: number): Promise<ArrayBuffer | null> {
    const path: ChunkPath = [...pathOf(key), seq];
    const row = (await done(this.db.transaction('chunks').objectStore('chunks').get(path))) as ChunkRecord | undefined;
    return row?.data ?? null;
  }

  async held(key: SegmentKey): Promise<number[]> {
    const keys = await done(this.db.transaction('chunks').objectStore('chunks').getAllKeys(chunkRange(key)));
    return (keys as ChunkPath[]).map((k) => k[3]);
  }

  async dropChunk(key: SegmentKey, seq: number): Promise<void> {
    const tx = this.db.transaction('chunks', 'readwrite');
    const all = finished(tx);
    tx.objectStore('chunks').delete([...pathOf(key), seq] satisfies ChunkPath);
    await all;
  }

  async dropSegment(key: SegmentKey): Promise<void> {
    const tx = this.db.transaction(['segments', 'chunks'], 'readwrite');
    const all = finished(tx);
    tx.objectStore('segments').delete(pathOf(key));
    tx.objectStore('chunks').delete(chunkRange(key));
    await all;
  }
}

/** Where IndexedDB is closed to us (some private windows): the same, for as long as the page is open. */
export class MemoryStore implements ChunkStore {
  private readonly rows = new Map<string, { record: SegmentRecord; chunks: Map<number, ArrayBuffer> }>();

  private static id(k: SegmentKey): string {
    return pathOf(k).join('/');
  }

  segments(sessionId: string): Promise<SegmentRecord[]> {
    return Promise.resolve(
      [...this.rows.values()].map((r) => ({ ...r.record })).filter((r) => r.sessionId === sessionId),
    );
  }

  add(segment: Omit<SegmentRecord, 'produced' | 'ended'>, data: ArrayBuffer): Promise<SegmentRecord> {
    const id = MemoryStore.id(segment);
    const row = this.rows.get(id) ?? { record: { ...segment, produced: 0, ended: false }, chunks: new Map() };
    row.chunks.set(row.record.produced, data);
    row.record.produced += 1;
    this.rows.set(id, row);
    return Promise.resolve({ ...row.record });
  }

  end(key: SegmentKey): Promise<SegmentRecord | null> {
    const row = this.rows.get(MemoryStore.id(key));
    if (row) row.record.ended = true;
    return Promise.resolve(row ? { ...row.record } : null);
  }

  chunk(key: SegmentKey, seq: number): Promise<ArrayBuffer | null> {
    return Promise.resolve(this.rows.get(MemoryStore.id(key))?.chunks.get(seq) ?? null);
  }

  held(key: SegmentKey): Promise<number[]> {
    return Promise.resolve([...(this.rows.get(MemoryStore.id(key))?.chunks.keys() ?? [])].sort((a, b) => a - b));
  }

  dropChunk(key: SegmentKey, seq: number): Promise<void> {
    this.rows.get(MemoryStore.id(key))?.chunks.delete(seq);
    return Promise.resolve();
  }

  dropSegment(key: SegmentKey): Promise<void> {
    this.rows.delete(MemoryStore.id(key));
    return Promise.resolve();
  }
}

/** The store of this browser; falls back to memory, and says so. */
export async function openStore(
  factory: IDBFactory | undefined = 'indexedDB' in globalThis ? indexedDB : undefined,
): Promise<{ store: ChunkStore; durable: boolean }> {
  try {
    if (!factory) return { store: new MemoryStore(), durable: false };
    return { store: new IndexedStore(await openDatabase(factory)), durable: true };
  } catch {
    return { store: new MemoryStore(), durable: false };
  }
}
