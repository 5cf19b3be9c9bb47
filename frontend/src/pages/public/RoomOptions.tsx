/* What the candidate may set in the room, in one place: captions and their size, sound only, a face that holds still. */

import { SlidersHorizontal } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../../components/ui/Button';
import { Checkbox } from '../../components/ui/Input';
import { CAPTION_SIZES } from './roomSettings';
import type { CaptionSize, RoomSettings } from './roomSettings';
import { useDismiss } from './useDismiss';

const SIZE_WORDS: Record<CaptionSize, string> = { small: 'Small', medium: 'Medium', large: 'Large' };

export interface RoomOptionsProps {
  settings: RoomSettings;
  onChange: (change: Partial<RoomSettings>) => void;
}

export function RoomOptions({ settings, onChange }: RoomOptionsProps) {
  const [open, setOpen] = useState(false);
  const panel = useId();
  const box = useDismiss(open, () => setOpen(false));
  return (
    <div ref={box} className="md:relative">
      <Button
        variant="quiet"
        className="!min-h-11"
        icon={SlidersHorizontal}
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        onClick={() => setOpen(!open)}
      >
        <span className="max-md:sr-only">Settings</span>
      </Button>
      {open && (
        <div id={panel} role="group" aria-label="Picture and captions" className="room-options">
          <Checkbox
            label="Captions"
            checked={settings.captions}
            onChange={(e) => onChange({ captions: e.target.checked })}
          />
          <fieldset disabled={!settings.captions}>
            <legend className="field-label">Caption size</legend>
            <div className="sizes">
              {CAPTION_SIZES.map((size) => (
                <label key={size}>
                  <input
                    type="radio"
                    name="caption-size"
                    className="sr-only"
                    value={size}
                    checked={settings.size === size}
                    onChange={() => onChange({ size })}
                  />
                  <span data-size={size}>{SIZE_WORDS[size]}</span>
                </label>
              ))}
            </div>
          </fieldset>
          <Checkbox
            label="Sound only"
            help="Your camera goes off and the face holds still. Easier on a slow computer or connection."
            checked={settings.soundOnly}
            onChange={(e) => onChange({ soundOnly: e.target.checked })}
          />
          <Checkbox
            label="Hold the picture still"
            help="The face does not move but for its mouth."
            checked={settings.still || settings.soundOnly}
            disabled={settings.soundOnly}
            onChange={(e) => onChange({ still: e.target.checked })}
          />
        </div>
      )}
    </div>
  );
}
