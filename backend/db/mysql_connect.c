#include "db/mysql_internal.h"

#include "base/log.h"

#include <errno.h>
#include <mysqld_error.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define PORT_DEFAULT      3306
#define CONNECT_TIMEOUT_S 5
#define IO_TIMEOUT_S      15 /* for one reply: more than a statement waits for a lock */
#define LONG_TIMEOUT_S    3600
#define CHARSET           "utf8mb4"

/* What statements may rely on, whatever the server's own settings are: values are refused and not bent, SQL reads as
 * SQLite reads it, and nobody waits longer for a lock than SQLite does. db_begin asks for more isolation. */
static const char session_settings[] =
    "SET SESSION sql_mode = "
    "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES', "
    "SESSION innodb_lock_wait_timeout = 5, SESSION autocommit = 1, SESSION foreign_key_checks = 1, "
    "SESSION unique_checks = 1";
static const char session_isolation[] = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/* --------------------------------------------------------------------------------------------------------------------
 * URL */

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Decodes %XX; false when it does not fit, is malformed or has a NUL. */
static bool decode(const char *s, size_t n, char *out, size_t cap)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        int c = (unsigned char)s[i];
        if (c == '%') {
            if (i + 2 >= n || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0)
                return false;
            c = hex(s[i + 1]) * 16 + hex(s[i + 2]);
            i += 2;
        }
        if (c == 0 || k + 1 >= cap)
            return false;
        out[k++] = (char)c;
    }
    out[k] = '\0';
    return true;
}

static bool option(const char *name, size_t n, const char *value, size_t len, struct maria_url *u)
{
    char word[16];
    if (n == 6 && memcmp(name, "socket", 6) == 0)
        return decode(value, len, u->socket, sizeof u->socket);
    if (n == 6 && memcmp(name, "ssl_ca", 6) == 0)
        return decode(value, len, u->ssl_ca, sizeof u->ssl_ca);
    if (n != 3 || memcmp(name, "ssl", 3) != 0 || !decode(value, len, word, sizeof word))
        return false;
    if (strcmp(word, "off") == 0)
        u->tls = MARIA_TLS_OFF;
    else if (strcmp(word, "on") == 0)
        u->tls = MARIA_TLS_ON;
    else if (strcmp(word, "verify") == 0)
        u->tls = MARIA_TLS_VERIFY;
    else
        return false;
    return true;
}

static bool options(const char *p, struct maria_url *u)
{
    while (*p) {
        size_t n = strcspn(p, "&"), k = strcspn(p, "=&");
        if (k >= n || !option(p, k, p + k + 1, n - k - 1, u))
            return false;
        p += n;
        if (*p)
            p++;
    }
    return true;
}

static bool host_and_port(const char *p, size_t n, struct maria_url *u)
{
    const char *colon = n > 0 && p[0] == '[' ? memchr(p, ']', n) : p; /* [::1]:3306 */
    if (!colon)
        return false;
    colon = memchr(colon, ':', n - (size_t)(colon - p));
    size_t host = colon ? (size_t)(colon - p) : n;
    u->port = PORT_DEFAULT;
    if (colon) {
        char *end = NULL;
        unsigned long port = strtoul(colon + 1, &end, 10);
        if (end != p + n || port < 1 || port > 65535)
            return false;
        u->port = (unsigned)port;
    }
    if (host > 1 && p[0] == '[')
        return decode(p + 1, host - 2, u->host, sizeof u->host);
    return decode(p, host, u->host, sizeof u->host);
}

