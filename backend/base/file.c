#include "base/file.h"

#include "base/cleanup.h"
#include "base/id.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REMOVE_DEPTH_MAX 64

/* strerror() is not thread-safe; GNU's strerror_r returns the text. */
static enum status io_error(struct error *err, const char *what)
{
    char text[128];
    int e = errno;
    if (e == ENOSPC || e == EDQUOT)
        return error_set(err, STATUS_IO, "disk_full", NULL, "The disk is full: cannot %s. Free some space.", what);
    return error_set(err, STATUS_IO, "file_failed", NULL, "Cannot %s: %s.", what, strerror_r(e, text, sizeof(text)));
}

static enum status dir_sync(const char *dir, struct error *err)
{
    cleanup(fd_closep) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return io_error(err, "open a directory");
    if (fsync(fd) != 0)
        return io_error(err, "flush a directory to disk");
    return STATUS_OK;
}

/* "dir/name" into out; false when it does not fit. */
static bool join(char *out, size_t size, const char *dir, const char *name)
{
    int n = snprintf(out, size, "%s/%s", dir, name);
    return n >= 0 && (size_t)n < size;
}

enum status tmpfile_open(struct tmpfile *t, const char *dir, struct error *err)
{
    struct tmpfile made = TMPFILE_INIT;
    char token[32], path[sizeof(made.dir) + sizeof(made.name)];
    if (strlen(dir) >= sizeof(made.dir))
        return error_set(err, STATUS_INTERNAL, "path_too_long", NULL, "A directory name is longer than %zu bytes.",
                         sizeof(made.dir) - 1);
    random_token(token, sizeof(token), 15);
    snprintf(made.dir, sizeof(made.dir), "%s", dir);
    snprintf(made.name, sizeof(made.name), ".tmp-%s", token);
    if (!join(path, sizeof(path), made.dir, made.name))
        return error_set(err, STATUS_INTERNAL, "path_too_long", NULL, "A file name is too long.");
    made.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made.fd < 0)
        return io_error(err, "create a file");
    *t = made;
    return STATUS_OK;
}

