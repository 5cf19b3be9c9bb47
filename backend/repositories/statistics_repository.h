#ifndef VIVA_REPOSITORIES_STATISTICS_REPOSITORY_H
#define VIVA_REPOSITORIES_STATISTICS_REPOSITORY_H
/* Figures of the whole installation. Previews are counted nowhere. */

#include "models/statistics.h"
#include "repositories/repository.h"

#define STATISTICS_DAY_MS INT64_C(86400000)

enum status statistics_users(struct db *db, struct user_counts *ret, struct error *err) must_check;
enum status statistics_interviews(struct db *db, struct interview_counts *ret, struct error *err) must_check;
enum status statistics_sessions(struct db *db, struct session_counts *ret, struct error *err) must_check;
enum status statistics_reports(struct db *db, struct report_counts *ret, struct error *err) must_check;
/* Adds to days[0..n-1], of which the first begins at `first` (a UTC midnight). What happened later is left out. */
enum status statistics_days(struct db *db, int64_t first, struct day_counts *days, size_t n,
                            struct error *err) must_check;
/* The rows' part: recordings, resumes, the database's own size. */
enum status statistics_storage(struct db *db, struct storage_figures *ret, struct error *err) must_check;
enum status statistics_queue(struct db *db, int64_t now, struct arena *a, struct queue_figures *ret,
                             struct error *err) must_check;

#endif
