// A fake of the server's candidate side, by name and for tests of the screens only: one interview in memory, the REST calls of a
// candidate, and the live protocol with a voice of tones. It can be told to misbehave. The product never uses it.

import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { WebSocketServer } from 'ws';

const RATE = 22050;
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
};

const QUESTIONS = [
  'To begin, what drew you to this role?',
  'Tell me about a time you found a mistake in data that other people already trusted. What did you do?',
  'What would you like to ask us?',
];

export const INTERVIEW = {
  title: 'Operations analyst',
  job_role: 'Operations analyst',
  organisation: 'Halden Water',
  interview_type: 'mixed',
  question_count: QUESTIONS.length,
  minutes_estimate: 12,
  avatar: 'daniel',
  avatar_name: 'Daniel',
  language: 'en',
  engines_ready: true,
  practice: false,
  privacy_notice: '',
  ai_notice: 'It runs on the organisation’s own server. A person decides.',
  support_email: null,
  registration: 'open',
  status: 'open',
};

const busyWords = (place) =>
  `Many interviews are under way just now. You are number ${place} in the queue; keep this page open, it starts by itself. ` +
  'Or come back later: your link stays valid.';

const envelope = (data, error = null, message = '') =>
  JSON.stringify({ success: error === null, message, data, error });

/** Words, phonemes and sound of a sentence: 0.28 s a word, a vowel tone in each; silence behind it. */
export function speak(text, restS = 0) {
  const words = text.split(/\s+/);
  const phonemes = [];
  const timed = [];
  let t = 0.15;
  for (const word of words) {
    timed.push([word, t, t + 0.24]);
    phonemes.push(['m', t, t + 0.07], ['ɑː', t + 0.07, t + 0.2], ['t', t + 0.2, t + 0.24]);
    t += 0.28;
  }
  const samples = Math.round((t + 0.2 + restS) * RATE);
  const pcm = new Int16Array(samples);
  for (const [, from, to] of timed)
    for (let i = Math.round((from + 0.07) * RATE); i < Math.round((to - 0.04) * RATE); i++)
      pcm[i] = 6000 * Math.sin((2 * Math.PI * 180 * i) / RATE);
  return { words: timed, phonemes, pcm, samples };
}

const NOTHING_SAID = { gender: 'not_given', age_band: 'not_given', ethnicity: 'not_given', disability: 'not_given' };

export class FakeServer {
  constructor(dist) {
    this.dist = dist;
    this.options = {
      engines: true,
      link: 'open',
      status: 'registered',
      refuseChunks: 0,
      hearing: '',
      silentVoice: false,
      endAfterMs: 0,
      queue: 0 /* place of whoever comes */,
      thinkMs: 0,
      leftMs: 180_000,
      followUp: '' /* asked after the first answer */,
      interview: {} /* what differs from INTERVIEW */,
      questions: QUESTIONS,
      restS: 0 /* how long the voice is silent behind its last word */,
    };
    this.session = { id: '0192f7aa-0000-7000-8000-0000004b7d21', position: 0, status: 'registered', answers: [] };
    this.chunks = new Map();
    this.finished = [];
    this.frames = 0;
    this.sockets = new Set();
    this.log = [];
  }

  async start(port = 0) {
    this.server = http.createServer((rq, rs) => this.handle(rq, rs));
    this.wss = new WebSocketServer({ noServer: true, handleProtocols: () => 'viva.v1' });
    this.server.on('upgrade', (rq, socket, head) => {
      if (this.options.refuseSockets) return socket.destroy();
      this.wss.handleUpgrade(rq, socket, head, (ws) => this.live(ws));
    });
    await new Promise((done) => this.server.listen(port, '127.0.0.1', done));
    this.origin = `http://localhost:${this.server.address().port}`;
    return this;
  }

  stop() {
    for (const ws of this.sockets) ws.terminate();
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }

  get interview() {
    const { engines, practice, interview, questions } = this.options;
    const own = { engines_ready: engines, practice: practice === true, question_count: questions.length };
    return { ...INTERVIEW, ...own, ...interview };
  }

  // ---------- REST ----------

  handle(rq, rs) {
    const url = new URL(rq.url, 'http://x');
    if (!url.pathname.startsWith('/api/')) return this.file(url.pathname, rs);
    const body = [];
    rq.on('data', (d) => body.push(d));
    rq.on('end', () => {
      const [status, text] = this.api(rq.method, url, Buffer.concat(body));
      rs.writeHead(status, { 'Content-Type': 'application/json' });
      rs.end(text);
    });
  }

