#ifndef VIVA_DB_SCRIPT_H
#define VIVA_DB_SCRIPT_H
/* Takes a script of SQL apart into its statements, for engines that run one at a time. */

#include <stdbool.h>
#include <stddef.h>

struct script_part {
    const char *text; /* into the script; without leading space and comments, and without its semicolon */
    size_t len;
};

/* The next statement after *at, which is moved on; false at the end. Semicolons in strings ('', ``, ""), and comments
 * of both forms do not end one. Bodies of triggers and procedures are not understood: migrations have none. */
bool script_next(const char **at, struct script_part *ret);
/* Whether the statement changes rows only, so that a transaction can take it back. */
bool script_part_is_data(const struct script_part *p);

#endif
