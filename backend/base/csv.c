#include "base/csv.h"

#include "base/clock.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void csv_init(struct csv *c, struct buf *out)
{
    *c = (struct csv){.out = out};
    buf_str(out, "\xEF\xBB\xBF");
}

static void separate(struct csv *c)
{
    if (c->began)
        buf_char(c->out, ',');
    c->began = true;
}

/* = + - @ of full width begin a formula too, where the spreadsheet's language has them. */
static bool is_formula(const char *s)
{
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (strncmp(s, wide[i], 3) == 0)
            return true;
    return strchr("=+-@\t\r\n", *s) != NULL;
}

void csv_text(struct csv *c, const char *s)
{
    separate(c);
    if (s == NULL || *s == '\0')
        return;
    bool formula = is_formula(s);
    if (!formula && s[strcspn(s, ",\"\r\n")] == '\0') {
        buf_str(c->out, s);
        return;
    }
    buf_str(c->out, formula ? "\"'" : "\"");
    for (; *s != '\0'; s++) {
        if (*s == '"')
            buf_char(c->out, '"');
        buf_char(c->out, *s);
    }
    buf_char(c->out, '"');
}

void csv_int(struct csv *c, int64_t v)
{
    separate(c);
    buf_printf(c->out, "%" PRId64, v);
}

void csv_number(struct csv *c, double v)
{
    separate(c);
    if (!isfinite(v))
        return;
    char text[40];
    snprintf(text, sizeof(text), "%.10g", v);
    char *comma = strchr(text, ','); /* a locale's */
    if (comma != NULL)
        *comma = '.';
    buf_str(c->out, text);
}

void csv_time(struct csv *c, int64_t unix_ms)
{
    char text[32];
    time_format(unix_ms, text);
    separate(c);
    buf_str(c->out, unix_ms == 0 ? "" : text);
}

void csv_row_end(struct csv *c)
{
    buf_str(c->out, "\r\n");
    c->began = false;
}
