import { ClipboardList, House, IdCard, SlidersHorizontal, Users, type LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, NavigationType, NavLink, useLocation, useNavigationType } from 'react-router';
import { useAuth } from '../contexts/AuthContext';
import type { Role, User } from '../services/types';
import { initials } from '../utils/format';
import { AccountDialog } from './AccountDialog';
import { Logo } from './Logo';

interface NavItem {
  to: string;
  label: string;
  /** Where five stand side by side. */
  short?: string;
  icon: LucideIcon;
  roles: readonly Role[];
}

const NAV: readonly NavItem[] = [
  { to: '/', label: 'Home', icon: House, roles: ['admin', 'recruiter'] },
  { to: '/interviews', label: 'Interviews', icon: ClipboardList, roles: ['admin', 'recruiter', 'reviewer'] },
  { to: '/sessions', label: 'Candidates', icon: Users, roles: ['admin', 'recruiter', 'reviewer'] },
  { to: '/people', label: 'People', icon: IdCard, roles: ['admin'] },
  { to: '/admin', label: 'Administration', short: 'Admin', icon: SlidersHorizontal, roles: ['admin'] },
];

/* Report and editor need the width: there the side bar keeps only its icons. */
const NARROW = /^\/(sessions\/[^/]+|interviews\/(new|[^/]+\/edit))$/;

export const ROLE_WORDS: Record<Role, string> = {
  admin: 'Administrator',
  recruiter: 'Recruiter',
  reviewer: 'Reviewer',
};

function SideBar({ items, user, onAccount }: { items: readonly NavItem[]; user: User; onAccount: () => void }) {
  return (
    <header className="side">
      <div>
        <Link to="/" className="flex h-10 items-center px-2" aria-label="Viva, home">
          <span className="wide-only">
            <Logo />
          </span>
          <span className="rail-only mx-auto">
            <Logo word={false} />
          </span>
        </Link>
        <nav className="nav grid gap-1" aria-label="Main">
          {items.map(({ to, label, icon: Icon }) => (
            <NavLink key={to} to={to} end={to === '/'} title={label}>
              <Icon aria-hidden className="ic" />
              <span className="t">{label}</span>
            </NavLink>
          ))}
        </nav>
        <button
          type="button"
          className="account mt-auto flex items-center gap-3 rounded-md px-1 py-1 text-left hover:bg-hover"
          aria-haspopup="dialog"
          onClick={onAccount}
        >
          <span className="avatar-i" aria-hidden>
            {initials(user.full_name)}
          </span>
          <span className="sr-only">Account of </span>
          <span className="rail-only sr-only">{user.full_name}</span>
          <span className="wide-only min-w-0 flex-col">
            <span className="truncate font-semibold">{user.full_name}</span>
            <span className="text-xs text-ink-3">{ROLE_WORDS[user.role]}</span>
          </span>
        </button>
      </div>
    </header>
  );
}

/* A new screen begins at its top, with the focus on it, as a page load would; going back leaves both to the browser. */
function useFreshScreen() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const back = useNavigationType() === NavigationType.Pop;
  const seen = useRef(pathname);
  useEffect(() => {
    if (seen.current === pathname) return;
    seen.current = pathname;
    if (back) return;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname, back]);
  return main;
}

/** The recruiter's frame: side bar from 1024 px (72, then 232 wide), a tab bar under the thumb below that. */
export function Layout({ children }: { children: ReactNode }) {
  const { user } = useAuth();
  const { pathname } = useLocation();
  const [account, setAccount] = useState(false);
  const main = useFreshScreen();
  if (user === null) return children;
  const items = NAV.filter((item) => item.roles.includes(user.role));
  return (
    <div className={clsx('shell', !NARROW.test(pathname) && 'open')}>
      <SideBar items={items} user={user} onAccount={() => setAccount(true)} />
      <div className="min-w-0">
        <header className="topbar sticky top-0 z-20 flex h-14 items-center justify-between gap-3 border-b border-line bg-surface px-[var(--gutter)] lg:hidden">
          <Link to="/" aria-label="Viva, home">
            <Logo />
          </Link>
          <button
            type="button"
            className="grid h-11 w-11 place-items-center rounded-md"
            aria-haspopup="dialog"
            onClick={() => setAccount(true)}
          >
            <span className="avatar-i" aria-hidden>
              {initials(user.full_name)}
            </span>
            <span className="sr-only">Account of {user.full_name}</span>
          </button>
        </header>
        <main ref={main} id="main" className="min-w-0 outline-none" tabIndex={-1}>
          {children}
        </main>
      </div>
      <nav className="tabbar" aria-label="Main, small screen">
        {items.map(({ to, label, short, icon: Icon }) => (
          <NavLink key={to} to={to} end={to === '/'}>
            <Icon aria-hidden className="ic ic-lg" />
            {short ?? label}
          </NavLink>
        ))}
      </nav>
      <AccountDialog open={account} user={user} onClose={() => setAccount(false)} />
    </div>
  );
}
