import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { http } from '../services/api';
import type { Envelope } from '../services/api';
import type { Tokens, User } from '../services/types';

/* A server in the test's hands: it stands where axios would open a connection, so everything above is the real code. */

export interface FakeRequest {
  method: string;
  url: string;
  body: unknown;
  bearer: string | null;
  contentType: string | null;
  ifMatch: string | null;
  params: Record<string, unknown>;
}

export interface FakeReply {
  status?: number;
  data?: unknown;
  code?: string;
  field?: string | null;
  message?: string;
  headers?: Record<string, string>;
  /** Instead of an envelope. */
  raw?: unknown;
}

export type FakeHandler = (request: FakeRequest) => FakeReply | Promise<FakeReply>;

const parse = (body: unknown): unknown => {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
};

const envelope = (reply: FakeReply, ok: boolean): Envelope<unknown> => ({
  success: ok,
  message: reply.message ?? '',
  data: reply.data ?? null,
  error: ok ? null : { code: reply.code ?? 'unknown', field: reply.field ?? null, details: null },
});

/** Serves every call of `http` until the next one; returns what was asked. A handler that throws is a lost connection. */
export function serve(handler: FakeHandler): FakeRequest[] {
  const seen: FakeRequest[] = [];
  http.defaults.adapter = async (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
    const authorization = config.headers.get('Authorization');
    const ifMatch = config.headers.get('If-Match');
    const contentType = config.headers.getContentType();
    const request: FakeRequest = {
      method: (config.method ?? 'get').toUpperCase(),
      url: config.url ?? '',
      body: parse(config.data),
      bearer: typeof authorization === 'string' ? authorization.replace('Bearer ', '') : null,
      ifMatch: typeof ifMatch === 'string' ? ifMatch : null,
      contentType: typeof contentType === 'string' ? contentType : null,
      params: (config.params ?? {}) as Record<string, unknown>,
    };
    seen.push(request);
    let reply: FakeReply;
    try {
      reply = await handler(request);
    } catch {
      throw new AxiosError('Network Error', AxiosError.ERR_NETWORK, config);
    }
    if (config.signal?.aborted === true) throw new AxiosError('canceled', AxiosError.ERR_CANCELED, config);
    const status = reply.status ?? 200;
    const ok = status >= 200 && status < 300;
    const response = {
      status,
      statusText: '',
      headers: { 'x-request-id': 'req-1', ...reply.headers },
      config,
      data: reply.raw ?? envelope(reply, ok),
    } as AxiosResponse;
    if (ok) return response;
    throw new AxiosError('refused', AxiosError.ERR_BAD_REQUEST, config, null, response);
  };
  return seen;
}

export const testUser: User = {
  id: 'u1',
  email: 'ana@halden.example',
  full_name: 'Ana Duarte',
  role: 'admin',
  is_active: true,
  last_login_at: null,
  created_at: '2026-11-01T09:00:00.000Z',
  updated_at: '2026-11-01T09:00:00.000Z',
};

export const tokenPair = (n: number, expiresIn = 900): Tokens => ({
  access_token: `access-${n}`,
  refresh_token: `refresh-${n}`,
  token_type: 'bearer',
  expires_in: expiresIn,
  user: testUser,
});
