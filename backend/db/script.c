#include "db/script.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* After a comment that begins at p; p itself when none does. */
static const char *skip_comment(const char *p)
{
    if (p[0] == '-' && p[1] == '-') {
        size_t n = strcspn(p, "\n");
        return p + n;
    }
    if (p[0] == '/' && p[1] == '*') {
        const char *end = strstr(p + 2, "*/");
        return end ? end + 2 : p + strlen(p);
    }
    return p;
}

/* After the quoted text that begins at p. A doubled quote is a quote: read as two texts, which comes to the same. */
static const char *skip_quoted(const char *p)
{
    const char *end = strchr(p + 1, *p);
    return end ? end + 1 : p + strlen(p);
}

bool script_next(const char **at, struct script_part *ret)
{
    const char *p = *at, *begin = NULL, *last = NULL;
    for (; *p && *p != ';';) {
        const char *after = skip_comment(p);
        if (after != p || isspace((unsigned char)*p)) {
            p = after != p ? after : p + 1;
            continue;
        }
        if (!begin)
            begin = p;
        p = strchr("'\"`", *p) ? skip_quoted(p) : p + 1;
        last = p;
    }
    *at = *p ? p + 1 : p;
    if (!begin)
        return *p ? script_next(at, ret) : false; /* an empty one */
    *ret = (struct script_part){.text = begin, .len = (size_t)(last - begin)};
    return true;
}

bool script_part_is_data(const struct script_part *p)
{
    static const char *const words[] = {"INSERT ", "UPDATE ", "DELETE ", "REPLACE ", "SELECT "};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (p->len > strlen(words[i]) && strncasecmp(p->text, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}