enum status tmpfile_write(struct tmpfile *t, const void *p, size_t n, struct error *err)
{
    const char *at = p;
    while (n > 0) {
        ssize_t done = write(t->fd, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return io_error(err, "write a file");
        at += done;
        n -= (size_t)done;
        t->size += (uint64_t)done;
    }
    return STATUS_OK;
}

enum status tmpfile_publish(struct tmpfile *t, const char *name, struct error *err)
{
    char from[sizeof(t->dir) + sizeof(t->name)], to[1024];
    /* A name with a slash would leave the directory whose entry is flushed below. */
    if (name[0] == '\0' || strchr(name, '/') != NULL || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return error_set(err, STATUS_INTERNAL, "file_name", NULL, "This is not the name of a file within a directory.");
    if (!join(from, sizeof(from), t->dir, t->name) || !join(to, sizeof(to), t->dir, name))
        return error_set(err, STATUS_INTERNAL, "path_too_long", NULL, "A file name is too long.");
    if (fsync(t->fd) != 0)
        return io_error(err, "flush a file to disk");
    int fd = t->fd;
    t->fd = -1;
    if (close(fd) != 0 && errno != EINTR)
        return io_error(err, "close a file");
    if (rename(from, to) != 0)
        return io_error(err, "put a file in its place");
    t->name[0] = '\0';
    return dir_sync(t->dir, err);
}

void tmpfile_discard(struct tmpfile *t)
{
    char path[sizeof(t->dir) + sizeof(t->name)];
    fd_closep(&t->fd);
    if (t->name[0] != '\0' && join(path, sizeof(path), t->dir, t->name))
        unlink(path);
    t->name[0] = '\0';
}

static enum status make_one(char *path, struct error *err)
{
    struct stat s;
    if (mkdir(path, 0700) != 0) {
        if (errno != EEXIST)
            return io_error(err, "make a directory");
        if (stat(path, &s) != 0 || !S_ISDIR(s.st_mode))
            return error_set(err, STATUS_IO, "not_a_directory", NULL, "%s is in the way: it is not a directory.", path);
        return STATUS_OK;
    }
    /* The new entry is durable once the directory that holds it is. */
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return dir_sync(".", err);
    if (slash == path)
        return dir_sync("/", err);
    *slash = '\0';
    enum status st = dir_sync(path, err);
    *slash = '/';
    return st;
}

enum status dir_make(const char *path, struct error *err)
{
    cleanup(freep) char *copy = strdup(path);
    if (copy == NULL)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "There is no memory left.");
    size_t len = strlen(copy);
    while (len > 1 && copy[len - 1] == '/')
        copy[--len] = '\0';
    if (len == 0)
        return error_set(err, STATUS_IO, "file_failed", NULL, "Cannot make a directory without a name.");
    for (char *p = copy + 1; *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        enum status st = p[-1] == '\0' || p[-1] == '/' ? STATUS_OK : make_one(copy, err);
        *p = '/';
        if (st != STATUS_OK)
            return st;
    }
    return strcmp(copy, "/") == 0 ? STATUS_OK : make_one(copy, err);
}

static enum status remove_at(int parent, const char *name, unsigned depth, struct error *err);

static enum status remove_children(DIR *d, unsigned depth, struct error *err)
{
    for (;;) {
        errno = 0;
        struct dirent *e = readdir(d);
        if (e == NULL)
            return errno == 0 ? STATUS_OK : io_error(err, "read a directory");
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        enum status st = remove_at(dirfd(d), e->d_name, depth + 1, err);
        if (st != STATUS_OK)
            return st;
    }
}

/* Never follows a symbolic link: a link is removed, not what it points to. */
static enum status remove_at(int parent, const char *name, unsigned depth, struct error *err)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return STATUS_OK;
    if (errno != EISDIR && errno != EPERM)
        return io_error(err, "remove a file");
    if (depth > REMOVE_DEPTH_MAX)
        return error_set(err, STATUS_IO, "too_deep", NULL, "Directories are nested more than %d levels.",
                         REMOVE_DEPTH_MAX);
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return STATUS_OK; /* somebody else removes it too */
    if (fd < 0)
        return io_error(err, "open a directory");
    DIR *d = fdopendir(fd);
    if (d == NULL) {
        close(fd);
        return io_error(err, "open a directory");
    }
    enum status st = remove_children(d, depth, err);
    closedir(d);
    if (st == STATUS_OK && unlinkat(parent, name, AT_REMOVEDIR) != 0 && errno != ENOENT)
        return io_error(err, "remove a directory");
    return st;
}

enum status dir_remove(const char *path, struct error *err)
{
    return remove_at(AT_FDCWD, path, 0, err);
}

/* Reads to the end, growing; one byte over max is enough to know. */
static enum status read_all(int fd, size_t max, char **ret, size_t *len, struct error *err)
{
    cleanup(freep) char *data = NULL;
    size_t cap = 0, n = 0;
    for (;;) {
        if (n + 1 >= cap) {
            size_t next = cap == 0 ? 8192 : cap * 2;
            char *grown = realloc(data, next);
            if (grown == NULL)
                return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL,
                                 "There is no memory left to read a file.");
            data = grown;
            cap = next;
        }
        ssize_t got = read(fd, data + n, cap - n - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return io_error(err, "read a file");
        if (got == 0)
            break;
        n += (size_t)got;
        if (n > max)
            return error_set(err, STATUS_TOO_LARGE, "file_too_large", NULL, "The file is larger than %zu bytes.", max);
    }
    data[n] = '\0';
    *ret = data;
    data = NULL;
    if (len != NULL)
        *len = n;
    return STATUS_OK;
}

enum status file_read(const char *path, size_t max, char **ret, size_t *len, struct error *err)
{
    cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return error_set(err, STATUS_NOT_FOUND, "file_missing", NULL, "There is no file %s.", path);
    if (fd < 0)
        return io_error(err, "open a file");
    return read_all(fd, max, ret, len, err);
}

bool file_exists(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0;
}
