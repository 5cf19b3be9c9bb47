#ifndef VIVA_BASE_SUBPROCESS_H
#define VIVA_BASE_SUBPROCESS_H
/* Runs an outside program (ffmpeg, espeak-ng, pdftotext) without a shell: new session, clean environment, closed
 * descriptors, rlimits on memory, CPU, file size and processes, no new privileges, killed as a group at the deadline.
 */

#include "base/buf.h"

#include <stdint.h>

struct subprocess_limits {
    unsigned timeout_ms;   /* wall clock, required */
    uint64_t memory_bytes; /* RLIMIT_AS, 0: 1 GiB */
    uint64_t file_bytes;   /* RLIMIT_FSIZE, 0: 1 GiB */
};

struct subprocess_io {
    const void *in; /* written to its stdin, then closed; NULL: /dev/null (or in_fd) */
    size_t in_len;
    int in_fd;       /* used when in is NULL and this is > 0 */
    struct buf *out; /* its stdout, NULL: dropped; reaching out->max kills it: STATUS_TOO_LARGE */
    struct buf *err; /* the last part of its stderr, NULL: dropped */
};

/* argv[0] is looked up in PATH; argv ends with NULL. STATUS_UNAVAILABLE "program_missing" when it is not installed,
 * STATUS_IO "program_failed" on a non-zero exit, "program_timeout" at the deadline. Any thread. */
enum status subprocess_run(const char *const argv[], const struct subprocess_io *io,
                           const struct subprocess_limits *lim, struct error *err) must_check;

#endif
