#ifndef VIVA_ROUTES_FILTERS_H
#define VIVA_ROUTES_FILTERS_H
/* Filters of lists that stand under more than one path, out of the query; *f is FILTER_ANY before. */

#include "routes/common.h"
#include "services/candidate.h"
#include "services/report.h"
#include "services/session.h"

enum status route_session_filter(const struct request *rq, struct session_filter *f, struct error *err) must_check;
enum status route_candidate_filter(const struct request *rq, struct candidate_filter *f, struct error *err) must_check;
/* Without sort. */
enum status route_report_filter(const struct request *rq, struct report_filter *f, struct error *err) must_check;

#define QUERY_SESSION_FILTER                                                                                           \
    {"status", "string", "Only those.", .choices = session_status_choices},                                            \
        {"report_status", "string", "Only those with such a report.", .choices = session_report_choices},              \
        {"candidate_id", "uuid", "Only this candidate's."},                                                            \
        {"from", "date-time", "Registered at this time or later."},                                                    \
        {"to", "date-time", "Registered before this time."},                                                           \
        {"score_min", "number", "Only with a report that scores at least this, 1 to 5.", "2.5", .min = 1, .max = 5},   \
        {"score_max", "number", "Only with a report that scores at most this, 1 to 5.", "4.5", .min = 1, .max = 5},    \
    {                                                                                                                  \
        "sort", "string", "With - in front: descending.", "-created_at",                                               \
            .pattern = "^-?(created_at|started_at|completed_at|score|full_name)$"                                      \
    }
#define QUERY_CANDIDATE_FILTER                                                                                         \
    {"session_status", "string", "Only those.", .choices = session_status_choices},                                    \
        {"has_resume", "string", "Only with, or only without.", .choices = route_flag_choices},                        \
        {"search", "string", "In name and address.", "sam", .max = 200},                                               \
    {                                                                                                                  \
        "sort", "string", "With - in front: descending.", "-created_at", .pattern = "^-?(created_at|full_name|email)$" \
    }

#define QUERY_REPORTS                                                                                                  \
    {"interview_id", "uuid", "Only this interview's."}, {"candidate_id", "uuid", "Only this candidate's."},            \
        {"session_id", "uuid", "Only this session's."},                                                                \
        {"status", "string", "Only those.", .choices = report_status_choices},                                         \
        {"score_min", "number", "Only those that score at least this, 1 to 5.", "2.5", .min = 1, .max = 5},            \
        {"score_max", "number", "Only those that score at most this, 1 to 5.", "4.5", .min = 1, .max = 5},             \
        {"from", "date-time", "Whose interview was finished then or later."},                                          \
    {                                                                                                                  \
        "to", "date-time", "Whose interview was finished before then."                                                 \
    }

#endif
