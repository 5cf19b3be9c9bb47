import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { initialState } from '../../live/machine';
import { Heard } from './Heard';
import { RoomOptions } from './RoomOptions';
import { loadSettings, useRoomSettings } from './roomSettings';

function Room() {
  const [settings, change] = useRoomSettings();
  return (
    <>
      <RoomOptions settings={settings} onChange={change} />
      <button type="button">Elsewhere</button>
    </>
  );
}

beforeEach(() => localStorage.clear());

describe('the settings of the room', () => {
  it('are captions in the middle size until somebody chooses otherwise', () => {
    expect(loadSettings()).toEqual({ captions: true, size: 'medium', still: false, soundOnly: false, uplink: null });
    localStorage.setItem('viva.room', '{"size":"huge","captions":7}');
    expect(loadSettings()).toEqual({ captions: true, size: 'medium', still: false, soundOnly: false, uplink: null });
    localStorage.setItem('viva.room', '{');
    expect(loadSettings().captions).toBe(true);
  });

  it('are remembered on this device', async () => {
    const user = userEvent.setup();
    render(<Room />);
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    await user.click(screen.getByRole('radio', { name: 'Large' }));
    await user.click(screen.getByRole('checkbox', { name: 'Captions' }));
    expect(loadSettings()).toMatchObject({ captions: false, size: 'large' });
  });

  it('sound only holds the face still, whatever was chosen before', async () => {
    const user = userEvent.setup();
    render(<Room />);
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    await user.click(screen.getByRole('checkbox', { name: 'Sound only' }));
    const still = screen.getByRole('checkbox', { name: 'Hold the picture still' });
    expect(still).toBeChecked();
    expect(still).toBeDisabled();
    expect(loadSettings()).toMatchObject({ soundOnly: true, still: false });
  });

  it('open and close by keyboard, and give the focus back', async () => {
    const user = userEvent.setup();
    render(<Room />);
    const button = screen.getByRole('button', { name: 'Settings' });
    await user.tab();
    await user.keyboard('{Enter}');
    expect(button).toHaveAttribute('aria-expanded', 'true');
    await user.tab();
    expect(screen.getByRole('checkbox', { name: 'Captions' })).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('group', { name: 'Picture and captions' })).not.toBeInTheDocument();
    expect(button).toHaveFocus();
  });

  it('close on a press elsewhere, which keeps the focus there', async () => {
    const user = userEvent.setup();
    render(<Room />);
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    await user.click(screen.getByRole('button', { name: 'Elsewhere' }));
    expect(screen.queryByRole('group', { name: 'Picture and captions' })).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Elsewhere' })).toHaveFocus();
  });
});

describe('the own words', () => {
  it('what may still be corrected is marked, and read out to nobody', () => {
    const answer = {
      id: 'a',
      position: 1,
      zeroAt: 0,
      timeLimitS: 0,
      leftMs: null,
      toldAt: 0,
      extensionsLeft: 0,
      thinkUntil: null,
      before: '',
      items: [
        { id: '1', text: 'I called them.', final: true },
        { id: '2', text: 'Then eye', final: false },
      ],
      speaking: true,
      closing: false,
    };
    const { container } = render(<Heard state={initialState({ answer: { ...initialState().answer, ...answer } })} />);
    expect(screen.getByTestId('settled')).toHaveTextContent('I called them.');
    expect(screen.getByTestId('open')).toHaveTextContent('Then eye');
    expect(screen.getByTestId('open')).toHaveClass('provisional');
    expect(container.querySelector('[aria-live], [role=status]')).toBeNull();
  });
});
