#ifndef VIVA_BASE_FILE_H
#define VIVA_BASE_FILE_H
/* Durable files: written beside, fsynced, renamed, directory fsynced; a crash leaves the old file or the new one. */

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct tmpfile {
    int fd;
    uint64_t size;
    char dir[512];
    char name[64]; /* inside dir; "" when disarmed */
};

#define TMPFILE_INIT                                                                                                   \
    {                                                                                                                  \
        .fd = -1                                                                                                       \
    }

enum status tmpfile_open(struct tmpfile *t, const char *dir, struct error *err) must_check; /* dir must exist */
enum status tmpfile_write(struct tmpfile *t, const void *p, size_t n, struct error *err) must_check;
/* fsync, rename to dir/name (same file system; replaces), fsync the directory, disarm. */
enum status tmpfile_publish(struct tmpfile *t, const char *name, struct error *err) must_check;
void tmpfile_discard(struct tmpfile *t); /* closes and unlinks; for cleanup(); harmless when disarmed */

enum status dir_make(const char *path, struct error *err) must_check;   /* mkdir -p, mode 0700 */
enum status dir_remove(const char *path, struct error *err) must_check; /* recursively; absent is fine */
enum status file_read(const char *path, size_t max, char **ret, size_t *len,
                      struct error *err) must_check; /* malloc'd, NUL added */
bool file_exists(const char *path);

#endif
