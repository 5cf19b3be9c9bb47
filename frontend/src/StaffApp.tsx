import { lazy, Suspense, type ReactNode } from 'react';
import { Navigate, Outlet, Route, Routes, useLocation } from 'react-router';
import { Layout } from './components/Layout';
import { LoadingSpinner } from './components/LoadingSpinner';
import { Unreachable } from './components/Unreachable';
import { AuthProvider, useAuth } from './contexts/AuthContext';
import type { Role } from './services/types';
import Dashboard from './pages/Dashboard';
import Forbidden from './pages/Forbidden';
import InterviewDetail from './pages/InterviewDetail';
import InterviewList from './pages/InterviewList';
import Login from './pages/Login';
import NotFound from './pages/NotFound';
import Register from './pages/Register';
import SessionList from './pages/SessionList';
import './styles/recruiter.css';

const Account = lazy(() => import('./pages/account/Account'));
const Figures = lazy(() => import('./pages/figures/Figures'));
const ForgotPassword = lazy(() => import('./pages/account/ForgotPassword'));
const InterviewEditor = lazy(() => import('./pages/InterviewEditor'));
const OneTimeLink = lazy(() => import('./pages/account/OneTimeLink'));
const People = lazy(() => import('./pages/people/People'));
const SessionView = lazy(() => import('./pages/SessionView'));
const AdminSystem = lazy(() => import('./pages/admin/AdminSystem'));
const AdminAudit = lazy(() => import('./pages/admin/AdminAudit'));
const AdminSettings = lazy(() => import('./pages/admin/AdminSettings'));

const STAFF: readonly Role[] = ['admin', 'recruiter'];
const EVERYBODY: readonly Role[] = ['admin', 'recruiter', 'reviewer'];
const ADMIN: readonly Role[] = ['admin'];

/** Lets people in who are logged in; the others log in first and then come back here. */
function RequireLogin({ children }: { children: ReactNode }) {
  const { state, retry } = useAuth();
  const location = useLocation();
  if (state.status === 'loading') return <LoadingSpinner fullScreen text="Opening Viva" />;
  if (state.status === 'unreachable') return <Unreachable error={state.error} onRetry={retry} />;
  if (state.status === 'anonymous')
    return <Navigate to="/login" replace state={{ from: `${location.pathname}${location.search}` }} />;
  return children;
}

/** Hides what a role may not use. It protects nothing: the server checks every call. */
function RequireRole({ roles }: { roles: readonly Role[] }) {
  return useAuth().hasRole(roles) ? <Outlet /> : <Forbidden />;
}

/** Reviewers begin with what is shared with them; the overview is of one's own interviews. */
function Home() {
  return useAuth().hasRole(STAFF) ? <Dashboard /> : <Navigate to="/interviews" replace />;
}

function Shell() {
  return (
    <RequireLogin>
      <Layout>
        <Suspense fallback={<LoadingSpinner text="Opening" />}>
          <Outlet />
        </Suspense>
      </Layout>
    </RequireLogin>
  );
}

export default function StaffApp() {
  return (
    <AuthProvider>
      <Routes>
        <Route path="/login" element={<Login />} />
        <Route path="/register" element={<Register />} />
        <Route path="/forgot" element={<ForgotPassword />} />
        <Route path="/welcome/:token" element={<OneTimeLink />} />
        <Route path="/reset/:token" element={<OneTimeLink />} />
        <Route element={<Shell />}>
          <Route element={<RequireRole roles={EVERYBODY} />}>
            <Route index element={<Home />} />
            <Route path="/interviews" element={<InterviewList />} />
            <Route path="/interviews/:id" element={<InterviewDetail />} />
            <Route path="/interviews/:id/figures" element={<Figures />} />
            <Route path="/sessions" element={<SessionList />} />
            <Route path="/sessions/:id" element={<SessionView />} />
          </Route>
          <Route element={<RequireRole roles={STAFF} />}>
            <Route path="/interviews/new" element={<InterviewEditor />} />
            <Route path="/interviews/:id/edit" element={<InterviewEditor />} />
          </Route>
          <Route element={<RequireRole roles={ADMIN} />}>
            <Route path="/people" element={<People />} />
            <Route path="/people/new" element={<Register />} />
            <Route path="/admin" element={<Navigate to="/admin/system" replace />} />
            <Route path="/admin/system" element={<AdminSystem />} />
            <Route path="/admin/audit" element={<AdminAudit />} />
            <Route path="/admin/settings" element={<AdminSettings />} />
          </Route>
          <Route path="/account" element={<Account />} />
          <Route path="/forbidden" element={<Forbidden />} />
          <Route path="*" element={<NotFound />} />
        </Route>
      </Routes>
    </AuthProvider>
  );
}
