#!/usr/bin/env python3
"""Checks the shape of backend/: includes point downwards only, SQL and outside libraries stay where they belong, and neither
functions nor files grow too long. Prints file:line for each offence and exits with 1; says nothing and exits with 0 when all
is well. Tests are not looked at. `--self-test` proves on made-up files that each rule can fail."""

import argparse
import re
import sys
import tempfile
from pathlib import Path

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 600

# What a layer may include besides itself. Keep in step with the viva_layer() lines of backend/CMakeLists.txt, which are wider
# where CMake links transitively: routes and live reach data through services only, and services leave SQL to repositories.
MAY_INCLUDE = {
    "base": set(),
    "utils": {"base"},
    "models": {"base"},
    "db": {"base", "utils", "models"},
    "repositories": {"base", "utils", "models", "db"},
    "providers": {"base", "utils"},
    "services": {"base", "utils", "models", "db", "repositories", "providers"},
    "http": {"base", "utils", "models"},
    "live": {"base", "utils", "models", "providers", "services", "http"},
    "routes": {"base", "utils", "models", "providers", "services", "http", "live"},
    "app": {"base", "utils", "models", "db", "repositories", "providers", "services", "http", "live", "routes"},
}

# http/ is a server of anything: of the models it knows the engine, not the tables.
ONLY_FILES = {("http", "models"): {"models/field.h"}}

# An outside library is wrapped in one place, so that it can be replaced there.
LIBRARY_HOME = {
    "jansson.h": {"base/json_read.c"},
    "jwt.h": {"utils/token.c"},
    "crypt.h": {"utils/password.c"},
    "sodium.h": {"utils/", "http/", "main.c"},
    "sqlite3.h": {"db/"},
    "mysql": {"db/"},
    "mariadb": {"db/"},
    "microhttpd.h": {"http/"},
    "wslay": {"http/"},
    "gnutls": {"http/"},
    "onnxruntime_c_api.h": {"providers/"},
    "opus": {"providers/"},
    "hiredis": {"providers/cache/"},
    "curl": {"providers/transfer.h"},
}

# What candidates say of themselves of their own will: these may know of it, and nothing that scores or shows one person.
SELF_IDENTIFICATION = re.compile(r"\bself_(identification|categor|value)")
SELF_IDENTIFICATION_HOME = {
    "models/self_identification.h",
    "models/self_identification.c",
    "models/own_data.h",
    "models/own_data.c",
    "models/adverse_impact.h",
    "models/adverse_impact.c",
    "repositories/self_identification_repository.h",
    "repositories/self_identification_repository.c",
    "repositories/impact_repository.h",
    "repositories/impact_repository.c",
    "services/self_identification.h",
    "services/self_identification.c",
    "services/adverse_impact.h",
    "services/adverse_impact.c",
    "services/adverse_impact_figures.c",
    "services/own_data.c",
    "routes/self_identification.c",
    "routes/routes.h",
    "routes/all.c",
}

SQL_LAYERS = {"db", "repositories"}
SQL = re.compile(
    r"\bSELECT\b[^.!?]*\bFROM\b|\bINSERT\s+(OR\s+\w+\s+)?INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b"
    r"|\b(CREATE|DROP|ALTER)\s+(UNIQUE\s+)?(TABLE|INDEX|VIEW|TRIGGER)\b|\bPRAGMA\s+\w+"
    r"|^\s*(BEGIN( IMMEDIATE| TRANSACTION)?|COMMIT|ROLLBACK)\s*;?\s*$"
    r"|(?i:\bselect\s+[\w*., ()]+\s+from\s+\w+\s+(where|order|limit|join)\b|\binsert\s+into\s+\w+\s*\(|\bupdate\s+\w+\s+set\s+\w+\s*="
    r"|\bdelete\s+from\s+\w+\s+where\b)"
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)
TOKEN = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.M | re.S)
SIGNATURE = re.compile(r"(\w+)\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\s*$")


