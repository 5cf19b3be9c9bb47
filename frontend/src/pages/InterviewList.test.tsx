import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../services/api';
import { mayChange } from '../services/roles';
import type { Interview, User } from '../services/types';
import { testInterview } from '../test/data';
import { renderScreen } from '../test/screen';
import { serve, testUser, tokenPair } from '../test/server';
import InterviewList from './InterviewList';

const open = (items: Interview[], user: User = testUser) => {
  const seen = serve(() => ({ data: { items, total: items.length, page: 1, page_size: 20 } }));
  renderScreen('/interviews', '/interviews', <InterviewList />, user);
  return seen;
};
const reviewer: User = { ...testUser, id: 'u9', role: 'reviewer' };

beforeEach(() => {
  tokens.clear();
  tokens.accept(tokenPair(1));
});

describe('the list of interviews', () => {
  it('asks for archived ones and for an order', async () => {
    const seen = open([testInterview()]);
    await screen.findByRole('link', { name: 'Operations analyst' });
    expect(seen.at(-1)?.params).toEqual({ page: 1 });
    await userEvent.selectOptions(screen.getByLabelText('Show'), 'Archived');
    await userEvent.selectOptions(screen.getByLabelText('Order'), 'By title');
    await screen.findByRole('link', { name: 'Operations analyst' });
    expect(seen.at(-1)?.params).toEqual({ page: 1, archived: 'true', sort: 'title' });
  });

  it('leads to the editor only for whom it is to change', async () => {
    open([
      testInterview(),
      testInterview({ id: 'i2', title: 'Archived draft', archived_at: '2026-11-20T09:00:00.000Z' }),
    ]);
    expect(await screen.findByRole('link', { name: 'Operations analyst' })).toHaveAttribute(
      'href',
      '/interviews/i1/edit',
    );
    expect(screen.getByRole('link', { name: 'Archived draft' })).toHaveAttribute('href', '/interviews/i2');
    expect(screen.getByText('Archived', { selector: 'span' })).toBeInTheDocument();
  });

  it('lets a reviewer read, and make nothing', async () => {
    open([testInterview()], reviewer);
    expect(await screen.findByRole('link', { name: 'Operations analyst' })).toHaveAttribute('href', '/interviews/i1');
    expect(screen.queryByRole('link', { name: 'New interview' })).toBeNull();
  });

  it('tells a reviewer where interviews come from', async () => {
    open([], reviewer);
    await screen.findByText('Nothing is shared with you yet');
    expect(screen.queryByRole('link', { name: 'Make an interview' })).toBeNull();
  });
});

describe('who changes an interview', () => {
  it('is its owner and administrators, and never a reviewer', () => {
    const interview = testInterview({ owner_id: 'u1' });
    expect(mayChange({ ...testUser, id: 'u1', role: 'recruiter' }, interview)).toBe(true);
    expect(mayChange({ ...testUser, id: 'u2', role: 'recruiter' }, interview)).toBe(false);
    expect(mayChange({ ...testUser, id: 'u2', role: 'admin' }, interview)).toBe(true);
    expect(mayChange({ ...testUser, id: 'u1', role: 'reviewer' }, interview)).toBe(false);
    expect(mayChange(null, interview)).toBe(false);
  });
});
