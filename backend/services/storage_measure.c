/* How much lies in the storage, and how much room is left (storage.h). */
#include "services/storage.h"

#include "base/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DEPTH_MAX 8

/* Closes the directory at the end of the scope. */
static void dir_closep(DIR **d)
{
    if (*d)
        closedir(*d);
}

static void walk(int at, const char *name, int depth, int64_t most, struct storage_usage *u);

static void look_at(int at, const char *name, int depth, int64_t most, struct storage_usage *u)
{
    struct stat sb;
    if (fstatat(at, name, &sb, AT_SYMLINK_NOFOLLOW)) /* gone meanwhile */
        return;
    if (S_ISDIR(sb.st_mode)) {
        walk(at, name, depth + 1, most, u);
    } else if (S_ISREG(sb.st_mode)) {
        u->files++;
        u->bytes += (int64_t)sb.st_blocks * 512; /* what it takes, which is more than what it holds */
    }
}

static void walk(int at, const char *name, int depth, int64_t most, struct storage_usage *u)
{
    cleanup(fd_closep) int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    cleanup(dir_closep) DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (!d)
        return;
    int dir = fd;
    fd = -1; /* the stream's */
    for (struct dirent *e; u->complete && (e = readdir(d));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        if (u->files >= most || depth >= DEPTH_MAX)
            u->complete = false;
        else
            look_at(dir, e->d_name, depth, most, u);
    }
}

enum status storage_measure(struct storage *s, int64_t most, struct storage_usage *ret, struct error *err)
{
    struct storage_usage u = {.complete = true};
    struct statvfs vfs;
    const char *root = storage_root(s);
    if (statvfs(root, &vfs))
        return error_set(err, STATUS_IO, "disk_read", NULL, "The storage cannot be looked at: %s", strerror(errno));
    u.free_bytes = (int64_t)((uint64_t)vfs.f_bavail * vfs.f_frsize);
    walk(AT_FDCWD, root, 0, most, &u);
    *ret = u;
    return STATUS_OK;
}
