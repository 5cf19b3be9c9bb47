#ifndef VIVA_DB_MYSQL_INTERNAL_H
#define VIVA_DB_MYSQL_INTERNAL_H
/* One connection to MySQL or MariaDB: mysql_connect.c opens it and opens it again, mysql_error.c says what went wrong,
 * mysql.c runs statements on it. Names begin with maria_, because the library's begin with mysql_. */

#include "db/db_internal.h"

#include <mysql.h>

enum maria_tls { MARIA_TLS_OFF, MARIA_TLS_ON, MARIA_TLS_VERIFY };

/* mysql://user:password@host:port/name?socket=/path&ssl=on|verify&ssl_ca=/path; each part percent-decoded. */
struct maria_url {
    char user[128], password[256], host[256], name[65], socket[108], ssl_ca[512];
    unsigned port;
    enum maria_tls tls;
};

struct maria_db {
    struct db db;
    struct maria_url url;
    MYSQL *handle;         /* NULL before the first connection */
    bool lost;             /* the server cannot be reached over it any more */
    bool in_transaction;   /* begun, and not given up by the server */
    bool held;             /* maria_hold */
    bool told;             /* in the log that it is lost; until it is there again */
    unsigned script_error; /* the server's number for what stopped the last script, else 0 */
    unsigned generation;   /* of connections; statements that were prepared on an older one are prepared again */
};

enum status maria_url_parse(const char *url, struct maria_url *ret, struct error *err) must_check;

/* Opens the first or another connection. With create, a database that does not exist is made. */
enum status maria_connect(struct maria_db *d, bool create, struct error *err) must_check;
/* Before a statement is handed out: a connection that ended meanwhile is opened again, unless a transaction (or what is
 * held) ended with it: STATUS_UNAVAILABLE "database_unreachable" then. Asks the kernel, not the server. */
enum status maria_ready(struct maria_db *d, struct error *err) must_check;

/* What the library said, as db.h has it; notes what became of connection and transaction. */
enum status maria_error(struct maria_db *d, unsigned code, const char *message, struct error *err);
/* Of the last command on the connection itself. */
enum status maria_last_error(struct maria_db *d, struct error *err);
/* One statement of text protocol, without parameters; rows are thrown away. */
enum status maria_query(struct maria_db *d, const char *sql, size_t len, struct error *err) must_check;

#endif
