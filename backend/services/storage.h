#ifndef VIVA_SERVICES_STORAGE_H
#define VIVA_SERVICES_STORAGE_H
/* Where recordings lie: a key ("sessions/<id>/<answer>/0/00000001.chunk") names a file below one root. Keys are made by
 * us from ids and numbers, never from a stranger's text; still, a key that begins or ends with "/" or has a component
 * that is empty or begins with a dot is refused ("storage_key"). A file is
 * durable (file and directory fsynced) before storage_publish or storage_put_file returns STATUS_OK. Thread-safe. */

#include "base/file.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define STORAGE_PATH_MAX 1024

struct storage;

/* Makes root, mode 0700. STATUS_INVALID "setting_invalid" (field DATA_DIR) when its path is longer than
 * STORAGE_ROOT_MAX, so that no key finds out later. */
#define STORAGE_ROOT_MAX 300
enum status storage_new(const char *root, struct storage **ret, struct error *err) must_check;
struct storage *storage_free(struct storage *s);
const char *storage_root(const struct storage *s);
const char *storage_upload_dir(const struct storage *s); /* same file system, for temporaries */

/* Everything of fd (from offset 0), in two steps, for a caller that decides in a transaction: staged, the bytes are
 * durable but not under their key; publishing is a rename, which replaces. */
struct storage_staged {
    struct tmpfile file;
    char name[64];
};
#define STORAGE_STAGED_INIT                                                                                            \
    {                                                                                                                  \
        .file = TMPFILE_INIT                                                                                           \
    }
enum status storage_stage_fd(struct storage *s, const char *key, int fd, struct storage_staged *out,
                             struct error *err) must_check;
enum status storage_publish(struct storage_staged *staged, struct error *err) must_check;
void storage_staged_discard(struct storage_staged *staged); /* for cleanup(); harmless after storage_publish */
/* Moves a finished file of the same file system in (fsynced here). */
enum status storage_put_file(struct storage *s, const char *key, const char *path, struct error *err) must_check;
/* STATUS_NOT_FOUND "media_missing". The descriptor is the caller's. */
enum status storage_open(struct storage *s, const char *key, int *fd, uint64_t *size, struct error *err) must_check;
/* For programs that want a path (ffmpeg). */
enum status storage_path(struct storage *s, const char *key, char out[STORAGE_PATH_MAX], struct error *err) must_check;
/* Removes a file or a whole tree; absent is fine. */
enum status storage_remove(struct storage *s, const char *key, struct error *err) must_check;
/* Removes temporaries in the upload directory that were last written before the given time (Unix seconds): a crash left
 * them there. */
enum status storage_clean_uploads(struct storage *s, int64_t before, struct error *err) must_check;

struct storage_usage {
    int64_t files, bytes; /* blocks taken */
    bool complete;        /* false: counting stopped at `most` files */
    int64_t free_bytes;   /* of the file system, for others than root */
};
/* Walks all of it. Files that come and go meanwhile are counted or not. */
enum status storage_measure(struct storage *s, int64_t most, struct storage_usage *ret, struct error *err) must_check;

#endif
