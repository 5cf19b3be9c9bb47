import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { applyTheme, storedTheme } from './utils/theme';
import './index.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
applyTheme(storedTheme());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
