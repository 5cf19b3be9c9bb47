#ifndef VIVA_SERVICES_STORAGE_H
#define VIVA_SERVICES_STORAGE_H
/* Where recordings lie: a key ("sessions/<id>/<answer>/0/00000001.chunk") names a file below one root. Keys are made by
 * us from ids and numbers, never from a stranger's text; still, "..", "//" and a leading "/" are refused. A file is
 * durable (file and directory fsynced) before storage_put_* returns STATUS_OK. Thread-safe. */

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define STORAGE_PATH_MAX 1024

struct storage;

enum status storage_new(const char *root, struct storage **ret,
                        struct error *err) must_check; /* makes root, mode 0700 */
struct storage *storage_free(struct storage *s);
const char *storage_upload_dir(const struct storage *s); /* same file system, for temporaries */

/* Copies everything of fd (from offset 0). Replaces. */
enum status storage_put_fd(struct storage *s, const char *key, int fd, struct error *err) must_check;
/* Moves a finished file of the same file system in (fsynced here). */
enum status storage_put_file(struct storage *s, const char *key, const char *path, struct error *err) must_check;
/* STATUS_NOT_FOUND "media_missing". The descriptor is the caller's. */
enum status storage_open(struct storage *s, const char *key, int *fd, uint64_t *size, struct error *err) must_check;
/* For programs that want a path (ffmpeg). */
enum status storage_path(struct storage *s, const char *key, char out[STORAGE_PATH_MAX], struct error *err) must_check;
/* Removes a file or a whole tree; absent is fine. */
enum status storage_remove(struct storage *s, const char *key, struct error *err) must_check;

#endif
