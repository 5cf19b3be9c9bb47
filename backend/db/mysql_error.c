#include "db/mysql_internal.h"

#include "base/log.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <string.h>

/* Not in MariaDB's headers: MySQL's. */
#define MYSQL_CHECK_FAILED       3819
#define MYSQL_CLIENT_INTERACTION 4031 /* closed for idleness */
#define MYSQL_LOCK_NOWAIT        3572
#define MYSQL_EXECUTION_TIME     3024

enum kind {
    KIND_OTHER,
    KIND_LOST,
    KIND_UNIQUE,
    KIND_REFERENCE,
    KIND_BUSY,
    KIND_VALUE, /* should have been refused before it came here */
    KIND_LARGE,
    KIND_FULL,
    KIND_IO,
    KIND_MEMORY,
};

static const struct {
    unsigned code;
    enum kind kind;
} kinds[] = {
    {CR_CONNECTION_ERROR, KIND_LOST},
    {CR_CONN_HOST_ERROR, KIND_LOST},
    {CR_SERVER_GONE_ERROR, KIND_LOST},
    {CR_SERVER_LOST, KIND_LOST},
    {CR_SERVER_LOST_EXTENDED, KIND_LOST},
    {CR_COMMANDS_OUT_OF_SYNC, KIND_LOST}, /* the conversation is in disorder: begin another */
    {CR_MALFORMED_PACKET, KIND_LOST},
    {CR_STMT_CLOSED, KIND_LOST},
    {CR_ERR_NET_READ, KIND_LOST},
    {CR_ERR_NET_WRITE, KIND_LOST},
    {ER_SERVER_SHUTDOWN, KIND_LOST},
    {ER_CONNECTION_KILLED, KIND_LOST},
    {ER_NET_PACKETS_OUT_OF_ORDER, KIND_LOST},
    {MYSQL_CLIENT_INTERACTION, KIND_LOST},
    {ER_DUP_ENTRY, KIND_UNIQUE},
    {ER_DUP_ENTRY_WITH_KEY_NAME, KIND_UNIQUE},
    {ER_DUP_UNKNOWN_IN_INDEX, KIND_UNIQUE},
    {ER_NO_REFERENCED_ROW, KIND_REFERENCE},
    {ER_NO_REFERENCED_ROW_2, KIND_REFERENCE},
    {ER_ROW_IS_REFERENCED, KIND_REFERENCE},
    {ER_ROW_IS_REFERENCED_2, KIND_REFERENCE},
    {ER_LOCK_WAIT_TIMEOUT, KIND_BUSY},
    {ER_LOCK_DEADLOCK, KIND_BUSY},
    {ER_LOCK_TABLE_FULL, KIND_BUSY},
    {ER_CHECKREAD, KIND_BUSY}, /* changed since it was read: MariaDB 11.6 with snapshot isolation */
    {ER_QUERY_INTERRUPTED, KIND_BUSY},
    {ER_STATEMENT_TIMEOUT, KIND_BUSY},
    {ER_CON_COUNT_ERROR, KIND_BUSY},
    {ER_TOO_MANY_USER_CONNECTIONS, KIND_BUSY},
    {ER_MAX_PREPARED_STMT_COUNT_REACHED, KIND_BUSY},
    {MYSQL_LOCK_NOWAIT, KIND_BUSY},
    {MYSQL_EXECUTION_TIME, KIND_BUSY},
    {ER_CONSTRAINT_FAILED, KIND_VALUE},
    {MYSQL_CHECK_FAILED, KIND_VALUE},
    {ER_BAD_NULL_ERROR, KIND_VALUE},
    {ER_NO_DEFAULT_FOR_FIELD, KIND_VALUE},
    {ER_WARN_DATA_OUT_OF_RANGE, KIND_VALUE},
    {ER_TRUNCATED_WRONG_VALUE, KIND_VALUE},
    {ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, KIND_VALUE},
    {WARN_DATA_TRUNCATED, KIND_VALUE},
    {ER_DATA_TOO_LONG, KIND_LARGE},
    {ER_NET_PACKET_TOO_LARGE, KIND_LARGE},
    {CR_NET_PACKET_TOO_LARGE, KIND_LARGE},
    {ER_DISK_FULL, KIND_FULL},
    {ER_RECORD_FILE_FULL, KIND_FULL},
    {ER_GET_ERRNO, KIND_IO},
    {ER_ERROR_ON_READ, KIND_IO},
    {ER_ERROR_ON_WRITE, KIND_IO},
    {ER_NOT_KEYFILE, KIND_IO},
    {ER_CRASHED_ON_USAGE, KIND_IO},
    {ER_OPTION_PREVENTS_STATEMENT, KIND_IO}, /* a server that is read-only */
    {ER_READ_ONLY_MODE, KIND_IO},
    {CR_OUT_OF_MEMORY, KIND_MEMORY},
};

