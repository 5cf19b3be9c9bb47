import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { agreement, drift, impact, scores, statistics } from './mockFigures.ts';
import { interviews, options, overrides, questions, session, shared, shares, summaries, user } from './mockData.ts';

/*
 * Answers /api/v1 from memory, so that screens can be worked on without a server: `npm run dev:mock`. Not part of a
 * build, and no test of anything: it checks nothing that it is sent.
 */
type Reply = [status: number, data: unknown];
type Handler = (match: RegExpMatchArray, body: Record<string, unknown>, query: URLSearchParams) => Reply;

const page = (items: unknown[]) => ({ items, total: items.length, page: 1, page_size: 20 });
const find = (id: string | undefined) => interviews.find((one) => one.id === id);
const found = (value: unknown): Reply => (value === undefined ? [404, null] : [200, value]);
const tokens = { access_token: 'a', refresh_token: 'r', token_type: 'bearer', expires_in: 900, user };
const engine = (name: string) => ({ ready: true, name, message: '' });
const change = (id: string | undefined, fields: object): Reply => {
  const interview = find(id);
  return found(interview && Object.assign(interview, fields));
};

const routes: [method: string, path: RegExp, handler: Handler][] = [
  ['GET', /^\/auth\/setup$/, () => [200, { needs_first_user: false }]],
  ['POST', /^\/auth\/(login|refresh)$/, () => [200, tokens]],
  ['POST', /^\/auth\/logout$/, () => [200, null]],
  [
    'GET',
    /^\/dashboard$/,
    () => [
      200,
      {
        interviews_open: 2,
        sessions_in_progress: 2,
        sessions_completed: 41,
        awaiting_review: summaries.filter((one) => one.status === 'completed'),
        running: summaries.filter((one) => one.status === 'in_progress'),
        engines: { stt: engine('whisper base'), tts: engine('piper joe'), vad: engine('silero v6') },
      },
    ],
  ],
  ['GET', /^\/interviews\/options$/, () => [200, options]],
  [
    'GET',
    /^\/interviews$/,
    (_, __, query) => [200, page(interviews.filter((one) => (query.get('status') ?? one.status) === one.status))],
  ],
  [
    'POST',
    /^\/interviews$/,
    (_, body) => {
      const made = {
        ...interviews[3],
        ...body,
        id: `00000000-0000-7000-8000-${Date.now()}`,
        status: 'draft',
        questions: [],
      };
      interviews.unshift(made as never);
      return [201, made];
    },
  ],
  ['GET', /^\/interviews\/([^/]+)$/, ([, id]) => found(find(id))],
  ['PATCH', /^\/interviews\/([^/]+)$/, ([, id], body) => change(id, body)],
  ['POST', /^\/interviews\/([^/]+)\/questions\/generate$/, ([, id]) => change(id, { questions: questions() })],
  [
    'PUT',
    /^\/interviews\/([^/]+)\/questions$/,
    ([, id], body) =>
      change(id, {
        questions: (body.questions as object[]).map((q, i) => ({ id: `q${Date.now()}${i}`, ...q, position: i + 1 })),
      }),
  ],
  ['POST', /^\/interviews\/([^/]+)\/(publish|reopen)$/, ([, id]) => change(id, { status: 'open' })],
  ['POST', /^\/interviews\/([^/]+)\/close$/, ([, id]) => change(id, { status: 'closed' })],
  [
    'GET',
    /^\/interviews\/([^/]+)\/sessions$/,
    ([, id]) => [200, page(summaries.filter((one) => one.interview_id === id))],
  ],
  ['GET', /^\/interviews\/([^/]+)\/adverse-impact$/, ([, id]) => [200, impact(id ?? '')]],
  ['GET', /^\/reports\/statistics$/, () => [200, scores]],
  ['GET', /^\/reports\/drift$/, (_, __, query) => [200, drift(query.get('period') ?? 'month')]],
  ['GET', /^\/reports\/agreement$/, () => [200, agreement]],
  ['GET', /^\/admin\/statistics$/, (_, __, query) => [200, statistics(Number(query.get('days') ?? 30))]],
  ['GET', /^\/sessions$/, () => [200, page(summaries)]],
  [
    'GET',
    /^\/sessions\/([^/]+)$/,
    ([, id]) => {
      const summary = summaries.find((one) => one.id === id);
      return found(summary && session(summary));
    },
  ],
  ['GET', /^\/sessions\/[^/]+\/notes$/, () => [200, page([])]],
  ['GET', /^\/reports\/[^/]+\/overrides$/, () => [200, page(overrides())]],
  ['GET', /^\/reports\/[^/]+\/versions$/, () => [200, page([])]],
  ['GET', /^\/reports\/[^/]+\/shares$/, () => [200, page(shares)]],
  [
    'POST',
    /^\/reports\/[^/]+\/shares$/,
    () => [201, { ...shares[0], url: 'http://localhost:5173/r/Zk3pT7c0Vw9yqLr2mXhA5dFbN8sJ1uGeKoIaQxRtUvY' }],
  ],
  ['GET', /^\/public\/reports\/[^/]+$/, () => [200, shared()]],
];

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const body = await readJson(request);
  let [status, data]: Reply = [404, null];
  for (const [method, path, handler] of routes) {
    const match = url.pathname.match(path);
    if (method !== request.method || match === null) continue;
    [status, data] = handler(match, body, url.searchParams);
    break;
  }
  const ok = status < 400;
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.end(
    JSON.stringify({
      success: ok,
      message: ok ? '' : 'Not found',
      data,
      error: ok ? null : { code: 'not_found', field: null, details: null },
    }),
  );
}

export function mockApi(): Plugin {
  return {
    name: 'viva-mock-api',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use('/api/v1', (request, response) => void answer(request, response));
    },
  };
}
