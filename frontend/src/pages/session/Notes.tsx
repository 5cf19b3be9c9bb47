/* What the people who decide write down for each other. The candidate never sees it. */

import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ResourceView } from '../../components/ResourceView';
import { Button, IconButton } from '../../components/ui/Button';
import { Card, CardHeader } from '../../components/ui/Card';
import { Textarea } from '../../components/ui/Input';
import { SkeletonRows } from '../../components/ui/Skeleton';
import { useAuth } from '../../contexts/AuthContext';
import { useToldTask } from '../../contexts/ToastContext';
import { sessionService } from '../../services/sessionService';
import type { SessionNote } from '../../services/types';
import { relativeDay } from '../../utils/format';
import { useResource } from '../../utils/hooks';

interface WriterProps {
  label: string;
  action: string;
  start?: string;
  onWrite: (text: string) => Promise<boolean>;
  onCancel?: () => void;
}

function Writer({ label, action, start = '', onWrite, onCancel }: WriterProps) {
  const [text, setText] = useState(start);
  const [working, setWorking] = useState(false);
  const write = async () => {
    setWorking(true);
    if (await onWrite(text.trim())) setText(start);
    setWorking(false);
  };
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '' && !working) void write();
      }}
    >
      <Textarea
        label={label}
        hideLabel
        rows={2}
        maxLength={10_000}
        placeholder="What should the others know?"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <span className="flex gap-2">
        <Button
          size="sm"
          type="submit"
          working={working && 'Writing'}
          notYet={text.trim() === '' && 'Write something first.'}
        >
          {action}
        </Button>
        {onCancel !== undefined && (
          <Button size="sm" variant="quiet" onClick={onCancel}>
            Leave it
          </Button>
        )}
      </span>
    </form>
  );
}

interface NoteProps {
  note: SessionNote;
  own: boolean;
  onChange: (text: string) => Promise<boolean>;
  onRemove: () => void;
}

function Note({ note, own, onChange, onRemove }: NoteProps) {
  const [editing, setEditing] = useState(false);
  const who = note.author_name ?? 'Somebody who left';
  const change = async (text: string) => {
    const done = await onChange(text);
    if (done) setEditing(false);
    return done;
  };
  return (
    <li className="border-t border-line px-5 py-3">
      <div className="flex items-start justify-between gap-3">
        <p className="text-xs leading-6 text-ink-3">
          <b className="font-semibold text-ink-2">{who}</b>, {relativeDay(note.created_at)}
          {note.updated_at !== note.created_at && ', changed since'}
        </p>
        {own && !editing && (
          <span className="flex flex-none">
            <IconButton icon={Pencil} name={`Change the note of ${who}`} onClick={() => setEditing(true)} />
            <IconButton icon={Trash2} name={`Delete the note of ${who}`} onClick={onRemove} />
          </span>
        )}
      </div>
      {editing ? (
        <Writer
          label="Change the note"
          action="Save"
          start={note.text}
          onWrite={change}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <p className="max-w-[68ch] whitespace-pre-wrap [overflow-wrap:anywhere]">{note.text}</p>
      )}
    </li>
  );
}

export function Notes({ sessionId }: { sessionId: string }) {
  const { run } = useToldTask();
  const { user, hasRole } = useAuth();
  const resource = useResource(`notes ${sessionId}`, (signal) => sessionService.notes(sessionId, signal));
  const change = async (call: () => Promise<unknown>): Promise<boolean> => {
    const done = await run(call);
    if (done) resource.reload();
    return done;
  };
  return (
    <Card className="overflow-hidden max-xl:order-4" aria-labelledby="notes">
      <CardHeader
        id="notes"
        title="Notes"
        aside={<span className="text-xs text-ink-3">Not seen by the candidate</span>}
      />
      <ResourceView resource={resource} what="the notes" skeleton={<SkeletonRows rows={1} />}>
        {(page) => (
          <>
            <ul>
              {page.items.map((note) => (
                <Note
                  key={`${note.id} ${note.updated_at}`}
                  note={note}
                  own={hasRole(['admin']) || note.author_id === user?.id}
                  onChange={(text) => change(() => sessionService.changeNote(note, text))}
                  onRemove={() => void change(() => sessionService.removeNote(note))}
                />
              ))}
            </ul>
            <div className="border-t border-line px-5 py-4">
              <Writer
                label="A note"
                action="Add note"
                onWrite={(text) => change(() => sessionService.addNote(sessionId, text))}
              />
            </div>
          </>
        )}
      </ResourceView>
    </Card>
  );
}
