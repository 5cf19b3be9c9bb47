// The real binary on a free port with a data directory of its own; can be killed hard and started again in the same place.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from './runner.mjs';

const ROOT = path.resolve(import.meta.dirname, '../../..');
export const ADMIN = { email: 'admin@example.org', password: 'a long pass phrase for tests' };

function freePort() {
  return new Promise((done, fail) => {
    const server = net.createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export class Server {
  constructor({ dist, binary = process.env.VIVA_BINARY ?? path.join(ROOT, 'build/release/viva'), env = {} }) {
    this.dist = dist;
    this.binary = binary;
    this.extra = env;
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'viva-e2e-'));
    this.output = '';
  }

  get environment() {
    return {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(this.port),
      DATA_DIR: path.join(this.dir, 'data'),
      DATABASE_URL: '',
      FRONTEND_DIR: this.dist,
      MODELS_DIR: process.env.VIVA_TEST_MODELS_DIR,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      RATE_LIMIT_SCALE: '0',
      LIVE_SESSIONS_MAX: '4096', // several cases at once; tests/http/test_admission.py has the queue
      LOG_LEVEL: 'info',
      VIVA_CONFIG: path.join(this.dir, 'none.env'),
      ...this.extra,
    };
  }

  async start() {
    this.port ??= await freePort();
    this.origin = `http://localhost:${this.port}`;
    fs.writeFileSync(path.join(this.dir, 'none.env'), '');
    if (!this.migrated) {
      await this.run('migrate', 'up');
      await this.run('seed');
      this.migrated = true;
    }
    this.child = spawn(this.binary, ['serve'], { cwd: ROOT, env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout.on('data', (d) => (this.output += d));
    this.child.stderr.on('data', (d) => (this.output += d));
    const child = this.child;
    child.on('exit', (code, signal) => (child.ended = { code, signal }));
    await until(
      async () => {
        if (child.ended) throw new Error(`the server ended (${child.ended.code}):\n${this.output.slice(-2000)}`);
        return fetch(`${this.origin}/healthz`).then(
          (r) => r.ok,
          () => false,
        );
      },
      'the server to answer',
      60_000,
    );
    return this;
  }

  run(...args) {
    return new Promise((done, fail) => {
      const child = spawn(this.binary, args, { cwd: ROOT, env: this.environment });
      let out = '';
      child.stdout.on('data', (d) => (out += d));
      child.stderr.on('data', (d) => (out += d));
      child.on('error', fail);
      child.on('exit', (code) => (code === 0 ? done(out) : fail(new Error(`viva ${args.join(' ')}: ${code}\n${out}`))));
    });
  }

  /** As a power cut: no goodbye, no draining. */
  async kill() {
    const { child } = this;
    child.kill('SIGKILL');
    await until(() => child.ended, 'the killed server to be gone');
  }

  /** As a restart by whoever runs it: SIGTERM, and it ends by itself. */
  async interrupt() {
    const { child } = this;
    child.kill('SIGTERM');
    await until(() => child.ended, 'the stopped server to be gone');
    if (child.ended.code !== 0) throw new Error(`the stopped server ended with ${child.ended.code}`);
  }

  async stop() {
    if (this.child && !this.child.ended) {
      this.child.kill('SIGTERM');
      await until(() => this.child.ended, 'the server to stop', 20_000).catch(() => this.child.kill('SIGKILL'));
    }
    fs.rmSync(this.dir, { recursive: true, force: true });
  }

  // ---------- the API, for preparing and for looking behind the screens ----------

  async call(method, apiPath, body, token) {
    const reply = await fetch(`${this.origin}/api/v1${apiPath}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const envelope = await reply.json();
    if (!envelope.success) throw new Error(`${method} ${apiPath}: ${reply.status} ${envelope.message}`);
    return envelope.data;
  }

  async admin() {
    const tokens = await this.call('POST', '/auth/login', { username: ADMIN.email, password: ADMIN.password });
    return tokens.access_token;
  }

  /** An open interview with these questions; its link. */
  async interview(questions, over = {}, limit = 180) {
    const token = await this.admin();
    const made = await this.call(
      'POST',
      '/interviews',
      {
        title: 'Operations analyst',
        job_role: 'Operations analyst',
        organisation: 'Halden Water',
        interview_type: 'mixed',
        difficulty: 'mid',
        focus_areas: ['problem_solving'],
        question_count: questions.length,
        ...over,
      },
      token,
    );
    await this.call(
      'PUT',
      `/interviews/${made.id}/questions`,
      { questions: questions.map((text) => ({ text, category: 'behavioral', points: [], time_limit_s: limit })) },
      token,
    );
    const open = await this.call('POST', `/interviews/${made.id}/publish`, {}, token);
    return { id: open.id, link: open.link, token };
  }

  async session(interviewId, token) {
    const page = await this.call('GET', `/interviews/${interviewId}/sessions`, undefined, token);
    return page.items.length === 0 ? null : this.call('GET', `/sessions/${page.items[0].id}`, undefined, token);
  }
}
