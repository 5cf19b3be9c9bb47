/* SMTP through libcurl: STARTTLS is demanded unless the server is on this machine or the connection is TLS from the
 * start (smtps). */
#include "base/cleanup.h"
#include "providers/mail/mail_backend.h"
#include "providers/transfer.h"
#include "utils/host.h"

#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 15000
#define WHOLE_MS   60000

struct smtp {
    char *url; /* scheme://host:port/our-name */
    char *user, *password;
    bool demand_tls;
};

static void smtp_close(void *state)
{
    struct smtp *s = state;
    if (s) {
        free(s->url);
        free(s->user);
        if (s->password)
            explicit_bzero(s->password, strlen(s->password));
        free(s->password);
        free(s);
    }
    curl_global_cleanup();
}

static enum status invalid(struct error *err)
{
    return error_set(err, STATUS_INVALID, "setting_invalid", "SMTP_URL",
                     "SMTP_URL must be smtp:// or smtps://, perhaps user:password@, a host and perhaps a port");
}

/* A copy of what stands between the separators, percent-decoded; NULL when it is not given. */
static char *part(CURLU *u, CURLUPart what)
{
    cleanup(transfer_text_freep) char *text = NULL;
    if (curl_url_get(u, what, &text, what == CURLUPART_HOST || what == CURLUPART_SCHEME ? 0 : CURLU_URLDECODE) !=
        CURLUE_OK)
        return NULL;
    return strdup(text);
}

/* What we call ourselves when greeting: the domain of our address, not the name of this machine. */
static bool set_url(struct smtp *s, CURLU *u, const char *from)
{
    cleanup(transfer_text_freep) char *url = NULL;
    char path[300];
    snprintf(path, sizeof path, "/%s", strrchr(from, '@') + 1);
    bool set = curl_url_set(u, CURLUPART_PATH, path, 0) == CURLUE_OK &&
               curl_url_set(u, CURLUPART_USER, NULL, 0) == CURLUE_OK &&
               curl_url_set(u, CURLUPART_PASSWORD, NULL, 0) == CURLUE_OK &&
               curl_url_get(u, CURLUPART_URL, &url, 0) == CURLUE_OK;
    s->url = set ? strdup(url) : NULL;
    return s->url != NULL;
}

static enum status read_url(struct smtp *s, const struct mail_config *cfg, struct error *err)
{
    cleanup(transfer_url_freep) CURLU *u = curl_url();
    if (!u || curl_url_set(u, CURLUPART_URL, cfg->url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return invalid(err);
    cleanup(freep) char *scheme = part(u, CURLUPART_SCHEME), *host = part(u, CURLUPART_HOST);
    cleanup(freep) char *path = part(u, CURLUPART_PATH), *query = part(u, CURLUPART_QUERY);
    bool tls = scheme && !strcmp(scheme, "smtps");
    if (!scheme || (strcmp(scheme, "smtp") != 0 && !tls) || !host || !*host || query ||
        (path && strcmp(path, "/") != 0))
        return invalid(err);
    s->user = part(u, CURLUPART_USER);
    s->password = part(u, CURLUPART_PASSWORD);
    if (!s->user != !s->password)
        return invalid(err);
    s->demand_tls = !tls && !host_is_loopback(host);
    return set_url(s, u, cfg->from) ? STATUS_OK : invalid(err);
}

static enum status smtp_open(const struct mail_config *cfg, void **state, struct error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "The mail library could not be started");
    struct smtp *s = calloc(1, sizeof *s);
    enum status st = s ? read_url(s, cfg, err) : error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "Out of memory");
    if (st != STATUS_OK) {
        smtp_close(s);
        return st;
    }
    *state = s;
    return STATUS_OK;
}

struct source {
    const char *data;
    size_t len, at;
};

static size_t read_source(char *out, size_t size, size_t n, void *u)
{
    struct source *s = u;
    size_t want = size * n, left = s->len - s->at;
    if (want > left)
        want = left;
    memcpy(out, s->data + s->at, want);
    s->at += want;
    return want;
}

static void recipients_freep(struct curl_slist **l)
{
    curl_slist_free_all(*l);
    *l = NULL;
}

static bool set_connection(CURL *c, const struct smtp *s)
{
    return curl_easy_setopt(c, CURLOPT_URL, s->url) == CURLE_OK &&
           (!s->demand_tls || curl_easy_setopt(c, CURLOPT_USE_SSL, CURLUSESSL_ALL) == CURLE_OK) &&
           (!s->user || (curl_easy_setopt(c, CURLOPT_USERNAME, s->user) == CURLE_OK &&
                         curl_easy_setopt(c, CURLOPT_PASSWORD, s->password) == CURLE_OK)) &&
           transfer_confine(c, TRANSFER_SMTP, CONNECT_MS, WHOLE_MS);
}

static bool set_message(CURL *c, const char *sender, const struct curl_slist *to, struct source *source)
{
    return curl_easy_setopt(c, CURLOPT_MAIL_FROM, sender) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_READFUNCTION, read_source) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_READDATA, source) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_UPLOAD, 1L) == CURLE_OK;
}

/* The server's own words may hold the address: only their number is told. */
static enum status failed(CURL *c, CURLcode rc, struct error *err)
{
    long code = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
    if (code >= 500 && code < 600 && rc != CURLE_LOGIN_DENIED && rc != CURLE_USE_SSL_FAILED)
        return error_set(err, STATUS_INVALID, "mail_refused", NULL, "The mail server refused a message (%ld)", code);
    if (code >= 400 && code < 500)
        return error_set(err, STATUS_UNAVAILABLE, "mail_deferred", NULL, "The mail server says: later (%ld)", code);
    return error_set(err, STATUS_UNAVAILABLE, "mail_unreachable", NULL, "No mail could be handed over: %s",
                     curl_easy_strerror(rc));
}

static enum status smtp_send(void *state, const char *from, const char *to, const char *data, size_t len,
                             struct error *err)
{
    const struct smtp *s = state;
    char sender[300], recipient[300];
    struct source source = {data, len, 0};
    snprintf(sender, sizeof sender, "<%s>", from);
    snprintf(recipient, sizeof recipient, "<%s>", to);
    cleanup(recipients_freep) struct curl_slist *list = curl_slist_append(NULL, recipient);
    cleanup(transfer_freep) CURL *c = curl_easy_init();
    if (!c || !list || !set_connection(c, s) || !set_message(c, sender, list, &source))
        return error_set(err, STATUS_NO_MEMORY, "no_memory", NULL, "A mail could not be prepared");
    CURLcode rc = curl_easy_perform(c);
    return rc == CURLE_OK ? STATUS_OK : failed(c, rc, err);
}

const struct mail_backend mail_smtp = {
    .version = MAIL_BACKEND_VERSION, .name = "smtp", .open = smtp_open, .close = smtp_close, .send = smtp_send};
