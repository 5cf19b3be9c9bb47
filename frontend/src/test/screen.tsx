import { act, render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { MemoryRouter, Route, Routes, useLocation } from 'react-router';
import { ToastViewport } from '../components/Toast';
import { AuthProvider } from '../contexts/AuthContext';
import { ToastProvider } from '../contexts/ToastContext';
import { tokens } from '../services/api';
import type { User } from '../services/types';
import { tokenPair } from './server';

function Address() {
  const { pathname, search } = useLocation();
  return <p data-testid="address">{`${pathname}${search}`}</p>;
}

/**
 * Draws a screen at an address as the app would: router, log-in, toasts. Other addresses show only themselves. With a user,
 * who logs in once the screen is there.
 */
export function renderScreen(path: string, address: string, element: ReactElement, user?: User) {
  const screen = render(
    <MemoryRouter initialEntries={[address]}>
      <AuthProvider>
        <ToastProvider>
          <Routes>
            <Route path={path} element={element} />
            <Route path="*" element={null} />
          </Routes>
          <Address />
          <ToastViewport />
        </ToastProvider>
      </AuthProvider>
    </MemoryRouter>,
  );
  if (user !== undefined) act(() => tokens.accept({ ...tokenPair(1), user }));
  return screen;
}
