/* A client of OpenAI's chat completions, which many servers speak. TLS is demanded unless the server is on this
 * machine, certificates are verified, redirections are not followed, no proxy is taken out of the environment. */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/json_read.h"
#include "providers/llm/llm_backend.h"
#include "providers/transfer.h"
#include "utils/host.h"

#include <stdlib.h>
#include <string.h>

#define CONNECT_MS   10000
#define WAIT_MS      200 /* how late a stop may be noticed */
#define REQUEST_MAX  (1u << 20)
#define RESPONSE_MAX (1u << 20)

struct openai {
    char *url, *model, *authorization; /* authorization: a header; NULL: none */
    enum transfer_protocol protocol;
    int64_t timeout_ms;
    atomic_bool plain; /* it takes the messages alone, as it has said */
};

/* How the prompts of one round are sent. */
struct manner {
    bool plain;
    int64_t timeout_ms;
};

/* One prompt under way. */
struct call {
    CURL *curl;
    struct curl_slist *headers;
    struct buf request, response;
    CURLcode result;
    bool done;
};

static void multi_freep(CURLM **m)
{
    curl_multi_cleanup(*m);
    *m = NULL;
}

static void wipe(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

static void openai_close(void *state)
{
    struct openai *o = state;
    if (o) {
        free(o->url);
        free(o->model);
        wipe(o->authorization);
        free(o);
    }
    curl_global_cleanup();
}

static enum status bad_url(struct error *err)
{
    return error_set(err, STATUS_INVALID, "setting_invalid", "LLM_BASE_URL",
                     "LLM_BASE_URL must be https:// with a host and perhaps a port and a path, or http:// on this "
                     "machine; the key goes into LLM_API_KEY");
}

static bool has_part(CURLU *u, CURLUPart what)
{
    cleanup(transfer_text_freep) char *text = NULL;
    return curl_url_get(u, what, &text, 0) == CURLUE_OK;
}

static enum status read_url(struct openai *o, const char *url, bool *outside, struct error *err)
{
    cleanup(transfer_url_freep) CURLU *u = curl_url();
    cleanup(transfer_text_freep) char *scheme = NULL, *host = NULL, *whole = NULL;
    if (!u || curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        curl_url_get(u, CURLUPART_HOST, &host, 0) != CURLUE_OK || has_part(u, CURLUPART_USER) ||
        has_part(u, CURLUPART_QUERY) || has_part(u, CURLUPART_FRAGMENT))
        return bad_url(err);
    *outside = !host_is_loopback(host);
    const bool tls = !strcmp(scheme, "https"), plain = !strcmp(scheme, "http") && !*outside;
    o->protocol = tls ? TRANSFER_HTTPS : TRANSFER_HTTP;
    if ((!tls && !plain) || curl_url_get(u, CURLUPART_URL, &whole, 0) != CURLUE_OK)
        return bad_url(err);
    size_t n = strlen(whole);
    while (n && whole[n - 1] == '/')
        n--;
    static const char path[] = "/chat/completions";
    o->url = malloc(n + sizeof path);
    if (!o->url)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    memcpy(o->url, whole, n);
    memcpy(o->url + n, path, sizeof path);
    return STATUS_OK;
}

static enum status read_key(struct openai *o, const char *key, struct error *err)
{
    static const char head[] = "Authorization: Bearer ";
    const size_t n = strlen(key);
    for (size_t i = 0; i < n; i++)
        if (key[i] <= ' ' || key[i] >= 0x7f)
            return error_set(err, STATUS_INVALID, "setting_invalid", "LLM_API_KEY",
                             "LLM_API_KEY holds a character that no key has");
    if (!n)
        return STATUS_OK;
    o->authorization = malloc(sizeof head + n);
    if (!o->authorization)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    memcpy(o->authorization, head, sizeof head - 1);
    memcpy(o->authorization + sizeof head - 1, key, n + 1);
    return STATUS_OK;
}

static enum status openai_open(const struct llm_config *cfg, void **state, bool *outside, struct error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "The HTTP client could not be started");
    struct openai *o = calloc(1, sizeof *o);
    enum status st = o && (o->model = strdup(cfg->model))
                         ? read_url(o, cfg->base_url, outside, err)
                         : error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    if (st == STATUS_OK)
        st = read_key(o, cfg->api_key, err);
    if (st != STATUS_OK) {
        openai_close(o);
        return st;
    }
    o->timeout_ms = cfg->timeout_ms;
    *state = o;
    return STATUS_OK;
}

