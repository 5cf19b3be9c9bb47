import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../utils/errorHandler';
import { serve, tokenPair } from '../test/server';
import { get, post, requestRaw, tokens } from './api';
import { authService } from './authService';

const caught = async (call: Promise<unknown>): Promise<ApiError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error('the call was not refused with an ApiError');
};

beforeEach(() => {
  tokens.clear();
});

describe('the envelope', () => {
  it('gives its data', async () => {
    serve(() => ({ data: { total: 3 } }));
    expect(await get('/interviews')).toEqual({ total: 3 });
  });

  it('becomes an error that names field, code and request', async () => {
    serve(() => ({ status: 422, code: 'field_too_short', field: 'title', message: 'The title is empty.' }));
    const error = await caught(post('/interviews', {}));
    expect(error).toMatchObject({
      status: 422,
      code: 'field_too_short',
      field: 'title',
      message: 'The title is empty.',
      requestId: 'req-1',
    });
  });

  it('carries how long to wait', async () => {
    serve(() => ({ status: 429, code: 'rate_limited', headers: { 'retry-after': '7' } }));
    expect((await caught(get('/interviews'))).retryAfterS).toBe(7);
  });

  it('is not expected of a proxy in between: its page becomes an error too', async () => {
    serve(() => ({ status: 502, raw: '<html>Bad gateway</html>' }));
    expect(await caught(get('/interviews'))).toMatchObject({ status: 502, code: 'internal' });
    serve(() => ({ status: 200, raw: '<html>log in to the hotel</html>' }));
    expect(await caught(get('/interviews'))).toMatchObject({ code: 'reply_malformed' });
  });

  it('is read out of a Blob when sound was asked for', async () => {
    const refusal = JSON.stringify({
      success: false,
      message: 'No voice.',
      data: null,
      error: { code: 'unavailable' },
    });
    serve(() => ({ status: 503, raw: new Blob([refusal]) }));
    expect(await caught(requestRaw({ url: '/ai/tts', responseType: 'blob' }))).toMatchObject({ code: 'unavailable' });
  });

  it('says when nobody answered', async () => {
    serve(() => {
      throw new Error('down');
    });
    expect(await caught(get('/interviews'))).toMatchObject({ status: 0, code: 'network' });
  });
});

describe('an expired access token', () => {
  it('is renewed once for all calls that meet it, and each call is tried again', async () => {
    tokens.accept(tokenPair(1));
    const seen = serve(({ url, bearer }) => {
      if (url === '/auth/refresh') return { data: tokenPair(2) };
      return bearer === 'access-2' ? { data: url } : { status: 401, code: 'token_expired' };
    });
    const urls = ['/a', '/b', '/c'];
    expect(await Promise.all(urls.map((url) => get(url)))).toEqual(urls);
    expect(seen.filter((request) => request.url === '/auth/refresh')).toHaveLength(1);
    expect(tokens.refreshToken).toBe('refresh-2');
  });

  it('is not renewed again by a call that was away during the renewal', async () => {
    tokens.accept(tokenPair(1));
    let release: (() => void) | undefined;
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const seen = serve(async ({ url, bearer }) => {
      if (url === '/auth/refresh') return { data: tokenPair(2) };
      if (url === '/slow' && bearer === 'access-1') await slow;
      return bearer === 'access-2' ? { data: url } : { status: 401, code: 'token_expired' };
    });
    const late = get('/slow');
    await get('/fast');
    release?.();
    expect(await late).toBe('/slow');
    expect(seen.filter((request) => request.url === '/auth/refresh')).toHaveLength(1);
  });

  it('ends the session when the refresh is refused, and the call fails', async () => {
    tokens.accept(tokenPair(1));
    serve(({ url }) => ({ status: 401, code: url === '/auth/refresh' ? 'refresh_reused' : 'token_expired' }));
    expect(await caught(get('/a'))).toMatchObject({ status: 401, code: 'refresh_reused' });
    expect(tokens.refreshToken).toBeNull();
    expect(tokens.accessToken).toBeNull();
  });

  it('is tried again only once', async () => {
    tokens.accept(tokenPair(1));
    const seen = serve(({ url }) =>
      url === '/auth/refresh' ? { data: tokenPair(2) } : { status: 401, code: 'token_invalid' },
    );
    expect(await caught(get('/a'))).toMatchObject({ code: 'token_invalid' });
    expect(seen.map((request) => request.url)).toEqual(['/a', '/auth/refresh', '/a']);
  });

  it('of a candidate is not renewed with a recruiter’s', async () => {
    tokens.accept(tokenPair(1));
    const seen = serve(() => ({ status: 401, code: 'token_expired' }));
    await caught(get('/public/sessions/s', { token: 'candidate' }));
    expect(seen.map((request) => [request.url, request.bearer])).toEqual([['/public/sessions/s', 'candidate']]);
  });
});

describe('logging in', () => {
  it('sends the password form and keeps both tokens', async () => {
    const seen = serve(() => ({ data: tokenPair(1) }));
    await authService.login(' ana@halden.example ', 'correct horse');
    expect(seen[0]?.contentType).toContain('application/x-www-form-urlencoded');
    const form = new URLSearchParams(String(seen[0]?.body));
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'password',
      username: 'ana@halden.example',
      password: 'correct horse',
    });
    expect(tokens.accessToken).toBe('access-1');
    expect(tokens.refreshToken).toBe('refresh-1');
  });

  it('is undone at once by logging out, whether or not the server hears of it', async () => {
    tokens.accept(tokenPair(1));
    const seen = serve(() => {
      throw new Error('down');
    });
    await authService.logout();
    expect(tokens.refreshToken).toBeNull();
    expect(seen[0]).toMatchObject({ url: '/auth/logout', body: { refresh_token: 'refresh-1' } });
  });
});