  file(pathname, rs) {
    let file = path.join(this.dist, pathname);
    if (!file.startsWith(this.dist) || !fs.existsSync(file) || fs.statSync(file).isDirectory())
      file = path.join(this.dist, 'index.html');
    rs.writeHead(200, {
      'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy':
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self' ws: wss:",
    });
    rs.end(fs.readFileSync(file));
  }

  api(method, url, body) {
    const p = url.pathname.replace('/api/v1/public', '');
    const fail = (status, code, details = null) => [status, envelope(null, { code, field: null, details }, code)];
    if (/^\/interviews\/[^/]+$/.test(p)) {
      if (this.options.link === 'unknown') return fail(404, 'link_unknown');
      if (this.options.link === 'closed') return fail(410, 'interview_closed');
      return [200, envelope(this.interview)];
    }
    if (p.endsWith('/register')) {
      if (this.session.status === 'completed') return fail(409, 'session_completed');
      const name = JSON.parse(body).full_name;
      return [
        201,
        envelope({
          session_id: this.session.id,
          session_token: 'candidate-token',
          status: this.session.status,
          candidate: { full_name: name },
        }),
      ];
    }
    const chunk = /answers\/([^/]+)\/segments\/(\d+)(?:\/(chunks\/(\d+)|finish))?$/.exec(p);
    if (chunk) return this.recording(chunk, body, fail);
    if (p.endsWith('/start')) {
      const { queue } = this.options;
      if (queue > 0)
        return [503, envelope(null, { code: 'server_busy', field: null, details: null }, busyWords(queue))];
      if (!this.open()) this.ask();
      return [200, envelope(this.state())];
    }
    if (p.endsWith('/text')) {
      this.write(p.split('/')[4], JSON.parse(body).text);
      return [200, envelope(this.state())];
    }
    if (p.endsWith('/withdraw')) {
      this.session.status = 'withdrawn';
      return [200, envelope(null)];
    }
    if (p.endsWith('/self-identification')) {
      if (method === 'PUT') this.said = { ...NOTHING_SAID, ...JSON.parse(body) };
      if (method === 'DELETE') this.said = NOTHING_SAID;
      return [200, envelope(method === 'DELETE' ? null : { asked: true, ...NOTHING_SAID, ...this.said })];
    }
    if (/^\/sessions\/[^/]+$/.test(p)) return [200, envelope(this.state())];
    return fail(404, 'not_found');
  }

  recording([, answer, segment, what, seq], body, fail) {
    const key = `${answer}/${segment}`;
    const got = this.chunks.get(key) ?? [];
    this.chunks.set(key, got);
    if (what === undefined) return [200, envelope({ next_seq: got.length })];
    if (what === 'finish') {
      this.finished.push({ key, chunks: JSON.parse(body).chunks });
      return [200, envelope({ status: 'processing' })];
    }
    if (this.options.refuseChunks > 0) {
      this.options.refuseChunks -= 1;
      return fail(503, 'unavailable');
    }
    if (Number(seq) > got.length) return fail(409, 'chunk_gap', { expected: got.length });
    got[Number(seq)] = body;
    return [200, envelope({ next_seq: got.length })];
  }

  state() {
    const { id, status, position, answers } = this.session;
    const open = answers.find((a) => a.status === 'open');
    const segments = open ? [...this.chunks.keys()].filter((k) => k.startsWith(open.id)).length : 0;
    return {
      session_id: id,
      status,
      interview: this.interview,
      current_position: position,
      question_count: this.options.questions.length,
      answers,
      next_segment_of_open_answer: segments,
    };
  }

  // ---------- live ----------

  live(ws) {
    this.sockets.add(ws);
    this.ws = ws;
    ws.utterances = 0;
    ws.on('close', () => this.sockets.delete(ws));
    ws.on('message', (data, binary) => {
      if (binary) {
        this.frames += 1;
        return;
      }
      const m = JSON.parse(data);
      this.log.push(m);
      this.heard(ws, m);
    });
  }

  send(ws, m) {
    if (ws.readyState === 1) ws.send(JSON.stringify(m));
  }

