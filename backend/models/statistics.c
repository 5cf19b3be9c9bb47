#include "models/statistics.h"

#include "models/job.h"
#include "models/tables.h"

static const struct field user_counts_fields[] = {
    FIELD(struct user_counts, admin, FIELD_INT, .flags = OUT),
    FIELD(struct user_counts, recruiter, FIELD_INT, .flags = OUT),
    FIELD(struct user_counts, reviewer, FIELD_INT, .flags = OUT),
    FIELD(struct user_counts, disabled, FIELD_INT, .flags = OUT, .doc = "Of all of them."),
};
const struct model user_counts_model = MODEL("UserCounts", struct user_counts, user_counts_fields, "Users by role.");

static const struct field interview_counts_fields[] = {
    FIELD(struct interview_counts, draft, FIELD_INT, .flags = OUT),
    FIELD(struct interview_counts, open, FIELD_INT, .flags = OUT),
    FIELD(struct interview_counts, closed, FIELD_INT, .flags = OUT),
    FIELD(struct interview_counts, archived, FIELD_INT, .flags = OUT, .doc = "Of all of them."),
};
const struct model interview_counts_model =
    MODEL("InterviewCounts", struct interview_counts, interview_counts_fields, "Interviews by status.");

static const struct field session_counts_fields[] = {
    FIELD(struct session_counts, registered, FIELD_INT, .flags = OUT),
    FIELD(struct session_counts, in_progress, FIELD_INT, .flags = OUT),
    FIELD(struct session_counts, completed, FIELD_INT, .flags = OUT),
    FIELD(struct session_counts, withdrawn, FIELD_INT, .flags = OUT),
};
const struct model session_counts_model =
    MODEL("SessionCounts", struct session_counts, session_counts_fields, "Sessions by status.");

static const struct field report_counts_fields[] = {
    FIELD(struct report_counts, pending, FIELD_INT, .flags = OUT),
    FIELD(struct report_counts, ready, FIELD_INT, .flags = OUT),
    FIELD(struct report_counts, failed, FIELD_INT, .flags = OUT),
};
const struct model report_counts_model =
    MODEL("ReportCounts", struct report_counts, report_counts_fields, "Reports by status.");

static const struct field day_fields[] = {
    FIELD(struct day_counts, day, FIELD_STRING, .flags = OUT, .doc = "UTC.", .example = "2026-11-24"),
    FIELD(struct day_counts, registered, FIELD_INT, .flags = OUT),
    FIELD(struct day_counts, started, FIELD_INT, .flags = OUT),
    FIELD(struct day_counts, completed, FIELD_INT, .flags = OUT),
    FIELD(struct day_counts, withdrawn, FIELD_INT, .flags = OUT),
    FIELD(struct day_counts, reports_ready, FIELD_INT, .flags = OUT, .doc = "Made, or made anew."),
};
const struct model day_counts_model =
    MODEL("DayCounts", struct day_counts, day_fields, "What happened on a day, of what is still there.");

static const struct field storage_fields[] = {
    FIELD(struct storage_figures, recordings, FIELD_INT, .flags = OUT),
    FIELD(struct storage_figures, recording_bytes, FIELD_INT, .flags = OUT, .doc = "As uploaded."),
    FIELD(struct storage_figures, resumes, FIELD_INT, .flags = OUT),
    FIELD(struct storage_figures, resume_bytes, FIELD_INT, .flags = OUT),
    FIELD(struct storage_figures, disk_files, FIELD_INT, .flags = OUT),
    FIELD(struct storage_figures, disk_bytes, FIELD_INT, .flags = OUT, .doc = "What recordings and resumes take."),
    FIELD(struct storage_figures, disk_complete, FIELD_BOOL, .flags = OUT,
          .doc = "False: there are more files than were counted."),
    FIELD(struct storage_figures, free_bytes, FIELD_INT, .flags = OUT, .doc = "Of the file system they lie on."),
    FIELD(struct storage_figures, database_bytes, FIELD_INT, .flags = OUT),
};
const struct model storage_figures_model =
    MODEL("StorageFigures", struct storage_figures, storage_fields, "What is stored, and how much room there is.");

