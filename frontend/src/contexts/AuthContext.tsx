import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { tokens } from '../services/api';
import { authService } from '../services/authService';
import { REFRESH_KEY } from '../services/tokens';
import type { Role, Tokens, User } from '../services/types';
import { isApiError } from '../utils/errorHandler';

export type AuthState =
  | { status: 'loading'; user: null }
  | { status: 'anonymous'; user: null }
  | { status: 'unreachable'; user: null; error: unknown }
  | { status: 'authenticated'; user: User };

export interface Auth {
  state: AuthState;
  user: User | null;
  login: (email: string, password: string) => Promise<User>;
  logout: () => Promise<void>;
  /** Looks again after the server could not be reached. */
  retry: () => void;
  hasRole: (roles: readonly Role[]) => boolean;
}

const AuthContext = createContext<Auth | null>(null);

/* A token is renewed a minute early, or at four fifths of its life if it is short. */
const EARLY_S = 60;
const refreshDelayMs = (expiresInS: number) => Math.max(1, Math.max(expiresInS - EARLY_S, expiresInS * 0.8)) * 1000;
/* A longer delay would overflow a timer and fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/* Renews before expiry; a laptop that slept through the moment renews when the page is looked at again. */
function useAutomaticRefresh(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let due = Infinity;
    const renew = () => {
      due = Infinity;
      // a failure here is met by the next call, which is answered 401 and tries again
      tokens.refresh().catch(() => undefined);
    };
    const plan = (pair: Tokens | null) => {
      clearTimeout(timer);
      due = Infinity;
      if (pair === null) return;
      const delay = Math.min(refreshDelayMs(pair.expires_in), LONGEST_TIMER_MS);
      due = Date.now() + delay;
      timer = setTimeout(renew, delay);
    };
    const wake = () => {
      if (!document.hidden && Date.now() >= due) {
        clearTimeout(timer);
        renew();
      }
    };
    const unsubscribe = tokens.subscribe(plan);
    document.addEventListener('visibilitychange', wake);
    return () => {
      unsubscribe();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
    };
  }, []);
}

export function AuthProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<AuthState>(() =>
    tokens.refreshToken === null ? { status: 'anonymous', user: null } : { status: 'loading', user: null },
  );
  const known = useRef<User | null>(null);
  useAutomaticRefresh();

  const resume = useCallback(() => {
    tokens.refresh().catch((error: unknown) => {
      const refused = isApiError(error) && (error.status === 401 || error.status === 403);
      setState(refused ? { status: 'anonymous', user: null } : { status: 'unreachable', user: null, error });
    });
  }, []);

  useEffect(() => {
    const unsubscribe = tokens.subscribe((pair) => {
      // a renewal brings the same person: keep the object, so that screens do not draw themselves again
      const same =
        pair !== null && known.current?.updated_at === pair.user.updated_at && known.current.id === pair.user.id;
      if (same) return;
      known.current = pair?.user ?? null;
      setState(pair === null ? { status: 'anonymous', user: null } : { status: 'authenticated', user: pair.user });
    });
    if (tokens.refreshToken !== null && tokens.accessToken === null) resume();
    return unsubscribe;
  }, [resume]);

  // another tab logged in or out
  useEffect(() => {
    const changed = (event: StorageEvent) => {
      if (event.key !== REFRESH_KEY) return;
      if (event.newValue === null) tokens.dropAccess();
      else if (tokens.accessToken === null) resume();
    };
    window.addEventListener('storage', changed);
    return () => window.removeEventListener('storage', changed);
  }, [resume]);

  const value = useMemo<Auth>(
    () => ({
      state,
      user: state.user,
      login: (email, password) => authService.login(email, password),
      logout: () => authService.logout(),
      retry: () => {
        setState({ status: 'loading', user: null });
        resume();
      },
      hasRole: (roles) => state.user !== null && roles.includes(state.user.role),
    }),
    [state, resume],
  );
  return <AuthContext.Provider value={value}>{children}</AuthContext.Provider>;
}

export function useAuth(): Auth {
  const auth = useContext(AuthContext);
  if (auth === null) throw new Error('useAuth needs an AuthProvider above it');
  return auth;
}
