import { lazy, Suspense } from 'react';
import { BrowserRouter, Route, Routes, useLocation } from 'react-router';
import { ErrorBoundary } from './components/ErrorBoundary';
import { LoadingSpinner } from './components/LoadingSpinner';
import { ToastViewport } from './components/Toast';
import { ToastProvider } from './contexts/ToastContext';

/* Chunks that never meet: a candidate loads no recruiter code, a recruiter no interview room, and who reads a report by a link
 * neither. */
const PublicInterview = lazy(() => import('./pages/public/PublicInterview'));
const StaffApp = lazy(() => import('./StaffApp'));
const SharedReport = lazy(() => import('./pages/shared/SharedReport'));

function Screens() {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary resetKey={pathname}>
      <Suspense fallback={<LoadingSpinner fullScreen />}>
        <Routes>
          <Route path="/i/:link" element={<PublicInterview />} />
          <Route path="/r/:token" element={<SharedReport />} />
          <Route path="*" element={<StaffApp />} />
        </Routes>
      </Suspense>
    </ErrorBoundary>
  );
}

export function App() {
  return (
    <BrowserRouter>
      <ToastProvider>
        <a className="btn btn-primary skip" href="#main">
          Skip to content
        </a>
        <Screens />
        <ToastViewport />
      </ToastProvider>
    </BrowserRouter>
  );
}