  heard(ws, m) {
    if (m.type === 'ping') this.send(ws, { type: 'pong', t: m.t });
    else if (m.type === 'session.start') m.practice ? void this.practise(ws) : this.begin(ws);
    else if (m.type === 'playback.finished') ws.waiting?.(m.utterance_id);
    else if (m.type === 'answer.done' && m.answer_id === 'practice') this.practised(ws);
    else if (m.type === 'answer.done') this.end(m.answer_id, 'done_button', this.options.hearing);
    else if (m.type === 'answer.text') this.end(m.answer_id, 'text', m.text);
    else if (m.type === 'think.done') this.thought(ws);
    else if (m.type === 'interview.pause') this.send(ws, { type: 'interview.paused', left_ms: 600_000 });
    else if (m.type === 'interview.resume') {
      this.send(ws, { type: 'interview.resumed' });
      this.listen(ws, this.open(), true);
    } else if (m.type === 'question.skip') this.end(this.open().id, 'skipped', '');
    else if (m.type === 'question.repeat')
      void this.say(ws, 'question', this.options.questions[this.session.position - 1]);
  }

  async practise(ws) {
    this.send(ws, { type: 'session.created', session_id: this.session.id, avatar: 'daniel', avatar_name: 'Daniel' });
    this.send(ws, { type: 'state', state: 'asking' });
    await this.say(ws, 'question', 'Tell me about something you enjoy doing.');
    this.listen(ws, { id: 'practice', position: 1 }, false);
  }

  practised(ws) {
    const text = this.options.hearing;
    this.send(ws, { type: 'answer.ended', answer_id: 'practice', position: 1, reason: 'done_button', text });
    this.send(ws, { type: 'practice.ended', text });
  }

  open() {
    return this.session.answers.find((a) => a.status === 'open');
  }

  thought(ws) {
    this.options.thinkMs = 0;
    this.time(ws, this.open());
  }

  time(ws, answer) {
    this.send(ws, {
      type: 'answer.time',
      answer_id: answer.id,
      left_ms: this.options.leftMs,
      extensions_left: 2,
    });
  }

  /** Whoever waits is let in. */
  admit() {
    this.options.queue = 0;
    void this.run(this.ws);
  }

  begin(ws) {
    const { session } = this;
    const resumed = session.position > 0;
    session.status = 'in_progress';
    this.send(ws, {
      type: 'session.created',
      session_id: session.id,
      status: session.status,
      position: session.position,
      question_count: this.options.questions.length,
      resumed,
      avatar: 'daniel',
      avatar_name: 'Daniel',
      allow_pause: true,
      allow_skip: true,
      slower: false,
    });
    if (!this.options.engines) this.send(ws, { type: 'engine.unavailable', engine: 'stt', message: 'no model' });
    if (this.options.queue > 0) {
      this.send(ws, { type: 'server.busy', position: this.options.queue, retry_after_s: 20, message: 'Busy.' });
      return;
    }
    const open = this.open();
    if (open) this.listen(ws, open, true);
    else void this.run(ws);
  }

  async run(ws) {
    const { session } = this;
    if (session.position === 0) {
      this.send(ws, { type: 'state', state: 'greeting' });
      await this.say(ws, 'greeting', 'Hello. I am Daniel, and I ask you three questions today.');
      session.position = 1;
    }
    this.send(ws, { type: 'state', state: 'asking' });
    await this.say(ws, 'question', this.options.questions[session.position - 1]);
    this.listen(ws, this.ask(), false);
  }

  /** The next question is open. */
  ask() {
    const { session } = this;
    session.status = 'in_progress';
    session.position = Math.max(1, session.position);
    const answer = {
      id: `answer-${session.position}`,
      position: session.position,
      status: 'open',
      mode: 'none',
      question_text: this.options.questions[session.position - 1],
      text: '',
      follow_up: 0,
      startedAt: Date.now(),
    };
    session.answers.push(answer);
    return answer;
  }

  /** True when something is asked after an answer; it goes on then. */
  followed(answer, text) {
    if (this.options.followUp === '' || answer.position > 1 || answer.follow_up > 0) return false;
    Object.assign(answer, { follow_up: 1, question_text: this.options.followUp, text });
    return true;
  }

