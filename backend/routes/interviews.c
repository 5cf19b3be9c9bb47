/* Interviews themselves; what hangs on one is in interview_parts.c. */
#include "routes/interview_routes.h"
#include "services/settings.h"

#define SEARCH_MAX 200 /* characters */

static enum status options(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_options *o = interview_options_make(rq->arena);
    enum status st = o ? settings_fill_options(route_services(rq), o, rq->arena, err) : arena_exhausted(err);
    return st == STATUS_OK ? response_object(rs, &interview_options_model, o, err) : st;
}

static enum status read_filter(const struct request *rq, struct interview_filter *f, struct error *err)
{
    static const struct sort newest = {INTERVIEW_BY_CREATED, true};
    int shelf = INTERVIEW_IN_USE;
    enum status st = route_text(rq, "search", SEARCH_MAX, &f->search, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "status", interview_status_choices, &f->status, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "type", interview_type_choices, &f->interview_type, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "difficulty", difficulty_choices, &f->difficulty, err);
    if (st == STATUS_OK)
        st = route_choice(rq, "archived", interview_shelf_choices, &shelf, err);
    if (st == STATUS_OK)
        st = route_id(rq, "owner", &f->owner_id, err);
    f->shelf = shelf < 0 ? INTERVIEW_IN_USE : (enum interview_shelf)shelf;
    return st == STATUS_OK ? route_sort(rq, interview_sort_choices, newest, &f->sort, err) : st;
}

static enum status list(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_filter f = INTERVIEW_FILTER_ANY;
    struct paging p;
    struct page page = {0};
    enum status st = route_paging(rq, &p, err);
    if (st == STATUS_OK)
        st = read_filter(rq, &f, err);
    if (st == STATUS_OK)
        st = interview_service_list(route_services(rq), route_actor(rq), &f, p, rq->arena, &page, err);
    return st == STATUS_OK ? response_page(rs, &interview_model, &page.items, page.total, p.page, p.page_size, err)
                           : st;
}

static enum status create(struct request *rq, struct response *rs, struct error *err)
{
    struct interview *i = NULL;
    enum status st = interview_service_create(route_services(rq), route_actor(rq), rq->body, rq->arena, &i, err);
    return reply_interview(rs, st, i, err);
}

static enum status get(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct interview *i = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_service_get(route_services(rq), route_actor(rq), id, rq->arena, &i, err);
    return reply_interview(rs, st, i, err);
}

static enum status update(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct interview *i = NULL;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = interview_service_update(route_services(rq), route_actor(rq), ref, rq->body, rq->arena, &i, err);
    return reply_interview(rs, st, i, err);
}

static enum status erase(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    enum removal outcome = REMOVAL_DELETED;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = interview_service_remove(route_services(rq), route_actor(rq), ref, &outcome, err);
    const struct interview_removal done = {.outcome = (int)outcome};
    return st == STATUS_OK ? response_object(rs, &interview_removal_model, &done, err) : st;
}

static enum status restore(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct interview *i = NULL;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = interview_service_restore(route_services(rq), route_actor(rq), ref, rq->arena, &i, err);
    return reply_interview(rs, st, i, err);
}

static enum status set_status(struct request *rq, struct response *rs, enum interview_status to, struct error *err)
{
    struct interview_ref ref;
    struct interview *i = NULL;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = interview_service_set_status(route_services(rq), route_actor(rq), ref, to, rq->arena, &i, err);
    return reply_interview(rs, st, i, err);
}

static enum status publish(struct request *rq, struct response *rs, struct error *err)
{
    return set_status(rq, rs, INTERVIEW_OPEN, err);
}

static enum status close_interview(struct request *rq, struct response *rs, struct error *err)
{
    return set_status(rq, rs, INTERVIEW_CLOSED, err);
}

static enum status rotate_link(struct request *rq, struct response *rs, struct error *err)
{
    struct interview_ref ref;
    struct interview *i = NULL;
    enum status st = route_interview(rq, &ref, err);
    if (st == STATUS_OK)
        st = interview_service_rotate_link(route_services(rq), route_actor(rq), ref, rq->arena, &i, err);
    return reply_interview(rs, st, i, err);
}

