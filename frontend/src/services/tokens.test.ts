import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '../utils/errorHandler';
import { tokenPair } from '../test/server';
import { REFRESH_KEY, TokenManager } from './tokens';

const refused = new ApiError({ status: 401, code: 'token_invalid', message: '' });
const lost = new ApiError({ status: 0, code: 'network', message: '' });

describe('TokenManager', () => {
  it('shares one refresh among those who ask while it runs', async () => {
    const call = vi.fn(() => Promise.resolve(tokenPair(2)));
    const manager = new TokenManager(call);
    manager.accept(tokenPair(1));
    expect(await Promise.all([manager.refresh(), manager.refresh(), manager.refresh()])).toEqual([
      'access-2',
      'access-2',
      'access-2',
    ]);
    expect(call).toHaveBeenCalledExactlyOnceWith('refresh-1');
  });

  it('lets two tabs refresh one after the other, the second with the token that the first got', async () => {
    let n = 1;
    const sent: string[] = [];
    const server = async (token: string) => {
      sent.push(token);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return tokenPair(++n);
    };
    const tabs = [new TokenManager(server), new TokenManager(server)];
    localStorage.setItem(REFRESH_KEY, 'refresh-1');
    await Promise.all(tabs.map((tab) => tab.refresh()));
    expect(sent).toEqual(['refresh-1', 'refresh-2']);
    expect(localStorage.getItem(REFRESH_KEY)).toBe('refresh-3');
  });

  it('ends the session on a refusal and tells those who listen', async () => {
    const manager = new TokenManager(() => Promise.reject(refused));
    manager.accept(tokenPair(1));
    const heard = vi.fn();
    manager.subscribe(heard);
    await expect(manager.refresh()).rejects.toBe(refused);
    expect(heard).toHaveBeenCalledExactlyOnceWith(null);
    expect(manager.refreshToken).toBeNull();
  });

  it('keeps the session when the server cannot be reached', async () => {
    const manager = new TokenManager(() => Promise.reject(lost));
    manager.accept(tokenPair(1));
    await expect(manager.refresh()).rejects.toBe(lost);
    expect(manager.refreshToken).toBe('refresh-1');
  });

  it('stops telling those who left', () => {
    const manager = new TokenManager(() => Promise.resolve(tokenPair(1)));
    const heard = vi.fn();
    manager.subscribe(heard)();
    manager.accept(tokenPair(1));
    expect(heard).not.toHaveBeenCalled();
  });
});
