import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from './ui/Button';

export interface PagerProps {
  page: number;
  pageSize: number;
  total: number;
  onPage: (page: number) => void;
}

export function Pager({ page, pageSize, total, onPage }: PagerProps) {
  const pages = Math.ceil(total / Math.max(1, pageSize));
  if (pages <= 1) return null;
  const first = (page - 1) * pageSize + 1;
  return (
    <nav className="flex items-center justify-between gap-3 border-t border-line px-5 py-3" aria-label="Pages">
      <span className="text-xs text-ink-3">
        {first} to {Math.min(total, first + pageSize - 1)} of {total}
      </span>
      <span className="flex gap-2">
        {page > 1 && (
          <Button size="sm" icon={ChevronLeft} onClick={() => onPage(page - 1)}>
            Earlier page
          </Button>
        )}
        {page < pages && (
          <Button size="sm" icon={ChevronRight} iconAfter onClick={() => onPage(page + 1)}>
            Next page
          </Button>
        )}
      </span>
    </nav>
  );
}
