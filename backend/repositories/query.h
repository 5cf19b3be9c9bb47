#ifndef VIVA_REPOSITORIES_QUERY_H
#define VIVA_REPOSITORIES_QUERY_H
/* What the repositories share; nobody else includes this. SQL is kept to what SQLite and MySQL both read; an UPDATE
 * counts the rows it found, not those it altered (mysql.c must connect with CLIENT_FOUND_ROWS).
 *
 * Transactions are serial on both engines (db.h): what a transaction read is still so when it writes. On SQLite there
 * is one at a time. On MySQL two may be under way, and when each has read what the other wants to write, one of them is
 * refused ("database_busy", 503). To be right nothing need be done; so that nobody is refused needlessly:
 *   - a row that is looked up alone within a transaction is locked at once (query_select_row, query_by_id, query_lock),
 *     so the second transaction waits for the first instead of reading beside it;
 *   - a transaction looks up first what others meet at too, from the top down: interview, candidate, session, answer,
 *     segment; before it counts or inserts what hangs on it;
 *   - what candidates and workers do all day begins with db_begin_locking: all that such a transaction reads hangs on
 * the row it locks first, and whoever changes that locks the same row. test_concurrency has a test for each. */

#include "db/row.h"
#include "repositories/repository.h"

#define QUERY(name) cleanup(db_stmt_done) struct db_stmt *name = NULL /* reset when the scope ends */

/* Prepares "SELECT <columns of m> FROM <table> <tail>". */
enum status query_select(struct db *db, const struct model *m, const char *table, const char *tail,
                         struct db_stmt **ret, struct error *err) must_check;
/* The same for one row, which the caller may change afterwards: within a transaction it is locked. */
enum status query_select_row(struct db *db, const struct model *m, const char *table, const char *tail,
                             struct db_stmt **ret, struct error *err) must_check;
/* The end of a SELECT that is to lock what it reads: " FOR UPDATE" within a transaction on MySQL, else "". */
const char *query_lock(const struct db *db);
/* The same, leaving out what others hold. */
const char *query_lock_free(const struct db *db);
/* Locks one row for the rest of the transaction without reading it: for who is about to count or to add what hangs on
 * it. Nothing on SQLite. A row that is not there is no error. */
enum status query_lock_row(struct db *db, const char *table, struct id id, struct error *err) must_check;
/* The first row as a new struct of m. ret: the address of a pointer to that struct. STATUS_NOT_FOUND without a row. */
enum status query_one(struct db_stmt *s, const struct model *m, struct arena *a, void *ret,
                      struct error *err) must_check;
/* query_select_row and query_one, with one id bound. */
enum status query_by_id(struct db *db, const struct model *m, const char *table, const char *tail, struct id id,
                        struct arena *a, void *ret, struct error *err) must_check;
/* All rows, with one id bound. */
enum status query_list_by_id(struct db *db, const struct model *m, const char *table, const char *tail, struct id id,
                             struct arena *a, struct list *ret, struct error *err) must_check;
/* A number of the row; NAN for NULL. */
double query_number(struct db_stmt *s, int column);
/* The one integer of the one row. */
enum status query_int(struct db_stmt *s, int64_t *ret, struct error *err) must_check;
/* Runs it; STATUS_NOT_FOUND when no row was found to change. */
enum status query_change(struct db_stmt *s, struct error *err) must_check;
/* LIMIT ? OFFSET ? from placeholder i on. */
void query_bind_paging(struct db_stmt *s, int i, struct paging p);
/* "%text%" for LIKE ? ESCAPE '!': what was typed means itself, in lower case: addresses are kept so, and MySQL compares
 * them exactly (names and titles without regard to case, as SQLite's LIKE does). NULL when the arena is exhausted. */
const char *query_like(const char *text, struct arena *a);
enum status query_not_found(struct error *err);

/* An array that doubles in an arena, for rows that are no model's (row_list() has those): what it leaves behind is at
 * most as much again. */
struct query_rows {
    void *items;
    size_t count, room;
};
/* One more, to be filled. ret: the address of a pointer to it. STATUS_TOO_LARGE "too_many" beyond max. */
enum status query_rows_add(struct query_rows *rows, size_t size, size_t max, struct arena *a, void *ret,
                           struct error *err) must_check;

#endif