static const struct field job_count_fields[] = {
    FIELD(struct job_count, kind, FIELD_STRING, .flags = OUT, .example = "remux"),
    FIELD(struct job_count, state, FIELD_ENUM, .flags = OUT, .choices = job_state_choices),
    FIELD(struct job_count, count, FIELD_INT, .flags = OUT),
};
const struct model job_count_model = MODEL("JobCount", struct job_count, job_count_fields, "Jobs of a kind.");

static const struct field queue_fields[] = {
    FIELD(struct queue_figures, jobs, FIELD_LIST, .flags = OUT, .model = &job_count_model),
    FIELD(struct queue_figures, oldest_waiting_s, FIELD_INT, .flags = OUT,
          .doc = "Seconds that the oldest job which is due has waited; 0: none waits."),
    FIELD(struct queue_figures, failed, FIELD_INT, .flags = OUT),
    FIELD(struct queue_figures, last_failed_kind, FIELD_STRING, .flags = OUT_NULL, .example = "remux"),
    FIELD(struct queue_figures, last_error, FIELD_TEXT, .flags = OUT_NULL, .example = "The disk is full"),
    FIELD(struct queue_figures, last_failed_at, FIELD_TIME, .flags = OUT_NULL),
};
const struct model queue_figures_model =
    MODEL("QueueFigures", struct queue_figures, queue_fields, "Background work that waits, runs or failed.");

static const struct field live_fields[] = {
    FIELD(struct live_load, under_way, FIELD_INT, .flags = OUT),
    FIELD(struct live_load, waiting, FIELD_INT, .flags = OUT, .doc = "Candidates in the queue to begin."),
    FIELD(struct live_load, held, FIELD_INT, .flags = OUT,
          .doc = "Sessions in memory: these, and those whose candidate has not begun or may come back."),
    FIELD(struct live_load, speech_utilisation, FIELD_NUMBER, .flags = OUT,
          .doc = "How busy the speech workers were with what turns need, 0 to 1, over the last 20 s.",
          .example = "0.35"),
    FIELD(struct live_load, captions_delayed, FIELD_BOOL, .flags = OUT),
};
const struct model live_load_model =
    MODEL("LiveLoad", struct live_load, live_fields, "The live interviews of this process.");

#define MS(member)                                                                                                     \
    FIELD(struct latency_numbers, member, FIELD_NUMBER, .flags = OUT_NULL, .doc = "Null when there was none.",         \
          .example = "1.5")
static const struct field numbers_fields[] = {
    FIELD(struct latency_numbers, count, FIELD_INT, .flags = OUT),
    MS(mean_ms),
    MS(p50_ms),
    MS(p95_ms),
    MS(p99_ms),
    MS(max_ms),
};
const struct model latency_numbers_model = MODEL("LatencyNumbers", struct latency_numbers, numbers_fields,
                                                 "How long something takes; percentiles to within a sixteenth.");

static const struct field latency_fields[] = {
    FIELD(struct latency_view, name, FIELD_STRING, .flags = OUT, .doc = "A class of routes, or an engine.",
          .example = "interviews"),
    FIELD(struct latency_view, last_ms, FIELD_NUMBER, .flags = OUT_NULL, .example = "1.5"),
    FIELD(struct latency_view, recent, FIELD_OBJECT, .flags = OUT, .model = &latency_numbers_model,
          .doc = "The last five minutes."),
    FIELD(struct latency_view, total, FIELD_OBJECT, .flags = OUT, .model = &latency_numbers_model,
          .doc = "Since the process started."),
};
const struct model latency_view_model =
    MODEL("Latency", struct latency_view, latency_fields, "How long one kind of thing takes.");

static const struct field part_fields[] = {
    FIELD(struct part_health, ready, FIELD_BOOL, .flags = OUT),
    FIELD(struct part_health, name, FIELD_STRING, .flags = OUT, .example = "sqlite"),
    FIELD(struct part_health, message, FIELD_STRING, .flags = OUT, .doc = "What is wrong, or to be known.",
          .example = ""),
};
const struct model part_health_model =
    MODEL("PartHealth", struct part_health, part_fields, "Whether something the server rests on works.");