static enum status duplicate(struct request *rq, struct response *rs, struct error *err)
{
    struct id id;
    struct interview *i = NULL;
    enum status st = request_param_id(rq, "id", &id, err);
    if (st == STATUS_OK)
        st = interview_service_duplicate(route_services(rq), route_actor(rq), id, rq->arena, &i, err);
    return reply_interview(rs, st, i, err);
}

static const struct query_param list_query[] = {
    QUERY_PAGING,
    {"search", "string", "In title, role and organisation.", .max = SEARCH_MAX},
    {"status", "string", "Only those.", .choices = interview_status_choices},
    {"type", "string", "Only those.", .choices = interview_type_choices},
    {"difficulty", "string", "Only those.", .choices = difficulty_choices},
    {"archived", "string", "false unless given.", .choices = interview_shelf_choices},
    {"owner", "uuid", "The user whose they are."},
    {"sort", "string", "created_at, updated_at, title or status; a minus in front turns it round. -created_at.",
     .pattern = "^-?(created_at|updated_at|title|status)$", .example = "-updated_at"},
    QUERY_END};

#define BASE "/api/v1/interviews"
#define ONE  BASE "/{id}"

const struct route interview_routes[] = {
    {HTTP_GET, BASE "/options", ACCESS_USER, .reply = &interview_options_model, .handler = options, .tag = "interviews",
     .doc = "Everything that can be chosen, with labels."},
    {HTTP_GET, BASE, ACCESS_USER, .reply = &interview_model, .reply_page = true, .query = list_query, .handler = list,
     .tag = "interviews",
     .doc = "The interviews that the caller may read: their own and those shared with them (an administrator's: all), "
            "newest first."},
    {HTTP_POST, BASE, ACCESS_STAFF, BODY_JSON, &interview_create_model, .reply = &interview_detail_model, .status = 201,
     .versioned = true, .handler = create, .tag = "interviews", .doc = "Makes a draft without questions."},
    {HTTP_GET, ONE, ACCESS_USER, .reply = &interview_detail_model, .versioned = true, .handler = get,
     .tag = "interviews", .doc = "One interview with its questions."},
    {HTTP_PATCH, ONE, ACCESS_STAFF, BODY_JSON, &interview_update_model, PARSE_PATCH, .reply = &interview_detail_model,
     .versioned = true, .handler = update, .tag = "interviews", .doc = "Changes what is given."},
    {HTTP_DELETE, ONE, ACCESS_STAFF, .reply = &interview_removal_model, .versioned = true, .handler = erase,
     .tag = "interviews",
     .doc = "Deletes an interview that nobody registered for, and archives one that has candidates."},
    {HTTP_POST, ONE "/restore", ACCESS_STAFF, .reply = &interview_detail_model, .versioned = true, .handler = restore,
     .tag = "interviews", .doc = "Takes an interview out of the archive."},
    {HTTP_POST, ONE "/publish", ACCESS_STAFF, .reply = &interview_detail_model, .versioned = true, .handler = publish,
     .tag = "interviews", .doc = "Opens the link to candidates."},
    {HTTP_POST, ONE "/close", ACCESS_STAFF, .reply = &interview_detail_model, .versioned = true,
     .handler = close_interview, .tag = "interviews", .doc = "Closes the link. Candidates in the middle may finish."},
    {HTTP_POST, ONE "/reopen", ACCESS_STAFF, .reply = &interview_detail_model, .versioned = true, .handler = publish,
     .tag = "interviews", .doc = "Opens a closed link again."},
    {HTTP_POST, ONE "/link/rotate", ACCESS_STAFF, .reply = &interview_detail_model, .versioned = true,
     .handler = rotate_link, .tag = "interviews",
     .doc = "Makes a new link. The old one leads nowhere at once; candidates who have registered go on."},
    {HTTP_POST, ONE "/duplicate", ACCESS_STAFF, .reply = &interview_detail_model, .status = 201, .handler = duplicate,
     .tag = "interviews", .doc = "Makes a draft with the same settings and questions, under a link of its own."},
    ROUTES_END,
};
