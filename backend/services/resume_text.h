#ifndef VIVA_SERVICES_RESUME_TEXT_H
#define VIVA_SERVICES_RESUME_TEXT_H
/* The text of a resume, and what of it a reader would not see. The kind of file is found by looking into it, never by
 * its name. PDF is read and drawn by poppler's programs, a DOCX is opened by unzip, each in a limited process that gets
 * one file and writes to a pipe: nothing is unpacked to disk, so no name in an archive means anything.
 *
 * A word of a PDF is unseen when nothing stands out from the ground where it should be drawn: white on white, invisible
 * rendering, text under a picture come to the same. The text layer over a scanned page is seen, for the picture shows
 * it. What this does not find: words over a picture that shows something else, and a style of a DOCX that inherits its
 * hiding. */

#include "base/arena.h"
#include "models/resume.h"

struct resume_text {
    const char *media_type; /* application/pdf, the long one of DOCX, text/plain; a literal */
    const char *extension;  /* ".pdf" */
    const char *text;       /* UTF-8 without control characters, at most RESUME_TEXT_MAX bytes */
    uint64_t hidden_kinds;  /* bits over resume_hidden_choices */
    const char *hidden_text;
};
#define RESUME_TEXT_MAX   100000
#define RESUME_PAGES_MAX  30
#define RESUME_HIDDEN_MAX 2000 /* bytes kept of what is hidden */

/* path: the file. STATUS_INVALID, field "file": "resume_unsupported" (neither PDF, DOCX nor plain text),
 * "resume_empty", "resume_encrypted", "resume_unreadable", "resume_too_long". STATUS_UNAVAILABLE "program_missing" when
 * poppler or unzip is not installed. */
enum status resume_text_extract(const char *path, struct arena *a, struct resume_text *ret,
                                struct error *err) must_check;

#endif
