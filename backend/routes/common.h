#ifndef VIVA_ROUTES_COMMON_H
#define VIVA_ROUTES_COMMON_H
/* What several route files need. */

#include "routes/routes.h"
#include "services/auth.h"
#include "services/interview.h"
#include "services/recording.h"

static inline struct actor route_actor(const struct request *rq)
{
    return (struct actor){.user_id = rq->who.user_id,
                          .is_admin = rq->who.kind == ACCESS_ADMIN,
                          .is_reviewer = rq->who.kind == ACCESS_REVIEWER,
                          .login_id = rq->who.login_id,
                          .request_id = rq->request_id};
}

/* Where a log-in comes from. */
static inline struct auth_client route_client(const struct request *rq)
{
    return (struct auth_client){
        .user_agent = request_header(rq, "User-Agent"), .address = rq->remote, .request_id = rq->request_id};
}

/* page and page_size out of the query. STATUS_INVALID names the field. */
enum status route_paging(const struct request *rq, struct paging *ret, struct error *err) must_check;
/* An enum out of the query: -1 when absent. STATUS_INVALID when unknown. */
enum status route_choice(const struct request *rq, const char *name, const struct choice *choices, int *ret,
                         struct error *err) must_check;
/* A whole number out of the query: fallback when absent. */
enum status route_number(const struct request *rq, const char *name, int64_t min, int64_t max, int64_t fallback,
                         int64_t *ret, struct error *err) must_check;

/* A number out of the query: 0 when absent. */
enum status route_real(const struct request *rq, const char *name, double min, double max, double *ret,
                       struct error *err) must_check;
/* true or false out of the query: 1 or 0, -1 when absent. */
extern const struct choice route_flag_choices[];
enum status route_flag(const struct request *rq, const char *name, int *ret, struct error *err) must_check;

/* Text out of the query, at most max characters: NULL when absent. STATUS_INVALID names the field. */
enum status route_text(const struct request *rq, const char *name, size_t max, const char **ret,
                       struct error *err) must_check;

/* sort=<value of choices>, or -<value> for the other way round; fallback when absent. STATUS_INVALID names the field.
 */
enum status route_sort(const struct request *rq, const struct choice *choices, struct sort fallback, struct sort *ret,
                       struct error *err) must_check;
/* A UUID out of the query: zero when absent. */
enum status route_id(const struct request *rq, const char *name, struct id *ret, struct error *err) must_check;
/* A time out of the query, RFC 3339: 0 when absent. */
enum status route_time(const struct request *rq, const char *name, int64_t *ret, struct error *err) must_check;

/* A recording that was opened; its descriptor is taken in any case. */
enum status route_reply_media(struct response *rs, const struct recording_media *m, struct error *err) must_check;

/* Retry-After, rounded up to seconds. */
void route_retry_after(struct response *rs, int64_t wait_ms);

#define QUERY_PAGING                                                                                                   \
    {"page", "integer", "From 1.", .min = 1, .max = 1000000},                                                          \
    {                                                                                                                  \
        "page_size", "integer", "1 to 100, 20 unless given.", .example = "20", .min = 1, .max = 100                    \
    }
#define QUERY_END                                                                                                      \
    {                                                                                                                  \
        NULL                                                                                                           \
    }

#endif