/* ---- one call ---- */

static void write_message(struct json *j, const char *role, const char *content)
{
    json_object_begin(j);
    json_kv_string(j, "role", role);
    json_kv_string(j, "content", content);
    json_object_end(j);
}

static void write_request(struct buf *out, const struct openai *o, const struct llm_prompt *p, bool plain)
{
    struct json j;
    json_init(&j, out);
    json_object_begin(&j);
    json_kv_string(&j, "model", o->model);
    json_key(&j, "messages");
    json_array_begin(&j);
    write_message(&j, "system", p->system);
    write_message(&j, "user", p->user);
    json_array_end(&j);
    if (!plain) {
        json_kv_number(&j, "temperature", p->temperature);
        json_kv_int(&j, "seed", p->seed);
        if (p->max_tokens > 0)
            json_kv_int(&j, "max_tokens", p->max_tokens);
        if (p->json) {
            json_key(&j, "response_format");
            json_object_begin(&j);
            json_kv_string(&j, "type", "json_object");
            json_object_end(&j);
        }
    }
    json_object_end(&j);
}

static size_t take_response(char *data, size_t size, size_t n, void *u)
{
    struct buf *b = u;
    buf_append(b, data, size * n);
    return buf_ok(b) ? size * n : 0;
}

static bool add_header(struct curl_slist **list, const char *header)
{
    struct curl_slist *longer = header ? curl_slist_append(*list, header) : *list;
    *list = longer ? longer : *list;
    return longer || !header;
}

static bool begin_call(struct call *k, const struct openai *o, const struct manner *m, const struct llm_prompt *p,
                       CURLM *multi)
{
    buf_init(&k->request, REQUEST_MAX);
    buf_init(&k->response, RESPONSE_MAX);
    write_request(&k->request, o, p, m->plain);
    k->curl = curl_easy_init();
    k->result = CURLE_OUT_OF_MEMORY;
    if (!k->curl || !buf_ok(&k->request) || !transfer_confine(k->curl, o->protocol, CONNECT_MS, m->timeout_ms) ||
        !add_header(&k->headers, "Content-Type: application/json") || !add_header(&k->headers, o->authorization))
        return false;
    CURL *c = k->curl;
    return curl_easy_setopt(c, CURLOPT_URL, o->url) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HTTPHEADER, k->headers) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)k->request.len) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_POSTFIELDS, k->request.data) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_response) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEDATA, &k->response) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PRIVATE, (char *)k) == CURLE_OK && curl_multi_add_handle(multi, c) == CURLM_OK;
}

static void end_call(struct call *k, CURLM *multi)
{
    if (k->curl) {
        curl_multi_remove_handle(multi, k->curl);
        curl_easy_cleanup(k->curl);
    }
    for (struct curl_slist *h = k->headers; h; h = h->next)
        explicit_bzero(h->data, strlen(h->data)); /* one of them is the key */
    curl_slist_free_all(k->headers);
    buf_free(&k->request);
    buf_free(&k->response);
}

static void collect_results(CURLM *multi)
{
    int left;
    for (CURLMsg *m; (m = curl_multi_info_read(multi, &left));) {
        char *private = NULL;
        if (m->msg != CURLMSG_DONE || curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private) != CURLE_OK)
            continue;
        ((struct call *)(void *)private)->result = m->data.result;
        ((struct call *)(void *)private)->done = true;
    }
}

static void run_calls(CURLM *multi, const atomic_bool *stopping)
{
    for (int running = 1; running && !atomic_load(stopping);) {
        if (curl_multi_perform(multi, &running) != CURLM_OK)
            break;
        if (running && curl_multi_poll(multi, NULL, 0, WAIT_MS, NULL) != CURLM_OK)
            break;
    }
    collect_results(multi);
}

/* ---- what came of it ---- */

static enum status no_reply(struct error *err, const char *why)
{
    return error_set(err, STATUS_UNAVAILABLE, "llm_reply", NULL, "What the language model sent is no reply: %s", why);
}