static const struct field statistics_fields[] = {
    FIELD(struct statistics, at, FIELD_TIME, .flags = OUT),
    FIELD(struct statistics, started_at, FIELD_TIME, .flags = OUT, .doc = "When this process started."),
    FIELD(struct statistics, users, FIELD_OBJECT, .flags = OUT, .model = &user_counts_model),
    FIELD(struct statistics, interviews, FIELD_OBJECT, .flags = OUT, .model = &interview_counts_model),
    FIELD(struct statistics, candidates, FIELD_INT, .flags = OUT),
    FIELD(struct statistics, sessions, FIELD_OBJECT, .flags = OUT, .model = &session_counts_model),
    FIELD(struct statistics, reports, FIELD_OBJECT, .flags = OUT, .model = &report_counts_model),
    FIELD(struct statistics, days, FIELD_LIST, .flags = OUT, .model = &day_counts_model,
          .doc = "Oldest first, today last; days without anything too."),
    FIELD(struct statistics, storage, FIELD_OBJECT, .flags = OUT, .model = &storage_figures_model),
    FIELD(struct statistics, queue, FIELD_OBJECT, .flags = OUT, .model = &queue_figures_model),
    FIELD(struct statistics, live, FIELD_OBJECT, .flags = OUT, .model = &live_load_model),
    FIELD(struct statistics, engines, FIELD_OBJECT, .flags = OUT, .model = &engines_health_model),
    FIELD(struct statistics, database, FIELD_OBJECT, .flags = OUT, .model = &part_health_model),
    FIELD(struct statistics, cache, FIELD_OBJECT, .flags = OUT, .model = &part_health_model),
    FIELD(struct statistics, requests, FIELD_LIST, .flags = OUT, .model = &latency_view_model,
          .doc = "Of this process, by class of route."),
    FIELD(struct statistics, engine_latency, FIELD_LIST, .flags = OUT, .model = &latency_view_model,
          .doc = "Of this process's engines that are there."),
};
const struct model statistics_model =
    MODEL("Statistics", struct statistics, statistics_fields, "How the installation does.");

static const struct field system_fields[] = {
    FIELD(struct system_info, version, FIELD_STRING, .flags = OUT, .example = "1.0.0"),
    FIELD(struct system_info, started_at, FIELD_TIME, .flags = OUT),
    FIELD(struct system_info, database, FIELD_STRING, .flags = OUT, .doc = "sqlite or mysql.", .example = "sqlite"),
    FIELD(struct system_info, cache, FIELD_STRING, .flags = OUT, .doc = "memory or redis.", .example = "memory"),
    FIELD(struct system_info, public_url, FIELD_STRING, .flags = OUT, .max = 2048,
          .example = "https://viva.example.org"),
    FIELD(struct system_info, tls, FIELD_BOOL, .flags = OUT),
    FIELD(struct system_info, trust_proxy, FIELD_BOOL, .flags = OUT),
    FIELD(struct system_info, stt_provider, FIELD_STRING, .flags = OUT, .example = "whisper"),
    FIELD(struct system_info, stt_model, FIELD_STRING, .flags = OUT, .example = "base"),
    FIELD(struct system_info, tts_provider, FIELD_STRING, .flags = OUT, .example = "piper"),
    FIELD(struct system_info, vad_provider, FIELD_STRING, .flags = OUT, .example = "silero"),
    FIELD(struct system_info, workers, FIELD_INT, .flags = OUT),
    FIELD(struct system_info, connections_max, FIELD_INT, .flags = OUT),
    FIELD(struct system_info, live_sessions_max, FIELD_INT, .flags = OUT),
    FIELD(struct system_info, speech_workers, FIELD_INT, .flags = OUT),
    FIELD(struct system_info, speech_threads, FIELD_INT, .flags = OUT),
    FIELD(struct system_info, chunk_max_bytes, FIELD_INT, .flags = OUT),
    FIELD(struct system_info, answer_max_bytes, FIELD_INT, .flags = OUT),
    FIELD(struct system_info, access_token_minutes, FIELD_INT, .flags = OUT),
    FIELD(struct system_info, refresh_token_days, FIELD_INT, .flags = OUT),
    FIELD(struct system_info, rate_limit_scale, FIELD_NUMBER, .flags = OUT, .example = "1"),
    FIELD(struct system_info, log_level, FIELD_STRING, .flags = OUT, .example = "info"),
};
const struct model system_info_model = MODEL("SystemInfo", struct system_info, system_fields,
                                             "What the process was told at its start. Secrets are not among it.");
