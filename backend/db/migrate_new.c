/* Files for a migration to be written (migrate.h). */
#include "db/migrate.h"

#include "base/cleanup.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_MAX_CHARS 60
#define NUMBER_MAX     9999

static const char *const engines[] = {"sqlite", "mysql"};
static const char *const ways[] = {"up", "down"};

static enum status check_name(const char *name, struct error *err)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (n == 0 || name[n] || n > NAME_MAX_CHARS)
        return error_set(err, STATUS_INVALID, "migration_name", "name",
                         "A migration's name is of lower-case letters, digits and _, at most %d.", NAME_MAX_CHARS);
    return STATUS_OK;
}

static void dir_closep(DIR **d)
{
    if (*d)
        closedir(*d);
}

static enum status newest_number(const char *dir, int *newest, struct error *err)
{
    cleanup(dir_closep) DIR *d = opendir(dir);
    if (!d)
        return error_set(err, STATUS_NOT_FOUND, "migration_missing", NULL, "The migrations in %s cannot be read: %s.",
                         dir, strerror(errno));
    for (struct dirent *e; (e = readdir(d));)
        if (isdigit((unsigned char)e->d_name[0]) && atoi(e->d_name) > *newest)
            *newest = atoi(e->d_name);
    return STATUS_OK;
}

static enum status write_one(const char *path, const char *engine, const char *way, const char *name, struct error *err)
{
    cleanup(fd_closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return error_set(err, STATUS_IO, "file", NULL, "%s cannot be made: %s.", path, strerror(errno));
    int n = dprintf(fd,
                    "-- %s (%s, %s): say here what it is for.\n"
                    "-- %s\n"
                    "-- The other engine's file must come to the same: test_schema compares them.\n\n",
                    name, engine, way,
                    strcmp(way, "up") ? "Takes back what up did; data in what is dropped is lost, the rest must stay."
                    : strcmp(engine, "mysql")
                        ? "STRICT tables, ids BLOB of 16 bytes, times INTEGER (ms). Without BEGIN and COMMIT."
                        : "InnoDB, utf8mb4_bin, ids BINARY(16), times BIGINT (ms); one ALTER for a table. Statements "
                          "commit one by one.");
    return n > 0 ? STATUS_OK
                 : error_set(err, STATUS_IO, "file", NULL, "%s cannot be written: %s.", path, strerror(errno));
}

enum status migrate_new(const char *root, const char *name, struct arena *a, const char *ret[MIGRATE_NEW_FILES],
                        struct error *err)
{
    int newest = 0;
    size_t n = 0;
    enum status st = check_name(name, err);
    for (size_t i = 0; st == STATUS_OK && i < 2; i++) {
        const char *dir = arena_printf(a, "%s/%s", root, engines[i]);
        st = dir ? newest_number(dir, &newest, err) : arena_exhausted(err);
    }
    if (st == STATUS_OK && newest >= NUMBER_MAX)
        st = error_set(err, STATUS_INVALID, "migration_name", NULL, "There is no number left for a migration.");
    for (size_t i = 0; st == STATUS_OK && i < MIGRATE_NEW_FILES; i++) {
        const char *engine = engines[i / 2], *way = ways[i % 2];
        const char *path = arena_printf(a, "%s/%s/%04d_%s.%s.sql", root, engine, newest + 1, name, way);
        st = path ? write_one(path, engine, way, name, err) : arena_exhausted(err);
        if (st == STATUS_OK)
            ret[n++] = path;
    }
    while (st != STATUS_OK && n > 0)
        unlink(ret[--n]); /* all of them or none */
    return st;
}