static enum kind kind_of(unsigned code)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].code == code)
            return kinds[i].kind;
    return KIND_OTHER;
}

/* "Duplicate entry '...' for key 'users.email'" -> "email": a unique key is named after the last of its columns (see
 * database/README.md). MariaDB leaves the table out. */
static void unique_column(const char *message, char out[64])
{
    const char *key = NULL;
    for (const char *p = message; (p = strstr(p, "for key '")); p++)
        key = p + strlen("for key '");
    size_t n = key ? strcspn(key, "'") : 0;
    for (const char *dot; n > 0 && (dot = memchr(key, '.', n));) {
        n -= (size_t)(dot + 1 - key);
        key = dot + 1;
    }
    snprintf(out, 64, "%.*s", n < 64 ? (int)n : 0, n > 0 ? key : "");
    if (strcmp(out, "PRIMARY") == 0)
        strcpy(out, "id");
}

/* Those that quote what was given are logged by their number only. */
static void note(unsigned code, enum kind kind, const char *message)
{
    char number[16];
    snprintf(number, sizeof number, "%u", code);
    bool quotes_a_value = kind == KIND_VALUE && code != ER_BAD_NULL_ERROR && code != ER_NO_DEFAULT_FOR_FIELD &&
                          code != ER_CONSTRAINT_FAILED && code != MYSQL_CHECK_FAILED;
    log_event(LOG_ERROR, kind == KIND_VALUE ? "database_constraint" : "database", "code", number, "message",
              quotes_a_value ? "" : message, NULL);
}

static enum status lost(struct maria_db *d, struct error *err)
{
    d->lost = true;
    d->in_transaction = false;
    return error_set(err, STATUS_UNAVAILABLE, "database_unreachable", NULL,
                     "The database cannot be reached now. Please try again.");
}

/* The server undoes all of a transaction on a deadlock, and one statement on a wait that took too long: made the same,
 * so that nothing that follows is committed by itself. */
static void give_up_transaction(struct maria_db *d)
{
    if (!d->in_transaction)
        return;
    d->in_transaction = false;
    if (mysql_real_query(d->handle, "ROLLBACK", 8))
        d->lost = true;
}

enum status maria_error(struct maria_db *d, unsigned code, const char *message, struct error *err)
{
    char column[64];
    enum kind kind = kind_of(code);
    if (kind == KIND_UNIQUE) {
        unique_column(message, column);
        return error_set(err, STATUS_CONFLICT, "unique_violation", column, "There is one with the same %s already.",
                         column[0] ? column : "key");
    }
    if (kind == KIND_REFERENCE)
        return error_set(err, STATUS_CONFLICT, "foreign_key_violation", NULL,
                         "Something this refers to is not there, or something still refers to it.");
    if (kind == KIND_LARGE)
        return error_set(err, STATUS_TOO_LARGE, "value_too_large", NULL, "A value is too large for the database.");
    if (kind != KIND_BUSY && !(kind == KIND_LOST && d->told))
        note(code, kind, message);
    d->told = d->told || kind == KIND_LOST;
    if (kind == KIND_VALUE)
        return error_set(err, STATUS_INTERNAL, "database_error", NULL, "The database refused a value.");
    if (kind == KIND_LOST)
        return lost(d, err);
    if (kind != KIND_OTHER)
        give_up_transaction(d);
    switch (kind) {
    case KIND_BUSY:
        return error_set(err, STATUS_UNAVAILABLE, "database_busy", NULL, "The database is busy. Please try again.");
    case KIND_FULL:
        return error_set(err, STATUS_IO, "database_full", NULL, "There is no space left for the database.");
    case KIND_IO:
        return error_set(err, STATUS_IO, "database_io", NULL, "The database cannot be read or written.");
    case KIND_MEMORY:
        return error_set(err, STATUS_NO_MEMORY, "out_of_memory", NULL, "Out of memory.");
    default:
        return error_set(err, STATUS_INTERNAL, "database_error", NULL, "The database could not do this.");
    }
}

enum status maria_last_error(struct maria_db *d, struct error *err)
{
    return maria_error(d, mysql_errno(d->handle), mysql_error(d->handle), err);
}

bool maria_done_already(struct db *db)
{
    switch (((struct maria_db *)db)->script_error) {
    case ER_TABLE_EXISTS_ERROR:
    case ER_BAD_TABLE_ERROR: /* "unknown table", of DROP */
    case ER_NO_SUCH_TABLE:   /* of ALTER ... RENAME, done before */
    case ER_DUP_FIELDNAME:
    case ER_DUP_KEYNAME:
    case ER_BAD_FIELD_ERROR: /* of CHANGE, done before */
    case ER_CANT_DROP_FIELD_OR_KEY:
    case ER_DUP_CONSTRAINT_NAME:
        return true;
    default:
        return false;
    }
}
