#include "services/storage.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct storage {
    char root[STORAGE_ROOT_MAX + 1];
    char upload_dir[STORAGE_ROOT_MAX + 16];
};

enum status storage_new(const char *root, struct storage **ret, struct error *err)
{
    if (strlen(root) > STORAGE_ROOT_MAX)
        return error_set(err, STATUS_INVALID, "setting_invalid", "DATA_DIR", "The path of DATA_DIR is too long");
    struct storage *s = calloc(1, sizeof *s);
    if (!s)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    snprintf(s->root, sizeof s->root, "%s", root);
    snprintf(s->upload_dir, sizeof s->upload_dir, "%s/.uploads", s->root);
    enum status st = dir_make(s->upload_dir, err);
    if (st != STATUS_OK) {
        free(s);
        return st;
    }
    *ret = s;
    return STATUS_OK;
}

struct storage *storage_free(struct storage *s)
{
    free(s);
    return NULL;
}

const char *storage_root(const struct storage *s)
{
    return s->root;
}

const char *storage_upload_dir(const struct storage *s)
{
    return s->upload_dir;
}

enum status storage_path(struct storage *s, const char *key, char out[STORAGE_PATH_MAX], struct error *err)
{
    for (const char *p = key;; p++) { /* p: the begin of each component */
        size_t n = strcspn(p, "/");
        if (n == 0 || *p == '.')
            return error_set(err, STATUS_INTERNAL, "storage_key", NULL, "A storage key is malformed");
        p += n;
        if (!*p)
            break;
    }
    if (snprintf(out, STORAGE_PATH_MAX, "%s/%s", s->root, key) >= STORAGE_PATH_MAX)
        return error_set(err, STATUS_INTERNAL, "storage_key", NULL, "A storage key is too long");
    return STATUS_OK;
}

/* Splits the key's path into an existing directory and a name. */
static enum status place(struct storage *s, const char *key, char dir[STORAGE_PATH_MAX], const char **name,
                         struct error *err)
{
    enum status st = storage_path(s, key, dir, err);
    if (st != STATUS_OK)
        return st;
    char *slash = strrchr(dir, '/');
    *slash = '\0';
    *name = slash + 1;
    return dir_make(dir, err);
}

static enum status copy_into(struct tmpfile *t, int fd, struct error *err)
{
    char block[65536];
    for (off_t at = 0;;) {
        ssize_t n = pread(fd, block, sizeof block, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(err, STATUS_IO, "disk_read", NULL, "An upload could not be read back: %s",
                             strerror(errno));
        if (n == 0)
            return STATUS_OK;
        enum status st = tmpfile_write(t, block, (size_t)n, err);
        if (st != STATUS_OK)
            return st;
        at += n;
    }
}

enum status storage_stage_fd(struct storage *s, const char *key, int fd, struct storage_staged *out, struct error *err)
{
    char dir[STORAGE_PATH_MAX];
    const char *name;
    cleanup(storage_staged_discard) struct storage_staged staged = STORAGE_STAGED_INIT;

    enum status st = place(s, key, dir, &name, err);
    if (st == STATUS_OK && snprintf(staged.name, sizeof staged.name, "%s", name) >= (int)sizeof staged.name)
        st = error_set(err, STATUS_INTERNAL, "storage_key", NULL, "A storage key is too long");
    if (st == STATUS_OK)
        st = tmpfile_open(&staged.file, dir, err);
    if (st == STATUS_OK)
        st = copy_into(&staged.file, fd, err);
    if (st == STATUS_OK && fdatasync(staged.file.fd))
        st = error_set(err, STATUS_IO, "disk_sync", NULL, "A recording could not be made durable: %s", strerror(errno));
    if (st != STATUS_OK)
        return st;
    *out = staged;
    staged = (struct storage_staged)STORAGE_STAGED_INIT;
    return STATUS_OK;
}

enum status storage_publish(struct storage_staged *staged, struct error *err)
{
    return tmpfile_publish(&staged->file, staged->name, err);
}

void storage_staged_discard(struct storage_staged *staged)
{
    tmpfile_discard(&staged->file);
}

static enum status sync_path(const char *path, int flags, struct error *err)
{
    cleanup(fd_closep) int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0 || fsync(fd))
        return error_set(err, STATUS_IO, "disk_sync", NULL, "A recording could not be made durable: %s",
                         strerror(errno));
    return STATUS_OK;
}

enum status storage_put_file(struct storage *s, const char *key, const char *path, struct error *err)
{
    char dir[STORAGE_PATH_MAX], target[STORAGE_PATH_MAX];
    const char *name;
    enum status st = place(s, key, dir, &name, err);
    if (st == STATUS_OK)
        st = storage_path(s, key, target, err);
    if (st == STATUS_OK)
        st = sync_path(path, O_RDONLY, err);
    if (st == STATUS_OK && rename(path, target))
        st = error_set(err, STATUS_IO, "disk_rename", NULL, "A recording could not be put in its place: %s",
                       strerror(errno));
    if (st == STATUS_OK)
        st = sync_path(dir, O_RDONLY | O_DIRECTORY, err);
    return st;
}

enum status storage_open(struct storage *s, const char *key, int *fd, uint64_t *size, struct error *err)
{
    char path[STORAGE_PATH_MAX];
    enum status st = storage_path(s, key, path, err);
    if (st != STATUS_OK)
        return st;
    cleanup(fd_closep) int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat sb;
    if (opened < 0 && errno == ENOENT)
        return error_set(err, STATUS_NOT_FOUND, "media_missing", NULL, "This recording is not there any more");
    if (opened < 0 || fstat(opened, &sb) || !S_ISREG(sb.st_mode))
        return error_set(err, STATUS_IO, "disk_read", NULL, "A recording could not be opened: %s", strerror(errno));
    *fd = opened;
    *size = (uint64_t)sb.st_size;
    opened = -1;
    return STATUS_OK;
}

enum status storage_remove(struct storage *s, const char *key, struct error *err)
{
    char path[STORAGE_PATH_MAX];
    enum status st = storage_path(s, key, path, err);
    if (st != STATUS_OK)
        return st;
    if (!unlink(path) || errno == ENOENT)
        return STATUS_OK;
    return dir_remove(path, err);
}

/* Closes the directory at the end of the scope. */
static void dir_closep(DIR **d)
{
    if (*d)
        closedir(*d);
}

enum status storage_clean_uploads(struct storage *s, int64_t before, struct error *err)
{
    cleanup(dir_closep) DIR *d = opendir(s->upload_dir);
    if (!d)
        return error_set(err, STATUS_IO, "disk_read", NULL, "The upload directory cannot be read: %s", strerror(errno));
    for (struct dirent *e; (e = readdir(d));) {
        struct stat sb;
        if (fstatat(dirfd(d), e->d_name, &sb, AT_SYMLINK_NOFOLLOW) || !S_ISREG(sb.st_mode) || sb.st_mtime >= before)
            continue;
        if (unlinkat(dirfd(d), e->d_name, 0) && errno != ENOENT)
            return error_set(err, STATUS_IO, "disk_remove", NULL, "A temporary file cannot be removed: %s",
                             strerror(errno));
    }
    return STATUS_OK;
}
