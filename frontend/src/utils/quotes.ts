/* Finds quoted words in a transcript so that they can be marked. A quote that is not there marks nothing. */

export interface TextPart {
  text: string;
  marked: boolean;
}

const fold = (text: string): string => text.toLowerCase().replace(/[’‘]/g, "'").replace(/[“”]/g, '"');

/** The text in parts, the quoted ones marked. Quotes may overlap or repeat. */
export function markQuotes(text: string, quotes: readonly string[]): TextPart[] {
  const folded = fold(text);
  const marked = new Array<boolean>(text.length).fill(false);
  for (const quote of quotes) {
    const wanted = fold(quote.trim());
    if (wanted === '') continue;
    for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + wanted.length))
      marked.fill(true, at, at + wanted.length);
  }
  const parts: TextPart[] = [];
  for (let i = 0; i < text.length; i++) {
    const last = parts[parts.length - 1];
    const isMarked = marked[i] === true;
    const char = text.charAt(i);
    if (last?.marked === isMarked) last.text += char;
    else parts.push({ text: char, marked: isMarked });
  }
  return parts;
}