static bool parse(const char *url, struct maria_url *u)
{
    const char *p = url + strlen("mysql://");
    size_t authority = strcspn(p, "/?");
    const char *at = memrchr(p, '@', authority), *slash = p + authority;
    if (!at || *slash != '/')
        return false;
    const char *colon = memchr(p, ':', (size_t)(at - p));
    if (!decode(p, (size_t)((colon ? colon : at) - p), u->user, sizeof u->user) || !u->user[0])
        return false;
    if (colon && !decode(colon + 1, (size_t)(at - colon - 1), u->password, sizeof u->password))
        return false;
    if (!host_and_port(at + 1, (size_t)(slash - at - 1), u))
        return false;
    size_t name = strcspn(slash + 1, "?");
    if (!decode(slash + 1, name, u->name, sizeof u->name) || !u->name[0])
        return false;
    if (slash[1 + name] == '?' && !options(slash + 2 + name, u))
        return false;
    return u->host[0] || u->socket[0];
}

enum status maria_url_parse(const char *url, struct maria_url *ret, struct error *err)
{
    struct maria_url u = {0};
    if (!parse(url, &u)) /* it has a password: never shown */
        return error_set(
            err, STATUS_INVALID, "database_url", "DATABASE_URL",
            "DATABASE_URL must look like mysql://user:password@host:port/name (special characters as %%XX; "
            "options after a ?: socket=/path, ssl=on|verify, ssl_ca=/path).");
    *ret = u;
    return STATUS_OK;
}

/* -----------------------------------------------------------------------------------------------------------------
 * connecting */

static void start_library(void)
{
    if (mysql_library_init(0, NULL, NULL))
        abort();
}

static MYSQL *handle_new(const struct maria_db *d)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_library);
    const struct maria_url *u = &d->url;
    const unsigned connect = CONNECT_TIMEOUT_S, io = d->held ? LONG_TIMEOUT_S : IO_TIMEOUT_S, off = 0;
    const my_bool yes = 1, verify = u->tls == MARIA_TLS_VERIFY;
    const enum mysql_protocol_type how = u->socket[0] ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
    MYSQL *h = mysql_init(NULL);
    if (!h)
        return NULL;
    mysql_optionsv(h, MYSQL_OPT_CONNECT_TIMEOUT, &connect);
    mysql_optionsv(h, MYSQL_OPT_READ_TIMEOUT, &io);
    mysql_optionsv(h, MYSQL_OPT_WRITE_TIMEOUT, &io);
    mysql_optionsv(h, MYSQL_OPT_LOCAL_INFILE, &off); /* a server must not ask for our files */
    mysql_optionsv(h, MYSQL_SET_CHARSET_NAME, CHARSET);
    mysql_optionsv(h, MYSQL_OPT_PROTOCOL, &how);
    if (u->tls != MARIA_TLS_OFF)
        mysql_optionsv(h, MYSQL_OPT_SSL_ENFORCE, &yes);
    mysql_optionsv(h, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    if (u->ssl_ca[0])
        mysql_optionsv(h, MYSQL_OPT_SSL_CA, u->ssl_ca);
    return h;
}

/* In place of the connection there was. CLIENT_FOUND_ROWS: an UPDATE counts the rows it found, as SQLite does. */
static bool connect_to(struct maria_db *d, const char *name)
{
    const struct maria_url *u = &d->url;
    return mysql_real_connect(d->handle, u->socket[0] ? NULL : u->host, u->user, u->password, name, u->port,
                              u->socket[0] ? u->socket : NULL, CLIENT_FOUND_ROWS) != NULL;
}

static enum status unreachable(struct maria_db *d, struct error *err)
{
    char code[16];
    unsigned number = mysql_errno(d->handle);
    snprintf(code, sizeof code, "%u", number);
    if (!d->told)
        log_event(LOG_ERROR, "database_unreachable", "code", code, "message", mysql_error(d->handle), NULL);
    d->told = true;
    if (number == ER_BAD_DB_ERROR)
        return error_set(err, STATUS_UNAVAILABLE, "database_unreachable", "DATABASE_URL",
                         "There is no database %s. `viva migrate up` makes it.", d->url.name);
    return error_set(err, STATUS_UNAVAILABLE, "database_unreachable", "DATABASE_URL",
                     "The database cannot be reached now: error %u.", number);
}