/* The service's own words are not told: they may hold what it was asked. */
static enum status refused(long code, struct error *err)
{
    if (code == 429 || code >= 500)
        return error_set(err, STATUS_UNAVAILABLE, "llm_busy", NULL, "The language model's service says: later (%ld)",
                         code);
    if (code == 400 || code == 413 || code == 422)
        return error_set(err, STATUS_UNAVAILABLE, "llm_prompt", NULL,
                         "The language model's service does not take it (%ld): it may be too long", code);
    return error_set(err, STATUS_UNAVAILABLE, "llm_refused", NULL, "The language model's service refuses (%ld): %s",
                     code, code == 401 || code == 403 ? "look at LLM_API_KEY" : "look at LLM_BASE_URL and LLM_MODEL");
}

static enum status read_reply(const struct buf *response, char **ret, struct error *err)
{
    cleanup(json_doc_freep) struct json_doc *doc = NULL;
    if (!response->len || json_parse(response->data, response->len, &doc, NULL) != STATUS_OK)
        return no_reply(err, "it is not JSON");
    const struct json_val *message = json_get(json_at(json_get(json_root(doc), "choices"), 0), "message");
    const char *text = json_as_string(json_get(message, "content"));
    if (!text)
        return no_reply(err, "it holds no text");
    if (strlen(text) > LLM_REPLY_MAX)
        return no_reply(err, "it is too long");
    *ret = strdup(text);
    return *ret ? STATUS_OK : error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
}

static long status_code(const struct call *k)
{
    long code = 0;
    if (k->curl && k->done && k->result == CURLE_OK)
        curl_easy_getinfo(k->curl, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

static enum status outcome(const struct call *k, const atomic_bool *stopping, char **ret, struct error *err)
{
    const long code = status_code(k);
    if (!k->done && atomic_load(stopping))
        return error_set(err, STATUS_UNAVAILABLE, "llm_unreachable", NULL, "The server is being stopped");
    if (k->result == CURLE_WRITE_ERROR)
        return no_reply(err, "it is too long");
    if (!k->done || k->result != CURLE_OK)
        return error_set(err, STATUS_UNAVAILABLE, "llm_unreachable", NULL,
                         "The language model's service cannot be reached: %s", curl_easy_strerror(k->result));
    return code == 200 ? read_reply(&k->response, ret, err) : refused(code, err);
}

static int64_t time_of(const struct call *k)
{
    curl_off_t us = 0;
    if (k->curl)
        curl_easy_getinfo(k->curl, CURLINFO_TOTAL_TIME_T, &us);
    return (int64_t)us / 1000;
}

/* Asks all at the same time. Returns whether one was refused for what it came with. *took_ms: the longest of them. */
static bool ask_round(const struct openai *o, const struct manner *m, const struct llm_prompt *prompts, size_t n,
                      struct llm_reply *replies, const atomic_bool *stopping, int64_t *took_ms)
{
    struct call calls[LLM_PROMPTS_MAX] = {0};
    cleanup(multi_freep) CURLM *multi = curl_multi_init();
    bool too_much = false, begun = multi;
    for (size_t i = 0; begun && i < n; i++)
        begun = begin_call(&calls[i], o, m, &prompts[i], multi);
    if (begun)
        run_calls(multi, stopping);
    for (size_t i = 0; i < n; i++) {
        const long code = status_code(&calls[i]);
        const int64_t ms = time_of(&calls[i]);
        *took_ms = ms > *took_ms ? ms : *took_ms;
        too_much = too_much || code == 400 || code == 422;
        replies[i].status = begun ? outcome(&calls[i], stopping, &replies[i].text, &replies[i].error)
                                  : error_set(&replies[i].error, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
        end_call(&calls[i], multi);
    }
    return too_much;
}

/* Some models take no temperature, some services no seed, no bound by this name, or no form of the reply: asked once
 * more without all of them, and from then on. Both rounds together have the time of one. */
static void openai_ask(void *state, const struct llm_prompt *prompts, size_t n, struct llm_reply *replies,
                       const atomic_bool *stopping)
{
    struct openai *o = state;
    struct manner m = {atomic_load(&o->plain), o->timeout_ms};
    int64_t took_ms = 0;
    if (!ask_round(o, &m, prompts, n, replies, stopping, &took_ms) || m.plain || took_ms >= m.timeout_ms)
        return;
    llm_replies_free(replies, n);
    memset(replies, 0, n * sizeof *replies);
    m = (struct manner){true, m.timeout_ms - took_ms};
    if (!ask_round(o, &m, prompts, n, replies, stopping, &took_ms))
        atomic_store(&o->plain, true);
}

const struct llm_backend llm_openai = {
    .version = LLM_BACKEND_VERSION, .name = "openai", .open = openai_open, .close = openai_close, .ask = openai_ask};
