/** The list with one item taken from one place and put at another. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const next = [...items];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

/** Where a row lands that is dragged by `dy`: past every row whose middle its own middle has crossed. */
export function dropIndex(middles: readonly number[], from: number, dy: number): number {
  const at = (middles[from] ?? 0) + dy;
  let to = from;
  while (to + 1 < middles.length && at > (middles[to + 1] ?? Infinity)) to++;
  while (to > 0 && at < (middles[to - 1] ?? -Infinity)) to--;
  return to;
}