def blanked(text):
    """The same length with nothing but line breaks left of it, so that positions stay right."""
    return re.sub(r"[^\n]", " ", text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def without_comments(text):
    return TOKEN.sub(lambda m: blanked(m[0]) if m[0].startswith("/") else m[0], text)


def code_only(text):
    """Without comments, preprocessor lines and what stands in quotes."""
    text = TOKEN.sub(lambda m: blanked(m[0]), text)
    return PREPROCESSOR.sub(lambda m: blanked(m[0]), text)


def string_literals(text):
    """(position, content) of each run of adjacent literals, which the compiler joins; includes are not literals."""
    text = INCLUDE.sub(lambda m: blanked(m[0]), without_comments(text))
    start, parts, end = None, [], 0
    for m in TOKEN.finditer(text):
        if m[0][0] != '"':
            continue
        if parts and text[end : m.start()].strip():
            yield start, "".join(parts)
            parts = []
        if not parts:
            start = m.start()
        parts.append(re.sub(r"\\[nrt]", " ", m[0][1:-1]))
        end = m.end()
    if parts:
        yield start, "".join(parts)


def functions(text):
    """(name, first line, last line) of each function body, braces included."""
    code = code_only(text)
    depth, opened = 0, None
    for m in re.finditer(r"[{}]", code):
        if m[0] == "{":
            if depth == 0:
                before = code[max(0, m.start() - 4000) : m.start()].rstrip()
                signature = SIGNATURE.search(before) if before.endswith(")") else None
                opened = (signature[1] if signature else None, m.start())
            depth += 1
            continue
        depth = max(0, depth - 1)
        at_margin = m.start() == 0 or code[m.start() - 1] == "\n"
        if at_margin:  # alternatives of an #if may open a brace twice: a brace at the margin ends whatever was open
            depth = 0
        if depth == 0 and opened is not None:
            if opened[0]:
                yield opened[0], line_of(code, opened[1]), line_of(code, m.start())
            opened = None


def include_offence(path, layer, quoted, angled):
    if angled is not None:
        for library, homes in LIBRARY_HOME.items():
            if angled == library or angled.startswith(library + "/"):
                if not any(path == home or (home.endswith("/") and path.startswith(home)) for home in homes):
                    return f"<{angled}> belongs to {' '.join(sorted(homes))} alone"
        return None
    if "/" not in quoted:
        return f'"{quoted}" should be written with its folder: "{layer}/{quoted}"' if layer else None
    target = quoted.split("/")[0]
    if target not in MAY_INCLUDE:
        return f'"{quoted}" is in no layer' if layer else None
    if layer is None or target == layer:
        return None
    if target not in MAY_INCLUDE[layer]:
        return f'{layer}/ must not include "{quoted}"'
    only = ONLY_FILES.get((layer, target))
    if only is not None and quoted not in only:
        return f'{layer}/ may include only {" ".join(sorted(only))} of {target}/, not "{quoted}"'
    return None


def check_file(root, file):
    path = file.relative_to(root).as_posix()
    layer = path.split("/")[0] if "/" in path else None
    text = file.read_text(encoding="utf-8")
    if layer is not None and layer not in MAY_INCLUDE:
        yield 1, f"{layer}/ is not a layer: name it in tools/check_layers.py"
        return
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        yield FILE_LINES_MAX + 1, f"the file has {lines} lines, more than {FILE_LINES_MAX}: split it"
    for m in INCLUDE.finditer(without_comments(text)):
        offence = include_offence(path, layer, m[1], m[2])
        if offence:
            yield line_of(text, m.start()), offence
    if path not in SELF_IDENTIFICATION_HOME:
        for m in SELF_IDENTIFICATION.finditer(without_comments(text)):
            yield line_of(text, m.start()), f"{m[0]}: what candidates say of themselves is not for this file"
    if layer not in SQL_LAYERS:
        for position, literal in string_literals(text):
            if SQL.search(literal):
                yield line_of(text, position), "SQL stands outside db/ and repositories/"
    for name, first, last in functions(text):
        if last - first + 1 > FUNCTION_LINES_MAX:
            yield first, f"{name}() has {last - first + 1} lines, more than {FUNCTION_LINES_MAX}: split it"


def check(root):
    """Offences as "file:line: what", and how many files were looked at."""
    offences, n = [], 0
    for file in sorted([*root.rglob("*.c"), *root.rglob("*.h")]):
        if file.relative_to(root).parts[0] == "tests":
            continue
        n += 1
        offences += [f"{root.name}/{file.relative_to(root).as_posix()}:{line}: {what}" for line, what in check_file(root, file)]
    return offences, n


# ---------------------------------------------------------------------------------------------------------------- self-test

LONG = "static int f(int (*g)(int), struct x *y)\n{\n" + "    g(1);\n" * 59 + "}\n"
FINE = (
    '#include "base/status.h"\n#include <stdio.h>\n\n/* #include "routes/x.h"\n SELECT a FROM b; */\n'
    'const char *a = "Please select a file from the list";\n'
    'struct s {\n    int x;\n};\n' + "static const int t[] = {\n" + "    1,\n" * 100 + "};\n"
    "static int f(void)\n{\n" + "    g();\n" * 58 + "}\n"
)
CASES = [  # path, text, the line and a piece of the message; None: nothing wrong
    ("services/fine.c", FINE, None, None),
    ("services/up.c", '\n#include "routes/x.h"\n', 2, "must not include"),
    ("base/up.c", '#include "utils/token.h"\n', 1, "must not include"),
    ("utils/side.c", '#include "models/field.h"\n', 1, "must not include"),
    ("routes/skip.c", '#include "repositories/user.h"\n', 1, "must not include"),
    ("live/skip.c", '  #  include "db/db.h"\n', 1, "must not include"),
    ("http/knows.c", '#include "models/interview.h"\n', 1, "may include only"),
    ("http/knows_not.c", '#include "models/field.h"\n', None, None),
    ("services/bare.c", '#include "user.h"\n', 1, "with its folder"),
    ("services/odd.c", '#include "nowhere/user.h"\n', 1, "in no layer"),
    ("strange/x.c", "\n", 1, "not a layer"),
    ("services/lib.c", "#include <sqlite3.h>\n", 1, "belongs to"),
    ("routes/lib.c", "#include <wslay/wslay.h>\n", 1, "belongs to"),
    ("base/json.c", "#include <jansson.h>\n", 1, "belongs to"),
    ("base/json_read.c", "#include <jansson.h>\n", None, None),
    ("db/lib.c", "#include <sqlite3.h>\n", None, None),
    ("services/sql.c", '\n\nx("SELECT id "\n  "FROM users");\n', 3, "SQL"),
    ("routes/sql.c", 'x("insert into users (id) values (?)");\n', 1, "SQL"),
    ("services/sql2.c", 'x("UPDATE users SET a = 1");\n', 1, "SQL"),
    ("services/sql3.c", 'x("DELETE FROM users");\n', 1, "SQL"),
    ("services/sql4.c", 'x("BEGIN");\n', 1, "SQL"),
    ("repositories/sql.c", 'x("SELECT id FROM users");\n', None, None),
    ("services/long.c", "int a;\n\n" + LONG, 4, "f() has 61 lines"),
    ("services/long_if.c", "#if A\nint f(void)\n{\n#else\nint f(int a)\n{\n#endif\n}\n" + LONG, 10, "f() has 61 lines"),
    ("services/file.c", "\n" * 601, 601, "601 lines"),
    ("services/scorer.c", '#include "models/self_identification.h"\n', 1, "is not for this file"),
    ("repositories/answer.c", '\nx("SELECT value FROM self_identifications WHERE session_id = ?");\n', 2, "is not for this file"),
    ("services/self_identification.c", '#include "models/self_identification.h"\n', None, None),
    ("services/comment.c", "/* self_identifications: read by no file of the scorer */\n", None, None),
    ("main.c", '#include "app/cli.h"\n', None, None),
]


def self_test():
    failed = 0
    for path, text, line, piece in CASES:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "backend"
            (root / path).parent.mkdir(parents=True)
            (root / path).write_text(text, encoding="utf-8")
            offences, _ = check(root)
        good = not offences if line is None else len(offences) == 1 and offences[0].startswith(f"backend/{path}:{line}:") and piece in offences[0]
        if not good:
            failed += 1
            print(f"self-test: {path}: expected {line} {piece}, got {offences}", file=sys.stderr)
    print(f"{len(CASES) - failed} of {len(CASES)} cases as expected")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent / "backend")
    parser.add_argument("--self-test", action="store_true")
    args = parser.parse_args()
    if args.self_test:
        return self_test()
    offences, n = check(args.root)
    for offence in offences:
        print(offence)
    if n == 0:
        print(f"{args.root}: no C files found", file=sys.stderr)
        return 1
    if offences:
        print(f"{len(offences)} offences in {n} files", file=sys.stderr)
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
