#ifndef VIVA_MODELS_RESUME_H
#define VIVA_MODELS_RESUME_H
/* A candidate's resume: the file, the text taken out of it, and what of that text a reader would not see. */

#include "models/field.h"

/* How text is hidden in a file, and what it says when it speaks to software. A bit set over resume_hidden_choices. */
enum resume_hidden {
    RESUME_HIDDEN_UNSEEN,      /* nothing is drawn where the text stands: background's colour, invisible, covered */
    RESUME_HIDDEN_TINY,        /* too small to be read */
    RESUME_HIDDEN_OFF_PAGE,    /* beside the visible page */
    RESUME_HIDDEN_OVERLAID,    /* under or over other words */
    RESUME_HIDDEN_VANISH,      /* marked as hidden (DOCX) */
    RESUME_HIDDEN_CHARACTERS,  /* characters that no font draws */
    RESUME_HIDDEN_INSTRUCTIONS /* the text addresses whoever grades it, seen or not */
};
extern const struct choice resume_hidden_choices[];

/* A row of resumes. */
struct resume {
    struct presence presence;
    struct id candidate_id;
    const char *file_name; /* as the candidate named it, cleaned; shown and offered at download only */
    const char *media_type;
    const char *media_key; /* hidden */
    int64_t bytes;
    const char *sha256; /* hex */
    const char *text;
    uint64_t hidden_kinds;   /* bits over resume_hidden_choices */
    const char *hidden_text; /* what of the text is hidden, "" for none */
    int64_t uploaded_at;
    const char *download_url; /* no column: the service sets it */
};
extern const struct model resume_model;
/* The same without text, hidden parts and link: what the candidate gets back. */
extern const struct model resume_receipt_model;

#endif
