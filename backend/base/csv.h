#ifndef VIVA_BASE_CSV_H
#define VIVA_BASE_CSV_H
/* Append-only CSV writer over a buf (RFC 4180: CRLF, quotes doubled). Text that a spreadsheet would run as a formula
 * (it begins with = + - @, of full width too, a tab or a line end) gets an apostrophe in front. Failure is the buf's:
 * buf_ok(). */

#include "base/buf.h"

struct csv {
    struct buf *out;
    bool began; /* a value stands in the row already */
};

void csv_init(struct csv *c, struct buf *out); /* writes a byte order mark, so that spreadsheets read UTF-8 */
void csv_text(struct csv *c, const char *s);   /* NULL: empty */
void csv_int(struct csv *c, int64_t v);
void csv_number(struct csv *c, double v);      /* not finite: empty */
void csv_time(struct csv *c, int64_t unix_ms); /* RFC 3339 in UTC; 0: empty */
void csv_row_end(struct csv *c);

#endif
