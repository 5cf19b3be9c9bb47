import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useAuth } from '../contexts/AuthContext';
import type { User } from '../services/types';
import { chooseTheme, storedTheme, type Theme } from '../utils/theme';
import { Button } from './ui/Button';
import { Dialog } from './ui/Dialog';

const THEMES = [
  { value: 'system', label: 'System', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
] as const;

export function AccountDialog({ open, user, onClose }: { open: boolean; user: User; onClose: () => void }) {
  const { logout } = useAuth();
  const navigate = useNavigate();
  const [theme, setTheme] = useState<Theme>(storedTheme);

  const leave = () => {
    onClose();
    void logout();
    void navigate('/login', { replace: true });
  };
  return (
    <Dialog
      open={open}
      title={user.full_name}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button variant="primary" icon={LogOut} onClick={leave}>
            Log out
          </Button>
        </>
      }
    >
      <p className="text-ink-2 [overflow-wrap:anywhere]">{user.email}</p>
      <p>
        <Link className="link" to="/account" onClick={onClose}>
          Name, password and log-ins
        </Link>
      </p>
      <fieldset className="mt-3">
        <legend className="field-label">Appearance</legend>
        <div className="grid grid-cols-3 gap-2">
          {THEMES.map(({ value, label, icon: Icon }) => (
            <label key={value} className="tile">
              <input
                type="radio"
                name="theme"
                value={value}
                checked={theme === value}
                onChange={() => {
                  setTheme(value);
                  chooseTheme(value);
                }}
              />
              <Icon aria-hidden className="ic" />
              {label}
            </label>
          ))}
        </div>
      </fieldset>
    </Dialog>
  );
}