  /** Over HTTP. */
  write(id, text) {
    const { session } = this;
    const answer = session.answers.find((a) => a.id === id && a.status === 'open');
    if (!answer || this.followed(answer, text)) return;
    Object.assign(answer, { status: 'ended', mode: 'text', text });
    session.position += 1;
    if (session.position <= this.options.questions.length) this.ask();
    else session.status = 'completed';
  }

  listen(ws, answer, resumed) {
    this.send(ws, {
      type: 'answer.started',
      answer_id: answer.id,
      position: answer.position,
      elapsed_ms: Date.now() - (answer.startedAt ?? Date.now()),
      resumed,
      time_limit_s: 180,
      follow_up: answer.follow_up,
    });
    this.send(ws, { type: 'state', state: 'listening' });
    if (answer.id !== 'practice') {
      if (this.options.thinkMs > 0)
        this.send(ws, { type: 'think.started', answer_id: answer.id, ms: this.options.thinkMs });
      else this.time(ws, answer);
    }
    if (this.options.hearing && this.options.thinkMs === 0) {
      this.send(ws, { type: 'input_audio_buffer.speech_started', answer_id: answer.id, at_ms: 400 });
      const cut = this.options.hearing.lastIndexOf('.', this.options.hearing.length - 2) + 1;
      this.send(ws, {
        type: 'conversation.item.input_audio_transcription.completed',
        answer_id: answer.id,
        item_id: 'i1',
        transcript: this.options.hearing.slice(0, cut),
        start_ms: 400,
        end_ms: 4000,
      });
      this.send(ws, {
        type: 'conversation.item.input_audio_transcription.delta',
        answer_id: answer.id,
        item_id: 'i2',
        transcript: this.options.hearing.slice(cut),
      });
    }
  }

  say(ws, kind, text, followUp = 0) {
    const id = ws.utterances++;
    const { words, phonemes, pcm, samples } = speak(text, this.options.restS);
    const silent = this.options.silentVoice;
    /* in two parts, when it is long enough */
    const middle = silent || words.length < 4 ? Infinity : words[words.length >> 1][1];
    const cut = Math.min(samples, Math.round(middle * RATE));
    const part = (from, to) => ({
      utterance_id: id,
      samples: silent ? 0 : to - from,
      duration_ms: (1000 * (to - from)) / RATE,
      phonemes: phonemes.filter(([, t]) => Math.round(t * RATE) >= from && Math.round(t * RATE) < to),
      words: words.filter(([, t]) => Math.round(t * RATE) >= from && Math.round(t * RATE) < to),
    });
    const sound = (from, to) => {
      for (let at = from; at < to; at += 8192) {
        const piece = pcm.subarray(at, Math.min(to, at + 8192));
        const frame = Buffer.alloc(5 + piece.byteLength);
        frame.writeUInt8(0x81, 0);
        frame.writeUInt32LE(id, 1);
        Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).copy(frame, 5);
        ws.send(frame);
      }
    };
    const about = { type: 'utterance.created', kind, position: this.session.position, follow_up: followUp, text };
    this.send(ws, { ...about, sample_rate: RATE, ...part(0, cut) });
    if (!silent) sound(0, cut);
    if (cut < samples) {
      this.send(ws, { type: 'utterance.part', ...part(cut, samples) });
      sound(cut, samples);
    }
    this.send(ws, { type: 'utterance.audio.done', utterance_id: id, samples: silent ? 0 : samples });
    return new Promise((done) => {
      ws.waiting = (finished) => {
        if (finished === id) done();
      };
    });
  }

  end(id, reason, text) {
    const { session, ws } = this;
    const answer = session.answers.find((a) => a.id === id && a.status === 'open');
    if (!answer) return;
    if (this.followed(answer, text)) {
      void this.say(ws, 'question', this.options.followUp, 1).then(() => this.listen(ws, answer, true));
      return;
    }
    Object.assign(answer, { status: 'ended', mode: reason === 'text' ? 'text' : 'voice', text });
    this.send(ws, { type: 'answer.ended', answer_id: id, position: answer.position, reason, text });
    session.position += 1;
    if (session.position <= this.options.questions.length) void this.run(ws);
    else void this.farewell(ws);
  }

  async farewell(ws) {
    this.send(ws, { type: 'state', state: 'farewell' });
    await this.say(ws, 'farewell', 'Thank you, that was everything. Good-bye.');
    this.session.status = 'completed';
    this.send(ws, { type: 'session.completed', session_id: this.session.id });
    ws.close(1000);
  }
}
