import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { renderScreen } from '../../test/screen';
import { serve, type FakeReply, type FakeRequest } from '../../test/server';
import AboutYouForm from './AboutYouForm';
import { NOTHING } from './aboutYou';

const URL = '/public/sessions/s1/self-identification';
const candidacy = { sessionId: 's1', token: 'secret', name: 'Sam' };

/* Keeps what it is given, and takes nothing that the server's model does not know. */
function keeping(asked: boolean, before: object = NOTHING) {
  let kept = { ...NOTHING, ...before };
  return (request: FakeRequest): FakeReply => {
    if (request.url !== URL || request.bearer !== 'secret') return { status: 404 };
    if (request.method === 'PUT') {
      if (Object.keys(request.body as object).some((name) => !(name in NOTHING)))
        return { status: 422, code: 'field_unknown' };
      kept = { ...NOTHING, ...(request.body as object) };
    }
    if (request.method === 'DELETE') {
      kept = NOTHING;
      return { data: null };
    }
    return { data: { asked, ...kept } };
  };
}

const show = () => renderScreen('/', '/', <AboutYouForm candidacy={candidacy} people="Halden" />);

describe('what one says of oneself', () => {
  it('is not asked where the organisation does not ask', async () => {
    const seen = serve(keeping(false));
    show();
    await expect.poll(() => seen.length).toBe(1);
    expect(screen.queryByText(/whether interviews are fair/)).toBeNull();
  });

  it('can be taken back also where it is no longer asked', async () => {
    serve(keeping(false, { gender: 'woman' }));
    show();
    const back = await screen.findByRole('button', { name: 'Take them back' });
    expect(screen.queryByRole('button', { name: 'Change them' })).toBeNull();
    await userEvent.click(back);
    expect(await screen.findByText('Your answers are erased.')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Send these answers' })).toBeNull();
  });

  it('takes the focus only after a press, and what was given can be left as it was', async () => {
    const seen = serve(keeping(true, { gender: 'woman' }));
    show();
    const text = await screen.findByText(/These are your answers/);
    expect(text).not.toHaveFocus();
    await userEvent.click(screen.getByRole('button', { name: 'Change them' }));
    expect(screen.getByLabelText('Gender')).toHaveFocus();
    await userEvent.selectOptions(screen.getByLabelText('Gender'), 'Man');
    await userEvent.click(screen.getByRole('button', { name: 'Leave them as they were' }));
    expect(screen.getByText(/These are your answers/)).toHaveFocus();
    expect(screen.getByText('Woman')).toBeInTheDocument();
    expect(seen.map(({ method }) => method)).toEqual(['GET']);
  });

  it('is given, shown, changed and taken back, and begins with nothing chosen', async () => {
    const seen = serve(keeping(true));
    show();
    const send = await screen.findByRole('button', { name: 'Send these answers' });
    for (const box of screen.getAllByRole('combobox')) expect(box).toHaveValue('not_given');
    await userEvent.click(send);
    expect(seen.filter(({ method }) => method === 'PUT')).toHaveLength(0);
    await userEvent.selectOptions(screen.getByLabelText('Gender'), 'Non-binary');
    await userEvent.selectOptions(screen.getByLabelText('Disability'), 'Prefer not to say');
    await userEvent.click(send);
    expect(await screen.findByText(/These are your answers/)).toHaveFocus();
    expect(seen.at(-1)?.body).toEqual({ ...NOTHING, gender: 'non_binary', disability: 'prefer_not_to_say' });
    const region = within(screen.getByRole('region', { name: /whether interviews are fair/ }));
    expect(region.getByText('Non-binary')).toBeInTheDocument();
    expect(region.getAllByText('Left out')).toHaveLength(2);

    await userEvent.click(screen.getByRole('button', { name: 'Change them' }));
    expect(screen.getByLabelText('Gender')).toHaveValue('non_binary');
    await userEvent.selectOptions(screen.getByLabelText('Gender'), 'Leave this out');
    await userEvent.click(screen.getByRole('button', { name: 'Send these answers' }));
    await screen.findByText(/These are your answers/);
    expect(seen.at(-1)?.body).toEqual({ ...NOTHING, disability: 'prefer_not_to_say' });

    await userEvent.click(screen.getByRole('button', { name: 'Take them back' }));
    expect(await screen.findByText('Your answers are erased.')).toBeInTheDocument();
    expect(screen.getByLabelText('Disability')).toHaveValue('not_given');
  });

  it('says what the server refused, and keeps what was chosen', async () => {
    const keep = keeping(true, { age_band: '30_39' });
    serve((request) =>
      request.method === 'PUT' ? { status: 409, code: 'not_asked', message: 'Not asked' } : keep(request),
    );
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Change them' }));
    await userEvent.selectOptions(screen.getByLabelText('Age'), '40 to 49');
    await userEvent.click(screen.getByRole('button', { name: 'Send these answers' }));
    expect(await screen.findByRole('alert')).toBeInTheDocument();
    expect(screen.getByLabelText('Age')).toHaveValue('40_49');
  });
});
