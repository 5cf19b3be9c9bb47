#ifndef VIVA_MODELS_STATISTICS_H
#define VIVA_MODELS_STATISTICS_H
/* How the installation does, for administrators. Previews are counted nowhere. */

#include "models/dashboard.h"
#include "models/field.h"

struct user_counts {
    struct presence presence;
    int64_t admin, recruiter, reviewer, disabled; /* those disabled are counted by role too */
};
struct interview_counts {
    struct presence presence;
    int64_t draft, open, closed, archived; /* archived ones are counted by status too */
};
struct session_counts {
    struct presence presence;
    int64_t registered, in_progress, completed, withdrawn;
};
struct report_counts {
    struct presence presence;
    int64_t pending, ready, failed;
};
extern const struct model user_counts_model, interview_counts_model, session_counts_model, report_counts_model;

/* One day, UTC. */
struct day_counts {
    struct presence presence;
    const char *day; /* "2026-11-24" */
    int64_t registered, started, completed, withdrawn, reports_ready;
};
extern const struct model day_counts_model;

struct storage_figures {
    struct presence presence;
    int64_t recordings, recording_bytes; /* as rows have it */
    int64_t resumes, resume_bytes;
    int64_t disk_files, disk_bytes; /* as they lie below DATA_DIR/media */
    bool disk_complete;             /* false: there are more files than are counted */
    int64_t free_bytes, database_bytes;
};
extern const struct model storage_figures_model;

struct job_count {
    struct presence presence;
    const char *kind;
    int state; /* enum job_state */
    int64_t count;
};
extern const struct model job_count_model;

struct queue_figures {
    struct presence presence;
    struct list jobs;         /* struct job_count */
    int64_t oldest_waiting_s; /* of a job that is due; 0: none waits */
    int64_t failed;
    const char *last_failed_kind, *last_error; /* NULL: none failed */
    int64_t last_failed_at;
};
extern const struct model queue_figures_model;

/* Interviews of this process. */
struct live_load {
    struct presence presence;
    int64_t under_way, waiting, held;
    double speech_utilisation; /* 0 to 1 */
    bool captions_delayed;
};
extern const struct model live_load_model;

struct latency_numbers {
    struct presence presence;
    int64_t count;
    double mean_ms, p50_ms, p95_ms, p99_ms, max_ms; /* NAN when count is 0 */
};
struct latency_view {
    struct presence presence;
    const char *name;
    double last_ms; /* NAN: never */
    struct latency_numbers *recent, *total;
};
extern const struct model latency_numbers_model, latency_view_model;

struct part_health {
    struct presence presence;
    bool ready;
    const char *name, *message;
};
extern const struct model part_health_model;

struct statistics {
    struct presence presence;
    int64_t at, started_at;
    struct user_counts *users;
    struct interview_counts *interviews;
    int64_t candidates;
    struct session_counts *sessions;
    struct report_counts *reports;
    struct list days; /* struct day_counts, oldest first */
    struct storage_figures *storage;
    struct queue_figures *queue;
    struct live_load *live; /* set by the route: only it sees the live interviews */
    struct engines_health *engines;
    struct part_health *database, *cache;
    struct list requests, engine_latency; /* struct latency_view */
};
extern const struct model statistics_model;

/* What the process was told at its start; no secrets. Made once, read by all. */
struct system_info {
    struct presence presence;
    const char *version;
    int64_t started_at;
    const char *database, *cache, *public_url;
    bool tls, trust_proxy;
    const char *stt_provider, *stt_model, *tts_provider, *vad_provider;
    int64_t workers, connections_max, live_sessions_max, speech_workers, speech_threads;
    int64_t chunk_max_bytes, answer_max_bytes;
    int64_t access_token_minutes, refresh_token_days;
    double rate_limit_scale;
    const char *log_level;
};
extern const struct model system_info_model;

#endif
