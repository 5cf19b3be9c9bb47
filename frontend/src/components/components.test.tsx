import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { moved } from '../utils/reorder';
import { Notches } from './Notches';
import { SortableList } from './SortableList';
import { Stamp } from './Stamp';
import { Button } from './ui/Button';
import { Dialog } from './ui/Dialog';
import { Input, PasswordInput } from './ui/Input';

describe('Button', () => {
  it('that cannot act yet stays focusable, says why, and does nothing', () => {
    const press = vi.fn();
    render(
      <Button notYet="Give a reason to save." onClick={press}>
        Save
      </Button>,
    );
    const button = screen.getByRole('button', { name: 'Save' });
    expect(button).toHaveAccessibleDescription('Give a reason to save.');
    button.focus();
    expect(button).toHaveFocus();
    fireEvent.click(button);
    expect(press).not.toHaveBeenCalled();
  });

  it('that works says so and takes no second press', () => {
    const press = vi.fn();
    render(
      <Button working="Saving" onClick={press}>
        Save
      </Button>,
    );
    const button = screen.getByRole('button', { name: 'Saving' });
    fireEvent.click(button);
    expect(button).toHaveAttribute('aria-busy', 'true');
    expect(press).not.toHaveBeenCalled();
  });

  it('that works does not submit its form again', () => {
    const submit = vi.fn();
    render(
      <form onSubmit={submit}>
        <Button type="submit" working="Saving">
          Save
        </Button>
      </form>,
    );
    fireEvent.click(screen.getByRole('button'));
    expect(submit).not.toHaveBeenCalled();
  });
});

describe('Input', () => {
  it('shows the error in place of the help, and links it', () => {
    const { rerender } = render(<Input label="E-mail" help="We write to it." />);
    expect(screen.getByLabelText('E-mail')).toHaveAccessibleDescription('We write to it.');
    rerender(<Input label="E-mail" help="We write to it." error="Add the ending." />);
    expect(screen.getByLabelText('E-mail')).toBeInvalid();
    expect(screen.getByLabelText('E-mail')).toHaveAccessibleDescription('Add the ending.');
    expect(screen.queryByText('We write to it.')).toBeNull();
  });

  it('for passwords shows what was typed when asked', async () => {
    render(<PasswordInput label="Password" defaultValue="secret" />);
    const field = screen.getByLabelText('Password');
    expect(field).toHaveAttribute('type', 'password');
    await userEvent.click(screen.getByRole('button', { name: 'Show password' }));
    expect(field).toHaveAttribute('type', 'text');
    await userEvent.click(screen.getByRole('button', { name: 'Hide password' }));
    expect(field).toHaveAttribute('type', 'password');
  });
});

describe('Notches', () => {
  const drawn = (score: number | null) => {
    const { container, unmount } = render(<Notches score={score} />);
    const classes = Array.from(container.querySelectorAll('i'), (notch) => notch.className);
    unmount();
    return classes;
  };
  it('are drawn to the nearest half', () => {
    expect(drawn(3.8)).toEqual(['on', 'on', 'on', 'on', '']);
    expect(drawn(2.6)).toEqual(['on', 'on', 'half', '', '']);
    expect(drawn(1)).toEqual(['on', '', '', '', '']);
    expect(drawn(5)).toEqual(['on', 'on', 'on', 'on', 'on']);
  });
  it('say that there is no level', () => {
    render(<Notches score={null} />);
    expect(screen.getByRole('img', { name: 'Not scored' })).toHaveClass('none');
  });
});

describe('Stamp', () => {
  it('says the time and what is heard there', () => {
    const play = vi.fn();
    render(<Stamp ms={456_000} about="the call" onPlay={play} />);
    fireEvent.click(screen.getByRole('button', { name: 'Play from 07:36, the call' }));
    expect(play).toHaveBeenCalledOnce();
  });
});

describe('Dialog', () => {
  it('is named by its question and closes on Escape', () => {
    const close = vi.fn();
    render(
      <Dialog open title="Erase it?" onClose={close}>
        For good.
      </Dialog>,
    );
    const dialog = screen.getByRole('dialog', { name: 'Erase it?' });
    fireEvent(dialog, new Event('cancel', { cancelable: true }));
    expect(close).toHaveBeenCalledOnce();
  });
});

describe('SortableList', () => {
  function List() {
    const [items, setItems] = useState(['one', 'two', 'three']);
    return (
      <SortableList
        label="Things"
        items={items}
        keyOf={(item) => item}
        nameOf={(index) => `thing ${index + 1}`}
        onMove={(from, to) => setItems((old) => moved(old, from, to))}
      >
        {(item, _, grip) => (
          <>
            {grip}
            <span data-testid="row">{item}</span>
          </>
        )}
      </SortableList>
    );
  }
  const order = () => screen.getAllByTestId('row').map((row) => row.textContent);
  const grips = () => screen.getAllByRole('button');

  it('moves a row with the arrow keys, keeps the focus on it, and says where it is', async () => {
    render(<List />);
    grips()[0]?.focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(order()).toEqual(['two', 'one', 'three']);
    expect(screen.getByRole('status')).toHaveTextContent('thing 1 is now 2 of 3');
    expect(grips()[1]).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    expect(order()).toEqual(['two', 'three', 'one']);
  });

  it('moves a row that is dragged past the middle of another', () => {
    render(<List />);
    Element.prototype.setPointerCapture = () => undefined;
    screen.getAllByRole('listitem').forEach((row, i) => {
      row.getBoundingClientRect = () => new DOMRect(0, i * 40, 100, 40);
    });
    const grip = grips()[2];
    if (grip === undefined) throw new Error('no third row');
    const at = (pageY: number) => {
      const event = new MouseEvent('pointermove', { bubbles: true });
      Object.defineProperty(event, 'pageY', { value: pageY });
      return event;
    };
    const down = new MouseEvent('pointerdown', { bubbles: true, button: 0 });
    Object.defineProperty(down, 'pageY', { value: 100 });
    fireEvent(grip, down);
    fireEvent(grip, at(50));
    expect(screen.getAllByRole('listitem')[1]).toHaveClass('drop-before');
    fireEvent(grip, new MouseEvent('pointerup', { bubbles: true }));
    expect(order()).toEqual(['one', 'three', 'two']);
  });
});
