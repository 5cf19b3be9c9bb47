import axios, { AxiosError, AxiosHeaders, isAxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { ApiError } from '../utils/errorHandler';
import { TokenManager } from './tokens';
import type { Tokens } from './types';

/*
 * The way to the server. Every reply is an envelope; callers get its `data`, or an ApiError. Staff calls carry the access
 * token and are tried once more after a refresh when the server says that it expired.
 */

export interface Envelope<T> {
  success: boolean;
  message: string;
  data: T;
  error: { code: string; field: string | null; details: Record<string, unknown> | null } | null;
}

export interface RequestOptions extends AxiosRequestConfig {
  /** A token of another kind (a candidate's), or null for none. Left out: the logged-in person's. */
  token?: string | null;
}

const TIMEOUT_MS = 30_000;
export const BASE = '/api/v1';
export const http = axios.create({ baseURL: BASE, timeout: TIMEOUT_MS });

export const tokens = new TokenManager((refreshToken) =>
  request<Tokens>({ method: 'POST', url: '/auth/refresh', data: { refresh_token: refreshToken }, token: null }),
);

const header = (response: AxiosResponse | undefined, name: string): string | null => {
  const value: unknown = response?.headers[name];
  return typeof value === 'string' ? value : null;
};

async function bodyOf(response: AxiosResponse): Promise<Partial<Envelope<unknown>> | null> {
  let body: unknown = response.data;
  // a call for sound gets its refusal as a Blob too
  if (body instanceof Blob) body = await body.text();
  if (typeof body === 'string') {
    try {
      body = JSON.parse(body);
    } catch {
      return null;
    }
  }
  return typeof body === 'object' ? body : null;
}

/** Whatever a call threw, as an ApiError. */
export async function toApiError(error: unknown): Promise<ApiError> {
  if (error instanceof ApiError) return error;
  if (!isAxiosError(error))
    return new ApiError({
      status: 0,
      code: 'client',
      message: error instanceof Error ? error.message : 'Unknown fault',
    });
  if (error.code === AxiosError.ERR_CANCELED)
    return new ApiError({ status: 0, code: 'cancelled', message: 'The call was cancelled.' });
  const { response } = error;
  if (response === undefined) {
    const late = error.code === AxiosError.ECONNABORTED || error.code === AxiosError.ETIMEDOUT;
    return new ApiError({ status: 0, code: late ? 'timeout' : 'network', message: 'The server did not answer.' });
  }
  const body = await bodyOf(response);
  const retryAfter = Number(header(response, 'retry-after') ?? NaN);
  return new ApiError({
    status: response.status,
    code: body?.error?.code ?? (response.status >= 500 ? 'internal' : `http_${response.status}`),
    message: body?.message ?? `The server answered ${response.status}.`,
    field: body?.error?.field ?? null,
    details: body?.error?.details ?? null,
    requestId: header(response, 'x-request-id'),
    retryAfterS: Number.isFinite(retryAfter) ? retryAfter : null,
  });
}

async function send<T>(options: RequestOptions): Promise<AxiosResponse<T>> {
  const { token, ...config } = options;
  const bearer = token === undefined ? tokens.accessToken : token;
  const headers = AxiosHeaders.from(config.headers as AxiosHeaders | undefined);
  if (bearer !== null) headers.set('Authorization', `Bearer ${bearer}`);
  try {
    return await http.request<T>({ ...config, headers });
  } catch (error) {
    throw await toApiError(error);
  }
}

/** The raw reply, for calls that answer with sound instead of an envelope. */
export async function requestRaw<T>(options: RequestOptions): Promise<AxiosResponse<T>> {
  const staff = options.token === undefined;
  const usedToken = tokens.accessToken;
  try {
    return await send<T>(options);
  } catch (error) {
    if (!staff || !(error instanceof ApiError) || error.status !== 401 || tokens.refreshToken === null) throw error;
    // another call may have refreshed while this one was away: then its token is tried, not a second refresh
    if (tokens.accessToken === usedToken) await tokens.refresh();
    return send<T>(options);
  }
}

/** The envelope's data. */
export async function request<T>(options: RequestOptions): Promise<T> {
  const { data: body } = await requestRaw<Envelope<T> | string>(options);
  if (typeof body !== 'object')
    throw new ApiError({ status: 0, code: 'reply_malformed', message: 'The server sent something that is no answer.' });
  if (!body.success)
    throw new ApiError({
      status: 200,
      code: body.error?.code ?? 'unknown',
      message: body.message,
      field: body.error?.field ?? null,
    });
  return body.data;
}

export const get = <T>(url: string, options: RequestOptions = {}) => request<T>({ ...options, method: 'GET', url });
export const post = <T>(url: string, data?: unknown, options: RequestOptions = {}) =>
  request<T>({ ...options, method: 'POST', url, data });
export const put = <T>(url: string, data?: unknown, options: RequestOptions = {}) =>
  request<T>({ ...options, method: 'PUT', url, data });
export const patch = <T>(url: string, data?: unknown, options: RequestOptions = {}) =>
  request<T>({ ...options, method: 'PATCH', url, data });
export const del = <T>(url: string, options: RequestOptions = {}) => request<T>({ ...options, method: 'DELETE', url });

/** Changes only what has not changed since it was read: the server's version of a thing is the time of its last change. */
export const ifUnchanged = (updatedAt: string) => ({ 'If-Match': `"v${Date.parse(updatedAt)}"` });
