#include "services/background.h"

#include "services/recording.h"
#include "services/report.h"

const struct job_kind background_jobs[] = {
    {"remux", recording_remux, recording_remux_give_up},
    {"report", report_make, report_give_up},
    {NULL},
};
