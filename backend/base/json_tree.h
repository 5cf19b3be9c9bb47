#ifndef VIVA_BASE_JSON_TREE_H
#define VIVA_BASE_JSON_TREE_H
/* Where jansson is called to parse. Only base/json_read.c and models/field*.c include this: everybody else reads JSON
 * through json_read.h or a field table, so that the parser can be replaced. */

#include "base/status.h"

#include <jansson.h>

#define JSON_READ_DEPTH_MAX 32

/* Any JSON value of at most JSON_READ_DEPTH_MAX levels. STATUS_MALFORMED with code json_malformed (with line and
 * column), json_too_deep, json_duplicate_key, json_number_range (also set for integers that int64 cannot hold). NUL,
 * escaped or not, and invalid UTF-8 are malformed. `flags` are further jansson flags or 0. */
enum status json_tree_parse(const char *text, size_t len, size_t flags, json_t **ret, struct error *err) must_check;

#endif
