/* The built frontend. Files are found by walking down from the directory one name at a time without following symbolic
 * links, so that no path leads out of it; nothing is kept between requests, so a rebuild is seen at once. */
#include "http/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *ending, *type;
    bool compressed; /* is there a point in a .br or .gz beside it */
} types[] = {
    {"html", "text/html; charset=utf-8", true},
    {"js", "text/javascript; charset=utf-8", true},
    {"mjs", "text/javascript; charset=utf-8", true},
    {"css", "text/css; charset=utf-8", true},
    {"json", "application/json; charset=utf-8", true},
    {"map", "application/json; charset=utf-8", true},
    {"webmanifest", "application/manifest+json", true},
    {"svg", "image/svg+xml", true},
    {"txt", "text/plain; charset=utf-8", true},
    {"xml", "application/xml", true},
    {"wasm", "application/wasm", true},
    {"ico", "image/x-icon", true},
    {"png", "image/png", false},
    {"jpg", "image/jpeg", false},
    {"jpeg", "image/jpeg", false},
    {"webp", "image/webp", false},
    {"avif", "image/avif", false},
    {"gif", "image/gif", false},
    {"woff2", "font/woff2", false},
    {"woff", "font/woff", false},
    {"ttf", "font/ttf", true},
    {"mp3", "audio/mpeg", false},
    {"wav", "audio/wav", false},
    {"mp4", "video/mp4", false},
    {"webm", "video/webm", false},
    {"onnx", "application/octet-stream", false},
    {"bin", "application/octet-stream", false},
};

static const char *type_of(const char *name, bool *ret_compressed)
{
    const char *dot = strrchr(name, '.');
    *ret_compressed = false;
    for (size_t i = 0; dot != NULL && i < sizeof(types) / sizeof(types[0]); i++)
        if (strcasecmp(dot + 1, types[i].ending) == 0) {
            *ret_compressed = types[i].compressed;
            return types[i].type;
        }
    return "application/octet-stream";
}

/* The directory that holds the last segment; -1 when there is none. */
static int open_parent(int root, const char *const *segments, size_t count)
{
    int dir = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; i + 1 < count && dir >= 0; i++) {
        int next = openat(dir, segments[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        close(dir);
        dir = next;
    }
    return dir;
}

static int open_plain(int dir, const char *name, struct stat *ret)
{
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, ret) != 0 || !S_ISREG(ret->st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

/* The file, or the compressed one beside it that the client takes; *ret_coding is NULL for the plain one. */
static int open_best(struct exchange *ex, int dir, const char *name, bool compressed, struct stat *st,
                     const char **ret_coding)
{
    static const struct {
        const char *coding, *ending;
    } forms[] = {{"br", "br"}, {"gzip", "gz"}};
    const char *accept = MHD_lookup_connection_value(ex->mc, MHD_HEADER_KIND, "Accept-Encoding");
    *ret_coding = NULL;
    for (size_t i = 0; compressed && i < 2; i++) {
        if (!encoding_accepted(accept, forms[i].coding))
            continue;
        char *beside = arena_printf(ex->arena, "%s.%s", name, forms[i].ending);
        int fd = beside != NULL ? open_plain(dir, beside, st) : -1;
        if (fd >= 0) {
            *ret_coding = forms[i].coding;
            return fd;
        }
    }
    return open_plain(dir, name, st);
}

static enum status absent(struct error *err)
{
    return error_set(err, STATUS_NOT_FOUND, "not_found", NULL, "There is nothing at this address.");
}

static void caching(struct exchange *ex, const char *const *segments, size_t count, const char *coding, bool compressed)
{
    bool hashed = count > 1 && strcmp(segments[0], "assets") == 0; /* Vite puts the content's hash into these names */
    header_set(&ex->rs, "Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
    if (compressed)
        header_set(&ex->rs, "Vary", "Accept-Encoding");
    if (coding != NULL)
        header_set(&ex->rs, "Content-Encoding", coding);
}

enum status static_file(struct exchange *ex, const char *const *segments, size_t count, struct error *err)
{
    struct stat st;
    bool compressed;
    const char *name = segments[count - 1], *coding, *type = type_of(name, &compressed);
    if (ex->server->static_fd < 0 || name[0] == '\0' || name[0] == '.')
        return absent(err);
    int dir = open_parent(ex->server->static_fd, segments, count);
    if (dir < 0)
        return absent(err);
    int fd = open_best(ex, dir, name, compressed, &st, &coding);
    close(dir);
    if (fd < 0)
        return absent(err);
    char *etag =
        arena_printf(ex->arena, "%llx-%llx%s", (unsigned long long)st.st_size,
                     (unsigned long long)st.st_mtim.tv_sec * 1000000000 + (unsigned long long)st.st_mtim.tv_nsec,
                     coding != NULL ? coding : "");
    if (etag == NULL) {
        close(fd);
        return arena_exhausted(err);
    }
    caching(ex, segments, count, coding, compressed);
    ex->rs.page = true;
    return response_file(&ex->rs, fd, (uint64_t)st.st_size, type, etag, NULL, err);
}

/* An address of the application itself, such as /interviews/42, is its index.html; a missing file is not. */
enum status static_serve(struct exchange *ex, struct error *err)
{
    static const char *const index[] = {"index.html"};
    const char *const *segments = (const char *const *)ex->path.segments;
    const char *last = segments[ex->path.count - 1];
    enum status st = static_file(ex, segments, ex->path.count, err);
    if (st == STATUS_NOT_FOUND && strchr(last, '.') == NULL)
        st = static_file(ex, index, 1, err);
    return st;
}
