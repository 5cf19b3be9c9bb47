#ifndef VIVA_REPOSITORIES_QUERY_H
#define VIVA_REPOSITORIES_QUERY_H
/* What the repositories share; nobody else includes this. SQL is kept to what SQLite and MySQL both read; an UPDATE
 * counts the rows it found, not those it altered (mysql.c must connect with CLIENT_FOUND_ROWS). */

#include "db/row.h"
#include "repositories/repository.h"

#define QUERY(name) cleanup(db_stmt_done) struct db_stmt *name = NULL /* reset when the scope ends */

/* Prepares "SELECT <columns of m> FROM <table> <tail>". */
enum status query_select(struct db *db, const struct model *m, const char *table, const char *tail,
                         struct db_stmt **ret, struct error *err) must_check;
/* The first row as a new struct of m. ret: the address of a pointer to that struct. STATUS_NOT_FOUND without a row. */
enum status query_one(struct db_stmt *s, const struct model *m, struct arena *a, void *ret,
                      struct error *err) must_check;
/* Both, with one id bound. */
enum status query_by_id(struct db *db, const struct model *m, const char *table, const char *tail, struct id id,
                        struct arena *a, void *ret, struct error *err) must_check;
/* All rows, with one id bound. */
enum status query_list_by_id(struct db *db, const struct model *m, const char *table, const char *tail, struct id id,
                             struct arena *a, struct list *ret, struct error *err) must_check;
/* The one integer of the one row. */
enum status query_int(struct db_stmt *s, int64_t *ret, struct error *err) must_check;
/* Runs it; STATUS_NOT_FOUND when no row was found to change. */
enum status query_change(struct db_stmt *s, struct error *err) must_check;
/* LIMIT ? OFFSET ? from placeholder i on. */
void query_bind_paging(struct db_stmt *s, int i, struct paging p);
/* "%text%" for LIKE ? ESCAPE '!': what was typed means itself. NULL when the arena is exhausted. */
const char *query_like(const char *text, struct arena *a);
enum status query_not_found(struct error *err);

#endif
