import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { publicInterviewService } from '../../services/publicInterviewService';
import { publicInterview } from '../../test/data';
import { ApiError } from '../../utils/errorHandler';
import { Consent } from './Consent';

describe('consent', () => {
  const setUp = () => {
    const onRegistered = vi.fn();
    const onCompleted = vi.fn();
    render(<Consent interview={publicInterview} link="l" onRegistered={onRegistered} onCompleted={onCompleted} />);
    return {
      onRegistered,
      onCompleted,
      user: userEvent.setup(),
      go: () => screen.getByRole('button', { name: /device check/ }),
    };
  };
  it('shows what the organisation says of privacy, and whom to ask', () => {
    setUp();
    expect(screen.queryByText('Privacy notice')).not.toBeInTheDocument();
    expect(screen.queryByText(/Questions go to/)).not.toBeInTheDocument();
    const told = {
      ...publicInterview,
      privacy_notice: 'Kept 90 days.\nThen erased.',
      support_email: 'jobs@halden.example',
    };
    render(<Consent interview={told} link="l" onRegistered={vi.fn()} onCompleted={vi.fn()} />);
    expect(screen.getByRole('region', { name: 'Privacy notice' })).toHaveTextContent('Kept 90 days. Then erased.');
    expect(screen.getByRole('link', { name: 'jobs@halden.example' })).toHaveAttribute(
      'href',
      'mailto:jobs@halden.example',
    );
  });
  const fill = async (user: ReturnType<typeof userEvent.setup>) => {
    await user.click(screen.getByLabelText('Record my answers'));
    await user.click(screen.getByLabelText(/Let an AI ask/));
    await user.type(screen.getByLabelText('Your name'), '  Sam Okafor ');
    await user.type(screen.getByLabelText('E-mail'), 'sam@example.org');
  };

  it('asks for each thing that is missing, and goes to the first', async () => {
    const register = vi.spyOn(publicInterviewService, 'register');
    const { user, go } = setUp();
    await user.click(go());
    expect(screen.getAllByRole('alert')).toHaveLength(4);
    expect(screen.getByLabelText('Your name')).toHaveFocus();
    expect(register).not.toHaveBeenCalled();
  });

  it('neither tick stands for the other', async () => {
    const register = vi.spyOn(publicInterviewService, 'register');
    const { user, go } = setUp();
    await fill(user);
    await user.click(screen.getByLabelText(/Let an AI ask/));
    await user.click(go());
    expect(screen.getAllByRole('alert')).toHaveLength(1);
    expect(register).not.toHaveBeenCalled();
  });

  it('registers with trimmed words', async () => {
    const register = vi.spyOn(publicInterviewService, 'register').mockResolvedValue({
      session_id: 's',
      session_token: 't',
      status: 'registered',
      candidate: { full_name: 'Sam' },
    });
    const { user, go, onRegistered } = setUp();
    await fill(user);
    await user.click(go());
    await waitFor(() => expect(onRegistered).toHaveBeenCalledOnce());
    expect(register.mock.calls[0]?.[1]).toEqual({
      full_name: 'Sam Okafor',
      email: 'sam@example.org',
      consent_recording: true,
      consent_ai: true,
    });
  });

  it('shows what the server refuses at its field', async () => {
    vi.spyOn(publicInterviewService, 'register').mockRejectedValue(
      new ApiError({ status: 422, code: 'field_invalid', message: 'That address does not exist.', field: 'email' }),
    );
    const { user, go } = setUp();
    await fill(user);
    await user.click(go());
    expect(await screen.findByText('That address does not exist.')).toBeInTheDocument();
    expect(screen.getByLabelText('E-mail')).toHaveFocus();
  });

  it('knows who is done already', async () => {
    vi.spyOn(publicInterviewService, 'register').mockRejectedValue(
      new ApiError({ status: 409, code: 'session_completed', message: 'done' }),
    );
    const { user, go, onCompleted } = setUp();
    await fill(user);
    await user.click(go());
    await waitFor(() => expect(onCompleted).toHaveBeenCalledOnce());
  });
});
