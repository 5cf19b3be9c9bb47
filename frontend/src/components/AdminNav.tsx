import { NavLink } from 'react-router';

/* The pages of the administration, side by side on each of them. */
const PAGES: readonly { to: string; label: string }[] = [
  { to: '/admin/system', label: 'System' },
  { to: '/admin/audit', label: 'Audit log' },
  { to: '/admin/settings', label: 'Settings' },
];

export function AdminNav() {
  return (
    <nav className="admin-nav mb-6" aria-label="Administration">
      {PAGES.map(({ to, label }) => (
        <NavLink key={to} to={to}>
          {label}
        </NavLink>
      ))}
    </nav>
  );
}
