"""Writes backend/providers/embed/fold_table.h: what BERT's uncased tokenizer does to a character. Needs only the standard library.

usage: fold_table.py OUT. Run it again for a new version of Unicode; code points above U+FFFF are left as they are.
"""

import sys
import unicodedata

# Outside these nothing that has a case or an accent is in the vocabulary; Hangul is taken apart by a formula.
FOLDED = [range(0xC0, 0x530), range(0x1E00, 0x2000)]


def ranges(test):
    found, start = [], None
    for c in range(0x80, 0x10000):
        if test(unicodedata.category(chr(c))) and not 0xD800 <= c <= 0xDFFF:
            start = c if start is None else start
        elif start is not None:
            found.append((start, c - 1))
            start = None
    return found


def folded(c):
    plain = [x for x in unicodedata.normalize("NFD", chr(c)) if unicodedata.category(x) != "Mn"]
    return ord("".join(plain).lower()[0]) if plain else c


def table(f, name, kind, rows):
    f.write("static const struct %s %s[] = {\n" % (kind, name))
    for i in range(0, len(rows), 7):
        f.write("    " + " ".join("{0x%04X, 0x%04X}," % r for r in rows[i:i + 7]) + "\n")
    f.write("};\n")


def main():
    with open(sys.argv[1], "w", encoding="ascii") as f:
        f.write("/* Written by tools/models/fold_table.py from Unicode %s: do not edit.\n" % unicodedata.unidata_version)
        f.write(" * Sorted. From U+0080 on, within the basic plane. */\n/* clang-format off */\n")
        f.write("#include <stdint.h>\n\nstruct fold_range { uint16_t first, last; };\nstruct fold_pair { uint16_t from, to; };\n\n")
        f.write("/* Accents, and what is not shown. */\n")
        table(f, "fold_dropped", "fold_range", ranges(lambda k: k in ("Mn", "Cc", "Cf", "Co")))
        f.write("\n/* Punctuation. */\n")
        table(f, "fold_punctuation", "fold_range", ranges(lambda k: k[0] == "P"))
        f.write("\n/* Spaces. */\n")
        table(f, "fold_spaces", "fold_range", ranges(lambda k: k in ("Zs", "Zl", "Zp")))
        f.write("\n/* Lower case, without accents. */\n")
        table(f, "fold_letters", "fold_pair", [(c, folded(c)) for r in FOLDED for c in r if folded(c) != c])


if __name__ == "__main__":
    main()
