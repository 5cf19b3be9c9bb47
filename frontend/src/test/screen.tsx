import { render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { MemoryRouter, Route, Routes, useLocation } from 'react-router';
import { ToastViewport } from '../components/Toast';
import { AuthProvider } from '../contexts/AuthContext';
import { ToastProvider } from '../contexts/ToastContext';

function Address() {
  const { pathname, search } = useLocation();
  return <p data-testid="address">{`${pathname}${search}`}</p>;
}

/** Draws a screen at an address as the app would: router, log-in, toasts. Other addresses show only themselves. */
export function renderScreen(path: string, address: string, element: ReactElement) {
  return render(
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
}
