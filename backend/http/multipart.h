#ifndef VIVA_HTTP_MULTIPART_H
#define VIVA_HTTP_MULTIPART_H
/* multipart/form-data (RFC 7578, in the framing of RFC 2046 section 5.1) as it arrives: fed the bytes in any pieces, it
 * calls back. Pure: no I/O, no allocation; fuzzed (tests/fuzz/fuzz_multipart.c). Where the grammar leaves room that
 * only attackers use, it refuses: text before the first boundary or behind the last, bare CR or LF and folded lines in
 * a part's headers, a header given twice, a transfer encoding, a boundary followed by anything but its line's end. */

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

#define MULTIPART_BOUNDARY_MAX  70
#define MULTIPART_PARTS_MAX     128
#define MULTIPART_HEAD_MAX      4096 /* bytes of one part's headers, and of the blanks behind a boundary */
#define MULTIPART_NAME_MAX      128  /* bytes of a field's name */
#define MULTIPART_FILE_NAME_MAX 255

struct multipart_part {
    const char *name;                            /* UTF-8 without control characters, not empty */
    bool is_file;                                /* it gives a file name, be it empty */
    char file_name[MULTIPART_FILE_NAME_MAX + 1]; /* see multipart_file_name() */
    char media_type[128];                        /* lower case, without parameters; "" when absent */
};

/* Whatever but STATUS_OK ends the parsing and is returned. */
struct multipart_events {
    enum status (*begin)(void *u, const struct multipart_part *part, struct error *err); /* part: during the call */
    enum status (*data)(void *u, const char *data, size_t n, struct error *err); /* n > 0; any number of times */
    enum status (*end)(void *u, struct error *err);
};

enum multipart_state {
    MULTIPART_OPENING, /* in the first boundary */
    MULTIPART_CONTENT, /* in a part's content */
    MULTIPART_BEHIND,  /* just behind a boundary */
    MULTIPART_BLANKS,  /* in the blanks behind it */
    MULTIPART_LINE,    /* its CR was read, the LF must follow */
    MULTIPART_HEAD,    /* in a part's headers */
    MULTIPART_DASH,    /* "-" behind a boundary: the last one */
    MULTIPART_LAST,    /* behind the last boundary */
    MULTIPART_LAST_CR,
    MULTIPART_OVER /* not a byte more */
};

struct multipart {
    const struct multipart_events *events;
    void *u;
    enum multipart_state state;
    size_t parts, matched, head_len;
    size_t delimiter_len;
    char delimiter[4 + MULTIPART_BOUNDARY_MAX + 1]; /* CR LF "--" boundary */
    char head[MULTIPART_HEAD_MAX + 1];
    struct multipart_part part;
};

/* The boundary of a Content-Type; false when it is not multipart/form-data or its boundary breaks the grammar. */
bool multipart_boundary(const char *content_type, char ret[MULTIPART_BOUNDARY_MAX + 1]);
void multipart_init(struct multipart *m, const char *boundary, const struct multipart_events *events, void *u);
/* STATUS_MALFORMED "form_malformed"; STATUS_TOO_LARGE "form_too_large" for parts and headers beyond the limits above;
 * or what an event returned. After a failure nothing may be fed any more. */
enum status multipart_feed(struct multipart *m, const char *data, size_t n, struct error *err) must_check;
/* The body is over. STATUS_MALFORMED when its last boundary was not among it. */
enum status multipart_finish(const struct multipart *m, struct error *err) must_check;

/* A client's file name as it may be kept and shown: what stands behind the last slash or backslash, without control and
 * direction-changing characters, bytes that are not UTF-8 as '_', cut between characters. May become "". */
void multipart_file_name(const char *s, char ret[MULTIPART_FILE_NAME_MAX + 1]);

#endif