/* The library goes on in the clear with a server that offers nothing else. */
static enum status not_encrypted(struct error *err)
{
    return error_set(err, STATUS_UNAVAILABLE, "database_unreachable", "DATABASE_URL",
                     "The database offers no encrypted connection, which DATABASE_URL asks for (ssl=).");
}

static enum status make_database(struct maria_db *d, struct error *err)
{
    char sql[256], name[130], *out = name;
    for (const char *p = d->url.name; *p; p++) {
        if (*p == '`')
            *out++ = '`';
        *out++ = *p;
    }
    *out = '\0';
    int n =
        snprintf(sql, sizeof sql, "CREATE DATABASE IF NOT EXISTS `%s` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", name);
    enum status st = maria_query(d, sql, (size_t)n, err);
    return st == STATUS_OK && mysql_select_db(d->handle, d->url.name) ? unreachable(d, err) : st;
}

static enum status open_handle(struct maria_db *d, bool create, struct error *err)
{
    bool missing = false;
    mysql_close(d->handle);
    d->lost = true;
    d->in_transaction = false;
    d->handle = handle_new(d);
    if (!d->handle)
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Out of memory.");
    if (!connect_to(d, d->url.name)) {
        missing = create && mysql_errno(d->handle) == ER_BAD_DB_ERROR;
        if (!missing)
            return unreachable(d, err);
        mysql_close(d->handle);
        d->handle = handle_new(d);
        if (!d->handle)
            return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Out of memory.");
        if (!connect_to(d, NULL))
            return unreachable(d, err);
    }
    if (d->url.tls != MARIA_TLS_OFF && !mysql_get_ssl_cipher(d->handle))
        return not_encrypted(err);
    d->lost = false;
    d->generation++;
    return missing ? make_database(d, err) : STATUS_OK;
}

enum status maria_connect(struct maria_db *d, bool create, struct error *err)
{
    enum status st = open_handle(d, create, err);
    if (st == STATUS_OK)
        st = maria_query(d, session_settings, sizeof session_settings - 1, err);
    if (st == STATUS_OK)
        st = maria_query(d, session_isolation, sizeof session_isolation - 1, err);
    if (st != STATUS_OK) {
        d->lost = true;
        return st;
    }
    if (d->told)
        log_event(LOG_INFO, "database_back", NULL);
    d->told = false;
    return STATUS_OK;
}

/* Between two statements the server says nothing, except that it is leaving. */
static bool alive(const struct maria_db *d)
{
    char c;
    if (!d->handle || d->lost)
        return false;
    return recv((int)mysql_get_socket(d->handle), &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno != ECONNRESET &&
           errno != ENOTCONN && errno != EBADF;
}

enum status maria_ready(struct maria_db *d, struct error *err)
{
    if (d->db.depth > 0 || d->held)
        return d->lost ? error_set(err, STATUS_UNAVAILABLE, "database_unreachable", NULL,
                                   "The database cannot be reached now. Please try again.")
                       : STATUS_OK;
    return alive(d) ? STATUS_OK : maria_connect(d, false, err);
}

/* A server restarts, an administrator works on a table: migrations wait for hours if need be, and must notice when the
 * connection that holds their lock is not the same any more. */
enum status maria_hold(struct db *db, bool on, struct error *err)
{
    struct maria_db *d = (struct maria_db *)db;
    d->held = on;
    if (on)
        return maria_connect(d, false, err);
    d->lost = true; /* the next statement opens one with the usual patience; what was locked is free */
    mysql_close(d->handle);
    d->handle = NULL;
    return STATUS_OK;
}

/* ---------------------------------------------------------------------------------------------------------------------
 * text */

enum status maria_query(struct maria_db *d, const char *sql, size_t len, struct error *err)
{
    if (mysql_real_query(d->handle, sql, (unsigned long)len))
        return maria_last_error(d, err);
    MYSQL_RES *rows = mysql_store_result(d->handle);
    if (rows)
        mysql_free_result(rows);
    else if (mysql_errno(d->handle))
        return maria_last_error(d, err);
    return STATUS_OK;
}
