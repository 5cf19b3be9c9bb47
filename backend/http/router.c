#include "http/internal.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const struct route *route;
    char *text;                              /* the path, cut at its slashes */
    const char *segments[PATH_SEGMENTS_MAX]; /* "{name" for a parameter */
    size_t count;
};

struct router {
    struct entry *entries;
    size_t count;
};

const char *method_name(enum http_method m)
{
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    return names[m];
}

static enum status wrong(struct error *err, const struct route *r, const char *why)
{
    return error_set(err, STATUS_INTERNAL, "route_invalid", NULL, "Route %s %s: %s.", method_name(r->method), r->path,
                     why);
}

static enum status cut(struct entry *e, struct error *err)
{
    const struct route *r = e->route;
    e->text = strdup(r->path);
    if (e->text == NULL)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory.");
    char *save = NULL;
    for (char *s = strtok_r(e->text, "/", &save); s != NULL; s = strtok_r(NULL, "/", &save)) {
        size_t n = strlen(s);
        if (e->count == PATH_SEGMENTS_MAX)
            return wrong(err, r, "too many segments");
        if (s[0] == '{') {
            if (n < 3 || s[n - 1] != '}' || strcspn(s + 1, "{}") != n - 2)
                return wrong(err, r, "a parameter must be a whole segment, {name}");
            s[n - 1] = '\0';
            for (size_t i = 0; i < e->count; i++)
                if (strcmp(e->segments[i], s) == 0)
                    return wrong(err, r, "two parameters have the same name");
        } else if (strpbrk(s, "{}") != NULL) {
            return wrong(err, r, "a parameter must be a whole segment, {name}");
        }
        e->segments[e->count++] = s;
    }
    return STATUS_OK;
}

static enum status check(const struct route *r, struct error *err)
{
    if (r->path[0] != '/')
        return wrong(err, r, "the path must start with a slash");
    if (r->access == 0)
        return wrong(err, r, "no access given");
    if ((r->handler == NULL) == (r->ws_accept == NULL))
        return wrong(err, r, "exactly one of handler and ws_accept must be given");
    if (r->ws_accept != NULL && (r->method != HTTP_GET || r->ws_protocol == NULL))
        return wrong(err, r, "a WebSocket route is a GET with ws_protocol");
    bool wants_model = r->body_kind == BODY_JSON || r->body_kind == BODY_FORM_OR_JSON;
    if (r->body_kind != BODY_MULTIPART && wants_model != (r->body != NULL))
        return wrong(err, r, "a parsed body needs a model, and only that does");
    if ((r->body_kind == BODY_MULTIPART) != (r->file_field != NULL))
        return wrong(err, r, "a multipart body needs the name of its file's field, and only that does");
    if (r->method == HTTP_GET && r->body_kind != BODY_NONE)
        return wrong(err, r, "a GET takes no body");
    if (r->doc == NULL || r->tag == NULL)
        return wrong(err, r, "doc and tag must be given");
    if ((r->reply != NULL) + (r->reply_schema != NULL) + (r->reply_media != NULL) > 1 ||
        (r->reply_page && r->reply == NULL))
        return wrong(err, r, "its reply is described twice or not at all");
    if ((r->style == STYLE_OPENAI) != (strncmp(r->path, STYLE_OPENAI_PATHS, strlen(STYLE_OPENAI_PATHS)) == 0))
        return wrong(err, r, "what is below " STYLE_OPENAI_PATHS " speaks as OpenAI does, and nothing else");
    if (r->reply_any != NULL && r->reply_media == NULL)
        return wrong(err, r, "reply_any says what the JSON of reply_media is");
    return STATUS_OK;
}

static bool same_shape(const struct entry *a, const struct entry *b)
{
    if (a->route->method != b->route->method || a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        bool pa = a->segments[i][0] == '{', pb = b->segments[i][0] == '{';
        if (pa != pb || (!pa && strcmp(a->segments[i], b->segments[i]) != 0))
            return false;
    }
    return true;
}

static enum status add(struct router *r, const struct route *route, struct error *err)
{
    struct entry *e = &r->entries[r->count];
    *e = (struct entry){.route = route};
    enum status st = check(route, err);
    if (st == STATUS_OK) {
        r->count++; /* before cut(): router_free() releases what it allocated */
        st = cut(e, err);
    }
    for (size_t i = 0; st == STATUS_OK && i + 1 < r->count; i++)
        if (same_shape(&r->entries[i], e))
            return wrong(err, route, "stands twice in the tables");
    return st;
}

static size_t table_length(const struct route *t)
{
    size_t n = 0;
    while (t[n].path != NULL)
        n++;
    return n;
}

static enum status add_table(struct router *r, const struct route *t, struct error *err)
{
    enum status st = STATUS_OK;
    for (; t->path != NULL && st == STATUS_OK; t++)
        st = add(r, t, err);
    return st;
}

enum status router_new(const struct route *const *tables, const struct route *builtin, struct router **ret,
                       struct error *err)
{
    size_t total = table_length(builtin);
    for (size_t i = 0; tables != NULL && tables[i] != NULL; i++)
        total += table_length(tables[i]);
    struct router *r = calloc(1, sizeof(*r));
    if (r != NULL)
        r->entries = calloc(total + 1, sizeof(*r->entries));
    if (r == NULL || r->entries == NULL) {
        free(r);
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory.");
    }
    enum status st = add_table(r, builtin, err);
    for (size_t i = 0; tables != NULL && tables[i] != NULL && st == STATUS_OK; i++)
        st = add_table(r, tables[i], err);
    if (st != STATUS_OK) {
        router_free(r);
        return st;
    }
    *ret = r;
    return STATUS_OK;
}

struct router *router_free(struct router *r)
{
    if (r == NULL)
        return NULL;
    for (size_t i = 0; i < r->count; i++)
        free(r->entries[i].text);
    free(r->entries);
    free(r);
    return NULL;
}

/* -1: no; else the number of literal segments, so that /options wins over /{id}. */
static int fits(const struct entry *e, const struct path *p)
{
    int literal = 0;
    if (e->count != p->count)
        return -1;
    for (size_t i = 0; i < e->count; i++) {
        if (e->segments[i][0] == '{') {
            if (p->segments[i][0] == '\0')
                return -1;
        } else if (strcmp(e->segments[i], p->segments[i]) == 0) {
            literal++;
        } else {
            return -1;
        }
    }
    return literal;
}

void router_match(const struct router *r, enum http_method method, const struct path *path, struct matched *ret)
{
    int best = -1;
    const struct entry *found = NULL;
    *ret = (struct matched){0};
    for (size_t i = 0; i < r->count; i++) {
        const struct entry *e = &r->entries[i];
        int literal = fits(e, path);
        if (literal < 0)
            continue;
        ret->allowed |= 1u << e->route->method;
        if (e->route->method == method && literal > best) {
            best = literal;
            found = e;
        }
    }
    if (found == NULL)
        return;
    ret->route = found->route;
    for (size_t i = 0, k = 0; i < found->count; i++)
        if (found->segments[i][0] == '{')
            ret->values[k++] = path->segments[i];
}

const char *router_param_name(const struct route *route, size_t index, size_t *ret_len)
{
    for (const char *s = strchr(route->path, '{'); s != NULL; s = strchr(s + 1, '{')) {
        if (index-- > 0)
            continue;
        *ret_len = strcspn(s + 1, "}");
        return s + 1;
    }
    return NULL;
}
