import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { testCompetency, testContent, testReport, testSession } from '../../test/data';
import { Competencies } from './Competencies';
import { Findings } from './Findings';
import { Radar } from './Radar';
import { ReportHead } from './ReportHead';
import { Summary } from './Summary';

const human = { overall_score: 4.2, competencies: [testCompetency('Judgement', 5)], overrides: [] };

describe('ReportHead', () => {
  it('shows what people decided beside what the machine suggests', () => {
    render(<ReportHead report={testReport({ content: testContent(), human })} />);
    expect(screen.getByRole('heading', { name: 'Suggested level' }).parentElement).toHaveTextContent('3.8');
    expect(screen.getByRole('heading', { name: 'With people’s levels' }).parentElement).toHaveTextContent('4.2');
    const row = within(screen.getByRole('row', { name: /Judgement/ }));
    expect(row.getByText('3.8')).toBeInTheDocument();
    expect(row.getByText('5.0')).toBeInTheDocument();
  });

  it('says when it rests on part of the questions, and where it stands among others', () => {
    const comparison = {
      candidates: 4,
      rank: 2,
      median: 3,
      min: 2,
      max: 4,
      percentile: null,
      statement: 'Second of 4.',
    };
    const content = testContent({ partial: true, asked: 8, answered: 3 });
    render(<ReportHead report={testReport({ content, comparison })} />);
    expect(screen.getByRole('status')).toHaveTextContent('3 of 8 questions answered');
    expect(screen.getByText('Second of 4.')).toBeInTheDocument();
  });

  it('reads reports of earlier versions, which have no competencies', () => {
    render(<ReportHead report={testReport()} />);
    expect(screen.getByText('Finds causes first.')).toBeInTheDocument();
    expect(screen.queryByRole('table')).toBeNull();
  });
});

describe('Competencies', () => {
  it('say what was not scored, and weights only when somebody set them', () => {
    const competencies = [testCompetency('Judgement', 4), testCompetency('Pressure', null)];
    const { rerender } = render(<Competencies competencies={competencies} human={null} weightsSet={false} />);
    expect(screen.getByRole('row', { name: /Pressure/ })).toHaveTextContent('Not scored');
    expect(screen.queryByRole('columnheader', { name: 'Weight' })).toBeNull();
    expect(screen.getByText('Every question counts the same.')).toBeInTheDocument();
    rerender(<Competencies competencies={competencies} human={null} weightsSet />);
    expect(screen.getByRole('columnheader', { name: 'Weight' })).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /Judgement/ })).toHaveTextContent('25 %');
  });
});

describe('Radar', () => {
  const some = (n: number) => Array.from({ length: n }, (_, i) => testCompetency(`C${i}`, i === 0 ? null : 3));
  it('is drawn for three to eight competencies, and hidden from those who have the table', () => {
    const drawn = [2, 3, 8, 9].map((n) => {
      const { container, unmount } = render(<Radar competencies={some(n)} />);
      const svg = container.querySelector('svg');
      const found = svg === null ? null : [svg.getAttribute('aria-hidden'), svg.querySelectorAll('circle').length];
      unmount();
      return found;
    });
    expect(drawn).toEqual([null, ['true', 2], ['true', 7], null]);
  });
});

describe('Findings', () => {
  it('play their quotes where they are heard', async () => {
    const heard = vi.fn();
    const play = vi.fn(() => heard);
    render(<Findings report={testReport({ content: testContent() })} play={play} />);
    await userEvent.click(screen.getByRole('button', { name: 'Play from 00:01, Says whom' }));
    expect(play).toHaveBeenCalledWith('a1');
    expect(heard).toHaveBeenCalledWith(1000);
    expect(screen.getByText('How did it end?')).toBeInTheDocument();
  });

  it('offer nothing to play when there is no recording', () => {
    render(<Findings report={testReport({ content: testContent() })} play={() => null} />);
    expect(screen.getByText('“I called them”')).toBeInTheDocument();
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('Summary', () => {
  const show = (more: Parameters<typeof testReport>[0]) =>
    render(
      <Summary
        session={testSession({ report: testReport(more) })}
        earlier={null}
        onShow={() => undefined}
        working={false}
        onWrite={null}
      />,
    );

  it.each([
    [{ status: 'pending', next_reason: 'requested' }, 'A new version is being written'],
    [{ status: 'ready', next_reason: 'rubric_changed' }, 'Questions or weights were changed.'],
    [{ status: 'failed' }, 'The new version could not be written'],
  ] as const)('keeps a version readable while the next is made: %o', (more, news) => {
    show(more);
    expect(screen.getByRole('status')).toHaveTextContent(news);
    expect(screen.getByText('Finds causes first.')).toBeInTheDocument();
  });

  it('has no news when there is none', () => {
    show({});
    expect(screen.queryByRole('status')).toBeNull();
  });
});
