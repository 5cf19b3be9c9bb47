import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { publicInterviewService } from '../../services/publicInterviewService';
import type { SessionState } from '../../services/types';
import { publicInterview } from '../../test/data';
import { ApiError } from '../../utils/errorHandler';
import { TypeAnswer } from './TypeAnswer';
import { Written } from './Written';

describe('typing', () => {
  it('keeps the words on the device until the server has them', async () => {
    const user = userEvent.setup();
    const onSend = vi.fn().mockResolvedValueOnce(false).mockResolvedValueOnce(true);
    const view = render(<TypeAnswer answerId="a9" onSend={onSend} sending={false} focus={false} />);
    await user.type(screen.getByLabelText('Your answer in writing'), 'My answer');
    await user.click(screen.getByRole('button', { name: 'Send my answer' }));
    expect(await screen.findByText(/did not go out/)).toBeInTheDocument();
    view.unmount();
    render(<TypeAnswer answerId="a9" onSend={onSend} sending={false} focus={false} />);
    expect(screen.getByLabelText('Your answer in writing')).toHaveValue('My answer');
    await user.click(screen.getByRole('button', { name: 'Send my answer' }));
    await waitFor(() => expect(localStorage.getItem('viva.draft.a9')).toBeNull());
    expect(onSend).toHaveBeenCalledWith('My answer');
  });

  it('asks for words before it sends', async () => {
    const onSend = vi.fn();
    render(<TypeAnswer answerId="a" onSend={onSend} sending={false} focus={false} />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Send my answer' }));
    expect(screen.getByText('Write your answer first.')).toBeInTheDocument();
    expect(onSend).not.toHaveBeenCalled();
  });
});

describe('the interview in writing', () => {
  const CANDIDACY = { sessionId: 's', token: 't', name: 'Ada Example' };
  const at = (position: number, over: Partial<SessionState> = {}): SessionState => ({
    session_id: 's',
    status: 'in_progress',
    interview: publicInterview,
    current_position: position,
    question_count: 2,
    answers: [
      {
        id: `a${position}`,
        position,
        question_text: `What is ${position}?`,
        status: 'open',
        mode: 'text',
        text: '',
        follow_up: 0,
      },
    ],
    next_segment_of_open_answer: 0,
    partial: false,
    ...over,
  });
  const fault = (status: number) => new ApiError({ status, code: 'x', message: 'Refused.' });
  const show = () => {
    const onEnd = vi.fn();
    render(<Written interview={publicInterview} candidacy={CANDIDACY} onEnd={onEnd} onLive={vi.fn()} />);
    return onEnd;
  };
  const answer = async (text: string) => {
    const user = userEvent.setup();
    await user.type(screen.getByLabelText('Your answer in writing'), text);
    await user.click(screen.getByRole('button', { name: 'Send my answer' }));
  };

  it('asks one question after the other, to the end', async () => {
    const start = vi.spyOn(publicInterviewService, 'start').mockResolvedValue(at(1));
    const text = vi
      .spyOn(publicInterviewService, 'answerText')
      .mockResolvedValueOnce(at(2))
      .mockResolvedValueOnce(at(2, { status: 'completed', answers: [] }));
    const onEnd = show();
    expect(await screen.findByText('What is 1?')).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Question 1 of 2' })).toBeInTheDocument();
    await answer('One.');
    expect(await screen.findByText('What is 2?')).toBeInTheDocument();
    expect(screen.getByLabelText('Your answer in writing')).toHaveValue('');
    await answer('Two.');
    await waitFor(() => expect(onEnd).toHaveBeenCalledWith('completed'));
    expect(onEnd).toHaveBeenCalledOnce();
    expect(start).toHaveBeenCalledOnce();
    expect(text.mock.calls.map((c) => c.slice(2))).toEqual([
      ['a1', 'One.', 0],
      ['a2', 'Two.', 0],
    ]);
  });

  it('a follow-up is said to be one, and answered for itself', async () => {
    const [open] = at(1).answers;
    const asked = at(1, { answers: open ? [{ ...open, question_text: 'And then?', text: 'One.', follow_up: 1 }] : [] });
    vi.spyOn(publicInterviewService, 'start').mockResolvedValue(at(1));
    const text = vi
      .spyOn(publicInterviewService, 'answerText')
      .mockResolvedValueOnce(asked)
      .mockResolvedValueOnce(at(2));
    show();
    await screen.findByText('What is 1?');
    await answer('One.');
    expect(await screen.findByText('And then?')).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Question 1 of 2, a short follow-up' })).toBeInTheDocument();
    expect(screen.getByLabelText('Your answer in writing')).toHaveValue('');
    await answer('More.');
    expect(await screen.findByText('What is 2?')).toBeInTheDocument();
    expect(text.mock.calls.map((c) => c.slice(2))).toEqual([
      ['a1', 'One.', 0],
      ['a1', 'More.', 1],
    ]);
  });

  it('waits in the queue, and begins by itself', async () => {
    const message = 'Many interviews are under way just now. You are number 2 in the queue; keep this page open.';
    const busy = new ApiError({ status: 503, code: 'server_busy', message, retryAfterS: 0.05 });
    const start = vi.spyOn(publicInterviewService, 'start').mockRejectedValueOnce(busy).mockResolvedValueOnce(at(1));
    show();
    expect(await screen.findByText('Many interviews are under way just now.')).toBeInTheDocument();
    expect(screen.getByText('You are number 2 in the queue; keep this page open.')).toBeInTheDocument();
    expect(await screen.findByText('What is 1?')).toBeInTheDocument();
    expect(start).toHaveBeenCalledTimes(2);
  });

  it('goes on where the server stands when the reply to an answer was lost', async () => {
    vi.spyOn(publicInterviewService, 'start').mockResolvedValueOnce(at(1)).mockResolvedValueOnce(at(2));
    vi.spyOn(publicInterviewService, 'answerText').mockRejectedValueOnce(fault(0)).mockRejectedValueOnce(fault(409));
    show();
    await screen.findByText('What is 1?');
    await answer('One.');
    expect(await screen.findByText(/did not go out/)).toBeInTheDocument();
    expect(screen.getByLabelText('Your answer in writing')).toHaveValue('One.');
    await userEvent.setup().click(screen.getByRole('button', { name: 'Send my answer' }));
    expect(await screen.findByText('What is 2?')).toBeInTheDocument();
  });

  it('what was said before is shown, and a fault can be tried again', async () => {
    const [open] = at(1).answers;
    vi.spyOn(publicInterviewService, 'start')
      .mockRejectedValueOnce(fault(503))
      .mockResolvedValueOnce(at(1, { answers: open ? [{ ...open, text: 'I said this.' }] : [] }));
    show();
    await userEvent.setup().click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('I said this.')).toBeInTheDocument();
  });

  it('an interview that was closed meanwhile is over', async () => {
    vi.spyOn(publicInterviewService, 'start').mockResolvedValue(at(1, { status: 'completed', partial: true }));
    const onEnd = show();
    await waitFor(() => expect(onEnd).toHaveBeenCalledWith('over'));
  });

  it.each([
    [401, 'token'],
    [410, 'over'],
  ] as const)('a refusal with %i ends it', async (status, end) => {
    vi.spyOn(publicInterviewService, 'start').mockRejectedValue(fault(status));
    const onEnd = show();
    await waitFor(() => expect(onEnd).toHaveBeenCalledWith(end));
  });
});
