import { X } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import { SortableList } from '../../components/SortableList';
import { Button, IconButton } from '../../components/ui/Button';
import { Input } from '../../components/ui/Input';
import { plural } from '../../utils/format';
import { moved } from '../../utils/reorder';
import { hardToHear, newPoint, POINTS_MAX, type DraftPoint } from './drafts';

export interface PointsEditorProps {
  points: readonly DraftPoint[];
  onChange: (points: DraftPoint[]) => void;
}

const VAGUE =
  'Hard to hear in an answer. Say what you would listen for, such as “Names who needed to know, and how they were told”.';

/** What a good answer mentions, most important first. */
export function PointsEditor({ points, onChange }: PointsEditorProps) {
  const [entry, setEntry] = useState('');
  const full = points.length >= POINTS_MAX;
  const add = () => {
    if (entry.trim() === '' || full) return;
    onChange([...points, newPoint(entry.trim())]);
    setEntry('');
  };
  const addOnEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };
  const edit = (key: string, text: string) =>
    onChange(points.map((point) => (point.key === key ? { ...point, text } : point)));
  return (
    <section aria-labelledby="points">
      <div className="flex items-baseline justify-between gap-3">
        <h3 id="points" className="font-semibold">
          What a good answer contains
        </h3>
        <span className="text-xs text-ink-3 max-sm:hidden">{plural(points.length, 'point')}, most important first</span>
      </div>
      <p className="hint mt-0.5">
        Viva listens for each point and quotes the words that meet it. Candidates never see this list.
      </p>
      <SortableList
        className="mt-2"
        label="Points"
        items={points}
        keyOf={(point) => point.key}
        nameOf={(index) => `point ${index + 1}`}
        onMove={(from, to) => onChange(moved(points, from, to))}
        rowClassName={() => 'flex items-center gap-2 border-b border-line py-1'}
      >
        {(point, index, grip) => (
          <>
            {grip}
            <input
              className="input quiet-input"
              aria-label={`Point ${index + 1}`}
              value={point.text}
              onChange={(event) => edit(point.key, event.target.value)}
            />
            <IconButton
              icon={X}
              size="sm"
              name={`Delete point ${index + 1}`}
              onClick={() => onChange(points.filter((other) => other.key !== point.key))}
            />
          </>
        )}
      </SortableList>
      {!full && (
        <div className="grid grid-cols-[1.5rem_minmax(0,1fr)_auto] gap-2 py-3">
          <div className="col-start-2">
            <Input
              label="New point"
              hideLabel
              placeholder="What you would listen for"
              value={entry}
              warning={hardToHear(entry) ? VAGUE : undefined}
              onChange={(event) => setEntry(event.target.value)}
              onKeyDown={addOnEnter}
            />
          </div>
          <Button onClick={add}>Add</Button>
        </div>
      )}
    </section>
  );
}
